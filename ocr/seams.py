"""Seams: where touching digits may be parted.

A seam is a path of least ink from the top of a component to its bottom, near a given column.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from ocr.arrays import Strokes

_CUT_PITCH = 0.18  # of the digit height: distance between neighbouring cuts
_CUT_BAND = 0.14  # of the digit height: how far a seam may wander from its column
_SIDEWAYS = 0.05  # cost of a step aside, in full-ink pixels: through blank paper seams run straight
_OFF_MIDDLE = 0.02  # the same for a seam at a component's edge: of equal seams the middle one


@dataclass(frozen=True, eq=False, slots=True)
class Seams:
    """The seams of one component, from left to right.

    Attributes:
        columns: (cuts, H) column of each in every row: the first right of the cut.
        inks: (cuts,) full-ink pixels that each runs through.
    """

    columns: NDArray[np.int64]
    inks: NDArray[np.float64]


def find_seams(components: Sequence[Strokes], digit_px: float, most_ink: float) -> list[Seams]:
    """The seams of each component: one near each column that may part two digits.

    Args:
        components: (H, W) strokes of each, without its neighbours.
        digit_px: Typical height of a digit.
        most_ink: Full-ink pixels that a seam may run through.

    Returns:
        For each component seams of little ink, no two closer than the cut pitch.
    """
    if not components:
        return []
    pitch = max(2, round(_CUT_PITCH * digit_px))
    band = max(1, round(_CUT_BAND * digit_px))
    starts = [np.arange(pitch, c.shape[1] - pitch + 1, max(1, pitch // 3)) for c in components]
    columns, inks = _least_ink_paths(components, starts, band)
    ends = np.cumsum([len(each) for each in starts])[:-1]
    return [
        _best_apart(Seams(seams[:, : len(c)], ink), near, pitch, most_ink, c.shape[1])
        for c, near, seams, ink in zip(
            components, starts, np.split(columns, ends), np.split(inks, ends), strict=True
        )
    ]


def _best_apart(
    seams: Seams, starts: NDArray[np.int64], pitch: int, most_ink: float, width: int
) -> Seams:
    """The seams of least ink, no two of them closer than the pitch."""
    chosen: list[int] = []
    worth = seams.inks + _OFF_MIDDLE * np.abs(starts - width / 2) / width
    places, inks = starts.tolist(), seams.inks.tolist()
    for index in np.argsort(worth, kind="stable").tolist():
        far = all(abs(places[index] - places[other]) >= pitch for other in chosen)
        if far and inks[index] <= most_ink:
            chosen.append(index)
    columns = seams.columns[chosen]
    order = np.argsort(columns.mean(axis=1), kind="stable")
    return Seams(np.maximum.accumulate(columns[order], axis=0), seams.inks[chosen][order])


def _least_ink_paths(
    components: Sequence[Strokes], starts: Sequence[NDArray[np.int64]], band: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """For each start the top-to-bottom path of least ink within `band` columns of it.

    Dynamic programming over rows, all components and columns at once.

    Returns:
        (paths, most rows) columns, of no meaning below a component's end; (paths,) inks.
    """
    heights = np.array([len(component) for component in components])
    last_rows = np.repeat(heights - 1, [len(each) for each in starts])
    ink = np.zeros((heights.max(), len(last_rows), 2 * band + 1), np.float32)
    at = 0
    for component, near in zip(components, starts, strict=True):
        wide = cv2.copyMakeBorder(component, 0, 0, band, band, cv2.BORDER_CONSTANT)
        padded = wide.astype(np.float32) / 255.0
        windows = sliding_window_view(padded, 2 * band + 1, axis=1)[:, near]
        ink[: len(component), at : at + len(near)] = windows
        at += len(near)
    places = _cheapest_places(ink, last_rows)
    inks = np.take_along_axis(ink, places[..., None], axis=2).sum(axis=(0, 2), dtype=np.float64)
    return (np.concatenate(starts) - band + places).T, inks


def _cheapest_places(ink: NDArray[np.float32], last_rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Place of each path in its band, (rows, paths); a step goes at most one place aside.

    Args:
        ink: (rows, paths, places), 0 below a path's last row.
        last_rows: (paths,).
    """
    rows, paths, breadth = ink.shape
    costs = np.full((rows, paths, breadth + 2), np.inf, np.float32)  # between two walls
    costs[0, :, 1:-1] = ink[0]
    best, sideways = np.empty((paths, breadth), np.float32), np.float32(_SIDEWAYS)
    for before, now, here in zip(costs, costs[1:], ink[1:], strict=False):
        np.minimum(before[:, :-2], before[:, 2:], out=best)
        np.add(best, sideways, out=best)
        np.minimum(best, before[:, 1:-1], out=best)
        np.add(best, here, out=now[:, 1:-1])
    steps = _steps(costs[:-1])
    every = np.arange(paths)
    steps[np.arange(1, rows)[:, None] > last_rows] = 0
    places = np.empty((rows, paths), np.int64)
    places[-1] = costs[last_rows, every, 1:-1].argmin(axis=1)
    for row in range(rows - 1, 0, -1):
        places[row - 1] = places[row] + steps[row - 1, every, places[row]]
    return places


def _steps(costs: NDArray[np.float32]) -> NDArray[np.int8]:
    """Where each cheapest path comes from: -1 left, 0 straight, 1 right."""
    aside = costs + np.float32(_SIDEWAYS)
    left, right = aside[..., :-2], aside[..., 2:]
    nearer = np.minimum(left, right) < costs[..., 1:-1]
    return np.asarray(nearer * np.where(left <= right, -1, 1), np.int8)
