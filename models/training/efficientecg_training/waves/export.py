"""Wave network to ONNX, with card and stored answers."""

from __future__ import annotations

import hashlib
import json
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray

from efficientecg_training.config import LEADS
from efficientecg_training.export.card import SCHEMA
from efficientecg_training.export.notes import NOT_FOR, SETS
from efficientecg_training.export.vectors import array, synthetic_ecg
from efficientecg_training.network.model import parameter_count
from efficientecg_training.waves.config import WaveConfig
from efficientecg_training.waves.network import CLASSES, HOP, WaveGraph, WaveNet

OPSET = 17
INPUTS = ("signal", "lead_ids", "token_mask")
OUTPUT = "waves"
TOLERANCE = 1e-4
LABELS = {"none": "No wave", "P": "P wave", "QRS": "QRS complex", "T": "T wave"}
LIMITS = [
    "Boundaries follow the practice of LUDB's annotators (160 recordings of 10 s, mostly of people with heart disease, one device).",
    "Simulated recordings, in which a wave begins and ends at 4 % of its height, were mixed in.",
    "Waves of leads other than the twelve were not trained; they are taken as unknown leads.",
    "U waves, delta waves and P waves hidden in T waves are not marked as such.",
]


def write(config: WaveConfig, network: WaveNet, out: Path, metrics: list[dict[str, Any]]) -> None:
    """Writes `NAME.onnx`, `NAME.json` and `vectors/NAME.json`; refuses a graph that is not what PyTorch computes."""
    (out / "vectors").mkdir(parents=True, exist_ok=True)
    path = out / f"{config.name}.onnx"
    graph = WaveGraph(network).eval().to(memory_format=torch.contiguous_format)
    example = torch.randn(2, 3, 10 * HOP), torch.tensor([[0, 1, 2], [3, 4, 12]]), torch.ones(2, 3, 10)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            graph, example, str(path), dynamo=False, opset_version=OPSET, input_names=list(INPUTS), output_names=[OUTPUT],
            dynamic_axes={
                "signal": {0: "N", 1: "L", 2: "T"}, "lead_ids": {0: "N", 1: "L"}, "token_mask": {0: "N", 1: "L", 2: "K"},
                OUTPUT: {0: "N", 1: "L", 3: "T"},
            },
        )
    model = onnx.load(str(path))
    model.producer_name, model.producer_version, model.doc_string = "efficientecg_training", "", ""
    model.graph.output[0].type.tensor_type.shape.dim[2].dim_value = len(CLASSES)
    for node in model.graph.node:
        node.doc_string = ""
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(path))
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    entries = []
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    for name, inputs in cases(config).items():
        with torch.no_grad():
            expected = graph(*(torch.from_numpy(inputs[key]) for key in INPUTS)).numpy()
        (found,) = session.run([OUTPUT], inputs)
        difference = float(np.abs(found - expected).max())
        print(f"{config.name}, {name}: differs from PyTorch by {difference:.1e}")
        if difference > TOLERANCE:
            raise ValueError(f"{path}: the graph does not compute what PyTorch does")
        entries.append({"name": name, "inputs": {key: array(inputs[key]) for key in INPUTS}, "outputs": {OUTPUT: array(expected)}})
    vectors = {"model": config.name, "sha256": sha256, "cases": entries}
    (out / "vectors" / f"{config.name}.json").write_text(json.dumps(vectors, separators=(",", ":")) + "\n")
    document = card(config, sha256, parameter_count(network), metrics)
    (out / f"{config.name}.json").write_text(json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def cases(config: WaveConfig) -> dict[str, dict[str, NDArray]]:
    """Inputs by name of the case; synthetic."""
    rng = np.random.default_rng(21)
    out = {}
    for name, ids, tokens in (("one lead, 3.2 s", [1], 100), ("twelve leads, partly masked, 2.6 s", list(range(12)), 80)):
        mask = np.ones((1, len(ids), tokens), np.float32)
        if "masked" in name:
            mask[:, 0, :30] = 0
            mask[:, 5, :] = 0
        signal = synthetic_ecg(len(ids), tokens * HOP, config.input.rate_hz, rng)[None] * np.repeat(mask, HOP, axis=2)
        out[name] = {"signal": np.round(signal, 4).astype(np.float32), "lead_ids": np.array([ids], np.int64), "token_mask": mask}
    return out


def card(config: WaveConfig, sha256: str, parameters: int, metrics: list[dict[str, Any]]) -> dict[str, Any]:
    """The model card."""
    data, train = config.input, config.train
    return {
        "schema": SCHEMA,
        "name": config.name,
        "version": config.version,
        "kind": "waves",
        "sha256": sha256,
        "parameters": parameters,
        "input": {
            "rate_hz": data.rate_hz,
            "band_hz": data.band_hz,
            "clip_mv": data.clip_mv,
            "hop": HOP,
            "leads": list(LEADS),
            "window": {"min_s": data.min_s, "max_s": data.max_s, "long_window_s": data.long_window_s},
            "features": [],
        },
        "tasks": [
            {
                "task": "waves",
                "activation": "softmax",
                "min_leads": 1,
                "classes": [
                    {"code": code, "label": LABELS[code], "output": i, "threshold": 0.5, "how": "a sample belongs to what is more likely than not"}
                    for i, code in enumerate(CLASSES)
                ],
            }
        ],
        "training": {
            "sets": [dict(SETS["ludb"], records=161), {"name": "simulated by models/training", "licence": "MIT OR Apache-2.0"}],
            "command": "python -m efficientecg_training.waves train --config configs/waves.toml",
            "seed": train.seed,
            "steps": train.steps,
            "recorded": time.strftime("%Y-%m-%d"),
        },
        "metrics": metrics,
        "not_for": NOT_FOR,
        "limits": LIMITS,
    }
