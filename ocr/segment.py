"""Segmentation: from strokes to a lattice of digit candidates.

Connected components that are too wide for one digit are cut along seams of least ink. The pieces,
in reading order, are *atoms*; every run of a few neighbouring atoms is a *candidate* that may be
one digit (so broken strokes are joined and touching digits parted). What is a digit is decided
later, by the network and the search over the lattice.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Ink, Strokes
from ocr.clean import stroke_width_px
from ocr.geometry import Box

INK_LEVEL = 96  # stroke level that counts as ink; softer edge pixels do not join components
_SMALLEST_DIGIT = 0.22  # of the field's height
_SPECK = 0.07  # of the digit height, squared: smaller components are dirt
_RESIDUE = 0.20  # of the digit height: flatter components at the field's edge are a rule's rest
_MAX_ATOMS_JOINED = 7  # a digit broken into more pieces is for a person
_MAX_CANDIDATE_WIDTH = 1.45  # of the digit height: wider runs of atoms are no single digit
_THIN_RESIDUE = 0.10  # the same at the sides, where upright strokes are wider
_SURELY_ONE = 0.42  # of the digit height: narrower components are not cut
_IN_CELL = 0.2  # of a comb's cell: less of a stroke in it is an overshoot from its neighbour
_CUT_PITCH = 0.18  # of the digit height: distance between neighbouring cuts
_CUT_BAND = 0.14  # of the digit height: how far a seam may wander from its column
_SIDEWAYS = 0.05  # cost of a step aside, in full-ink pixels: through blank paper seams run straight
_MAX_CUT_INK = 2.6  # of the pen's width: a touch is one stroke, two zeros share a little more
_FLAT = 0.30  # of the digit height: flatter components are dashes or what is left of a rule
_MAX_ATOMS = 60  # a field with more pieces is not a line of digits


@dataclass(frozen=True, slots=True)
class Atom:
    """A piece of ink that is not split further.

    Attributes:
        box: Its place in the field.
        ink: Number of ink pixels.
        cut_ink: Full-ink pixels that the seams at its left and right run through; (0, 0) for a
            whole component.
    """

    box: Box
    ink: int
    cut_ink: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Atoms `first` to `last` (included) taken as one digit."""

    first: int
    last: int
    box: Box


@dataclass(frozen=True, eq=False, slots=True)
class Lattice:
    """All candidates of one field.

    Attributes:
        strokes: (H, W) cleaned field.
        labels: (H, W) number of each pixel's atom, counted from 1; 0 = none.
        atoms: In reading order.
        candidates: Ordered by `first`, then `last`.
        digit_height_px: Typical height of a digit of this field.
    """

    strokes: Strokes
    labels: NDArray[np.int32]
    atoms: tuple[Atom, ...]
    candidates: tuple[Candidate, ...]
    digit_height_px: float

    def strokes_of(self, candidate: Candidate) -> Strokes:
        """The candidate's own strokes, cut to its box; its neighbours are left out."""
        labels = self.labels[candidate.box.slices]
        own = (labels > candidate.first) & (labels <= candidate.last + 1)
        return np.where(own, self.strokes[candidate.box.slices], np.uint8(0))


def segment(strokes: Strokes, cells: Sequence[Box] = ()) -> Lattice:
    """Split the strokes of a one-line field into atoms and candidates.

    Args:
        strokes: (H, W) cleaned field, digits upright.
        cells: The cells of a comb: what lies in one cell is one digit and is not cut.

    Returns:
        The lattice; no atoms for a field without ink.
    """
    ink = strokes >= INK_LEVEL
    components, boxes, areas = _components(ink)
    height = digit_height_px(boxes, strokes.shape[0])
    measure = _Measure(height, _MAX_CUT_INK * stroke_width_px(ink), tuple(cells))
    pieces = _pieces(strokes, components, boxes, areas, measure)
    labels, atoms = _in_reading_order(pieces, strokes.shape)
    return Lattice(strokes, labels, atoms, _candidates(atoms, height), height)


