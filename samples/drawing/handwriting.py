"""Handwriting: digits of people, drawn again with a pen.

The digits are scikit-learn's `load_digits` (UCI's optical digits, 43 writers, CC BY 4.0; 8x8
pixels). Enlarged, an 8x8 digit is a blot; its centre line is the path the pen took. Each is kept
as the distance of every pixel to that path, so that it can be drawn at any size and pen width.
"""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from samples.drawing.hands import Hand

Mask = NDArray[np.float32]  # (H, W), share of ink, 0..1
Distance = NDArray[np.float32]  # (H, W), pixels to the pen's path

_ENLARGED = 10  # field pixels per pixel of the source digit
_MARGIN_PX = 20
_FAR_PX = 200.0

# Marks that the set lacks, as pen strokes in a box 100 high; y runs down.
_MARKS: dict[str, tuple[tuple[tuple[int, int], ...], ...]] = {
    "/": (((55, -12), (30, 50), (0, 118)),),
    "-": (((0, 55), (30, 51), (62, 54)),),
    ".": (((0, 94), (4, 98)),),
    ",": (((8, 92), (7, 104), (-2, 120)),),
    "*": (((0, 38), (40, 66)), ((40, 38), (0, 66)), ((20, 30), (20, 74))),
}


def write_glyph(
    glyph: str, hand: Hand, height_px: float, pen_px: float, rng: np.random.Generator
) -> Mask:
    """Write one digit or mark, each time a little differently.

    Args:
        glyph: A digit, or one of ``/ - . , *``.
        hand: Who writes.
        height_px: Height of a digit; marks keep their own proportion to it.
        pen_px: Width of the line.
        rng: Where the differences come from.

    Returns:
        A field 1.9 heights high, the digit's top 0.4 below its upper edge; cut to the ink at the
        left and right.
    """
    distance, scale = _path(glyph, hand, rng), height_px / 100
    slant = hand.slant + rng.normal(0, 0.03)
    stretch, tilt = rng.uniform(0.92, 1.12), rng.normal(0, 0.025)
    turn = np.array([[stretch, -slant, 0.0], [tilt, 1.0, 0.0]], np.float32) * scale
    turn[:, 2] = (0.6 * height_px, 0.4 * height_px) - turn[:, :2] @ (_MARGIN_PX, _MARGIN_PX)
    size = (round(2.4 * height_px), round(1.9 * height_px))
    drawn = cv2.warpAffine(distance, turn, size, borderValue=_FAR_PX) * scale
    ink: Mask = np.clip((pen_px / 2 - drawn) / 1.2 + 0.5, 0, 1).astype(np.float32)
    columns = np.flatnonzero(ink.max(axis=0) > 0)
    return ink[:, columns[0] : columns[-1] + 1]


def write_line(
    text: str, hand: Hand, height_px: float, pen_px: float, rng: np.random.Generator
) -> Mask:
    """Write digits and marks side by side; a blank is a wider gap.

    Returns:
        A field 1.9 heights high, as `write_glyph`'s.
    """
    line = np.zeros((round(1.9 * height_px), 8), np.float32)
    for glyph in text:
        if glyph == " ":
            line = np.pad(line, ((0, 0), (0, round(0.3 * height_px))))
            continue
        ink = write_glyph(glyph, hand, height_px * rng.uniform(0.93, 1.07), pen_px, rng)
        line = _joined(line, ink, round(height_px * (hand.gap + rng.normal(0, 0.04))))
    return line


def write_words(text: str, height_px: float, pen_px: float, rng: np.random.Generator) -> Mask:
    """Write words: a thin italic, letter by letter, bent as a hand bends it.

    Returns:
        A field 2.4 heights high, the base line 1.7 below its upper edge.
    """
    face, weight = cv2.FontFace("italic"), round(100 + 60 * pen_px)
    canvas = np.zeros((round(2.4 * height_px), round(len(text) * height_px) + 40), np.uint8)
    x = 20.0
    for letter in text:
        size = height_px * 1.35 * rng.uniform(0.92, 1.1)
        y = 1.7 * height_px + rng.normal(0, 0.03 * height_px)
        end, _ = cv2.putText(
            canvas, letter, (round(x), round(y)), (255,), face, round(size), weight
        )
        x = end[0] - 0.03 * height_px
    return _bent(canvas[:, : round(x) + 20], height_px, rng)


def sign(width_px: int, pen_px: float, rng: np.random.Generator) -> Mask:
    """Write a signature: loops that shrink along a rising line, and a stroke below.

    Returns:
        A field half as high as wide.
    """
    height_px = width_px / 2
    t = np.linspace(0, 1, 400)
    loops = rng.uniform(5, 8)
    size = height_px * (0.26 * np.exp(-2.5 * t) + 0.07)
    wobble = np.interp(t, np.linspace(0, 1, 12), rng.uniform(0.4, 1.3, 12))
    phase = 2 * np.pi * loops * t + rng.uniform(0, 6)
    x = width_px * (0.22 + 0.66 * t) + 0.8 * size * np.cos(phase)
    y = height_px * (0.5 - 0.12 * t) + 1.2 * size * wobble * np.sin(phase)
    tail_x = np.linspace(x[-1], width_px * 0.2, 40)
    tail_y = y[-1] + (height_px * 0.78 - y[-1]) * np.linspace(0, 1, 40) ** 0.5
    path = np.stack([np.append(x, tail_x), np.append(y, tail_y)], axis=1)
    return _drawn(path, (round(height_px), width_px), pen_px)


