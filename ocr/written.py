"""Which of the places found without a form are fields: with digits, or empty among such.

A place alone says little: names, words and signatures stand in boxes and on lines too. Both readers
together tell digits from words.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from ocr.confidence import Calibration, confidence_of
from ocr.doubt import STRUCK_OUT, TWO_LINES
from ocr.find import Placement
from ocr.forms import FormField
from ocr.recognize import Recognition

# What tells free numbers from words, fitted on 500 words and 500 written lines; the shapes of words
# cannot, as fonts write them straighter than people do (python -m bench.words).
_IS_NUMBER = Calibration(
    intercept=-0.56, posterior=0.29, worst_part=0.0, mean_part=0.23, length=0.95, line=0.67
)
_LEAST = 0.5
_NO_NUMBER = {TWO_LINES, STRUCK_OUT}
_LEADERS = re.compile(r"[.,]{3,}|^[.,]\d+[.,]")  # dots to fill up a line; what words are read as
_LEAST_MEAN_IN_COMB = -1.6  # the same in a comb, whose confidence falls with empty cells
_WIDE = 1.5  # times its height: a narrower empty box is one to tick
_LEVEL = 0.12  # of the height: boxes of one kind are about as tall as one another
_LEAST_NUMBERED = 5  # rows; of six counts below 10 as many agree by chance in 1 of 9,000 columns
_NUMBERED = 0.8  # share of a column's numbers that are those of their rows; some are misread

Place = tuple[FormField, Placement | None]


def are_fields(places: Sequence[Place], recognitions: Sequence[Recognition | None]) -> list[bool]:
    """For each place on a page whether it is a field.

    Combs count with digits or empty. An empty box counts if it is as tall as one with digits; a
    line only with digits; a table's column from its first digits below the head on, if most of its
    writing is digits and not the numbers of its rows. A check's fields always count.

    Args:
        places: As `find_auto` gives them.
        recognitions: What each says; None for one that is not found.
    """
    tables: dict[str, dict[int, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    kept = []
    for number, (field, place) in enumerate(places):
        kind = field.name.split("_")[0]
        if kind == "table":
            of_table, of_row, of_column = _cell(field.name)
            tables[of_table][of_column][of_row] = number
        kept.append(_counts(kind, place, recognitions[number], places, recognitions))
    for table in tables.values():
        columns = [table[column] for column in sorted(table)]
        said = [[recognitions[number] for number in cells.values()] for cells in columns]
        counted = [
            dict(zip(cells.values(), counts, strict=True))
            for cells, counts in zip(columns, _of_table(said), strict=True)
        ]
        of_fields = [
            cells for cells, counts in zip(columns, counted, strict=True) if any(counts.values())
        ]
        heads = _heads(of_fields, recognitions)
        for counts in counted:
            for number, count in counts.items():
                kept[number] = count and number not in heads
    return kept


def _heads(
    columns: Sequence[Mapping[int, int]], recognitions: Sequence[Recognition | None]
) -> set[int]:
    """The cells of a table's first rows in which half of the columns have words, or more.

    Of two columns, one word makes no head: a count may be unreadable.

    Args:
        columns: Those with fields: the number of each cell's place by its row.
        recognitions: What each place says.
    """
    heads: set[int] = set()
    for row in sorted({row for cells in columns for row in cells}):
        its = [cells[row] for cells in columns if row in cells]
        written = [said for number in its if (said := recognitions[number]) and not _is_blank(said)]
        digits = sum(has_digits(said) for said in written)
        words = len(written) - digits
        if words > digits or words == digits > 1:
            heads.update(its)
        elif digits:
            break
    return heads


def _counts(
    kind: str,
    place: Placement | None,
    said: Recognition | None,
    places: Sequence[Place],
    recognitions: Sequence[Recognition | None],
) -> bool:
    if place is None or said is None or kind not in {"comb", "boxes", "box", "line"}:
        return True
    if not _is_blank(said):
        return has_digits(said, comb=bool(place.cells))
    if kind != "box":
        return kind != "line"
    written = (
        other.box.height
        for (field, other), says in zip(places, recognitions, strict=True)
        if other and says and field.name.startswith("box_") and has_digits(says)
    )
    wide = place.box.width >= _WIDE * place.box.height
    return wide and any(abs(tall - place.box.height) <= _LEVEL * tall for tall in written)


def _of_table(columns: Sequence[Sequence[Recognition | None]]) -> list[list[bool]]:
    """Its columns' cells, but for the column that numbers its rows: the first one with digits.

    A column alone is never left out, and no second one: there people write.
    """
    kept = [_of_column(cells) for cells in columns]
    first = next((number for number, cells in enumerate(kept) if any(cells)), None)
    if first is not None and len(columns) > 1 and _numbers_rows(columns[first]):
        kept[first] = [False] * len(kept[first])
    return kept


def _numbers_rows(cells: Sequence[Recognition | None]) -> bool:
    """Whether a column says 1, 2, 3 and so on from one of its rows on.

    At least five cells have to say the number of their row, and four of five of those with digits;
    blank cells do not matter. Numbers that go on from elsewhere (the receipts 4711, 4712, ...)
    are written ones.
    """
    ones = [  # rows where the 1 would stand
        row + 1 - int(said.value)
        for row, said in enumerate(cells)
        if said is not None and has_digits(said) and said.value.isdecimal()
    ]
    if not ones:
        return False
    (one, agree), *_ = Counter(ones).most_common(1)
    return one >= 0 and agree >= max(_LEAST_NUMBERED, _NUMBERED * len(ones))


def _of_column(cells: Sequence[Recognition | None]) -> list[bool]:
    """A column's cells from the first digits on; none if most of what is written is words."""
    digits = [said is not None and has_digits(said) for said in cells]
    blank = [said is None or _is_blank(said) for said in cells]
    if 2 * sum(digits) < len(cells) - sum(blank) or not any(digits):
        return [False] * len(cells)
    head = next(k for k, (has, empty) in enumerate(zip(digits, blank, strict=True)) if has or empty)
    return [k >= head for k in range(len(cells))]


def _cell(name: str) -> tuple[str, int, int]:
    """Table, row and column of a cell named ``table_1_r2_c3``."""
    table, row, column = name.removeprefix("table_").split("_")
    return table, int(row.removeprefix("r")), int(column.removeprefix("c"))


def _is_blank(said: Recognition) -> bool:
    return said.confidence is None and not said.reason


def has_digits(said: Recognition, *, comb: bool = False) -> bool:
    """Whether what is read in a place is a number rather than a word."""
    if said.confidence is None or said.evidence is None:
        return False
    if comb:
        return said.evidence.mean_part >= _LEAST_MEAN_IN_COMB
    if _NO_NUMBER & set(said.reason.split()) or "/" in said.raw or _LEADERS.search(said.raw):
        return False
    return confidence_of(said.evidence, _IS_NUMBER) >= _LEAST
