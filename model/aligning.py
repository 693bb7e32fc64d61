"""Aligning a labelled field: which ink of its lattice is which digit of its label.

The reader's own steps cut the field; among all paths through its lattice that give exactly the
labelled digits, the most probable one tells where each digit is. A field where that is doubtful
is set aside whole: one wrong crop costs more than ten right ones give.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.labelled import LabelledField
from ocr.arrays import Gray, Probabilities, Strokes
from ocr.decode import Part, spell
from ocr.find import Placement
from ocr.geometry import Box
from ocr.lattice import Candidate, Lattice
from ocr.prepare import FieldInk, prepare
from ocr.readers import Readers
from ocr.values import only_digits

_LEAST = 0.3  # probability of a digit on its class; below it the cut or the label is in doubt
_TALL = 0.7  # of the digit height: taller ink that no digit explains may be a digit
_FIELDS_TOGETHER = 20  # asked in one batch of the network


@dataclass(frozen=True, slots=True, eq=False)
class AlignedField:
    """A labelled field with the crops of its digits.

    Attributes:
        field: The field.
        written: Where it has writing, as the line reader is told; None without ink.
        crops: Strokes of each digit, in the label's order; empty if doubtful.
        doubt: Why it is set aside, empty if it is not: `no_ink`; `no_path` through the lattice;
            an `unlikely_digit`; `leftover_ink` that may be a digit; a `missing_mark` of the label,
            which hangs on a digit's crop then.
    """

    field: LabelledField
    written: Box | None = None
    crops: tuple[Strokes, ...] = ()
    doubt: str = ""


def segmented(gray: Gray) -> FieldInk:
    """Prepare a field image as the reader does a crop that is one field."""
    return prepare(gray, Placement(Box(0, 0, gray.shape[1], gray.shape[0])))


def align_fields(fields: Sequence[LabelledField], readers: Readers) -> Iterator[AlignedField]:
    """Segment and align fields, batch by batch, by what the digit network says of them."""
    lattice_only = replace(readers, read_line=None)
    for part in in_batches(fields):
        inks = [segmented(field.gray) for field in part]
        said = lattice_only.ask(inks)
        for field, ink, heard in zip(part, inks, said, strict=True):
            crops, doubt = align(ink.lattice, heard.probabilities, heard.labels, field.text)
            yield AlignedField(field, ink.written, crops, doubt)


def in_batches(fields: Sequence[LabelledField]) -> Iterator[Sequence[LabelledField]]:
    """Fields to ask the digit network about at once; their lattices must not fill the memory."""
    for start in range(0, len(fields), _FIELDS_TOGETHER):
        yield fields[start : start + _FIELDS_TOGETHER]


def align(
    lattice: Lattice, probabilities: Probabilities, labels: tuple[str, ...], text: str
) -> tuple[tuple[Strokes, ...], str]:
    """Align one field.

    Args:
        lattice: Its candidates.
        probabilities: (candidates, classes) of the candidates.
        labels: The classes.
        text: What it says, digits and marks.

    Returns:
        Strokes of each digit, from left to right, or none and the doubt.
    """
    if not lattice.atoms:
        return (), "no_ink"
    path = spell(lattice, probabilities, labels, only_digits(text))
    if path is None:
        return (), "no_path"
    digits = [(candidate, part) for candidate, part in path if part.is_digit]
    places = [lattice.candidates.index(candidate) for candidate, _ in digits]
    classes = [labels.index(part.text) for _, part in digits]
    if float(np.min(probabilities[places, classes])) < _LEAST:
        return (), "unlikely_digit"
    if _has_leftovers(path, lattice.digit_height_px, text):
        return (), "leftover_ink"
    if len(path) < len(text):
        return (), "missing_mark"
    return tuple(lattice.strokes_of(candidate) for candidate, _ in digits), ""


def _has_leftovers(path: list[tuple[Candidate, Part]], digit_px: float, text: str) -> bool:
    """Whether more tall pieces are no digits than the label has slashes."""
    tall = sum(not part.is_digit and part.box.height > _TALL * digit_px for _, part in path)
    return tall > text.count("/")
