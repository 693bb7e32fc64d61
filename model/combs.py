"""Comb fields written by one hand: what the confidence of combs is fitted on."""

from dataclasses import dataclass

import cv2
import numpy as np

from model.augment import Augmentation, warp
from model.line.scan import on_paper
from model.material import Material
from model.strokes import scaled, tight
from ocr.arrays import Gray, Strokes
from ocr.geometry import Box

Rng = np.random.Generator

_CELLS = (2, 11)
_DIGIT_PX = (22, 60)  # height of a digit
_PITCH = (0.8, 1.5)  # of the digit's height
_CELL_HEIGHT = (1.05, 1.7)
_ASIDE = 0.1  # of the pitch: standard deviation of a digit's middle from its cell's
_MISPLACED_PX = 1.5  # standard deviation of where the reader believes the comb to be


@dataclass(frozen=True, slots=True, eq=False)
class WrittenComb:
    """A drawn comb.

    Attributes:
        gray: (H, W) as scanned.
        cells: Where the reader finds its cells, nearly right.
        digits: One per cell.
    """

    gray: Gray
    cells: tuple[Box, ...]
    digits: str


def write_comb(material: Material, how: Augmentation, rng: Rng) -> WrittenComb:
    """Write a filled comb of one writer's digits and scan it."""
    first = material.draw(rng)
    signs = [first, *material.draw_fellows(first, int(rng.integers(*_CELLS)) - 1, rng)]
    height = rng.uniform(*_DIGIT_PX)
    pitch, tall = height * rng.uniform(*_PITCH), height * rng.uniform(*_CELL_HEIGHT)
    left = top = 0.7 * height
    strokes = np.zeros((int(2 * top + tall), int(2 * left + len(signs) * pitch)), np.uint8)
    size, rise = rng.uniform(0.75, 1.05), rng.uniform(0.0, max(0.02, tall / height - 1.0))
    for place, sign in enumerate(signs):
        wanted = height * size * float(np.exp(rng.normal(0, 0.08)))
        glyph = tight(warp(material.crops[sign], how, rng))
        glyph = scaled(glyph, wanted / max(glyph.shape))
        middle = left + (place + 0.5 + rng.normal(0, _ASIDE)) * pitch
        bottom = top + tall - height * (rise + rng.normal(0, 0.05))
        _put(strokes, glyph, middle, bottom)
    edges = left + pitch * np.arange(len(signs) + 1)
    gray = on_paper(strokes, _printed(strokes.shape, edges, top, tall, rng), height, rng)
    off_x, off_y = rng.normal(0, _MISPLACED_PX, 2)
    cells = tuple(
        Box(round(x + off_x), round(top + off_y), round(pitch), round(tall)) for x in edges[:-1]
    )
    return WrittenComb(gray, cells, "".join(material.labels[k] for k in signs))


def _put(strokes: Strokes, glyph: Strokes, middle: float, bottom: float) -> None:
    """Draw a sign; what does not fit on the paper is cut off."""
    x, y = max(0, round(middle - glyph.shape[1] / 2)), max(0, round(bottom - glyph.shape[0]))
    place = strokes[y : y + glyph.shape[0], x : x + glyph.shape[1]]
    np.maximum(place, glyph[: place.shape[0], : place.shape[1]], out=place)


def _printed(
    size: tuple[int, ...], edges: np.ndarray, top: float, tall: float, rng: Rng
) -> np.ndarray:
    """Separators of full height or ticks, most often on a rule, sometimes closed to boxes."""
    printed = np.zeros(size, np.float32)
    level, pen = rng.uniform(0.15, 0.9), int(rng.integers(1, 3))
    upper, lower = round(top), round(top + tall)
    ticks = round(top + tall * (rng.uniform(0.4, 0.8) if rng.random() < 0.3 else 0.0))
    ends = round(edges[0]), round(edges[-1])
    for x in np.rint(edges).astype(int).tolist():
        cv2.line(printed, (x, ticks), (x, lower), level, pen, cv2.LINE_AA)
    if rng.random() < 0.85:
        cv2.line(printed, (ends[0], lower), (ends[1], lower), level, pen, cv2.LINE_AA)
    if ticks == upper and rng.random() < 0.7:
        cv2.line(printed, (ends[0], upper), (ends[1], upper), level, pen, cv2.LINE_AA)
    return printed
