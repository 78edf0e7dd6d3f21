"""When no answer is given: on good and on bad 12-lead recordings, and on beats in electrode motion.

    efficientecg analyze DATA/cinc2011 --jsonl > quality.jsonl
    efficientecg analyze DATA/nstdb    --jsonl > noise.jsonl
    python benches/peers/refusals.py --data DATA --quality quality.jsonl --noise noise.jsonl

A detected beat is held against the nearest annotated one within 150 ms.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import wfdb

TASKS = {"rhythm", "superclass", "statement"}
BEATS = frozenset("NLRBAaJSVrFejnE/fQ")
VENTRICULAR, SUPRAVENTRICULAR = frozenset("VE"), frozenset("AaJS")
WITHIN_S = 0.15


def analyses(path: Path) -> Iterator[dict[str, Any]]:
    """Those recordings that could be analysed."""
    with path.open() as lines:
        yield from (found for found in map(json.loads, lines) if "error" not in found)


def by_quality(data: Path, analysed: Path) -> None:
    """A row for each of the raters' verdicts."""
    with (data / "cinc2011" / "QUALITY.csv").open() as file:
        verdict = {row["record"]: row["quality"] for row in csv.DictReader(file)}
    counts: dict[str, Counter[str]] = {}
    for found in analyses(analysed):
        count = counts.setdefault(verdict.get(found["record"], "not rated"), Counter())
        count["all"] += 1
        count["some"] += TASKS - {finding["task"] for finding in found["findings"]} != set()
        count["unlike"] += any("unlike" in refusal["reason"] for refusal in found["refused"])
        count["unacceptable"] += found["quality"]["acceptable"] is False
    print("| raters say | recordings | some task refused | unlike the training's | judged unacceptable as a whole |\n|---|---|---|---|---|")
    for name, count in sorted(counts.items()):
        print(f"| {name} | {count['all']} | {count['some']} ({count['some'] / count['all']:.1%}) | {count['unlike']} | {count['unacceptable']} |")


def beats_in_noise(data: Path, analysed: Path) -> None:
    """A row for each recording: what of its ectopic beats is found, and how much is found that is none."""
    print("\n| recording | beats found | not classified | ventricular: found, false | supraventricular: found, false |\n|---|---|---|---|---|")
    for found in analyses(analysed):
        marks = wfdb.rdann(str(data / "nstdb" / found["record"]), "atr")
        truth = [(sample, symbol) for sample, symbol in zip(marks.sample, marks.symbol, strict=True) if symbol in BEATS]
        samples = np.asarray([sample for sample, _ in truth])
        taken: set[int] = set()
        count: Counter[str] = Counter()
        for beat in found["beats"]:
            nearest = int(np.abs(samples - beat["sample"]).argmin())
            matched = abs(samples[nearest] - beat["sample"]) <= WITHIN_S * found["recording"]["rate_hz"] and nearest not in taken
            symbol = truth[nearest][1] if matched else ""
            taken |= {nearest} if matched else set()
            label = beat["label"]
            count[label or "none"] += 1
            for letter, symbols in (("V", VENTRICULAR), ("S", SUPRAVENTRICULAR)):
                count[f"{letter} {'found' if symbol in symbols else 'false'}"] += label == letter
        of = {letter: sum(symbol in symbols for _, symbol in truth) for letter, symbols in (("V", VENTRICULAR), ("S", SUPRAVENTRICULAR))}
        cells = [f"{count[f'{letter} found']} of {of[letter]}, {count[f'{letter} false']}" for letter in "VS"]
        print(f"| {found['record']} | {len(found['beats'])} | {count['none']} | {cells[0]} | {cells[1]} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--quality", type=Path)
    parser.add_argument("--noise", type=Path)
    options = parser.parse_args()
    if options.quality:
        by_quality(options.data, options.quality)
    if options.noise:
        beats_in_noise(options.data, options.noise)
