"""Reading a page without a form, and the rows of a column."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from sklearn.datasets import load_sample_images

import ocr
from ocr.errors import FormError
from ocr.find import fit_form, place_fields
from ocr.forms import Form, FormField, load_form
from ocr.reading import Status
from ocr.upright import as_scanned

SAMPLES = Path(__file__).parents[2] / "samples"
PX = 6.0  # pixels per millimetre of the drawn pages


def paper():
    return np.full((round(297 * PX), round(210 * PX)), 244, np.uint8)


def saved(page, folder):
    path = folder / "page.png"
    cv2.imwrite(str(path), page)
    return path


# --- auto -----------------------------------------------------------------------------------------


def test_a_form_is_read_without_its_form():
    fields = ocr.read_page(SAMPLES / "forms" / "clean.png", "auto").fields
    read = {field.field: field.value for field in fields}
    truth = {
        "comb_1": "40718365",
        "comb_2": "01201",
        "comb_3": "97035",
        "comb_4": "06282024",
        "box_1": "4",
    }
    assert list(read) == list(truth), "the names on the ruled lines are no fields"
    assert sum(read[name] == value for name, value in truth.items()) >= 4


def test_a_check_has_the_fields_of_the_form_check():
    fields = ocr.read_page(SAMPLES / "checks" / "indian-green.jpg", "auto").fields
    assert [field.field for field in fields] == ["amount", "date", "micr", "check_number"]


def test_an_empty_comb_is_blank_and_an_empty_name_line_is_nothing(tmp_path):
    page = paper()
    cv2.rectangle(page, (240, 480), (480, 528), 60, 2)
    for x in (288, 336, 384, 432):
        cv2.line(page, (x, 480), (x, 528), 60, 2)
    cv2.line(page, (240, 700), (700, 700), 60, 2)
    (field,) = ocr.read_page(saved(page, tmp_path), "auto").fields
    assert (field.field, field.status, field.value) == ("comb_1", Status.BLANK, "")


def text():
    page = paper()
    for line in range(40):
        words = f"line {line} of a letter without any field"
        cv2.putText(page, words, (120, 120 + 36 * line), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 60, 2)
    return page


@pytest.mark.parametrize("draw", [paper, text])
def test_a_page_without_fields_has_one_row_that_says_so(draw, tmp_path):
    (field,) = ocr.read_page(saved(draw(), tmp_path), "auto").fields
    assert (field.field, field.status, field.reason) == ("", Status.MISSING, "no_fields")


@pytest.mark.parametrize("number", [0, 1])
def test_nothing_on_a_photograph_is_accepted(number, tmp_path):
    photo = load_sample_images().images[number]
    fields = ocr.read_page(saved(photo[..., ::-1], tmp_path), "auto").fields
    assert fields
    assert not any(field.status is Status.ACCEPTED for field in fields)


# --- columns --------------------------------------------------------------------------------------


def votes(**keys):
    field = FormField(name="votes", type="digits", box_mm=(60.0, 60.0, 40.0, 54.0), **keys)
    return Form(name="tally", page_mm=(210.0, 297.0), fields=(field,))


def ruled(rows_mm):
    page = paper()
    for row in rows_mm:
        y = round(row * PX)
        cv2.line(page, (round(30 * PX), y), (round(170 * PX), y), 60, 2)
    return page


@pytest.mark.parametrize("rows", [6, "auto"])
@pytest.mark.parametrize("shift_mm", [-1.5, 0.0, 1.5])
def test_rows_settle_on_the_printed_rules(rows, shift_mm):
    rules = [60 + 9 * k + shift_mm for k in range(7)]
    placed = place_fields(fit_form(as_scanned(ruled(rules)), votes(rows=rows)))
    assert [field.name for field, _ in placed] == [f"votes[{k}]" for k in range(1, 7)]
    tops = [place.box.y / PX for _, place in placed]
    assert tops == pytest.approx(rules[:6], abs=0.5)


def test_a_hidden_rule_costs_no_row():
    placed = place_fields(
        fit_form(as_scanned(ruled([60, 69, 78, 96, 105, 114])), votes(rows="auto"))
    )
    assert [place.box.y / PX for _, place in placed] == pytest.approx(
        [60, 69, 78, 87, 96, 105], abs=0.6
    )


def test_without_rules_a_given_number_of_rows_is_equal_and_an_unknown_one_missing():
    given = place_fields(fit_form(as_scanned(paper()), votes(rows=6)))
    assert [place.box.y / PX for _, place in given] == pytest.approx(
        [60 + 9 * k for k in range(6)], abs=0.5
    )
    assert [
        (field.name, place)
        for field, place in place_fields(fit_form(as_scanned(paper()), votes(rows="auto")))
    ] == [("votes", None)]


def test_a_column_of_combs_has_cells_in_each_row():
    placed = place_fields(
        fit_form(as_scanned(ruled([60 + 9 * k for k in range(7)])), votes(rows=6, cells=3))
    )
    assert [len(place.cells) for _, place in placed] == [3] * 6


@pytest.mark.parametrize("rows", ["1", "0", "201", '"some"', "2.5"])
def test_a_mistake_in_rows_is_named(rows, tmp_path):
    file = tmp_path / "form.toml"
    file.write_text(
        'name = "tally"\npage_mm = [210, 297]\n[[field]]\nname = "votes"\ntype = "digits"\n'
        f"box_mm = [60, 60, 40, 54]\nrows = {rows}\n"
    )
    with pytest.raises(FormError, match=r"rows.*give the number of rows"):
        load_form(file)
