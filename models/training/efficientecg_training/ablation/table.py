"""The ablation's table: macro AUC by variant, and the paired difference to the full model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from efficientecg_training.ablation.variants import VARIANTS
from efficientecg_training.data.folds import GROUPS
from efficientecg_training.evaluation import metrics
from efficientecg_training.tasks import SUPERCLASS


def write(out: Path, runs: Path, flags: NDArray, group: NDArray, used: NDArray) -> None:
    """Markdown. The interval of a difference resamples records, the same for both variants, and averages over the seeds."""
    scores = {}
    for number, variant in enumerate(VARIANTS):
        seeds = sorted({int(path.stem.split("-")[2]) for path in runs.glob(f"{number}-?-*.npy")})
        whole = []
        for seed in seeds:
            paths = [runs / f"{number}-{held_out}-{seed}.npy" for held_out in range(GROUPS)]
            if all(path.exists() for path in paths):
                logits = np.zeros_like(flags)
                for held_out, path in enumerate(paths):
                    logits[group == held_out] = np.load(path)
                whole.append(logits)
        if whole:
            scores[variant.name] = whole
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
