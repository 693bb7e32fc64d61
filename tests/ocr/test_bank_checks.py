"""Checks of many layouts, alone and on larger pages, drawn with the place of every field."""

import cv2
import numpy as np
import pytest

from ocr import load_form
from ocr.digits.versions import ModelVersion, shipped_folder
from ocr.find import find_fields, fit_form
from ocr.find.check import find_on_check, place_on_check
from ocr.find.check_areas import check_areas
from ocr.find.check_picture import picture_of
from ocr.geometry import Box
from ocr.read import read_fields
from ocr.readers import load_readers
from ocr.upright import as_scanned
from samples.drawing.bank_checks import draw_bank_check
from samples.drawing.check_layouts import DEVELOPED
from samples.drawing.held_out_layouts import HELD_OUT
from samples.drawing.later_layouts import LATER
from samples.drawing.paper import blank_sheet
from samples.drawing.typeset import put_box, put_rule, put_text

LAYOUTS = {layout.name: layout for layout in DEVELOPED + HELD_OUT + LATER}


def drawn(name, seed=1, dpi=150):
    check = draw_bank_check(LAYOUTS[name], np.random.default_rng(seed), dpi, spoiled=0.0)
    return check, np.asarray(cv2.cvtColor(check.picture, cv2.COLOR_RGB2GRAY), np.uint8)


def shared(one, other):
    """Intersection over union."""
    wide = min(one.right, other.right) - max(one.x, other.x)
    tall = min(one.bottom, other.bottom) - max(one.y, other.y)
    both = max(0, wide) * max(0, tall)
    return both / (one.width * one.height + other.width * other.height - both)


# --- fields ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "dpi"),
    [
        *((layout.name, dpi) for layout in DEVELOPED for dpi in (100, 200)),
        *((layout.name, 150) for layout in LATER),
    ],
)
def test_amount_and_date_are_found_on_every_layout(name, dpi):
    check, gray = drawn(name, seed=4, dpi=dpi)
    amount, date = find_on_check(picture_of(as_scanned(gray)), ["amount", "date"])
    assert shared(amount.box, check.amount_box) >= 0.5
    assert shared(date.box, check.date_box) >= 0.5


def test_the_check_number_is_not_taken_for_the_date():
    check, gray = drawn("us-personal-open")
    x, y = check.date_box.x, check.date_box.y
    gray[y - 12 : y + check.date_box.height + 12, x - 90 : x + 260] = 236  # neither label nor rule
    (date,) = find_on_check(picture_of(as_scanned(gray)), ["date"])
    number = Box(round(0.88 * gray.shape[1]), 0, round(0.12 * gray.shape[1]), 80)
    assert date is None or shared(date.box, number) == 0.0


def test_a_large_thin_sign_and_a_comb_above_do_not_mislead_the_amount():
    for name in ("us-wallet-old", "canada-personal"):
        check, gray = drawn(name, seed=4)
        (amount,) = find_on_check(picture_of(as_scanned(gray)), ["amount"])
        assert shared(amount.box, check.amount_box) >= 0.5, name


def test_strokes_of_digits_do_not_make_a_comb_narrower():
    name = "canada-personal"
    check = draw_bank_check(LAYOUTS[name], np.random.default_rng([5, 8, *name.encode()]), 100)
    gray = np.asarray(cv2.cvtColor(check.picture, cv2.COLOR_RGB2GRAY), np.uint8)
    (date,) = find_on_check(picture_of(as_scanned(gray)), ["date"])
    assert shared(date.box, check.date_box) >= 0.9


def test_a_ragged_line_under_the_amount_does_not_hang_out_of_its_frame():
    check, gray = drawn("uk-cheque", seed=4)
    frame = check.amount_box
    (before,) = find_on_check(picture_of(as_scanned(gray)), ["amount"])
    x, y = frame.x + frame.width // 2, frame.bottom
    gray[y - 16 : y, x : x + 2] = 30  # a stroke that ends on the line, which is thick there
    gray[y : y + 3, x - 4 : x + 40] = 30
    (after,) = find_on_check(picture_of(as_scanned(gray)), ["amount"])
    assert after.box.bottom == before.box.bottom


def test_fields_of_a_pale_picture_are_found():
    check, gray = drawn("india-cts", seed=4)
    pale = np.asarray(255 - (255 - gray.astype(np.float32)) * 0.22, np.uint8)
    amount, date = find_on_check(picture_of(as_scanned(pale)), ["amount", "date"])
    assert shared(amount.box, check.amount_box) >= 0.5
    assert len(date.cells) == 8


def stamped(gray, box):
    """A pale stamp across a box's left end and what stands before it."""
    stamp = np.zeros(gray.shape, np.uint8)
    left, middle = box.x - 2 * box.height, box.y + box.height // 2
    cv2.rectangle(stamp, (left, middle - 22), (left + 170, middle + 30), (255,), 3)
    cv2.putText(stamp, "RECEIVED", (left + 8, middle + 14), 0, 1.0, (255,), 3)
    return np.asarray(np.where(stamp > 0, np.minimum(gray, 0.7 * gray), gray), np.uint8)


