"""Columns of tables that say the numbers of their rows: 1, 2, 3, or on from a table before."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_LEAST = 5  # rows; of six counts below 10 as many agree by chance in 1 of 9,000 columns
_AGREE = 0.8  # share of a column's numbers that are those of their rows; some are misread
_MOST_STEP = 3  # from one table to the next: the last and the first number may be misread


@dataclass(frozen=True, slots=True)
class RowNumbers:
    """Numbers that go up by one from row to row.

    Attributes:
        top: What the uppermost row says, or would if it had a number.
        first: The first number that was read.
        last: The last one.
    """

    top: int
    first: int
    last: int

    @property
    def begin_a_page(self) -> bool:
        """Whether they begin at 1, or where pages with as many rows end: at 21 of 20 rows."""
        return self.top <= 1 or (self.first - 1) % (self.last - self.first + 1) == 0

    def go_on_from(self, other: "RowNumbers") -> bool:
        """Whether they begin where others end."""
        return 1 <= self.first - other.last <= _MOST_STEP


def row_numbers(texts: Sequence[str]) -> RowNumbers | None:
    """What a column's numbers count; None unless nearly all go up by one from row to row.

    Args:
        texts: What each row says, from the top; other than digits where that is no number.
    """
    off = {row: int(text) - row for row, text in enumerate(texts) if text.isdecimal()}
    if not off:
        return None
    (top, agree), *_ = Counter(off.values()).most_common(1)
    if agree < max(_LEAST, _AGREE * len(off)):
        return None
    rows = [row for row, its in off.items() if its == top]
    return RowNumbers(top, top + rows[0], top + rows[-1])


def of_rows(columns: Iterable[RowNumbers | None]) -> set[RowNumbers]:
    """Those of several tables' columns that say the numbers of rows.

    Numbers that go up from elsewhere (the receipts 4711, 4712, ...) are written ones.
    """
    found: set[RowNumbers] = set()
    for numbers in sorted(filter(None, columns), key=lambda numbers: numbers.first):
        if numbers.begin_a_page or any(map(numbers.go_on_from, found)):
            found.add(numbers)
    return found
