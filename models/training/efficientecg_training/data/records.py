"""Records for the record model: everything in memory once, and batches without padding (one length and one lead count a batch)."""

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
from efficientecg_training.tasks import RHYTHM, SUPERCLASS

EIGHT = [LEADS.index(name) for name in ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")]
MANY = 8
"""From this many leads on the superclasses are trained."""
NORMAL = RHYTHM.codes.index("N")
CROP = 504
"""Samples of a crop of a 12-lead record."""
CROP_STEP = 200
"""Lengths of crops and of padded evaluation batches are multiples of this many samples."""
SETS = ("cinc2017", "ptbxl", "ludb")
PEOPLE = ("age_years", "sex_male")
VIEWS = ("all", "no_person", "none")
"""How much of the features a training record shows: all, all but age and sex, none."""
VIEW_SHARES = (0.5, 0.2, 0.3)


@dataclass
class Record:
    """One record as the network takes it."""

    set: str
    name: str
    group: int
    signal: NDArray[np.float32]
    """`[L, T]`, clean."""
    mask: NDArray[np.float32]
    """`[L, K]`"""
    lead_ids: NDArray[np.int64]
    rhythm: int
    flags: NDArray[np.float32]
    """Superclasses, then statements; NaN = unknown."""
    raw: dict[str, float | None]
    """Features as measured."""
    fold: int = 0
    features: NDArray[np.float32] | None = None
    known: NDArray[np.float32] | None = None

    @property
    def superclass(self) -> NDArray[np.float32]:
        return self.flags[: SUPERCLASS.size]


def load(prepared_folder: Path, data: Path, config: Config, sets: tuple[str, ...] = SETS) -> list[Record]:
    """All labelled records of the sets. A recording without a label, or shorter than the card's `min_s`, is left out."""
    out = []
    for name in sets:
        known = getattr(labels, name)(data)
        fold = folds.read(name) if name != "ptbxl" else {key: entry.fold for key, entry in known.items()}
        for entry in prepared.read(prepared_folder / name, config.input.rate_hz):
            label = known.get(entry.name)
            if label is None or entry.signal.shape[1] < config.input.min_s * config.input.rate_hz:
                continue
            longest = int(config.input.max_s * config.input.rate_hz)
            signal, mask = prepared.clean(entry.signal[:, :longest], config.network.hop, config.input.clip_mv)
            if mask.max() == 0:
                continue
            out.append(
                Record(
                    name, entry.name, folds.group_of(fold[entry.name]), signal, mask,
                    np.asarray([prepared.lead_number(lead) for lead in entry.leads], dtype=np.int64),
                    label.rhythm, np.concatenate([label.superclass, label.statement]), {**entry.features, **label.person}, fold[entry.name],
                )
            )
    return out


def normalise(records: list[Record], normalisation: feature_table.Normalisation) -> None:
    """Sets every record's normalised features and mask."""
    values = feature_table.table((record.raw for record in records), normalisation.names)
    features, known = normalisation.apply(values)
    for record, x, m in zip(records, features, known, strict=True):
        record.features, record.known = x, m


def view_masks(names: list[str]) -> dict[str, NDArray[np.float32]]:
    """For each view, which features it shows, `[F]`."""
    person = np.isin(names, PEOPLE).astype(np.float32)
    return {"all": np.ones_like(person), "no_person": 1.0 - person, "none": np.zeros_like(person)}


class RecordBatches:
    """Shuffled, augmented training batches, an epoch at a time; the same for the same seed and epoch."""

    def __init__(self, records: list[Record], config: Config, seed: int, names: list[str]) -> None:
        self.config, self.seed = config, seed
        self.single = [record for record in records if record.signal.shape[0] == 1]
        self.many = [record for record in records if record.signal.shape[0] >= MANY]
        self.shown = view_masks(names)

    def epoch(self, number: int) -> Iterator[Batch]:
        """Batches of epoch `number`."""
        rng = np.random.default_rng((self.seed, number))
        plans = self._single_plans(rng) + self._many_plans(rng) + self._few_plans(rng)
        for i in rng.permutation(len(plans)):
            chosen, leads, samples = plans[i]
            yield self._batch(chosen, leads, samples, rng)

    def _single_plans(self, rng: np.random.Generator) -> list[tuple[list[Record], int, int]]:
        """CinC 2017: records of about the same length together; each batch draws the length of its crop, 6 to 16 s. Of the normal
        ones, a part is drawn anew each epoch."""
        size, rate = self.config.train.batch["single_lead"], self.config.input.rate_hz
        normal = [record for record in self.single if record.rhythm == NORMAL]
        drawn = rng.permutation(len(normal))[: self.config.train.batch["normals_per_epoch"]]
        pool = [record for record in self.single if record.rhythm != NORMAL] + [normal[i] for i in drawn]
        length = np.asarray([record.signal.shape[1] for record in pool]) * rng.uniform(0.9, 1.1, len(pool))
        order = np.argsort(length, kind="stable")
        plans = []
        for start in range(0, len(order), size):
            chosen = [pool[i] for i in order[start : start + size]]
            wanted = int(rng.choice([6.0, 8.0, 8.0, 10.0, 12.0, 16.0]) * rate)
            samples = min([wanted] + [record.signal.shape[1] for record in chosen])
            # Few different lengths: the convolution library compiles anew for each.
            plans.append((chosen, 1, samples // CROP_STEP * CROP_STEP))
        return plans

    def _many_plans(self, rng: np.random.Generator) -> list[tuple[list[Record], int, int]]:
        """12-lead records once an epoch, mostly crops of the eight independent leads: beats repeat, and half the time teaches as much."""
        size = self.config.train.batch["many_leads"]
        order = rng.permutation(len(self.many))
        plans = []
        for start in range(0, len(order), size):
            chosen = [self.many[i] for i in order[start : start + size]]
            leads = int(rng.choice([12, 8, 8, 8, 8, 8]))
            whole = min(record.signal.shape[1] for record in chosen)
            plans.append((chosen, leads, whole if rng.random() < 0.25 else min(CROP, whole)))
        return plans

    def _few_plans(self, rng: np.random.Generator) -> list[tuple[list[Record], int, int]]:
        """Rhythm from one to three leads of 12-lead records, rare rhythms drawn more often."""
        labelled = [record for record in self.many if record.rhythm >= 0]
        if not labelled:
            return []
        rhythm = np.asarray([record.rhythm for record in labelled])
        weight = 1.0 / np.sqrt(np.bincount(rhythm, minlength=4)[rhythm])
        plans = []
        for leads in (1, 1, 2, 3, 2, 1):
            chosen = [labelled[i] for i in rng.choice(len(labelled), 64, p=weight / weight.sum())]
            plans.append((chosen, leads, min(record.signal.shape[1] for record in chosen)))
        return plans

    def _batch(self, records: list[Record], leads: int, samples: int, rng: np.random.Generator) -> Batch:
        settings, hop = self.config.train.augment, self.config.network.hop
        signals, masks, ids = [], [], []
        for record in records:
            rows = self._rows(record, leads, rng)
            start = int(rng.integers(0, (record.signal.shape[1] - samples) // hop + 1)) * hop
            signals.append(record.signal[rows, start : start + samples])
            masks.append(record.mask[rows, start // hop : (start + samples) // hop])
            ids.append(record.lead_ids[rows])
        signal = augment.amplify(np.stack(signals), rng, settings)
        lead_ids = np.stack(ids)
        if leads == 1:
            # A hand-held lead is about lead I, but it may be held anywhere and either way round.
            lead_ids = np.where(lead_ids == augment.OTHER, rng.choice([0, 0, 1, augment.OTHER, augment.OTHER], lead_ids.shape), lead_ids)
            signal = signal * np.where(rng.random((len(records), 1, 1)) < settings["invert_single"], -1, 1).astype(np.float32)
        lead_ids = augment.forget_leads(lead_ids, rng, settings)
        mask = np.stack(masks)
        if rng.random() < settings["mask_stretch"] * 2:
            mask = augment.mask_stretch(mask, rng, 0.5)
        # With few leads most measurements could not have been made.
        shares = VIEW_SHARES if leads >= MANY or signals[0].shape[0] == records[0].signal.shape[0] else (0.4, 0.0, 0.6)
        views = rng.choice(len(VIEWS), len(records), p=shares)
        known = np.stack([record.known * self.shown[VIEWS[view]] for record, view in zip(records, views, strict=True)])
        known = known * (rng.random(known.shape) >= settings["feature_drop"])
        return Batch(
            signal, lead_ids, mask, np.stack([record.features for record in records]), known.astype(np.float32),
            np.asarray([record.rhythm for record in records], dtype=np.int64),
            np.stack([record.flags for record in records]) if leads >= MANY else None,
        )

    def _rows(self, record: Record, leads: int, rng: np.random.Generator) -> NDArray[np.int64]:
        """Which leads of the record to use; eight are the independent ones."""
        total = record.signal.shape[0]
        if leads == total:
            return np.arange(total)
        if leads < MANY:
            return rng.choice(total, leads, replace=False)
        return np.asarray([int(np.flatnonzero(record.lead_ids == lead)[0]) for lead in EIGHT])


def evaluation_batch(records: list[Record], leads: list[int] | None = None) -> Batch:
    """Whole records, with all their leads or those with the given numbers; padded with masked tokens, which
    change nothing. All records have the same number of leads."""
    hop = records[0].signal.shape[1] // records[0].mask.shape[1]
    cut = []
    for record in records:
        rows = np.arange(len(record.lead_ids)) if leads is None else np.flatnonzero(np.isin(record.lead_ids, leads))
        cut.append((record.signal[rows], record.mask[rows], record.lead_ids[rows]))
    longest = -(-max(signal.shape[1] for signal, _, _ in cut) // CROP_STEP) * CROP_STEP
    return Batch(
        np.stack([np.pad(signal, ((0, 0), (0, longest - signal.shape[1]))) for signal, _, _ in cut]),
        np.stack([ids for _, _, ids in cut]),
        np.stack([np.pad(mask, ((0, 0), (0, longest // hop - mask.shape[1]))) for _, mask, _ in cut]),
        np.stack([record.features for record in records]),
        np.stack([record.known for record in records]),
        np.asarray([record.rhythm for record in records]),
        np.stack([record.flags for record in records]),
    )


def evaluation_groups(records: list[Record], size: int) -> Iterator[list[int]]:
    """Row numbers of records of the same lead count and about the same length, at most `size` together."""
    keys = [(record.signal.shape[0], record.signal.shape[1]) for record in records]
    order = sorted(range(len(records)), key=keys.__getitem__)
    for leads in sorted({key[0] for key in keys}):
        rows = [i for i in order if keys[i][0] == leads]
        for start in range(0, len(rows), size):
            yield rows[start : start + size]


def counts(records: list[Record]) -> dict[str, int]:
    """Records by set."""
    return {name: sum(record.set == name for record in records) for name in SETS}