def test_a_stamp_across_the_sign_does_not_hide_the_amount():
    check, gray = drawn("us-wallet-old", seed=4)
    (amount,) = find_on_check(picture_of(as_scanned(stamped(gray, check.amount_box))), ["amount"])
    assert shared(amount.box, check.amount_box) >= 0.5


def business_check():
    """A blank business check without a frame, 150 dots an inch."""
    sheet = blank_sheet(1275, 525, (240, 244, 240))
    put_text(sheet, "STATE OF EXAMPLE", (80, 70), 30, 700)
    put_text(sheet, "PAY TO THE ORDER OF", (80, 300), 14)
    put_text(sheet, "JOHN DOE", (300, 300), 20)
    return sheet


def found_on(sheet):
    gray = np.asarray(cv2.cvtColor(sheet, cv2.COLOR_RGB2GRAY), np.uint8)
    return find_on_check(picture_of(as_scanned(gray)), ["amount", "date"])


def test_amount_and_date_stand_in_a_table_below_their_headings():
    sheet = business_check()
    put_box(sheet, (770, 130, 450, 65), cells=2, line_px=2)
    put_rule(sheet, 770, 154, 1220)
    put_text(sheet, "DATE", (850, 149), 14)
    put_text(sheet, "NET AMOUNT", (1060, 149), 14)
    put_text(sheet, "10/12/2020", (800, 184), 22)
    put_text(sheet, "**638.22", (1020, 184), 22)
    amount, date = found_on(sheet)
    assert shared(amount.box, Box(995, 154, 225, 41)) > 0.8
    assert shared(date.box, Box(770, 154, 225, 41)) > 0.8


def test_headings_beside_the_word_date_and_the_fraction_above_it_are_no_date():
    columns = business_check()
    for x, heading, value in ((800, "DATE", "10/18/2017"), (930, "CHECK NO.", "004512")):
        put_text(columns, heading, (x, 120), 12)
        put_text(columns, value, (x - 20, 148), 20)
    put_text(columns, "$ 3,237.00", (1060, 148), 20)
    ruled = business_check()
    put_text(ruled, "50-123/456", (1110, 85), 11)
    put_text(ruled, "DATE", (930, 132), 14)
    put_rule(ruled, 990, 133, 1210)
    put_text(ruled, "3/21/2015", (1000, 129), 20)
    for sheet, left, base in ((columns, 780, 148), (ruled, 1000, 129)):
        _, date = found_on(sheet)
        assert shared(date.box, Box(left, base - 16, 110, 18)) > 0.4


def test_a_digit_like_a_sign_cuts_nothing_off_an_amount():
    sheet = business_check()
    put_box(sheet, (990, 160, 230, 42), line_px=2)
    put_text(sheet, "47$15.90", (1010, 190), 24)
    amount, _ = found_on(sheet)
    assert amount.box.x < 1010


def test_the_cells_of_a_date_are_no_amount():
    check, gray = drawn("canada-personal", seed=4)
    y = check.amount_box.y - 12
    gray[y : y + check.amount_box.height + 24, check.amount_box.x - 60 :] = 236
    (amount,) = find_on_check(picture_of(as_scanned(gray)), ["amount"])
    assert amount is None or shared(amount.box, check.date_box) == 0.0


def test_a_comma_that_hangs_out_of_its_frame_belongs_to_the_amount():
    check, gray = drawn("uk-cheque", seed=4)
    frame = check.amount_box
    x, y = frame.x + frame.width // 2, frame.bottom
    inside = Box(frame.x + 4, frame.y + 4, frame.width - 8, frame.height - 8)
    gray[inside.slices] = 236
    cv2.putText(gray, "52 17", (frame.x + 30, y - 14), cv2.FONT_HERSHEY_SIMPLEX, 1.1, (30,), 3)
    (before,) = find_on_check(picture_of(as_scanned(gray)), ["amount"])
    cv2.line(gray, (x, y - 8), (x - 4, y + 9), (30,), 3)
    (after,) = find_on_check(picture_of(as_scanned(gray)), ["amount"])
    assert before.box.bottom <= y
    assert y + 9 <= after.box.bottom <= y + 18


def test_a_1_right_behind_the_sign_is_no_part_of_it():
    name = "us-personal-side"
    check = draw_bank_check(LAYOUTS[name], np.random.default_rng([5, 2, *name.encode()]), 200)
    assert check.amount.startswith("1")
    gray = np.asarray(cv2.cvtColor(check.picture, cv2.COLOR_RGB2GRAY), np.uint8)
    (amount,) = find_on_check(picture_of(as_scanned(gray)), ["amount"])
    assert amount.box.x <= check.amount_box.x + 12  # its frame's left line, which the sign crosses


