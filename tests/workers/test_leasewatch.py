"""Which leases run out is told by what a sweeper has seen, whatever the machines' clocks say."""

import pytest
from ledger_steps import LEASE_S, NOW

from workers.leasewatch import Due, LeaseWatch
from workers.ledger.leases import Held

LONGEST_S = 135.0
DAY_S = 86_400.0


def held(worker: str, until: float = NOW, begun: float = NOW) -> Held:
    return Held((1, 1), worker, begun, until)


@pytest.fixture
def watch() -> LeaseWatch:
    return LeaseWatch("w1", LEASE_S, LONGEST_S)


@pytest.mark.parametrize("until", [NOW - DAY_S, NOW, NOW + DAY_S])
def test_anothers_lease_runs_out_when_it_stays_unchanged(watch, until):
    lease = held("w2", until)
    assert watch.look([lease], 0) == Due([], [])
    assert watch.look([lease], LEASE_S - 1) == Due([], [])
    assert watch.look([lease], LEASE_S + 1) == Due([], [lease])


@pytest.mark.parametrize("ahead_s", [-DAY_S, 0, DAY_S])
def test_a_lease_that_is_renewed_stays_however_wrong_the_renewers_clock_is(watch, ahead_s):
    for clock_s in range(0, 200, 10):
        assert watch.look([held("w2", NOW + ahead_s + clock_s)], clock_s).run_out == []


def test_a_worker_renews_its_pages_until_none_can_be_in_work(watch):
    renewed = NOW
    renewals = []
    for clock_s in range(200):
        due = watch.look([held("w1", renewed)], clock_s)
        if due.renewals:
            assert due.renewals == [(1, 1)]
            renewals.append(clock_s)
            renewed += 1  # any other value
    assert renewals[0] < LEASE_S / 2
    assert LONGEST_S - LEASE_S / 2 < renewals[-1] < LONGEST_S
    assert watch.look([held("w1", renewed)], 200).run_out == [held("w1", renewed)]


def test_a_page_that_is_begun_again_is_not_taken_for_the_one_before(watch):
    watch.look([held("w1", begun=NOW)], 0)
    assert watch.look([held("w1", begun=NOW + 1)], LONGEST_S + 1) == Due([], [])


def test_leases_that_are_gone_are_forgotten(watch):
    lease = held("w2")
    watch.look([lease], 0)
    watch.look([], 1)
    assert watch.look([lease], LEASE_S + 2) == Due([], [])
