"""PyTorch network to one ONNX file of plain operators, and a check that it is as promised."""

from __future__ import annotations

import hashlib
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray

from efficientecg_training.network.model import EfficientECG

OPSET = 17
INPUTS = ("signal", "lead_ids", "token_mask", "features", "feature_mask")
OUTPUTS = ("logits", "evidence", "feature_evidence", "bias", "distance")
AXES = {
    "signal": {0: "N", 1: "L", 2: "T"},
    "lead_ids": {0: "N", 1: "L"},
    "token_mask": {0: "N", 1: "L", 2: "K"},
    "features": {0: "N"},
    "feature_mask": {0: "N"},
    "logits": {0: "N"},
    "evidence": {0: "N", 2: "L", 3: "K"},
    "feature_evidence": {0: "N"},
    "distance": {0: "N"},
}
Arrays = dict[str, NDArray]


def write(model: EfficientECG, features: int, path: Path) -> str:
    """Writes the graph and returns the SHA-256 of the file."""
    model = model.eval().cpu().to(memory_format=torch.contiguous_format)
    hop = model.encoder.hop
    k = 160 // hop
    example = (
        torch.randn(2, 3, k * hop),
        torch.tensor([[0, 1, 2], [3, 4, 12]]),
        torch.ones(2, 3, k),
        torch.zeros(2, features),
        torch.ones(2, features),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing warns of Python branches on shapes, all of them on constants
        torch.onnx.export(
            model, example, str(path), dynamo=False, opset_version=OPSET, input_names=list(INPUTS), output_names=list(OUTPUTS),
            dynamic_axes=AXES, do_constant_folding=True,
        )
    graph = onnx.load(str(path))
    graph.producer_name, graph.producer_version, graph.doc_string = "efficientecg_training", "", ""
    classes = model.bias.shape[0]
    for output in graph.graph.output:
        if output.name in ("logits", "evidence"):
            output.type.tensor_type.shape.dim[1].dim_value = classes
    for node in graph.graph.node:
        node.doc_string = ""
    onnx.checker.check_model(graph, full_check=True)
    onnx.save(graph, str(path))
    return hashlib.sha256(path.read_bytes()).hexdigest()


def run_torch(model: EfficientECG, inputs: Arrays) -> Arrays:
    """Outputs of the network by PyTorch."""
    model.eval()
    with torch.no_grad():
        outputs = model(*(torch.from_numpy(inputs[name]) for name in INPUTS))
    return {name: value.detach().numpy() for name, value in zip(OUTPUTS, outputs, strict=True)}


def run_onnx(path: Path, inputs: Arrays, threads: int = 1) -> Arrays:
    """Outputs of the graph by ONNX Runtime on the CPU."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, inputs), strict=True))


def greatest_difference(a: Arrays, b: Arrays) -> float:
    """Largest absolute difference over all outputs."""
    return max(float(np.abs(a[name] - b[name]).max()) for name in b)


def additivity_error(outputs: Arrays) -> float:
    """Largest deviation of `bias + features + evidence` from the logits."""
    total = outputs["bias"] + outputs["feature_evidence"].sum(2) + outputs["evidence"].sum((2, 3))
    return float(np.abs(total - outputs["logits"]).max())
