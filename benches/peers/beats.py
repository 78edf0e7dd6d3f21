"""QRS detection on LUDB within the marked span: beats of `efficientecg analyze --jsonl` against the marked QRS complexes.

    efficientecg analyze DATA/ludb --jsonl > ours.jsonl
    python benches/peers/beats.py --data DATA --ours ours.jsonl

A complex counts once a recording, when at least two leads have it marked (their peaks within 80 ms). A beat matches within 150 ms.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import wfdb

LEADS = ("i", "ii", "iii", "avr", "avl", "avf", "v1", "v2", "v3", "v4", "v5", "v6")


def complexes(record: Path) -> list[float]:
    """Marked QRS complexes in seconds: groups of the leads' marks."""
    times = []
    for lead in LEADS:
        marks = wfdb.rdann(str(record), lead)
        times += [s / (marks.fs or 500) for s, symbol in zip(marks.sample, marks.symbol, strict=True) if symbol == "N"]
    groups: list[list[float]] = []
    for t in sorted(times):
        if groups and t - groups[-1][-1] <= 0.08:
            groups[-1].append(t)
        else:
            groups.append([t])
    return [float(np.median(g)) for g in groups if len(g) >= 2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--ours", type=Path, required=True)
    arguments = parser.parse_args()
    marked = found = matched = 0
    for line in arguments.ours.open():
        document = json.loads(line)
        if "error" in document:
            continue
        truth = complexes(arguments.data / "ludb" / document["record"])
        hz = document["recording"]["rate_hz"]
        beats = [b["sample"] / hz for b in document["beats"] if truth[0] - 0.15 <= b["sample"] / hz <= truth[-1] + 0.15]
        pairs = sorted((abs(a - b), i, j) for i, a in enumerate(truth) for j, b in enumerate(beats) if abs(a - b) <= 0.15)
        left, right = set(), set()
        for _, i, j in pairs:
            if i not in left and j not in right:
                left.add(i)
                right.add(j)
        marked, found, matched = marked + len(truth), found + len(beats), matched + len(left)
        if len(left) != len(truth) or len(right) != len(beats):
            missed = [round(t, 2) for i, t in enumerate(truth) if i not in left]
            extra = [round(t, 2) for j, t in enumerate(beats) if j not in right]
            print(f"{document['record']}: missed at {missed}, extra at {extra}")
    print(f"QRS complexes {marked}, beats {found}: sensitivity {100 * matched / marked:.2f} %, +P {100 * matched / found:.2f} %")


main()
