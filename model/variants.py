"""Digits that the public collections lack, drawn: other schools' shapes and machine print.

Shapes of which a first reader failed most on real checks: crossed 7, 1 with a long upstroke, hook
or base, check-mark 5, loop-topped 9, looped 2, open 4. Machine print comes from OpenCV's fonts.
"""

import cv2
import numpy as np

from model.strokes import drawn, smooth
from ocr.arrays import Strokes

Rng = np.random.Generator
Line = list[tuple[float, float]]

# Pen paths, (x, y) with y down, about 100 high. Two points make a straight line, more a curve; a
# corner is where one path ends and the next begins.
_SHAPES: dict[str, list[list[Line]]] = {
    "0": [
        [[(30, 0), (4, 25), (0, 60), (20, 98), (50, 85), (62, 45), (48, 8), (24, 2)]],
        [[(20, 6), (0, 45), (16, 95), (48, 92), (60, 40), (36, 2), (18, 10), (62, -6)]],
        [[(30, 0), (0, 50), (30, 100), (60, 50), (30, 0)], [(52, 14), (8, 88)]],
        [[(34, 8), (6, 20), (0, 52), (22, 70), (52, 60), (58, 25), (36, 6)]],
    ],
    "1": [
        [[(0, 50), (42, 0)], [(42, 0), (40, 100)]],
        [[(0, 80), (40, 0)], [(40, 0), (40, 100)]],
        [[(4, 34), (30, 0)], [(30, 0), (28, 100)], [(2, 100), (56, 98)]],
        [[(0, 30), (12, 16), (28, 0)], [(28, 0), (26, 80), (44, 100)]],
        [[(30, 0), (28, 100)], [(4, 100), (54, 99)]],
        [[(16, 52), (34, 18), (36, 0), (26, 8), (14, 60), (10, 100)]],
        [[(0, 60), (30, 26), (40, 2), (26, 10), (20, 50), (18, 86), (30, 100)]],
    ],
    "2": [
        [[(2, 24), (24, 0), (52, 16), (46, 48), (14, 88), (4, 96), (18, 78), (36, 92), (66, 94)]],
        [[(0, 26), (20, 2), (50, 10), (50, 40), (24, 82), (2, 92), (8, 74), (30, 88), (70, 84)]],
        [[(4, 18), (30, 0), (54, 20), (40, 54), (0, 100)], [(0, 100), (62, 98)]],
        [[(22, 34), (4, 20), (24, 0), (54, 8), (54, 40), (24, 84), (2, 98), (4, 80), (80, 98)]],
        [[(30, 42), (4, 30), (6, 8), (34, 0), (58, 14), (50, 46), (22, 86), (8, 82), (74, 90)]],
    ],
    "3": [
        [[(0, 2), (52, 0)], [(52, 0), (20, 40)], [(20, 40), (52, 52), (50, 88), (20, 99), (0, 88)]],
        [[(2, 16), (28, 0), (50, 16), (40, 40), (18, 48), (48, 54), (54, 84), (26, 100), (0, 88)]],
        [[(0, 10), (40, 0), (42, 24), (18, 48), (10, 42), (24, 38), (52, 62), (38, 98), (0, 94)]],
    ],
    "4": [
        [[(6, 0), (0, 52), (60, 50)], [(50, 8), (46, 100)]],
        [[(4, 0), (2, 50)], [(2, 50), (62, 46)], [(44, 20), (40, 100)]],
        [[(4, 0), (2, 40), (24, 56), (50, 44), (54, 4)], [(54, 4), (50, 100)]],
        [[(40, 0), (0, 64)], [(0, 64), (64, 62)], [(44, 34), (40, 100)]],
        [[(12, 0), (0, 56)], [(0, 56), (14, 42), (34, 40), (40, 60), (34, 100)]],
        [[(8, 0), (0, 54)], [(0, 54), (56, 50)], [(54, 0), (44, 100)]],
    ],
    "5": [
        [[(58, 0), (14, 4)], [(14, 4), (8, 44)], [(8, 44), (44, 44), (52, 76), (30, 100), (0, 92)]],
        [[(66, -6), (18, 6), (10, 42)], [(10, 42), (40, 40), (50, 70), (26, 98), (0, 88)]],
        [[(14, 8), (8, 44), (44, 48), (48, 82), (20, 100), (0, 90)], [(16, 8), (70, 0)]],
        [[(10, 20), (6, 50), (38, 50), (44, 82), (16, 100), (-4, 88)], [(26, 10), (76, -12)]],
        [[(0, 58), (12, 98)], [(12, 98), (26, 6)], [(26, 6), (74, 0)]],
        [[(8, 8), (10, 98)], [(10, 60), (26, 20), (54, 6)]],
    ],
    "6": [
        [[(46, 0), (14, 34), (2, 72), (24, 100), (48, 84), (36, 58), (6, 70)]],
        [[(30, 0), (6, 60), (20, 98), (46, 90), (44, 62), (18, 62), (8, 82)]],
    ],
    "7": [
        [[(0, 4), (58, 0)], [(58, 0), (24, 100)], [(14, 50), (62, 46)]],
        [[(2, 20), (4, 4)], [(4, 4), (60, 2)], [(60, 2), (38, 46), (26, 99)], [(16, 54), (60, 48)]],
        [[(0, 12), (20, 0), (40, 10), (60, 0)], [(60, 0), (26, 100)], [(20, 52), (56, 46)]],
        [[(0, 22), (6, 2)], [(6, 2), (56, 4)], [(56, 4), (30, 100)]],
    ],
    "8": [
        [[(48, 14), (22, 0), (6, 20), (46, 66), (44, 92), (20, 100), (4, 80), (48, 28), (52, 6)]],
        [[(56, 6), (22, 8), (14, 30), (44, 62), (40, 94), (10, 92), (8, 66), (40, 34), (58, 2)]],
    ],
    "9": [
        [[(50, 10), (22, 2), (4, 24), (20, 46), (46, 34), (52, 6)], [(52, 6), (46, 60), (40, 100)]],
        [[(50, 20), (30, 0), (4, 18), (10, 44), (40, 42), (54, 10), (50, 60), (30, 98), (4, 90)]],
        [[(58, 4), (30, 8), (6, 24), (14, 46), (44, 30), (50, 8), (48, 60), (24, 130), (0, 110)]],
        [[(28, 46), (6, 34), (8, 8), (34, 0), (52, 14), (44, 38), (20, 48), (30, 60), (24, 100)]],
        [[(30, 44), (8, 36), (6, 10), (34, 0), (54, 16), (40, 42), (16, 52), (40, 66), (14, 100)]],
        [[(34, 52), (6, 40), (4, 10), (32, 0), (56, 16), (44, 42), (26, 54), (30, 78), (40, 100)]],
        [[(16, 50), (4, 28), (24, 0), (44, 12), (36, 36), (10, 52), (26, 64), (28, 78), (14, 100)]],
    ],
}  # fmt: skip
_HERSHEY = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX)
_UPSTROKES = 0.6  # share of hand-drawn ones
DIGITS = tuple(_SHAPES)


