"""EfficientECG: an exactly additive ECG classifier, its training, evaluation and export to ONNX."""

import os

# Before any module imports ONNX Runtime, which would report its use to its maker.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
