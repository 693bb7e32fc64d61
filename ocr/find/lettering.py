"""Print drawn as pen strokes: currency signs, the words DATE and AMOUNT, and what is alike them.

Strokes are polylines in a box 100 high, y running down. Drawn in two weights they agree with print
of any face, light or bold; no font is needed to read a check.
"""

from collections.abc import Sequence

import cv2

Stroke = list[tuple[int, int]]
Strokes = list[Stroke]


def _arc(x: int, y: int, across: int, down: int, start_deg: int, end_deg: int) -> Stroke:
    """Points of an ellipse's arc; degrees clockwise from the right."""
    points = cv2.ellipse2Poly((x, y), (across, down), 0, start_deg, end_deg, 10)
    return [(int(px), int(py)) for px, py in points]


def _word(*letters: tuple[Strokes, int]) -> Strokes:
    """Letters side by side, each at its column."""
    return [[(right + x, y) for x, y in s] for letter, right in letters for s in letter]


def _small(strokes: Strokes) -> Strokes:
    """A letter at the height of small ones."""
    return [[(round(0.7 * x), 30 + round(0.7 * y)) for x, y in stroke] for stroke in strokes]


_A: Strokes = [[(0, 100), (45, 0), (90, 100)], [(18, 65), (72, 65)]]
_D: Strokes = [[(5, 0), (5, 100), (40, 100), *_arc(40, 50, 48, 50, 270, 450)[::-1], (5, 0)]]
_E: Strokes = [[(80, 0), (5, 0), (5, 100), (80, 100)], [(5, 48), (70, 48)]]
_F: Strokes = [[(80, 0), (5, 0), (5, 100)], [(5, 48), (70, 48)]]
_M: Strokes = [[(5, 100), (5, 0), (50, 80), (95, 0), (95, 100)]]
_N: Strokes = [[(5, 100), (5, 0), (80, 100), (80, 0)]]
_O: Strokes = [_arc(50, 50, 42, 50, 0, 360)]
_P: Strokes = [[(5, 100), (5, 0), (45, 0), *_arc(45, 27, 38, 27, 270, 450), (5, 54)]]
_R: Strokes = [*_P, [(45, 54), (85, 100)]]
_S: Strokes = [_arc(50, 26, 40, 26, 130, 330)[::-1] + _arc(50, 74, 40, 26, 310, 510)]
_T: Strokes = [[(0, 0), (84, 0)], [(42, 0), (42, 100)]]
_U: Strokes = [[(5, 0), (5, 60), *_arc(45, 60, 40, 40, 0, 180)[::-1], (85, 60), (85, 0)]]
_SMALL_A: Strokes = [_arc(30, 68, 28, 32, 0, 360), [(60, 34), (60, 100)]]
_SMALL_T: Strokes = [[(20, 8), (20, 90), (36, 98)], [(0, 34), (40, 34)]]
_SMALL_E: Strokes = [[(4, 66), (58, 66), *_arc(31, 66, 28, 33, 50, 360)[::-1]]]
_SMALL_U: Strokes = [[(4, 34), (4, 76), *_arc(29, 74, 25, 25, 0, 180)[::-1]], [(54, 34), (54, 100)]]
_SMALL_M: Strokes = [
    [(4, 100), (4, 34)],
    [*_arc(28, 58, 24, 24, 180, 360), (52, 100)],
    [*_arc(76, 58, 24, 24, 180, 360), (100, 100)],
]

SIGNS: dict[str, tuple[Strokes, ...]] = {
    "$": (
        [*_S, [(50, -12), (50, 112)]],
        [*_S, [(50, -12), (50, 4)], [(50, 96), (50, 112)]],
    ),
    "₹": (
        [
            [(0, 0), (70, 0)],
            [(0, 26), (70, 26)],
            [(0, 0), (24, 0), *_arc(26, 26, 26, 26, 270, 450), (0, 52), (8, 52), (54, 100)],
        ],
    ),
    "€": ([_arc(62, 50, 45, 50, 50, 310), [(0, 38), (75, 38)], [(0, 60), (68, 60)]],),
    "£": (
        [
            _arc(62, 28, 32, 28, 180, 340),
            [(30, 28), (30, 70), (4, 99)],
            [(4, 100), (96, 100)],
            [(4, 54), (70, 54)],
        ],
    ),
    "Rs": (_word((_R, 0), (_small(_S), 105)),),
    "EUR": (_word((_E, 0), (_U, 105), (_R, 215)),),
}
DATE_LABELS: dict[str, tuple[Strokes, ...]] = {
    "DATE": (_word((_D, 0), (_A, 95), (_T, 190), (_E, 295)),),
    "Date": (_word((_D, 0), (_SMALL_A, 110), (_SMALL_T, 192), (_SMALL_E, 250)),),
    "Datum": (_word((_D, 0), (_SMALL_A, 110), (_SMALL_T, 192), (_SMALL_U, 250), (_SMALL_M, 325)),),
}
AMOUNT_LABELS: dict[str, tuple[Strokes, ...]] = {
    "AMOUNT": (_word((_A, 0), (_M, 100), (_O, 215), (_U, 320), (_N, 425), (_T, 525)),),
}
OTHERS: tuple[Strokes, ...] = (
    _A,
    _D,
    _E,
    _F,
    _P,
    _R,
    _S,
    _T,
    _U,
    _O,  # and 0
    [_arc(50, 50, 45, 50, 50, 310)],  # C
    [_arc(50, 26, 36, 26, 0, 360), _arc(50, 74, 44, 26, 0, 360)],  # 8 and B
    [[(85, 0), (20, 0), (12, 45), *_arc(46, 68, 42, 32, 230, 510)]],  # 5
    [_arc(46, 70, 40, 30, 0, 360), [(80, 0), (30, 25), (6, 70)]],  # 6
    [_arc(46, 30, 40, 30, 0, 360), [(86, 30), (80, 70), (40, 100)]],  # 9
    [[(10, 0), (85, 0), (40, 40), *_arc(44, 70, 42, 30, 270, 510)]],  # 3
    [_arc(48, 28, 40, 28, 190, 400), [(80, 45), (5, 100), (92, 100)]],  # 2
    [[(50, 0), (50, 100)], [(15, 22), (50, 0)]],  # 1
    _word((_P, 0), (_A, 90), (_small(_U), 190)),  # Pay
    _word((_small(_D), 0), (_small(_E), 65), (_small(_S), 130), (_small(_E), 195)),
)


def points_of(strokes: Sequence[Stroke]) -> Stroke:
    """All points of a drawing."""
    return [point for stroke in strokes for point in stroke]
