"""From prepared data to a finished run, for either kind of model: trees first, then the network beside them."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path

import numpy as np
import torch

from efficientecg_training import features, runs
from efficientecg_training.config import Config
from efficientecg_training.data import beats, records
from efficientecg_training.data.own import Own
from efficientecg_training.training import familiar, forests, loop, losses


def fit(
    config: Config, prepared: Path, data: Path, folder: Path, held_out: int | None, command: str, sets: tuple[str, ...] = records.SETS,
    own: tuple[Own, ...] = (),
) -> None:
    """Trains on everything but the held-out group (records) or fold (beats) and writes the run into `folder`. `sets` and `own` name the
    record model's data."""
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "run.json").exists():
        print(f"{folder}: already finished")
        return
    torch.manual_seed(config.train.seed)
    started = time.monotonic()
    if config.kind == "record":
        infos = features.read_infos(prepared / (sets[0] if sets else own[0].name))
        names = features.matching(infos, config.input.features)
        chosen = [record for record in records.load(prepared, data, config, sets, own) if record.group != held_out]
        normalisation = features.Normalisation.fit(names, infos, features.table((record.raw for record in chosen), names))
        records.normalise(chosen, normalisation)
        tables = forests.of_records(chosen, config)
        batches: loop.Batches = records.RecordBatches(chosen, config, config.train.seed, names)
        counts = records.counts(chosen)

        def kinds():
            return familiar.of_records(chosen)

        def loss_of(logits, batch):
            flags = None if batch.flags is None else torch.from_numpy(batch.flags)
            return losses.record_loss(logits, torch.from_numpy(batch.label), flags)

    else:
        infos = features.read_infos(prepared / "mitdb", of_beats=True)
        names = features.matching(infos, config.input.features)
        table = beats.load(prepared, config, names, "ml")
        table = table.rows(table.fold != held_out) if held_out is not None else table
        normalisation = features.Normalisation.fit(names, infos, table.raw)
        table.normalise(normalisation)
        tables = forests.of_beats(table, config, names)
        batches = beats.BeatBatches(table, config, config.train.seed, names)
        counts = {"mitdb": len(np.unique(table.record))}

        def kinds():
            return familiar.of_beats(table, config)

        def loss_of(logits, batch):
            return losses.beat_loss(logits, torch.from_numpy(batch.label))

    print(f"{config.name}: training on {counts}, {len(names)} features, held out: {held_out}", flush=True)
    print(f"trees after {time.monotonic() - started:.0f} s", flush=True)
    model = runs.network(config, len(names))
    trained = loop.train(model, batches, loss_of, config.train, folder, lambda line: print(line, flush=True))
    trained.with_forests(tables)
    familiar.fit(trained, kinds())
    run = runs.Run(
        normalisation, counts, held_out, command, config.train.epochs, round(time.monotonic() - started, 1), time.strftime("%Y-%m-%d")
    )
    run.save(folder, trained)


def with_epochs(config: Config, epochs: int | None) -> Config:
    """The configuration with another number of epochs."""
    return config if epochs is None else dataclasses.replace(config, train=dataclasses.replace(config.train, epochs=epochs))
