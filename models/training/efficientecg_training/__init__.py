"""EfficientECG: an exactly additive ECG classifier, its training, evaluation and export to ONNX."""
