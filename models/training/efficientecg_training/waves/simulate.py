"""Simulated recordings whose boundaries are known: intervals, rates and shapes that LUDB has few of.

The heart is a moving dipole, every wave a sum of lobes in three dimensions seen through Dower's matrix, as in the application's own
simulator, with everything drawn at random. Nothing here is a patient's.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from efficientecg_training.waves.data import RATE_HZ, UNKNOWN

DOWER = np.array(
    [
        [0.632, -0.235, 0.059], [0.235, 1.066, -0.132], [-0.515, 0.157, -0.917], [0.044, 0.164, -1.387],
        [0.882, 0.098, -1.277], [1.213, 0.127, -0.601], [1.125, 0.127, -0.086], [0.831, 0.076, 0.230],
    ]
)
"""I, II, V1-V6 of Frank's x, y, z. Dower et al., Clin Cardiol 1980;3:87-95."""
EXTENT = 2.5
"""Standard deviations from a lobe's peak to where it begins and ends: 4 % of its height."""
SEEN_MV = 0.02
"""A wave of this height counts as seen in a lead, one of a third of it as absent; between them nothing is said."""


def twelve(eight: NDArray[np.float64]) -> NDArray[np.float64]:
    """I, II, III, aVR, aVL, aVF, V1-V6 from the eight independent leads."""
    one, two = eight[0], eight[1]
    return np.stack([one, two, two - one, -(one + two) / 2, one - two / 2, two - one / 2, *eight[2:]])


def direction(rng: np.random.Generator, usual: tuple[float, float, float], spread: float) -> NDArray[np.float64]:
    """A unit vector about `usual`."""
    v = np.array(usual) / np.linalg.norm(usual) + spread * rng.standard_normal(3)
    return v / np.linalg.norm(v)


class Wave:
    """Lobes with their own rise and fall, `(vector, at, rise, fall)`, seconds from the wave's onset; scaled to a length."""

    def __init__(self, lobes: list[tuple[NDArray[np.float64], float, float, float]], length: float) -> None:
        begin = min(at - EXTENT * rise for _, at, rise, _ in lobes)
        end = max(at + EXTENT * fall for _, at, _, fall in lobes)
        factor = length / (end - begin)
        self.lobes = [(v, (at - begin) * factor, rise * factor, fall * factor) for v, at, rise, fall in lobes]
        self.length = length

    def add(self, dipole: NDArray[np.float64], onset: float, size: float, hz: float) -> None:
        """Draws it into `[3, samples]`."""
        for vector, at, rise, fall in self.lobes:
            centre = onset + at
            first, last = int(np.floor((centre - 5 * rise) * hz)), int(np.ceil((centre + 5 * fall) * hz))
            first, last = max(first, 0), min(last, dipole.shape[1] - 1)
            if first > last:
                continue
            d = np.arange(first, last + 1) / hz - centre
            dipole[:, first : last + 1] += size * vector[:, None] * np.exp(-0.5 * (d / np.where(d < 0, rise, fall)) ** 2)


def p_wave(rng: np.random.Generator, length: float) -> Wave:
    size = rng.uniform(0.05, 0.18)
    gap = rng.uniform(0.5, 1.6)
    return Wave(
        [
            (size * direction(rng, (0.4, 0.8, -0.4), 0.3), 1.0, rng.uniform(0.35, 0.5), rng.uniform(0.35, 0.5)),
            (size * rng.uniform(0.4, 1.1) * direction(rng, (0.7, 0.6, 0.4), 0.3), 1.0 + gap, rng.uniform(0.35, 0.6), rng.uniform(0.35, 0.6)),
        ],
        length,
    )


def qrs(rng: np.random.Generator, length: float) -> Wave:
    wide = length > 0.12
    lobes = []
    if rng.random() < 0.85:
        lobes.append((rng.uniform(0.05, 0.4) * direction(rng, (-0.5, 0.1, -0.8), 0.6), 0.0, rng.uniform(0.3, 0.5), rng.uniform(0.3, 0.5)))
    main = rng.uniform(0.6, 1.8) * direction(rng, (0.8, 0.5, 0.3), 0.5 if not wide else 0.9)
    lobes.append((main, rng.uniform(0.8, 1.4), rng.uniform(0.35, 0.55), rng.uniform(0.35, 0.55)))
    lobes.append((rng.uniform(0.1, 0.9) * direction(rng, (-0.2, -0.2, 0.8), 0.6), rng.uniform(1.8, 2.8), rng.uniform(0.3, 0.6), rng.uniform(0.3, 0.6)))
    if wide or rng.random() < 0.15:
        lobes.append((rng.uniform(0.1, 0.8) * direction(rng, (0.5, 0.2, 0.2), 0.9), rng.uniform(2.8, 4.0), rng.uniform(0.35, 0.7), rng.uniform(0.35, 0.7)))
    return Wave(lobes, length)


