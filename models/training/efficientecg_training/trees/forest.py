"""Boosted trees as tensor operations, with what each feature adds to each class's logit."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from efficientecg_training.trees.table import ForestTable

class Depth(NamedTuple):
    """The splits at one depth of all trees, `[S]` each."""

    index: Tensor
    threshold: Tensor
    share_left: Tensor
    if_left: Tensor
    if_right: Tensor
    way: Tensor
    """Which way of the depth above leads there: the splits' left ways, then their right ways."""


class Forest(nn.Module):
    """`forward` gives `[N, C, F]`: what each feature adds to the logit of each of the forest's classes.

    Each split shares the difference between its children's means with its feature: what the splits of a path add up to is the value of
    its leaf. Where a feature is not known both ways are taken, each in the share of the training records that went there: then the split
    adds nothing, and the answer is the mean over what the feature could be. All trees are padded to one size; the padding is not computed.

    Computed a depth at a time, all trees together: the share of a record that reaches a split is the share that reaches its parent, times
    that of the way taken there. That is one gather and one product a depth, however many trees there are.
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
        self.depths: list[Depth] = []
        for name in ("start", "end"):
            self.register_buffer(name, torch.zeros(classes * features, dtype=torch.int64), persistent=False)
        self.order = torch.zeros(0, dtype=torch.int64)

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
        """Works out which splits lie at which depth, and in which order they lie by class and feature."""
        below = self.path != 0  # [trees, nodes, leaves]
        size = below.sum(dim=2)  # leaves below each split
        some_leaf = below.to(torch.int8).argmax(dim=2)  # [trees, nodes]
        # Splits on the way to that leaf, by their size: those with more leaves than this one are above it, the smallest is the parent.
        on_way = torch.take_along_dim(below, some_leaf.unsqueeze(1), dim=2)  # [trees, nodes above, nodes]
        above = on_way & (size.unsqueeze(2) > size.unsqueeze(1))
        parent = torch.where(above, size.unsqueeze(2), size.max() + 1).argmin(dim=1)  # [trees, nodes]
        depth = torch.where(size > 0, above.sum(dim=1), -1)
        self.depths = []
        places, earlier = [], torch.zeros_like(size)
        for level in range(int(depth.max()) + 1):
            tree, node = torch.nonzero(depth == level, as_tuple=True)
            above_it = parent[tree, node]
            right = self.path[tree, above_it, some_leaf[tree, node]] < 0
            width = len(self.depths[-1].index) if self.depths else 0
            values = (values[tree, node] for values in (self.index, self.threshold, self.share_left, self.if_left, self.if_right))
            self.depths.append(Depth(*values, way=earlier[tree, above_it] + right * width))
            places.append(self.of_class[tree] * self.features + self.index[tree, node])
            earlier[tree, node] = torch.arange(len(tree))
        place = torch.cat(places) if places else torch.zeros(0, dtype=torch.int64)
        self.order = torch.argsort(place, stable=True)
        all_places = torch.arange(self.classes * self.features)
        self.start.copy_(torch.searchsorted(place[self.order], all_places, side="left"))
        self.end.copy_(torch.searchsorted(place[self.order], all_places, side="right"))
        return self

    @torch.no_grad()
    def scale(self, by: Tensor) -> None:
        """Multiplies what is added to each class, `[C]`."""
        for values in (self.if_left, self.if_right):
            values.mul_(by[self.of_class].unsqueeze(1))
        self.arrange()

    def numbers(self) -> int:
        """How many fitted numbers it holds: a feature and a threshold a split, a value a leaf."""
        used = self.path != 0
        return 2 * int(used.any(dim=2).sum()) + int(used.any(dim=1).sum())

    def forward(self, features: Tensor, feature_mask: Tensor) -> Tensor:
        """`features`, `feature_mask` `[N, F]`, normalised, mask 1 = known."""
        reached: Tensor | None = None
        ways = torch.zeros(0)
        added = []
        for depth in self.depths:
            known = torch.index_select(feature_mask, 1, depth.index)  # [N, splits of this depth]
            below = (torch.index_select(features, 1, depth.index) <= depth.threshold).to(features.dtype)
            left = known * below + (1.0 - known) * depth.share_left
            right = 1.0 - left
            reached = torch.ones_like(left) if reached is None else torch.index_select(ways, 1, depth.way)
            added.append(reached * known * (left * depth.if_left + right * depth.if_right))
            ways = torch.cat([reached * left, reached * right], dim=1)
        # Sum by class and feature: in order of both, running sums, differences at the borders. Smaller and faster than a product with a
        # matrix of zeros and ones.
        running = torch.cumsum(torch.index_select(torch.cat(added, dim=1), 1, self.order), dim=1)
        running = torch.cat([torch.zeros_like(running[:, :1]), running], dim=1)
        sums = torch.index_select(running, 1, self.end) - torch.index_select(running, 1, self.start)
        return sums.reshape(-1, self.classes, self.features)
