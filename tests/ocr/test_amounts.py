"""Amounts: where their cents are, and readings that their grouping rules out."""

from math import log

import pytest

from bench.amounts import WAYS, is_right, written_amounts
from ocr.amounts import as_likely_amounts
from ocr.cents import part_cents
from ocr.decode import Hypothesis, Part
from ocr.digits.versions import champion
from ocr.find import Placement
from ocr.forms import FormField, load_form
from ocr.fusion import Candidate
from ocr.geometry import Box
from ocr.prepare import prepare
from ocr.read import read_fields
from ocr.readers import load_readers
from ocr.reading import Status
from ocr.recognize import _first_possible
from tests.ocr.drawn_digits import handwritten

AMOUNT = FormField(name="amount", type="amount")
APART = ("50 over 100", "50 underlined", "50 raised", "1,234 50/100")


def crop(gray):
    return prepare(gray, Placement(Box(0, 0, gray.shape[1], gray.shape[0])))


def candidate(raw: str, p: float) -> Candidate:
    parts = tuple(Part(sign, Box(0, 0, 1, 1), 0.0, sign.isdigit()) for sign in raw)
    digits = "".join(sign for sign in raw if sign.isdigit())
    return Candidate(digits, log(p), Hypothesis(digits, log(p), parts), log(p), 0.0)


def chosen(*candidates: Candidate):
    return _first_possible(list(candidates), None, AMOUNT, crop(handwritten("5820")))


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_writing_cents_is_read_and_none_is_accepted_wrong(way: str) -> None:
    """Five of each; one may be misread, for hands differ, but of no way all cents."""
    readers, form = load_readers(champion()), load_form("amount")
    amounts = list(written_amounts(way, 5))
    fields = [read_fields(amount.gray, form, readers)[0][0] for amount in amounts]
    right = [is_right(*pair) for pair in zip(fields, amounts, strict=True)]
    assert all(ok or f.status is not Status.ACCEPTED for ok, f in zip(right, fields, strict=True))
    assert sum(right) >= 3 or way == "xx over 100"  # words in the place of cents are for a person


@pytest.mark.parametrize("way", APART)
def test_cents_that_stand_apart_are_parted_from_the_whole(way: str) -> None:
    parted = [part_cents(crop(amount.gray)) for amount in written_amounts(way, 10)]
    assert sum(each is not None for each in parted) >= 8


@pytest.mark.parametrize("text", ["58203", "1,250.00", "40000", "12,500/-", "777.", "5.310.-"])
def test_nothing_is_parted_from_digits_of_one_size(text: str) -> None:
    assert part_cents(crop(handwritten(text, seed=2))) is None


def test_a_reading_that_fits_no_grouping_gives_way_to_one_that_does_and_that_is_said() -> None:
    choice = chosen(candidate("22,23,00/-", 0.6), candidate("22,23,000/-", 0.35))
    assert choice.value.text == "2223000"
    assert choice.evidence.repaired


def test_a_reading_that_fits_stays_though_another_fits_too() -> None:
    choice = chosen(candidate("4,220,000", 0.6), candidate("4,220,007", 0.35))
    assert (choice.value.text, choice.evidence.repaired) == ("4220000", False)


def test_missing_marks_weigh_less_than_a_group_that_lost_a_zero() -> None:
    unmarked = chosen(candidate("42,20000", 0.6), candidate("42120000", 0.15))
    lost = chosen(candidate("22,23,00/-", 0.6), candidate("2223000/-", 0.15))
    assert (unmarked.value.text, lost.value.text) == ("4220000", "2223000")


def test_an_odd_grouping_without_a_likely_alternative_stands_and_is_named() -> None:
    choice = chosen(candidate("22,23,00/-", 0.95), candidate("22,23,000/-", 0.01))
    assert (choice.value.reason, choice.evidence.odd) == ("odd_grouping", True)


def test_of_two_readings_alike_the_rounder_amount_is_likelier() -> None:
    assert as_likely_amounts([candidate("5083", 0.5), candidate("5000", 0.4)])[0].digits == "5000"


def test_of_two_first_digits_alike_the_one_with_which_more_amounts_begin_is_likelier() -> None:
    assert as_likely_amounts([candidate("7660", 0.5), candidate("1660", 0.4)])[0].digits == "1660"
    assert as_likely_amounts([candidate("7660", 0.9), candidate("1660", 0.1)])[0].digits == "7660"


def test_an_amount_hardly_begins_with_a_zero_unless_it_is_less_than_one() -> None:
    assert as_likely_amounts([candidate("0455", 0.8), candidate("10455", 0.2)])[0].digits == "10455"
    assert as_likely_amounts([candidate("050", 0.8), candidate("50", 0.2)])[0].digits == "050"
