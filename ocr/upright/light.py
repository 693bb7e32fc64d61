"""Light on a photographed sheet made even, and what is no paper taken away."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray
from ocr.components import labelled
from ocr.levels import percentiles_of
from ocr.upright.steps import Corners, Levels

_WHITE = 90.0  # percentile of the levels: the well-lit paper
_EVEN = 235.0  # gray level of paper on a good scan
_MOST_GAIN = 2.5  # deeper shadows and black areas stay darker than paper
_INSET = 0.002  # of the longer side: the outline is known to that; no field is so near the edge

_DARK = 0.55  # of the paper's level: a scanner's lid or bed, no paper in a shadow of its spine
_MOST_DARK = 0.35  # of the picture: a dark scan is no page with a dark edge
_WIDEST_BAND = 0.06  # of the side
_BAND = 0.6  # share of a row or column at the rim that is dark
_PRINT = 0.7  # of the level around it: what stands on paper in a shadow; wood's grain is lighter
_PRINT_LEVELS = 20  # darker at least: no noise of a black lid
_PRINTED = 0.02  # share of such pixels: shaded checks have 4 % and more, wooden tables up to 1 %
_INSIDE_PX = 9  # of the reduced picture: the step from paper to lid looks like print

_MOST_FOLDED = 0.01  # of the sheet: a larger dark part is a shadow
_AT_CORNER = 0.01  # of the longer side: how near to a corner a fold begins
_SOFT_PX = 5  # of the reduced picture: without print a fold looks smaller and round

_PAPER = 255


def evened(photo: Gray, levels: Levels, corners: Corners) -> Gray:
    """A photo with its sheet evenly lit, and nothing around it.

    Args:
        photo: (H, W).
        levels: Its levels without print, reduced.
        corners: The sheet's outline in pixels of `photo`.
    """
    height, width = photo.shape
    scale = np.array([width / levels.shape[1], height / levels.shape[0]])
    there = np.zeros(levels.shape, np.uint8)
    cv2.fillPoly(there, [np.rint(corners / scale).astype(np.int32)], (1,))
    white = float(np.percentile(levels[there > 0], _WHITE))
    paper = np.maximum(levels, np.uint8(white / _MOST_GAIN))
    light = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    even = cv2.divide(photo, light, scale=_EVEN)
    middle = corners.mean(axis=0)
    inner = middle + (corners - middle) * (1 - 2 * _INSET)
    around = np.array([(-1, -1), (width, -1), (width, height), (-1, height)])
    rims = [np.rint(outline).astype(np.int32) for outline in (around, inner)]
    cv2.fillPoly(even, rims, (_PAPER,))
    folded = _folded_corners(levels, there > 0, corners / scale, white)
    if folded.any():
        even[cv2.resize(folded, (width, height), interpolation=cv2.INTER_NEAREST) > 0] = _PAPER
    return np.asarray(even, np.uint8)


def _folded_corners(
    levels: Levels, sheet: NDArray[np.bool_], corners: Corners, white: float
) -> NDArray[np.uint8]:
    """What is seen of the table where a corner is folded: small, dark, and at that corner."""
    dark = (sheet & (levels < _DARK * white)).astype(np.uint8)
    labels, stats, _ = labelled(dark)
    reach = _AT_CORNER * max(levels.shape)
    found = np.zeros(len(stats), np.uint8)
    for x, y in corners:
        rows, columns = (
            slice(max(0, round(float(at - reach))), max(0, round(float(at + reach))))
            for at in (y, x)
        )
        found[labels[rows, columns].ravel()] = 1
    found[stats[:, cv2.CC_STAT_AREA] > _MOST_FOLDED * sheet.sum()] = 0
    found[0] = 0
    wide = cv2.dilate(found[labels], np.ones((_SOFT_PX, _SOFT_PX), np.uint8))
    return np.asarray(wide, np.uint8)


def without_dark_rim(scan: Gray, small: Gray, levels: Levels) -> Gray:
    """A scan whose dark edges, of a lid, a bed or a copier, are paper; itself if it has none.

    A deep shadow at the rim is lit instead: print stands in it.
    """
    (paper,) = percentiles_of(levels, [_WHITE])
    if min(rim_of(small).min(), rim_of(levels).min()) >= _DARK * paper:
        return scan
    dark = levels < _DARK * paper
    rim = _bands(small < _DARK * paper) | _at_rim(dark)
    shaded = _with_print(rim, dark, small, levels)
    if shaded.any():
        height, width = scan.shape
        scan = evened(scan, levels, np.array([(0, 0), (width, 0), (width, height), (0, height)]))
    rim &= ~shaded
    if not rim.any() or rim.mean() > _MOST_DARK:
        return scan
    wide = cv2.dilate(rim.astype(np.uint8), np.ones((3, 3), np.uint8))
    mask = cv2.resize(wide, scan.shape[::-1], interpolation=cv2.INTER_NEAREST)
    return np.where(mask > 0, np.uint8(_PAPER), scan)


def _with_print(
    rim: NDArray[np.bool_], dark: NDArray[np.bool_], small: Gray, levels: Levels
) -> NDArray[np.bool_]:
    """Connected parts of a rim on which print stands: a page's paper in a deep shadow."""
    _, labels = cv2.connectedComponents(rim.view(np.uint8))
    inner = cv2.erode((rim & dark).view(np.uint8), np.ones((_INSIDE_PX, _INSIDE_PX))) > 0
    printed = inner & (small < _PRINT * levels) & (cv2.subtract(levels, small) >= _PRINT_LEVELS)
    sizes, prints = (
        np.bincount(labels[part], minlength=labels.max() + 1) for part in (inner, printed)
    )
    return np.asarray((prints > _PRINTED * sizes)[labels] & rim)


def rim_of(picture: NDArray[Any]) -> NDArray[Any]:
    """(N,) the outermost pixels of a picture."""
    return np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])


def _bands(dark: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Rows and columns at the rim that are mostly dark, from the rim on."""
    found = np.zeros_like(dark)
    for view, rim in ((dark, found), (dark.T, found.T)):
        most = round(_WIDEST_BAND * len(view))
        share = view.mean(axis=1) >= _BAND
        rim[: _run(share[:most])] = True
        rim[len(view) - _run(share[::-1][:most]) :] = True
    return found


def _run(mostly: NDArray[np.bool_]) -> int:
    """How many are true from the first on."""
    return len(mostly) if mostly.all() else int(mostly.argmin())


def _at_rim(dark: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Dark areas that reach the rim."""
    _, labels = cv2.connectedComponents(dark.astype(np.uint8))
    rim = rim_of(np.asarray(labels))
    return np.isin(labels, np.unique(rim[rim > 0]))
