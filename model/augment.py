"""Mixed augmentation: what a pen, a scanner and an imperfect segmentation do to one sign.

Every step is drawn anew per sample. One remap does rotation, slant, zoom, aspect and elastic warp
together, so that strokes are interpolated once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import cv2
import numpy as np

from model.debris import part_of
from model.strokes import SIDE_PX, beside
from model.surroundings import with_dots, with_rule
from ocr.arrays import Strokes

Rng = np.random.Generator
FIELD_PX = 72  # working field: a 40-pixel sign, slanted, with bits of neighbours, fits


@dataclass(frozen=True, slots=True)
class Augmentation:
    """How strongly and how often signs are changed; standard deviations unless named otherwise."""

    rotation_deg: float = 6.0
    slant: float = 0.2  # horizontal shift per unit of height
    aspect: float = 0.12  # of the logarithm of width / height
    square_chance: float = 0.06  # stretched to a square, as some collections bring their signs
    elastic_px: float = 0.9  # at a sign 40 px high
    neighbour_chance: float = 0.2
    missing_chance: float = 0.08
    rule_chance: float = 0.05
    dots_chance: float = 0.04
    pen_chance: float = 0.4  # thicker or thinner
    low_resolution_chance: float = 0.3
    blur_chance: float = 0.25
    binarize_chance: float = 0.2
    noise_chance: float = 0.15
    flip_chance: float = 0.0  # mirrored; only for signs that stay the same class

    def scaled(self, factor: float) -> "Augmentation":
        """The same by so much weaker; mirrored as often."""
        weaker = {f.name: getattr(self, f.name) * factor for f in fields(self)}
        return Augmentation(**{**weaker, "flip_chance": self.flip_chance})


def augment(sign: Strokes, neighbours: Sequence[Strokes], how: Augmentation, rng: Rng) -> Strokes:
    """Change one tight crop (longer side `SIDE_PX`) as chance has it.

    Args:
        sign: The crop.
        neighbours: Crops of the same writer, of which bits may stand at the sides; may be empty.
        how: Strengths.
        rng: Source of chance.

    Returns:
        Strokes of about the same scale, or smaller where low resolution was drawn; not normalized.
    """
    if neighbours and rng.random() < how.neighbour_chance:
        sign = _with_bit(sign, neighbours[int(rng.integers(len(neighbours)))], rng)
    if rng.random() < how.flip_chance:
        sign = np.asarray(sign[:, ::-1], np.uint8)
    if rng.random() < how.square_chance:
        sign = _squared(sign)
    return _scanned(_written(warp(sign, how, rng), how, rng), how, rng)


def _written(strokes: Strokes, how: Augmentation, rng: Rng) -> Strokes:
    """With another pen, failing in places, on a form with rules and dirt."""
    if rng.random() < how.pen_chance:
        strokes = _another_pen(strokes, rng)
    if rng.random() < how.missing_chance:
        strokes = _with_gap(strokes, rng)
    if rng.random() < how.rule_chance:
        strokes = with_rule(strokes, rng)
    if rng.random() < how.dots_chance:
        strokes = with_dots(strokes, rng)
    return strokes


def _scanned(strokes: Strokes, how: Augmentation, rng: Rng) -> Strokes:
    """Out of focus, at a low resolution, noisy or in two levels."""
    if rng.random() < how.blur_chance:
        strokes = _gray(cv2.GaussianBlur(strokes, (0, 0), rng.uniform(0.6, 2.0)))
    if rng.random() < how.low_resolution_chance:
        strokes = _coarse(strokes, rng)
    if rng.random() < how.noise_chance:
        strokes = _noisy(strokes, rng)
    if rng.random() < how.binarize_chance:
        level = rng.uniform(0.3, 0.6) * float(strokes.max())
        strokes = _gray((strokes > level) * np.uint8(255))
    return strokes


def warp(sign: Strokes, how: Augmentation, rng: Rng) -> Strokes:
    """Rotate, slant, stretch and warp in one interpolation; (72, 72)."""
    angle = np.radians(rng.normal(0, how.rotation_deg))
    slant = float(np.clip(rng.normal(0, how.slant), -0.6, 0.6))
    stretch = float(np.exp(rng.normal(0, how.aspect)))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shape = np.array([[1.0, slant], [0.0, 1.0]]) @ np.diag([stretch**0.5, stretch**-0.5])
    back = np.linalg.inv(turn @ shape) * max(1.0, max(sign.shape) / 56)  # wide pairs fit too
    middle = np.array([sign.shape[1] - 1, sign.shape[0] - 1]) / 2
    across, down = back.astype(np.float32).T[:, :, None] * _AXIS
    offset = (middle - back @ np.full(2, (FIELD_PX - 1) / 2)).astype(np.float32)
    source = across[:, None, :] + (down + offset[:, None])[:, :, None]  # (2, 72, 72): x and y
    if how.elastic_px > 0:
        field = _ELASTIC[int(rng.integers(len(_ELASTIC)))]
        source += field * np.float32(abs(rng.normal(0, how.elastic_px)))
    return _gray(cv2.remap(sign, source[0], source[1], cv2.INTER_LINEAR, borderValue=0))


def _elastic_fields(count: int, sigma_px: float = 9.0) -> np.ndarray:
    """Smooth random displacements of unit deviation, (count, 2, 72, 72)."""
    rng = np.random.default_rng(0)
    rough = rng.normal(size=(count, FIELD_PX, FIELD_PX, 2)).astype(np.float32)
    fields = np.stack([cv2.GaussianBlur(field, (0, 0), sigma_px) for field in rough])
    unit = fields / fields.std(axis=(1, 2), keepdims=True)
    return np.ascontiguousarray(unit.transpose(0, 3, 1, 2), np.float32)


_AXIS = np.arange(FIELD_PX, dtype=np.float32)
_ELASTIC = _elastic_fields(64)


def _gray(values: np.ndarray) -> Strokes:
    return np.asarray(values, np.uint8)


def _with_bit(sign: Strokes, neighbour: Strokes, rng: Rng) -> Strokes:
    """A bit of a neighbour, up to 20 % of its width, at one side, anywhere in height."""
    side = ("left", "right")[int(rng.integers(2))]
    bit = part_of(neighbour, "right" if side == "left" else "left", rng.uniform(0.05, 0.2))
    gap = round(rng.uniform(0, 0.15 * SIDE_PX))
    return beside(bit, sign, gap) if side == "left" else beside(sign, bit, gap)


def _squared(sign: Strokes) -> Strokes:
    """Stretched to a square, but never to more than three times its width or height."""
    height, width = sign.shape
    side = max(height, width)
    size = min(side, 3 * width), min(side, 3 * height)
    return _gray(cv2.resize(sign, size, interpolation=cv2.INTER_LINEAR))


def _another_pen(strokes: Strokes, rng: Rng) -> Strokes:
    """Thicker or thinner strokes; never so thin that a third of the ink is left."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3) if rng.random() < 0.6 else (5, 5))
    if rng.random() < 0.5:
        return _gray(cv2.dilate(strokes, kernel))
    thin = cv2.erode(strokes, kernel)
    return _gray(thin) if thin.sum(dtype=np.int64) > strokes.sum(dtype=np.int64) / 3 else strokes


def _with_gap(strokes: Strokes, rng: Rng) -> Strokes:
    """A strip or spot without ink, as a removed ruled line or a failing pen leaves it."""
    gapped = strokes.copy()
    x, y = (int(v) for v in rng.integers(20, FIELD_PX - 20, 2))
    if rng.random() < 0.6:
        gapped[y : y + int(rng.integers(2, 4))] = 0
    else:
        cv2.circle(gapped, (x, y), int(rng.integers(2, 5)), 0, -1)
    return gapped


def _coarse(strokes: Strokes, rng: Rng) -> Strokes:
    """The same sign 10 to 24 pixels high."""
    factor = rng.uniform(10, 24) / SIDE_PX
    side = round(FIELD_PX * factor)
    return _gray(cv2.resize(strokes, (side, side), interpolation=cv2.INTER_AREA))


def _noisy(strokes: Strokes, rng: Rng) -> Strokes:
    """Uneven ink and faint paper texture or ghost ink, below the ink level of normalization."""
    ink = strokes * (1 - rng.uniform(0, 0.4) * rng.random(strokes.shape, np.float32))
    texture = rng.uniform(0, 28) * rng.random(strokes.shape, np.float32)
    return _gray(np.clip(np.maximum(ink, texture), 0, 255))
