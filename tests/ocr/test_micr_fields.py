"""The parts of a MICR line, its confidence, and the fields of forms that ask for it."""

import csv
from pathlib import Path

import pytest
from drawn_micr import (
    BUSINESS,
    CANADA,
    INDIA,
    US,
    check_with_line_upside_down,
    check_without_line,
    drawn_check,
    scanned,
)

from ocr import Form, FormField, Status, load_form
from ocr.digits.versions import ModelVersion, shipped_folder
from ocr.geometry import Box
from ocr.micr import Glyph, MicrLine, find_on_check
from ocr.micr.recognize import recognize_micr
from ocr.pages import load_page
from ocr.read import read_fields
from ocr.readers import load_readers
from ocr.upright import make_upright
from ocr.values.micr import micr_value, split_line

CHECKS = Path(__file__).parents[2].parent / "shared/data/checks"
SAMPLES = Path(__file__).parents[2] / "samples"

# What is printed on the real checks, read by eye from their pictures.
PRINTED = {
    "083659": "C083659C 500025033A 290062C 31",
    "083660": "C083660C 500025033A 290062C 31",
    "100828": "C100828C 500229009A 551452C 31",
    "100829": "C100829C 500229009A 551452C 31",
    "100834": "C100834C 500229009A 551452C 31",
    "120612": "C120612C 500015048A 31",
    "120614": "C120614C 500015048A 31",
    **{
        f"3091{end}": f"C3091{end}C 500211012A 426160C 31"
        for end in ("00", "01", "02", "03", "10", "12", "19", "22", "23", "28", "37")
    },
    **{f"3090{end}": f"C3090{end}C 500211012A 426160C 31" for end in ("61", "76", "77", "89")},
}


# --- parts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "country", "number", "routing", "account"),
    [
        (INDIA, "IN", "083659", "500025033", "290062"),
        ("C120612C 500015048A          31", "IN", "120612", "500015048", None),
        (US, "US", "1042", "123456780", "00417796523"),
        (BUSINESS, "US", "001042", "123456780", "00417796523"),
        ("A123456780A 00417796523C", "US", None, "123456780", "00417796523"),
        ("A123456780A 1042 00417796523C", "US", None, "123456780", "1042 00417796523"),
        (CANADA, "CA", "001", "12345D003", "123D456D7"),
        ("C08?659C 500025033A 290062C 31", "IN", "08?659", "500025033", "290062"),
        ("123456780 00417796523", "", None, None, None),
        ("", "", None, None, None),
    ],
)
def test_a_line_is_split_by_its_symbols(line, country, number, routing, account):
    split = split_line(line)
    found = {name: line[places] for name, places in split.parts.items()}
    assert split.country == country
    assert found["line"] == line
    wanted = (number, routing, account)
    assert tuple(found.get(name) for name in ("check_number", "routing", "account")) == wanted
    assert found.get("transaction_code") == ("31" if country == "IN" else None)


@pytest.mark.parametrize(
    ("line", "value", "reason"),
    [
        (BUSINESS, " ".join(BUSINESS.split()), ""),
        (US.replace("780A", "781A"), US.replace("780A", "781A"), "check_digit"),
        (INDIA.replace("83", "8?"), INDIA.replace("83", "8?"), "unreadable_character"),
        ("A12345678A 1C", "A12345678A 1C", "unknown_arrangement"),
    ],
)
def test_a_lines_value_is_checked(line, value, reason):
    checked = micr_value(line)
    assert (checked.text, checked.reason, checked.valid) == (value, reason, not reason)


def line_of(text, margin=0.3):
    box = Box(0, 0, 9, 9)
    return MicrLine(
        tuple(
            Glyph(sign, place, 0.9, 0.0 if sign == "?" else margin, box)
            for place, sign in enumerate(text)
            if sign != " "
        )
    )


def test_confidence_falls_with_the_margins_and_with_what_is_wrong():
    sure = recognize_micr(line_of(US)).confidence
    assert 0.99 < sure < 1.0
    assert recognize_micr(line_of(US, margin=0.19)).confidence > 0.9
    assert recognize_micr(line_of(US, margin=0.1)).confidence < 0.5
    assert recognize_micr(line_of(US.replace("780A", "781A"))).confidence < 0.6


