"""Marks that stand beside digits: punctuation, fillers and currency signs, written or printed."""

from collections.abc import Sequence

import cv2
import numpy as np

from model.strokes import drawn, smooth, tight
from ocr.arrays import Strokes

Rng = np.random.Generator
Path = list[tuple[float, float]]  # points (x, y), y down

_CURRENCIES = "₹₹₹$$€£¥"  # CTS-2010 prints the rupee sign inside the box
_BLOBS = ("comma", "point", "points")
_MARKS: dict[str, list[Path]] = {  # (x, y), about 100 high
    "comma": [[(12, 0), (14, 14), (6, 30), (-4, 42)]],
    "point": [[(0, 0), (3, 2)]],
    "points": [[(0, 0), (2, 2)], [(0, 60), (3, 62)]],
    "dash": [[(0, 0), (70, -3)]],
    "tilde": [[(0, 0), (25, -14), (50, 6), (80, -8)]],
    "equals": [[(0, 0), (70, 0)], [(0, 28), (70, 26)]],
    "slash_dash": [[(0, 100), (45, 0)], [(50, 60), (110, 56)]],
    "slash": [[(0, 100), (30, 0)], [(45, 50), (110, 46)]],
    "dash_comma": [[(0, 0), (60, -2)], [(85, 10), (86, 25), (76, 40)]],
    "flat_slash": [[(0, 40), (90, 0)]],
    "star": [[(0, 25), (60, 25)], [(12, 0), (48, 52)], [(48, 0), (12, 52)]],
    "cross": [[(0, 0), (55, 60)], [(55, 0), (0, 60)]],
    "hash": [[(20, 0), (12, 90)], [(55, 0), (47, 90)], [(0, 30), (75, 26)], [(0, 62), (75, 58)]],
    "percent": [
        [(80, 0), (10, 100)],
        [(10, 5), (0, 18), (12, 30), (24, 18), (10, 5)],
        [(75, 68), (62, 82), (76, 96), (90, 82), (75, 68)],
    ],
    "dollar": [
        [(60, 15), (40, 3), (12, 10), (8, 30), (32, 47), (58, 62), (54, 86), (28, 95), (2, 82)],
        [(34, -14), (32, 112)],
    ],
    "dollar_double": [
        [(60, 15), (40, 3), (12, 10), (8, 30), (32, 47), (58, 62), (54, 86), (28, 95), (2, 82)],
        [(26, -12), (25, 110)],
        [(40, -12), (39, 110)],
    ],
    "rupee": [
        [(0, 0), (75, 0)],
        [(0, 24), (75, 24)],
        [(10, 0), (42, 4), (50, 24), (38, 44), (4, 48), (56, 104)],
    ],
    "euro": [
        [(78, 12), (55, 0), (26, 18), (16, 50), (28, 84), (56, 98), (80, 86)],
        [(0, 40), (58, 40)],
        [(0, 60), (54, 60)],
    ],
    "pound": [
        [(70, 18), (50, 2), (30, 20), (34, 55), (22, 95), (0, 96)],
        [(8, 52), (56, 50)],
        [(10, 96), (40, 88), (76, 94)],
    ],
    "rs": [
        [(0, 100), (4, 0), (40, 6), (44, 36), (6, 50), (50, 100)],
        [(90, 55), (72, 58), (76, 76), (92, 84), (88, 99), (68, 98)],
    ],
    "wave": [[(0, 30), (12, 0), (26, 30), (40, 0), (54, 30), (68, 0), (84, 30)]],
    "hook": [[(0, 0), (30, 34), (100, -30)]],
    "arch": [[(0, 60), (8, 5), (40, 0), (62, 20), (66, 62)]],
}


def any_mark(rng: Rng) -> Strokes:
    """Punctuation, fillers and currency signs, written or printed."""
    return printed_currency(rng) if rng.random() < 0.25 else mark(tuple(_MARKS), rng)


def printed_currency(rng: Rng) -> Strokes:
    """A currency sign as it is printed before the box of an amount."""
    face = cv2.FontFace(("sans", "italic", "uni")[int(rng.integers(3))])
    sign = _CURRENCIES[int(rng.integers(len(_CURRENCIES)))]
    field = np.zeros((100, 100), np.uint8)
    weight = int(rng.integers(300, 800))
    return tight(np.asarray(cv2.putText(field, sign, (25, 75), (255,), face, 60, weight)[1]))


def mark(names: Sequence[str], rng: Rng) -> Strokes:
    """One of the marks of those names, drawn from its point lists by a trembling hand."""
    name = names[int(rng.integers(len(names)))]
    pen = rng.uniform(6, 14) if name in _BLOBS else rng.uniform(2, 5)
    paths = [np.array(line, float) * 0.4 for line in _MARKS[name]]
    lines = [path + rng.normal(0, 1.2, path.shape) for path in paths]
    return drawn([smooth(line) if len(line) > 2 else line for line in lines], pen)
