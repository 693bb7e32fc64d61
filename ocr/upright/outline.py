"""The outline of a sheet that was photographed on a table: the largest bright quadrilateral.

Straight lines are looked for where the picture without its print has steps. Four of them make a
sheet if it is brighter inside than outside along nearly all of each. A shadow's edge is a step too,
but the sheet that reaches past it is larger. Printed frames are none: outside is as bright. Where
one side of the sheet lies outside the picture, three lines and the picture's border make it.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.components import labelled
from ocr.levels import percentiles_of
from ocr.upright.cut_sheet import closed
from ocr.upright.steps import (
    STEP_PX,
    Corners,
    Levels,
    Steps,
    area_of,
    looked_up,
    refined,
    seen_of,
    squared,
    steps_along,
)

_STEEP = (10.0, 25.0)  # Canny's thresholds, of the gradient of the levels
_VOTES = 0.09  # of the longer side: the shortest line that is looked at
_RIM = 0.02  # of the longer side: steps as near to the border are a scan's edge, askew
_APART = 0.02  # of the longer side, and in radians: nearer lines are one
_LINES = 8  # looked at in each direction

_STEP = 0.07  # of the level inside: a white sheet on a light table has that
_LEAST_SEEN = 0.5  # of each side: a corner may be folded, a hand may lie on it
_LEAST_SEEN_OF_ALL = 0.8
_LEAST_AREA = 0.1  # of the picture
_LEAST_SIDE = 0.2  # of the picture's longer side
_LEAST_ANGLE_DEG = 50.0  # between neighbouring sides
_PAST = 0.12  # of the longer side: how far a corner may lie outside the picture

_CLEAR_STEP = 0.2  # of the level inside: less may be a light panel on a form's tint, or a
# sheet on a scanner's gray lid, unless it lies askew in the picture and is all there
_ASKEW = 0.02  # radians that a corner is off a right angle, or opposite sides off parallel
_OTHER = 0.3  # of the sheet's area: as much as bright elsewhere, and there is more than one sheet
_LEAST_AROUND = 0.08  # of the picture, if the sheet is cut: dark edges of scans are less
_LEAST_DARK = 0.04  # of the picture: half of that, as a table may have bright spots
_PAPER = 95.0  # percentile of the levels
_AS_BRIGHT = 0.85  # of the sheet's level
# Where a sheet goes on past the picture's border: its level there of that inside, along how much of
# the border, and how far inside is looked, of the way to the sheet's middle.
_LIT, _LIT_SHARE, _INNER = 0.75, 0.9, 0.2

_CLOCKWISE = (0, 0, 1, 1), (0, 1, 1, 0)  # which side across and which down meet in each corner

Line = NDArray[np.float64]  # (3,): a, b, c of a x + b y = c with a**2 + b**2 = 1
Lines = NDArray[np.float64]  # (N, 3)
Pairs = NDArray[np.float64]  # (N, 2, 3) opposite sides, the upper or left one first
Quads = NDArray[np.float64]  # (N, 4, 2) the corners of each


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """The outline of a sheet.

    Attributes:
        corners: Its corners; some may lie outside the picture.
        whole: Whether all of the sheet's sides are seen: only then its shape is the page's.
    """

    corners: Corners
    whole: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Quad:
    """Four lines taken for a sheet's sides.

    Attributes:
        corners: Where they meet.
        rank: The larger and the brighter inside along all sides, the likelier.
        step: Median of how much brighter, of the level inside.
        cut: Number of the side that is the picture's border; None if all four are seen.
    """

    corners: Corners
    rank: float
    step: float
    cut: int | None


def find_outline(levels: Levels) -> Outline | None:
    """Find the sheet in a photo.

    Args:
        levels: (H, W) the reduced picture without print.

    Returns:
        Where it is in pixels of `levels`; None where no sheet stands out for certain.
    """
    steep = _steep(levels)
    rim = round(_RIM * max(levels.shape))
    if np.count_nonzero(steep[rim:-rim, rim:-rim]) < _VOTES * max(levels.shape):
        return None
    across, down = _lines(levels, steep)
    whole = _certain([_likeliest(_between(_pairs(across), _pairs(down)), levels)], levels)
    if whole is not None:
        return Outline(_straight(refined(levels, whole.corners)), whole=True)
    if _dark_share(levels) < _LEAST_DARK:
        return None
    quads = _cut_by_border(across, down, levels)
    cut = _certain([_likeliest(some, levels, side) for side, some in quads.items()], levels)
    if cut is None or cut.cut is None:
        return None
    corners = closed(refined(levels, cut.corners), cut.cut, levels.shape)
    return None if corners is None else Outline(_straight(corners), whole=False)


def _steep(levels: Levels) -> NDArray[np.uint8]:
    """255 where brightness changes as at a sheet's side: on most scans nowhere."""
    around = np.ones((STEP_PX, STEP_PX), np.uint8)
    bright, dark = cv2.dilate(levels, around), cv2.erode(levels, around)
    brightened = cv2.addWeighted(bright, 1.0 - _STEP, dark, 0.0, 0.0)
    return np.asarray(cv2.compare(dark, brightened, cv2.CMP_LE), np.uint8)


