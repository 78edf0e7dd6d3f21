"""Words for the cards: data sets with licence and credit, what the models are not for, and their limits."""

from __future__ import annotations

_PHYSIONET = "by way of PhysioNet, Goldberger et al. 2000"

SETS: dict[str, dict[str, str]] = {
    "cinc2017": {
        "name": "PhysioNet/CinC Challenge 2017 (training set)",
        "licence": "ODC-By 1.0",
        "credit": f"Clifford et al. 2017, {_PHYSIONET}",
    },
    "ptbxl": {"name": "PTB-XL 1.0.3", "licence": "CC BY 4.0", "credit": f"Wagner et al. 2020, {_PHYSIONET}"},
    "ludb": {"name": "LUDB 1.0.1", "licence": "ODC-By 1.0", "credit": f"Kalyakulina et al. 2020, {_PHYSIONET}"},
    "mitdb": {"name": "MIT-BIH Arrhythmia Database", "licence": "ODC-By 1.0", "credit": f"Moody and Mark 2001, {_PHYSIONET}"},
}

OWN = {"name": "", "licence": "not stated", "credit": "the trainer's own recordings"}
"""A set that is none of the above."""

NOT_FOR = [
    "Diagnosis or treatment: research software, not a cleared medical device.",
    "Monitoring or alarms.",
    "Children: hardly any were in the training data.",
    "Deciding that a recording needs no reading by a person.",
]

LIMITS: dict[str, list[str]] = {
    "record": [
        "12-lead findings were learned from 1,732 recordings of PTB-XL (1984-88, two device families, not a random sample of patients) and 161 of LUDB.",
        "Superclasses are broad groups: 'conduction disturbance' does not say which one, 'hypertrophy' is mostly of the left ventricle.",
        "Statements are PTB-XL's, with as few as 15 examples each, given at any likelihood by its annotators; those that would be wrong more often "
        "than right are never called (threshold 1).",
        "It leans on measurements: where they cannot be made (long recordings' windows, no P waves or boundaries found) it is less sure, and less right.",
        "'Other rhythm' was learned from CinC 2017's class O, a mixture that its annotators did not break down; about 5 % of that set's "
        "labels changed between its own versions.",
        "The rhythm of 12-lead recordings was learned from few examples of atrial fibrillation (about 100); atrial flutter was left out.",
        "'Too noisy' was learned from single-lead hand-held recordings only.",
        "Evidence says where the model looked and what it added there. It is not proof of an abnormality at that place.",
        "The signal is band-limited to 0.5-45 Hz at 100 Hz: pacing spikes, late potentials and fine notches are not seen.",
    ],
    "beat": [
        "Trained on 26 recordings of the MIT-BIH Arrhythmia Database (26 people, mostly leads MLII and V1, 1975-79).",
        "Supraventricular beats come almost wholly from a few recordings (209, 220, 223, 207, 118, 201): expect misses in people whose early "
        "beats differ from those; nodal beats and aberrated beats in fibrillation are mostly missed.",
        "Supraventricular beats are told by timing and P waves alone; the signal's evidence tells only ventricular beats from all others.",
        "Electrode motion makes false ventricular beats: see the figures under noise in docs/model.md.",
        "Fusion beats come from 208 and few others, paced beats from four recordings: treat F and Q as hints.",
        "Escape beats (e, j) count as N, n as S. Bundle branch block beats are N.",
        "A beat that the detector missed gets no class.",
        "Evidence says where the model looked and what it added there. It is not proof of an abnormality at that place.",
    ],
}
