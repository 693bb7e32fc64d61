"""A line drawn: signs put side by side by one hand, then scanned.

All distances are in heights of a digit, so that a line looks the same at any resolution.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.line.text import Sign
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
    ink = _ink_box(strokes)
    gray = _scanned(strokes, ink, height, separators, rng)
    gray, ink = _resampled(gray, ink, height, rng)
    text = "".join(sign.label for sign in signs)
    return Line(gray, _as_found(ink, rng), "".join(c for c in text if c in LABELS))


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
        zero = sign.label == "0"
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
        x, before = end, sign.label or before
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


# --- scan ----------------------------------------------------------------------------------------


def _ink_box(strokes: Strokes) -> Box:
    ink = strokes >= _INK_LEVEL
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if rows.size == 0:
        return Box(0, 0, strokes.shape[1], strokes.shape[0])
    top, left = int(rows[0]), int(columns[0])
    return Box(left, top, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top)


def _scanned(strokes: Strokes, ink: Box, height: float, separators: list[int], rng: Rng) -> Gray:
    """Ink on paper with what is printed there, through a scanner."""
    size = strokes.shape
    paper = np.full(size, rng.uniform(120, 252), np.float32)
    if rng.random() < 0.25:
        paper *= np.linspace(1, rng.uniform(0.6, 1.0), size[1], dtype=np.float32)
    contrast = rng.uniform(0.12, 0.9) if rng.random() < 0.4 else rng.uniform(0.4, 0.9)
    printed = _printed(size, ink, height, separators, rng)
    written = strokes.astype(np.float32) / 255.0
    if rng.random() < 0.4:  # the pen's pressure
        written *= _cloud(size, height, rng.uniform(0.1, 0.5), rng)
    if rng.random() < 0.06:  # writing of the other side
        shift = int(rng.uniform(-1, 1) * height)
        ghost = np.roll(strokes[:, ::-1], shift, axis=1).astype(np.float32) / 255.0
        written = np.maximum(written, ghost * rng.uniform(0.08, 0.22))
    dark = np.maximum(written * contrast, printed * max(contrast, 0.3))
    gray = paper * (1 - dark)
    blur = rng.uniform(0.3, 1.0) + (rng.random() < 0.2) * rng.uniform(0, 0.04) * height
    gray = cv2.GaussianBlur(gray, (0, 0), blur)
    noise = rng.uniform(0.5, 6.0) if rng.random() < 0.6 else 0.5
    gray += rng.standard_normal(size, np.float32) * np.float32(noise * contrast)
    return np.asarray(np.clip(gray, 0, 255), np.uint8)


def _cloud(size: tuple[int, ...], height: float, depth: float, rng: Rng) -> NDArray[np.float32]:
    """Smooth values from 1 - depth to 1."""
    grid = max(2, int(size[0] / height)), max(2, int(size[1] / height))
    rough = (1 - depth * rng.random(grid)).astype(np.float32)
    return np.asarray(cv2.resize(rough, (size[1], size[0])), np.float32)


def _printed(
    size: tuple[int, ...], ink: Box, height: float, separators: list[int], rng: Rng
) -> NDArray[np.float32]:
    """Darkness of what is printed: security hairlines, dots, rules, frames, separators."""
    printed = np.zeros(size, np.float32)
    chance = rng.random()
    if chance < 0.22:
        _hairlines(printed, height, rng)
        if rng.random() < 0.4:
            _hairlines(printed, height, rng)
    elif chance < 0.30:
        dots = (rng.random(size, np.float32) < rng.uniform(0.05, 0.3)) * rng.uniform(0.05, 0.3)
        printed = np.maximum(printed, dots.astype(np.float32))
    if rng.random() < 0.22:
        below = ink.bottom - height * rng.uniform(-0.25, 0.3)
        _rule(printed, below, rng)
    if rng.random() < 0.05:
        _rule(printed, ink.y + height * rng.uniform(-0.25, 0.15), rng)
    if rng.random() < 0.08:
        beside = (ink.x - height * rng.uniform(0, 0.2), ink.right + height * rng.uniform(0, 0.2))
        _upright(printed, beside[int(rng.integers(2))], rng)
    if separators and rng.random() < 0.6:
        level, pen = rng.uniform(0.1, 0.8), int(rng.integers(1, 3))
        top = 0 if rng.random() < 0.5 else int(ink.bottom - height * rng.uniform(0.1, 0.5))
        for x in separators:
            cv2.line(printed, (x, top), (x, size[0]), level, pen, cv2.LINE_AA)
    return printed


def _hairlines(printed: NDArray[np.float32], height: float, rng: Rng) -> None:
    """Waves or straight lines of security paper."""
    rows, width = printed.shape
    xs = np.arange(0, width + 4, 4)
    pitch, wave = height * rng.uniform(0.1, 0.35), height * rng.uniform(0, 0.12)
    tilt = rng.uniform(-0.8, 0.8)
    level, length = rng.uniform(0.05, 0.4), height * rng.uniform(0.2, 1.0)
    drop = wave * np.sin(xs / length) + tilt * xs
    for y in np.arange(-abs(tilt) * width, rows + abs(tilt) * width, pitch):
        line = np.stack([xs, y + drop], axis=1).astype(np.int32)
        cv2.polylines(printed, [line], False, level, 1, cv2.LINE_AA)


def _rule(printed: NDArray[np.float32], y: float, rng: Rng) -> None:
    end = int(y + rng.normal(0, 0.01) * printed.shape[1])
    level, pen = rng.uniform(0.1, 0.8), int(rng.integers(1, 3))
    cv2.line(printed, (0, int(y)), (printed.shape[1], end), level, pen, cv2.LINE_AA)


def _upright(printed: NDArray[np.float32], x: float, rng: Rng) -> None:
    level, pen = rng.uniform(0.1, 0.8), int(rng.integers(1, 3))
    cv2.line(printed, (int(x), 0), (int(x), printed.shape[0]), level, pen, cv2.LINE_AA)


def _resampled(gray: Gray, ink: Box, height: float, rng: Rng) -> tuple[Gray, Box]:
    """Some lines at the resolution of a poor scan: digits 9 to 18 pixels high, JPEG."""
    if rng.random() < 0.35:
        factor = rng.uniform(9, 18) / height
        if factor < 1:
            gray = np.asarray(
                cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8
            )
            ink = Box(*(round(v * factor) for v in (ink.x, ink.y, ink.width, ink.height)))
    if rng.random() < 0.2:
        _, data = cv2.imencode(".jpg", gray, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 85))])
        gray = np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)
    return gray, ink


def _as_found(ink: Box, rng: Rng) -> Box:
    """The box as a reader would find it: nearly right, sometimes too wide, seldom too narrow."""
    h = ink.height
    sides = rng.normal(0.0, 0.03, 4) + (rng.random(4) < 0.12) * rng.uniform(0.0, 0.45, 4)
    left, top, right, bottom = (round(side * h) for side in sides)
    return Box(
        ink.x - left, ink.y - top, max(1, ink.width + left + right), max(1, h + top + bottom)
    )
