"""Photographed sheets made flat: cut out of what they lie on, without perspective and shadows.

A scan goes through as it is: where paper reaches to the rim, no sheet need be looked for.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import floor, log2

import cv2
import numpy as np

from ocr.arrays import Gray
from ocr.levels import percentiles_of
from ocr.upright.light import evened, rim_of, without_dark_rim
from ocr.upright.outline import find_outline
from ocr.upright.page import UprightPage, as_scanned
from ocr.upright.paper_size import PageMm, sheet_shape
from ocr.upright.parted import is_parted
from ocr.upright.steps import Corners, Levels

_WORK_PX = 480  # longer side: an outline is known to a third of a pixel, 0.2 mm of A4
_NARROWEST_PX = 64  # shorter side: a strip is a crop, and no photo of a sheet
_PRINT = 0.03  # of the longer side: print and writing are narrower
_PAPER = 95.0  # percentile of the levels
_RIM_LEVEL, _RIM_SHARE = 0.92, 0.98  # of the paper's level, and of a scan's rim


def flattened(scan: Gray, sizes_mm: Sequence[PageMm] = ()) -> UprightPage:
    """Flatten a photographed sheet; a scan stays as it is, but for dark edges.

    Args:
        scan: (H, W) the picture.
        sizes_mm: Widths and heights that the page may have, as far as known.

    Returns:
        The sheet, or the whole scan where no single sheet stands out for certain.
    """
    page = as_scanned(scan)
    halvings = max(0, floor(log2(max(scan.shape) / _WORK_PX)))
    small = page.halvings[halvings]
    work = _shrunk(small, min(1.0, _WORK_PX / max(small.shape)))
    if min(work.shape) < _NARROWEST_PX or _has_paper_rim(work):
        return page
    levels = _without_print(work)
    outline = find_outline(levels)
    if outline is None or is_parted(work, outline.corners):
        clean = without_dark_rim(scan, work, levels)
        return page if clean is scan else as_scanned(clean)
    to_scan = 2**halvings * (np.array(small.shape) / work.shape)[::-1]
    corners = (outline.corners + 0.5) * to_scan - 0.5
    return _flat(scan, levels, corners, sizes_mm if outline.whole else ())


def _flat(photo: Gray, levels: Levels, corners: Corners, sizes_mm: Sequence[PageMm]) -> UprightPage:
    height, width = sheet_shape(corners, (photo.shape[0], photo.shape[1]), sizes_mm)
    ends = [(0, 0), (width, 0), (width, height), (0, height)]
    to_photo_px = cv2.getPerspectiveTransform(
        np.array(ends, np.float32) - 0.5, corners.astype(np.float32)
    )
    sheet = as_scanned(evened(photo, levels, corners))
    return replace(sheet, shape=(height, width), to_scan_px=np.asarray(to_photo_px), flattened=True)


def _shrunk(small: Gray, factor: float) -> Gray:
    """A picture of at least half its size; by areas it would take ten times as long."""
    height, width = (max(1, round(side * factor)) for side in small.shape)
    return np.asarray(cv2.resize(small, (width, height)), np.uint8)


def _has_paper_rim(work: Gray) -> bool:
    (paper,) = percentiles_of(work, [_PAPER])
    return float((rim_of(work) >= _RIM_LEVEL * paper).mean()) >= _RIM_SHARE


def _without_print(work: Gray) -> Levels:
    """Brightness without what is dark and narrow; a strip of table at the rim stays."""
    wide = max(3, round(_PRINT * max(work.shape))) | 1
    square = np.ones((wide, wide), np.uint8)  # a disc takes seven times as long
    closed = cv2.morphologyEx(np.pad(work, wide), cv2.MORPH_CLOSE, square)
    inner = closed[wide:-wide, wide:-wide]
    return np.asarray(cv2.GaussianBlur(inner, (0, 0), 1.0), np.uint8)
