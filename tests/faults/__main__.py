"""`python -m tests.faults`: rounds of faults, each with its printed seed."""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.faults.batch import expected_rows, plan, run_batch
from tests.faults.injuries import ANYWHERE, DISK, EMBEDDED, LONG, MACHINES, injuries_of
from tests.faults.scans import draw_batch
from tests.faults.sites import SITES, missing


def main() -> int:
    """Run the rounds; exit code 1 if one gave other rows, with its folder kept to be looked at."""
    options = _options()
    sites = options.site or [name for name in SITES if not _impossible(name)]
    scratch = Path(tempfile.mkdtemp(prefix="fd-"))
    scans = scratch / "scans"
    draw_batch(scans, options.pages)
    expected = expected_rows(scans)
    seeds = range(options.seed, options.seed + options.rounds)
    failed = [
        seed
        for seed in seeds
        if not _round(
            scratch / str(seed), scans, sites[seed % len(sites)], options.fault, seed, expected
        )
    ]
    _say(f"{options.rounds - len(failed)} of {options.rounds} rounds gave the undisturbed rows")
    if failed:
        _say(f"failed seeds: {failed}; see {scratch}")
    else:
        shutil.rmtree(scratch)
    return 1 if failed else 0


def _round(
    scratch: Path, scans: Path, place: str, chosen: Sequence[str], seed: int, expected: bytes
) -> bool:
    begun = time.monotonic()
    pages = expected.count(b"\n")
    try:
        with SITES[place](scratch) as site:
            known = injuries_of(site)
            faults = {name: (known | LONG)[name] for name in chosen} or known
            _say(f"seed {seed}, {place}: {', '.join(faults)}")
            rows = run_batch(site, scans, plan(seed, faults, pages), seed, _say)
    except AssertionError as error:
        _say(f"seed {seed}: FAILED: {error}")
        return False
    same = rows == expected
    if not same:
        (scratch / "expected.csv").write_bytes(expected)
    _say(f"seed {seed}: {'same rows' if same else 'OTHER ROWS'}, {time.monotonic() - begun:.0f} s")
    return same


def _impossible(site: str) -> bool:
    if reason := missing(site):
        _say(f"not on {site}: {reason}")
    return bool(reason)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="seeds in a row")
    parser.add_argument("--seed", type=int, default=1, help="the first one")
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument(
        "--site", choices=SITES, action="append", default=[], help="only there; else in turns"
    )
    parser.add_argument(
        "--fault",
        choices=ANYWHERE | EMBEDDED | DISK | MACHINES | LONG,
        action="append",
        default=[],
        help="only this; repeatable",
    )
    return parser.parse_args()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
