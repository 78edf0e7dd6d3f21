"""Boundaries against marks: sensitivity, positive predictivity, mean and SD of the error."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

NAMES = {1: "P", 2: "QRS", 3: "T"}
WINDOW_S = 0.150

Wave = tuple[int, float, float, float]


class Score:
    """Adds up leads; all times in seconds. Only waves within the marked span count."""

    def __init__(self) -> None:
        self.errors: dict[tuple[int, str], list[float]] = defaultdict(list)
        self.marked: dict[int, int] = defaultdict(int)
        self.found: dict[int, int] = defaultdict(int)
        self.true: dict[int, int] = defaultdict(int)
        self.matched: dict[int, int] = defaultdict(int)

    def add(self, truth: list[Wave], found: list[Wave]) -> None:
        """One lead."""
        if not truth:
            return
        begin, end = min(w[1] for w in truth) - 0.02, max(w[3] for w in truth) + 0.02
        for kind in NAMES:
            marks = [w for w in truth if w[0] == kind]
            candidates = [w for w in found if w[0] == kind and w[3] >= begin and w[1] <= end]
            self.marked[kind] += len(marks)
            used = set()
            for mark in marks:
                best = None
                for i, wave in enumerate(candidates):
                    if i in used:
                        continue
                    distance = max(abs(wave[1] - mark[1]), abs(wave[3] - mark[3]))
                    if distance <= WINDOW_S and (best is None or distance < best[0]):
                        best = distance, i
                if best is None:
                    continue
                used.add(best[1])
                wave = candidates[best[1]]
                self.matched[kind] += 1
                self.errors[kind, "onset"].append(wave[1] - mark[1])
                self.errors[kind, "offset"].append(wave[3] - mark[3])
            self.found[kind] += len(candidates)

    def lines(self) -> list[str]:
        """A table for people."""
        out = []
        for kind, name in NAMES.items():
            for side in ("onset", "offset"):
                e = 1000 * np.array(self.errors[kind, side] or [np.nan])
                se = 100 * self.matched[kind] / max(1, self.marked[kind])
                pp = 100 * self.matched[kind] / max(1, self.found[kind])
                out.append(
                    f"{name:3} {side:6} Se {se:6.2f} +P {pp:6.2f} mean {e.mean():6.2f} SD {e.std():6.2f} "
                    f"median {np.median(e):6.2f} MAD*1.48 {1.4826 * np.median(np.abs(e - np.median(e))):6.2f} n {len(e)}"
                )
        return out
