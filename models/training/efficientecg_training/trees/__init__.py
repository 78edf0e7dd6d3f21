"""Boosted trees over the measured features: fitted with LightGBM, then part of the network's graph as plain tensor operations."""
