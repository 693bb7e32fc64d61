"""Which leases are to be renewed, and which have run out, by this process's own clock.

Machines' clocks differ and jump, and a lease that seems to have run out because of that would take
a good page from the worker that reads it, three times, and make it an error. So no time in the
ledger is compared with one of this machine: a lease has run out when it was *seen* unchanged for
as long as leases last.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from workers.ledger.leases import Held
from workers.ledger.pages import PageKey


@dataclass(frozen=True, slots=True)
class Due:
    """What a look at all leases gives.

    Attributes:
        renewals: Pages that this worker reads; their leases are to be renewed.
        run_out: Leases to be ended.
    """

    renewals: list[PageKey]
    run_out: list[Held]


class LeaseWatch:
    """A sweeper's memory of the leases it has seen."""

    def __init__(self, worker: str, lease_s: float, longest_s: float) -> None:
        """No lease was seen.

        Args:
            worker: Whose pages are to be renewed.
            lease_s: How long a lease lasts without a renewal.
            longest_s: How long a page can be in work; after that nobody renews it.
        """
        self._worker = worker
        self._lease_s = lease_s
        self._longest_s = longest_s
        self._unchanged: dict[Held, float] = {}
        self._begun: dict[tuple[PageKey, float], float] = {}

    def look(self, held: Sequence[Held], clock_s: float) -> Due:
        """Compare all leases with those seen before.

        Args:
            held: All leases there are.
            clock_s: A clock that never jumps, such as `time.monotonic`.
        """
        self._unchanged = {each: self._unchanged.get(each, clock_s) for each in held}
        self._begun = {each.start: self._begun.get(each.start, clock_s) for each in held}
        age_s = {each: clock_s - since for each, since in self._unchanged.items()}
        ours = [
            each.key
            for each in held
            if each.worker == self._worker and clock_s - self._begun[each.start] < self._longest_s
        ]
        # A third leaves room for a sweeper that is killed and started again.
        renewals = [
            each.key for each in held if each.key in ours and age_s[each] > self._lease_s / 3
        ]
        run_out = [each for each in held if each.key not in ours and age_s[each] > self._lease_s]
        return Due(renewals, run_out)
