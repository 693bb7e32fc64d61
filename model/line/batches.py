"""Batches of written lines. Without Keras, for the processes that make them need none."""

from collections.abc import Sequence

import numpy as np

from model.config import LineConfig
from model.line.text import compose, fits
from model.line.writing import write
from model.material import Material
from ocr.arrays import Strokes
from ocr.line.labels import LABELS
from ocr.line.view import HEIGHT_PX, line_view

TOGETHER = 4  # batches drawn together and sorted by width, so that little is padding
# A compiled step is planned for one shape: few widths and lengths, few plans.
_WIDTHS_PX = (64, 128, 192, 256, 384, 512, 768)
_LENGTHS = 16  # texts are padded to multiples of it
_NUMBER = {label: number for number, label in enumerate(LABELS)}

LineBatch = tuple[np.ndarray, np.ndarray]  # pictures uint8 (B, 32, W, 1), label numbers (B, L)


def make_line_batches(material: Material, config: LineConfig, group: int) -> list[LineBatch]:
    """Make some batches of lines; the same seed and number give the same ones on any process."""
    rng = np.random.default_rng((config.seed, group))
    lines = draw_lines(material, config.batch_size * TOGETHER, rng)
    batches = by_width(lines, config.batch_size)
    return [batches[int(k)] for k in rng.permutation(len(batches))]


def by_width(lines: Sequence[tuple[Strokes, str]], batch_size: int) -> list[LineBatch]:
    """Batches of lines of like width, so that little is padding."""
    ordered = sorted(lines, key=lambda line: line[0].shape[1])
    starts = range(0, len(ordered), batch_size)
    return [as_batch(ordered[start : start + batch_size]) for start in starts]


def draw_lines(
    material: Material, count: int, rng: np.random.Generator
) -> list[tuple[Strokes, str]]:
    """Write lines and view them as the reader does; a text too long for its picture is left out."""
    lines: list[tuple[Strokes, str]] = []
    while len(lines) < count:
        line = write(compose(material, rng), rng)
        view = line_view(line.gray, line.ink)
        if fits(line.text, view):
            lines.append((view, line.text))
    return lines


def as_batch(lines: Sequence[tuple[Strokes, str]]) -> LineBatch:
    """Pad lines to one width, and their texts to one length."""
    widest = max(view.shape[1] for view, _ in lines)
    width = next(px for px in _WIDTHS_PX if px >= widest)
    longest = max(len(text) for _, text in lines)
    pictures = np.zeros((len(lines), HEIGHT_PX, width, 1), np.uint8)
    texts = np.full((len(lines), -(-longest // _LENGTHS) * _LENGTHS), -1, np.int32)
    for row, (view, text) in enumerate(lines):
        pictures[row, :, : view.shape[1], 0] = view
        texts[row, : len(text)] = [_NUMBER[label] for label in text]
    return pictures, texts


def make_line_validation(material: Material, config: LineConfig) -> list[LineBatch]:
    """Fixed lines of held-out writers."""
    rng = np.random.default_rng(config.seed)
    return by_width(draw_lines(material, config.validation_lines, rng), config.batch_size)
