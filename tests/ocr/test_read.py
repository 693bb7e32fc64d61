"""Reading pages and folders, from file to fields, with the shipped model."""

import random

import cv2
import numpy as np
import pytest
from drawn_digits import PAPER, handwritten
from hypothesis import given, settings
from hypothesis import strategies as st

import ocr
from ocr import Box, Form, FormField, Status
from ocr.digits.versions import shipped_folder
from ocr.read import read_fields
from ocr.readers import load_readers
from samples.drawing.hands import CLOSED, LOOPED, ROUND, UPRIGHT, WIDE

PX_PER_MM = 8.0
ADDRESS = Form(
    name="address",
    page_mm=(105, 74),
    fields=(
        FormField(
            name="zip", type="postal_code", country="US", cells=5, box_mm=(50.0, 20.0, 45.0, 9.0)
        ),
        FormField(name="persons", type="digits", length=(1, 2), box_mm=(50.0, 45.0, 24.0, 10.0)),
    ),
)


@pytest.fixture(autouse=True)
def shipped_model_only(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("FORMDIGITS_STATE", str(tmp_path_factory.mktemp("state")))


def saved(folder, gray, name="scan.png"):
    cv2.imwrite(str(folder / name), gray)
    return folder / name


def read_crop(folder, gray, form="digits"):
    (field,) = ocr.read_page(saved(folder, gray), form).fields
    return field


def test_no_such_day_is_accepted_however_clearly_it_is_printed(tmp_path):
    print_of_number = np.full((60, 260), 250, np.uint8)
    cv2.putText(print_of_number, "994512", (20, 44), cv2.FONT_HERSHEY_SIMPLEX, 1.3, (20,), 3)
    field = read_crop(tmp_path, print_of_number, "date")
    assert (field.value, field.status) == ("994512", Status.REVIEW)
    assert field.confidence < 0.1


def put(page, gray, left, top, height):
    """Paste a crop of writing, scaled to a height."""
    width = round(gray.shape[1] * height / gray.shape[0])
    part = page[top : top + height, left : left + width]
    np.minimum(part, cv2.resize(gray, (width, height), interpolation=cv2.INTER_AREA), out=part)


def address_page(zip_digits="01230", persons="3"):
    page = np.full((round(74 * PX_PER_MM), round(105 * PX_PER_MM)), PAPER, np.uint8)
    for k in range(6):
        cv2.line(page, (400 + 72 * k, 160), (400 + 72 * k, 232), 90, 2)
    for row in (160, 232):
        cv2.line(page, (400, row), (760, row), 90, 2)
    for k, digit in enumerate(zip_digits):
        if digit != " ":
            put(page, handwritten(digit, seed=k), 400 + 72 * k + 16, 152, 90)
    cv2.rectangle(page, (400, 360), (592, 440), 90, 2)
    if persons:
        put(page, handwritten(persons, seed=9), 440, 350, 95)
    cv2.putText(page, "Change of address", (40, 60), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 60, 2)
    return page


# --- strings --------------------------------------------------------------------------------------


@pytest.mark.parametrize("hand", [ROUND, CLOSED, UPRIGHT, LOOPED, WIDE])
def test_most_handwritten_numbers_are_read(tmp_path, hand):
    numbers = random.Random(4)
    right = 0
    for seed in range(4):
        text = "".join(numbers.choices("0123456789", k=6))
        right += read_crop(tmp_path, handwritten(text, hand, seed=seed)).value == text
    assert right >= 3


def test_leading_zeros_stay(tmp_path):
    field = read_crop(tmp_path, handwritten("00544", seed=2), "postal-code")
    assert (field.value, field.raw, field.type) == ("00544", "00544", "postal_code")
    assert field.status in {Status.ACCEPTED, Status.REVIEW}
    assert 0.0 < field.confidence <= 1.0


@pytest.mark.parametrize("scale", [0.5, 1.0, 3.0])
def test_the_resolution_does_not_matter(tmp_path, scale):
    gray = handwritten("48260", UPRIGHT, seed=1)
    gray = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    assert read_crop(tmp_path, gray).value == "48260"


def test_the_value_depends_on_the_fields_type(tmp_path):
    gray = handwritten("25 03 2016", UPRIGHT, seed=3)
    assert read_crop(tmp_path, gray, "date").value == "2016-03-25"
    assert read_crop(tmp_path, gray, "digits").value == "25032016"


def test_what_may_mean_two_things_is_for_a_person_however_clearly_it_is_written(tmp_path):
    gray = handwritten("4-3-2016", UPRIGHT, seed=3)
    unsure = read_crop(tmp_path, gray, "date")
    assert (unsure.value, unsure.status) == ("2016-04-03", Status.REVIEW)
    assert unsure.reason.split()[0] == "order_assumed"
    assert unsure.confidence <= 0.5
    told = Form(
        name="day", layout="crop", fields=(FormField(name="day", type="date", order="DMY"),)
    )
    assert read_crop(tmp_path, gray, told).value == "2016-03-04"


def test_an_amount_that_lacks_the_cents_its_form_asks_for_is_for_a_person(tmp_path):
    gray = handwritten("2354", UPRIGHT, seed=3)
    assert read_crop(tmp_path, gray, "amount").confidence > 0.5
    asked = Form(
        name="sum", layout="crop", fields=(FormField(name="sum", type="amount", cents=True),)
    )
    field = read_crop(tmp_path, gray, asked)
    assert (field.value, field.status) == ("2354", Status.REVIEW)
    assert field.reason.split()[0] == "no_cents"
    assert field.confidence <= 0.5


@pytest.mark.parametrize("form", ["digits", "amount", "date", "postal-code"])
@pytest.mark.parametrize("gray", [0, 200, 255])
def test_a_blank_crop_is_blank(tmp_path, form, gray):
    field = read_crop(tmp_path, np.full((90, 400), gray, np.uint8), form)
    assert (field.status, field.value, field.raw, field.confidence) == ("blank", "", "", None)
    assert field.box == Box(0, 0, 400, 90)


def test_an_empty_box_is_blank(tmp_path):
    gray = np.full((110, 400), PAPER, np.uint8)
    cv2.rectangle(gray, (5, 5), (394, 104), 90, 3)
    assert read_crop(tmp_path, gray, "amount").status is Status.BLANK


# --- pages ----------------------------------------------------------------------------------------


def test_a_form_is_read_field_by_field(tmp_path):
    reading = ocr.read_page(saved(tmp_path, address_page()), ADDRESS)
    postal_code, persons = reading.fields
    assert (postal_code.value, persons.value) == ("01230", "3")
    assert (reading.document, reading.page, reading.form) == ("scan.png", 1, "address")
    assert reading.model == ocr.champion().version
    assert reading.skew_deg == 0.0
    steps = ["load", "upright", "register", "find", "segment", "classify", "decode", "compare"]
    assert list(reading.timings_ms) == steps


def test_boxes_are_where_the_fields_are_on_a_skewed_scan(tmp_path):
    page = address_page()
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 2.0, 1.0)
    scan = cv2.warpAffine(page, turn, (width, height), borderValue=(PAPER,))
    reading = ocr.read_page(saved(tmp_path, scan), ADDRESS)
    assert reading.skew_deg == pytest.approx(2.0, abs=0.2)
    assert [field.value for field in reading.fields] == ["01230", "3"]
    for field, middle in zip(reading.fields, [(580, 196), (496, 400)], strict=True):
        x, y = turn @ (*middle, 1)
        box = field.box
        assert (box.x + box.width / 2, box.y + box.height / 2) == pytest.approx((x, y), abs=8)
        assert box == box.clipped(width, height)