def test_a_signature_through_the_frame_does_not_make_it_larger():
    check, gray = drawn("uk-cheque", seed=4)
    frame = check.amount_box
    (before,) = find_on_check(picture_of(as_scanned(gray)), ["amount"])
    middle = frame.x + frame.width // 2, frame.bottom
    cv2.ellipse(gray, middle, (frame.height, frame.height), 0, 0, 360, (30,), 2)
    (after,) = find_on_check(picture_of(as_scanned(gray)), ["amount"])
    assert abs(after.box.bottom - before.box.bottom) <= 1


@pytest.mark.parametrize(
    ("name", "order", "cents"),
    [
        ("us-personal-framed", "MDY", True),
        ("canada-personal", "auto", True),
        ("india-cts", "DMY", False),
        ("uk-cheque", "DMY", True),
        ("us-business-headed", "MDY", True),
    ],
)
def test_the_print_tells_whether_cents_are_written_and_in_which_order_dates(name, order, cents):
    _, gray = drawn(name, seed=4)
    fields = load_form("check").fields
    placed = dict(
        zip([f.name for f in fields], place_on_check(as_scanned(gray), fields), strict=True)
    )
    assert placed["date"].order == order
    assert placed["amount"].cents == cents
    amount, date = (next(f for f in fields if f.name == name) for name in ("amount", "date"))
    assert placed["date"].asks(date).order == order
    assert placed["amount"].asks(amount).cents == cents
    said = date.model_copy(update={"order": "YMD"})
    assert placed["date"].asks(said).order == "YMD"  # the form knows better


# --- checks on larger pages -----------------------------------------------------------------------


def laid(page, gray, x, y):
    page[y : y + gray.shape[0], x : x + gray.shape[1]] = gray
    return Box(x, y, gray.shape[1], gray.shape[0])


@pytest.mark.parametrize("behind", [250, 120, 30])
def test_checks_on_a_scanners_glass_are_parted(behind):
    page = np.full((1650, 1275), behind, np.uint8)
    grays = [drawn(name)[1] for name in ("us-personal-framed", "us-personal-open", "uk-cheque")]
    laid_at = [laid(page, gray, 60, 50 + 530 * place) for place, gray in enumerate(grays)]
    areas = check_areas(as_scanned(page))
    assert len(areas) == 3
    assert all(shared(*pair) > 0.9 for pair in zip(areas, laid_at, strict=True))


@pytest.mark.parametrize("behind", [120, 30])
def test_checks_side_by_side_on_a_wide_page_are_parted(behind):
    page = np.full((900, 1900), behind, np.uint8)
    grays = [drawn(name)[1] for name in ("us-personal-framed", "us-personal-open")]
    laid_at = [laid(page, gray, 30 + 930 * place, 200) for place, gray in enumerate(grays)]
    areas = check_areas(as_scanned(page))
    assert len(areas) == 2
    assert all(shared(*pair) > 0.9 for pair in zip(areas, laid_at, strict=True))


def test_a_check_above_its_stubs_is_found_by_its_line():
    page = np.full((1650, 1275), 238, np.uint8)
    top = laid(page, drawn("us-business-stars")[1][:, :1275], 0, 0)
    for row in range(620, 1600, 60):
        text = f"Invoice {row} of goods 12/04/2019 {row * 3}.00"
        cv2.putText(page, text, (90, row), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 60, 2)
    (area,) = check_areas(as_scanned(page))
    assert shared(area, top) > 0.85


def test_a_check_that_fills_its_page_is_left_whole():
    for name in LAYOUTS:
        _, gray = drawn(name)
        (area,) = check_areas(as_scanned(gray))
        assert shared(area, Box(0, 0, gray.shape[1], gray.shape[0])) > 0.8, name


def test_a_blank_page_is_its_own_area():
    assert check_areas(as_scanned(np.full((900, 700), 240, np.uint8))) == [Box(0, 0, 700, 900)]


def test_several_checks_have_a_set_of_rows_each():
    page = np.full((1240, 1000), 250, np.uint8)
    checks = [drawn("us-personal-framed", seed) for seed in (1, 2)]
    for place, (_, gray) in enumerate(checks):
        laid(page, gray, 40, 60 + 560 * place)
    champion = (shipped_folder() / "champion").read_text("utf-8").strip()
    readers = load_readers(ModelVersion(shipped_folder() / champion, "shipped"))
    fields, _ = read_fields(page, load_form("check"), readers)
    names = ["amount", "date", "micr", "check_number"]
    assert [field.field for field in fields] == names + [f"{name}[2]" for name in names]
    assert [fields[k].value for k in (3, 7)] == [check.number for check, _ in checks]
    assert fields[4].box.y > 600


def test_a_page_without_checks_has_one_set_of_placements():
    page = np.full((1500, 1000), 240, np.uint8)
    assert find_fields(fit_form(as_scanned(page), load_form("check"))) == [None] * 4
