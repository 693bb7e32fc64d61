"""What must not be read: ``python -m bench.hard_crops [--each N] [--pictures FOLDER]``.

Of the kinds that no number may be taken from, at most 1 % may be accepted. Well-written digits
in light on dark, 15 pixels high or in a crop 4000 pixels wide may be read, and accepted if right.
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from bench.hard_drawing import MAY_BE_READ, NEVER_READ, HardCrop
from ocr.digits.versions import champion
from ocr.forms import load_form
from ocr.read import read_fields
from ocr.readers import load_readers
from ocr.reading import FieldReading, Status

SEED = 20
_FORMS = ("digits", "amount")  # in turn


@dataclass(frozen=True, eq=False, slots=True)
class Answer:
    """A crop and what was read of it."""

    kind: str
    crop: HardCrop
    field: FieldReading

    @property
    def right(self) -> bool:
        """Whether its digits were read."""
        return self.crop.digits is not None and self.field.value.lstrip("0") == (
            self.crop.digits.lstrip("0")
        )


def main() -> None:
    """Draw, read and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--each", type=int, default=100, help="crops of each kind")
    parser.add_argument("--seed", type=int, default=SEED, help="another draws other crops")
    parser.add_argument("--pictures", type=Path, help="write the crops into this folder")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    answers = list(read_hard_crops(options.each, options.seed))
    if options.pictures:
        _write(answers, options.pictures)
    _print(answers)


def read_hard_crops(each: int, seed: int = SEED) -> Iterator[Answer]:
    """Draw and read so many crops of each kind."""
    readers = load_readers(champion())
    forms = [load_form(name) for name in _FORMS]
    for kind, draw in (NEVER_READ | MAY_BE_READ).items():
        for number in range(each):
            crop = draw(np.random.default_rng([seed, number, *kind.encode()]))
            (field,), _ = read_fields(crop.gray, forms[number % len(forms)], readers)
            yield Answer(kind, crop, field)


def _write(answers: list[Answer], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, answer in enumerate(answers):
        field = answer.field
        name = f"{answer.kind}-{number:04}-{field.status}-{field.raw.replace('/', '_')}.png"
        cv2.imwrite(str(folder / name), answer.crop.gray)


def _print(answers: list[Answer]) -> None:
    table = Table(title="Crops that must not be read, and some that may")
    for heading in ("kind", "n", "accepted", "wrong of these", "review", "blank", "reasons"):
        table.add_column(heading, justify="left" if heading in {"kind", "reasons"} else "right")
    for kind in NEVER_READ | MAY_BE_READ:
        own = [answer for answer in answers if answer.kind == kind]
        accepted = _accepted(own)
        counts = Counter(str(answer.field.status) for answer in own)
        reasons = Counter(word for answer in own for word in answer.field.reason.split())
        told = ", ".join(f"{word} {count}" for word, count in reasons.most_common(4))
        wrong = sum(not answer.right for answer in accepted)
        row = (kind, len(own), len(accepted), wrong, counts["review"], counts["blank"], told)
        table.add_row(*map(str, row))
    Console(width=140).print(table)
    never = [answer for answer in answers if answer.kind in NEVER_READ]
    share = len(_accepted(never)) / len(never)
    print(f"must not be read: {len(_accepted(never))} of {len(never)} accepted ({share:.2%})")


def _accepted(answers: list[Answer]) -> list[Answer]:
    return [answer for answer in answers if answer.field.status is Status.ACCEPTED]


if __name__ == "__main__":
    main()
