"""Shows a trained network its training inputs once more, so that it knows what is usual."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch

from efficientecg_training.config import Config
from efficientecg_training.data import beats, records
from efficientecg_training.data.batch import Batch
from efficientecg_training.network.familiarity import mean_token
from efficientecg_training.network.model import EfficientECG

MOST = 1500
"""Inputs of each kind that are looked at."""
SIZE = 32


@torch.no_grad()
def fit(model: EfficientECG, kinds: list[Iterator[Batch]]) -> None:
    """One group a kind of input: one lead, a few, many. A kind with too few inputs takes the first kind's place."""
    groups = []
    for batches in kinds:
        tokens = []
        for batch in batches:
            signal, lead_ids, mask, *_ = batch.inputs()
            tokens.append(mean_token(model.encoder(signal, lead_ids, mask, batch.all_valid()), mask))
        groups.append(torch.cat(tokens) if tokens else None)
    usable = [group for group in groups if group is not None and len(group) > 2]
    model.familiarity.fit([group if group is not None and len(group) > 2 else usable[0] for group in groups])


def of_records(chosen: list[records.Record]) -> list[Iterator[Batch]]:
    """One lead: CinC 2017's. A few and many: PTB-XL's and LUDB's, with one to three and with eight or twelve leads."""
    rng = np.random.default_rng(0)

    def some(wanted: list[records.Record], subsets: list[list[int] | None]) -> Iterator[Batch]:
        picked = [wanted[i] for i in rng.permutation(len(wanted))[:MOST]]
        for number, rows in enumerate(records.evaluation_groups(picked, SIZE)):
            yield records.evaluation_batch([picked[i] for i in rows], subsets[number % len(subsets)])

    single = [record for record in chosen if len(record.lead_ids) == 1]
    many = [record for record in chosen if len(record.lead_ids) == 12]
    few = [[0], [1], [0, 1], [1, 6], [6, 10], [0, 1, 6], [1, 6, 10]]
    return [some(single, [None]), some(many, few), some(many, [None, records.EIGHT])]


def of_beats(table: beats.BeatTable, config: Config) -> list[Iterator[Batch]]:
    """First lead, second lead, both."""
    rng = np.random.default_rng(0)

    def some(leads: list[int]) -> Iterator[Batch]:
        rows = rng.permutation(len(table))[:MOST]
        for start in range(0, len(rows), SIZE):
            yield beats.take(table, rows[start : start + SIZE], config, leads=np.asarray(leads))

    return [some([lead for lead in leads if lead < table.windows.shape[1]]) for leads in ([0], [1], [0, 1])]
