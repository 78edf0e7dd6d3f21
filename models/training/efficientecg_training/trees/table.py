"""A fitted forest as arrays: the same for every library that could have fitted it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass
class Tree:
    """One tree; node and leaf numbers are places in the lists. A child is a node (0 or more) or leaf `-1 - number`."""

    feature: list[int]
    threshold: list[float]
    children: list[tuple[int, int]]
    value: list[float]
    weight: list[float]
    """Training records in each leaf."""

    @classmethod
    def leaf(cls, value: float) -> Tree:
        """A tree that asks nothing."""
        return cls([], [], [], [value], [1.0])

    @classmethod
    def of_lightgbm(cls, structure: dict[str, Any]) -> Tree:
        """From `Booster.dump_model()["tree_info"][i]["tree_structure"]`; numerical splits only."""
        tree = cls([], [], [], [], [])

        def walk(node: dict[str, Any]) -> int:
            if "split_feature" not in node:
                tree.value.append(float(node["leaf_value"]))
                tree.weight.append(float(node.get("leaf_count", 1)))
                return -len(tree.value)
            if node["decision_type"] != "<=":
                raise ValueError(f"only numerical splits can be exported, not {node['decision_type']}")
            place = len(tree.feature)
            tree.feature.append(int(node["split_feature"]))
            tree.threshold.append(float(node["threshold"]))
            tree.children.append((0, 0))
            tree.children[place] = (walk(node["left_child"]), walk(node["right_child"]))
            return place

        walk(structure)
        return tree


@dataclass
class ForestTable:
    """Trees of all classes, padded to one size; see `Forest` for the meaning."""

    classes: int
    trees: int
    """Trees a class."""
    leaves: int
    features: int
    index: NDArray[np.int64]
    threshold: NDArray[np.float32]
    share_left: NDArray[np.float32]
    if_left: NDArray[np.float32]
    if_right: NDArray[np.float32]
    path: NDArray[np.int8]
    base: NDArray[np.float32]
    """Mean of each class's trees over the training records: its logit where nothing is known."""

    @classmethod
    def of(cls, by_class: list[list[Tree]], features: int) -> ForestTable:
        """Every class needs the same number of trees."""
        trees = max(len(trees) for trees in by_class)
        leaves = max(2, max(len(tree.value) for trees in by_class for tree in trees))
        classes, nodes = len(by_class), leaves - 1
        out = cls(
            classes, trees, leaves, features, np.zeros((classes, trees, nodes), np.int64), np.zeros((classes, trees, nodes), np.float32),
            np.full((classes, trees, nodes), 0.5, np.float32), np.zeros((classes, trees, nodes), np.float32),
            np.zeros((classes, trees, nodes), np.float32), np.zeros((classes * trees, nodes, leaves), np.int8), np.zeros(classes, np.float64),
        )
        for c, members in enumerate(by_class):
            for t, tree in enumerate(members):
                out._add(c, t, tree)
        return out

    def _add(self, c: int, t: int, tree: Tree) -> None:
        def mean_of(place: int, way: list[tuple[int, int]]) -> tuple[float, float]:
            """Mean value and weight below `place`; writes what the splits below it add."""
            if place < 0:
                leaf = -1 - place
                for node, side in way:
                    self.path[c * self.trees + t, node, leaf] = side
                return tree.value[leaf], max(tree.weight[leaf], 1e-9)
            left, right = tree.children[place]
            left_mean, left_weight = mean_of(left, [*way, (place, 1)])
            right_mean, right_weight = mean_of(right, [*way, (place, -1)])
            share = left_weight / (left_weight + right_weight)
            mean = share * left_mean + (1.0 - share) * right_mean
            self.index[c, t, place] = tree.feature[place]
            # The largest 32-bit float that is not above the threshold: inputs are 32-bit floats.
            value = np.float32(tree.threshold[place])
            self.threshold[c, t, place] = value if float(value) <= tree.threshold[place] else np.nextafter(value, np.float32(-np.inf))
            self.share_left[c, t, place] = share
            self.if_left[c, t, place], self.if_right[c, t, place] = left_mean - mean, right_mean - mean
            return mean, left_weight + right_weight

        self.base[c] += mean_of(0 if tree.feature else -1, [])[0]

    def buffers(self) -> dict[str, NDArray]:
        """Values of `Forest`'s buffers by name."""
        nodes = self.leaves - 1
        size = self.trees * nodes
        order, start, end = [], [], []
        for c in range(self.classes):
            of = self.index[c].reshape(-1)
            sorted_places = np.argsort(of, kind="stable")
            order.append(c * size + sorted_places)
            start.append(c * (size + 1) + np.searchsorted(of[sorted_places], np.arange(self.features), side="left"))
            end.append(c * (size + 1) + np.searchsorted(of[sorted_places], np.arange(self.features), side="right"))
        flat = {name: getattr(self, name).reshape(-1) for name in ("index", "threshold", "share_left", "if_left", "if_right")}
        return {
            **flat, "path": self.path, "base": self.base.astype(np.float32), "order": np.concatenate(order), "start": np.concatenate(start),
            "end": np.concatenate(end),
        }
