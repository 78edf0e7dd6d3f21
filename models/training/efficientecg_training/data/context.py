"""Beat features that look further around than the beat: what tells an early beat in a calm rhythm from one in a restless rhythm.

`efficientecg prepare` may write them itself; where it has not, they are computed here from what it wrote, by the same rules:
the window around beat i of `n` entries ends at `i + n / 2` and moves inward at the ends of the recording.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

CONTEXT = ("rr_prev_long_ratio", "rr_local_irregularity", "p_correlation_local")
LONG, AROUND = 300, 60


def add_context(beats: list[dict[str, Any]]) -> None:
    """Sets the features named in `CONTEXT` on all beats of a recording, in their order.

    - `rr_prev_long_ratio`: RR before over the median of the 300 RR intervals around. In a run of early beats the median of 20 is the run's.
    - `rr_local_irregularity`: median absolute difference of successive RR intervals over their median, of the 60 intervals around.
    - `p_correlation_local`: median `p_correlation` of the 60 beats around.
    """
    if not beats or all(name in beats[0]["features"] for name in CONTEXT):
        return
    interval = _column(beats[:-1], "rr_next_s")
    p_wave = _column(beats, "p_correlation")
    for i, beat in enumerate(beats):
        before = beat["features"].get("rr_prev_s")
        usual = _median(_around(interval, i, LONG))
        near = _around(interval, i, AROUND)
        change, middle = _median(np.abs(np.diff(near))), _median(near)
        beat["features"]["rr_prev_long_ratio"] = None if before is None or usual is None else before / usual
        beat["features"]["rr_local_irregularity"] = None if change is None or middle is None else change / middle
        beat["features"]["p_correlation_local"] = _median(_around(p_wave, i, AROUND))


def _column(beats: list[dict[str, Any]], name: str) -> NDArray[np.float64]:
    values = [beat["features"].get(name) for beat in beats]
    return np.asarray([np.nan if value is None else value for value in values], dtype=np.float64)


def _around(values: NDArray[np.float64], i: int, count: int) -> NDArray[np.float64]:
    start = max(0, min(i + count // 2, len(values)) - count)
    return values[start : start + count]


def _median(values: NDArray[np.float64]) -> float | None:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else None
