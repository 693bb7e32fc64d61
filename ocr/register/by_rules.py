"""Registration by the rules that fields stand on, for forms whose boxes are not printed around.

Of a field above a ruled or dotted line there is the line at its foot, which begins and ends where
the box does. Ends of lines stand in for the sides of boxes, so that poses are searched, fitted and
judged as with boxes.
"""

from dataclasses import replace
from functools import lru_cache

import cv2
import numpy as np

from ocr.components import labelled
from ocr.forms import Form, FormField
from ocr.register.edges import Edges, made_edges
from ocr.register.sheet import Ruled

DOTS_COVER = 0.5  # share of a dotted line that is ink on the reduced page
_NEEDED = 0.8  # of a line with both ends all three: any table has lines
_END_MM = 2.0  # how tall the end of a line is drawn, so that it may lie a little off
_SHORTEST = 0.6  # of the form's shortest line: words and dashes are shorter still
_BREAK_MM = 0.8  # gaps in a line, of dots and of strokes that cross it
_PAST_MM = 0.3  # a line's soft end makes it seem so much longer


@lru_cache(maxsize=32)
def rules_of(form: Form) -> Edges:
    """The feet of the form's boxes and of the rows of its columns, and both ends of each."""
    fields = [] if form.dropout else list(enumerate(form.fields))
    edges = made_edges([rule for number, field in fields for rule in _rules(field, number)])
    return replace(edges, needed=_NEEDED)


def _rules(field: FormField, number: int) -> list[tuple[float, ...]]:
    if field.box_mm is None or field.type == "micr" or field.rows == "auto":
        return []
    left, top, width, height = field.box_mm
    rows, right, half = field.rows or 1, left + width, _END_MM / 2
    feet = [top + height * row / rows for row in range(1, rows + 1)]
    return [
        edge
        for y in feet
        for edge in (
            (left, y, right, y, 1, number),
            (left, y - half, left, y + half, 0, number),
            (right, y - half, right, y + half, 0, number),
        )
    ]


def with_ends(lines: Ruled, rules: Edges, px_per_mm: float) -> Ruled:
    """The lines across a page that are long enough, and as lines down what ends or crosses them."""
    shortest = _SHORTEST * float(rules.length_mm[rules.axis == 1].min()) * px_per_mm
    gap = max(1, round(_BREAK_MM * px_per_mm))
    half, past = round(_END_MM / 2 * px_per_mm), round(_PAST_MM * px_per_mm)
    joined = cv2.morphologyEx(
        lines.across.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((1, 2 * gap + 1), np.uint8)
    )
    labels, stats, _ = labelled(np.asarray(joined, np.uint8))
    long = stats[:, cv2.CC_STAT_WIDTH] >= shortest
    long[0] = False  # the paper
    across = long[labels]
    near = cv2.dilate(across.astype(np.uint8), np.ones((2 * half + 1, 1), np.uint8)) > 0
    down = lines.down & near
    for x, y, width, height, _ in stats[long]:
        ends = [x + past, x + width - 1 - past]
        down[max(0, y - half) : y + height + half, ends] = True
    return Ruled(across, down)
