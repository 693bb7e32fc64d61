"""The line network's training: what it learns from and how it is validated."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from model.batches import BatchMakers
from model.config import LineConfig, config_table
from model.line.network import compile_line_network, ctc_loss, make_line_network
from model.line.text import compose, fits
from model.line.writing import write
from model.material import Material
from ocr.arrays import Strokes
from ocr.line.labels import BLANK, LABELS
from ocr.line.view import HEIGHT_PX, line_view

LINE_WEIGHTS_FILE = "lines.keras"
TOGETHER = 4  # batches drawn together and sorted by width, so that little is padding
_PAD_TO_PX = 32  # widths are multiples of it: TensorFlow plans each width anew
_NUMBER = {label: number for number, label in enumerate(LABELS)}

LineBatch = tuple[np.ndarray, np.ndarray]  # pictures (B, 32, W, 1), label numbers (B, L)


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
    width = -(-widest // _PAD_TO_PX) * _PAD_TO_PX
    pictures = np.zeros((len(lines), HEIGHT_PX, width, 1), np.float32)
    texts = np.full((len(lines), max(len(text) for _, text in lines)), -1, np.int32)
    for row, (view, text) in enumerate(lines):
        pictures[row, :, : view.shape[1], 0] = view
        texts[row, : len(text)] = [_NUMBER[label] for label in text]
    return pictures, texts


@dataclass(frozen=True, slots=True, eq=False)
class LineTask:
    """Training the line network (`model.training.Task`)."""

    signs: Material
    validation: Sequence[LineBatch]
    config: LineConfig
    weights_file: str = LINE_WEIGHTS_FILE

    def identity(self) -> dict[str, Any]:
        """Settings and a hash of the labels."""
        return {
            "lines": config_table(self.config),
            "labels_sha256": self.signs.labels_sha256,
        }

    def network(self) -> keras.Model:
        """A new network, compiled."""
        network = make_line_network(self.config.dropout)
        compile_line_network(network, self.config)
        return network

    def batches(self, first: int, past: int) -> AbstractContextManager[tf.data.Dataset]:
        """Pictures and texts."""
        return stream(partial(make_line_batches, self.signs, self.config), first, past)

    def measure(self, network: keras.Model) -> tuple[float, float]:
        """CTC loss, and the share of lines read right, signs and digits alike."""
        losses: list[np.ndarray] = []
        right: list[bool] = []
        for pictures, texts in self.validation:
            logits = network.predict_on_batch(pictures)
            losses.append(np.asarray(ctc_loss(texts, logits)))
            read = greedy_numbers(logits)
            right += [
                a == [n for n in b if n >= 0] for a, b in zip(read, texts.tolist(), strict=True)
            ]
        return float(np.concatenate(losses).mean()), float(np.mean(right))


@contextmanager
def stream(
    make: Callable[[int], list[LineBatch]], first: int, past: int
) -> Iterator[tf.data.Dataset]:
    """The batches of those steps, made by a helper process.

    Args:
        make: Makes `TOGETHER` batches by the number of their group.
        first: First step.
        past: Step past the last.
    """
    shapes = tf.TensorSpec((None, HEIGHT_PX, None, 1)), tf.TensorSpec((None, None), tf.int32)
    with BatchMakers(make) as makers:

        def steps() -> Iterator[LineBatch]:
            groups = makers.batches(first // TOGETHER, -(-past // TOGETHER))
            made = (batch for group in groups for batch in group)
            for step, batch in enumerate(made, start=first - first % TOGETHER):
                if first <= step < past:
                    yield batch

        yield tf.data.Dataset.from_generator(steps, output_signature=shapes)


def make_line_validation(material: Material, config: LineConfig) -> list[LineBatch]:
    """Fixed lines of held-out writers."""
    rng = np.random.default_rng(config.seed)
    return by_width(draw_lines(material, config.validation_lines, rng), config.batch_size)


def greedy_numbers(logits: np.ndarray) -> list[list[int]]:
    """The best label of each time step, repeats and blanks taken out."""
    best = logits.argmax(axis=2)
    return [
        [int(n) for k, n in enumerate(row) if n != BLANK and (k == 0 or n != row[k - 1])]
        for row in best
    ]
