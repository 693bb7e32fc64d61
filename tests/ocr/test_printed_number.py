"""A check number in the MICR line against the same number in print."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from ocr import Status, load_form
from ocr.digits.versions import ModelVersion, shipped_folder
from ocr.find.check_number import find_printed_numbers
from ocr.find.check_picture import picture_of
from ocr.printed_number import against_print
from ocr.read import read_fields
from ocr.readers import load_readers
from ocr.recognize import Recognition
from ocr.upright import as_scanned
from samples.drawing.bank_checks import draw_bank_check
from samples.drawing.check_layout import Text
from samples.drawing.check_layouts import DEVELOPED
from samples.drawing.held_out_layouts import HELD_OUT
from samples.drawing.paper import blank_sheet
from samples.drawing.typeset import put_text

LAYOUTS = {layout.name: layout for layout in DEVELOPED + HELD_OUT}


def drawn(name, printed=None, seed=3):
    """A check at 200 dpi; with `printed` that number stands in the upper right, not its own."""
    layout = LAYOUTS[name]
    if printed is not None:
        layout = replace(
            layout,
            texts=(*layout.texts, replace(layout.number, text=printed)),
            number=Text("", 0, 0),
        )
    check = draw_bank_check(layout, np.random.default_rng(seed), 200, spoiled=0.0)
    return check.number, np.asarray(cv2.cvtColor(check.picture, cv2.COLOR_RGB2GRAY), np.uint8)


@pytest.fixture(scope="module")
def number_on():
    """Reads the check number of a check, by the given form."""
    champion = (shipped_folder() / "champion").read_text("utf-8").strip()
    readers = load_readers(ModelVersion(shipped_folder() / champion, "shipped"))

    def read(gray, form="check"):
        fields, _ = read_fields(gray, load_form(form), readers)
        return next(field for field in fields if field.field == "check_number")

    return read


@pytest.mark.parametrize("name", ["us-personal-framed", "us-business-stars", "canada-personal"])
def test_a_number_that_agrees_is_accepted(number_on, name):
    number, gray = drawn(name)
    assert len(find_printed_numbers(picture_of(as_scanned(gray)), [])) > 0
    read = number_on(gray)
    assert (read.value, read.status, read.reason) == (number, Status.ACCEPTED, "")


@pytest.mark.parametrize("name", ["us-personal-framed", "us-business-stars"])
@pytest.mark.parametrize("form", ["check", "auto"])
def test_a_number_that_differs_goes_to_review(number_on, name, form):
    number, gray = drawn(name, printed="4967")
    read = number_on(gray, form)
    assert read.value == number
    assert (read.status, read.reason) == (
        Status.REVIEW,
        "printed_number_differs low_confidence",
    )


@pytest.mark.parametrize("name", ["us-personal-framed", "india-cts"])
def test_a_check_without_a_printed_number_raises_nothing(number_on, name):
    number, gray = drawn(name, printed="")
    read = number_on(gray)
    assert (read.value, read.status, read.reason) == (number, Status.ACCEPTED, "")


def test_a_number_under_a_scribble_raises_nothing(number_on):
    number, gray = drawn("us-personal-framed", printed="4967")
    cv2.line(gray, (1060, 66), (1190, 36), 30, 5)
    read = number_on(gray)
    assert (read.value, read.reason) == (number, "")


@pytest.mark.parametrize(
    ("print_more", "found"),
    [
        (lambda sheet: None, 1),
        (lambda sheet: put_text(sheet, "Springfield ST", (830, 80), 40), 0),
        (lambda sheet: put_text(sheet, "-5678", (1110, 80), 40), 0),
        (lambda sheet: put_text(sheet, "12-3456", (970, 40), 36), 0),
        (lambda sheet: put_text(sheet, "12-3456/7890", (985, 112), 22), 1),
    ],
    ids=["alone", "zip code", "telephone", "lower half of a fraction", "above a fraction"],
)
def test_a_number_is_looked_for_alone_on_its_line(print_more, found):
    sheet = blank_sheet(1200, 550, (240, 240, 240))
    put_text(sheet, "1042", (1000, 80), 40, 700)
    print_more(sheet)
    gray = np.asarray(cv2.cvtColor(sheet, cv2.COLOR_RGB2GRAY), np.uint8)
    assert len(find_printed_numbers(picture_of(as_scanned(gray)), [])) == found


def test_a_number_that_the_checks_edge_cuts_is_not_looked_at():
    sheet = blank_sheet(1200, 550, (240, 240, 240))
    put_text(sheet, "1042", (1130, 80), 40, 700)
    gray = np.asarray(cv2.cvtColor(sheet, cv2.COLOR_RGB2GRAY), np.uint8)
    assert find_printed_numbers(picture_of(as_scanned(gray)), []) == []


def said(value, confidence=0.99, reason=""):
    return Recognition(value, value, confidence, reason)


@pytest.mark.parametrize(
    ("number", "printed", "differs"),
    [
        (said("001042"), [said("1042")], False),
        (said("1042"), [said("1043")], True),
        (said("1042"), [said("1043", 0.9)], False),
        (said("1042"), [said("1043"), said("1042")], False),
        (said("1042"), [said("1043"), said("1044")], False),
        (said("1042"), [said("19", reason="wrong_length")], False),
        (said("1042"), [said("1003", 0.099, "overwritten")], True),
        (said("1042"), [None], False),
        (said("1042"), [], False),
        (said("10?2", 0.0, "unreadable_character"), [said("1043")], False),
    ],
)
def test_only_one_sure_other_number_denies_it(number, printed, differs):
    compared = against_print(number, printed)
    assert (compared.reason == "printed_number_differs") is differs
    assert compared.value == number.value
    assert differs or compared == number
