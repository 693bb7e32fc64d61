"""Horizontal runs of pixels: what rules, frames and dashes are made of."""

import cv2
import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint8]  # (H, W), 1 = ink or line, 0 = paper

_WHOLE = 0xFF  # a byte of eight pixels of ink


def runs_across(ink: Bits, shortest_px: int) -> Bits:
    """Horizontal runs of at least that length, in a quarter of the time that opening takes.

    Beyond the picture there is no ink: a run that it cuts off counts as long as it is seen.
    """
    bar = (1, max(1, shortest_px))
    rows = may_have_runs(ink, shortest_px)
    if rows.all():
        return opened(ink, bar)
    runs = np.zeros_like(ink)
    if rows.any():
        runs[rows] = opened(ink[rows], bar)
    return runs


def opened(ink: Bits, size: tuple[int, int]) -> Bits:
    """Ink where a bar of so many rows and columns fits, with paper around the picture.

    In its place: `cv2.morphologyEx` moves what is left by a pixel if the bar has an even side.
    """
    bar, here, back = _bar(size)
    kept = cv2.erode(ink, bar, anchor=here, borderType=cv2.BORDER_CONSTANT, borderValue=(0,))
    return np.asarray(cv2.dilate(kept, bar, anchor=back), np.uint8)


def closed(ink: Bits, size: tuple[int, int]) -> Bits:
    """Ink, and the gaps in which no such bar fits; in its place, too."""
    bar, here, back = _bar(size)
    return np.asarray(cv2.erode(cv2.dilate(ink, bar, anchor=here), bar, anchor=back), np.uint8)


def _bar(size: tuple[int, int]) -> tuple[Bits, tuple[int, int], tuple[int, int]]:
    """A bar, its middle as OpenCV counts (column, row), and the same seen from the other end."""
    rows, columns = size
    middle = columns // 2, rows // 2
    return np.ones(size, np.uint8), middle, (columns - 1 - middle[0], rows - 1 - middle[1])


def long_runs_of(ink: Bits, shortest_px: int, shortest_cut_px: int) -> Bits:
    """The same, but of runs that the picture's sides cut off shorter ones will do.

    Run by run: where few rows have any, a tenth of the time that opening by a long bar takes.
    """
    rows = may_have_runs(ink, min(shortest_px, shortest_cut_px))
    long = np.zeros_like(ink)
    if not rows.any():
        return long
    width = ink.shape[1]
    flat = cv2.copyMakeBorder(ink[rows], 0, 0, 1, 1, cv2.BORDER_CONSTANT).ravel()
    turns = np.flatnonzero(flat[1:] != flat[:-1])
    row, first = np.divmod(turns[::2], width + 2)
    last = turns[1::2] - row * (width + 2)
    cut = (first == 0) | (last == width)
    found = last - first >= np.where(cut, shortest_cut_px, shortest_px)
    at = np.flatnonzero(rows)[row[found]]
    for y, start, end in zip(at.tolist(), first[found].tolist(), last[found].tolist(), strict=True):
        long[y, start:end] = 1
    return long


def may_have_runs(ink: Bits, shortest_px: int) -> NDArray[np.bool_]:
    """(H,) rows with as many whole bytes of ink side by side as each such run has; few have."""
    sure = (shortest_px - 7) // 8
    if sure < 1:
        return np.ones(len(ink), np.bool_)
    whole = np.packbits(ink, axis=1) == _WHOLE
    if sure > 1:
        whole = whole[:, 1:] & whole[:, :-1]
    return np.asarray(whole.any(axis=1))


def inked_rows(ink: Bits) -> NDArray[np.intp]:
    """(N,) the rows with ink, and a blank one before each stretch of them.

    What does not reach past blank rows may be done on these alone: half of a form is blank.
    """
    inked = ink.max(axis=1, initial=0) > 0  # in an eightieth of the time that `cv2.reduce` takes
    return np.flatnonzero(inked | np.append(inked[1:], False))


def turned(bits: Bits) -> Bits:
    """Rows for columns; a tenth of the time that numpy takes."""
    return np.asarray(cv2.transpose(bits), np.uint8)


def runs_of(there: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where each run of true values begins, and the place after its end."""
    ended = np.zeros(len(there) + 2, np.bool_)  # a quarter of the time that `np.diff` takes
    ended[1:-1] = there
    turns = np.flatnonzero(ended[1:] != ended[:-1]).tolist()
    return list(zip(turns[::2], turns[1::2], strict=True))
