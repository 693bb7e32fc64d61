"""Finding and reading on checks of many layouts: ``python -m bench.checks [--n N] [--held-out]``.

Checks are drawn from `samples.drawing.check_layouts` and `later_layouts`, seeded; those held out
are from `held_out_layouts`. The real ones are read where the shared data set is.
"""

import argparse
import csv
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

import ocr
from bench.evaluation import DATA
from ocr.find import find_fields, fit_form
from ocr.forms import load_form
from ocr.geometry import Box
from ocr.pages import load_page
from ocr.upright import as_scanned
from samples.drawing.bank_checks import draw_bank_check
from samples.drawing.check_layout import CheckLayout
from samples.drawing.check_layouts import DEVELOPED
from samples.drawing.held_out_layouts import HELD_OUT
from samples.drawing.later_layouts import LATER

RESOLUTIONS_DPI = (100, 150, 200, 300)
FOUND_FROM = 0.5  # overlap: intersection over union
SEED = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """A check on disk: the values expected, and where two of them stand.

    Attributes:
        path: The picture.
        values: Expected values by field; amounts of the real checks have digits alone.
        boxes: Labelled boxes by field.
        loose: The labelled boxes have one size, however large the field is: the smaller box counts.
    """

    path: Path
    values: dict[str, str]
    boxes: dict[str, Box]
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one check."""

    right: dict[str, bool]
    found: dict[str, bool]
    cost: float


def main() -> None:
    """Measure and print the table."""
    cv2.setNumThreads(1)
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--n", type=int, default=16, help="checks a layout")
    parser.add_argument("--held-out", action="store_true", help="the layouts not developed on")
    options = parser.parse_args()
    table = Table(title="Checks: found (overlap of 0.5 and more) and read right; shares in %")
    headings = ("layout", "n", "amount found", "right", "date found", "right", "MICR", "number")
    for heading in (*headings, "find / decode"):
        table.add_column(heading, justify="left" if heading == "layout" else "right")
    with tempfile.TemporaryDirectory() as scratch:
        for layout in HELD_OUT if options.held_out else DEVELOPED + LATER:
            drawn = drawn_checks(layout, options.n, Path(scratch))
            table.add_row(layout.name, *_row([_outcome(check) for check in drawn]))
    if (DATA / "checks").is_dir():
        table.add_row("real, India", *_row([_outcome(check) for check in real_checks()]))
    Console(width=120).print(table)


def drawn_checks(layout: CheckLayout, count: int, folder: Path) -> Iterator[Wanted]:
    """Draw checks of a layout, at the resolutions in turn."""
    for k in range(count):
        rng = np.random.default_rng([SEED, k, *layout.name.encode()])
        dpi = RESOLUTIONS_DPI[k % len(RESOLUTIONS_DPI)]
        check = draw_bank_check(layout, rng, dpi)
        path = folder / f"{layout.name}-{k}-{dpi}.jpg"
        cv2.imwrite(str(path), check.picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 80])
        values = {"amount": check.amount, "date": check.date, "micr": check.micr}
        if check.micr:
            values["check_number"] = check.number
        yield Wanted(path, values, {"amount": check.amount_box, "date": check.date_box})


def real_checks() -> Iterator[Wanted]:
    """The labelled Indian checks."""
    with (DATA / "checks" / "labels.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            day = row["date_ddmmyyyy"]
            boxes = {}
            for field in ("amount", "date"):
                sides = [f"{field}_{side}" for side in ("x1", "y1", "x2", "y2")]
                left, top, right, bottom = (round(float(row[side])) for side in sides)
                boxes[field] = Box(left, top, right - left, bottom - top)
            values = {
                "amount": row["amount_digits"],
                "date": f"{day[4:]}-{day[2:4]}-{day[:2]}",
                "check_number": row["check_number"],
            }
            yield Wanted(DATA / "checks" / "images" / row["file"], values, boxes, loose=True)


def overlap(one: Box | None, other: Box, *, of_smaller: bool = False) -> float:
    """Intersection over union, or over the smaller box; 0 for a field that was not found."""
    if one is None:
        return 0.0
    wide = min(one.right, other.right) - max(one.x, other.x)
    tall = min(one.bottom, other.bottom) - max(one.y, other.y)
    shared = max(0, wide) * max(0, tall)
    areas = one.width * one.height, other.width * other.height
    return shared / (min(areas) if of_smaller else sum(areas) - shared)


def _outcome(check: Wanted) -> Outcome:
    page = ocr.read_page(check.path, "check")
    fields = {field.field: field for field in page.fields}
    right = {name: _same(fields[name].value, value) for name, value in check.values.items()}
    found = {
        name: overlap(fields[name].box, box, of_smaller=check.loose) >= FOUND_FROM
        for name, box in check.boxes.items()
    }
    return Outcome(right, found, _find_ms(check.path) / _decode_ms(check.path))


def _same(value: str, wanted: str) -> bool:
    """Whether a value is the one wanted; labelled amounts do without their cents' zeros."""
    return value in {wanted, f"{wanted}.00"}


def _find_ms(path: Path) -> float:
    gray, form = load_page(path).gray, load_form("check")
    start = time.perf_counter()
    find_fields(fit_form(as_scanned(gray), form))
    return time.perf_counter() - start


def _decode_ms(path: Path) -> float:
    encoded = np.frombuffer(path.read_bytes(), np.uint8)
    start = time.perf_counter()
    cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE)
    return time.perf_counter() - start


def _row(outcomes: list[Outcome]) -> list[str]:
    def share(group: str, name: str) -> str:
        hits = [getattr(each, group)[name] for each in outcomes if name in getattr(each, group)]
        return f"{100 * sum(hits) / len(hits):.0f}" if hits else "-"

    columns = [("found", "amount"), ("right", "amount"), ("found", "date"), ("right", "date")]
    columns += [("right", "micr"), ("right", "check_number")]
    cost = float(np.median([each.cost for each in outcomes]))
    return [str(len(outcomes)), *(share(*column) for column in columns), f"{cost:.2f}"]


if __name__ == "__main__":
    main()
