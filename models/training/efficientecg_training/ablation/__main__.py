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
from efficientecg_training.ablation import pretrain
from efficientecg_training.ablation.table import network_path, tree_path, write
from efficientecg_training.ablation.variants import VARIANTS, build
from efficientecg_training.config import Config
from efficientecg_training.data import augment, records
from efficientecg_training.data.folds import GROUPS
from efficientecg_training.tasks import STATEMENT, SUPERCLASS
from efficientecg_training.training.fit import with_epochs
from efficientecg_training.training.loop import Average, optimiser, rate_at
from efficientecg_training.training.losses import masked_loss
from efficientecg_training.trees import fit as trees
from efficientecg_training.trees.table import ForestTable

CROP = 504
"""Samples of a training crop: a whole number of tokens."""

SINGLE = 3000
"""Samples of most records of CinC 2017: 30 s."""


class Data:
    """PTB-XL as arrays: signal of the eight independent leads, features, flags, folds."""

    def __init__(self, config: Config, prepared: Path, data: Path) -> None:
        self.infos = feature_table.read_infos(prepared / "ptbxl")
        self.names = feature_table.matching(self.infos, config.input.features)
        found = [r for r in records.load(prepared, data, config, ("ptbxl",)) if r.signal.shape[0] == 12 and np.isfinite(r.superclass).all()]
        self.raw = feature_table.table((r.raw for r in found), self.names)
        rows = [int(np.flatnonzero(found[0].lead_ids == lead)[0]) for lead in records.EIGHT]
        self.signal = np.stack([r.signal[rows, :1000] for r in found])
        self.flags = np.stack([r.flags for r in found])
        self.fold = np.asarray([r.fold for r in found])
        self.group = np.asarray([r.group for r in found])
        self.single = [r for r in records.load(prepared, data, config, ("cinc2017",)) if r.signal.shape == (1, SINGLE)]
        # A statement without an example here cannot be measured here.
        self.used = np.flatnonzero(self.flags.sum(0) >= 15)

    def unlabelled(self, config: Config, rows: NDArray) -> list[pretrain.Signals]:
        """Signals to pre-train on: PTB-XL's records `rows`, and CinC 2017's."""
        single = np.stack([r.signal for r in self.single]).astype(np.float32)
        return [(self.signal[rows], records.EIGHT), (single, [int(self.single[0].lead_ids[0])])]

    def shown(self, patterns: tuple[str, ...]) -> NDArray[np.float32]:
        """Which features the patterns choose, `[F]`."""
        names = feature_table.matching(self.infos, list(patterns)) if patterns else []
        return np.isin(self.names, names).astype(np.float32)


def tree_logits(data: Data, config: Config, patterns: tuple[str, ...], held_out: int, seed: int) -> NDArray[np.float32]:
    """Logits of the held-out records by trees grown on the others."""
    test = data.group == held_out
    x, m = normalised(data, held_out)
    chosen = np.flatnonzero(data.shown(patterns))
    x, m = x[:, chosen], m[:, chosen]
    parts = []
    for task, columns in ((SUPERCLASS, slice(0, SUPERCLASS.size)), (STATEMENT, slice(SUPERCLASS.size, None))):
        grown = trees.fit(config.trees[task.name], task, x[~test], m[~test], data.flags[~test, columns], seed)
        table = ForestTable.of(grown, x.shape[1])
        parts.append(trees.predict(table, x[test], m[test]))
    return np.concatenate(parts, axis=1)


def normalised(data: Data, held_out: int) -> tuple[NDArray, NDArray]:
    fitted = feature_table.Normalisation.fit(data.names, data.infos, data.raw[data.group != held_out])
    return fitted.apply(data.raw)


def network_logits(encoder: str, query: bool, data: Data, config: Config, out: Path, held_out: int, seed: int) -> NDArray[np.float32]:
    """Logits of the held-out records by a network trained on the others."""
    test, train = data.group == held_out, np.flatnonzero(data.group != held_out)
    torch.manual_seed(seed)
    rng = np.random.default_rng((seed, held_out))
    x, known = normalised(data, held_out)
    known = known * float(query)
    network = build(encoder, config, records.EIGHT, x.shape[1], data.flags.shape[1]).train()
    if encoder == "pretrained":
        network.network.encoder.load_state_dict(pretrain.encoder(data.unlabelled(config, train), config, out / f"encoder-{held_out}.pt"))
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
            inputs = (torch.from_numpy(np.ascontiguousarray(a, dtype=np.float32)) for a in (signal, x[rows] * mask, mask))
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
            inputs = (torch.from_numpy(a[r].astype(np.float32)) for a in (data.signal, x * known, known))
            parts.append(average.model(*inputs).numpy())
    return np.concatenate(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--prepared", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--table", type=Path, help="write the table of the finished runs and stop")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    config = with_epochs(configuration.load(options.config), options.epochs)
    data = Data(config, options.prepared, options.data)
    options.out.mkdir(parents=True, exist_ok=True)
    if options.table:
        write(options.table, options.out, data.flags, data.group, data.used, options.seeds)
        return
    encoders = dict.fromkeys((v.encoder, v.query) for v in VARIANTS if v.encoder)
    forests = dict.fromkeys(v.trees for v in VARIANTS if v.trees)
    for seed in range(1, options.seeds + 1):
        for held_out in range(GROUPS):
            jobs = {tree_path(options.out, patterns, held_out, seed): (tree_logits, data, config, patterns) for patterns in forests}
            for encoder, query in encoders:
                jobs[network_path(options.out, encoder, query, held_out, seed)] = (network_logits, encoder, query, data, config, options.out)
            for path, (make, *arguments) in jobs.items():
                if not path.exists():
                    np.save(path, make(*arguments, held_out, seed))
                    print(path.stem, flush=True)


if __name__ == "__main__":
    main()
