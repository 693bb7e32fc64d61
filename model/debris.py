"""What segmentation produces beside digits: the examples of the class `not`.

Pieces that are digits in their own right (the loop of an 8 is a 0, half a 4 is a 1) are left out:
they would teach the network to reject real digits. Telling those apart takes the neighbourhood,
which the decoder has and the network has not.
"""

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from model.marks import any_mark
from model.strokes import SIDE_PX, beside, drawn, scaled, smooth
from ocr.arrays import Strokes

Crops = Sequence[Strokes]
Rng = np.random.Generator
Path = list[tuple[float, float]]  # points (x, y), y down

# Largest part of a sign that is surely not a digit, by class and side kept; others below.
# 0: never (the part is a digit itself). Judged by eye on what the networks took for digits: the
# right half of an 8 is a 3, and three fifths of a 2, 3, 5 or 6 are still read as it.
_LARGEST_PART: dict[tuple[str, str], float] = {
    **{("1", side): 0.0 for side in ("left", "right", "top", "bottom")},
    ("0", "left"): 0.35,
    ("0", "right"): 0.35,
    ("2", "left"): 0.4,
    ("2", "right"): 0.4,
    ("2", "top"): 0.4,
    ("2", "bottom"): 0.4,
    ("3", "left"): 0.35,
    ("3", "right"): 0.4,
    ("3", "top"): 0.35,
    ("3", "bottom"): 0.4,
    ("4", "right"): 0.0,
    ("4", "bottom"): 0.0,
    ("5", "left"): 0.4,
    ("5", "right"): 0.4,
    ("5", "top"): 0.4,
    ("5", "bottom"): 0.4,
    ("6", "left"): 0.35,
    ("6", "top"): 0.0,
    ("6", "bottom"): 0.0,
    ("7", "left"): 0.4,
    ("7", "right"): 0.0,
    ("7", "top"): 0.0,
    ("7", "bottom"): 0.0,
    ("8", "left"): 0.4,
    ("8", "right"): 0.0,
    ("8", "top"): 0.0,
    ("8", "bottom"): 0.0,
    ("9", "right"): 0.0,
    ("9", "top"): 0.4,
    ("9", "bottom"): 0.0,
}
_LARGEST_OF_OTHERS = 0.45
_SMALLEST_PART = 0.2
_MOST_INK = 0.5  # of a sign's: with more of it a part is the sign, whatever its width
_LEAST_INK = 0.35  # of a sign's: with less beside it a sign is still that sign
_BOTH_SEEN = 1.4  # times the ink of the larger: with less two signs in one place look like one
_NARROW = 0.42  # width / height below which any piece is a fair 1
_LETTERS = "ACEFHKMNPRTUVWXadefhkmnrtuvwx"  # none that is written like a digit


def debris(signs: Crops, labels: Sequence[str], rng: Rng) -> Strokes:
    """Make one example of `not`.

    Args:
        signs: Two or three tight crops of one writer where writers are known.
        labels: Their classes.
        rng: Source of chance.
    """
    kind = int(rng.choice(len(_CHANCES), p=_CHANCES))
    if kind < len(_FROM_SIGNS):
        return _FROM_SIGNS[kind][1](signs, labels, rng)
    return _DRAWN[kind - len(_FROM_SIGNS)][1](rng)


def piece(signs: Crops, labels: Sequence[str], rng: Rng) -> Strokes:
    """A part of a sign, as a wrong cut leaves it; a pair if the sign has no clear part."""
    sign, label = signs[0], labels[0]
    for side in rng.permutation(["left", "right", "top", "bottom"]):
        largest = _LARGEST_PART.get((label, str(side)), _LARGEST_OF_OTHERS)
        if largest <= _SMALLEST_PART:
            continue
        part = part_of(sign, str(side), rng.uniform(_SMALLEST_PART, largest))
        small = ink_of(part) <= _MOST_INK * ink_of(sign)
        if small and part.shape[1] > _NARROW * part.shape[0]:
            return part
    return _pair(signs, labels, rng)


def part_of(sign: Strokes, side: str, share: float) -> Strokes:
    """The part of a crop at one side, `share` of its width or height."""
    height, width = sign.shape
    across, down = max(1, round(share * width)), max(1, round(share * height))
    return {
        "left": sign[:, :across],
        "right": sign[:, width - across :],
        "top": sign[:down],
        "bottom": sign[height - down :],
    }[side]


def ink_of(strokes: Strokes) -> int:
    """How much ink there is, in gray levels."""
    return int(strokes.sum(dtype=np.int64))


def _pair(signs: Crops, _labels: Sequence[str], rng: Rng) -> Strokes:
    """Two signs, sometimes three, all wholly there: touching, overlapping or nearly so."""
    count = 3 if len(signs) > 2 and rng.random() < 0.15 else 2
    together = signs[0]
    for sign in signs[1:count]:
        narrower = min(together.shape[1], sign.shape[1])
        gap = rng.uniform(-0.2 * narrower, 0.15 * SIDE_PX)
        together = beside(together, scaled(sign, rng.uniform(0.8, 1.15)), round(gap))
    return together


def _with_large_piece(signs: Crops, labels: Sequence[str], rng: Rng) -> Strokes:
    """A whole sign and a part of its neighbour that is too large to be dirt."""
    share, gap = rng.uniform(0.38, 0.8), round(rng.uniform(-2, 0.12 * SIDE_PX))
    before = rng.random() < 0.5
    part = part_of(signs[1], "right" if before else "left", share)
    if labels[1] == "1" or ink_of(part) < _LEAST_INK * ink_of(signs[0]):
        return _pair(signs, labels, rng)
    return beside(part, signs[0], gap) if before else beside(signs[0], part, gap)