def test_empty_fields_of_a_form_are_blank(tmp_path):
    reading = ocr.read_page(saved(tmp_path, address_page(zip_digits="", persons="")), ADDRESS)
    assert [field.status for field in reading.fields] == [Status.BLANK] * 2


def test_a_comb_with_empty_cells_is_not_accepted(tmp_path):
    field, _ = ocr.read_page(saved(tmp_path, address_page(zip_digits="01 34")), ADDRESS).fields
    assert field.status is Status.REVIEW
    assert {"empty_cells", "repaired"} & set(field.reason.split())


def test_fields_that_are_not_found_are_missing(tmp_path):
    blank = np.full((780, 1700), 240, np.uint8)
    reading = ocr.read_page(saved(tmp_path, blank), "check")
    for field in reading.fields:
        assert (field.status, field.reason) == (Status.MISSING, "not_found")
        assert (field.value, field.confidence, field.box) == ("", None, None)


def test_the_document_can_be_named_and_a_version_chosen(tmp_path):
    path = saved(tmp_path, handwritten("12"))
    version = ocr.champion().version
    reading = ocr.read_page(path, "digits", document="mail/a.png", model=version)
    assert (reading.document, reading.model) == ("mail/a.png", version)
    with pytest.raises(ocr.ModelError, match="no digit model"):
        ocr.read_page(path, "digits", model="nope")


