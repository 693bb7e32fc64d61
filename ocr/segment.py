"""Segmentation: from strokes to a lattice of digit candidates.

Connected components that are too wide for one digit are cut along seams of least ink. The pieces,
in reading order, are *atoms*; every run of a few neighbouring atoms is a *candidate* that may be
one digit (so broken strokes are joined and touching digits parted). What is a digit is decided
later, by the network and the search over the lattice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, compress, pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Ink, Strokes
from ocr.clean import stroke_width_px
from ocr.comb_print import are_print
from ocr.components import labelled
from ocr.geometry import Box
from ocr.lattice import Atom, Lattice, find_candidates
from ocr.seams import Seams, find_seams
from ocr.smudge import is_smudge

INK_LEVEL = 96  # stroke level that counts as ink; softer edge pixels do not join components
_SMALLEST_DIGIT = 0.22  # of the field's height
_SMALLEST_WRITING = 0.2  # the same: where nothing is as high, or all is soft, there is dirt alone
_SPECK = 0.07  # of the digit height, squared: smaller components are dirt
_RESIDUE = 0.20  # of the digit height: flatter components at the field's edge are a rule's rest
_THIN_RESIDUE = 0.10  # the same at the sides, where upright strokes are wider
_RULE_LENGTH = 3.0  # of the field's height: no dash is as long
_RULE_PX = 0.15  # the same: no more of a column is a rule's; the digits that touch one have more
_SIDE = 0.18  # of the field's height: a rest of a frame stands no further from the field's side
_AT_EDGE = 0.03  # the same: so near its upper or lower edge
_AT_SIDE = 0.07  # the same: so near its left or right edge
_LINE = 0.2  # of the digit height: no rest of a frame's line is wider
_APART = 0.5  # of the digit height: a 1 stands nearer to other writing, or to its point
_UPRIGHT = 1.5  # height over width of a frame's rest, at least
_HAIR_ASPECT = 20  # height over width: no pen draws as fine a line, the edge of a frame's rest is
_SURELY_ONE = 0.42  # of the digit height: narrower components are not cut
_FLAT = 0.30  # of the digit height: flatter components are dashes or what is left of a rule
_IN_CELL = 0.2  # of a comb's cell: less of a stroke in it is an overshoot from its neighbour
_MAX_CUT_INK = 2.6  # of the pen's width: a touch is one stroke, two zeros share a little more
_MAX_ATOMS = 60  # a field with more pieces is not a line of digits


@dataclass(frozen=True, eq=False, slots=True)
class _Piece:
    """A component or a part of one: an atom before it has its number."""

    mask: Ink  # in `box`
    box: Box
    cut_ink: tuple[float, float] = (0.0, 0.0)


def segment(strokes: Strokes, cells: Sequence[Box] = (), enlarged: float = 1.0) -> Lattice:
    """Split the strokes of a one-line field into atoms and candidates.

    Args:
        strokes: (H, W) cleaned field, digits upright.
        cells: The cells of a comb: what lies in one cell is one digit and is not cut.
        enlarged: How much larger than the scan the field is, at least 1.

    Returns:
        The lattice; no atoms for a field without ink.
    """
    ink = strokes >= INK_LEVEL
    components = [c for c in _components(ink) if not _is_rule(c, len(strokes))]
    components = components if cells else _without_frame(components, strokes.shape)
    digit_px = digit_height_px([component.box for component in components], len(strokes))
    kept = [c for c in components if not _is_dirt(c, strokes.shape, digit_px)]
    kept = _without_print(kept, cells) if cells else kept
    if all(_is_no_writing(c, strokes, enlarged) for c in kept):
        kept = []
    wide = [not _holds_one(c.box, digit_px, cells) for c in kept]
    alone = [np.where(c.mask, strokes[c.box.slices], np.uint8(0)) for c in compress(kept, wide)]
    most_ink = _MAX_CUT_INK * stroke_width_px(ink) if alone else 0.0
    seams = iter(find_seams(alone, digit_px, most_ink))
    parts = [_parted(c, next(seams)) if cut else (c,) for c, cut in zip(kept, wide, strict=True)]
    labels, atoms = _in_reading_order(list(chain.from_iterable(parts)), strokes.shape)
    return Lattice(strokes, labels, atoms, find_candidates(atoms, digit_px, cells), digit_px)


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


def _components(ink: Ink) -> list[_Piece]:
    """Connected components of the ink."""
    labels, stats, _ = labelled(ink.view(np.uint8))
    boxes = [Box(*map(int, row[:4])) for row in stats[1:]]
    return [_Piece(labels[box.slices] == k, box) for k, box in enumerate(boxes, start=1)]


def _is_rule(component: _Piece, field_px: int) -> bool:
    """Whether a component is a line longer than any pen's dash: a rule that runs askew."""
    if component.box.width < _RULE_LENGTH * field_px:
        return False
    return int(np.count_nonzero(component.mask, axis=0).max()) <= _RULE_PX * field_px


