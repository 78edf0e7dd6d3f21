"""Losses; unknown labels count for nothing."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from efficientecg_training.tasks import BEAT, RHYTHM, STATEMENT, SUPERCLASS

RHYTHM_WEIGHT = (1.0, 1.6, 1.2, 1.6)
BEAT_WEIGHT = (1.0, 3.0, 1.0, 1.5, 1.0)
SMOOTHING = 0.05


def record_loss(logits: Tensor, rhythm: Tensor, flags: Tensor | None) -> Tensor:
    """Cross-entropy of the rhythm plus binary cross-entropy of superclasses and statements (`flags`, NaN = unknown)."""
    loss = softmax_loss(logits[:, RHYTHM.outputs], rhythm, RHYTHM_WEIGHT)
    if flags is None:
        return loss
    first = SUPERCLASS.size
    superclass = masked_loss(logits[:, SUPERCLASS.outputs], flags[:, :first])
    return 0.5 * loss + 3.0 * superclass + 3.0 * masked_loss(logits[:, STATEMENT.outputs], flags[:, first:])


def masked_loss(logits: Tensor, flags: Tensor) -> Tensor:
    """Mean binary cross-entropy over the flags that are known."""
    known = torch.isfinite(flags)
    loss = functional.binary_cross_entropy_with_logits(logits, torch.nan_to_num(flags), reduction="none")
    return (loss * known).sum() / known.sum().clamp(min=1)


def beat_loss(logits: Tensor, label: Tensor) -> Tensor:
    """Weighted cross-entropy; `logits` `[N, 5]`."""
    return softmax_loss(logits[:, BEAT.outputs], label, BEAT_WEIGHT)


def softmax_loss(logits: Tensor, label: Tensor, weight: tuple[float, ...]) -> Tensor:
    """Weighted, smoothed cross-entropy over the rows whose label is known."""
    known = label >= 0
    if not known.any():
        return logits.sum() * 0.0
    return functional.cross_entropy(logits[known], label[known], weight=torch.tensor(weight), label_smoothing=SMOOTHING)
