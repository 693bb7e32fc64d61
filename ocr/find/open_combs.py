"""Combs that are open above: ``|_|_|_|``, low ticks on a line, and a dash for each digit."""

from collections.abc import Iterator, Sequence

from ocr.find.combs import Row
from ocr.find.dashes import dash_combs
from ocr.find.lines import RuledLine
from ocr.find.ruling import Ruling
from ocr.find.ticks import ticked_comb
from ocr.find.writing_lines import LinesAcross, parts_of
from ocr.geometry import Box, around


def open_combs(
    ruling: Ruling,
    across: LinesAcross,
    lines: Sequence[RuledLine],
    cells: Sequence[Box],
    closed: Sequence[Row],
) -> list[Row]:
    """The combs that are open above.

    Args:
        ruling: The lines of a page.
        across: Those across.
        lines: Those of them that one may write on.
        cells: What lines and strokes of writing enclose.
        closed: The combs among them.
    """
    ticked = [
        comb
        for comb in _ticked(ruling, across, lines)
        if not any(_stands_in(comb, other) for other in closed)
    ]
    places = [*cells, *(around(comb) for comb in ticked)]
    return [*ticked, *dash_combs(ruling, across.stretches, places)]


def _ticked(ruling: Ruling, across: LinesAcross, lines: Sequence[RuledLine]) -> Iterator[Row]:
    """Combs with ticks; some stand so near one another that their lines seem one."""
    for line in lines:
        if comb := ticked_comb(ruling.ink, line, ruling.px_per_mm):
            yield comb
        else:
            parts = parts_of(line, across, ruling.px_per_mm)
            combs = (ticked_comb(ruling.ink, part, ruling.px_per_mm) for part in parts)
            yield from filter(None, combs)


def _stands_in(comb: Row, closed: Row) -> bool:
    """Whether a comb stands on a stroke or a line of another with as many cells."""
    its, other = around(comb), around(closed)
    middle = its.x + its.width / 2
    on = other.x <= middle < other.right and other.y < its.bottom <= other.bottom + 2
    return on and len(closed) >= len(comb)
