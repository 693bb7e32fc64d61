"""The printed edges of a form's boxes and combs, and seeing them on a page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Ink
from ocr.forms import Form, has_edges
from ocr.register.pose import Floats, Points, Pose, Sights
from ocr.register.sheet import Ruled

_SAMPLES = 12  # points looked at along an edge
_ENDS = 0.06  # of an edge's length left out at its ends, where corners are rounded
_REACH_MM = 1.6  # how far from its place an edge is looked for: less than half a cell's pitch
_NEEDED = 0.6  # of boxes and combs: writing hides some
_SEEN = 0.6  # share of an edge's points that must be on one line


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Straight edges, each along one axis, in millimetres.

    Attributes:
        start: (N, 2) left or upper ends.
        end: (N, 2) right or lower ends.
        axis: (N,) the axis along which an edge's place is told: 1 for edges across the page, 0
            for those down it.
        field: (N,) number of the field whose edge it is.
        points: (N, samples, 2) points along them.
        telling: (N,) edges that must be printed: those of combs, or of boxes where no comb is.
        needed: Share of a field's edges that must be in place for the field to count as seen.
    """

    start: Points
    end: Points
    axis: NDArray[np.intp]
    field: NDArray[np.intp]
    points: Points
    telling: NDArray[np.bool_]
    needed: float = _NEEDED

    @property
    def middle(self) -> Points:
        """(N, 2) middles."""
        return np.asarray((self.start + self.end) / 2)

    @property
    def length_mm(self) -> Floats:
        """(N,) lengths."""
        return np.asarray((self.end - self.start).sum(axis=1))


@lru_cache(maxsize=32)
def edges_of(form: Form) -> Edges:
    """The edges of a form's combs and boxes; none for dropout print."""
    fields = [] if form.dropout else [k for k, f in enumerate(form.fields) if has_edges(f)]
    edges = made_edges([row for k in fields for row in _edges(form, k)])
    combs = [k for k in fields if form.fields[k].cells]
    return replace(edges, telling=np.isin(edges.field, combs or fields))


def made_edges(rows: Sequence[tuple[float, ...]]) -> Edges:
    """Edges of rows: x and y of start and end, axis, and field; all of them telling."""
    table = np.array(rows, np.float64).reshape(-1, 6)
    start, end = table[:, 0:2], table[:, 2:4]
    axis, field = table[:, 4].astype(np.intp), table[:, 5].astype(np.intp)
    shares = np.linspace(_ENDS, 1 - _ENDS, _SAMPLES)[None, :, None]
    points = start[:, None] + shares * (end - start)[:, None]
    return Edges(start, end, axis, field, points, np.ones(len(table), bool))


def _edges(form: Form, number: int) -> list[tuple[float, ...]]:
    """Top and bottom, and the lines between the cells."""
    field = form.fields[number]
    left, top, width, height = field.box_mm or (0.0, 0.0, 0.0, 0.0)
    right, bottom, cells = left + width, top + height, field.cells or 1
    across: list[tuple[float, ...]] = [(left, y, right, y, 1, number) for y in (top, bottom)]
    lines = [left + width * k / cells for k in range(cells + 1)]
    return across + [(x, top, x, bottom, 0, number) for x in lines]


def sight(ruled: Ruled, pose: Pose, edges: Edges) -> tuple[Sights, NDArray[np.intp]]:
    """Look for each edge near its place.

    Returns:
        The sights, and for each the number of its edge.
    """
    reach = max(2, round(_REACH_MM * pose.px_per_mm))
    offsets = np.arange(-reach, reach + 1)
    places = pose.to_px(edges.points)  # (N, samples, 2)
    covered = np.zeros((len(edges.axis), len(offsets)))
    for axis, lines in ((0, ruled.down), (1, ruled.across)):
        mine = edges.axis == axis
        along = np.moveaxis(places[mine], 2, 0)[:, :, None]  # (x and y, n, 1, samples)
        across = along[axis] + offsets[:, None]
        x, y = (across, along[1]) if axis == 0 else (along[0], across)
        covered[mine] = looked_up(lines, x, y).mean(axis=2)
    best = covered.max(axis=1, initial=0.0)
    seen = np.flatnonzero(best >= _SEEN)
    # The middle of a line that is several pixels thick, or of two that are equally likely.
    weights = np.where(covered[seen] >= 0.85 * best[seen, None], covered[seen], 0.0)
    off_px = (weights * offsets).sum(axis=1) / weights.sum(axis=1)
    scale = pose.matrix[edges.axis[seen], edges.axis[seen]]
    return Sights(edges.middle[seen], edges.axis[seen], off_px / scale), seen


def looked_up(ink: Ink, x: Floats, y: Floats) -> NDArray[np.bool_]:
    """Ink at points in pixels, of any shape; False beside the page."""
    x, y = np.broadcast_arrays(x.astype(np.float32), y.astype(np.float32))
    if not x.size:
        return np.zeros(x.shape, bool)
    columns, rows = (np.ascontiguousarray(each).reshape(len(x), -1) for each in (x, y))
    found = cv2.remap(ink.view(np.uint8), columns, rows, cv2.INTER_NEAREST, borderValue=(0,))
    return np.asarray(found).view(bool).reshape(x.shape)
