"""Folders that mix forms: each page gets the form that fits best, or says that none does."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

import ocr
from bench.degraded_forms import degrade, draw, layouts
from bench.registration import form_with, pages_of
from ocr.cli import app
from ocr.errors import FormError, UnknownForm
from ocr.find import best_fitting
from ocr.forms import Form, FormField, forms_from_json, forms_to_json, load_forms
from ocr.upright import as_scanned, make_upright

SPREAD, DENSE, FEW = layouts()
SAMPLES = Path(__file__).parents[2] / "samples"
ADDRESS = SAMPLES / "change-of-address.toml"
FORM = 'name = "{}"\npage_mm = [100, 50]\n[[field]]\nname = "a"\ntype = "digits"\ncells = 5\n'
FORM += "box_mm = [40, 20, 45, 9]\n"


@pytest.fixture(autouse=True)
def shipped_model_only(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("FORMDIGITS_STATE", str(tmp_path_factory.mktemp("state")))


def blank_page():
    return np.full((1754, 1240), 245, np.uint8)


def chosen(gray, forms):
    found = best_fitting(make_upright(gray), forms)
    return found.form.name if found else None


# --- choosing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("evidence", ["lines", "marks", "reference"])
@pytest.mark.parametrize("photocopy", [False, True])
def test_each_page_gets_its_own_form(evidence, photocopy):
    forms = [form_with(form, evidence) for form in layouts()]
    for form in layouts():
        for page in pages_of(form, evidence, 1, photocopy=photocopy):
            assert chosen(page.gray, forms) == form.name


def test_forms_of_different_evidence_are_compared_with_one_another():
    forms = [
        form_with(form, evidence)
        for form, evidence in zip(layouts(), ("reference", "lines", "reference"), strict=True)
    ]
    for form in layouts():
        (page,) = pages_of(form, "lines", 1, photocopy=False)
        assert chosen(page.gray, forms) == form.name


@pytest.mark.parametrize("evidence", ["lines", "reference"])
def test_of_a_form_and_its_longer_edition_each_page_gets_its_own(evidence):
    fields = (*SPREAD.fields[:3],)
    short = Form(name="short", page_mm=SPREAD.page_mm, fields=fields)
    editions = [form_with(short, evidence), form_with(SPREAD, evidence)]
    rng = np.random.default_rng(8)
    for form in (short, SPREAD):
        page = degrade(draw(form, rng), rng)
        assert chosen(page.gray, editions) == form.name
        assert chosen(page.gray, editions[::-1]) == form.name


def test_a_page_that_fits_none_has_no_form():
    assert chosen(blank_page(), [SPREAD, FEW]) is None
    (other,) = pages_of(DENSE, "lines", 1, photocopy=False)
    assert chosen(other.gray, [SPREAD, FEW]) is None
    assert chosen(other.gray, [SPREAD, FEW, ocr.load_form("check")]) is None


def test_checks_go_to_the_form_of_checks_and_the_rest_to_auto():
    forms = load_forms([SPREAD, "check", "auto"])
    check = cv2.imread(str(SAMPLES / "checks" / "us-decimals.jpg"), cv2.IMREAD_GRAYSCALE)
    (known,) = pages_of(SPREAD, "lines", 1, photocopy=False)
    assert chosen(check, forms) == "check"
    assert chosen(known.gray, forms) == "spread"
    assert chosen(blank_page(), forms) == "auto"


def test_boxes_alone_are_no_form_of_a_page_that_does_not_show_them():
    box = FormField(name="a", type="digits", box_mm=(60, 100, 50, 12))
    boxes = Form(name="boxes", page_mm=(210, 297), fields=(box,))
    assert best_fitting(as_scanned(blank_page()), [boxes, FEW]) is None


# --- giving forms ---------------------------------------------------------------------------------


def test_a_folder_stands_for_the_forms_in_it(tmp_path):
    for name in ("b", "a"):
        (tmp_path / f"{name}.toml").write_text(FORM.format(name))
    (tmp_path / ".hidden.toml").write_text("")
    (tmp_path / "blank.png").touch()
    forms = load_forms([tmp_path, "check"])
    assert [form.name for form in forms] == ["a", "b", "check"]
    assert forms_from_json(forms_to_json(forms)) == forms
    assert forms_from_json(forms_to_json(forms[:1])) == forms[:1]
    assert forms_to_json(forms[:1]) == forms[0].model_dump_json(), "as ledgers have it"


def field_only(layout, name, **keys):
    field = FormField(name="a", type="amount", **keys)
    page_mm = (100, 50) if layout == "template" else None
    return Form(name=name, layout=layout, page_mm=page_mm, fields=(field,))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["check", "check"], "form check: is given twice; give each form a name of its own"),
        (["check", "amount"], "form amount: takes a whole image .* give it alone"),
        (["check", field_only("check", "mine")], "form check: is one of 2 of layout check"),
        (
            [
                "check",
                field_only("template", "f", box_mm=(1, 1, 9, 9)).model_copy(
                    update={"dropout": True}
                ),
            ],
            "form f: has no print .* give it a reference or marks",
        ),
        ([], "no form is given; name one"),
        (["check", "amunt"], "amunt: no such form .did you mean amount"),
    ],
)
def test_forms_that_cannot_be_told_apart_are_refused(given, message):
    with pytest.raises(FormError, match=message):
        load_forms(given)


def test_a_folder_without_forms_or_with_a_broken_one_is_refused(tmp_path):
    with pytest.raises(FormError, match="no form in this folder; put"):
        load_forms(tmp_path)
    (tmp_path / "a.toml").write_text(FORM.format("a"))
    (tmp_path / "b.toml").write_text("name = 1")
    with pytest.raises(FormError, match=r"b\.toml: name: "):
        load_forms(tmp_path)


# --- reading --------------------------------------------------------------------------------------


def test_a_mixed_folder_is_read_page_by_page_and_unknown_pages_have_a_row(tmp_path):
    scans = tmp_path / "scans"
    scans.mkdir()
    for sample in ("forms/clean.png", "checks/indian-green.jpg"):
        target = scans / sample.replace("/", "-")
        target.write_bytes((SAMPLES / sample).read_bytes())
    cv2.imwrite(str(scans / "letter.png"), blank_page())
    (scans / "torn.png").touch()
    frame = ocr.read_folder(scans, [ADDRESS, "check"])
    forms = dict(zip(frame["document"], frame["form"], strict=True))
    assert forms == {
        "checks-indian-green.jpg": "check",
        "forms-clean.png": "change-of-address",
        "letter.png": "",
        "torn.png": "",
    }
    alone = ocr.read_folder(scans, ADDRESS)
    page = "document == 'forms-clean.png'"
    assert frame.query(page).reset_index(drop=True).equals(alone.query(page).reset_index(drop=True))
    (row,) = frame.query("document == 'letter.png'").itertuples()
    assert (row.status, row.field, row.value) == ("error", "", "")
    assert row.reason.startswith("unknown_form: the page fits none of the forms; ")
    with pytest.raises(UnknownForm, match=r"letter\.png page 1: fits none of change-of-addr"):
        ocr.read_page(scans / "letter.png", [ADDRESS, "check"])


def test_a_page_of_no_form_is_a_row_and_its_document_is_read_on(tmp_path):
    form = cv2.imread(str(SAMPLES / "forms" / "clean.png"), cv2.IMREAD_GRAYSCALE)
    cv2.imwritemulti(str(tmp_path / "both.tif"), [blank_page(), form])
    words = ["read", str(tmp_path / "both.tif"), "--form", str(ADDRESS), "--form", "check"]
    words += ["--json", "--annotate", str(tmp_path / "out.png")]
    done = CliRunner().invoke(app, words)
    cover, filled = map(json.loads, done.stdout.splitlines())
    assert done.exit_code == 3
    assert cover["fields"][0]["reason"].startswith("unknown_form: ")
    assert (filled["form"], len(filled["fields"])) == ("change-of-address", 5)
    assert (tmp_path / "out-1.png").exists()
    assert (tmp_path / "out-2.png").exists()
