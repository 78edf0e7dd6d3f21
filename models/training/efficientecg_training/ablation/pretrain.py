"""Self-supervised pre-training of the shared encoder: stretches of the signal are hidden, and their course is told from the rest."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from efficientecg_training.config import LEADS, Config
from efficientecg_training.data import augment
from efficientecg_training.network.encoder import Encoder
from efficientecg_training.training.loop import optimiser, rate_at

CROP = 504
"""Samples of a training crop: a whole number of tokens."""
HIDDEN_SHARE = 0.4
HIDDEN_TOKENS = 4
"""Tokens that are hidden together: 0.3 s, about a QRS complex and its ST segment."""
EPOCHS = 8
BATCH = 32
FEW_BATCH = 192
"""Records of one lead in a batch."""

Signals = tuple[NDArray[np.float32], list[int]]
"""Signals `[N, L, T]` of one lead set, and its leads' numbers."""


def encoder(sets: list[Signals], config: Config, path: Path, seed: int = 1) -> dict[str, torch.Tensor]:
    """Weights of an encoder trained on the signals of `sets`, no label seen; kept in `path`."""
    if path.exists():
        return torch.load(path, weights_only=True)
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    network = Encoder(config.network, len(LEADS)).train()
    course = nn.Linear(config.network.width, network.hop)
    both = nn.ModuleList([network, course])
    adam = optimiser(both, config.train.peak_rate, config.train.weight_decay)
    plans = [(number, batch) for _ in range(EPOCHS) for number, batch in _epoch(sets, rng)]
    for step, (number, rows) in enumerate(plans):
        for group in adam.param_groups:
            group["lr"] = rate_at(step / len(plans), config.train.peak_rate)
        signals, ids = sets[number]
        at = int(rng.integers(0, (signals.shape[2] - CROP) // network.hop + 1)) * network.hop
        whole = torch.from_numpy(np.ascontiguousarray(augment.amplify(signals[rows, :, at : at + CROP], rng, config.train.augment), dtype=np.float32))
        hidden = torch.from_numpy(_hidden(rng, *whole.shape[:2], CROP // network.hop))
        shown = whole * (1.0 - hidden.repeat_interleave(network.hop, dim=2))
        tokens = network(shown, torch.tensor(ids).expand(len(rows), -1), torch.ones_like(hidden), True)
        told = course(tokens.permute(0, 2, 3, 1))  # [N, L, K, hop]
        error = functional.smooth_l1_loss(told, whole.reshape(told.shape), reduction="none").mean(dim=3)
        loss = (error * hidden).sum() / hidden.sum()
        adam.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(both.parameters(), 1.0)
        adam.step()
        if step % 50 == 0:
            print(f"{path.stem} {step}/{len(plans)} {loss.item():.4f}", flush=True)
    torch.save(network.state_dict(), path)
    return network.state_dict()


def _epoch(sets: list[Signals], rng: np.random.Generator) -> list[tuple[int, NDArray[np.int64]]]:
    batches = []
    for number, (signals, ids) in enumerate(sets):
        size = BATCH if len(ids) > 1 else FEW_BATCH
        order = rng.permutation(len(signals))
        batches += [(number, order[start : start + size]) for start in range(0, len(order) - size + 1, size)]
    return [batches[i] for i in rng.permutation(len(batches))]


def _hidden(rng: np.random.Generator, records: int, leads: int, tokens: int) -> NDArray[np.float32]:
    """Which tokens are hidden, `[N, L, K]`: in half of the records the same in all leads, in the others each lead its own."""
    stretches = -(-tokens // HIDDEN_TOKENS)
    chosen = rng.random((records, leads, stretches)) < HIDDEN_SHARE
    alike = rng.random(records) < 0.5
    chosen[alike] = chosen[alike][:, :1]
    return np.repeat(chosen, HIDDEN_TOKENS, axis=2)[:, :, :tokens].astype(np.float32)
