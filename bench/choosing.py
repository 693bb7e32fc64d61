"""Which of several forms a page gets: ``python -m bench.choosing [--pages N] [--photocopy]``.

Seeded degraded pages of eight layouts, each offered all eight forms (is the right one chosen?) and
the seven others (does it say that none fits?). To go by there are the forms' lines, or a reference
picture of each. One layout has dotted and ruled lines alone, which tell no form.
"""

import argparse
import time
from collections.abc import Iterator

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from bench.degraded_forms import degrade, draw, layouts
from bench.pages.degrade import photocopy, scan
from bench.pages.draw import fill
from bench.pages.layout import Layout
from bench.pages.layout import layouts as drawn_layouts
from bench.pages.measure import form_of
from bench.registration import form_with
from ocr.arrays import Gray
from ocr.find import best_fitting
from ocr.forms import Form
from ocr.forms.reference import carried
from ocr.upright import make_upright


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=int, default=5, help="of each layout")
    parser.add_argument("--photocopy", action="store_true", help="photocopies instead of scans")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    table = Table(title=f"The form chosen; {options.pages} pages of each of 8 layouts, seeded")
    for heading in ("evidence", "pages", "right", "none", "other's", "own left out: none", "ms"):
        table.add_column(heading)
    for evidence in ("lines", "reference"):
        table.add_row(evidence, *_figures(evidence, options.pages, options.photocopy))
    Console(width=110).print(table)


def _figures(evidence: str, pages: int, copied: bool) -> tuple[str, ...]:
    forms = _forms(evidence)
    right = none = refused = total = 0
    spent_s = 0.0
    for name, gray in _pages(pages, copied):
        page = make_upright(gray)
        begun = time.process_time()
        found = best_fitting(page, forms)
        spent_s += time.process_time() - begun
        without = best_fitting(page, [form for form in forms if form.name != name])
        total += 1
        right += found is not None and found.form.name == name
        none += found is None
        refused += without is None
    counts = (total, right, none, total - right - none, refused)
    return (*map(str, counts), f"{1000 * spent_s / total:.0f}")


def _forms(evidence: str) -> list[Form]:
    forms = [form_with(form, evidence) for form in layouts()]
    for layout in drawn_layouts():
        form = form_of(layout)
        if evidence == "reference":
            empty = Layout(layout.name, layout.printed, layout.blanks)
            blank = fill(empty, np.random.default_rng(0), empty_share=1.0).gray
            form = form.model_copy(update={"reference": carried(blank)})
        forms.append(form)
    return forms


def _pages(pages: int, copied: bool) -> Iterator[tuple[str, Gray]]:
    for number in range(pages):
        for form in layouts():
            rng = np.random.default_rng([3, number])
            yield form.name, degrade(draw(form, rng), rng, photocopy=copied).gray
        for layout in drawn_layouts():
            rng = np.random.default_rng([4, number])
            filled = fill(layout, rng).gray
            yield layout.name, (photocopy if copied else scan)(filled, rng).gray


if __name__ == "__main__":
    main()
