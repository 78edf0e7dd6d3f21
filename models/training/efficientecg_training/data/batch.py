"""One batch of network input and its labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


@dataclass(frozen=True)
class Batch:
    """Arrays as in `models/README.md`; labels -1 or NaN where unknown."""

    signal: NDArray[np.float32]
    lead_ids: NDArray[np.int64]
    token_mask: NDArray[np.float32]
    features: NDArray[np.float32]
    feature_mask: NDArray[np.float32]
    label: NDArray[np.int64]
    """Class of the softmax task, `[N]`."""
    flags: NDArray[np.float32] | None = None
    """All sigmoid classes, or none in this batch."""

    def inputs(self) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """The graph's inputs. A masked token's samples are zeroed by the network itself."""
        return (
            torch.from_numpy(np.ascontiguousarray(self.signal)),
            torch.from_numpy(np.ascontiguousarray(self.lead_ids)),
            torch.from_numpy(np.ascontiguousarray(self.token_mask)),
            torch.from_numpy(self.features * self.feature_mask),
            torch.from_numpy(self.feature_mask),
        )

    def all_valid(self) -> bool:
        return bool(self.token_mask.min() == 1.0)
