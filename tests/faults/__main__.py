"""`python -m tests.faults`: rounds of faults, each with its printed seed."""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.batch import expected_rows, plan, run_batch
from tests.faults.injuries import INJURIES, LONG, Injury
from tests.faults.scans import draw_batch


def main() -> int:
    """Run the rounds; exit code 1 if one gave other rows, with its folder kept to be looked at."""
    options = _options()
    faults = INJURIES | LONG if options.long else INJURIES
    chosen = {name: (INJURIES | LONG)[name] for name in options.fault} or faults
    scratch = Path(tempfile.mkdtemp(prefix="fd-"))
    scans = scratch / "scans"
    draw_batch(scans, options.pages)
    expected = expected_rows(scans)
    failed = [
        seed
        for seed in range(options.seed, options.seed + options.rounds)
        if not _round(scratch / str(seed), scans, chosen, seed, expected)
    ]
    _say(f"{options.rounds - len(failed)} of {options.rounds} rounds gave the undisturbed rows")
    if failed:
        _say(f"failed seeds: {failed}; see {scratch}")
    else:
        shutil.rmtree(scratch)
    return 1 if failed else 0


def _round(
    scratch: Path, scans: Path, faults: dict[str, Injury], seed: int, expected: bytes
) -> bool:
    _say(f"seed {seed}: {', '.join(faults)}")
    begun = time.monotonic()
    pages = expected.count(b"\n")
    try:
        rows = run_batch(scratch, scans, plan(seed, faults, pages), seed, _say)
    except AssertionError as error:
        _say(f"seed {seed}: FAILED: {error}")
        return False
    same = rows == expected
    if not same:
        (scratch / "expected.csv").write_bytes(expected)
    _say(f"seed {seed}: {'same rows' if same else 'OTHER ROWS'}, {time.monotonic() - begun:.0f} s")
    return same


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="seeds in a row")
    parser.add_argument("--seed", type=int, default=1, help="the first one")
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument(
        "--fault",
        choices=INJURIES | LONG,
        action="append",
        default=[],
        help="only this; repeatable",
    )
    parser.add_argument("--long", action="store_true", help="also those that take a minute")
    return parser.parse_args()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
