"""Trains a wave network."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from efficientecg_training.network.blocks import freeze_norms
from efficientecg_training.training.loop import Average, load_checkpoint, optimiser, rate_at, save_checkpoint
from efficientecg_training.waves import augment, decode, score, simulate
from efficientecg_training.waves.data import RATE_HZ, UNKNOWN, Marked, waves
from efficientecg_training.waves.config import WaveConfig
from efficientecg_training.waves.network import HOP, WaveNet

CROP = 1024
"""Samples a training example has (4.1 s)."""
LEADS = (12, 12, 12, 8, 3, 2, 1, 1)
"""Numbers of leads in turn."""

Source = Callable[[np.random.Generator], tuple[np.ndarray, np.ndarray, np.ndarray]]
"""Makes one example: signal `[leads, CROP]`, label, lead numbers (twelve leads)."""


def real(records: list[Marked]) -> Source:
    """Crops of recordings, stretched in time."""

    def one(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        record = records[int(rng.integers(len(records)))]
        factor = float(np.exp(np.clip(rng.normal(0, 0.18), -0.5, 0.5))) if rng.random() < 0.6 else 1.0
        need = CROP / factor
        start = rng.uniform(-200, max(1.0, record.signal.shape[1] - need + 200))
        signal, label = augment.stretch(record.signal, record.label, factor, start, CROP)
        return signal, label, record.lead_ids

    return one


def batch(sources: list[tuple[float, Source]], size: int, leads: int, rng: np.random.Generator) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Signal, lead numbers, mask and label of `size` examples with `leads` leads."""
    signals, ids, masks, labels = [], [], [], []
    shares = np.array([s for s, _ in sources])
    for _ in range(size):
        signal, label, own = sources[int(rng.choice(len(sources), p=shares / shares.sum()))][1](rng)
        rows, told = augment.choose_leads(own, rng, leads)
        signal = augment.disturb(signal[rows], rng)
        valid = np.isfinite(signal)
        mask = valid.reshape(leads, -1, HOP).mean(2) >= 0.5
        lab = label[rows].astype(np.int64)
        lab[~np.repeat(mask, HOP, axis=1)] = UNKNOWN
        signals.append(np.clip(np.where(valid, signal, 0), -5, 5))
        ids.append(told)
        masks.append(mask)
        labels.append(lab)
    return (
        torch.from_numpy(np.stack(signals).astype(np.float32)),
        torch.from_numpy(np.stack(ids)),
        torch.from_numpy(np.stack(masks).astype(np.float32)),
        torch.from_numpy(np.stack(labels)),
    )


def loss_of(logits: Tensor, label: Tensor) -> Tensor:
    """Cross-entropy over samples whose class is known; unweighted, since a weight moves every boundary of its class."""
    return nn.functional.cross_entropy(logits.reshape(-1, logits.shape[-1]), label.reshape(-1), ignore_index=UNKNOWN)


def simulated(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A simulated example."""
    return simulate.draw(rng, CROP)


def train(records: list[Marked], config: WaveConfig, leads: int, folder: Path) -> WaveNet:
    """Trains on `records` and simulated ones and returns the averaged model; resumes at `folder/checkpoint.pt`."""
    settings = config.train
    seed, steps, size, peak = settings.seed, settings.steps, settings.leads_per_batch, settings.peak_rate
    sources = [(1.0 - settings.simulated_share, real(records)), (settings.simulated_share, simulated)]
    torch.manual_seed(seed)
    model = WaveNet(config.network, leads)
    folder.mkdir(parents=True, exist_ok=True)
    model.train().to(memory_format=torch.channels_last)
    average = Average(model, settings.average_decay)
    adam = optimiser(model, peak, settings.weight_decay)
    path = folder / "checkpoint.pt"
    first = load_checkpoint(path, model, average, adam)
    started, total = time.monotonic(), 0.0
    for step in range(first, steps):
        if step >= settings.freeze_norm * steps:
            freeze_norms(model)
        rng = np.random.default_rng([seed, step])
        torch.manual_seed(seed * 100_003 + step)
        leads = LEADS[int(rng.integers(len(LEADS)))]
        signal, ids, mask, label = batch(sources, max(2, size // leads), leads, rng)
        for group in adam.param_groups:
            group["lr"] = rate_at(step / steps, peak)
        loss = loss_of(model(signal, ids, mask), label)
        adam.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        adam.step()
        average.update(model)
        total += float(loss.detach())
        if (step + 1) % 100 == 0:
            print(f"step {step + 1}/{steps} loss {total / 100:.4f} seconds {time.monotonic() - started:.0f}", flush=True)
            total = 0.0
        if (step + 1) % 500 == 0 or step + 1 == steps:
            save_checkpoint(path, model, average, adam, step + 1)
    return average.model


@torch.no_grad()
def probabilities(model: nn.Module, signal: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """`[leads, samples, 4]` of one recording (averaged model; norms folded)."""
    model.eval()
    length = signal.shape[1] // HOP * HOP
    x = signal[:, :length]
    valid = np.isfinite(x)
    mask = (valid.reshape(len(x), -1, HOP).mean(2) >= 0.5).astype(np.float32)
    x = np.clip(np.where(valid, x, 0), -5, 5).astype(np.float32)
    logits = model(torch.from_numpy(x)[None], torch.from_numpy(ids)[None], torch.from_numpy(mask)[None])
    return torch.softmax(logits[0], -1).numpy()


def judge(model: nn.Module, records: list[Marked], data: Path) -> score.Score:
    """Against LUDB's marks, all leads together."""
    names = ("i", "ii", "iii", "avr", "avl", "avf", "v1", "v2", "v3", "v4", "v5", "v6")
    result = score.Score()
    for record in records:
        found = probabilities(model, record.signal, record.lead_ids)
        for row, number in enumerate(record.lead_ids):
            truth = [(k, a / 500, b / 500, c / 500) for k, a, b, c in waves(data / "ludb" / record.name, names[number])]
            mine = [(k, a / RATE_HZ, b / RATE_HZ, c / RATE_HZ) for k, a, b, c in decode.runs(found[row], RATE_HZ)]
            result.add(truth, mine)
    return result
