"""Wave boundaries on LUDB: this application and every method of NeuroKit2, same records, same scorer.

    efficientecg analyze DATA/ludb --jsonl > ours.jsonl        (or several files, one for each fold's own model)
    python benches/peers/waves.py --data DATA --ours ours.jsonl [--peers prominence dwt cwt peak] [--keep FILE] [--json OUT]

NeuroKit2 takes minutes a method; `--keep` keeps its answers in a file from which a later run takes them.

Every boundary marked on a lead is matched to the nearest found one of its kind within 150 ms, each found one once. Sensitivity is the share of
marked boundaries that were matched, +P the share of found ones within the marked span of the lead. LUDB often leaves the first and last
beats of a strip unmarked: only what lies between the first and the last mark of a lead (and 20 ms) is counted. Errors are found minus
marked.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
import warnings
from collections import defaultdict
from pathlib import Path

import numpy as np
import wfdb

LEADS = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
BOUNDARIES = ("p_onset", "p_offset", "qrs_onset", "qrs_offset", "t_onset", "t_offset")
WAVE_OF = {"p": "p", "N": "qrs", "t": "t"}
WINDOW_S = 0.150
MARGIN_S = 0.020
CSE_2SIGMA_MS = {"p_onset": 10.2, "p_offset": 12.7, "qrs_onset": 6.5, "qrs_offset": 11.6, "t_offset": 30.6}
Marks = dict[str, list[float]]


def marked(record: Path, lead: str) -> tuple[Marks, float, float]:
    """Boundaries in seconds, and the marked span."""
    marks = wfdb.rdann(str(record), lead.lower())
    hz = float(marks.fs or 500)
    found: Marks = defaultdict(list)
    onset, kind = None, None
    times = []
    for sample, symbol in zip(marks.sample, marks.symbol, strict=True):
        if symbol == "(":
            onset, kind = sample / hz, None
        elif symbol in WAVE_OF:
            kind = WAVE_OF[symbol]
        elif symbol == ")" and kind is not None and onset is not None:
            found[f"{kind}_onset"].append(onset)
            found[f"{kind}_offset"].append(sample / hz)
            times += [onset, sample / hz]
            onset, kind = None, None
    return found, min(times, default=np.inf), max(times, default=-np.inf)


class Tally:
    """One method."""

    def __init__(self) -> None:
        self.errors: dict[str, list[float]] = defaultdict(list)
        self.by_record: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        self.marked: dict[str, int] = defaultdict(int)
        self.found: dict[str, int] = defaultdict(int)

    def add(self, record: str, truth: Marks, begin: float, end: float, answer: Marks) -> None:
        for name in BOUNDARIES:
            marks = sorted(truth.get(name, []))
            found = sorted(t for t in answer.get(name, []) if begin - MARGIN_S <= t <= end + MARGIN_S)
            self.marked[name] += len(marks)
            self.found[name] += len(found)
            pairs = sorted((abs(f - m), i, j) for i, m in enumerate(marks) for j, f in enumerate(found) if abs(f - m) <= WINDOW_S)
            taken_marks: set[int] = set()
            taken_found: set[int] = set()
            for _, i, j in pairs:
                if i not in taken_marks and j not in taken_found:
                    taken_marks.add(i)
                    taken_found.add(j)
                    error = 1000 * (found[j] - marks[i])
                    self.errors[name].append(error)
                    self.by_record[record][name].append(error)

    def rows(self) -> list[dict[str, float | str | int]]:
        out = []
        for name in BOUNDARIES:
            e = np.array(self.errors[name] or [np.nan])
            out.append(
                {
                    "boundary": name,
                    "sensitivity": 100 * len(self.errors[name]) / max(1, self.marked[name]),
                    "predictivity": 100 * len(self.errors[name]) / max(1, self.found[name]),
                    "mean_ms": float(e.mean()),
                    "sd_ms": float(e.std(ddof=1)) if e.size > 1 else float("nan"),
                    "sd_within_records_ms": self.within(name),
                    "marked": self.marked[name],
                }
            )
        return out

    def within(self, name: str) -> float:
        """Mean over recordings of the SD within a recording, as the CSE-minded literature has it."""
        sds = [np.std(r[name], ddof=1) for r in self.by_record.values() if len(r[name]) > 2]
        return float(np.mean(sds)) if sds else float("nan")


def ours(path: Path) -> dict[str, dict[str, Marks]]:
    """Record to lead to boundaries, of `analyze --jsonl`."""
    out: dict[str, dict[str, Marks]] = {}
    with path.open() as lines:
        for line in lines:
            document = json.loads(line)
            if "error" in document or not document["waves"]:
                continue
            hz = document["recording"]["rate_hz"]
            leads = {}
            for lead, beats in document["waves"].items():
                leads[lead] = {name: [b[name] / hz for b in beats if b[name] is not None] for name in BOUNDARIES}
            out[document["record"]] = leads
    return out


def neurokit(samples: np.ndarray, hz: float, method: str) -> Marks:
    """One lead by NeuroKit2, its own R peaks."""
    import neurokit2 as nk

    columns = {"p_onset": "ECG_P_Onsets", "p_offset": "ECG_P_Offsets", "qrs_onset": "ECG_R_Onsets", "qrs_offset": "ECG_R_Offsets", "t_onset": "ECG_T_Onsets", "t_offset": "ECG_T_Offsets"}
    try:
        clean = nk.ecg_clean(samples, sampling_rate=int(hz))
        _, peaks = nk.ecg_peaks(clean, sampling_rate=int(hz))
        _, waves = nk.ecg_delineate(clean, peaks["ECG_R_Peaks"], sampling_rate=int(hz), method=method)
    except Exception as error:  # it raises many kinds on leads that it cannot read: counted as nothing found
        print(f"neurokit2 {method}: {type(error).__name__}: {error}", file=sys.stderr)
        return {}
    return {name: [t / hz for t in waves.get(column, []) if t is not None and np.isfinite(t)] for name, column in columns.items()}


def table(title: str, tally: Tally) -> None:
    print(f"\n{title}\n{'boundary':12}{'Se %':>8}{'+P %':>8}{'mean ms':>9}{'SD ms':>8}{'SD in record':>14}{'CSE 2s':>8}{'marked':>8}")
    for row in tally.rows():
        cse = CSE_2SIGMA_MS.get(str(row["boundary"]), float("nan"))
        print(
            f"{row['boundary']:12}{row['sensitivity']:8.2f}{row['predictivity']:8.2f}{row['mean_ms']:9.2f}{row['sd_ms']:8.2f}"
            f"{row['sd_within_records_ms']:14.2f}{cse:8.1f}{row['marked']:8d}"
        )


def card(tally: Tally, records: int) -> list[dict[str, object]]:
    """Figures for the card; `--ours` must then be of models that had not seen the recordings."""
    figures = {"sensitivity": "sensitivity, %", "predictivity": "+P, %", "mean_ms": "mean error, ms", "sd_ms": "SD of error, ms"}
    command = "python benches/peers/waves.py --data DATA --ours RUN/fold-*/ours.jsonl"
    return [
        {
            "task": "waves", "figure": f"{row['boundary']} {words}", "value": round(float(row[key]), 2),
            "split": "LUDB, five folds, out of fold", "records": records, "command": command,
        }
        for row in tally.rows()
        for key, words in figures.items()
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--ours", type=Path, nargs="+", required=True)
    parser.add_argument("--peers", nargs="*", default=[], help="methods of NeuroKit2: prominence dwt cwt peak")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--limit", type=int, help="only the first so many recordings of LUDB's table")
    parser.add_argument("--card", type=Path, help="write our figures as a model card has them")
    parser.add_argument("--keep", type=Path, help="file in which NeuroKit2's answers are kept from run to run")
    arguments = parser.parse_args()
    kept: dict[str, Marks] = json.loads(arguments.keep.read_text()) if arguments.keep and arguments.keep.exists() else {}
    warnings.simplefilter("ignore")
    answers: dict[str, dict[str, Marks]] = {}
    milliseconds: list[float] = []
    for path in arguments.ours:
        answers.update(ours(path))
        milliseconds += [d["timings_ms"]["total"] for d in map(json.loads, path.open()) if "error" not in d]
    with (arguments.data / "ludb" / "ludb.csv").open() as file:
        names = [row["ID"].strip() for row in csv.DictReader(file)]
    tallies = {"ours": Tally(), **{f"neurokit2 {method}": Tally() for method in arguments.peers}}
    count = 0
    seconds: dict[str, list[float]] = defaultdict(list)
    for name in names[: arguments.limit]:
        record = arguments.data / "ludb" / name
        if name not in answers or not record.with_suffix(".hea").exists():
            continue
        count += 1
        signal = wfdb.rdrecord(str(record)) if arguments.peers else None
        for row, lead in enumerate(LEADS):
            truth, begin, end = marked(record, lead)
            tallies["ours"].add(name, truth, begin, end, answers[name].get(lead, {}))
            for method in arguments.peers:
                key = f"{name} {lead} {method}"
                if key not in kept:
                    started = time.perf_counter()
                    kept[key] = neurokit(signal.p_signal[:, row], signal.fs, method)
                    seconds[method].append(12 * (time.perf_counter() - started))
                tallies[f"neurokit2 {method}"].add(name, truth, begin, end, kept[key])
        if arguments.keep and arguments.peers:
            arguments.keep.write_text(json.dumps(kept))
    print(f"{count} recordings of LUDB, twelve leads each")
    for title, tally in tallies.items():
        table(title, tally)
    if milliseconds:
        print(f"\nours, everything from file to statements: {np.median(milliseconds):.1f} ms a recording (median)")
    for method, spent in seconds.items():
        print(f"neurokit2 {method}, cleaning, R peaks and delineation of twelve leads: {1000 * np.median(spent):.0f} ms a recording (median)")
    if arguments.card:
        arguments.card.write_text(json.dumps(card(tallies["ours"], count), indent=1) + "\n")
    if arguments.json:
        arguments.json.write_text(json.dumps({"recordings": count, **{t: tally.rows() for t, tally in tallies.items()}}, indent=1) + "\n")


main()