def _frame(rng: Rng) -> Strokes:
    """Box lines: a horizontal one, corners, tees, crosses, ladders; a lone upright is a fair 1."""
    w = rng.uniform(25, 70)
    h = rng.uniform(0.3, 0.85) * w  # a high tee is a 1 with its foot
    kinds: list[list[Path]] = [
        [[(0, 0), (w, 0)]],
        [[(0, 0), (w, 0)], [(0, h * 0.2), (w, h * 0.2)]],
        [[(0, 0), (0, h), (w, h)]],
        [[(0, h), (w, h), (w, 0)]],
        [[(0, h), (0, 0), (w, 0)]],
        [[(0, 0), (w, 0)], [(w / 2, 0), (w / 2, h)]],
        [[(0, h), (w, h)], [(w / 2, 0), (w / 2, h)]],
        [[(0, 0), (0, h), (w, h), (w, 0)]],
        [[(0, 0), (0, h)], [(w * 0.6, 0), (w * 0.6, h)]],
        [[(0, h / 2), (w, h / 2)], [(w / 2, 0), (w / 2, h)]],
    ]
    lines = kinds[rng.integers(len(kinds))]
    return drawn([np.array(line, float) for line in lines], rng.uniform(1, 4))


def _framed(signs: Crops, labels: Sequence[str], rng: Rng) -> Strokes:
    """A piece of a sign hanging on a box line."""
    parts = (piece(signs, labels, rng), _frame(rng))
    side = max(length for part in parts for length in part.shape)
    field = np.zeros((side, side), np.uint8)
    for part in parts:
        y, x = (int(rng.integers(side - length + 1)) for length in part.shape)
        place = field[y : y + part.shape[0], x : x + part.shape[1]]
        np.maximum(place, part, out=place)
    return field


def letters(rng: Rng) -> Strokes:
    """One or two letters of OpenCV's Hershey fonts."""
    fonts = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_COMPLEX, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX)
    text = "".join(rng.choice(list(_LETTERS), size=rng.integers(1, 3)))
    field = np.zeros((90, 150), np.uint8)
    pen = int(rng.integers(1, 5))
    font = int(rng.choice(fonts))
    cv2.putText(field, text, (15, 65), font, 1.6, 255, pen, cv2.LINE_AA)
    return field


def scribble(rng: Rng) -> Strokes:
    """A long crossing stroke, as in struck out writing."""
    points = rng.uniform(0, SIDE_PX, (int(rng.integers(7, 14)), 2))
    points[:, 0] = 0.5 * points[:, 0] + np.linspace(0, rng.uniform(10, 50), len(points))
    return drawn([smooth(points)], rng.uniform(1.5, 4))


def _struck(signs: Crops, labels: Sequence[str], rng: Rng) -> Strokes:
    """A sign crossed out by two or three strokes; not 1 and 7, which become other digits."""
    if labels[0] in {"1", "7"}:
        return _pair(signs, labels, rng)
    beyond = round(0.15 * SIDE_PX)  # strokes that end inside of a sign are hardly seen
    field = np.pad(signs[0], ((0, 0), (beyond, beyond)))
    height, width = field.shape
    for _ in range(int(rng.integers(2, 4))):
        ends = rng.uniform(0.1, 0.9, 2) * height
        start, stop = (0, int(ends[0])), (width - 1, int(ends[1]))
        cv2.line(field, start, stop, 255, int(rng.integers(2, 5)), cv2.LINE_AA)
    return field


def overwritten(signs: Crops, labels: Sequence[str], rng: Rng) -> Strokes:
    """One sign written over another, each with strokes of its own; else a pair."""
    if "1" in labels[:2] or labels[0] == labels[1]:
        return _pair(signs, labels, rng)  # a 1 over a 7 is a 7
    over = scaled(signs[1], rng.uniform(0.85, 1.15))
    moved = round(rng.uniform(-0.2, 0.2) * SIDE_PX)
    gap = moved - (signs[0].shape[1] + over.shape[1]) // 2  # the middles lie `moved` apart
    together = beside(signs[0], over, gap)
    if ink_of(together) < _BOTH_SEEN * max(ink_of(signs[0]), ink_of(over)):
        return _pair(signs, labels, rng)
    return together


def _noise(rng: Rng) -> Strokes:
    """Specks and paper texture, or nothing at all."""
    if rng.random() < 0.2:
        return np.zeros((SIDE_PX, SIDE_PX), np.uint8)
    sigma = rng.uniform(0.5, 4)
    texture = cv2.GaussianBlur(rng.normal(0, 1, (SIDE_PX, SIDE_PX)), (0, 0), sigma)
    level = np.quantile(texture, rng.uniform(0.7, 0.97))
    bright = (texture - level) / max(float(texture.max() - level), 1e-6)
    return np.asarray(np.clip(bright * 400, 0, 255), np.uint8)


_FROM_SIGNS: list[tuple[float, Callable[[Crops, Sequence[str], Rng], Strokes]]] = [
    (0.24, piece),
    (0.23, _pair),
    (0.12, _with_large_piece),
    (0.05, _framed),
    (0.02, _struck),
    (0.04, overwritten),
]
_DRAWN: list[tuple[float, Callable[[Rng], Strokes]]] = [
    (0.07, _frame),
    (0.13, any_mark),
    (0.05, letters),
    (0.02, scribble),
    (0.03, _noise),
]
_CHANCES = [chance for chance, _ in _FROM_SIGNS] + [chance for chance, _ in _DRAWN]
