"""Digits written in one stroke: `00` and `000` as a chain of loops, and `10` as a loop on its stem.

Many hands end amounts so. A chain of loops that stay open looks like a w, a `10` like a b.
"""

import numpy as np

from model.strokes import drawn, smooth
from ocr.arrays import Strokes
from ocr.digits.normalize import ink_box

Rng = np.random.Generator
_HEIGHT_PX = 40  # of a loop
_OUT_OF_STEP = 0.015  # deviation of a point of the pen's path, in heights of a loop
_TAIL = 0.25  # chance that the pen leaves the last loop to the right


def zeros(count: int, rng: Rng) -> Strokes:
    """Draw that many zeros without lifting the pen; a tight crop about 40 pixels high."""
    ways = (_closed_one_by_one, _rolling, _there_and_back)
    path = ways[int(rng.choice(3, p=(0.6, 0.25, 0.15)))](count, rng)
    if rng.random() < _TAIL:
        path = np.vstack([path, path[-1] + (rng.uniform(0.1, 0.5), rng.uniform(-0.25, 0.1))])
    return _drawn(path, rng)


def ten(rng: Rng) -> Strokes:
    """Draw a 10 without lifting the pen; a tight crop about 40 pixels high."""
    wide, tall, apart = rng.uniform(0.4, 0.9), rng.uniform(0.55, 1.0), rng.uniform(0.05, 0.35)
    stem = np.linspace((rng.normal(0, 0.06), 0.0), (0.0, rng.uniform(0.85, 0.98)), 5)
    from_below = rng.random() < 0.6  # the pen goes on along the bottom, or up to the loop's top
    start = np.radians((250 if from_below else 100) + rng.normal(0, 15))
    turned = 2 * np.pi * rng.uniform(0.85, 1.1) * (1 if from_below or rng.random() < 0.7 else -1)
    angles = start + turned * np.linspace(0, 1, 12)
    middle = apart + wide / 2, 1 - tall / 2
    loop = np.stack([wide / 2 * np.cos(angles), -tall / 2 * np.sin(angles)], axis=1) + middle
    upstroke = [(0.06, 1.0)] if rng.random() < 0.6 else []
    flag = [(-rng.uniform(0.1, 0.35), rng.uniform(0.25, 0.6))] if rng.random() < 0.25 else []
    return _drawn(np.array([*flag, *stem, *upstroke, *loop]), rng)


def _drawn(path: np.ndarray, rng: Rng) -> Strokes:
    """A pen's path, in heights of a digit, by a hand that trembles."""
    path = path + rng.normal(0, _OUT_OF_STEP, path.shape)
    strokes = drawn([smooth(path * _HEIGHT_PX, 4)], rng.uniform(2, 5.5))
    return strokes[ink_box(strokes).slices]


def _closed_one_by_one(count: int, rng: Rng) -> np.ndarray:
    """Each loop from the top, to the left and round; the pen swings over to the next one's top."""
    wide, apart = rng.uniform(0.5, 1.1), rng.uniform(0.75, 1.4)
    turned, dip = rng.uniform(0.8, 1.1), rng.uniform(-0.15, 0.35)
    points: list[np.ndarray] = []
    for k in range(count):
        start = np.radians(90 + rng.normal(0, 20))
        angles = start + 2 * np.pi * np.linspace(0, turned + rng.normal(0, 0.04), 11)
        middle = k * wide * apart
        size = float(np.exp(rng.normal(0, 0.1)))
        loop = np.stack([wide * np.cos(angles), -np.sin(angles)], axis=1) * size / 2
        loop[:, 0] += middle
        if points:
            gap = (points[-1][-1] + loop[0]) / 2 + (0, dip * 0.5)
            points.append(gap[None])
        points.append(loop)
    return np.vstack(points)


def _rolling(count: int, rng: Rng) -> np.ndarray:
    """A circle that goes on while it is drawn (a trochoid), like a spring."""
    first, last = rng.uniform(0.5, 1.4, 2) - (np.pi / 2, 0)
    angles = np.linspace(first, 2 * np.pi * count - np.pi / 2 - last, 10 * count + 1)
    wide, step = rng.uniform(0.55, 1.0), rng.uniform(0.6, 1.0)
    way = 1 if rng.random() < 0.7 else -1  # joined at the top, or at the bottom
    across = wide * (np.cos(angles) / 2 + step * angles / (2 * np.pi))
    return np.stack([across, way * np.sin(angles) / 2], axis=1)


def _there_and_back(count: int, rng: Rng) -> np.ndarray:
    """Waves there and back that cross between the loops, as an 8 that lies."""
    there = np.linspace(0, count, 8 * count + 1)
    wave = np.sin(np.pi * there)
    wave = np.sign(wave) * np.abs(wave) ** rng.uniform(0.6, 0.9) / 2
    wide = rng.uniform(0.6, 1.1)
    out = np.stack([wide * there, wave], axis=1)
    return np.vstack([out, (out * (1, -1))[::-1][1:]])
