"""The line network's training: what it learns from and how it is validated."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import keras
import numpy as np

from model.batches import BatchMakers
from model.config import LineConfig, config_table
from model.line.batches import TOGETHER, LineBatch, make_line_batches
from model.line.network import compile_line_network, ctc_loss, make_line_network
from model.material import Material
from ocr.line.labels import BLANK
from ocr.line.view import HEIGHT_PX

LINE_WEIGHTS_FILE = "lines.keras"


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

    def batches(self, first: int, past: int) -> AbstractContextManager[Iterable[LineBatch]]:
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
) -> Iterator[Iterable[LineBatch]]:
    """The batches of those steps, made by helper processes.

    Args:
        make: Makes `TOGETHER` batches by the number of their group.
        first: First step.
        past: Step past the last.
    """
    with BatchMakers(make) as makers:

        def steps() -> Iterator[LineBatch]:
            groups = makers.batches(first // TOGETHER, -(-past // TOGETHER))
            made = (batch for group in groups for batch in group)
            for step, batch in enumerate(made, start=first - first % TOGETHER):
                if first <= step < past:
                    yield batch

        yield _of_any_width(steps) if keras.backend.backend() == "tensorflow" else steps()


def _of_any_width(steps: Callable[[], Iterator[LineBatch]]) -> Iterable[LineBatch]:
    """As a `tf.data` set: from a generator Keras takes TensorFlow batches of one width only."""
    import tensorflow as tf  # noqa: PLC0415  other backends need none

    shapes = (
        tf.TensorSpec((None, HEIGHT_PX, None, 1), tf.uint8),
        tf.TensorSpec((None, None), tf.int32),
    )
    batches: Iterable[LineBatch] = tf.data.Dataset.from_generator(steps, output_signature=shapes)
    return batches


def greedy_numbers(logits: np.ndarray) -> list[list[int]]:
    """The best label of each time step, repeats and blanks taken out."""
    best = logits.argmax(axis=2)
    return [
        [int(n) for k, n in enumerate(row) if n != BLANK and (k == 0 or n != row[k - 1])]
        for row in best
    ]
