"""Training the line network on real, labelled lines beside written ones.

CTC needs no alignment: the text of a field is enough. Half of each batch is written as ever, so
that what the network knows is not forgotten (rehearsal, Robins 1995).
"""

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Any

import keras
import numpy as np
from keras import ops

from model.config import AdaptConfig, config_table
from model.line.batches import TOGETHER, LineBatch, as_batch, draw_lines
from model.line.network import ctc_loss, make_line_network
from model.line.real import RealLine, varied_view
from model.line.task import LINE_WEIGHTS_FILE, greedy_numbers, stream
from model.material import Material
from model.network import compiled_steps, make_optimizer
from ocr.arrays import Strokes
from ocr.line.labels import BLANK, DIGITS
from ocr.line.view import line_view

Rng = np.random.Generator

_FREE = -2  # behind a text's end, in place of -1: its marks are not known


@dataclass(frozen=True, slots=True, eq=False)
class AdaptTask:
    """Training a line network on (`model.training.Task`).

    Attributes:
        signs: What lines are written with.
        lines: Real lines to learn.
        validation: Real lines that are not learned, and written ones of held-out writers.
        config: Settings; `start_from` is the base.
    """

    signs: Material
    lines: Sequence[RealLine]
    validation: tuple[list[LineBatch], list[LineBatch]]
    config: AdaptConfig
    weights_file: str = LINE_WEIGHTS_FILE

    def identity(self) -> dict[str, Any]:
        """Settings and hashes of what is learned."""
        lines = hashlib.sha256()
        for line in self.lines:
            lines.update(line.text.encode() + line.gray.tobytes())
        return {
            "adapt": config_table(self.config),
            "labels_sha256": self.signs.labels_sha256,
            "lines_sha256": lines.hexdigest(),
        }

    def network(self) -> keras.Model:
        """A new network, compiled."""
        network = make_line_network(self.config.dropout)
        network.compile(make_optimizer(self.config), mixed_ctc_loss, jit_compile=compiled_steps())
        return network

    def batches(self, first: int, past: int) -> AbstractContextManager[Iterable[LineBatch]]:
        """Pictures and texts."""
        return stream(partial(mixed_batches, self.signs, self.lines, self.config), first, past)

    def measure(self, network: keras.Model) -> tuple[float, float]:
        """Mean loss of real and of written lines, and the share of real ones read right."""
        losses, right = zip(*(_measured(network, part) for part in self.validation), strict=True)
        return float(np.mean(losses)), right[0]


def mixed_batches(
    material: Material, lines: Sequence[RealLine], config: AdaptConfig, group: int
) -> list[LineBatch]:
    """Make some batches of real and written lines; the same seed and number give the same.

    Each batch has its share of both, for batch normalization must not see them apart.
    """
    rng = np.random.default_rng((config.seed, group))
    real = round(config.real_share * config.batch_size)
    chosen = rng.integers(len(lines), size=real * TOGETHER)
    seen = [(varied_view(lines[int(k)], rng), target(lines[int(k)])) for k in chosen]
    written = [
        (view, (text, -1))
        for view, text in draw_lines(material, (config.batch_size - real) * TOGETHER, rng)
    ]
    parts = [sorted(part, key=lambda line: line[0].shape[1]) for part in (seen, written)]
    order = rng.permutation(TOGETHER)
    return [target_batch([line for part in parts for line in _quarter(part, k)]) for k in order]


Target = tuple[str, int]  # a text, and what stands behind its end: -1, or -2 if marks are unknown


def target(line: RealLine) -> Target:
    """What the network shall read of a real line."""
    return line.text, -1 if line.marks_known else _FREE


def target_batch(lines: Sequence[tuple[Strokes, Target]]) -> LineBatch:
    """As `as_batch`, with a column more, so that each text has an end."""
    pictures, texts = as_batch([(view, text) for view, (text, _) in lines])
    texts = np.pad(texts, ((0, 0), (0, 1)), constant_values=-1)
    for row, (_, (text, end)) in zip(texts, lines, strict=True):
        row[len(text) :] = end
    return pictures, texts


def _quarter(lines: list[tuple[Strokes, Target]], k: int) -> list[tuple[Strokes, Target]]:
    size = len(lines) // TOGETHER
    return lines[k * size : (k + 1) * size]


def plain_batches(lines: Sequence[RealLine], batch_size: int) -> list[LineBatch]:
    """Real lines as they are, for validation."""
    seen = [(line_view(line.gray, line.ink), target(line)) for line in lines]
    seen.sort(key=lambda line: line[0].shape[1])
    starts = range(0, len(seen), batch_size)
    return [target_batch(seen[start : start + batch_size]) for start in starts]


@keras.saving.register_keras_serializable(package="formdigits")  # type: ignore[untyped-decorator]
def mixed_ctc_loss(texts: keras.KerasTensor, logits: keras.KerasTensor) -> keras.KerasTensor:
    """CTC, per line; where a text's marks are unknown, they are one with the blank.

    So the network is neither taught nor punished for a mark that a label leaves out, and learns
    just what the reader asks of it (`ocr.line.ctc.digit_steps`).

    Args:
        texts: (N, L) numbers of the labels; behind a text's end -1, or -2 where its marks are
            unknown.
        logits: (N, T, labels + blank).
    """
    rest = ops.logsumexp(logits[..., DIGITS:], axis=-1, keepdims=True)
    # Minus infinity takes the marks out: the blank's column holds what they and it have together.
    nothing = ops.full_like(logits[..., DIGITS:BLANK], -1e9)
    merged = ops.concatenate([logits[..., :DIGITS], nothing, rest], axis=-1)
    free = ops.equal(texts[:, -1], _FREE)
    return ctc_loss(texts, ops.where(free[:, None, None], merged, logits))


def _measured(network: keras.Model, batches: list[LineBatch]) -> tuple[float, float]:
    """Mean loss, and the share of lines whose digits are read right."""
    losses: list[np.ndarray] = []
    right: list[bool] = []
    for pictures, texts in batches:
        logits = network.predict_on_batch(pictures)
        losses.append(np.asarray(mixed_ctc_loss(texts, logits)))
        for read, said in zip(greedy_numbers(logits), texts.tolist(), strict=True):
            right.append([n for n in read if n < DIGITS] == [n for n in said if 0 <= n < DIGITS])
    return float(np.concatenate(losses).mean()), float(np.mean(right))