def t_wave(rng: np.random.Generator, length: float) -> Wave:
    size = rng.uniform(0.08, 0.7)
    fall = rng.uniform(0.25, 0.42)
    lobes = [(size * direction(rng, (0.7, 0.5, -0.4), 0.5), 1.0, fall * rng.uniform(1.2, 2.2), fall)]
    if rng.random() < 0.15:
        lobes.append((-size * rng.uniform(0.3, 0.8) * direction(rng, (0.7, 0.5, -0.4), 0.5), 1.0 + rng.uniform(0.6, 0.9), fall, fall))
    return Wave(lobes, length)


def mark(label: NDArray[np.int8], kind: int, wave: NDArray[np.float64], start: int) -> None:
    """Labels each lead where the wave stands out of its own foot; `wave` `[leads, samples]` from sample `start` on."""
    height = np.abs(wave)
    peak = height.max(1)
    for row in range(len(wave)):
        if peak[row] < SEEN_MV / 3:
            continue
        inside = np.flatnonzero(height[row] > np.exp(-0.5 * EXTENT**2) * peak[row])
        first, last = start + inside[0], start + inside[-1]
        first, last = max(first, 0), min(last, label.shape[1] - 1)
        if first <= last:
            label[row, first : last + 1] = kind if peak[row] >= SEEN_MV else UNKNOWN


def draw(rng: np.random.Generator, samples: int) -> tuple[NDArray[np.float32], NDArray[np.int8], NDArray[np.int64]]:
    """One example: signal `[12, samples]` mV, labels, lead numbers."""
    hz = RATE_HZ
    seconds = samples / hz
    rr = 60 / np.exp(rng.uniform(np.log(30), np.log(220)))
    fibrillation = rng.random() < 0.1
    p_length = rng.uniform(0.07, min(0.14, 0.25 * rr + 0.05))
    qrs_length = rng.uniform(0.07, min(0.18, 0.45 * rr))
    pr = rng.uniform(max(0.10, p_length + 0.01), max(0.12, min(0.32, 0.5 * rr)))
    room = rr - (0.0 if fibrillation else pr) - 0.01
    qt = min(rng.uniform(0.30, 0.52), max(room, qrs_length + 0.11))
    if qt > rr - (0.0 if fibrillation else p_length):
        fibrillation = True  # no room for a P wave of its own
    shapes = p_wave(rng, p_length), qrs(rng, qrs_length), None
    t_length = rng.uniform(0.45, 0.9) * max(0.1, qt - qrs_length)
    t_shape = t_wave(rng, max(0.09, t_length))
    ectopic = qrs(rng, rng.uniform(0.12, 0.18)), t_wave(rng, rng.uniform(0.16, 0.3))
    ectopics = rng.random() < 0.15
    respiration, irregular = rng.uniform(0, 0.05), rng.uniform(0, 0.03)
    total = np.zeros((12, samples))
    label = np.zeros((12, samples), np.int8)
    at = -rng.uniform(0, 1) * rr
    previous_end = -9.0
    while at < seconds + 0.5:
        size = 1 + 0.05 * rng.standard_normal()
        early = ectopics and rng.random() < 0.2
        parts: list[tuple[int, Wave, float]] = []
        if early:
            parts = [(2, ectopic[0], at), (3, ectopic[1], at + ectopic[0].length + 0.08)]
            end = at + ectopic[0].length + 0.08 + ectopic[1].length
        else:
            if not fibrillation and at - pr > previous_end:
                parts.append((1, shapes[0], at - pr))
            parts += [(2, shapes[1], at), (3, t_shape, at + qt - t_shape.length)]
            end = at + qt
        for kind, wave, onset in parts:
            first = int(np.floor((onset - wave.length) * hz))
            last = int(np.ceil((onset + 2 * wave.length) * hz))
            dipole = np.zeros((3, last - first + 1))
            wave.add(dipole, onset - first / hz, size, hz)
            seen = twelve(DOWER @ dipole)
            a, b = max(first, 0), min(last, samples - 1)
            if a <= b:
                total[:, a : b + 1] += seen[:, a - first : b - first + 1]
                mark(label, kind, seen, first)
        previous_end = end
        gap = rr * (1 + respiration * np.sin(2 * np.pi * 0.25 * at) + irregular * rng.standard_normal())
        if fibrillation:
            gap = max(end - at + 0.03, rr * rng.uniform(0.7, 1.5))
        if early:
            gap = max(gap, end - at + 0.06) * 1.3
        at += max(gap, 0.27)
    if fibrillation and rng.random() < 0.7:
        t = np.arange(samples) / hz
        phase = 2 * np.pi * np.cumsum(6.2 + 0.8 * np.sin(2 * np.pi * 0.4 * t + rng.uniform(0, 6)) + rng.standard_normal(samples)) / hz
        total += twelve(DOWER @ (rng.uniform(0.01, 0.07) * direction(rng, (0.0, 0.4, -0.8), 0.3)[:, None] * np.sin(phase)))
    return total.astype(np.float32), label, np.arange(12)
