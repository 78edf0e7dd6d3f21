"""The training loop: AdamW, one-cycle learning rate, averaged weights, a checkpoint after every epoch from which it resumes."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor, nn

from efficientecg_training.config import TrainConfig
from efficientecg_training.data.batch import Batch
from efficientecg_training.network.blocks import freeze_norms

WARM_UP = 0.15
"""Share of the training in which the learning rate rises."""


class Batches(Protocol):
    """Source of training batches."""

    def epoch(self, number: int) -> Iterator[Batch]: ...


def rate_at(progress: float, peak: float) -> float:
    """Learning rate after the share `progress` (0 to 1) of the training: linear up, cosine down to 1/100 of the peak."""
    if progress < WARM_UP:
        return peak * (0.05 + 0.95 * progress / WARM_UP)
    down = (progress - WARM_UP) / (1.0 - WARM_UP)
    return peak * (0.01 + 0.99 * 0.5 * (1.0 + math.cos(math.pi * min(1.0, down))))


def optimiser(model: nn.Module, peak_rate: float, weight_decay: float) -> torch.optim.AdamW:
    """AdamW; weight decay only on the weights of layers (two dimensions or more)."""
    decayed = [p for p in model.parameters() if p.ndim >= 2]
    plain = [p for p in model.parameters() if p.ndim < 2]
    groups = [{"params": decayed, "weight_decay": weight_decay}, {"params": plain, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=peak_rate, betas=(0.9, 0.99))


class Average:
    """Running average of weights and batch-norm statistics."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.model = copy.deepcopy(model).eval().requires_grad_(False)
        self.decay = decay
        self.steps = 0

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        """One step; the first ones weigh more, so that the start is forgotten soon."""
        self.steps += 1
        decay = min(self.decay, self.steps / (self.steps + 9.0))
        for mine, theirs in zip(self.model.state_dict().values(), model.state_dict().values(), strict=True):
            if mine.dtype.is_floating_point:
                mine.lerp_(theirs, 1.0 - decay)
            else:
                mine.copy_(theirs)


def train(
    model: nn.Module,
    batches: Batches,
    loss_of: Callable[[Tensor, Batch], Tensor],
    config: TrainConfig,
    folder: Path,
    log: Callable[[str], None] = print,
) -> nn.Module:
    """Trains for `config.epochs` and returns the averaged model. Takes up at `folder/checkpoint.pt` if there is one."""
    model.train().to(memory_format=torch.channels_last)
    average = Average(model, config.average_decay)
    adam = optimiser(model, config.peak_rate, config.weight_decay)
    path = folder / "checkpoint.pt"
    first = load_checkpoint(path, model, average, adam)
    if first:
        log(f"resuming after epoch {first}")
    for epoch in range(first, config.epochs):
        torch.manual_seed(config.seed * 1000 + epoch)
        if epoch >= config.freeze_norm * config.epochs:
            freeze_norms(model)
        started, total, count = time.monotonic(), 0.0, 0
        plan = list(batches.epoch(epoch))  # their number sets the pace of the learning rate; an epoch fits into memory
        for i, batch in enumerate(plan):
            rate = rate_at((epoch + i / len(plan)) / config.epochs, config.peak_rate)
            for group in adam.param_groups:
                group["lr"] = rate
            outputs = model(*batch.inputs(), all_valid=batch.all_valid())
            loss = loss_of(outputs.logits, batch)
            adam.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            adam.step()
            average.update(model)
            total += float(loss.detach())
            count += 1
        if not math.isfinite(total):
            raise FloatingPointError(f"the loss became {total} in epoch {epoch + 1}")
        save_checkpoint(path, model, average, adam, epoch + 1)
        log(f"epoch {epoch + 1}/{config.epochs} loss {total / max(1, count):.4f} seconds {time.monotonic() - started:.1f}")
    return average.model


def load_checkpoint(path: Path, model: nn.Module, average: Average, adam: torch.optim.Optimizer) -> int:
    """Takes up what `save_checkpoint` wrote; epochs (or steps) done, 0 where there is nothing."""
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    model.load_state_dict(state["model"])
    average.model.load_state_dict(state["average"])
    average.steps = state["steps"]
    adam.load_state_dict(state["adam"])
    return state["epoch"]


def save_checkpoint(path: Path, model: nn.Module, average: Average, adam: torch.optim.Optimizer, epoch: int) -> None:
    """Writes what a later start needs; `epoch` epochs (or steps) are done."""
    state = {
        "model": model.state_dict(),
        "average": average.model.state_dict(),
        "steps": average.steps,
        "adam": adam.state_dict(),
        "epoch": epoch,
    }
    temporary = path.with_suffix(".tmp")
    torch.save(state, temporary)
    temporary.replace(path)
