"""Boosted trees as tensor operations, with what each feature adds to each class's logit."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from efficientecg_training.trees.table import ForestTable

FLOOR = 1e-30
"""Stands for probability 0 in the logarithm; its exponential is 0 beside anything that matters."""


class Forest(nn.Module):
    """`forward` gives `[N, C, F]`: what each feature adds to the logit of each of the forest's classes.

    Each split shares the difference between its children's means with its feature: what the splits of a path add up to is the value of
    its leaf. Where a feature is not known both ways are taken, each in the share of the training records that went there: then the split
    adds nothing, and the answer is the mean over what the feature could be. All trees are padded to one size.
    """

    def __init__(self, classes: int, trees: int, leaves: int, features: int) -> None:
        super().__init__()
        nodes = leaves - 1
        self.classes, self.features = classes, features
        self.shape = (classes * trees, nodes, leaves)
        # Buffers: they are fitted by LightGBM, not by gradient descent.
        self.register_buffer("index", torch.zeros(classes * trees * nodes, dtype=torch.int64))
        self.register_buffer("threshold", torch.zeros(classes * trees * nodes))
        self.register_buffer("share_left", torch.full((classes * trees * nodes,), 0.5))
        self.register_buffer("if_left", torch.zeros(classes * trees * nodes))
        self.register_buffer("if_right", torch.zeros(classes * trees * nodes))
        self.register_buffer("path", torch.zeros(self.shape, dtype=torch.int8))
        self.register_buffer("base", torch.zeros(classes))
        self.register_buffer("order", torch.zeros(classes * trees * nodes, dtype=torch.int64))
        self.register_buffer("start", torch.zeros(classes * features, dtype=torch.int64))
        self.register_buffer("end", torch.zeros(classes * features, dtype=torch.int64))

    @classmethod
    def of(cls, table: ForestTable) -> Forest:
        """The forest of a fitted table."""
        out = cls(table.classes, table.trees, table.leaves, table.features)
        for name, values in table.buffers().items():
            getattr(out, name).copy_(torch.from_numpy(values))
        return out

    @classmethod
    def like(cls, state: dict[str, Tensor], prefix: str) -> Forest:
        """An empty forest of the shape that a state dictionary holds under `prefix`, to load it into."""
        trees, _, leaves = state[f"{prefix}path"].shape
        classes = state[f"{prefix}base"].shape[0]
        return cls(classes, trees // classes, leaves, state[f"{prefix}start"].shape[0] // classes)

    @torch.no_grad()
    def scale(self, by: Tensor) -> None:
        """Multiplies what is added to each class, `[C]`."""
        for values in (self.if_left, self.if_right):
            values.reshape(self.classes, -1).mul_(by.unsqueeze(1))

    def numbers(self) -> int:
        """How many fitted numbers it holds: a feature and a threshold a split, a value a leaf."""
        used = self.path != 0
        return 2 * int(used.any(dim=2).sum()) + int(used.any(dim=1).sum())

    def forward(self, features: Tensor, feature_mask: Tensor) -> Tensor:
        """`features`, `feature_mask` `[N, F]`, normalised, mask 1 = known."""
        trees, nodes, _ = self.shape
        known = torch.index_select(feature_mask, 1, self.index)  # [N, trees * nodes]
        below = (torch.index_select(features, 1, self.index) <= self.threshold).to(features.dtype)
        left = known * below + (1.0 - known) * self.share_left
        path = self.path.to(features.dtype)
        went_left, went_right = torch.relu(path), torch.relu(-path)  # [trees, nodes, leaves]
        # Trees first: one product a tree for all rows together.
        log_left = torch.log(left.clamp(min=FLOOR)).reshape(-1, trees, nodes).permute(1, 0, 2)
        log_right = torch.log((1.0 - left).clamp(min=FLOOR)).reshape(-1, trees, nodes).permute(1, 0, 2)
        leaf = torch.exp(torch.matmul(log_left, went_left) + torch.matmul(log_right, went_right))  # [trees, N, leaves]
        reached = torch.matmul(leaf, (went_left + went_right).permute(0, 2, 1)).permute(1, 0, 2).reshape(-1, trees * nodes)
        added = reached * known * (left * self.if_left + (1.0 - left) * self.if_right)
        # Sum by class and feature: in order of both, running sums, differences at the borders. Smaller and faster than a product with a
        # matrix of zeros and ones.
        ordered = torch.index_select(added, 1, self.order).reshape(-1, self.classes, trees // self.classes * nodes)
        running = torch.cumsum(ordered, dim=2)
        running = torch.cat([torch.zeros_like(running[:, :, :1]), running], dim=2).reshape(-1, self.classes * (trees // self.classes * nodes + 1))
        sums = torch.index_select(running, 1, self.end) - torch.index_select(running, 1, self.start)
        return sums.reshape(-1, self.classes, self.features)
