"""Cleaning: from a gray crop to strokes on black, without paper, security print and rules."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray, Ink, Strokes
from ocr.components import labelled
from ocr.levels import median_of, percentiles_of
from ocr.runs import long_runs_of, runs_of, turned

Darkness = NDArray[np.uint8]  # (H, W), gray levels below the paper around the pixel
Contrast = NDArray[np.float32]  # (256,), by darkness: share of the way from paper to full ink

_PAPER_KERNEL = 0.45  # of the crop's shorter side: wider than any stroke, narrower than a shadow
_PAPER_DETAIL_PX = 11  # of that kernel, on a picture reduced to it: paper is smooth
_INK_PERCENTILES = (98.5, 99.7)  # full darkness of a well filled crop, and of a nearly empty one
_SPARSE_INK = 0.8  # the darkest pixels are darker than a pen's usual stroke
_PAPER_PERCENTILES = (16.0, 50.0)  # less than half is ink: the paper, and one deviation below
_FAINTEST_INK = 22.0  # gray levels from paper to full ink; less is noise, or the other side's
_CLEAR_INK = 3.6  # deviations of the paper: pure noise reaches 2.8, and writing is well above
_PLAIN_INK = 100.0  # gray levels over the paper: a pen's, though a stamp makes the paper uneven
# Shares of the way from paper to full ink:
_WEAK_INK = 0.28  # the edge of a stroke; most security print stays below
_STRONG_INK = 0.55  # every pen stroke reaches it somewhere; background print does not
_RAMP = (0.12, 0.75)  # where a stroke's gray level goes from 0 to 255
_HAIRLINE = 0.6  # of the pen's width


def strokes_of(gray: Gray, separators: Sequence[int] = ()) -> Strokes:
    """Strokes of a crop: flattened, freed of ruled lines and frames, and of background print.

    Hysteresis keeps faint parts of a stroke only where they hang on a dark one.

    Args:
        gray: (H, W) crop of one line of writing.
        separators: Columns where a comb's lines stand; frames are looked for at the sides anyway.

    Returns:
        (H, W) gray levels with soft edges; all 0 when there is nothing darker than noise.
    """
    return strokes_in(darkness_of(gray), separators)


def strokes_in(darkness: Darkness, separators: Sequence[int] = ()) -> Strokes:
    """The same of a crop whose darkness is known."""
    darkness = darkness.copy()
    darkness[_lines(_above(_LINE_LEVEL, darkness, _contrast(darkness)), separators)] = 0
    contrast = _contrast(darkness)
    kept = cv2.dilate(_hysteresis(darkness, contrast), np.ones((3, 3), np.uint8))
    low, high = _RAMP
    levels = (np.clip((contrast - low) / (high - low), 0.0, 1.0) * 255.0).astype(np.uint8)
    return np.asarray(cv2.LUT(darkness, levels) * kept, np.uint8)


def _contrast(darkness: Darkness) -> Contrast:
    """Contrast of each darkness: its share of the way from the paper's own texture to full ink.

    All 0 where the darkest pixels do not stand out from the paper's noise: a blank field.
    """
    below, paper, usual, darkest = percentiles_of(darkness, _PAPER_PERCENTILES + _INK_PERCENTILES)
    if darkest - paper < min(_CLEAR_INK * (paper - below), _PLAIN_INK):
        return np.zeros(256, np.float32)
    full = max(usual, _SPARSE_INK * darkest)
    share = (np.arange(256) - paper) / max(full - paper, _FAINTEST_INK)
    return np.asarray(np.clip(share, 0.0, None), np.float32)


def _above(level: float, darkness: Darkness, contrast: Contrast) -> Ink:
    """Pixels whose contrast is above a level."""
    return np.asarray(darkness >= np.count_nonzero(contrast <= level))


def darkness_of(gray: Gray) -> Darkness:
    """How much darker than the paper around it each pixel is.

    A gray closing wider than a stroke takes the writing away and leaves the paper, shadows
    included. It works on a picture reduced by its lightest pixels, as a closing would see it.
    """
    side = max(9, int(min(gray.shape) * _PAPER_KERNEL))
    step = max(1, side // _PAPER_DETAIL_PX)
    light = cv2.dilate(gray, np.ones((step, step), np.uint8), anchor=(0, 0))[::step, ::step]
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side // step | 1,) * 2)
    paper = cv2.morphologyEx(light, cv2.MORPH_CLOSE, kernel, borderType=cv2.BORDER_REPLICATE)
    paper = cv2.GaussianBlur(paper, (0, 0), side / step / 4)
    paper = cv2.resize(paper, gray.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.subtract(paper, cv2.GaussianBlur(gray, (0, 0), 0.8)), np.uint8)


def _hysteresis(darkness: Darkness, contrast: Contrast) -> NDArray[np.uint8]:
    """1 on connected ink of at least weak contrast that is strong somewhere, without hairlines."""
    strong = _above(_STRONG_INK, darkness, contrast)
    broad = _without_hairlines(darkness, stroke_width_px(strong))
    weak = _above(_WEAK_INK, broad, contrast).view(np.uint8)
    count, labels = cv2.connectedComponents(weak, connectivity=8)
    kept = np.zeros(count, np.uint8)
    kept[labels[strong]] = 1
    kept[0] = 0
    return np.take(kept, np.asarray(labels))


def stroke_width_px(ink: Ink) -> float:
    """Typical width of the strokes: twice the median distance from their middle to their edge."""
    # a field all ink would have no edge to measure from
    own = np.ascontiguousarray(ink).view(np.uint8)
    paper = cv2.copyMakeBorder(own, 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    distance = cv2.distanceTransform(paper, cv2.DIST_L2, 3)
    ridge = (distance > 0) & (distance >= cv2.dilate(distance, np.ones((3, 3), np.uint8)))
    return 2.0 * median_of(distance[ridge]) if ridge.any() else 0.0


def _without_hairlines(darkness: Darkness, stroke_px: float) -> Darkness:
    """Security print is drawn with hairlines: an opening of half a pen's width takes it away."""
    side = int(stroke_px * _HAIRLINE)
    if side < 2:
        return darkness
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return np.asarray(cv2.morphologyEx(darkness, cv2.MORPH_OPEN, kernel), np.uint8)


