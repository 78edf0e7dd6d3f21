"""Time that ONNX Runtime takes for typical inputs, on one thread."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import onnxruntime

SHAPES = {"record": {"12 leads, 10 s": (1, 12, 1000), "1 lead, 30 s": (1, 1, 3000)}, "beat": {"100 beats, 2 leads": (100, 2, 160)}}
REPEATS = 15


def measure(card: Path) -> dict[str, float]:
    """Median milliseconds by name of the input."""
    document = json.loads(card.read_text())
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(card.with_suffix(".onnx")), options, providers=["CPUExecutionProvider"])
    features, hop = len(document["input"]["features"]), document["input"]["hop"]
    rng = np.random.default_rng(0)
    out = {}
    for name, (n, leads, samples) in SHAPES.get(document["kind"], {}).items():
        inputs = {
            "signal": rng.normal(size=(n, leads, samples)).astype(np.float32),
            "lead_ids": np.tile(np.arange(leads, dtype=np.int64), (n, 1)),
            "token_mask": np.ones((n, leads, samples // hop), dtype=np.float32),
            "features": np.zeros((n, features), dtype=np.float32),
            "feature_mask": np.ones((n, features), dtype=np.float32),
        }
        taken = []
        for _ in range(REPEATS):
            started = time.perf_counter()
            session.run(None, inputs)
            taken.append(time.perf_counter() - started)
        out[name] = round(1000.0 * float(np.median(taken)), 2)
    return out
