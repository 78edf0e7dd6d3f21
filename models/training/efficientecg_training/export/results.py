"""RESULTS.md: the cards' figures as tables, each with its split, count and command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from efficientecg_training.tasks import TASKS

INTRODUCTION = """# Figures of the shipped models

Written by `python -m efficientecg_training results` from the cards; do not edit. Every figure was measured on records that the network
in question had not seen. The models that ship were trained on all records of the splits, by the same recipe; they themselves cannot be
measured on these. Intervals are 95 % bootstrap intervals (1,000 resamples) over records, for beats over whole recordings.
Commands are run in `models/training`; `PREPARED`, `DATA` and `RUNS` are explained in [README.md](README.md).
"""


def write(models: Path, out: Path, remarks: Path) -> None:
    """Tables of all cards in `models`, then the remarks."""
    parts = [INTRODUCTION]
    for path in sorted(models.glob("*.json"), reverse=True):
        card = json.loads(path.read_text())
        if card["kind"] in TASKS:  # the wave model's figures stand in docs/signal.md
            parts.append(_section(card))
    parts.append(remarks.read_text())
    out.write_text("\n".join(parts))


def _section(card: dict[str, Any]) -> str:
    sets = ", ".join(f"{entry['name']} ({entry['records']} records)" for entry in card["training"]["sets"])
    lines = [
        f"## {card['name']} {card['version']}",
        "",
        f"{card['parameters']:,} parameters. Trained on {sets}: `{card['training']['command']}`, {card['training']['epochs']} epochs, seed "
        f"{card['training']['seed']}, {card['training']['recorded']}.",
        "",
    ]
    for task in card["tasks"]:
        metrics = [metric for metric in card["metrics"] if metric["task"] == task["task"]]
        if not metrics:
            continue
        splits = list(dict.fromkeys((metric["split"], metric["command"]) for metric in metrics))
        lines += [f"### {task['task']}", "", "| figure | value | 95 % interval | records | split |", "|---|---|---|---|---|"]
        for metric in metrics:
            low, high = metric["ci95"]
            number = splits.index((metric["split"], metric["command"])) + 1
            count = f"{metric['records']:,}" + (f" ({metric['beats']:,} beats)" if "beats" in metric else "")
            lines.append(f"| {metric['figure']} | {metric['value']:.3f} | {low:.3f} to {high:.3f} | {count} | {number} |")
        lines.append("")
        for number, (split, command) in enumerate(splits, 1):
            lines.append(f"{number}. {split}. `{command}`")
        lines.append("")
    return "\n".join(lines)
