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
        """`trees` of all classes together."""
        super().__init__()
        nodes = leaves - 1
        self.classes, self.features = classes, features
        # Buffers: they are fitted by LightGBM, not by gradient descent.
        self.register_buffer("of_class", torch.zeros(trees, dtype=torch.int64))
        self.register_buffer("index", torch.zeros(trees, nodes, dtype=torch.int64))
        self.register_buffer("threshold", torch.zeros(trees, nodes))
        self.register_buffer("share_left", torch.full((trees, nodes), 0.5))
        self.register_buffer("if_left", torch.zeros(trees, nodes))
        self.register_buffer("if_right", torch.zeros(trees, nodes))
        self.register_buffer("path", torch.zeros((trees, nodes, leaves), dtype=torch.int8))
        self.register_buffer("base", torch.zeros(classes))
        for name, size in (("order", trees * nodes), ("start", classes * features), ("end", classes * features)):
            self.register_buffer(name, torch.zeros(size, dtype=torch.int64), persistent=False)

    @classmethod
    def of(cls, table: ForestTable) -> Forest:
        """The forest of a fitted table."""
        out = cls(table.classes, len(table.index), table.leaves, table.features)
        for name in ("of_class", "index", "threshold", "share_left", "if_left", "if_right", "path", "base"):
            getattr(out, name).copy_(torch.from_numpy(getattr(table, name)))
        return out.arrange()

    @classmethod
    def like(cls, state: dict[str, Tensor], prefix: str, features: int) -> Forest:
        """The forest that a state dictionary holds under `prefix`."""
        trees, _, leaves = state[f"{prefix}path"].shape
        out = cls(state[f"{prefix}base"].shape[0], trees, leaves, features)
        out.load_state_dict({name: state[f"{prefix}{name}"] for name in out.state_dict()})
        return out.arrange()

    def arrange(self) -> Forest:
        """Works out in which order the splits lie by class and feature."""
        place = (self.of_class.unsqueeze(1) * self.features + self.index).reshape(-1)
        self.order.copy_(torch.argsort(place, stable=True))
        all_places = torch.arange(self.classes * self.features)
        self.start.copy_(torch.searchsorted(place[self.order], all_places, side="left"))
        self.end.copy_(torch.searchsorted(place[self.order], all_places, side="right"))
        return self

    @torch.no_grad()
    def scale(self, by: Tensor) -> None:
        """Multiplies what is added to each class, `[C]`."""
        for values in (self.if_left, self.if_right):
            values.mul_(by[self.of_class].unsqueeze(1))

    def numbers(self) -> int:
        """How many fitted numbers it holds: a feature and a threshold a split, a value a leaf."""
        used = self.path != 0
        return 2 * int(used.any(dim=2).sum()) + int(used.any(dim=1).sum())

    def forward(self, features: Tensor, feature_mask: Tensor) -> Tensor:
        """`features`, `feature_mask` `[N, F]`, normalised, mask 1 = known."""
        trees, nodes, leaves = self.path.shape
        index = self.index.reshape(-1)
        known = torch.index_select(feature_mask, 1, index)  # [N, trees * nodes]
        below = (torch.index_select(features, 1, index) <= self.threshold.reshape(-1)).to(features.dtype)
        left = known * below + (1.0 - known) * self.share_left.reshape(-1)
        path = self.path.to(features.dtype)
        ways = torch.cat([torch.relu(path), torch.relu(-path)], dim=1)  # [trees, 2 * nodes, leaves]
        # Trees first: one product a tree for all rows together.
        logs = torch.log(torch.stack([left, 1.0 - left], dim=2).clamp(min=FLOOR)).reshape(-1, trees, nodes, 2)
        logs = logs.permute(1, 0, 3, 2).reshape(trees, -1, 2 * nodes)
        leaf = torch.exp(torch.matmul(logs, ways))  # [trees, N, leaves]
        reached = torch.matmul(leaf, (path * path).permute(0, 2, 1)).permute(1, 0, 2).reshape(-1, trees * nodes)
        added = reached * known * (left * self.if_left.reshape(-1) + (1.0 - left) * self.if_right.reshape(-1))
        # Sum by class and feature: in order of both, running sums, differences at the borders. Smaller and faster than a product with a
        # matrix of zeros and ones.
        running = torch.cumsum(torch.index_select(added, 1, self.order), dim=1)
        running = torch.cat([torch.zeros_like(running[:, :1]), running], dim=1)
        sums = torch.index_select(running, 1, self.end) - torch.index_select(running, 1, self.start)
        return sums.reshape(-1, self.classes, self.features)
