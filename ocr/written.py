"""Which of the places found without a form are fields: with digits, or empty among such.

A place alone says little: names, words and signatures stand in boxes and on lines too. Both readers
together tell digits from words.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from statistics import median

from ocr.confidence import Calibration, confidence_of
from ocr.doubt import STRUCK_OUT, TWO_LINES
from ocr.find import Placement
from ocr.forms import FormField
from ocr.recognize import Recognition
from ocr.row_numbers import of_rows, row_numbers
from ocr.typed import is_typed

# What tells free numbers from words, fitted on 500 words and 500 written lines; the shapes of words
# cannot, as fonts write them straighter than people do (python -m bench.words).
_IS_NUMBER = Calibration(
    intercept=-0.56, posterior=0.29, worst_part=0.0, mean_part=0.23, length=0.95, line=0.67
)
_LEAST = 0.5
_NO_NUMBER = {TWO_LINES, STRUCK_OUT}
_LEADERS = re.compile(r"[.,]{3,}|^[.,]\d+[.,]")  # dots to fill up a line; what words are read as
_LEAST_MEAN_IN_COMB = -1.6  # the same in a comb, whose confidence falls with empty cells
_LEAST_MEAN_WITH_EMPTY = -0.4  # of letters some look like digits, and the cells of others empty
_TYPE = 0.7  # of the height of what is written: print is smaller
_WIDE = 1.5  # times its height: a narrower empty box is one to tick
_LEAST_NUMBERED = 3  # columns; of as many counts the last digits are 1, 2, 3 in 1 of 1,000 rows
_MOST_BEFORE = 2  # columns
_NUMBERED = 0.75  # share of a head's numbers that are those of their columns; some are misread
_LEVEL = 0.12  # of the height: boxes of one kind are about as tall as one another

Place = tuple[FormField, Placement | None]
_Column = Sequence[Recognition | None]


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
    said = [
        [[recognitions[number] for number in column.values()] for _, column in sorted(its.items())]
        for its in tables.values()
    ]
    for table, counts_of in zip(tables.values(), _of_tables(said), strict=True):
        columns = [table[column] for column in sorted(table)]
        typed = _typed(columns, places, recognitions)
        counted = [
            dict.fromkeys(cells.values(), False)
            if is_type
            else dict(zip(cells.values(), counts, strict=True))
            for cells, counts, is_type in zip(columns, counts_of, typed, strict=True)
        ]
        of_fields = [
            cells for cells, counts in zip(columns, counted, strict=True) if any(counts.values())
        ]
        heads = _heads(of_fields, recognitions)
        for counts in counted:
            for number, count in counts.items():
                kept[number] = count and number not in heads
    return kept


def _typed(
    columns: Sequence[Mapping[int, int]],
    places: Sequence[Place],
    recognitions: Sequence[Recognition | None],
) -> list[bool]:
    """Which columns of a table are printed numbers: as even as type, and smaller than others.

    Drawn forms may hold written digits that are as even, but these are as large in all columns.
    """
    even, tall = [], []
    for cells in columns:
        said = [(places[number][1], recognitions[number]) for number in cells.values()]
        numbers = [
            (place.box, says.written)
            for place, says in said
            if place and says and says.written and has_digits(says)
        ]
        even.append(is_typed(*zip(*numbers, strict=True)) if numbers else False)
        tall.append(median(written.height for _, written in numbers) if numbers else 0)
    most = _TYPE * max(tall, default=0)
    return [its and height <= most for its, height in zip(even, tall, strict=True)]


def _heads(
    columns: Sequence[Mapping[int, int]], recognitions: Sequence[Recognition | None]
) -> set[int]:
    """The cells of a table's first rows in which half of the columns have words, or their numbers.

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
        if words > digits or words == digits > 1 or _number_columns(its, recognitions):
            heads.update(its)
        elif digits:
            break
    return heads


def _number_columns(cells: Sequence[int], recognitions: Sequence[Recognition | None]) -> bool:
    """Whether the cells of a row end in 1, 2, 3 and so on: Test 1, Test 2, or Q1, Q2.

    Few columns stand before the first: the numbers of rows, and what is written of them.
    """
    said = [_number(recognitions[number]) for number in cells]
    firsts = Counter(column - int(text[-1]) for column, text in enumerate(said, 1) if text)
    (before, agree), *_ = firsts.most_common(1) or [(0, 0)]
    enough = max(_LEAST_NUMBERED, _NUMBERED * firsts.total())
    return agree >= enough and 0 <= before <= _MOST_BEFORE


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


def _of_tables(tables: Sequence[Sequence[_Column]]) -> list[list[list[bool]]]:
    """The cells of tables' columns that are fields.

    Of several columns the first one with digits is none if it numbers the rows. A column alone is
    never left out, and no second one: there people write.
    """
    kept = [[_of_column(cells) for cells in columns] for columns in tables]
    firsts = [next((k for k, cells in enumerate(its) if any(cells)), 0) for its in kept]
    numbers = [
        row_numbers([_number(said) for said in columns[first]]) if len(columns) > 1 else None
        for columns, first in zip(tables, firsts, strict=True)
    ]
    number_rows = of_rows(numbers)
    for its, first, says in zip(kept, firsts, numbers, strict=True):
        if says in number_rows:
            its[first] = [False] * len(its[first])
    return kept


def _number(said: Recognition | None) -> str:
    """A number, or nothing."""
    return said.value if said is not None and has_digits(said) else ""


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
        is_whole = said.evidence.complete
        least = _LEAST_MEAN_IN_COMB if is_whole else _LEAST_MEAN_WITH_EMPTY
        return said.evidence.mean_part >= least
    if _NO_NUMBER & set(said.reason.split()) or "/" in said.raw or _LEADERS.search(said.raw):
        return False
    return confidence_of(said.evidence, _IS_NUMBER) >= _LEAST