# --- ruled lines and box frames ---------------------------------------------------------------

_LINE_LEVEL = 0.22  # of the way to full ink: printed rules may be fainter than the pen
_HORIZONTAL_RUN = (0.45, 1.0)  # of width and of height: longer than a 7's bar, shorter than a rule
_FRAME_RUN = 0.88  # of the height: a crop's frame runs through, tall digits hardly do
_COMB_RUN = 0.65  # of the height: comb lines end at the comb's rules, inside the crop
_VERTICAL_MARGIN = 0.18  # of the height: frames stand at the very sides, and tall digits near them
_RIM_PX = 2  # of a line, in a field of 96 pixels: its soft edge goes with it
_SEPARATOR_REACH = 0.09  # of the height: how far a comb's line may stand from its place
_MAX_BESIDE = 0.35  # share of ink along a line's sides: more is a texture, not a rule
_MAX_LINE_PX = 0.09  # of the height: a thicker bar is writing or a shadow
_FULL = 0.8  # share of a row or a column of a comb that is ink where its frame is


def _lines(dark: Ink, separators: Sequence[int]) -> Ink:
    """Pixels of ruled lines and frames, but for the strokes that cross them."""
    ink = dark.view(np.uint8)
    height, width = ink.shape
    thickness = max(3, int(_MAX_LINE_PX * height))
    run = int(max(_HORIZONTAL_RUN[0] * width, _HORIZONTAL_RUN[1] * height))
    lines = long_runs(ink, run, thickness)
    upended = turned(ink)
    verticals = _turned_back(long_runs(upended, int(_COMB_RUN * height), thickness))
    if not separators:
        through = _turned_back(long_runs(upended, int(_FRAME_RUN * height), thickness))
        verticals = through | _between(verticals, lines, thickness)
    verticals[:, ~_near_frames(width, height, separators)] = False
    taken = lines | verticals | _crossings(lines, verticals, thickness)
    if separators:
        taken |= _thick_frame(ink, separators, thickness)
    return np.asarray(taken)


def _turned_back(lines: Ink) -> Ink:
    return turned(lines.view(np.uint8)).view(np.bool_)


def _thick_frame(ink: NDArray[np.uint8], separators: Sequence[int], thickness: int) -> Ink:
    """A comb's frame thicker than most lines: rows and, at both sides, columns nearly all ink.

    The crop reaches over the comb, which no digit does from end to end. Thin lines stay here: where
    they hang together, what is left of them is known as print.
    """
    rows, columns = _thick(ink, 1, thickness)[:, None], _thick(ink, 0, thickness)[None]
    reach = int(_SEPARATOR_REACH * len(ink))
    columns[:, separators[0] + reach : max(0, separators[-1] - reach)] = False
    rim = np.ones((2 * _RIM_PX + 1, 2 * _RIM_PX + 1), np.uint8)
    across, down = (cv2.dilate(full.view(np.uint8), rim) > 0 for full in (rows, columns))
    return np.asarray(across | down)


