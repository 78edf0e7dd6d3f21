"""The graph computes what PyTorch computes, for every shape; and the committed models fit their cards and vectors."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import pytest

from efficientecg_training.config import LEADS, Config
from efficientecg_training.export import card, graph, vectors
from efficientecg_training.features import FeatureInfo, Normalisation
from efficientecg_training.network.model import EfficientECG
from efficientecg_training.runs import network
from efficientecg_training.tasks import TASKS, class_count
from test_trees import some_forest

MODELS = Path(__file__).resolve().parents[2]
PLAIN = {
    "Add", "Cast", "Clip", "Concat", "Constant", "ConstantOfShape", "Conv", "Cos", "CumSum", "Div", "Equal", "Exp", "Expand", "Gather", "Gemm", "Identity",
    "LessOrEqual", "Log", "MatMul", "Mul", "Neg", "Pow", "Range", "ReduceMax", "ReduceMean", "ReduceSum", "Relu", "Reshape", "Shape", "Sigmoid", "Sin", "Slice", "Softmax", "Sqrt", "Sub", "Tanh",
    "Transpose", "Unsqueeze", "Where",
}
"""Operators that both engines have."""


FEATURES = 12


def with_trees(config: Config) -> EfficientECG:
    return network(config, FEATURES).with_forests([some_forest(task.size, FEATURES) for task in TASKS[config.kind]])


def test_graph_equals_pytorch_for_every_shape(config: Config, tmp_path: Path) -> None:
    model = with_trees(config)
    features, hop = FEATURES, config.network.hop
    path = tmp_path / "model.onnx"
    sha256 = graph.write(model, features, path)
    assert sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    loaded = onnx.load(path)
    assert {node.op_type for node in loaded.graph.node} <= PLAIN
    assert [entry.version for entry in loaded.opset_import] == [graph.OPSET]
    assert [value.name for value in loaded.graph.input] == list(graph.INPUTS)
    assert [value.name for value in loaded.graph.output] == list(graph.OUTPUTS)
    rng = np.random.default_rng(1)
    for n, leads, tokens in ((1, 1, 20), (3, 2, 41), (1, 12, 125), (2, 8, 30)):
        inputs = {
            "signal": rng.normal(size=(n, leads, tokens * hop)).astype(np.float32),
            "lead_ids": rng.integers(0, len(LEADS), (n, leads)),
            "token_mask": (rng.random((n, leads, tokens)) > 0.2).astype(np.float32),
            "features": rng.normal(size=(n, features)).astype(np.float32),
            "feature_mask": (rng.random((n, features)) > 0.5).astype(np.float32),
        }
        found = graph.run_onnx(path, inputs)
        assert found["evidence"].shape == (n, class_count(config.kind), leads, tokens)
        assert graph.greatest_difference(found, graph.run_torch(model, inputs)) < 1e-4
        assert graph.additivity_error(found) < 1e-4


def test_vectors_are_kept_exactly(config: Config, tmp_path: Path) -> None:
    model = with_trees(config).eval()
    vectors.write(model, config, FEATURES, "0" * 64, tmp_path / "v.json")
    stored = vectors.read(tmp_path / "v.json")
    assert {name for name, _, _ in stored} == set(vectors.cases(config, FEATURES))
    for name, inputs, outputs in stored:
        assert np.array_equal(inputs["signal"], vectors.cases(config, FEATURES)[name]["signal"])
        assert graph.greatest_difference(graph.run_torch(model, inputs), outputs) < 1e-6


def test_card_has_what_the_application_needs(config: Config) -> None:
    names = ["age_years", "sex_male"]
    normalisation = Normalisation(names, [0.0, 0.5], [1.0, 0.5], [FeatureInfo("Age", "years", 0, 120), FeatureInfo("Male sex", "", 0, 1)])
    training = {"records": {"ptbxl": 3}, "command": "c", "epochs": 1, "recorded": "2026-01-01"}
    document = card.build(config, normalisation, "ab", 12, training, {})
    assert [c["output"] for task in document["tasks"] for c in task["classes"]] == list(range(class_count(config.kind)))
    assert document["training"]["sets"][0]["credit"].startswith("Wagner")
    assert [feature["name"] for feature in document["input"]["features"]] == names
    assert {task["task"] for task in document["tasks"]} == {task.name for task in TASKS[config.kind]}
    json.dumps(document, allow_nan=False)


@pytest.mark.parametrize("name", ["efficientecg-record", "efficientecg-beat"])
def test_committed_model_fits_its_card_and_vectors(name: str) -> None:
    path = MODELS / f"{name}.onnx"
    document = json.loads((MODELS / f"{name}.json").read_text())
    assert document["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    onnx.checker.check_model(onnx.load(path), full_check=True)
    for _, inputs, expected in vectors.read(MODELS / "vectors" / f"{name}.json"):
        found = graph.run_onnx(path, inputs)
        assert graph.greatest_difference(found, expected) < 1e-4
        assert graph.additivity_error(found) < 1e-4


def test_committed_models_are_within_the_size_limit(config: Config) -> None:
    document = json.loads((MODELS / f"{config.name}.json").read_text())
    assert document["parameters"] <= 750_000
