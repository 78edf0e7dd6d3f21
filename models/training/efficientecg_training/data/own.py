"""Labels of recordings that are not part of the shipped models' training: a whole PTB-XL, sets with SNOMED CT codes, one's own corrections.

Each reader takes the folder of the set and gives what `labels` gives for the known sets: `{record: RecordLabels}`.
"""

from __future__ import annotations

import ast
import csv
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from efficientecg_training.data.labels import UNKNOWN, RecordLabels, flags, person, ptbxl_rhythm, unknown
from efficientecg_training.tasks import RHYTHM, STATEMENT, SUPERCLASS

FOLDS = 9


@dataclass(frozen=True)
class Own:
    """A set of one's own, as named on the command line: `KIND:FOLDER`; its prepared data lies in PREPARED/(name of the folder)."""

    kind: str
    folder: Path

    @classmethod
    def parse(cls, text: str) -> Own:
        kind, _, folder = text.partition(":")
        if kind not in READERS or not folder:
            raise ValueError(f"{text}: give KIND:FOLDER, where KIND is one of {', '.join(READERS)}")
        return cls(kind, Path(folder))

    @property
    def name(self) -> str:
        return self.folder.resolve().name

    def labels(self) -> dict[str, RecordLabels]:
        return READERS[self.kind](self.folder)


def fold_of(person: str) -> int:
    """A fold from 1 to 9 that is always the same for the same person."""
    return zlib.crc32(person.encode()) % FOLDS + 1


