"""Reliability diagrams of a card's classes as one SVG: stated probability against observed share, out of fold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SIDE, GAP, COLUMNS = 120, 34, 5
LEAST = 10
"""A point of fewer records says little and is drawn hollow."""


def reliability(card: Path, tasks: list[str], out: Path) -> None:
    """Writes the diagrams of all classes of the tasks."""
    document = json.loads(card.read_text())
    classes = [entry for task in document["tasks"] if task["task"] in tasks for entry in task["classes"] if entry.get("reliability")]
    rows = -(-len(classes) // COLUMNS)
    width, height = COLUMNS * (SIDE + GAP) + GAP, rows * (SIDE + GAP + 8) + GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="10">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for number, entry in enumerate(classes):
        x, y = GAP + number % COLUMNS * (SIDE + GAP), GAP + number // COLUMNS * (SIDE + GAP + 8)
        parts.append(f'<g transform="translate({x} {y})">{_diagram(entry)}</g>')
    out.write_text("\n".join([*parts, "</svg>\n"]))


def _diagram(entry: dict[str, Any]) -> str:
    title = f"{entry['code'].replace('~', 'noise')}: error {entry['calibration_error']:.3f}"
    out = [
        f'<text x="0" y="-5">{title}</text>',
        f'<rect width="{SIDE}" height="{SIDE}" fill="none" stroke="#999"/>',
        f'<line x1="0" y1="{SIDE}" x2="{SIDE}" y2="0" stroke="#999" stroke-dasharray="3 3"/>',
    ]
    places = [(SIDE * point["mean"], SIDE * (1 - point["observed"]), point["records"]) for point in entry["reliability"]]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y, count in places if count >= LEAST)
    out.append(f'<polyline points="{line}" fill="none" stroke="#1f5fa8" stroke-width="1.5"/>')
    for x, y, count in places:
        fill = "#1f5fa8" if count >= LEAST else "white"
        out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{fill}" stroke="#1f5fa8"/>')
    out.append(f'<text x="0" y="{SIDE + 12}">0</text><text x="{SIDE - 6}" y="{SIDE + 12}">1</text>')
    return "".join(out)