def test_an_unreadable_character_spoils_only_its_own_part():
    line = line_of(INDIA.replace("290062", "29?062"))
    assert recognize_micr(line).confidence == 0.0
    number = recognize_micr(line, "check_number")
    assert (number.value, number.raw, number.reason) == ("083659", "083659", "")
    assert number.confidence > 0.99
    with pytest.raises(KeyError):
        recognize_micr(line_of(US), "transaction_code")


# --- reading a page -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def readers():
    champion = (shipped_folder() / "champion").read_text("utf-8").strip()
    return load_readers(ModelVersion(shipped_folder() / champion, "shipped"))


def test_a_checks_form_has_the_line_and_its_number(readers):
    fields, _ = read_fields(scanned(drawn_check(INDIA)), load_form("check"), readers)
    named = {field.field: field for field in fields}
    assert list(named) == ["amount", "date", "micr", "check_number"]
    micr, number = named["micr"], named["check_number"]
    assert (micr.value, micr.raw, micr.status) == (INDIA, INDIA, Status.ACCEPTED)
    assert (number.value, number.type, number.status) == ("083659", "micr", Status.ACCEPTED)
    assert number.box.x > micr.box.x
    assert number.box.right < micr.box.x + micr.box.width / 2


@pytest.mark.parametrize("gray", [check_without_line(), check_with_line_upside_down()])
def test_a_check_without_a_line_has_its_fields_missing(readers, gray):
    fields, _ = read_fields(gray, load_form("check"), readers)
    for field in fields[2:]:
        assert (field.value, field.status, field.reason) == ("", Status.MISSING, "not_found")


def test_a_part_that_the_line_does_not_have_is_missing(readers):
    form = Form(
        name="parts",
        layout="check",
        fields=tuple(
            FormField(name=part, type="micr", part=part)
            for part in ("transaction_code", "routing", "account", "check_number")
        ),
    )
    fields, _ = read_fields(scanned(drawn_check(US)), form, readers)
    assert [field.value for field in fields] == ["", "123456780", "00417796523", "1042"]
    assert fields[0].status is Status.MISSING


def test_a_wrong_check_digit_goes_to_review(readers):
    gray = scanned(drawn_check(US.replace("780A", "781A")))
    micr = read_fields(gray, load_form("check"), readers)[0][2]
    assert (micr.status, micr.reason) == (Status.REVIEW, "check_digit low_confidence")


def test_a_line_in_the_box_of_a_form_is_read(readers):
    field = FormField(name="micr", type="micr", box_mm=(20.0, 80.0, 160.0, 11.0))
    form = Form(name="slip", page_mm=(203.2, 93.0), fields=(field,))
    (micr,), _ = read_fields(scanned(drawn_check(US)), form, readers)
    assert (micr.value, micr.status) == (US, Status.ACCEPTED)
    assert 1.1 * 200 < micr.box.x < 1.3 * 200


# --- samples and real checks ----------------------------------------------------------------------


def test_the_lines_of_the_samples_are_read():
    with (SAMPLES / "truth.csv").open(newline="", encoding="utf-8") as file:
        truth = {
            row["file"]: row["value"] for row in csv.DictReader(file) if row["field"] == "micr"
        }
    assert len(truth) == 5
    for name, line in truth.items():
        found = find_on_check(make_upright(load_page(SAMPLES / name).gray))
        assert " ".join(found.text.split()) == line, name


@pytest.mark.skipif(not CHECKS.is_dir(), reason="the shared data set of checks is not here")
def test_the_lines_of_all_real_checks_are_read():
    with (CHECKS / "labels.csv").open(newline="", encoding="utf-8") as file:
        labels = {row["file"]: row["check_number"] for row in csv.DictReader(file)}
    assert len(labels) == len(PRINTED) == 22
    for name, number in labels.items():
        line = find_on_check(make_upright(load_page(CHECKS / "images" / name).gray))
        assert " ".join(line.text.split()) == PRINTED[number], name
        assert recognize_micr(line, "check_number").value == number
        assert recognize_micr(line).confidence > 0.97
