"""A line drawn: signs put side by side by one hand.

All distances are in heights of a digit, so that a line looks the same at any resolution.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from model.line.scan import scan
from model.line.signs import Sign
from ocr.arrays import Gray, Strokes
from ocr.geometry import Box
from ocr.line.labels import LABELS

Rng = np.random.Generator
_DIGIT_PX = (18, 44)  # height of a digit when it is drawn
_AROUND = 0.9  # paper around the line
_INK_LEVEL = 60  # from which a pixel counts for the ink's box


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A drawn line.

    Attributes:
        gray: (H, W) as scanned.
        ink: Bounding box of the writing, roughly as a reader finds it.
        text: What it says, in `LABELS`.
    """

    gray: Gray
    ink: Box
    text: str


def write(signs: Sequence[Sign], rng: Rng) -> Line:
    """Draw signs as one line and scan it."""
    height = rng.uniform(*_DIGIT_PX)
    hand = _Style.drawn(height, rng)
    strokes, separators = _laid_out(signs, hand, rng)
    strokes = _warped(strokes, hand, rng)
    strokes = _with_pen(strokes, height, rng)
    gray, found = scan(strokes, _ink_box(strokes), height, separators, rng)
    text = "".join(sign.label for sign in signs)
    return Line(gray, found, "".join(c for c in text if c in LABELS))


@dataclass(frozen=True, slots=True)
class _Style:
    """What stays the same along a line."""

    height: float
    gap: float
    gap_spread: float
    touching: float
    aspect: float
    slant: float
    slope: float
    size_spread: float
    drift: float
    zero_size: float
    linked: float  # chance that a zero hangs on the zero before
    pitch: float  # of a comb; 0: written freely

    @classmethod
    def drawn(cls, height: float, rng: Rng) -> "_Style":
        tight = rng.random() < 0.35
        return cls(
            height=height,
            gap=rng.uniform(0.0, 0.12) if tight else rng.uniform(0.08, 0.4),
            gap_spread=rng.uniform(0.02, 0.1),
            touching=rng.uniform(0.2, 0.5) if tight else rng.uniform(0.0, 0.15),
            aspect=float(np.exp(rng.normal(0.0, 0.18))),
            slant=float(np.clip(rng.normal(0.1, 0.25), -0.5, 0.9)),
            slope=rng.normal(0.0, 0.04),
            size_spread=rng.uniform(0.02, 0.12),
            drift=rng.uniform(0.01, 0.08),
            zero_size=rng.uniform(0.4, 0.85) if rng.random() < 0.3 else 1.0,
            linked=rng.uniform(0.3, 0.9) if rng.random() < 0.35 else 0.03,
            pitch=rng.uniform(0.9, 1.6) if rng.random() < 0.1 else 0.0,
        )


# --- layout --------------------------------------------------------------------------------------


def _laid_out(signs: Sequence[Sign], hand: _Style, rng: Rng) -> tuple[Strokes, list[int]]:
    """The signs on one canvas, and the columns of a comb's separators."""
    h = hand.height
    around = int(_AROUND * h)
    room = sum(1.2 + abs(sign.gap) + max(sign.height, 1.0) * 1.3 for sign in signs)
    canvas = np.zeros((int(h * (2.6 + abs(hand.slope) * 4)), int(room * h) + 2 * around), np.uint8)
    base, x, before = int(h * 1.75), around, ""
    separators = [x - int(0.12 * h)]
    for sign in signs:
        zero = sign.label.startswith("0")
        size = sign.height * (hand.zero_size if zero and before else 1.0)
        glyph = _glyph(
            sign.strokes, h * size * float(np.exp(rng.normal(0, hand.size_spread))), hand, rng
        )
        bottom = base - int(h * (sign.rise + rng.normal(0, hand.drift)))
        linked = zero and before == "0" and rng.random() < hand.linked
        x = max(0, x + int(h * (sign.gap + _gap(hand, linked, sign.label, rng))))
        if hand.pitch:
            x = max(x, int(separators[-1] + h * max(0.06, (hand.pitch - glyph.shape[1] / h) / 2)))
        end = _put(canvas, glyph, x, bottom)
        if linked and rng.random() < 0.6:
            _link(canvas, x, bottom - int(glyph.shape[0] * rng.uniform(0.1, 1.0)), h, rng)
        if hand.pitch:
            separators.append(max(end, separators[-1] + int(hand.pitch * h)))
        x, before = end, sign.label[-1:] or before
    return canvas[:, : x + around], separators if hand.pitch else []


