"""Registration: drawn pages are placed to a millimetre or told to be another form's."""

import cv2
import numpy as np
import pytest

from bench.degraded_forms import MARKS, degrade, draw, layouts
from bench.registration import form_with, overlap, pages_of, true_box
from ocr.errors import FormError
from ocr.find import Absence, Placement, find_fields, fit_form
from ocr.forms import Form, load_form
from ocr.register import reduce, register
from ocr.upright import as_scanned, make_upright

SPREAD, DENSE, FEW = layouts()


def overlaps(page, form):
    """Overlap of each field with the truth; 0 for one that is not found."""
    upright = make_upright(page.gray)
    places = find_fields(fit_form(upright, form))
    return [
        overlap(upright.to_scan(place.box), true_box(page, field.box_mm))
        if isinstance(place, Placement)
        else 0.0
        for field, place in zip(form.fields, places, strict=True)
    ]


@pytest.mark.parametrize("form", [SPREAD, FEW], ids=lambda form: form.name)
@pytest.mark.parametrize("evidence", ["lines", "marks", "reference"])
@pytest.mark.parametrize("photocopy", [False, True])
def test_fields_of_degraded_pages_are_placed(form, evidence, photocopy):
    for page in pages_of(form, evidence, 2, photocopy=photocopy):
        assert min(overlaps(page, form_with(form, evidence))) >= 0.5


@pytest.mark.parametrize("evidence", ["lines", "reference"])
def test_a_page_of_another_form_is_not_taken(evidence):
    for page in pages_of(SPREAD, evidence, 2, photocopy=False):
        upright = make_upright(page.gray)
        for other in (DENSE, FEW):
            assert set(find_fields(fit_form(upright, form_with(other, evidence)))) == {
                Absence.FORM_NOT_FOUND
            }


def text_page():
    page = np.full((1754, 1240), 240, np.uint8)
    for row in range(100, 1700, 36):
        text = f"line {row} of a letter, with words and numbers {row * 37}"
        cv2.putText(page, text, (80, row), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 70, 2)
    return page


def photograph():
    """Soft shapes of all sizes: what a picture of anything has."""
    rng = np.random.default_rng(5)
    layers = [cv2.resize(rng.normal(0, 1, (n, n)), (1240, 1754)) for n in (4, 16, 64, 256)]
    return np.clip(128 + 40 * sum(layers), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("page", [np.full((1754, 1240), 250, np.uint8), text_page(), photograph()])
@pytest.mark.parametrize("evidence", ["lines", "marks", "reference"])
def test_blank_pages_text_and_photographs_are_no_forms(page, evidence):
    assert set(find_fields(fit_form(as_scanned(page), form_with(SPREAD, evidence)))) == {
        Absence.FORM_NOT_FOUND
    }


def test_of_a_page_cut_off_in_a_field_the_rest_is_found():
    rng = np.random.default_rng(3)
    cut_px = round((297 - 252) * 150 / 25.4)  # in the middle of the lower comb and box
    page = degrade(draw(FEW, rng), rng, stretch=1.0, cut_px=cut_px)
    number, code, amount = find_fields(fit_form(make_upright(page.gray), FEW))
    assert isinstance(number, Placement)
    assert (code, amount) == (Absence.CUT_OFF, Absence.CUT_OFF)


def test_lost_marks_fall_back_to_the_printed_lines():
    rng = np.random.default_rng(4)
    page = degrade(draw(SPREAD, rng, MARKS[:1]), rng)
    form = form_with(SPREAD, "marks")
    found = register(reduce(make_upright(page.gray)), form)
    assert found.by == "lines"
    assert found.residual_mm < 0.2


def test_a_form_names_the_picture_beside_it_and_carries_it(tmp_path):
    gray = cv2.cvtColor(draw(FEW, np.random.default_rng(1), fill=False), cv2.COLOR_RGB2GRAY)
    cv2.imwrite(str(tmp_path / "blank.png"), gray)
    text = 'name = "few"\npage_mm = [210, 297]\nreference = "{}"\n[[field]]\nname = "a"\n'
    text += 'type = "digits"\nbox_mm = [130, 248, 45, 11]\n'
    (tmp_path / "few.toml").write_text(text.format("blank.png"))
    form = load_form(tmp_path / "few.toml")
    (tmp_path / "blank.png").unlink()
    assert Form.model_validate_json(form.model_dump_json()) == form
    (page,) = pages_of(FEW, "lines", 1, photocopy=False)
    assert register(reduce(make_upright(page.gray)), form).by == "reference"
    for wrong, fact in (("../blank.png", "leads out"), ("none.png", "none.png")):
        (tmp_path / "few.toml").write_text(text.format(wrong))
        with pytest.raises(FormError, match=f"reference: .*{fact}"):
            load_form(tmp_path / "few.toml")


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ('[[mark]]\nshape = "square"\nat_mm = [5, 5]', "mark: is a single one; give two"),
        ('[[mark]]\nshape = "star"\nat_mm = [5, 5]', "mark[1].shape: is not known; give one of"),
        ("dropout = 1", "dropout: is neither true nor false; give true"),
    ],
)
def test_a_mistake_in_what_registers_names_key_and_remedy(tmp_path, keys, line):
    field = '[[field]]\nname = "a"\ntype = "date"\nbox_mm = [1, 1, 9, 9]\n'
    top = 'name = "f"\npage_mm = [100, 100]\n'
    text = top + (field + keys if keys.startswith("[[") else f"{keys}\n{field}")
    (tmp_path / "f.toml").write_text(text)
    with pytest.raises(FormError) as caught:
        load_form(tmp_path / "f.toml")
    assert line in str(caught.value)
