"""Which columns of a page's tables say the numbers of their rows."""

import pytest

from ocr.row_numbers import of_rows, row_numbers


def counting(first, last, head=""):
    return row_numbers([head, *map(str, range(first, last + 1)), ""])


@pytest.mark.parametrize("head", ["", "No", "10"])
def test_numbers_of_rows_go_on_in_the_next_block(head):
    blocks = [counting(18, 30, head), counting(1, 17), None]
    assert of_rows(blocks) == set(blocks[:2])


def test_a_page_of_rows_goes_on_where_pages_with_as_many_rows_end():
    assert of_rows([counting(41, 60)])
    assert not of_rows([counting(44, 60)])


def test_written_numbers_that_go_up_number_no_rows():
    receipts = [counting(4711, 4717), counting(4718, 4724)]
    assert of_rows(receipts) == set()
    assert row_numbers(["3", "7", "8", "9", "1", "4", "5"]) is None


def test_misread_numbers_at_the_ends_do_not_part_two_blocks():
    first = row_numbers(["1", "2", "3", "4", "5", "6", "77"])
    second = row_numbers(["3", "9", "10", "11", "12", "13", "14"])
    assert of_rows([first, second]) == {first, second}