def _dark_share(levels: Levels) -> float:
    """Share of the picture that is darker than a sheet which is as bright as its paper."""
    (paper,) = percentiles_of(levels, [_PAPER])
    return np.count_nonzero(levels < round((1.0 - _STEP) * paper)) / levels.size


def _straight(corners: Corners) -> Corners:
    return corners if _is_askew(corners) else squared(corners)


def _certain(quads: list[_Quad | None], levels: Levels) -> _Quad | None:
    """The likeliest of those, if it certainly is a sheet."""
    found = [quad for quad in quads if quad is not None]
    best = max(found, key=lambda quad: quad.rank, default=None)
    return best if best and _is_certain(best, levels) else None


def _cut_by_border(across: Lines, down: Lines, levels: Levels) -> dict[int, Quads]:
    """Between three lines and a border of the picture, by the number of that side."""
    height, width = levels.shape
    top, bottom = np.array([[0.0, 1.0, 0.0]]), np.array([[0.0, 1.0, height - 1.0]])
    left, right = np.array([[1.0, 0.0, 0.0]]), np.array([[1.0, 0.0, width - 1.0]])
    return {
        0: _between(_each_with(top, across), _pairs(down)),
        2: _between(_each_with(across, bottom), _pairs(down)),
        3: _between(_pairs(across), _each_with(left, down)),
        1: _between(_pairs(across), _each_with(down, right)),
    }


def _pairs(lines: Lines) -> Pairs:
    return lines[np.stack(np.triu_indices(len(lines), 1), axis=1)]


def _each_with(first: Lines, second: Lines) -> Pairs:
    """Pairs of a line and each of several."""
    return np.stack(np.broadcast_arrays(first, second), axis=1)


def _between(across: Pairs, down: Pairs) -> Quads:
    """Quadrilaterals of each pair of lines across with each pair down."""
    meetings = _meetings(across[:, None, :, None], down[:, None, :])
    return meetings[:, :, *_CLOCKWISE].reshape(-1, 4, 2)


def _meetings(one: Lines, other: Lines) -> NDArray[np.float64]:
    """(..., 2) where lines (..., 3) meet; parallel ones far outside the picture."""
    (a, b, c), (d, e, f) = np.moveaxis(one, -1, 0), np.moveaxis(other, -1, 0)
    z = a * e - b * d
    z = np.where(z == 0.0, np.finfo(np.float32).tiny, z)
    return np.stack([(c * e - b * f) / z, (a * f - c * d) / z], axis=-1)


def _lines(levels: Levels, steep: NDArray[np.uint8]) -> tuple[Lines, Lines]:
    """Lines across and down the picture where it is steep, each from the top or left."""
    edges = cv2.bitwise_and(cv2.Canny(levels, *_STEEP, L2gradient=True), steep)
    longer = max(levels.shape)
    found = cv2.HoughLines(edges, 1, np.pi / 360, max(20, round(_VOTES * longer)))
    across: list[Line] = []
    down: list[Line] = []
    middle = np.array(levels.shape[::-1]) / 2
    for rho, theta in [] if found is None else found[:, 0].astype(np.float64):
        line = np.array([np.cos(theta), np.sin(theta), rho])
        group, axis = (down, 0) if abs(line[0]) > abs(line[1]) else (across, 1)
        line *= np.sign(line[axis])
        if len(group) < _LINES and not any(
            _is_same(line, other, middle, longer) for other in group
        ):
            group.append(line)
    for group in (across, down):
        group.sort(key=lambda line: float(line[2] - line[:2] @ middle))
    return np.reshape(across, (-1, 3)), np.reshape(down, (-1, 3))


def _is_same(line: Line, other: Line, middle: NDArray[np.float64], longer: int) -> bool:
    apart = abs((line[2] - line[:2] @ middle) - (other[2] - other[:2] @ middle))
    return bool(apart < _APART * longer and abs(line[0] * other[1] - line[1] * other[0]) < _APART)


