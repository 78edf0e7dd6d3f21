"""Reference labels of the sets in the models' classes. -1 (rhythm) and NaN (superclass) mean: not known, left out of the loss."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from efficientecg_training.tasks import BEAT, RHYTHM, STATEMENT, SUPERCLASS, Task

UNKNOWN = -1
_N, _A, _O = (RHYTHM.codes.index(code) for code in "NAO")


def _unknown(task: Task) -> NDArray[np.float32]:
    return np.full(task.size, np.nan, dtype=np.float32)


@dataclass(frozen=True)
class RecordLabels:
    """What is known about one record."""

    rhythm: int = UNKNOWN
    superclass: NDArray[np.float32] = field(default_factory=lambda: _unknown(SUPERCLASS))
    statement: NDArray[np.float32] = field(default_factory=lambda: _unknown(STATEMENT))
    fold: int | None = None
    """The set's own fold (PTB-XL), from 1."""
    person: dict[str, float] = field(default_factory=dict)
    """Age and sex as features, where the recording's header has none (PTB-XL)."""


def cinc2017(data: Path) -> dict[str, RecordLabels]:
    """`REFERENCE-v3.csv`: record, class."""
    with (data / "cinc2017" / "REFERENCE-v3.csv").open() as file:
        return {record: RecordLabels(rhythm=RHYTHM.codes.index(code)) for record, code in csv.reader(file)}


PTBXL_OTHER = {"PVC", "PAC", "BIGU", "TRIGU", "SVTAC", "PSVT", "SVARR", "2AVB", "3AVB", "PACE"}
"""Statements that make a rhythm 'other' even where sinus rhythm is stated too."""
PTBXL_UNSURE = {"AFLT", "STACH", "SBRAD", "SARRH", "PRC(S)"}
"""Statements whose class in CinC 2017's terms is not clear."""


def ptbxl(data: Path) -> dict[str, RecordLabels]:
    """`statements.csv`: superclasses as given; rhythm from the statements (see `ptbxl_rhythm`). Keyed by file stem."""
    out = {}
    with (data / "ptbxl" / "statements.csv").open() as file:
        for row in csv.DictReader(file):
            stated = set(row["superclasses"].split())
            superclass = np.asarray([float(code in stated) for code in SUPERCLASS.codes], dtype=np.float32)
            if not stated:
                superclass[:] = np.nan
            statements = set(row["statements"].split())
            statement = np.asarray([float(code in statements) for code in STATEMENT.codes], dtype=np.float32)
            out[Path(row["record"]).name] = RecordLabels(
                ptbxl_rhythm(statements), superclass, statement, int(row["strat_fold"]), ptbxl_person(row)
            )
    return out


def ptbxl_person(row: dict[str, str]) -> dict[str, float]:
    """Age (`90+` reads as 90) and sex, as the application takes them from a header or from its user."""
    out = {}
    if row["age"]:
        out["age_years"] = float(row["age"].rstrip("+"))
    if row["sex"]:
        out["sex_male"] = float(row["sex"] == "M")
    return out


def ptbxl_rhythm(statements: set[str]) -> int:
    """Fibrillation, else other, else plain sinus rhythm, else unknown."""
    if statements & PTBXL_UNSURE:
        return UNKNOWN
    if "AFIB" in statements:
        return UNKNOWN if "PACE" in statements else _A
    if statements & PTBXL_OTHER:
        return _O
    return _N if "SR" in statements else UNKNOWN


LUDB_SUPERCLASS: list[tuple[str, str, dict[str, float]]] = [
    # column, beginning of the statement, what it says of the superclasses (NaN: cannot be told in PTB-XL's terms)
    ("Conduction abnormalities", "Incomplete right bundle branch block", {"CD": 1}),
    ("Conduction abnormalities", "Incomplete left bundle branch block", {"CD": 1}),
    ("Conduction abnormalities", "Complete right bundle branch block", {"CD": 1}),
    ("Conduction abnormalities", "Complete left bundle branch block", {"CD": 1}),
    ("Conduction abnormalities", "Left anterior hemiblock", {"CD": 1}),
    ("Conduction abnormalities", "Non-specific intravintricular conduction delay", {"CD": 1}),
    ("Conduction abnormalities", "I degree av block", {"CD": 1}),
    ("Conduction abnormalities", "Iii degree av-block", {"CD": 1}),
    ("Hypertrophies", "Left ventricular hypertrophy", {"HYP": 1}),
    ("Hypertrophies", "Right ventricular hypertrophy", {"HYP": 1}),
    ("Hypertrophies", "Left atrial hypertrophy", {"HYP": np.nan}),
    ("Hypertrophies", "Left atrial overload", {"HYP": np.nan}),
    ("Hypertrophies", "Right atrial overload", {"HYP": np.nan}),
    ("Hypertrophies", "Left ventricular overload", {"HYP": np.nan}),
    ("Ischemia", "Scar formation", {"MI": 1}),
    ("Ischemia", "Stemi", {"MI": 1, "STTC": np.nan}),
    ("Ischemia", "Ischemia", {"STTC": 1}),
    ("Ischemia", "Undefined ischemia/scar/supp.nstemi", {"MI": np.nan, "STTC": np.nan}),
    ("Non-specific repolarization abnormalities", "Non-specific repolarization abnormalities", {"STTC": 1}),
    ("Cardiac pacing", "", {"MI": np.nan, "STTC": np.nan, "CD": np.nan, "HYP": np.nan}),
    ("Other states", "Early repolarization syndrome", {"STTC": np.nan}),
]
"""LUDB's statements in PTB-XL's superclasses. A later 1 outweighs an earlier NaN. NORM: none of the others is 1 or in doubt, and the
rhythm is a sinus rhythm; in doubt: NaN."""


