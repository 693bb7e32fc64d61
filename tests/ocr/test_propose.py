"""`formdigits forms new` and `schema`: a form out of a page, good enough to read it at once."""

import json
import tomllib
from pathlib import Path

import cv2
import jsonschema
import numpy as np
import pytest
from typer.testing import CliRunner

import ocr
from bench.pages.degrade import scan
from bench.pages.draw import DPI, fill
from bench.pages.layout import layouts
from ocr.cli import app
from ocr.digits.versions import champion
from ocr.errors import DocumentError, ExportError, FormError
from ocr.forms import Form, FormField, Mark, builtin_names
from ocr.forms.schema import form_schema
from ocr.forms.write import to_toml
from ocr.propose import propose
from ocr.readers import load_readers
from ocr.upright import as_scanned, make_upright
from tests.ocr import ruled_pages
from tests.ocr.ruled_pages import paper, table, write

SAMPLES = Path(__file__).parents[2] / "samples"
CLEAN = SAMPLES / "forms" / "clean.png"
BUILTIN = Path(ocr.__file__).parent / "forms" / "builtin"
CENSUS, REGISTRATION, TALLY, METER_CARD, INVOICE = layouts()


@pytest.fixture(autouse=True)
def shipped_model_only(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("FORMDIGITS_STATE", str(tmp_path_factory.mktemp("state")))


def run(*words):
    """Standard output of a command that succeeds."""
    result = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The form that is proposed from a filled page."""
    target = tmp_path_factory.mktemp("new") / "My address (2).toml"
    said = run("forms", "new", CLEAN, "-o", target)
    assert said.endswith(f"{target} with My address (2).png\n")
    return target


def proposed(layout, empty_share):
    rng = np.random.default_rng(4)
    page = make_upright(scan(fill(layout, rng, empty_share).gray, rng).gray)
    return propose(page, float(DPI), layout.name, load_readers(champion())).form


# --- what is proposed -----------------------------------------------------------------------------


def test_a_proposal_passes_the_check_and_has_the_forms_fields_in_millimetres(address):
    assert run("forms", "check", address) == f"{address}: ok, 5 fields\n"
    form, known = ocr.load_form(address), ocr.load_form(SAMPLES / "change-of-address.toml")
    assert form.name == "My-address-2"
    by_place = sorted(known.fields, key=lambda field: field.box_mm[1])
    for field, other in zip(form.fields, by_place, strict=True):
        assert field.box_mm == pytest.approx(other.box_mm, abs=0.6)  # half a frame
        assert field.cells == other.cells
    assert [field.name for field in form.fields] == [f"row{k}_col1" for k in range(1, 6)]


def test_a_date_is_told_by_what_is_written(address):
    dates = [field for field in ocr.load_form(address).fields if field.type == "date"]
    assert [(field.name, field.order) for field in dates] == [("row4_col1", "MDY")]


def test_a_proposal_reads_its_page_and_others_as_the_forms_own_file_does(address):
    known = SAMPLES / "change-of-address.toml"
    for page in (CLEAN, SAMPLES / "forms" / "skewed-noisy.jpg"):
        own = {field.box.y // 60: field for field in ocr.read_page(page, known).fields}
        for field in ocr.read_page(page, address).fields:
            other = own[field.box.y // 60]
            if other.confidence and other.confidence > 0.9:
                assert (field.value, field.status) == (other.value, other.status)
            assert abs(field.box.x - other.box.x) <= 6


def test_the_picture_shows_the_page_without_what_was_written_in_its_fields(address):
    picture = cv2.imread(str(address.with_suffix(".png")), cv2.IMREAD_GRAYSCALE)
    page = cv2.resize(
        cv2.imread(str(CLEAN), cv2.IMREAD_GRAYSCALE), picture.shape[::-1], interpolation=3
    )
    px_per_mm = picture.shape[1] / 210
    ink = {"comb": (72, 59, 138, 66), "name": (75, 73, 130, 79), "title": (20, 20, 130, 32)}
    dark = {
        name: [
            np.count_nonzero(gray[round(t * px_per_mm) : round(b * px_per_mm), :][
                :, round(x * px_per_mm) : round(r * px_per_mm)
            ] < 150)
            for gray in (page, picture)
        ]
        for name, (x, t, r, b) in ink.items()
    }  # fmt: skip
    assert dark["comb"][1] < 0.6 * dark["comb"][0], "the lines of its cells stay"
    assert dark["name"][1] == 0 < dark["name"][0]
    assert dark["title"][1] > 0.9 * dark["title"][0]


def test_a_table_is_proposed_by_its_columns_without_their_heads_and_names():
    form = proposed(TALLY, empty_share=1.0)
    columns = [field for field in form.fields if field.rows]
    assert [field.rows for field in columns] == [12, 12, 12]
    for field, left in zip(columns, (75, 110, 145), strict=True):
        assert field.box_mm[2:] == pytest.approx((35, 138), rel=0.035), "scans differ by 3 %"
        assert field.box_mm[0] == pytest.approx(left, abs=7)


def test_the_numbers_of_a_tables_rows_are_no_field_though_some_rows_have_none():
    page = paper()
    table(page, rows=8)
    for row in range(6):
        write(page, 50, 106 + 9 * row, str(row + 1), 4.0)
    form = propose(as_scanned(page), float(ruled_pages.DPI), "t", load_readers(champion())).form
    assert [(field.rows, round(field.box_mm[0])) for field in form.fields] == [(8, 70), (8, 100)]


def test_all_kinds_of_combs_and_dotted_lines_are_proposed_from_a_blank_page():
    wanted = sorted(blank.cells for blank in REGISTRATION.blanks)
    cells = [field.cells for field in proposed(REGISTRATION, empty_share=1.0).fields]
    assert sorted(filter(None, cells)) == wanted
    lines = proposed(METER_CARD, empty_share=1.0).fields
    assert len(lines) == len(METER_CARD.blanks) + 1, "two hold words, one line for remarks is free"


def test_without_a_resolution_the_pages_shape_tells_its_size(tmp_path):
    letter = np.full((1100, 850), 245, np.uint8)
    cv2.rectangle(letter, (300, 300), (600, 340), 20, 2)
    page, readers = as_scanned(letter), load_readers(champion())
    unknown = propose(page, None, "f", readers)
    assert (unknown.form.page_mm, unknown.is_measured) == ((215.9, 279.4), False)
    known = propose(page, 150.0, "f", readers)
    assert (known.form.page_mm, known.is_measured) == ((143.9, 186.3), True)
    cv2.imwrite(str(tmp_path / "letter.png"), letter)
    said = run("forms", "new", tmp_path / "letter.png", "-o", tmp_path / "l.toml")
    assert "no resolution in the scan: taken for 215.9 x 279.4 mm" in said


@pytest.mark.parametrize(
    ("scan", "target", "error", "message"),
    [
        ("white.png", "f.toml", FormError, r"white\.png page 1: no combs, boxes or ruled lines"),
        ("white.png", "f.txt", ExportError, r"f\.txt: forms are TOML files; end the name"),
        ("white.png", "no/f.toml", ExportError, "no folder no; create it first"),
        ("white.png", "old.toml", ExportError, r"old\.toml: is there already; choose another"),
        ("white.png", "white.toml", ExportError, r"white\.png: is there already; choose another"),
        ("torn.png", "f.toml", DocumentError, "torn"),
        ("gone.png", "f.toml", DocumentError, "gone"),
    ],
)
def test_what_keeps_a_form_from_being_made_leaves_no_file(
    tmp_path, monkeypatch, scan, target, error, message
):
    monkeypatch.chdir(tmp_path)
    cv2.imwrite("white.png", np.full((800, 600), 250, np.uint8))
    Path("torn.png").write_bytes(Path("white.png").read_bytes()[:200])
    Path("old.toml").write_text("")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(error, match=message):
        run("forms", "new", scan, "-o", target)
    assert sorted(tmp_path.iterdir()) == before


# --- the format -----------------------------------------------------------------------------------


def test_every_form_there_is_satisfies_the_schema(address):
    schema = json.loads(run("forms", "schema"))
    files = [BUILTIN / f"{name}.toml" for name in builtin_names()]
    for file in (*files, SAMPLES / "change-of-address.toml", address):
        jsonschema.validate(tomllib.loads(file.read_text()), schema)
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize(
    "keys",
    [
        'name = "a b"',
        'name = "a"\nlayot = "crop"',
        'name = "a"\n[[field]]\nname = "n"\ntype = "digit"',
        'name = "a"\n[[field]]\nname = "n"\ntype = "digits"\nrows = 1',
        'name = "a"\n[[field]]\nname = "n"\ntype = "digits"\nlength = [1, 2, 3]',
        'name = "a"\n[[mark]]\nshape = "square"\nat_mm = [1]',
    ],
)
def test_an_editor_sees_mistakes_by_the_schema(keys):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(keys), form_schema())


def test_the_schema_says_what_each_key_means():
    schema = form_schema()
    for part in (schema, *schema["$defs"].values()):
        assert all(key["description"] for key in part["properties"].values())


def test_a_written_form_reads_back_as_it_was(tmp_path):
    form = Form(
        name="f",
        page_mm=(210, 297),
        mark=(Mark(shape="cross", at_mm=(9, 9)), Mark(shape="circle", at_mm=(99, 9), size_mm=4)),
        field=(
            FormField(name="a", type="digits", box_mm=(1, 2.5, 30, 9), cells=5, length=(2, 5)),
            FormField(name="b", type="postal_code", country="DE", box_mm=(1, 22, 30, 9)),
            FormField(name="c", type="digits", box_mm=(1, 42, 30, 99), rows=7),
        ),
    )
    file = tmp_path / "f.toml"
    file.write_text(to_toml(form, 'from "x.png"\nand more'))
    assert ocr.load_form(file) == form
    assert (
        tomllib.loads(to_toml(form.model_copy(update={"reference": 'a "\\ü\x7f.png'}), ""))[
            "reference"
        ]
        == 'a "\\ü\x7f.png'
    )
