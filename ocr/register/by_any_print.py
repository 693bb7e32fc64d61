"""Registration by whatever is printed of a form's fields, for pages that show little of it.

Combs may be open above, printed in a tint, or only some of them be seen. A field counts by its
frame, or by the line at its foot with both ends. That so few fields are enough is paid for by their
place: other forms, seen by chance, lie far from where the page's size puts them.
"""

from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ocr.forms import Form
from ocr.register.by_lines import starts
from ocr.register.by_rules import rules_of, with_ends
from ocr.register.edges import Edges, edges_of, made_edges, sight
from ocr.register.pose import Fit, Pose, fitted
from ocr.register.register import LARGEST_RESIDUAL_MM, MOST_UNEVEN, Registration, own_shift
from ocr.register.sheet import Ruled

_STARTS = 8  # poses that are fitted besides that by the page's size
_FITS = 3
_NEAR_MM = 8.0  # of its place by the page's size: what feeding, cropping and flattening move
_LEAST_NEAR = (2, 0.2)  # fields, and share of them: of 90 pages of other forms none had 2
_LEAST_FAR = (3, 0.35)  # of 90 pages of other forms one had 3, of 10
_WHOLE = 0.6  # share of a frame's edges that must be in place: writing hides some


@lru_cache(maxsize=32)
def print_of(form: Form) -> Edges:
    """The frames of a form's fields, and as further fields the lines they may stand on."""
    frames, feet = edges_of(form), rules_of(form)
    rows = [
        (*start, *end, axis, field + further)
        for edges, further in ((frames, 0), (feet, len(form.fields)))
        for start, end, axis, field in zip(
            edges.start.tolist(), edges.end.tolist(), edges.axis, edges.field, strict=True
        )
    ]
    return made_edges(rows)


def register_by_any_print(lines: Ruled, form: Form, shrunk: int) -> Registration | None:
    """Find how a form lies on a page of which it is known by little.

    Args:
        lines: All lines of the page, on a reduced picture of it.
        form: A form with `page_mm`.
        shrunk: How many pixels of the page went into one.

    Returns:
        Its registration in pixels of the page; None if too little of the form is seen.
    """
    edges = print_of(form)
    if form.page_mm is None or not len(edges.axis):
        return None
    height, width = lines.across.shape
    size_mm = np.array(form.page_mm)
    filling = np.array([[width / size_mm[0], 0, 0], [0, height / size_mm[1], 0]])
    seen = with_ends(lines, rules_of(form), float(filling[0, 0]))
    poses = [Pose(filling), *starts(seen, form.page_mm, edges)[:_STARTS]]
    found = (_judged(seen, edges, pose, len(form.fields)) for pose in poses)
    best = max((each for each in found if each), key=lambda each: each.seen, default=None)
    if best is None:
        return None
    corners = np.array([(0.0, 0.0), size_mm])
    off_px = np.abs(best.pose.to_px(corners) - [(0, 0), (width, height)]).max()
    count, share = _LEAST_NEAR if off_px <= _NEAR_MM * best.pose.px_per_mm else _LEAST_FAR
    least = max(min(count, best.looked_for), share * best.looked_for)
    return replace(best, pose=best.pose.scaled(shrunk)) if best.seen >= least else None


def _judged(lines: Ruled, edges: Edges, pose: Pose, fields: int) -> Registration | None:
    """The pose fitted to what is seen near it; None if that is no pose of a page."""
    for _ in range(_FITS):
        sights, seen = sight(lines, pose, edges)
        fit = fitted(pose, sights)
        pose = fit.pose
    even = abs(pose.matrix[0, 0] / pose.matrix[1, 1] - 1) <= MOST_UNEVEN
    if not even or fit.residual_mm > LARGEST_RESIDUAL_MM:
        return None
    framed, on_line = _in_place(edges, seen, fit, fields)
    shift = own_shift(edges, seen[fit.agreeing], fit.left_mm[fit.agreeing], 2 * fields)
    shift = np.where(framed[:, None], shift[:fields], shift[fields:] * on_line[:, None])
    printed = len(np.unique(edges.field % fields))
    return Registration(
        pose, shift, fit.residual_mm, int((framed | on_line).sum()), printed, "lines"
    )


def _in_place(
    edges: Edges, seen: NDArray[np.intp], fit: Fit, fields: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(fields,) those whose frame is in place, and those whose line is from end to end."""
    agreeing = np.zeros(len(edges.axis))
    agreeing[seen[fit.agreeing]] = 1.0
    edges_of_field = np.maximum(1, np.bincount(edges.field, minlength=2 * fields))
    share = np.bincount(edges.field, agreeing, 2 * fields) / edges_of_field
    return share[:fields] >= _WHOLE, share[fields:] >= 1.0
