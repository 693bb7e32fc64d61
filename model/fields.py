"""The new fields of an adaptation: read, parted, aligned, and their digits added to a data set."""

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from model.adding import add_digits
from model.aligning import AlignedField, align_fields
from model.card import Card
from model.config import AdaptConfig
from model.dataset import is_held_out
from model.labelled import LabelledField, read_labelled
from ocr.errors import DataError
from ocr.readers import Readers

SET_ASIDE_FILE = "set-aside.csv"  # in the folder of the run
_HELD_OUT = "held_out"


@dataclass(frozen=True, slots=True, eq=False)
class NewFields:
    """Labelled fields by what they are for; those held out are not even aligned.

    Attributes:
        learned: To train on.
        checked: To choose the best epoch by, and to calibrate.
        held_out: To measure on; nothing is ever learned from them.
    """

    learned: list[AlignedField]
    checked: list[AlignedField]
    held_out: list[LabelledField]


def read_new_fields(images: Path, labels: Path, readers: Readers, config: AdaptConfig) -> NewFields:
    """Read labelled fields, part them by a stable hash of their documents, and align them.

    Raises:
        DataError: The fields cannot be used, or are of too few documents to part.
    """
    held_out: list[LabelledField] = []
    rest: list[LabelledField] = []
    for field in read_labelled(images, labels, config.fewest_fields):
        held = is_held_out(field.document, config.held_out_share)
        (held_out if held else rest).append(field)
    learned: list[AlignedField] = []
    checked: list[AlignedField] = []
    for aligned in align_fields(rest, readers):
        name = f"checked/{aligned.field.document}"  # another hash than that of the held-out ones
        (checked if is_held_out(name, config.checked_share) else learned).append(aligned)
    if not (learned and checked and held_out):
        raise DataError(
            f"the documents of {labels} are too few to hold {config.held_out_share:.0%} out and "
            f"to check with {config.checked_share:.0%} of the rest; label fields of more documents"
        )
    return NewFields(learned, checked, held_out)


def add_new_fields(data: Path, source: str, fields: NewFields) -> Card:
    """Add the digits of confident alignments to `train` of a data set; see `add_digits`.

    Returns:
        What the card counts: fields by use, digits added, fields set aside by reason.
    """
    aligned = [*fields.learned, *fields.checked]
    kept_out = [AlignedField(field, doubt=_HELD_OUT) for field in fields.held_out]
    added = add_digits(data, source, [*aligned, *kept_out])
    return {
        "learned": len(fields.learned),
        "checked": len(fields.checked),
        _HELD_OUT: len(fields.held_out),
        "aligned": sum(not each.doubt for each in aligned),
        "set_aside": dict(sorted(Counter(e.doubt for e in aligned if e.doubt).items())),
        "digits_added": added,
    }


def list_set_aside(path: Path, fields: NewFields) -> None:
    """Write the fields whose alignment is doubtful, with the reason, as CSV."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("file", "value", "reason"))
        doubtful = (each for each in [*fields.learned, *fields.checked] if each.doubt)
        writer.writerows((each.field.file, each.field.text, each.doubt) for each in doubtful)