def digit_height_px(boxes: list[Box], field_px: int) -> float:
    """Typical height of a digit: the median over components, each counted by its own height.

    Counting by height lets the digits speak louder than commas, points and specks. Where there is
    nothing but specks, no digit is smaller than a share of the field.

    Args:
        boxes: Components of the field.
        field_px: Height of the field.
    """
    if not boxes:
        return 0.0
    heights = np.sort(np.array([box.height for box in boxes], np.float64))
    tall = heights[heights >= 0.4 * heights[-1]]
    usual = float(tall[np.searchsorted(np.cumsum(tall), tall.sum() * 0.5)])
    return max(usual, _SMALLEST_DIGIT * field_px)


@dataclass(frozen=True, slots=True)
class _Measure:
    """What decides on cuts: the field's typical sizes, and its cells."""

    digit_px: float
    most_cut_ink: float
    cells: tuple[Box, ...]

    def holds_one(self, box: Box) -> bool:
        """Whether a component of that box is surely not more than one digit."""
        if box.width < _SURELY_ONE * self.digit_px or box.height < _FLAT * self.digit_px:
            return True
        reached = sum(
            min(box.right, cell.right) - max(box.x, cell.x) > _IN_CELL * cell.width
            for cell in self.cells
        )
        return reached == 1


@dataclass(frozen=True, eq=False, slots=True)
class _Piece:
    """An atom before it has its number."""

    mask: Ink  # in `box`
    box: Box
    cut_ink: tuple[float, float] = (0.0, 0.0)


def _components(ink: Ink) -> tuple[NDArray[np.int32], list[Box], list[int]]:
    """Connected components of the ink, without the specks: labels, boxes, areas by label - 1."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        ink.astype(np.uint8), connectivity=8, ltype=cv2.CV_32S
    )
    boxes = [Box(*(int(v) for v in stats[i, :4])) for i in range(1, count)]
    return np.asarray(labels, np.int32), boxes, [int(stats[i, 4]) for i in range(1, count)]


def _pieces(
    strokes: Strokes,
    labels: NDArray[np.int32],
    boxes: list[Box],
    areas: list[int],
    measure: _Measure,
) -> list[_Piece]:
    """Every component that is no speck, cut where it may hold several digits."""
    height = measure.digit_px
    pieces: list[_Piece] = []
    for label, (box, area) in enumerate(zip(boxes, areas, strict=True), start=1):
        if area < (_SPECK * height) ** 2 or _is_residue(box, labels.shape, height):
            continue
        mask = labels[box.slices] == label
        pieces += _cut(strokes[box.slices], mask, box, measure)
    return pieces


def _is_residue(box: Box, shape: tuple[int, ...], digit_px: float) -> bool:
    """Whether a component is what is left of a rule or frame at the field's edge."""
    flat = box.height < _RESIDUE * digit_px and (box.y == 0 or box.bottom == shape[0])
    thin = box.width < _THIN_RESIDUE * digit_px and (box.x == 0 or box.right == shape[1])
    return flat or thin


def _in_reading_order(
    pieces: list[_Piece], shape: tuple[int, ...]
) -> tuple[NDArray[np.int32], tuple[Atom, ...]]:
    """Number the pieces from left to right by the middle of their ink."""
    labels = np.zeros(shape, np.int32)
    middles = [p.box.x + float(np.median(np.flatnonzero(p.mask.any(axis=0)))) for p in pieces]
    atoms = []
    for index in np.argsort(middles, kind="stable")[:_MAX_ATOMS]:
        piece = pieces[index]
        atoms.append(Atom(piece.box, int(piece.mask.sum()), piece.cut_ink))
        labels[piece.box.slices][piece.mask] = len(atoms)
    return labels, tuple(atoms)


def _candidates(atoms: tuple[Atom, ...], height: float) -> tuple[Candidate, ...]:
    """Every run of neighbouring atoms that is narrow enough for one digit."""
    found = []
    for first in range(len(atoms)):
        box = atoms[first].box
        for last in range(first, min(first + _MAX_ATOMS_JOINED, len(atoms))):
            box = _around(box, atoms[last].box)
            if last == first or box.width <= _MAX_CANDIDATE_WIDTH * height:
                found.append(Candidate(first, last, box))
    return tuple(found)


