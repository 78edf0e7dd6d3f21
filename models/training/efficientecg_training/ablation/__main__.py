"""`python -m efficientecg_training.ablation --config configs/record.toml --prepared PREPARED --data DATA --out OUT`

PTB-XL's 12-lead tasks, three held-out groups, several seeds; every finished run is kept in OUT, and a later start goes on.
`--table` writes the table from what is finished.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from efficientecg_training import config as configuration
from efficientecg_training import features as feature_table
from efficientecg_training.ablation.table import write
from efficientecg_training.ablation.variants import VARIANTS, Variant, build
from efficientecg_training.config import Config
from efficientecg_training.data import augment, records
from efficientecg_training.data.folds import GROUPS
from efficientecg_training.tasks import STATEMENT, SUPERCLASS
from efficientecg_training.training.loop import Average, optimiser, rate_at
from efficientecg_training.training.losses import masked_loss
from efficientecg_training.trees import fit as trees

CROP = 504
"""Samples of a training crop: a whole number of tokens."""
INNER = 3


class Data:
    """PTB-XL as arrays: signal of the eight independent leads, features, flags, folds."""

    def __init__(self, config: Config, prepared: Path, data: Path) -> None:
        self.infos = feature_table.read_infos(prepared / "ptbxl")
        self.names = feature_table.chosen(self.infos, config.input.features)
        found = [r for r in records.load(prepared, data, config, ("ptbxl",)) if r.signal.shape[0] == 12 and np.isfinite(r.superclass).all()]
        self.raw = feature_table.table((r.raw for r in found), self.names)
        rows = [int(np.flatnonzero(found[0].lead_ids == lead)[0]) for lead in records.EIGHT]
        self.signal = np.stack([r.signal[rows, :1000] for r in found])
        self.flags = np.stack([r.flags for r in found])
        self.fold = np.asarray([r.fold for r in found])
        self.group = np.asarray([r.group for r in found])
        # A statement without an example here cannot be measured here.
        self.used = np.flatnonzero(self.flags.sum(0) >= 15)

    def shown(self, patterns: tuple[str, ...]) -> NDArray[np.float32]:
        """Which features the patterns choose, `[F]`."""
        names = feature_table.chosen(self.infos, list(patterns)) if patterns else []
        return np.isin(self.names, names).astype(np.float32)


def tree_logits(data: Data, config: Config, shown: NDArray, held_out: int, seed: int, cache: Path) -> NDArray[np.float32]:
    """Logits of all records: of the held-out ones by trees of all others, of each other one by trees that did not see its fold."""
    if not shown.any():
        return np.zeros_like(data.flags)
    path = cache / f"trees-{int(shown.sum())}-{held_out}-{seed}.npy"
    if path.exists():
        return np.load(path)
    x, m, inside = *normalised(data, held_out), data.group != held_out
    chosen = np.flatnonzero(shown)
    x, m = x[:, chosen], m[:, chosen]
    out = np.zeros_like(data.flags)
    part = np.searchsorted(np.unique(data.fold[inside]), data.fold) % INNER
    for task, columns in ((SUPERCLASS, slice(0, SUPERCLASS.size)), (STATEMENT, slice(SUPERCLASS.size, None))):
        grow = config.trees[task.name], task
        for rows, unseen in [(inside, ~inside)] + [(inside & (part != p), inside & (part == p)) for p in range(INNER)]:
            table = trees.fit(*grow, x[rows], m[rows], data.flags[rows, columns], seed)
            out[unseen, columns] = trees.predict(table, x[unseen], m[unseen])
    np.save(path, out)
    return out


def normalised(data: Data, held_out: int) -> tuple[NDArray, NDArray]:
    fitted = feature_table.Normalisation.fit(data.names, data.infos, data.raw[data.group != held_out])
    return fitted.apply(data.raw)


def run(variant: Variant, data: Data, config: Config, held_out: int, seed: int, cache: Path) -> NDArray[np.float32]:
    """Logits of the held-out records."""
    added = tree_logits(data, config, data.shown(variant.trees), held_out, seed, cache)
    test, train = data.group == held_out, np.flatnonzero(data.group != held_out)
    if variant.encoder == "none":
        return added[test]
    torch.manual_seed(seed)
    rng = np.random.default_rng((seed, held_out))
    x, known = normalised(data, held_out)
    known = known * data.shown(variant.query)
    network = build(variant, config, records.EIGHT, x.shape[1], data.flags.shape[1]).train()
    average = Average(network, config.train.average_decay)
    adam = optimiser(network, config.train.peak_rate, config.train.weight_decay)
    size, settings = config.train.batch["many_leads"], config.train.augment
    steps, step = config.train.epochs * (len(train) // size), 0
    for _ in range(config.train.epochs):
        order = rng.permutation(train)
        for start in range(0, len(order) - size + 1, size):
            rows = order[start : start + size]
            for group in adam.param_groups:
                group["lr"] = rate_at(step / steps, config.train.peak_rate)
            step += 1
            at = int(rng.integers(0, (data.signal.shape[2] - CROP) // 8 + 1)) * 8
            signal = augment.amplify(data.signal[rows, :, at : at + CROP], rng, settings)
            mask = known[rows] * (rng.random((size, x.shape[1])) >= settings["feature_drop"])
            inputs = (torch.from_numpy(np.ascontiguousarray(a, dtype=np.float32)) for a in (signal, x[rows] * mask, mask, added[rows]))
            logits, flags = network(*inputs), torch.from_numpy(data.flags[rows])
            first = SUPERCLASS.size
            loss = masked_loss(logits[:, :first], flags[:, :first]) + masked_loss(logits[:, first:], flags[:, first:])
            adam.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            adam.step()
            average.update(network)
    rows, parts = np.flatnonzero(test), []
    with torch.no_grad():
        for start in range(0, len(rows), 64):
            r = rows[start : start + 64]
            inputs = (torch.from_numpy(a[r].astype(np.float32)) for a in (data.signal, x * known, known, added))
            parts.append(average.model(*inputs).numpy())
    return np.concatenate(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--prepared", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=[""], help="variants whose name contains one of these")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--table", type=Path, help="write the table of the finished runs and stop")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    config = configuration.load(options.config)
    data = Data(config, options.prepared, options.data)
    options.out.mkdir(parents=True, exist_ok=True)
    if options.table:
        write(options.table, options.out, data.flags, data.group, data.used)
        return
    for seed in range(1, options.seeds + 1):
        for variant in VARIANTS:
            if not any(part in variant.name for part in options.only):
                continue
            for held_out in range(GROUPS):
                path = options.out / f"{VARIANTS.index(variant)}-{held_out}-{seed}.npy"
                if not path.exists():
                    np.save(path, run(variant, data, config, held_out, seed, options.out))
                    print(variant.name, held_out, seed, flush=True)


if __name__ == "__main__":
    main()
