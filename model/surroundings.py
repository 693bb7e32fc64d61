"""What stands beside a sign in a crop that was not cleaned: rules of the form, dots of dirt.

A reader's own cleaning takes most of it out; collections of cut digits, DIDA first, keep it.
"""

import cv2
import numpy as np

from ocr.arrays import Strokes
from ocr.digits.normalize import ink_box

Rng = np.random.Generator
# Width / height of a sign that stays the same with a line there: a 1 with a line above is a 7, with
# one beside it an 11.
_LEAST_WIDTH = {"left": 0.45, "right": 0.45, "below": 0.25, "above": 0.6}
_CHANCES = (0.3, 0.3, 0.3, 0.1)


def with_rule(strokes: Strokes, rng: Rng) -> Strokes:
    """A straight thin line at one side of the sign, touching it or near it.

    Returns:
        The strokes with the line; as they were where it would make another sign of a slim one.
    """
    box = ink_box(strokes)
    side = str(rng.choice(list(_LEAST_WIDTH), p=_CHANCES))
    if box.width < _LEAST_WIDTH[side] * box.height:
        return strokes
    gap, lean = rng.uniform(-2, 5), rng.normal(0, 1.0)
    before, after = rng.uniform(3, 10, 2)  # a line that ends with the sign may be part of it
    if side in {"left", "right"}:
        at = box.x - gap if side == "left" else box.right - 1 + gap
        ends = (at - lean, box.y - before), (at + lean, box.bottom + after)
    else:
        at = box.bottom - 1 + gap if side == "below" else box.y - gap
        ends = (box.x - before, at - lean), (box.right + after, at + lean)
    start, stop = ((round(16 * a), round(16 * b)) for a, b in ends)
    ruled, level = strokes.copy(), int(rng.integers(90, 220))
    cv2.line(ruled, start, stop, level, int(rng.integers(1, 3)), cv2.LINE_AA, shift=4)
    return np.maximum(ruled, strokes)


def with_dots(strokes: Strokes, rng: Rng) -> Strokes:
    """One to four dots on and around the sign."""
    box = ink_box(strokes)
    dotted = strokes.copy()
    for _ in range(int(rng.integers(1, 5))):
        x = box.x + rng.uniform(-0.15, 1.15) * box.width
        y = box.y + rng.uniform(-0.15, 1.15) * box.height
        level = int(rng.integers(110, 256))
        cv2.circle(dotted, (int(x), int(y)), int(rng.integers(0, 3)), level, -1, cv2.LINE_AA)
    return np.maximum(dotted, strokes)
