"""Cheap changes of the input that must not change the answer. All act on whole batches and draw from the generator given."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from efficientecg_training.config import LEADS

OTHER = len(LEADS) - 1
Array = NDArray[np.float32]


def amplify(signal: Array, rng: np.random.Generator, settings: Mapping[str, float]) -> Array:
    """One gain a record (log-normal), with `lead_gain_sd` another for each lead, and white noise of a random size up to `noise_mv`, on
    `[N, L, T]` mV."""
    n = signal.shape[0]
    gain = np.exp(rng.normal(0.0, settings["gain_sd"], (n, 1, 1))).astype(np.float32)
    if "lead_gain_sd" in settings:
        gain = gain * np.exp(rng.normal(0.0, settings["lead_gain_sd"], (n, signal.shape[1], 1))).astype(np.float32)
    noise = rng.random((n, 1, 1), dtype=np.float32) * settings["noise_mv"]
    noisy = rng.random((n, 1, 1)) < 0.5
    return signal * gain + rng.standard_normal(signal.shape, dtype=np.float32) * (noise * noisy).astype(np.float32)


def forget_leads(lead_ids: NDArray[np.int64], rng: np.random.Generator, settings: Mapping[str, float]) -> NDArray[np.int64]:
    """Now and then a record's leads (all of them) are told to the network as "other": `[N, L]`."""
    forget = rng.random((lead_ids.shape[0], 1)) < settings["lead_unknown"]
    return np.where(forget, OTHER, lead_ids)


def mask_stretch(mask: Array, rng: np.random.Generator, share: float) -> Array:
    """In some records a random stretch of up to 30 % of the time becomes invalid on a random half of the leads, `[N, L, K]`."""
    n, leads, k = mask.shape
    out = mask.copy()
    for i in np.flatnonzero(rng.random(n) < share):
        size = int(rng.integers(1, max(2, int(0.3 * k))))
        start = int(rng.integers(0, k - size + 1))
        hit = rng.random(leads) < 0.5
        if leads == 1:
            hit[:] = True
        out[i, hit, start : start + size] = 0.0
    return out