def variant(label: str, rng: Rng) -> Strokes:
    """Draw one digit (`0` to `9`): in two of three cases by hand, else machine print."""
    return _by_hand(label, rng) if rng.random() < 0.67 else _machine(label, rng)


def _by_hand(label: str, rng: Rng) -> Strokes:
    """One of the shapes, its points moved by a hand's inaccuracy, at 0.4 of its size (40 px)."""
    shapes = [_one(rng)] if label == "1" and rng.random() < _UPSTROKES else _SHAPES[label]
    squeeze = np.array([rng.uniform(0.65, 1.2), 1.0]) * 0.4
    corners: dict[tuple[float, float], np.ndarray] = {}
    lines = []
    for path in shapes[int(rng.integers(len(shapes)))]:
        # a point that ends one path and begins the next must move once
        moved = [corners.setdefault(xy, np.add(xy, rng.normal(0, 4.0, 2))) for xy in path]
        points = np.array(moved) * squeeze
        lines.append(smooth(points) if len(points) > 2 else points)
    return drawn(lines, rng.uniform(1.5, 6.5))


def _one(rng: Rng) -> list[Line]:
    """A 1 with an upstroke of any length and width, as most of Europe writes it."""
    across = rng.uniform(8, 65)
    steep = 0.5 + across / 60  # flatter ones are sevens
    start = -across, rng.uniform(min(steep * across, 95), 100)
    foot = rng.normal(0, 6), 100.0
    return [[start, (start[0] * 0.45, start[1] * 0.4), (0, 0)], [(0, 0), foot]]


def _machine(label: str, rng: Rng) -> Strokes:
    """Machine print: OpenCV's outline fonts (their 0 is slashed in two) and Hershey strokes."""
    field = np.zeros((90, 90), np.uint8)
    if rng.random() < 0.5:
        face = cv2.FontFace(("sans", "italic", "uni")[int(rng.integers(3))])
        weight = int(rng.integers(200, 800))
        return np.asarray(
            cv2.putText(field, label, (20, 70), (255,), face, 60, weight)[1], np.uint8
        )
    font, pen = int(rng.choice(_HERSHEY)), int(rng.integers(1, 7))
    cv2.putText(field, label, (20, 70), font, 2.0, 255, pen, cv2.LINE_AA)
    return field
