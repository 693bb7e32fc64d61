"""How good proposed forms are: ``python -m bench.proposing [--pages N] [--only DEGRADATION]``.

From blank and from filled pages of five layouts forms are proposed, each with a reference picture.
They read filled pages: the one they were made of, and others. Of the printed fields that are filled
it is counted how many are found (half of the union overlaps) and read right, and what is no field.
"""

import argparse

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from bench.pages.degrade import DEGRADATIONS, Picture
from bench.pages.draw import DPI, FilledForm, fill
from bench.pages.layout import Layout, layouts
from bench.pages.measure import Tally, measure
from ocr.digits.versions import champion
from ocr.forms import Form, load_form
from ocr.forms.reference import carried
from ocr.propose import propose
from ocr.readers import Readers, load_readers
from ocr.upright import make_upright

_ROWS = ("of a filled page, itself", "of a filled page, others", "of a blank page", "by auto")


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=int, default=2, help="forms of each layout")
    parser.add_argument("--only", choices=DEGRADATIONS, default="scan", help="of all pages")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    readers, tallies = load_readers(champion()), {row: Tally() for row in _ROWS}
    for layout in layouts():
        for number in range(options.pages):
            _measure(tallies, layout, options.only, np.random.default_rng([11, number]), readers)
    table = Table(
        title=f"Proposed forms; {options.pages} of each of 5 layouts, {options.only}, seeded"
    )
    for heading in ("pages read by the form", "fields", "found", "right", "others a page"):
        table.add_column(heading)
    for row, tally in tallies.items():
        found, right = tally.found / tally.fields, tally.right / tally.written
        others = f"{tally.false / tally.pages:.1f}"
        table.add_row(row, str(tally.fields), f"{found:.1%}", f"{right:.1%}", others)
    Console(width=110).print(table)
    for row, tally in tallies.items():
        print(f"missed, {row}: {', '.join(tally.missed) or 'none'}")


def _measure(
    tallies: dict[str, Tally],
    layout: Layout,
    degradation: str,
    rng: np.random.Generator,
    readers: Readers,
) -> None:
    first, second = ((sheet := fill(layout, rng), _seen(sheet, degradation, rng)) for _ in range(2))
    blank = fill(Layout(layout.name, layout.printed, layout.blanks), rng, empty_share=1.0)
    of_filled = _proposed(first[1], layout.name, readers)
    of_blank = _proposed(_seen(blank, degradation, rng), layout.name, readers)
    read_by = (
        (first, of_filled),
        (second, of_filled),
        (second, of_blank),
        (second, load_form("auto")),
    )
    for row, (page, form) in zip(_ROWS, read_by, strict=True):
        measure(tallies[row], *page, form, readers)


def _seen(sheet: FilledForm, degradation: str, rng: np.random.Generator) -> Picture:
    return DEGRADATIONS[degradation](sheet.gray, rng)


def _proposed(picture: Picture, name: str, readers: Readers) -> Form:
    proposal = propose(make_upright(picture.gray), float(DPI), name, readers)
    if proposal is None:
        raise SystemExit(f"nothing is proposed of a page of {name}")
    return proposal.form.model_copy(update={"reference": carried(proposal.picture)})


if __name__ == "__main__":
    main()
