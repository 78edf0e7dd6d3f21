"""Committed folds. Records of one fold are never split between training and test; neither are the records of one person."""

from __future__ import annotations

import csv
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "folds"
GROUPS = 3
"""Record model: folds 1-3, 4-6 and 7-9 (PTB-XL's own `strat_fold`) make three groups, each held out once."""


def read(name: str) -> dict[str, int]:
    """`folds/NAME.csv`: record, fold. Fold 0 is always trained on and never scored."""
    with (FOLDER / f"{name}.csv").open() as file:
        return {row["record"]: int(row["fold"]) for row in csv.DictReader(file)}


def group_of(fold: int) -> int:
    """0, 1 or 2 for folds 1 to 9."""
    return (fold - 1) * GROUPS // 9
