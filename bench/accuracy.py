"""How well the product reads: ``python -m bench.accuracy [--limit N] [--set NAME]``.

Every labelled set is read by ``formdigits run`` with a state folder of its own, the export is
scored by the yardstick beside the project, and the peer reads the same fields in the same run.
"""

import argparse
import csv
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

import ocr
from bench.evaluation import (
    DATA,
    SETS,
    EvaluationSet,
    Selection,
    Target,
    crops,
    select,
    without_disputed,
    write_labels,
)
from bench.peer import Recognizer, load_peer

SCORE = DATA.parent / "score" / "score.py"
TIMED = 60  # fields read again in this process for the time a field takes
_SOME_FAILED = 3


@dataclass(frozen=True, slots=True)
class Score:
    """What `score.py` says of one reader on one field, all shares of 1."""

    n: int
    exact: float
    low: float
    high: float
    accepted: float
    accepted_wrong: float
    read_rates: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    name: str
    score: Score
    field_ms: float
    peer: Score | None
    peer_ms: float


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--limit", type=int, help="read a seeded sample of each set")
    parser.add_argument("--set", choices=[each.name for each in SETS], action="append")
    options = parser.parse_args()
    if not SCORE.exists():
        sys.exit(f"no labelled data at {DATA}; the measurement needs it")
    peer = load_peer()
    chosen = [each for each in SETS if options.set is None or each.name in options.set]
    with tempfile.TemporaryDirectory() as scratch:
        lines = [
            line for each in chosen for line in _measure(each, options.limit, Path(scratch), peer)
        ]
    _print(lines)


def _measure(
    chosen: EvaluationSet, limit: int | None, scratch: Path, peer: Recognizer | None
) -> Iterator[Line]:
    selection = select(chosen, limit, scratch)
    export = scratch / f"{chosen.name}.csv"
    _run(selection, chosen.form, export, scratch / f"{chosen.name}-state")
    page_ms = _page_ms(selection, chosen.form)
    for target in chosen.targets:
        name = f"{chosen.name} {target.field}"
        labels = scratch / f"{name}-labels.csv"
        write_labels(labels, selection.rows, target.truth)
        score = _score(export, labels, target.field, target.compare)
        field_ms = page_ms / len(chosen.targets)
        peer_score, peer_ms = _measure_peer(selection, target, scratch / f"{name}-peer", peer)
        yield Line(name, score, field_ms, peer_score, peer_ms)
        undisputed = without_disputed(selection.rows, chosen.name)
        if len(undisputed) < len(selection.rows):
            write_labels(labels, undisputed, target.truth)
            score = _score(export, labels, target.field, target.compare)
            yield Line(f"{name}, undisputed", score, field_ms, None, 0.0)


def _run(selection: Selection, form: str, export: Path, state: Path) -> None:
    command = [str(Path(sys.executable).with_name("formdigits")), "run", str(selection.images)]
    done = subprocess.run(
        [*command, "--form", form, "-o", str(export)],
        env=os.environ | {"FORMDIGITS_STATE": str(state)},
        stdout=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode not in {0, _SOME_FAILED}:
        sys.exit(f"formdigits run ended with exit code {done.returncode}")


def _page_ms(selection: Selection, form: str) -> float:
    """Median milliseconds of reading an image in this process, once the model is loaded."""
    paths = [selection.images / row["file"] for row in selection.rows[: TIMED + 1]]
    times = []
    for path in paths:
        start = time.perf_counter()
        ocr.read_page(path, form)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times[1:] or times)


def _measure_peer(
    selection: Selection, target: Target, stem: Path, peer: Recognizer | None
) -> tuple[Score | None, float]:
    """The peer's score on the same fields, boxes given, and its median milliseconds a crop."""
    if peer is None:
        return None, 0.0
    rows, times = [], []
    for file, crop in crops(selection, target):
        start = time.perf_counter()
        text, confidence = peer(crop)
        times.append(1000 * (time.perf_counter() - start))
        rows.append((file, target.field, "", text, confidence, "review"))
    export, labels = stem.with_suffix(".csv"), stem.with_suffix(".labels.csv")
    with export.open("w", newline="", encoding="utf-8") as out:
        header = ("document", "field", "type", "value", "confidence", "status")
        csv.writer(out).writerows([header, *rows])
    write_labels(labels, selection.rows, target.peer_truth)
    return _score(export, labels, target.field, "digits"), statistics.median(times)


def _score(export: Path, labels: Path, field: str, compare: str) -> Score:
    command = [sys.executable, str(SCORE), str(export), str(labels), "--column", "value"]
    done = subprocess.run(
        [*command, "--field", field, "--as", compare], capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"score.py: {done.stdout}{done.stderr}")
    return parse_score(done.stdout)


def parse_score(text: str) -> Score:
    """Read what `score.py` prints."""

    def figure(name: str) -> float:
        found = re.search(rf"(?<!\w){re.escape(name)} ([\d.]+)", text)
        if found is None:
            raise ValueError(f"score.py printed no {name}: {text}")
        return float(found[1])

    interval = re.search(r"95 % ([\d.]+) to ([\d.]+)", text)
    low, high = (float(side) for side in interval.groups()) if interval else (0.0, 1.0)
    rates = tuple(figure(f"read_rate_at_{error}") for error in ("0.01", "0.005", "0.001"))
    return Score(
        int(figure("n")),
        figure("exact"),
        low,
        high,
        figure("accepted"),
        figure("wrong_among_accepted"),
        rates,
    )


def _print(lines: list[Line]) -> None:
    table = Table(title="Shares in %; peer: RapidOCR's recognizer, boxes given")
    headings = ("field", "n", "exact", "95 %", "accepted", "wrong of these", "at 1", "0.5", "0.1")
    for heading in (*headings, "ms", "peer exact", "at 1", "ms"):
        table.add_column(heading, justify="left" if heading == "field" else "right")
    for line in lines:
        score, peer = line.score, line.peer
        wrong = _percent(score.accepted_wrong) if score.accepted else "-"
        table.add_row(
            line.name,
            str(score.n),
            _percent(score.exact),
            f"{_percent(score.low)}-{_percent(score.high)}",
            _percent(score.accepted),
            wrong,
            *map(_percent, score.read_rates),
            f"{line.field_ms:.1f}",
            *((_percent(peer.exact), _percent(peer.read_rates[0])) if peer else ("", "")),
            f"{line.peer_ms:.1f}" if peer else "",
        )
    Console(width=140).print(table)


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


if __name__ == "__main__":
    main()
