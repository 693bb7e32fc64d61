"""Paper, print and scanner: from the strokes of a line to the gray picture of a field."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray, Strokes
from ocr.geometry import Box

Rng = np.random.Generator
Print = NDArray[np.float32]  # (H, W) darkness of what is printed, 0 to 1


def scan(
    strokes: Strokes, ink: Box, height: float, separators: list[int], rng: Rng
) -> tuple[Gray, Box]:
    """Scan a line.

    Args:
        strokes: (H, W) the writing, with paper around it.
        ink: Its bounding box.
        height: Height of a digit in pixels.
        separators: Columns of a comb's lines; empty for free writing.
        rng: Source of chance.

    Returns:
        The scan, and the ink's box roughly as a reader finds it there.
    """
    strokes, found = _crowded(strokes, ink, height, rng)
    printed, found = _printed(strokes.shape, ink, found, height, separators, rng)
    gray = on_paper(strokes, printed, height, rng)
    gray, found = _cut(gray, found, height, rng)
    gray, found = _resampled(gray, found, height, rng)
    return gray, _as_found(found, rng)


def _crowded(strokes: Strokes, ink: Box, height: float, rng: Rng) -> tuple[Strokes, Box]:
    """Seldom a second line stands above or below, and its edge is taken for a part of the line."""
    if rng.random() > 0.06:
        return strokes, ink
    shift = int(ink.height + height * rng.uniform(0.05, 0.4)) * (1 if rng.random() < 0.5 else -1)
    other = np.zeros_like(strokes)
    if shift > 0:
        other[shift:] = strokes[:-shift, ::-1]
    else:
        other[:shift] = strokes[-shift:, ::-1]
    taken = int(height * rng.uniform(0.0, 0.4))
    found = Box(ink.x, ink.y - taken * (shift < 0), ink.width, ink.height + taken)
    return np.maximum(strokes, other), found


def on_paper(strokes: Strokes, printed: Print, height: float, rng: Rng) -> Gray:
    """Ink on paper with what is printed there, through a scanner."""
    size = strokes.shape
    paper = np.full(size, rng.uniform(120, 252), np.float32)
    if rng.random() < 0.25:
        paper *= np.linspace(1, rng.uniform(0.6, 1.0), size[1], dtype=np.float32)
    contrast = rng.uniform(0.12, 0.9) if rng.random() < 0.4 else rng.uniform(0.4, 0.9)
    written = strokes.astype(np.float32) / 255.0
    if rng.random() < 0.4:  # the pen's pressure
        written *= _cloud(size, height, rng.uniform(0.1, 0.5), rng)
    if rng.random() < 0.06:  # writing of the other side
        shift = int(rng.uniform(-1, 1) * height)
        ghost = np.roll(strokes[:, ::-1], shift, axis=1).astype(np.float32) / 255.0
        written = np.maximum(written, ghost * rng.uniform(0.08, 0.22))
    gray = paper * (1 - np.maximum(written * contrast, printed * max(contrast, 0.3)))
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


def _cut(gray: Gray, found: Box, height: float, rng: Rng) -> tuple[Gray, Box]:
    """Some fields are cut out so tightly that the writing reaches the crop's edge."""
    if rng.random() > 0.3:
        return gray, found
    room = (height * rng.uniform(-0.1, 0.25, 4)).astype(int)
    left, top = max(0, found.x - room[0]), max(0, found.y - room[1])
    right, bottom = found.right + room[2], found.bottom + room[3]
    cut = gray[top:bottom, left:right]
    if not cut.size:  # of hardly any ink, less than nothing is left
        return gray, found
    return cut, found.moved(-int(left), -int(top)).clipped(cut.shape[1], cut.shape[0])


def _resampled(gray: Gray, found: Box, height: float, rng: Rng) -> tuple[Gray, Box]:
    """Some lines at the resolution of a poor scan: digits 9 to 18 pixels high, JPEG."""
    factor = rng.uniform(9, 18) / height
    if rng.random() < 0.35 and factor < 1:
        method = cv2.INTER_AREA
        gray = np.asarray(cv2.resize(gray, None, fx=factor, fy=factor, interpolation=method))
        found = Box(*(round(v * factor) for v in (found.x, found.y, found.width, found.height)))
    if rng.random() < 0.2:
        _, data = cv2.imencode(".jpg", gray, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 85))])
        gray = np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)
    return gray, found


def _as_found(found: Box, rng: Rng) -> Box:
    """The box as a reader would find it: nearly right, sometimes too wide, seldom too narrow."""
    h = max(found.height, 2)
    sides = rng.normal(0.0, 0.03, 4) + (rng.random(4) < 0.15) * rng.uniform(0.0, 0.5, 4)
    left, top, right, bottom = (round(side * h) for side in sides)
    width = max(2, found.width + left + right)
    return Box(found.x - left, found.y - top, width, max(2, h + top + bottom))


# --- print ---------------------------------------------------------------------------------------


def _printed(
    size: tuple[int, ...], ink: Box, found: Box, height: float, separators: list[int], rng: Rng
) -> tuple[Print, Box]:
    """Security hairlines, dots, rules, frames and separators; a frame is often taken for ink."""
    printed = np.zeros(size, np.float32)
    chance = rng.random()
    if chance < 0.22:
        for _ in range(1 if rng.random() < 0.6 else 2):
            _hairlines(printed, height, rng)
    elif chance < 0.30:
        dots = (rng.random(size, np.float32) < rng.uniform(0.05, 0.3)) * rng.uniform(0.05, 0.3)
        printed = np.maximum(printed, dots.astype(np.float32))
    if rng.random() < 0.22:
        _rule(printed, ink.bottom - height * rng.uniform(-0.25, 0.3), rng)
    if rng.random() < 0.05:
        _rule(printed, ink.y + height * rng.uniform(-0.25, 0.15), rng)
    if rng.random() < 0.16:
        found = _frame(printed, found, height, rng)
    if separators and rng.random() < 0.6:
        level, pen = rng.uniform(0.1, 0.8), int(rng.integers(1, 3))
        top = 0 if rng.random() < 0.5 else int(ink.bottom - height * rng.uniform(0.1, 0.5))
        for x in separators:
            cv2.line(printed, (x, top), (x, size[0]), level, pen, cv2.LINE_AA)
    return printed, found


def _hairlines(printed: Print, height: float, rng: Rng) -> None:
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


def _rule(printed: Print, y: float, rng: Rng) -> None:
    end = int(y + rng.normal(0, 0.01) * printed.shape[1])
    level, pen = rng.uniform(0.1, 0.8), int(rng.integers(1, 3))
    cv2.line(printed, (0, int(y)), (printed.shape[1], end), level, pen, cv2.LINE_AA)


def _frame(printed: Print, found: Box, height: float, rng: Rng) -> Box:
    """An upright at the left or right, one line or two; half of them inside the box found."""
    far = height * rng.uniform(0.0, 0.7)
    level, pen = rng.uniform(0.15, 0.9), int(rng.integers(1, 4))
    left = rng.random() < 0.35
    x = int(found.x - far if left else found.right + far)
    second = round(height * rng.uniform(0.08, 0.3)) if rng.random() < 0.3 else 0
    for at in {x, x + second}:
        cv2.line(printed, (at, 0), (at, printed.shape[0]), level, pen, cv2.LINE_AA)
    if rng.random() < 0.5:
        return found
    reach = round(far) + pen + second
    return Box(found.x - reach * left, found.y, found.width + reach, found.height)
