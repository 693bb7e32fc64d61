"""What a page costs, as ratios of one run: ``python -m bench.page_cost [--repeats N]``.

Ratios, because seconds depend on the machine: each cost stands over something everybody has.
What runs in this process is measured in processor time, on one thread: other work on the machine
hardly moves such ratios.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

import ocr
from bench.dense_page import write_form, write_page
from bench.memory import peak_child_mb
from bench.peer import load_peer
from ocr.find import fit_form, place_fields
from ocr.forms import load_form
from ocr.micr import find_on_check
from ocr.pages import load_page
from ocr.upright import make_upright
from workers.child import set_up_child

SAMPLES = Path(__file__).parents[1] / "samples"
CROP = SAMPLES / "crops" / "amount-1.png"
CHECK = SAMPLES / "checks" / "indian-green.jpg"
BATCH_PAGES = 40


@dataclass(frozen=True, slots=True)
class Cost:
    """One line of the table: a measured figure beside its budget."""

    name: str
    figure: str
    detail: str
    budget: str


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--quick", action="store_true", help="leave out what starts processes")
    options = parser.parse_args()
    repeats = options.repeats
    set_up_child()
    table = Table(title=f"Costs; medians of {repeats} repeats")
    for heading in ("what", "measured", "from", "budget"):
        table.add_column(heading)
    with tempfile.TemporaryDirectory() as scratch:
        for cost in _costs(Path(scratch), repeats, quick=options.quick):
            table.add_row(cost.name, cost.figure, cost.detail, cost.budget)
    Console(width=120).print(table)


def _costs(scratch: Path, repeats: int, *, quick: bool) -> Iterator[Cost]:
    form, folder = scratch / "dense.toml", scratch / "page"
    folder.mkdir()
    write_form(form)
    write_page(folder / "page.jpg")
    yield _page_cost(folder / "page.jpg", form, repeats)
    yield _crop_cost(repeats)
    yield _micr_cost(repeats)
    for page, name in (
        (folder / "page.jpg", str(form)),
        (folder / "page.jpg", "auto"),
        (CHECK, "check"),
    ):
        yield _find_cost(page, name, repeats)
    if not quick:
        yield from _batch_costs(scratch, form, repeats)


def _page_cost(page: Path, form: Path, repeats: int) -> Cost:
    page_ms = _median_ms(lambda: ocr.read_page(page, form), repeats)
    decode_ms = _decode_ms(page, repeats)
    detail = f"{page_ms:.0f} ms / {decode_ms:.0f} ms"
    ratio = f"{page_ms / decode_ms:.2f}"
    return Cost("A4 page, 20 fields, 100 digits / decoding its JPEG", ratio, detail, "2.5")


def _decode_ms(page: Path, repeats: int) -> float:
    encoded = np.frombuffer(page.read_bytes(), np.uint8)
    return _median_ms(lambda: cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE), repeats)


def _find_cost(page: Path, form: str, repeats: int) -> Cost:
    """Making a page upright, registering it and finding its fields.

    Most of it is done on reduced pictures, as large for a small page as for a large one: over its
    own decoding a check, with three tenths of an A4 page's pixels, costs more.
    """
    gray, given = load_page(page).gray, load_form(form)
    find_ms = _median_ms(lambda: place_fields(fit_form(make_upright(gray), given)), repeats)
    decode_ms = _decode_ms(page, repeats)
    detail = f"{find_ms:.0f} ms / {decode_ms:.0f} ms, {gray.size / 1e6:.1f} MP"
    name = f"finding and placing by {given.name} / decoding the page's JPEG"
    return Cost(name, f"{find_ms / decode_ms:.2f}", detail, "1.0")


def _micr_cost(repeats: int) -> Cost:
    gray = load_page(CHECK).gray
    line_ms = _median_ms(lambda: find_on_check(make_upright(gray)), repeats)
    line_ms -= _median_ms(lambda: make_upright(gray), repeats)
    rest_ms = _median_ms(lambda: ocr.read_page(CHECK, "check"), repeats) - line_ms
    detail = f"{line_ms:.1f} ms / {rest_ms:.1f} ms"
    return Cost(
        "MICR line of a check / reading the rest of it", f"{line_ms / rest_ms:.2f}", detail, ""
    )


def _crop_cost(repeats: int) -> Cost:
    name, peer = "crop to value / the peer's recognizer on it", load_peer()
    crop_ms = _median_ms(lambda: ocr.read_page(CROP, "amount"), repeats)
    if peer is None:
        return Cost(name, "", f"{crop_ms:.1f} ms; peer: pip install .[bench]", "0.5")
    peer_ms = _median_ms(lambda: peer(np.asarray(cv2.imread(str(CROP)))), repeats)
    return Cost(name, f"{crop_ms / peer_ms:.2f}", f"{crop_ms:.1f} ms / {peer_ms:.1f} ms", "0.5")


def _batch_costs(scratch: Path, form: Path, repeats: int) -> Iterator[Cost]:
    """Costs of `formdigits run`: a cold start by the wall clock, and memory."""
    starts = min(repeats, 5)  # each takes seconds
    cold_s = statistics.median(
        _run_s(scratch / "page", form, scratch / f"cold-{number}") for number in range(starts)
    )
    yield Cost("cold run of one page", f"{cold_s:.1f} s", f"median of {starts}", "4 s")
    many = scratch / "many"
    many.mkdir()
    for number in range(BATCH_PAGES):
        write_page(many / f"{number}.jpg", seed=number)  # the same content would be read once
    command, env = _run_command(many, form, scratch / "memory")
    yield Cost("memory of a worker child", f"{peak_child_mb(command, env):.0f} MB", "PSS", "200 MB")


def _run_s(folder: Path, form: Path, state: Path) -> float:
    command, env = _run_command(folder, form, state)
    start = time.perf_counter()
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def _run_command(folder: Path, form: Path, state: Path) -> tuple[list[str], dict[str, str]]:
    program = str(Path(sys.executable).with_name("formdigits"))
    options = ["--form", str(form), "-o", f"{state}.csv", "--concurrency", "1"]
    return [program, "run", str(folder), *options], os.environ | {
        "FORMDIGITS_STATE": str(state),
        "FORMDIGITS_SETTLE_SECONDS": "0",  # the pages were drawn a moment ago
    }


def _median_ms(action: Callable[[], object], repeats: int) -> float:
    """Median milliseconds of processor time."""
    action()  # the first one loads the model and warms the caches
    times = []
    for _ in range(repeats):
        start = time.process_time()
        action()
        times.append(1000 * (time.process_time() - start))
    return statistics.median(times)


if __name__ == "__main__":
    main()
