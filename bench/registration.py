"""How many fields of degraded pages are placed: ``python -m bench.registration [--pages N]``.

Seeded pages of three layouts, each with its own lines as the only evidence, with registration
marks, and with a reference picture; and the same pages offered to the other layouts' forms. A field
is placed if its box and the true one overlap by half of their union or more.
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from bench.degraded_forms import MARKS, PAGE_MM, Degraded, degrade, draw, layouts
from ocr.find import Placement, find_fields, fit_form
from ocr.forms import Form
from ocr.forms.reference import carried
from ocr.geometry import Box
from ocr.register import reduce, register
from ocr.upright import make_upright

EVIDENCE = ("lines", "marks", "reference")


@dataclass
class Tally:
    """Counts of one line of the table."""

    fields: int = 0
    placed: int = 0
    wrong: int = 0  # given a place that is not theirs
    off_mm: list[float] = field(default_factory=list)
    by: dict[str, int] = field(default_factory=dict)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=int, default=60, help="of each line of the table")
    pages = parser.parse_args().pages
    cv2.setNumThreads(1)
    table = Table(title=f"Placed fields; {pages} pages a line, seeded")
    for heading in ("evidence", "pages", "fields", "placed", "misplaced", "median off", "by"):
        table.add_column(heading)
    for evidence in EVIDENCE:
        for photocopy in (False, True):
            tally = _measured(evidence, photocopy, pages)
            table.add_row(
                evidence,
                "photocopies" if photocopy else "scans",
                str(tally.fields),
                f"{tally.placed / tally.fields:.2%}",
                str(tally.wrong),
                f"{np.median(tally.off_mm):.2f} mm",
                ", ".join(f"{name} {count}" for name, count in tally.by.items()),
            )
    Console(width=120).print(table)
    print(_foreign(pages))


def form_with(form: Form, evidence: str) -> Form:
    """The form with marks or a reference picture."""
    if evidence == "marks":
        return form.model_copy(update={"marks": MARKS})
    if evidence == "reference":
        blank = draw(form, np.random.default_rng(0), fill=False)
        picture = carried(np.asarray(cv2.cvtColor(blank, cv2.COLOR_RGB2GRAY), np.uint8))
        return form.model_copy(update={"reference": picture})
    return form


def pages_of(
    form: Form, evidence: str, count: int, *, photocopy: bool, seed: int = 7
) -> Iterator[Degraded]:
    """Seeded degraded pages of a form."""
    for number in range(count):
        rng = np.random.default_rng([seed, number, photocopy])
        sheet = draw(form, rng, MARKS if evidence == "marks" else ())
        yield degrade(sheet, rng, photocopy=photocopy)


def overlap(one: Box, other: Box) -> float:
    """Area of the common part over that of both together."""
    wide = min(one.right, other.right) - max(one.x, other.x)
    tall = min(one.bottom, other.bottom) - max(one.y, other.y)
    common = max(0, wide) * max(0, tall)
    return common / (one.width * one.height + other.width * other.height - common)


def true_box(page: Degraded, box_mm: tuple[float, float, float, float]) -> Box:
    """The box around a field on the page as scanned."""
    left, top, width, height = box_mm
    corners = [(x, y, 1.0) for x in (left, left + width) for y in (top, top + height)]
    px = np.array(corners) @ page.to_px.T
    low, high = px.min(axis=0), px.max(axis=0)
    return Box(*(round(float(v)) for v in (*low, *(high - low))))


def _measured(evidence: str, photocopy: bool, pages: int) -> Tally:
    tally = Tally()
    for form in layouts():
        with_evidence = form_with(form, evidence)
        for page in pages_of(form, evidence, pages // 3, photocopy=photocopy):
            _score(page, with_evidence, tally)
    return tally


def _score(page: Degraded, form: Form, tally: Tally) -> None:
    upright = make_upright(page.gray)
    found = register(reduce(upright), form)
    by = found.by if found else "none"
    tally.by[by] = tally.by.get(by, 0) + 1
    for each, place in zip(form.fields, find_fields(fit_form(upright, form)), strict=True):
        tally.fields += 1
        if not isinstance(place, Placement) or each.box_mm is None:
            continue
        truth = true_box(page, each.box_mm)
        box = upright.to_scan(place.box)
        tally.placed += overlap(box, truth) >= 0.5
        tally.wrong += overlap(box, truth) < 0.5
        tally.off_mm.append(_off_mm(box, truth, page.to_px))


def _off_mm(box: Box, truth: Box, to_px: NDArray[np.float64]) -> float:
    """Distance of the middles."""
    across = box.x + box.width / 2 - truth.x - truth.width / 2
    down = box.y + box.height / 2 - truth.y - truth.height / 2
    return float(np.hypot(across, down) / np.sqrt(abs(np.linalg.det(to_px[:, :2]))))


def _foreign(pages: int) -> str:
    """How many pages of other layouts a form takes for its own."""
    taken = offered = 0
    for form in layouts():
        for page in pages_of(form, "lines", pages // 3, photocopy=False):
            upright = make_upright(page.gray)
            for other in layouts():
                for evidence in ("lines", "reference") if other.name != form.name else ():
                    found = register(reduce(upright), form_with(other, evidence))
                    offered, taken = offered + 1, taken + (found is not None)
    return f"pages of other layouts taken for a form's own: {taken} of {offered}"


if __name__ == "__main__":
    start = time.perf_counter()
    main()
    print(f"page {PAGE_MM}, {time.perf_counter() - start:.0f} s")
