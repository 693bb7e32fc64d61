"""Jobs follow the policy: their worker processes take it from the state folder."""

import csv
import subprocess
import sys
from pathlib import Path

import ocr
from ocr.policy import FieldPolicy, form_sha256, store_policy

COMMAND = (sys.executable, "-m", "workers.cli")


def statuses_of_run(scans: Path, output: Path) -> set[str]:
    """Statuses of the fields that a run has read."""
    words = ["run", scans, "--form", "digits", "-o", output, "--concurrency", 1]
    done = subprocess.run(
        [*COMMAND, *map(str, words)], capture_output=True, text=True, check=False, timeout=180
    )
    assert done.returncode == 0, done.stderr
    with output.open(newline="") as rows:
        return {row["status"] for row in csv.DictReader(rows) if row["value"]}


def store(threshold: float) -> None:
    entry = FieldPolicy(
        threshold=threshold,
        target_error=0.01,
        confidence=0.95,
        n=299,
        right=299,
        accepted=299,
        errors=0,
        bound=0.00997,
        model=ocr.champion().version,
        form_sha256=form_sha256(ocr.load_form("digits")),
        labels_sha256="0" * 64,
        date="2026-01-25",
    )
    store_policy("digits", {"digits": entry})


def test_a_job_accepts_from_the_policys_threshold_on(tmp_path, draw_scan):
    scans = tmp_path / "scans"
    scans.mkdir()
    for digits in ("4711", "01234"):
        draw_scan(scans / f"{digits}.png", digits)
    store(0.0)
    assert statuses_of_run(scans, tmp_path / "all.csv") == {"accepted"}
    store(1.0)
    assert statuses_of_run(scans, tmp_path / "none.csv") == {"review"}