def ludb(data: Path) -> dict[str, RecordLabels]:
    """`ludb.csv`, a statement a line within each cell."""
    with (data / "ludb" / "ludb.csv").open(newline="") as file:
        return {
            row["ID"].strip(): RecordLabels(ludb_rhythm(row), ludb_superclass(row), ludb_statement(row)) for row in csv.DictReader(file)
        }


LUDB_STATEMENT: list[tuple[str, str, str]] = [
    # statement, column, beginning of the text; statements that LUDB's annotators did not look for stay unknown
    ("CLBBB", "Conduction abnormalities", "Complete left bundle branch block"),
    ("CRBBB", "Conduction abnormalities", "Complete right bundle branch block"),
    ("IRBBB", "Conduction abnormalities", "Incomplete right bundle branch block"),
    ("LAFB", "Conduction abnormalities", "Left anterior hemiblock"),
    ("IVCD", "Conduction abnormalities", "Non-specific intravintricular conduction delay"),
    ("1AVB", "Conduction abnormalities", "I degree av block"),
    ("PVC", "Extrasystolies", "Ventricular extrasystole"),
    ("PAC", "Extrasystolies", "Atrial extrasystole"),
    ("STACH", "Rhythms", "Sinus tachycardia"),
    ("SBRAD", "Rhythms", "Sinus bradycardia"),
    ("PACE", "Cardiac pacing", ""),
]


def ludb_statement(row: dict[str, str]) -> NDArray[np.float32]:
    """Applies `LUDB_STATEMENT`."""
    known = {code: float(any(text.startswith(begin) for text in _statements(row, column))) for code, column, begin in LUDB_STATEMENT}
    return np.asarray([known.get(code, np.nan) for code in STATEMENT.codes], dtype=np.float32)


def _statements(row: dict[str, str], column: str) -> list[str]:
    return [part.strip() for part in (row.get(column) or "").splitlines() if part.strip()]


def ludb_superclass(row: dict[str, str]) -> NDArray[np.float32]:
    """Applies `LUDB_SUPERCLASS`."""
    found: dict[str, float] = {}
    for column, beginning, says in LUDB_SUPERCLASS:
        if any(text.startswith(beginning) for text in _statements(row, column)):
            for code, value in says.items():
                if found.get(code) != 1.0:
                    found[code] = float(value)
    sinus = any("sinus" in text.lower() for text in _statements(row, "Rhythms"))
    if 1.0 in found.values() or not sinus:
        found["NORM"] = 0.0
    else:
        found["NORM"] = float("nan") if found else 1.0
    return np.asarray([found.get(code, 0.0) for code in SUPERCLASS.codes], dtype=np.float32)


def ludb_rhythm(row: dict[str, str]) -> int:
    """As for PTB-XL: fibrillation, else other (ectopy, pacing, third-degree block, wandering pacemaker), else plain sinus rhythm."""
    rhythms = _statements(row, "Rhythms")
    other = (
        _statements(row, "Extrasystolies")
        or _statements(row, "Cardiac pacing")
        or [text for text in _statements(row, "Conduction abnormalities") if text.startswith("Iii degree")]
        or [text for text in rhythms if text.startswith("Wandering")]
    )
    if any(text.startswith("Atrial flutter") for text in rhythms):
        return UNKNOWN
    if "Atrial fibrillation" in rhythms:
        return UNKNOWN if other else _A
    if other:
        return _O
    return _N if rhythms == ["Sinus rhythm"] else UNKNOWN


_BEAT_GROUPS = {"N": "NLRB", "S": "AaJS", "V": "VrE", "F": "F", "Q": "/fQ?"}
BEAT_MAPS: dict[str, dict[str, str]] = {
    "ml": {"e": "N", "j": "N", "n": "S"},
    "bxb": {"e": "S", "j": "S", "n": "S"},
}
"""Where escape beats go: `ml` as machine-learning papers, `bxb` as EC57's comparison program when supraventricular beats are scored."""


def beat_class(mnemonic: str | None, escape_map: str) -> int:
    """Number of the beat's class, or `UNKNOWN` (not a beat, or no reference annotation)."""
    if not mnemonic:
        return UNKNOWN
    code = BEAT_MAPS[escape_map].get(mnemonic)
    if code is None:
        code = next((group for group, members in _BEAT_GROUPS.items() if mnemonic in members), None)
    return UNKNOWN if code is None else BEAT.codes.index(code)
