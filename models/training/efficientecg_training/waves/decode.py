"""From class probabilities to waves: a plain reading for judging a network while it is trained. The application has its own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LEAST_S = {1: 0.030, 2: 0.030, 3: 0.060}
GAP_S = {1: 0.030, 2: 0.024, 3: 0.060}


def runs(probability: NDArray[np.float32], rate_hz: float) -> list[tuple[int, float, float, float]]:
    """Class, onset, middle and offset (fractional samples) of every wave in one lead; `probability` `[samples, 4]`."""
    out = []
    for kind in (1, 2, 3):
        inside = probability[:, kind] > 0.5
        edges = np.flatnonzero(np.diff(np.concatenate([[0], inside.astype(np.int8), [0]])))
        pieces = [list(p) for p in edges.reshape(-1, 2)]
        joined: list[list[int]] = []
        for piece in pieces:
            if joined and piece[0] - joined[-1][1] <= GAP_S[kind] * rate_hz:
                joined[-1][1] = piece[1]
            else:
                joined.append(piece)
        for start, end in joined:
            if end - start < LEAST_S[kind] * rate_hz:
                continue
            p = probability[:, kind]
            onset = start - crossing(p, start - 1, start)
            offset = end - 1 + crossing(p, end, end - 1)
            out.append((kind, onset, (onset + offset) / 2, offset))
    return sorted(out, key=lambda wave: wave[1])


def crossing(p: NDArray[np.float32], outside: int, inside: int) -> float:
    """How far towards the sample outside the probability passes one half, 0 to 1."""
    if not 0 <= outside < len(p):
        return 0.0
    return float((p[inside] - 0.5) / max(1e-6, p[inside] - p[outside]))