def _is_dirt(component: _Piece, shape: tuple[int, ...], digit_px: float) -> bool:
    """Whether a component is a speck, or what is left of a rule or frame at the field's edge."""
    box = component.box
    speck = np.count_nonzero(component.mask) < (_SPECK * digit_px) ** 2
    flat = box.height < _RESIDUE * digit_px and (box.y == 0 or box.bottom == shape[0])
    thin = box.width < _THIN_RESIDUE * digit_px and (box.x == 0 or box.right == shape[1])
    hair = box.height > _HAIR_ASPECT * box.width
    return bool(speck or flat or thin or hair)


def _without_frame(components: list[_Piece], shape: tuple[int, ...]) -> list[_Piece]:
    """The components but for what is left of a frame at the sides of a field that is cut loosely.

    A frame goes on beyond the field: its rest ends at the upper or lower edge, at which the writing
    does not, or it is a thin line at the very side, apart from all writing.
    """
    height, width = shape
    side = _SIDE * height
    inner = [c.box for c in components if c.box.right > side and c.box.x < width - side]
    tall = [box for box in inner if box.height >= _SMALLEST_WRITING * height]
    if not tall:
        return components
    digit_px = digit_height_px(tall, height)
    top, bottom = _AT_EDGE * height, (1 - _AT_EDGE) * height
    free = min(box.y for box in tall) > top, max(box.bottom for box in tall) < bottom
    first, last = min(box.x for box in inner), max(box.right for box in inner)

    def is_rest(box: Box) -> bool:
        left, right = box.right <= side, box.x >= width - side
        at_edge = (free[0] and box.y <= top) or (free[1] and box.bottom >= bottom)
        outside = max(first - box.right, box.x - last) > _APART * digit_px
        at_rim = min(box.x, width - box.right) <= _AT_SIDE * height
        line = all(free) and outside and at_rim and box.width <= _LINE * digit_px
        return (left or right) and box.height >= _UPRIGHT * box.width and (at_edge or line)

    return [component for component in components if not is_rest(component.box)]


def _is_no_writing(component: _Piece, strokes: Strokes, enlarged: float) -> bool:
    """Whether a component is as small as dust, or a smudge."""
    box = component.box
    small = box.height < _SMALLEST_WRITING * len(strokes)
    return small or is_smudge(strokes, component.mask, box, enlarged)


def _without_print(components: list[_Piece], cells: Sequence[Box]) -> list[_Piece]:
    printed = are_print([c.box for c in components], [c.mask for c in components], cells)
    return [c for c, is_print in zip(components, printed, strict=True) if not is_print]


def _holds_one(box: Box, digit_px: float, cells: Sequence[Box]) -> bool:
    """Whether a component of that box is surely not more than one digit."""
    if box.width < _SURELY_ONE * digit_px or box.height < _FLAT * digit_px:
        return True
    reached = sum(
        min(box.right, cell.right) - max(box.x, cell.x) > _IN_CELL * cell.width for cell in cells
    )
    return reached == 1


def _parted(component: _Piece, seams: Seams) -> Iterator[_Piece]:
    """The parts of a component between its seams, from left to right."""
    columns = np.arange(component.box.width)
    part = sum((columns >= seam[:, None] for seam in seams.columns), np.zeros(1, np.int64))
    for k, cut_ink in enumerate(pairwise([0.0, *map(float, seams.inks), 0.0])):
        mask = component.mask & (part == k)
        x, y, width, height = cv2.boundingRect(mask.view(np.uint8))
        if width:
            inner = Box(x, y, width, height)
            place = inner.moved(component.box.x, component.box.y)
            yield _Piece(mask[inner.slices], place, cut_ink)


def _in_reading_order(
    pieces: list[_Piece], shape: tuple[int, ...]
) -> tuple[NDArray[np.uint8], tuple[Atom, ...]]:
    """Number the pieces from left to right by the middle of their ink."""
    labels = np.zeros(shape, np.uint8)
    middles = [piece.box.x + _middle(np.flatnonzero(piece.mask.any(axis=0))) for piece in pieces]
    atoms = []
    for index in np.argsort(middles, kind="stable")[:_MAX_ATOMS]:
        piece = pieces[index]
        atoms.append(Atom(piece.box, int(np.count_nonzero(piece.mask)), piece.cut_ink))
        labels[piece.box.slices][piece.mask] = len(atoms)
    return labels, tuple(atoms)


def _middle(columns: NDArray[np.intp]) -> float:
    """The median of what is sorted already: `np.median` takes as long as all else of a piece."""
    half = len(columns) // 2
    return float(columns[half] + columns[-1 - half]) / 2
