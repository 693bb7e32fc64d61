"""Which places found without a form are fields."""

from dataclasses import replace

import pytest

from ocr.confidence import Evidence
from ocr.find import Placement
from ocr.forms import FormField
from ocr.geometry import Box
from ocr.recognize import Recognition
from ocr.written import are_fields

LINE = (FormField(name="line_1", type="digits"), Placement(Box(0, 0, 200, 40)))


@pytest.mark.parametrize(
    ("line", "reason", "is_field"),
    [
        (-0.1, "", True),
        (-4.0, "", False),  # what is read as a number by the lattice alone may be a word
        (-0.1, "overwritten", True),  # in doubt which digits, not whether
        (-0.1, "overwritten repaired", True),
        (-0.1, "struck_out", False),
    ],
)
def test_a_line_is_a_field_when_it_surely_holds_digits(line, reason, is_field):
    evidence = Evidence(posterior=0.8, worst_part=-1.0, mean_part=-0.5, digits=3, line=line)
    said = Recognition("123", "123", 0.06, reason, evidence)
    assert are_fields([LINE], [said]) == [is_field]


def number(text):
    evidence = Evidence(posterior=1.0, worst_part=-0.1, mean_part=-0.1, digits=len(text), line=-0.1)
    return Recognition(text, text, 0.99, "", evidence)


BLANK = Recognition("", "", None)


def kept_columns(*columns):
    """Of each column of a table how many cells are fields."""
    cells = [
        (column, FormField(name=f"table_1_r{row}_c{column}", type="digits"), text)
        for column, texts in enumerate(columns, 1)
        for row, text in enumerate(texts, 1)
    ]
    places = [(field, Placement(Box(0, 0, 100, 40))) for _, field, _ in cells]
    kept = are_fields(places, [number(text) if text else BLANK for *_, text in cells])
    numbers = [column for (column, *_), keep in zip(cells, kept, strict=True) if keep]
    return [numbers.count(column) for column in range(1, len(columns) + 1)]


COUNTS = ["31", "7", "12", "", "208", "45", "9"]
OF_ROWS = ["", "1", "2", "3", "4", "5", "6"]


@pytest.mark.parametrize("misread", [{}, {3: ""}, {3: "8"}])
def test_the_column_that_numbers_the_rows_of_a_table_is_no_field(misread):
    numbers = [misread.get(row, text) for row, text in enumerate(OF_ROWS)]
    assert kept_columns(numbers, COUNTS) == [0, 7]


@pytest.mark.parametrize(
    "written",
    [
        ["4711", "4712", "4713", "4714", "4715", "4716", "4717"],  # receipts
        ["1", "2", "3", "4", "1", "2", "0"],
        ["1", "2", "3", "4", "", "", ""],
        ["0", "1", "1", "2", "3", "3", "4"],
    ],
)
def test_written_counts_that_begin_like_numbers_of_rows_are_fields(written):
    assert kept_columns(written, COUNTS) == [7, 7]


def test_numbers_that_stand_alone_or_behind_others_are_fields():
    assert kept_columns(OF_ROWS) == [7]
    assert kept_columns(COUNTS, OF_ROWS) == [7, 7]


def test_leaders_and_the_dots_of_words_are_no_number():
    said = [
        number(text) for text in ("71...55", "4.....", ".1.06.6", ".50", "08,,3366", "1.234,50")
    ]
    assert are_fields([LINE] * 6, said) == [False] * 3 + [True] * 3


WORD = "1/1"  # what a word is read as


@pytest.mark.parametrize(
    ("others", "kept"),
    [
        ([WORD, WORD], [6, 6, 6]),
        ([WORD, "12"], [7, 6, 7]),
        ([WORD, WORD, "12"], [6] * 4),
        (["", ""], [7, 7, 7]),
    ],
)
def test_a_row_of_words_above_counts_is_the_head_also_where_a_number_stands_in_it(others, kept):
    heads = ["21", *others]
    columns = [[head, *COUNTS[1:]] for head in heads]
    assert kept_columns(*columns) == kept


@pytest.mark.parametrize(
    ("heads", "kept"),
    [
        (["01", "512", "03"], [6] * 3),  # Q1, Q2, Q3
        (["", "02", "03", "04"], [6] * 4),
        (["01", "512", "08"], [7] * 3),
    ],
)
def test_a_row_that_numbers_its_columns_is_the_head(heads, kept):
    columns = [[head, *COUNTS[1:]] for head in heads]
    assert kept_columns(*columns) == kept


@pytest.mark.parametrize(
    ("mean", "complete", "is_field"),
    [(-1.2, True, True), (-0.1, False, True), (-0.6, False, False)],  # letters leave cells empty
)
def test_a_comb_of_letters_is_no_field(mean, complete, is_field):
    cells = tuple(Box(40 * k, 0, 40, 50) for k in range(5))
    comb = (FormField(name="comb_1", type="digits", cells=5), Placement(Box(0, 0, 200, 50), cells))
    evidence = Evidence(0.5, -3.0, mean, 3, complete=complete)
    assert are_fields([comb], [Recognition("108", "108", 0.1, "", evidence)]) == [is_field]


@pytest.mark.parametrize(("height", "kept"), [(14, [0, 6]), (26, [6, 6])])
def test_even_numbers_smaller_than_what_is_written_are_print(height, kept):
    """Of numbers as large as what is written nobody knows that they are type."""
    columns = (Box(8, 16, 50, height), Box(20, 8, 60, 30))
    places = [
        (FormField(name=f"table_1_r{row}_c{column}", type="digits"), Placement(Box(0, 0, 100, 45)))
        for column in (1, 2)
        for row in range(1, 7)
    ]
    said = [
        replace(number(str(4000 + 37 * row)), written=inked.moved(5 * row if inked.x > 8 else 0, 0))
        for inked in columns
        for row in range(6)
    ]
    counted = are_fields(places, said)
    assert [sum(counted[:6]), sum(counted[6:])] == kept