def test_a_broken_file_or_form_is_told(tmp_path):
    (tmp_path / "empty.png").touch()
    with pytest.raises(ocr.DocumentError) as caught:
        ocr.read_page(tmp_path / "empty.png", "digits")
    assert caught.value.code == "empty_file"
    with pytest.raises(ocr.FormError):
        ocr.read_page(tmp_path / "empty.png", "no-such-form")


@pytest.mark.parametrize("form", [ADDRESS, "check", "amount"])
@pytest.mark.parametrize("size", [(8, 8), (8, 3000), (3000, 8), (9, 60_000)])
def test_absurd_pages_are_read_like_any_other(tmp_path, form, size):
    page = np.random.default_rng(1).integers(0, 256, size, dtype=np.uint8)
    reading = ocr.read_page(saved(tmp_path, page), form)
    assert reading.fields


READERS = load_readers(
    ocr.ModelVersion(
        shipped_folder() / (shipped_folder() / "champion").read_text("utf-8").strip(), "shipped"
    )
)


@settings(max_examples=25, deadline=None)  # a page takes some 30 ms, the first one more
@given(st.integers(8, 200), st.integers(8, 400), st.integers(0, 2**32 - 1), st.integers(0, 40))
def test_of_any_page_every_field_has_a_row_that_holds_together(height, width, seed, blots):
    noise = np.random.default_rng(seed)
    page = np.full((height, width), 230, np.uint8)
    for _ in range(blots):
        x, y = int(noise.integers(width)), int(noise.integers(height))
        cv2.circle(page, (x, y), int(noise.integers(1, 12)), int(noise.integers(0, 160)), 2)
    for form in (ADDRESS, ocr.load_form("amount"), ocr.load_form("check")):
        fields, _ = read_fields(page, form, READERS)
        assert [field.field for field in fields] == [field.name for field in form.fields]
        for field in fields:
            assert (field.confidence is None) == (field.value == "")
            assert field.confidence is None or 0.0 <= field.confidence <= 1.0
            assert (field.box is None) == (field.status is Status.MISSING)
            assert field.box is None or field.box == field.box.clipped(width, height)
            read_nothing = field.status in {Status.BLANK, Status.MISSING}
            assert (field.value == "") == (read_nothing or field.reason == "no_digits")


# --- folders --------------------------------------------------------------------------------------


def test_a_folder_with_a_broken_file_has_a_row_for_every_file(tmp_path):
    saved(tmp_path, handwritten("00544", seed=2), "a.png")
    (tmp_path / "b.png").write_bytes(b"")
    (tmp_path / "deep").mkdir()
    saved(tmp_path / "deep", np.full((90, 400), 235, np.uint8), "c.png")
    frame = ocr.read_folder(tmp_path, "postal-code")
    assert frame["document"].tolist() == ["a.png", "b.png", "deep/c.png"]
    assert frame["value"].tolist() == ["00544", "", ""]
    assert frame["status"].tolist()[1:] == ["error", "blank"]
    assert frame["reason"][1].startswith("empty_file: ")
    assert tuple(frame.columns) == ocr.COLUMNS


def test_all_pages_of_a_document_are_read(tmp_path):
    from PIL import Image

    pages = [Image.fromarray(handwritten(text, UPRIGHT, seed=1)) for text in ("482", "60")]
    pages[0].save(tmp_path / "two.tif", save_all=True, append_images=pages[1:])
    frame = ocr.read_folder(tmp_path, ocr.load_form("digits"))
    assert frame["page"].tolist() == [1, 2]
    assert frame["value"].tolist() == ["482", "60"]


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(ocr.FileUnreadable, match="no such folder"):
        ocr.read_folder(tmp_path / "gone", "digits")