def _around(one: Box, other: Box) -> Box:
    x, y = min(one.x, other.x), min(one.y, other.y)
    return Box(x, y, max(one.right, other.right) - x, max(one.bottom, other.bottom) - y)


# --- cutting touching digits --------------------------------------------------------------------


def _cut(strokes: Strokes, mask: Ink, box: Box, measure: _Measure) -> list[_Piece]:
    """Cut one component along its seams of least ink; whole if it is surely one digit."""
    if measure.holds_one(box):
        return [_Piece(mask, box)]
    own = np.where(mask, strokes, np.uint8(0))
    seams, inks = _seams(own, measure.digit_px, measure.most_cut_ink)
    if not seams.size:
        return [_Piece(mask, box)]
    columns = np.arange(box.width)
    part = (columns[None, :, None] >= seams.T[:, None, :]).sum(axis=2)
    beside = np.concatenate([[0.0], inks, [0.0]])
    pieces = [
        _tight(mask & (part == k), box, (float(beside[k]), float(beside[k + 1])))
        for k in range(len(inks) + 1)
    ]
    return [piece for piece in pieces if piece is not None]


def _tight(mask: Ink, box: Box, cut_ink: tuple[float, float]) -> _Piece | None:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if rows.size == 0:
        return None
    inner = Box(
        int(columns[0]),
        int(rows[0]),
        int(columns[-1] - columns[0]) + 1,
        int(rows[-1] - rows[0]) + 1,
    )
    return _Piece(mask[inner.slices], inner.moved(box.x, box.y), cut_ink)


def _seams(
    strokes: Strokes, height: float, most_ink: float
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Paths of least ink from top to bottom, one near each column that may part two digits.

    Returns:
        (cuts, H) column of each seam in every row, and (cuts,) the ink it runs through, in
        pixels; ordered from left to right, with no two closer than the cut pitch.
    """
    width = strokes.shape[1]
    pitch = max(2, round(_CUT_PITCH * height))
    band = max(1, round(_CUT_BAND * height))
    starts = np.arange(pitch, width - pitch + 1, max(1, pitch // 3))
    if not starts.size:
        return np.zeros((0, strokes.shape[0]), np.int32), np.zeros(0)
    seams, inks = _least_ink_paths(strokes, starts, band)
    chosen: list[int] = []
    for index in np.argsort(inks + 0.02 * np.abs(starts - width / 2) / width, kind="stable"):
        far = all(abs(int(starts[index]) - int(starts[other])) >= pitch for other in chosen)
        if far and inks[index] <= most_ink:
            chosen.append(int(index))
    order = sorted(chosen, key=lambda i: float(seams[i].mean()))
    return np.maximum.accumulate(seams[order], axis=0), inks[order]


def _least_ink_paths(
    strokes: Strokes, columns: NDArray[np.int64], band: int
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """For each column the top-to-bottom path of least ink within `band` of it.

    Dynamic programming over rows, all columns at once.
    """
    height = strokes.shape[0]
    padded = np.pad(strokes.astype(np.float32) / 255.0, ((0, 0), (band, band)))
    window = columns[:, None] + np.arange(2 * band + 1)  # (cuts, band) columns in padded
    steps = np.zeros((height, *window.shape), np.int8)
    cost = padded[0][window]
    beside = np.full((len(columns), 2 * band + 3), np.inf, np.float32)  # cost between two walls
    for row in range(1, height):
        beside[:, 1:-1] = cost
        from_left, from_right = beside[:, :-2] + _SIDEWAYS, beside[:, 2:] + _SIDEWAYS
        aside = np.minimum(from_left, from_right)
        steps[row] = np.where(aside < cost, np.where(from_left <= from_right, -1, 1), 0)
        cost = np.minimum(cost, aside) + padded[row][window]
    at = cost.argmin(axis=1)
    seams = np.zeros((len(columns), height), np.int32)
    inks = np.zeros(len(columns))
    every = np.arange(len(columns))
    for row in range(height - 1, -1, -1):
        seams[:, row] = columns - band + at
        inks += padded[row][window[every, at]]
        at = at + steps[row][every, at]
    return seams, inks
