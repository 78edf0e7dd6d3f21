"""Beats for the beat model: a window around every detected beat, cut from recordings held in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from efficientecg_training import features as feature_table
from efficientecg_training.config import LEADS, Config
from efficientecg_training.data import augment, folds, labels, prepared
from efficientecg_training.data.batch import Batch
from efficientecg_training.data.context import CONTEXT
from efficientecg_training.tasks import BEAT


@dataclass
class BeatTable:
    """All labelled beats of some recordings; row i of every array is beat i."""

    windows: NDArray[np.float32]
    """`[B, L, T]` mV with `MARGIN` more samples on each side, NaN = invalid."""
    lead_ids: NDArray[np.int64]
    raw: NDArray[np.float32]
    """Features as measured, `[B, F]`."""
    label: NDArray[np.int64]
    mnemonic: NDArray[np.str_]
    record: NDArray[np.str_]
    sample: NDArray[np.float64]
    fold: NDArray[np.int64]
    features: NDArray[np.float32] | None = None
    known: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.label)

    def rows(self, chosen: NDArray) -> BeatTable:
        """The beats chosen by number or by mask."""
        return BeatTable(**{key: None if value is None else value[chosen] for key, value in vars(self).items()})

    def normalise(self, normalisation: feature_table.Normalisation) -> None:
        """Sets the normalised features and mask."""
        self.features, self.known = normalisation.apply(self.raw)


MARGIN = 2
"""Samples by which training may shift a window."""


def load(prepared_folder: Path, config: Config, names: list[str], escape_map: str) -> BeatTable:
    """Every beat of `mitdb` that matched a reference annotation and has a class in the map."""
    fold = folds.read("mitdb")
    before, after = (round(x * config.input.rate_hz) for x in (config.input.before_s, config.input.after_s))
    windows, ids, raw, label, mnemonic, records, samples, fold_of = [], [], [], [], [], [], [], []
    for entry in prepared.read(prepared_folder / "mitdb", config.input.rate_hz):
        if entry.name not in fold:
            continue
        # As the application: leads in the card's order of preference, as many as the model takes.
        numbers = np.asarray([prepared.lead_number(lead) for lead in entry.leads])
        order = preferred(numbers)[: config.input.max_leads]
        padded = np.pad(entry.signal[order], ((0, 0), (before + MARGIN, after + MARGIN)), constant_values=np.nan)
        beats = [(beat, labels.beat_class(beat["label"], escape_map)) for beat in entry.beats]
        beats = [(beat, number) for beat, number in beats if number >= 0]
        for beat, number in beats:
            start = int(np.floor(beat["sample"] + 0.5))  # window start, as the padding shifts by before + MARGIN
            windows.append(padded[:, start : start + before + after + 2 * MARGIN])
            label.append(number)
            mnemonic.append(beat["label"])
            samples.append(beat["sample"])
        raw.append(feature_table.table((beat["features"] for beat, _ in beats), names))
        ids += [numbers[order]] * len(beats)
        records += [entry.name] * len(beats)
        fold_of += [fold[entry.name]] * len(beats)
    return BeatTable(
        np.stack(windows), np.stack(ids).astype(np.int64), np.concatenate(raw), np.asarray(label), np.asarray(mnemonic), np.asarray(records),
        np.asarray(samples), np.asarray(fold_of),
    )


def preferred(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows by the beat task's order of preference."""
    rank = {LEADS.index(name): place for place, name in enumerate(BEAT.prefer_leads or ())}
    return np.asarray(sorted(range(len(numbers)), key=lambda row: (rank.get(int(numbers[row]), len(rank)), row)))


VIEWS = ("all", "no_context", "none")
"""How much of the features a training beat shows: all, all but what describes the beats around, none."""
VIEW_SHARES = (0.7, 0.15, 0.15)


def view_masks(names: list[str]) -> dict[str, NDArray[np.float32]]:
    """For each view, which features it shows, `[F]`."""
    context = np.isin(names, CONTEXT).astype(np.float32)
    return {"all": np.ones_like(context), "no_context": 1.0 - context, "none": np.zeros_like(context)}


class BeatBatches:
    """Shuffled, augmented training batches: of the frequent classes as many beats as the configuration says, drawn anew each epoch."""

    def __init__(self, table: BeatTable, config: Config, seed: int, names: list[str]) -> None:
        self.table, self.config, self.seed = table, config, seed
        self.shown = np.stack([view_masks(names)[view] for view in VIEWS])

    def epoch(self, number: int) -> Iterator[Batch]:
        """Batches of epoch `number`; the last incomplete one is left out."""
        rng = np.random.default_rng((self.seed, number))
        size = int(self.config.train.batch["size"])
        parts = []
        for number, code in enumerate(BEAT.codes):
            rows = rng.permutation(np.flatnonzero(self.table.label == number))
            parts.append(rows[: self.config.train.batch.get(f"{code}_per_epoch")])
        order = rng.permutation(np.concatenate(parts))
        for start in range(0, len(order) - size + 1, size):
            yield self._batch(order[start : start + size], rng)

    def _batch(self, chosen: NDArray[np.int64], rng: np.random.Generator) -> Batch:
        settings = self.config.train.augment
        shift = int(rng.integers(-int(settings["shift_samples"]), int(settings["shift_samples"]) + 1))
        leads = np.arange(self.table.windows.shape[1])
        if rng.random() < settings["one_lead"]:
            leads = rng.choice(leads, 1)
        batch = take(self.table, chosen, self.config, shift, leads)
        signal = augment.amplify(batch.signal, rng, settings)
        # Now and then the features must do alone: of 26 recordings the network would rather learn the looks.
        seen = rng.random((len(chosen), 1, 1)) >= settings["signal_drop"]
        view = rng.choice(len(VIEWS), len(chosen), p=VIEW_SHARES)
        known = batch.feature_mask * self.shown[view] * (rng.random(batch.feature_mask.shape) >= settings["feature_drop"])
        return Batch(
            signal, augment.forget_leads(batch.lead_ids, rng, settings), batch.token_mask * seen.astype(np.float32), batch.features,
            known.astype(np.float32), batch.label,
        )


def take(table: BeatTable, chosen: NDArray, config: Config, shift: int = 0, leads: NDArray | None = None) -> Batch:
    """The chosen beats as the graph takes them."""
    cut = table.windows[chosen, :, MARGIN + shift : table.windows.shape[2] - MARGIN + shift]
    ids = table.lead_ids[chosen]
    if leads is not None:
        cut, ids = cut[:, leads], ids[:, leads]
    signal, mask = prepared.clean(cut, config.network.hop, config.input.clip_mv)
    return Batch(signal, ids, mask, table.features[chosen], table.known[chosen], table.label[chosen])
