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

TASKS: dict[str, tuple[Task, ...]] = {"record": (RHYTHM, SUPERCLASS), "beat": (BEAT,)}


def class_count(kind: str) -> int:
    """Number of outputs of a model of this kind."""
    return sum(len(task.classes) for task in TASKS[kind])
