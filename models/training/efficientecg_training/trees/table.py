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

    def scaled(self, by: float) -> Tree:
        """The same tree with `by` times its values."""
        return Tree(self.feature, self.threshold, self.children, [by * value for value in self.value], self.weight)

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
    """Trees of all classes, padded to one number of leaves; see `Forest` for the meaning."""

    classes: int
    leaves: int
    features: int
    of_class: NDArray[np.int64]
    """Class of each tree."""
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
        """From each class's trees. Those that ask nothing go into the base."""
        asking = [(c, tree) for c, trees in enumerate(by_class) for tree in trees if tree.feature]
        leaves = max([2, *(len(tree.value) for _, tree in asking)])
        # A tree that adds nothing where there is none: tensors of no size are nobody's friends.
        shape = max(1, len(asking)), leaves - 1
        out = cls(
            len(by_class), leaves, features, np.asarray([c for c, _ in asking] or [0], np.int64), np.zeros(shape, np.int64), np.zeros(shape, np.float32),
            np.full(shape, 0.5, np.float32), np.zeros(shape, np.float32), np.zeros(shape, np.float32), np.zeros((*shape, leaves), np.int8),
            np.asarray([sum(tree.value[0] for tree in trees if not tree.feature) for trees in by_class], np.float32),
        )
        for number, (c, tree) in enumerate(asking):
            out.base[c] += out._add(number, tree)
        return out

    def _add(self, number: int, tree: Tree) -> float:
        """Writes the tree in its place; returns its mean."""

        def mean_of(place: int, way: list[tuple[int, int]]) -> tuple[float, float]:
            """Mean value and weight below `place`; writes what the splits below it add."""
            if place < 0:
                leaf = -1 - place
                for node, side in way:
                    self.path[number, node, leaf] = side
                return tree.value[leaf], max(tree.weight[leaf], 1e-9)
            left, right = tree.children[place]
            left_mean, left_weight = mean_of(left, [*way, (place, 1)])
            right_mean, right_weight = mean_of(right, [*way, (place, -1)])
            share = left_weight / (left_weight + right_weight)
            mean = share * left_mean + (1.0 - share) * right_mean
            self.index[number, place] = tree.feature[place]
            # The largest 32-bit float that is not above the threshold: inputs are 32-bit floats.
            value = np.float32(tree.threshold[place])
            self.threshold[number, place] = value if float(value) <= tree.threshold[place] else np.nextafter(value, np.float32(-np.inf))
            self.share_left[number, place] = share
            self.if_left[number, place], self.if_right[number, place] = left_mean - mean, right_mean - mean
            return mean, left_weight + right_weight

        return mean_of(0, [])[0]
