"""Figures of merit, calibration and thresholds on numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from efficientecg_training.evaluation import beat, decisions, metrics


def test_auc() -> None:
    assert metrics.auc(np.asarray([0.1, 0.4, 0.35, 0.8]), np.asarray([0, 0, 1, 1])) == pytest.approx(0.75)
    assert metrics.auc(np.asarray([1.0, 1.0]), np.asarray([0, 1])) == pytest.approx(0.5)
    assert np.isnan(metrics.auc(np.asarray([1.0, 2.0]), np.asarray([1, 1])))


def test_f1() -> None:
    assert metrics.class_f1(np.asarray([0, 0, 1]), np.asarray([0, 1, 1]), 3) == [pytest.approx(2 / 3), pytest.approx(2 / 3), 0.0]


def test_interval_draws_whole_groups() -> None:
    groups = np.repeat(np.arange(5), 10)
    low, high = metrics.interval(lambda rows: float(len(rows)), groups)
    assert low == high == 50.0
    value = np.random.default_rng(0).normal(size=400)
    low, high = metrics.interval(lambda rows: float(value[rows].mean()), np.arange(400))
    assert low < value.mean() < high and high - low == pytest.approx(4 / 20, rel=0.3)


def test_softmax_calibration_finds_scales_and_offsets() -> None:
    rng = np.random.default_rng(2)
    true = rng.normal(size=(4000, 3)) * 2
    label = np.asarray([rng.choice(3, p=row) for row in decisions.softmax(true)])
    noise = rng.normal(size=true.shape)
    scale, offset = decisions.calibrate_softmax(np.stack([true * 1.7 - np.asarray([1.0, 0.0, -1.0]), noise]), label)
    assert scale[0] == pytest.approx([1 / 1.7] * 3, rel=0.1) and scale[1].max() < 0.2
    assert offset == pytest.approx([1.0 / 1.7, 0.0, -1.0 / 1.7], abs=0.15)


def test_sigmoid_calibration_ignores_unknown_flags() -> None:
    rng = np.random.default_rng(2)
    true = rng.normal(size=(4000, 2)) * 2
    flags = (rng.random(true.shape) < decisions.sigmoid(true)).astype(float)
    flags[::3, 0] = np.nan
    first = rng.normal(size=true.shape)
    scale, offset = decisions.calibrate_sigmoid(np.stack([first, (true - first) * 0.5 - np.asarray([1.0, 0.0])]), flags)
    assert scale[0] == pytest.approx([1.0, 1.0], rel=0.25) and scale[1] == pytest.approx([2.0, 2.0], rel=0.25)
    assert offset == pytest.approx([2.0, 0.0], abs=0.3)


def test_calibration_error_is_the_mean_gap() -> None:
    probability = np.asarray([0.05] * 10 + [0.95] * 10)
    bins = decisions.reliability(probability, np.asarray([False] * 10 + [True] * 5 + [False] * 5))
    assert [(b["low"], b["records"], b["mean"], b["observed"]) for b in bins] == [(0.0, 10, 0.05, 0.0), (0.9, 10, 0.95, 0.5)]
    assert decisions.calibration_error(bins) == pytest.approx(0.25)


def test_a_finding_that_is_mostly_wrong_is_never_called() -> None:
    rng = np.random.default_rng(0)
    probability = rng.random(1000)
    assert decisions.careful_threshold(probability, rng.random(1000) < 0.02) == decisions.NEVER
    assert decisions.careful_threshold(probability, probability > 0.9) == pytest.approx(0.9, abs=0.011)


def test_thresholds_are_chosen_together() -> None:
    label = np.repeat([0, 1], 50)
    probability = np.stack([np.where(label == 0, 0.9, 0.6), np.where(label == 0, 0.1, 0.4)], axis=1)
    assert decisions.decide(probability, np.asarray([0.5, 0.5])).sum() == 0
    chosen = decisions.joint_thresholds(probability, lambda decided: float((decided == label).mean()))
    assert np.array_equal(decisions.decide(probability, chosen), label)


def test_threshold_and_band() -> None:
    probability = np.linspace(0, 1, 101)
    threshold = decisions.best_threshold(probability, probability >= 0.3)
    assert threshold == pytest.approx(0.3, abs=0.011)
    low, high = decisions.uncertain_band(probability, threshold)
    assert low < threshold < high


def test_one_class_is_decided_relative_to_its_threshold() -> None:
    assert decisions.decide(np.asarray([[0.6, 0.4]]), np.asarray([0.5, 0.2])).tolist() == [1]


def test_ectopic_counts_excuse_fusion_beats_called_ventricular() -> None:
    actual = np.asarray([2, 2, 3, 0, 1])
    decided = np.asarray([2, 0, 2, 2, 1])
    assert beat.ectopic_f1(decided, actual, beat.V) == (0.5, 0.5, 0.5)
    assert beat.ectopic_f1(decided, actual, beat.S) == (1.0, 1.0, 1.0)