def _likeliest(quads: Quads, levels: Levels, cut: int | None = None) -> _Quad | None:
    """The likeliest sheet of those that may be one.

    Args:
        quads: Whatever lies between four lines.
        levels: The picture.
        cut: Number of the side that is the picture's border.
    """
    quads = quads[_is_like_a_sheet(quads, levels.shape)]
    if cut is not None:
        quads = quads[_is_lit(levels, quads, cut)]
    steps: list[Steps] = []
    for side in (each for each in range(4) if each != cut):
        if not len(quads):  # most are no sheet by their first side
            return None
        along = steps_along(levels, quads[:, side], quads[:, (side + 1) % 4])
        seen = seen_of(along, _STEP) >= _LEAST_SEEN
        quads, steps = quads[seen], [each[seen] for each in (*steps, along)]
    shares = np.stack([seen_of(each, _STEP) for each in steps])
    least, mean = shares.min(axis=0), shares.mean(axis=0)
    rank = np.where(mean >= _LEAST_SEEN_OF_ALL, area_of(quads) * (least * mean) ** 2, 0.0)
    if not rank.any():
        return None
    best = int(rank.argmax())
    step = np.nanmedian([each[best] for each in steps])
    return _Quad(quads[best], float(rank[best]), float(step), cut)


def _is_like_a_sheet(quads: Quads, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """(N,) whether corners, sides and angles are as those of a sheet in the picture may be."""
    height, width = shape
    longer = max(height, width)
    past = _PAST * longer
    near = ((quads >= -past) & (quads <= (width + past, height + past))).all(axis=(1, 2))
    sides = np.roll(quads, -1, axis=1) - quads
    before = np.roll(sides, 1, axis=1)
    lengths = np.hypot(sides[..., 0], sides[..., 1])
    long = (lengths >= _LEAST_SIDE * longer).all(axis=1)
    turn = before[..., 0] * sides[..., 1] - before[..., 1] * sides[..., 0]
    least_turn = np.sin(np.deg2rad(_LEAST_ANGLE_DEG)) * lengths * np.roll(lengths, 1, axis=1)
    blunt = (turn >= least_turn).all(axis=1)
    return np.asarray(near & long & blunt & (area_of(quads) >= _LEAST_AREA * height * width))


def _is_lit(levels: Levels, quads: Quads, cut: int) -> NDArray[np.bool_]:
    """(N,) whether sheets reach the picture's border all along a side that lies there."""
    start, end = quads[:, None, cut], quads[:, None, (cut + 1) % 4]
    middle = quads.mean(axis=1, keepdims=True)
    places = start + np.linspace(0.04, 0.96, 40)[:, None] * (end - start)
    inner = places + _INNER * (middle - places)
    rim, inside = (looked_up(levels, points) for points in (places, inner))
    return np.asarray((rim >= _LIT * inside).mean(axis=1) >= _LIT_SHARE)


def _is_certain(quad: _Quad, levels: Levels) -> bool:
    """Whether it is a sheet, alone in the picture, and not a panel of a form."""
    height, width = levels.shape
    whole = (quad.corners >= 0).all() and (quad.corners <= (width, height)).all()
    sheet = quad.step >= _CLEAR_STEP or (whole and _is_askew(quad.corners))
    on_table = quad.cut is None or _around(quad.corners, levels.shape) >= _LEAST_AROUND
    return bool(sheet and on_table and _is_alone(quad, levels))


def _around(corners: Corners, shape: tuple[int, ...]) -> float:
    """Share of the picture that is not the sheet."""
    inside = np.zeros(shape, np.uint8)
    cv2.fillPoly(inside, [np.rint(corners).astype(np.int32)], (1,))
    return 1.0 - float(inside.mean())


def _is_askew(corners: Corners) -> bool:
    """Whether it is seen at a slant: no rectangle, as a sheet on a scanner is."""
    sides = np.roll(corners, -1, axis=0) - corners
    angles = np.unwrap(np.arctan2(sides[:, 1], sides[:, 0]))
    return bool(np.abs(angles - np.arange(4) * np.pi / 2 - angles[0]).max() >= _ASKEW)


def _is_alone(quad: _Quad, levels: Levels) -> bool:
    """Whether nothing else in the picture is as bright as the sheet and about as large."""
    inside = np.zeros(levels.shape, np.uint8)
    cv2.fillPoly(inside, [np.rint(quad.corners).astype(np.int32)], (1,))
    sheet = levels[inside > 0]
    bright = (levels >= _AS_BRIGHT * float(np.median(sheet))) & (
        cv2.dilate(inside, np.ones((9, 9))) == 0
    )
    _, stats, _ = labelled(bright.astype(np.uint8))
    return bool(max(stats[1:, cv2.CC_STAT_AREA], default=0) < _OTHER * sheet.size)
