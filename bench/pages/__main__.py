"""Fields found and read on filled forms: ``python -m bench.pages [--pages N]``."""

import argparse
from collections import Counter

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from bench.pages.degrade import DEGRADATIONS
from bench.pages.draw import fill
from bench.pages.layout import layouts
from bench.pages.measure import Tally, form_of, measure
from ocr.digits.versions import champion
from ocr.forms import load_form
from ocr.readers import load_readers


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=int, default=20, help="filled copies of each layout")
    parser.add_argument("--only", choices=list(DEGRADATIONS), help="one degradation")
    parser.add_argument("--seed", type=int, default=0, help="another draws other pages")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    table = Table(title=f"{options.pages} copies of each of 5 layouts; found: overlap of 0.5")
    for heading in ("degradation", "by", "pages", "fields", "found", "read right", "false a page"):
        table.add_column(heading)
    missed: Counter[str] = Counter()
    for name in [options.only] if options.only else DEGRADATIONS:
        for by, tally in _tallies(name, options.pages, options.seed).items():
            table.add_row(name, by, *_figures(tally))
            missed.update(f"{name} {by} {each}" for each in tally.missed)
    Console(width=110).print(table)
    for each, times in missed.most_common(20):
        print(f"missed {times}: {each}")


def _tallies(degradation: str, pages: int, seed: int) -> dict[str, Tally]:
    """Counts with the layout's own form and without any."""
    readers, auto = load_readers(champion()), load_form("auto")
    tallies = {"form": Tally(), "auto": Tally()}
    for layout_number, layout in enumerate(layouts()):
        form = form_of(layout)
        for page in range(pages):
            rng = np.random.default_rng((seed, layout_number, page))
            filled = fill(layout, rng)
            picture = DEGRADATIONS[degradation](filled.gray, rng)
            measure(tallies["form"], filled, picture, form, readers)
            measure(tallies["auto"], filled, picture, auto, readers)
    return tallies


def _figures(tally: Tally) -> tuple[str, ...]:
    return (
        str(tally.pages),
        str(tally.fields),
        f"{tally.found / max(1, tally.fields):.2%}",
        f"{tally.right / max(1, tally.written):.2%}",
        f"{tally.false / max(1, tally.pages):.2f}",
    )


if __name__ == "__main__":
    main()
