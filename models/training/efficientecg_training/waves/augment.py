"""What a recording may look like besides how it does."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from efficientecg_training.waves.data import RATE_HZ, UNKNOWN

OTHER = 12
"""Lead number of a lead that is none of the twelve."""


def stretch(signal: NDArray[np.float32], label: NDArray[np.int8], factor: float, start: float, length: int) -> tuple[NDArray, NDArray]:
    """`length` samples from `start` on, played `1 / factor` times as fast: linear between samples, nearest label."""
    at = start + np.arange(length) / factor
    low = np.clip(np.floor(at).astype(int), 0, signal.shape[1] - 2)
    part = (at - low).astype(np.float32)
    inside = (at >= 0) & (at <= signal.shape[1] - 1)
    out = signal[:, low] * (1 - part) + signal[:, low + 1] * part
    out[:, ~inside] = np.nan
    labels = label[:, np.clip(np.round(at).astype(int), 0, label.shape[1] - 1)].copy()
    labels[:, ~inside] = UNKNOWN
    return out.astype(np.float32), labels


def disturb(signal: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Gain, polarity, hum, wander, muscle noise and a low-pass, each now and then; `signal` `[leads, samples]`."""
    leads, length = signal.shape
    t = np.arange(length) / RATE_HZ
    gain = np.exp(rng.normal(0, 0.25)) * np.exp(rng.normal(0, 0.08, (leads, 1)))
    out = signal * gain
    if rng.random() < 0.5:
        level = 10 ** rng.uniform(-2.6, -1.0)
        each = level * rng.uniform(0.3, 1.5, (leads, 1))
        noise = rng.standard_normal((leads, length))
        if rng.random() < 0.5:  # muscle noise lacks the lowest frequencies, motion has little else
            noise = np.cumsum(noise, 1)
            width = int(rng.integers(20, 200))
            noise = noise - (np.cumsum(np.pad(noise, ((0, 0), (width, 0)), mode="edge"), 1)[:, width:] - np.cumsum(np.pad(noise, ((0, 0), (width, 0)), mode="edge"), 1)[:, :-width]) / width
            noise /= noise.std() + 1e-6
        out = out + each * noise
    if rng.random() < 0.3:
        hz = rng.choice([50.0, 60.0]) + rng.normal(0, 0.05)
        out = out + 10 ** rng.uniform(-2.5, -1.2) * rng.uniform(0, 1, (leads, 1)) * np.sin(2 * np.pi * (hz * t + rng.random((leads, 1))))
    if rng.random() < 0.5:
        for _ in range(2):
            hz = rng.uniform(0.1, 0.7)
            out = out + rng.uniform(0, 0.15) * rng.standard_normal((leads, 1)) * np.sin(2 * np.pi * (hz * t + rng.random((leads, 1))))
    if rng.random() < 0.25:  # recordings made at 100 Hz or filtered at 40
        width = int(rng.integers(2, 4))
        kernel = np.ones(width) / width
        kernel = np.convolve(kernel, kernel)
        out = np.apply_along_axis(lambda row: np.convolve(row, kernel, mode="same"), 1, out)
    return out.astype(np.float32)


def choose_leads(ids: NDArray[np.int64], rng: np.random.Generator, count: int) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """`count` leads of a recording, and what the network is told of them: now and then nothing."""
    rows = rng.permutation(len(ids))[:count]
    told = ids[rows].copy()
    if rng.random() < 0.1:
        told[:] = OTHER
    else:
        told[rng.random(count) < 0.05] = OTHER
    return rows, told
