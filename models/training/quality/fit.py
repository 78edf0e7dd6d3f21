"""Fits the trees that say whether a 12-lead record is acceptable, and writes them with what cross-validation gives.

fit.py FEATURES.csv QUALITY.csv OUT.json
"""

import csv
import json
import sys

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

REPEATS = 10


def trees(seed):
    return ExtraTreesClassifier(60, min_samples_leaf=2, max_leaf_nodes=40, max_features="sqrt", random_state=seed)


def read(features, quality):
    labels = {row["record"]: row["quality"] == "acceptable" for row in csv.DictReader(open(quality))}
    rows = list(csv.DictReader(open(features)))
    names = [name for name in rows[0] if name != "record"]
    values = np.array([[float(row[name]) for name in names] for row in rows])
    return names, values, np.array([labels[row["record"]] for row in rows]).astype(int)


def numbers(tree):
    """A tree in preorder: feature and threshold of a node (at most: left), or -1 less the probability of a leaf."""
    out = []

    def walk(node):
        if tree.children_left[node] < 0:
            counts = tree.value[node][0]
            out.append(round(-1 - counts[1] / counts.sum(), 3))
            return
        out.append(int(tree.feature[node]))
        out.append(float(f"{tree.threshold[node]:.4g}"))
        walk(tree.children_left[node])
        walk(tree.children_right[node])

    walk(0)
    return out


def answer(flat, row):
    """The probability that numbers() gives for a row of features: what the Rust code must give too."""
    at = 0

    def skip(at):
        return at + 1 if flat[at] < 0 else skip(skip(at + 2))

    while flat[at] >= 0:
        at = at + 2 if row[int(flat[at])] <= flat[at + 1] else skip(at + 2)
    return -1 - flat[at]


def interval(values):
    return [round(float(v), 3) for v in np.percentile(values, [2.5, 97.5])]


def main(features, quality, target):
    names, x, y = read(features, quality)
    runs = [
        cross_val_predict(trees(s), x, y, cv=StratifiedKFold(10, shuffle=True, random_state=s), method="predict_proba")[:, 1]
        for s in range(REPEATS)
    ]
    accuracy = [float(((p > 0.5) == y).mean()) for p in runs]
    random = np.random.default_rng(1)
    draws = [random.integers(0, len(y), len(y)) for _ in range(2000)]
    first = runs[0]
    metrics = {
        "records": len(y),
        "acceptable": int(y.sum()),
        "split": f"10-fold cross-validation, repeated {REPEATS} times with other folds; a record is a person",
        "accuracy": round(float(np.mean(accuracy)), 4),
        "accuracy_range_over_repeats": [round(min(accuracy), 4), round(max(accuracy), 4)],
        "accuracy_ci95": interval([((first[d] > 0.5) == y[d]).mean() for d in draws]),
        "auc": round(float(np.mean([roc_auc_score(y, p) for p in runs])), 4),
        "auc_ci95": interval([roc_auc_score(y[d], first[d]) for d in draws]),
        "sensitivity_to_unacceptable": round(float(np.mean([(p[y == 0] <= 0.5).mean() for p in runs])), 4),
        "specificity": round(float(np.mean([(p[y == 1] > 0.5).mean() for p in runs])), 4),
        "brier": round(float(np.mean([brier_score_loss(y, p) for p in runs])), 4),
    }
    print(json.dumps(metrics, indent=1))
    every, labels = np.concatenate(runs), np.tile(y, REPEATS)
    for low in np.arange(0, 1, 0.1):
        inside = (every >= low) & (every < low + 0.1 + 1e-9)
        if inside.any():
            print(f"said {low:.1f}-{low + 0.1:.1f}: {inside.sum() / REPEATS:6.1f} records, {labels[inside].mean():.2f} acceptable")
    flat = [numbers(one.tree_) for one in trees(0).fit(x, y).estimators_]
    cases = [int(i) for i in np.linspace(0, len(y) - 1, 5)]
    rounded = [[float(np.float32(v)) for v in x[i]] for i in cases]
    document = {
        "what": "Extremely randomised trees: probability that a 10-s 12-lead record at 500 Hz is acceptable. Written by fit.py",
        "data": "PhysioNet/CinC Challenge 2011 set A, Silva et al. 2011, ODC-By 1.0",
        "metrics": metrics,
        "features": names,
        "trees": flat,
        "cases": [
            {"features": row, "probability": round(float(np.mean([answer(one, row) for one in flat])), 5)} for row in rounded
        ],
    }
    with open(target, "w") as out:
        json.dump(document, out, separators=(",", ":"))
        out.write("\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
