"""The short form of the fault suite; `make faults` is the long one."""

import sys

import pytest

from tests.faults.batch import expected_rows, plan, run_batch
from tests.faults.injuries import ANYWHERE, EMBEDDED
from tests.faults.scans import POISON, draw_batch
from tests.faults.sites import Site

PAGES = 300
SEED = 1
SHORT = ("child", "worker-whole", "sweeper", "broker-data", "submitter", "twice")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_hurt_batch_gives_the_rows_of_an_undisturbed_one(tmp_path_factory):
    scratch = tmp_path_factory.mktemp("f")  # short: it holds a socket
    scans = scratch / "scans"
    draw_batch(scans, PAGES)
    expected = expected_rows(scans)
    assert expected.count(b"\n") == 1 + PAGES + len(POISON)
    known = ANYWHERE | EMBEDDED
    blows = plan(SEED, {name: known[name] for name in SHORT}, PAGES)
    rows = run_batch(Site(scratch / "state"), scans, blows, SEED, print)
    assert rows.splitlines() == expected.splitlines()
