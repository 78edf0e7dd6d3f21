//! EfficientECG.