def _thick(ink: NDArray[np.uint8], axis: int, thickness: int) -> Ink:
    """Rows, or along axis 0 columns, that are nearly all ink, as many side by side."""
    inked = cv2.reduce(ink, axis, cv2.REDUCE_SUM, dtype=cv2.CV_32S).ravel()
    thick = np.zeros(inked.size, np.bool_)
    for start, end in runs_of(inked >= _FULL * ink.shape[axis]):
        thick[start:end] = end - start >= thickness
    return thick


def _between(verticals: Ink, horizontals: Ink, thickness_px: int) -> Ink:
    """Vertical lines from one horizontal line to another: the sides of a frame with paper around.

    A tall digit at the side of a crop does not reach both.
    """
    rows = np.flatnonzero(horizontals.any(axis=1))
    if not rows.size or rows[-1] - rows[0] < _COMB_RUN * len(verticals):
        return np.zeros(verticals.shape, np.bool_)
    labels, stats, _ = labelled(verticals.view(np.uint8))
    top, tall = stats[:, cv2.CC_STAT_TOP], stats[:, cv2.CC_STAT_HEIGHT]
    reach = 2 * thickness_px
    framed = (top <= rows[0] + reach) & (top + tall >= rows[-1] - reach)
    framed[0] = False
    return np.take(framed, labels)


def _crossings(horizontals: Ink, verticals: Ink, thickness_px: int) -> Ink:
    """Where lines cross lines: each was spared there as a stroke that crosses the other."""
    reach = 2 * thickness_px + 1
    across = cv2.dilate(horizontals.view(np.uint8), np.ones((1, reach), np.uint8))
    down = cv2.dilate(verticals.view(np.uint8), np.ones((reach, 1), np.uint8))
    return np.asarray(cv2.bitwise_and(across, down) > 0)


def _near_frames(width: int, height: int, separators: Sequence[int]) -> NDArray[np.bool_]:
    """Columns where a frame may stand: beside a comb's separators, else at the crop's sides."""
    columns = np.zeros(width, np.bool_)
    reach = int(_SEPARATOR_REACH * height)
    for separator in separators:
        columns[max(0, separator - reach) : separator + reach + 1] = True
    if not separators:
        margin = int(_VERTICAL_MARGIN * height)
        columns[:margin] = columns[width - margin :] = True
    return columns


def long_runs(ink: NDArray[np.uint8], run_px: int, thickness_px: int) -> Ink:
    """Pixels of horizontal lines at least `run_px` long and at most `thickness_px` thick.

    Where a stroke crosses a line, the line's columns are kept: the stroke stays whole.

    Args:
        ink: (H, W) of 0 and 1.
        run_px: Shortest line.
        thickness_px: Thickest line.
    """
    run_px = min(run_px, ink.shape[1])
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 9), np.uint8))
    half_px = -(-run_px // 2)  # of a line that the crop cuts off
    spines = long_runs_of(np.asarray(joined, np.uint8), run_px, half_px)
    spine = _standing_alone(spines, ink, thickness_px)
    if not spine.any():
        return np.zeros(ink.shape, np.bool_)
    band = cv2.dilate(spine, np.ones((_RIM_PX * 2 + 1, 7), np.uint8))
    crossing = cv2.morphologyEx(
        ink,
        cv2.MORPH_OPEN,
        np.ones((thickness_px + 1, 1), np.uint8),
        borderType=cv2.BORDER_CONSTANT,
        borderValue=(0.0,),  # a line at the crop's edge is no stroke that goes on outside
    )
    return np.asarray((band > 0) & (crossing == 0))


def _standing_alone(
    spine: NDArray[np.uint8], ink: NDArray[np.uint8], thickness_px: int
) -> NDArray[np.uint8]:
    """The spines with little ink along their sides: rules, not rows of a texture."""
    height = spine.shape[0]
    alone = np.zeros_like(spine)
    inked = np.asarray(spine.any(axis=1))
    rows = np.flatnonzero(inked | np.append(inked[1:], False))  # few; a blank one parts lines
    if not rows.size:
        return alone
    labels, stats, _ = labelled(spine[rows])
    for label, (x, top, w, h) in enumerate(stats[1:, :4].tolist(), 1):
        y = int(rows[top])
        off = [r for r in (y - thickness_px, y + h - 1 + thickness_px) if 0 <= r < height]
        beside = min((np.count_nonzero(ink[r, x : x + w]) / w for r in off), default=0.0)
        if h <= 2 * thickness_px and beside <= _MAX_BESIDE:
            alone[rows] |= labels == label
    return alone
