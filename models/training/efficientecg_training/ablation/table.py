"""The ablation's table: macro AUC by variant, and the paired difference to the full model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from efficientecg_training.ablation.variants import VARIANTS, Variant
from efficientecg_training.data.folds import GROUPS
from efficientecg_training.evaluation import metrics
from efficientecg_training.evaluation.flags import crossed
from efficientecg_training.tasks import SUPERCLASS


def network_path(runs: Path, encoder: str, query: bool, held_out: int, seed: int) -> Path:
    return runs / f"network-{encoder}-{'query' if query else 'plain'}-{held_out}-{seed}.npy"


def tree_path(runs: Path, patterns: tuple[str, ...], held_out: int, seed: int) -> Path:
    name = {("*",): "all", ("age_years", "sex_male"): "person"}.get(patterns, "measured")
    return runs / f"trees-{name}-{held_out}-{seed}.npy"


def _parts(variant: Variant, runs: Path, group: NDArray, classes: int, seed: int) -> NDArray | None:
    """What trees and network say of every record, each by those that had not seen it, `[parts, N, C]`; none if not all is finished."""
    paths = []
    if variant.trees:
        paths.append([tree_path(runs, variant.trees, g, seed) for g in range(GROUPS)])
    if variant.encoder:
        paths.append([network_path(runs, variant.encoder, variant.query, g, seed) for g in range(GROUPS)])
    if not all(path.exists() for part in paths for path in part):
        return None
    out = np.zeros((len(paths), len(group), classes))
    for number, part in enumerate(paths):
        for g, path in enumerate(part):
            out[number, group == g] = np.load(path)
    return out


def write(out: Path, runs: Path, flags: NDArray, group: NDArray, used: NDArray, seeds: int) -> None:
    """Markdown. The interval of a difference resamples records, the same for both variants, and averages over the seeds."""
    scores: dict[str, list[NDArray]] = {}
    for variant in VARIANTS:
        for seed in range(1, seeds + 1):
            found = _parts(variant, runs, group, flags.shape[1], seed)
            if found is not None:
                scores.setdefault(variant.name, []).append(crossed(found, found, flags, group))
    first = SUPERCLASS.size
    columns = {"superclass": np.arange(first), "statements": used[used >= first]}

    def macro(found: list[NDArray], chosen: NDArray, rows: NDArray) -> list[float]:
        return [metrics.macro_auc(x[np.ix_(rows, chosen)], flags[np.ix_(rows, chosen)]) for x in found]

    every = np.arange(len(flags))
    lines = [
        f"| variant | seeds | macro AUC, superclasses: mean (range over seeds) | difference to full, 95 % interval | macro AUC, {len(columns['statements'])} statements | difference |",
        "|---|---|---|---|---|---|",
    ]
    for name, found in scores.items():
        cells = []
        for chosen in columns.values():
            values = macro(found, chosen, every)
            spread = f" ({min(values):.3f} to {max(values):.3f})" if chosen is columns["superclass"] else ""
            cells.append(f"{np.mean(values):.3f}{spread}")
            if name == "full" or "full" not in scores:
                cells.append("")
                continue
            full, pairs = scores["full"], min(len(found), len(scores["full"]))

            def difference(rows: NDArray, found=found, full=full, pairs=pairs, chosen=chosen) -> float:
                return float(np.mean(np.asarray(macro(found[:pairs], chosen, rows)) - np.asarray(macro(full[:pairs], chosen, rows))))

            low, high = metrics.interval(difference, every, resamples=300)
            cells.append(f"{difference(every):+.3f} ({low:+.3f} to {high:+.3f})")
        lines.append(f"| {name} | {len(found)} | " + " | ".join(cells) + " |")
    out.write_text("\n".join(lines) + "\n")
    print("\n".join(lines))