def _path(glyph: str, hand: Hand, rng: np.random.Generator) -> Distance:
    if glyph in _MARKS:
        return _mark_path(glyph)
    return _digit_path(int(rng.choice(hand.digits[int(glyph)])))


@lru_cache(maxsize=512)
def _digit_path(index: int) -> Distance:
    """Distance to the pen's path of a source digit, 100 high within its margin."""
    source = np.pad(load_digits().images[index] / 16.0, 1)
    side = source.shape[0] * _ENLARGED
    blot = cv2.resize(source, (side, side), interpolation=cv2.INTER_CUBIC)
    line = _thinned(cv2.GaussianBlur(blot, (0, 0), 1.2) > 0.5)
    rows, columns = np.nonzero(line)
    line = line[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    distance = _distance_to(np.pad(line, _MARGIN_PX))
    # A thinned line has corners of one pixel; smoothing lifts the distance on the line by 0.8.
    smooth = cv2.GaussianBlur(distance, (0, 0), 1.6) - 0.8
    scale = 100 / (line.shape[0] - 1)
    shift = (1 - scale) * _MARGIN_PX
    turn = np.array([[scale, 0, shift], [0, scale, shift]], np.float32)
    size = (round(line.shape[1] * scale) + 2 * _MARGIN_PX, 100 + 2 * _MARGIN_PX)
    return np.asarray(cv2.warpAffine(smooth, turn, size, borderValue=_FAR_PX) * scale, np.float32)


@lru_cache(maxsize=16)
def _mark_path(mark: str) -> Distance:
    line = np.zeros((140 + _MARGIN_PX, 140), np.uint8)
    for stroke in _MARKS[mark]:
        cv2.polylines(line, [np.array(stroke, np.int32) + _MARGIN_PX], False, (1,))
    return _distance_to(line > 0)


def _distance_to(line: NDArray[np.bool_]) -> Distance:
    off = (~line).astype(np.uint8)
    return np.asarray(cv2.distanceTransform(off, cv2.DIST_L2, cv2.DIST_MASK_PRECISE), np.float32)


def _thinned(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Peel a shape down to its centre line (Zhang and Suen 1984)."""
    line, before = ink.copy(), -1
    while line.sum() != before:
        before = line.sum()
        for first in (True, False):
            line &= ~_peel(line, first=first)
    return line


def _peel(line: NDArray[np.bool_], *, first: bool) -> NDArray[np.bool_]:
    """The border pixels that one half step of the thinning takes away."""
    around = np.pad(line, 1).astype(np.int8)
    height, width = line.shape
    steps = (
        (0, 1),
        (0, 2),
        (1, 2),
        (2, 2),
        (2, 1),
        (2, 0),
        (1, 0),
        (0, 0),
    )  # from north, clockwise
    ring = np.stack([around[y : y + height, x : x + width] for y, x in steps])
    neighbours = ring.sum(axis=0)
    crossings = ((ring == 0) & (np.roll(ring, -1, axis=0) == 1)).sum(axis=0)
    north, east, south, west = ring[0], ring[2], ring[4], ring[6]
    if first:
        open_side = (north * east * south == 0) & (east * south * west == 0)
    else:
        open_side = (north * east * west == 0) & (north * south * west == 0)
    peeled = line & (neighbours >= 2) & (neighbours <= 6) & (crossings == 1) & open_side
    return np.asarray(peeled, np.bool_)


def _joined(line: Mask, ink: Mask, gap_px: int) -> Mask:
    """Put a glyph behind a line; a negative gap lets the two overlap."""
    height = max(line.shape[0], ink.shape[0])
    place = max(line.shape[1] + gap_px, 0)
    joined = np.zeros((height, max(place + ink.shape[1], line.shape[1])), np.float32)
    joined[: line.shape[0], : line.shape[1]] = line
    part = joined[: ink.shape[0], place : place + ink.shape[1]]
    np.maximum(part, ink, out=part)
    return joined


def _bent(ink: NDArray[np.uint8], height_px: float, rng: np.random.Generator) -> Mask:
    """Shift every pixel by a smooth random field and lean the line to the right."""
    height, width = ink.shape
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    columns += 0.16 * height_px * _waves(ink.shape, height_px, rng)
    columns += 0.12 * (rows - 1.7 * height_px)
    rows += 0.12 * height_px * _waves(ink.shape, height_px, rng)
    bent = cv2.remap(ink, columns, rows, cv2.INTER_LINEAR)
    return np.asarray(bent / np.float32(255), np.float32)


def _waves(shape: tuple[int, int], grain_px: float, rng: np.random.Generator) -> Mask:
    """Smooth random field of standard deviation 1."""
    field = cv2.GaussianBlur(rng.normal(0, 1, shape).astype(np.float32), (0, 0), grain_px)
    return np.asarray(field / field.std(), np.float32)


def _drawn(path: NDArray[np.float64], shape: tuple[int, int], pen_px: float) -> Mask:
    """Draw a curve, (N, 2) points, with a round pen."""
    off = np.full(shape, 255, np.uint8)
    cv2.polylines(off, [np.rint(path).astype(np.int32)], False, (0,))
    distance = cv2.GaussianBlur(_distance_to(off == 0), (0, 0), 1.0)
    return np.asarray(np.clip((pen_px / 2 - distance) / 1.2 + 0.5, 0, 1), np.float32)
