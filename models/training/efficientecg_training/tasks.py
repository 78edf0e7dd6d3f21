"""What the models answer: classes, their order in the graph's outputs, labels and codes.

SNOMED CT codes are given only where a class is one concept; the superclasses and the beat groups are not.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ClassInfo:
    """One class of a task."""

    code: str
    label: str
    snomed: str | None = None
    scp: str | None = None


@dataclass(frozen=True)
class Task:
    """A group of classes answered together. `first` is the number of its first output."""

    name: str
    activation: str
    first: int
    classes: tuple[ClassInfo, ...]
    min_leads: int
    requires_leads: tuple[tuple[str, ...], ...] | None = None
    prefer_leads: tuple[str, ...] | None = None

    @property
    def size(self) -> int:
        return len(self.classes)

    @property
    def codes(self) -> list[str]:
        return [info.code for info in self.classes]

    @property
    def outputs(self) -> slice:
        return slice(self.first, self.first + len(self.classes))


RHYTHM = Task(
    "rhythm",
    "softmax",
    0,
    (
        ClassInfo("N", "Normal sinus rhythm", "426783006", "SR"),
        ClassInfo("A", "Atrial fibrillation", "164889003", "AFIB"),
        ClassInfo("O", "Other rhythm"),
        ClassInfo("~", "Too noisy to tell the rhythm"),
    ),
    min_leads=1,
)

SUPERCLASS = Task(
    "superclass",
    "sigmoid",
    4,
    (
        ClassInfo("NORM", "Normal ECG", scp="NORM"),
        ClassInfo("MI", "Myocardial infarction", "164865005", "MI"),
        ClassInfo("STTC", "ST or T wave change", scp="STTC"),
        ClassInfo("CD", "Conduction disturbance", scp="CD"),
        ClassInfo("HYP", "Hypertrophy", scp="HYP"),
    ),
    min_leads=8,
    requires_leads=(("I", "II", "V1", "V2", "V3", "V4", "V5", "V6"),),
)

_STATEMENTS: tuple[tuple[str, str, str | None], ...] = (
    # Conduction
    ("CLBBB", "Complete left bundle branch block", "733534002"),
    ("CRBBB", "Complete right bundle branch block", "713427006"),
    ("IRBBB", "Incomplete right bundle branch block", "713426002"),
    ("LAFB", "Left anterior fascicular block", "445118002"),
    ("IVCD", "Non-specific intraventricular conduction disturbance", "698252002"),
    ("1AVB", "First degree AV block", "270492004"),
    ("LPR", "Prolonged PR interval", "164947007"),
    # Infarction
    ("IMI", "Inferior myocardial infarction", None),
    ("ASMI", "Anteroseptal myocardial infarction", None),
    ("AMI", "Anterior myocardial infarction", "54329005"),
    ("ALMI", "Anterolateral myocardial infarction", None),
    ("ILMI", "Inferolateral myocardial infarction", None),
    ("QWAVE", "Q waves", "164917005"),
    # Hypertrophy and voltage
    ("LVH", "Left ventricular hypertrophy", "164873001"),
    ("VCLVH", "Voltage criteria for left ventricular hypertrophy", None),
    ("LAO/LAE", "Left atrial overload or enlargement", None),
    ("LVOLT", "Low QRS voltages", "251146004"),
    # ST and T
    ("NDT", "Non-diagnostic T abnormalities", None),
    ("NST_", "Non-specific ST changes", None),
    ("STD_", "ST depression", "429622005"),
    ("NT_", "Non-specific T wave changes", None),
    ("INVT", "Inverted T waves", "59931005"),
    ("LOWT", "Low amplitude T waves", None),
    ("ISC_", "Ischaemic ST-T changes", "164861001"),
    ("ISCAL", "Ischaemia in anterolateral leads", None),
    ("ISCIL", "Ischaemia in inferolateral leads", None),
    ("DIG", "Digitalis effect", None),
    ("ABQRS", "Abnormal QRS", None),
    # Rhythm; fibrillation is the rhythm task's
    ("PVC", "Ventricular premature complex", "427172004"),
    ("PAC", "Atrial premature complex", "284470004"),
    ("STACH", "Sinus tachycardia", "427084000"),
    ("SBRAD", "Sinus bradycardia", "426177001"),
    ("SARRH", "Sinus arrhythmia", "427393009"),
    ("PACE", "Paced rhythm", "10370003"),
)

STATEMENT = Task(
    "statement",
    "sigmoid",
    9,
    tuple(ClassInfo(code, label, snomed, code) for code, label, snomed in _STATEMENTS),
    min_leads=SUPERCLASS.min_leads,
    requires_leads=SUPERCLASS.requires_leads,
)
"""PTB-XL's statements with at least 15 examples (pacing: with LUDB's)."""

BEAT = Task(
    "beat",
    "softmax",
    0,
    (
        ClassInfo("N", "Normal or bundle branch block beat"),
        ClassInfo("S", "Supraventricular ectopic beat"),
        ClassInfo("V", "Ventricular ectopic beat"),
        ClassInfo("F", "Fusion of ventricular and normal beat"),
        ClassInfo("Q", "Paced or unclassifiable beat"),
    ),
    min_leads=1,
    prefer_leads=("II", "V1", "V5", "I", "V2", "V4", "V3", "V6", "III", "aVF", "aVL", "aVR"),
)

TASKS: dict[str, tuple[Task, ...]] = {"record": (RHYTHM, SUPERCLASS, STATEMENT), "beat": (BEAT,)}


def class_count(kind: str) -> int:
    """Number of outputs of a model of this kind."""
    return sum(len(task.classes) for task in TASKS[kind])