def ptbxl(folder: Path) -> dict[str, RecordLabels]:
    """The original `ptbxl_database.csv` and `scp_statements.csv`: superclasses of the diagnostic statements, statements at any likelihood,
    its own folds, of which the tenth is left for testing. Records of both rates have an entry."""
    with (folder / "scp_statements.csv").open(newline="") as file:
        of = {row[""]: row["diagnostic_class"] for row in csv.DictReader(file) if row["diagnostic"] == "1.0"}
    out = {}
    with (folder / "ptbxl_database.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            fold = int(float(row["strat_fold"]))
            if fold > FOLDS:
                continue
            stated = set(ast.literal_eval(row["scp_codes"]))
            superclasses = {of[code] for code in stated if code in of}
            entry = RecordLabels(
                ptbxl_rhythm(stated), flags(SUPERCLASS, superclasses) if superclasses else unknown(SUPERCLASS), flags(STATEMENT, stated),
                fold, person(row["age"], {"0": "M", "1": "F"}.get(row["sex"].split(".")[0], "")),
            )
            for column in ("filename_lr", "filename_hr"):
                out[Path(row[column]).name] = entry
    return out


SNOMED_SUPERCLASS = {
    "MI": {"164865005", "54329005", "57054005", "164867002", "425419005", "425623009"},
    "STTC": {"428750005", "164934002", "59931005", "429622005", "164861001", "164930006", "164931005", "55930002", "413444003"},
    "CD": {
        "733534002", "164909002", "713427006", "59118001", "713426002", "445118002", "445211001", "698252002", "270492004", "195042002",
        "27885002", "251120003", "6374002", "54016002", "28189009", "233917008", "82226007",
    },
    "HYP": {"164873001", "89792004", "67741000119109", "446358003", "55827005", "446813000", "195126007", "266249003"},
}
"""SNOMED CT codes of the PhysioNet/CinC challenges of 2020 and 2021 by superclass."""
SNOMED_SINUS = {"426783006"}
SNOMED_FIBRILLATION = {"164889003"}
SNOMED_OTHER_RHYTHM = {
    "427172004", "17338001", "164884008", "284470004", "63593006", "10370003", "27885002", "195042002", "426995002", "713422000", "426761007",
    "164896001", "164895002", "251173003", "251268003", "74390002", "233897008",
}
SNOMED_UNSURE_RHYTHM = {"164890007", "427084000", "426177001", "427393009"}
SNOMED_ALSO = {"CLBBB": {"164909002"}, "CRBBB": {"59118001"}, "PVC": {"17338001", "164884008"}, "PAC": {"63593006"}}
"""Codes beside the statement's own."""


def snomed(folder: Path) -> dict[str, RecordLabels]:
    """WFDB headers with `#Dx:`, `#Age:` and `#Sex:` lines (CPSC, Georgia, Chapman-Shaoxing, Ningbo as the challenges ship them). What a set
    does not code at all stays unknown. One person a record."""
    found = {}
    for path in sorted(folder.rglob("*.hea")):
        lines = dict(_comment(line) for line in path.read_text(errors="replace").splitlines() if line.startswith("#") and ":" in line)
        if "Dx" in lines:
            found[path.stem] = ({code.strip() for code in lines["Dx"].split(",")}, lines)
    coded = set().union(*(codes for codes, _ in found.values())) if found else set()
    return {
        name: RecordLabels(
            snomed_rhythm(codes), _snomed_superclass(codes, coded), _snomed_statement(codes, coded), fold_of(name),
            person(lines.get("Age", ""), lines.get("Sex", "")[:1].upper()),
        )
        for name, (codes, lines) in found.items()
    }


def snomed_rhythm(codes: set[str]) -> int:
    """As PTB-XL's: fibrillation, else other, else plain sinus rhythm, else unknown."""
    if codes & SNOMED_UNSURE_RHYTHM:
        return UNKNOWN
    if codes & SNOMED_FIBRILLATION:
        return RHYTHM.codes.index("A")
    if codes & SNOMED_OTHER_RHYTHM:
        return RHYTHM.codes.index("O")
    return RHYTHM.codes.index("N") if codes & SNOMED_SINUS else UNKNOWN


def _snomed_superclass(codes: set[str], coded: set[str]) -> NDArray[np.float32]:
    out = unknown(SUPERCLASS)
    for c, code in enumerate(SUPERCLASS.codes):
        if code != "NORM" and SNOMED_SUPERCLASS[code] & coded:
            out[c] = float(bool(SNOMED_SUPERCLASS[code] & codes))
    abnormal = bool(np.nansum(out) > 0)
    # "Sinus rhythm" alone is what these sets give a normal recording.
    out[SUPERCLASS.codes.index("NORM")] = 0.0 if abnormal else (1.0 if codes == SNOMED_SINUS else np.nan)
    return out


def _snomed_statement(codes: set[str], coded: set[str]) -> NDArray[np.float32]:
    out = unknown(STATEMENT)
    for c, info in enumerate(STATEMENT.classes):
        mine = ({info.snomed} if info.snomed else set()) | SNOMED_ALSO.get(info.code, set())
        if mine & coded:
            out[c] = float(bool(mine & codes))
    return out


def corrections(folder: Path) -> dict[str, RecordLabels]:
    """`labels.csv` with the columns `record,task,code,present` (1, 0), and optionally `person`, `age`, `sex` (M, F): what people decided. What
    is not listed is unknown. For the rhythm the present code counts. Corrected beats are annotations of the recordings: name their
    annotator when the set is prepared."""
    decided: dict[str, dict[str, dict[str, float]]] = {}
    people: dict[str, dict[str, str]] = {}
    with (folder / "labels.csv").open(newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            task = {t.name: t for t in (RHYTHM, SUPERCLASS, STATEMENT)}.get(row["task"])
            if task is None or row["code"] not in task.codes or row["present"] not in ("0", "1"):
                raise ValueError(f"{folder}/labels.csv:{number}: {row['task']},{row['code']},{row['present']} is no label of the record model")
            decided.setdefault(row["record"], {}).setdefault(task.name, {})[row["code"]] = float(row["present"])
            people.setdefault(row["record"], {}).update({key: value for key, value in row.items() if key in ("person", "age", "sex") and value})
    out = {}
    for record, by_task in decided.items():
        rhythm = [code for code, value in by_task.get(RHYTHM.name, {}).items() if value == 1.0]
        known = people[record]
        out[record] = RecordLabels(
            RHYTHM.codes.index(rhythm[0]) if len(rhythm) == 1 else UNKNOWN,
            *(np.asarray([by_task.get(task.name, {}).get(code, np.nan) for code in task.codes], np.float32) for task in (SUPERCLASS, STATEMENT)),
            fold_of(known.get("person", record)), person(known.get("age", ""), known.get("sex", "")),
        )
    return out


READERS: dict[str, Callable[[Path], dict[str, RecordLabels]]] = {"ptbxl": ptbxl, "snomed": snomed, "corrections": corrections}


def _comment(line: str) -> tuple[str, str]:
    key, _, value = line[1:].partition(":")
    return key.strip(), value.strip()
