"""Before and after: what two versions read of the same fields, lines and digits."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.aligning import in_batches, segmented
from model.config import AdaptConfig
from model.dataset import DataSet
from model.evaluating import evaluate
from model.intervals import Rate, rate
from model.labelled import LabelledField
from model.line.batches import LineBatch, by_width, draw_lines
from model.line.task import greedy_numbers
from model.material import Material
from ocr.digits.versions import LINE_FILE, ModelVersion
from ocr.forms import FormField
from ocr.line.labels import DIGITS
from ocr.network import Network
from ocr.readers import Readers, load_readers
from ocr.recognize import choose
from ocr.values import only_digits

_FIELD = FormField(name="digits", type="digits")


@dataclass(frozen=True, slots=True)
class Figures:
    """What one version reads.

    Attributes:
        fields: Held-out new fields read entirely right, by both readers fused.
        lines: Written lines of held-out writers whose digits the line network reads right.
        digits: Signs of the standing test part read right; None without one.
    """

    fields: Rate
    lines: Rate
    digits: Rate | None


def measure(
    version: ModelVersion,
    fields: Sequence[LabelledField],
    lines: Sequence[LineBatch],
    test: DataSet | None,
) -> Figures:
    """Measure a version.

    Args:
        version: What reads.
        fields: Labelled fields.
        lines: Written lines.
        test: The standing test part.
    """
    return Figures(
        fields=exact_fields(load_readers(version), fields),
        lines=_exact_lines(version, lines),
        digits=evaluate(version, test).accuracy if test else None,
    )


def standing_lines(held: Material, config: AdaptConfig) -> list[LineBatch]:
    """Written lines of held-out writers, others than those that choose the best epoch."""
    rng = np.random.default_rng(config.seed + 1)
    return by_width(draw_lines(held, config.standing_lines, rng), config.batch_size)


def exact_fields(readers: Readers, fields: Sequence[LabelledField]) -> Rate:
    """Share of fields whose digits are all read right, as in reading."""
    right = 0
    for part in in_batches(fields):
        inks = [segmented(field.gray) for field in part]
        for field, ink, said in zip(part, inks, readers.ask(inks), strict=True):
            choice = choose(ink, said, _FIELD)
            right += choice is not None and only_digits(choice.value.text) == field.digits
    return rate(right, len(fields))


def _exact_lines(version: ModelVersion, batches: Sequence[LineBatch]) -> Rate:
    network = Network(version.path / LINE_FILE)
    right: list[bool] = []
    for pictures, texts in batches:
        read = greedy_numbers(network(pictures.astype(np.float32)))
        for numbers, said in zip(read, texts.tolist(), strict=True):
            right.append([n for n in numbers if n < DIGITS] == [n for n in said if 0 <= n < DIGITS])
    return rate(sum(right), len(right))