def _glyph(strokes: Strokes, size_px: float, hand: _Style, rng: Rng) -> Strokes:
    """One sign at its size, a little turned and stretched, in one interpolation."""
    scale = max(size_px, 2.0) / max(strokes.shape)
    aspect = (hand.aspect * float(np.exp(rng.normal(0, 0.07)))) ** 0.5
    turn, lean = rng.normal(0, 0.06), rng.normal(0, 0.05)
    m = np.array([[scale * aspect, scale * (lean - turn)], [scale * turn, scale / aspect]])
    h, w = strokes.shape
    corners = np.array([[0, 0], [w, 0], [0, h], [w, h]], float) @ m.T
    low, high = corners.min(axis=0), corners.max(axis=0)
    size = np.maximum(np.ceil(high - low), 1).astype(int)
    warp = np.hstack([m, -low[:, None]])
    if scale < 0.6:
        strokes = np.asarray(cv2.blur(strokes, (2, 2)), np.uint8)
    return np.asarray(cv2.warpAffine(strokes, warp, (int(size[0]), int(size[1]))), np.uint8)


def _gap(hand: _Style, linked: bool, label: str, rng: Rng) -> float:
    if linked:
        return float(rng.uniform(-0.25, -0.02))
    if label in {".", ","}:
        return float(rng.uniform(-0.12, 0.15))
    if rng.random() < hand.touching:
        return float(rng.uniform(-0.2, 0.0))
    return float(hand.gap + abs(rng.normal(0, hand.gap_spread)))


def _put(canvas: Strokes, glyph: Strokes, x: int, bottom: int) -> int:
    """Draw a sign with its left and bottom there; what does not fit is cut off. Returns its end."""
    y = max(0, min(bottom, canvas.shape[0]) - glyph.shape[0])
    place = canvas[y : y + glyph.shape[0], x : x + glyph.shape[1]]
    np.maximum(place, glyph[: place.shape[0], : place.shape[1]], out=place)
    return x + int(glyph.shape[1])


def _link(canvas: Strokes, x: int, y: int, height: float, rng: Rng) -> None:
    """A ligature: the pen stayed down on its way from the sign before."""
    reach, rise = int(height * rng.uniform(0.08, 0.4)), int(height * rng.normal(0, 0.1))
    pen = max(1, round(height * rng.uniform(0.05, 0.12)))
    cv2.line(canvas, (x - reach, y + rise), (x + reach // 2, y), 255, pen, cv2.LINE_AA)


def _warped(strokes: Strokes, hand: _Style, rng: Rng) -> Strokes:
    """Slant, slope and a tremble of the whole line, in one interpolation."""
    height, width = strokes.shape
    cell = hand.height * rng.uniform(0.35, 1.0)
    grid = max(2, round(height / cell)), max(2, round(width / cell))
    rough = rng.normal(0, hand.height * rng.uniform(0.0, 0.035), (*grid, 2)).astype(np.float32)
    x, y = cv2.split(cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC))
    rows = np.arange(height, dtype=np.float32)[:, None] - height / 2
    columns = np.arange(width, dtype=np.float32)[None, :]
    x += columns + np.float32(hand.slant) * rows
    y += rows + height / 2 + np.float32(hand.slope) * (columns - width / 2)
    return np.asarray(cv2.remap(strokes, x, y, cv2.INTER_LINEAR), np.uint8)


# --- pen -----------------------------------------------------------------------------------------


def _with_pen(strokes: Strokes, height: float, rng: Rng) -> Strokes:
    """Half of the lines with the strokes' own widths, half with one pen of a single width."""
    if rng.random() < 0.5:
        return _redrawn(strokes, max(2.0, height * rng.uniform(0.06, 0.17)))
    pen = int(rng.integers(-1, 2)) if height > 26 else int(rng.integers(0, 2))
    if pen == 0:
        return strokes
    kernel = np.ones((2, 2), np.uint8)
    changed = (cv2.dilate if pen > 0 else cv2.erode)(strokes, kernel)
    return np.asarray(changed, np.uint8)


def _redrawn(strokes: Strokes, width_px: float) -> Strokes:
    """The strokes' middles drawn with a round pen: ridges of the distance to the paper."""
    inside = cv2.distanceTransform((strokes > 100).astype(np.uint8), cv2.DIST_L2, 3)
    ridge = (inside > 0.5) & (inside >= cv2.dilate(inside, np.ones((3, 3), np.uint8)) - 0.7)
    away = cv2.distanceTransform((~ridge).astype(np.uint8), cv2.DIST_L2, 3)
    return np.asarray(np.clip(width_px / 2 - away + 0.5, 0, 1) * 255, np.uint8)


def _ink_box(strokes: Strokes) -> Box:
    ink = strokes >= _INK_LEVEL
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if rows.size == 0:
        return Box(0, 0, strokes.shape[1], strokes.shape[0])
    top, left = int(rows[0]), int(columns[0])
    return Box(left, top, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top)
