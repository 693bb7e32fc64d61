"""`formdigits read` and `formdigits forms`, as typed and as installed."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import cv2
import numpy as np
import pytest
from drawn_digits import handwritten
from PIL import Image
from typer.testing import CliRunner

from ocr.cli import app
from ocr.errors import DocumentError, ExportError, FormError
from ocr.forms import builtin_names
from samples.drawing.hands import UPRIGHT

COMMAND = Path(sys.executable).with_name("formdigits")
FORM = """
name = "card"
page_mm = [100, 50]
[[field]]
name = "zip"
type = "postal_code"
country = "US"
cells = 5
box_mm = [40, 20, 45, 9]
"""


@pytest.fixture(autouse=True)
def shipped_model_only(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("FORMDIGITS_STATE", str(tmp_path_factory.mktemp("state")))


@pytest.fixture
def scan(tmp_path):
    cv2.imwrite(str(tmp_path / "scan.png"), handwritten("04841", UPRIGHT, seed=1))
    return tmp_path / "scan.png"


@pytest.fixture
def three_pages(tmp_path):
    pages = [Image.fromarray(handwritten(text, UPRIGHT, seed=1)) for text in ("482", "60", "5")]
    pages[0].save(tmp_path / "three.tif", save_all=True, append_images=pages[1:])
    return tmp_path / "three.tif"


@pytest.fixture
def form(tmp_path):
    (tmp_path / "card.toml").write_text(FORM)
    return tmp_path / "card.toml"


def run(*words):
    """Standard output of a command that succeeds."""
    result = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


# --- read -----------------------------------------------------------------------------------------


def test_a_table_shows_value_confidence_and_status(scan):
    title, heading, row = run("read", scan, "--form", "postal-code").splitlines()
    assert title.startswith("scan.png page 1: ")
    assert heading.split() == ["field", "value", "confidence", "status", "reason"]
    name, value, confidence, status, *_ = row.split()
    assert (name, value) == ("postal_code", "04841")
    assert 0.0 < float(confidence) <= 1.0
    assert status in {"accepted", "review"}
    assert heading.index("confidence") == row.index(confidence)


def test_json_is_the_whole_reading(scan):
    (line,) = run("read", scan, "--form", "postal-code", "--json").splitlines()
    page = json.loads(line)
    assert (page["document"], page["page"], page["form"]) == ("scan.png", 1, "postal-code")
    (field,) = page["fields"]
    assert (field["value"], field["raw"]) == ("04841", "04841")
    assert set(field["box"]) == {"x", "y", "width", "height"}
    assert page["timings_ms"]["load"] > 0


def test_all_pages_are_read_one_json_object_a_line(three_pages):
    lines = run("read", three_pages, "--form", "digits", "--json").splitlines()
    pages = [json.loads(line) for line in lines]
    assert [page["page"] for page in pages] == [1, 2, 3]
    assert [page["fields"][0]["value"] for page in pages] == ["482", "60", "5"]


def test_one_page_is_read_when_asked_for(three_pages):
    (line,) = run("read", three_pages, "--form", "digits", "--page", 2, "--json").splitlines()
    assert json.loads(line)["fields"][0]["value"] == "60"


def test_annotated_pictures_are_numbered_where_there_are_several(three_pages, tmp_path):
    run("read", three_pages, "--form", "digits", "--annotate", tmp_path / "all.png")
    run("read", three_pages, "--form", "digits", "--page", 3, "--annotate", tmp_path / "one.png")
    assert {path.name for path in tmp_path.glob("*.png")} == {
        "all-1.png",
        "all-2.png",
        "all-3.png",
        "one.png",
    }
    assert max(cv2.imread(str(tmp_path / "one.png")).shape) >= 1000


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["gone.png", "--form", "digits"], DocumentError),
        (["scan.png", "--form", "digts"], FormError),
        (["scan.png", "--form", "digits", "--page", "2"], DocumentError),
        (["scan.png", "--form", "digits", "--annotate", "out.gif"], ExportError),
        (["scan.png", "--form", "digits", "--annotate", "no/out.png"], ExportError),
    ],
)
def test_errors_are_left_to_the_main_command(scan, monkeypatch, words, error):
    monkeypatch.chdir(scan.parent)
    with pytest.raises(error):
        CliRunner().invoke(app, ["read", *words], catch_exceptions=False)


def test_page_0_is_a_wrong_word(scan):
    result = CliRunner().invoke(app, ["read", str(scan), "--form", "digits", "--page", "0"])
    assert result.exit_code == 2


# --- forms ----------------------------------------------------------------------------------------


def test_the_list_names_every_builtin_form_and_its_fields():
    lines = run("forms", "list").splitlines()
    assert [line.split()[0] for line in lines] == list(builtin_names())
    assert "amount (amount), date (date)" in lines[builtin_names().index("check")]


def test_show_prints_toml_to_start_from(form):
    assert tomllib.loads(run("forms", "show", "check"))["layout"] == "check"
    assert run("forms", "show", form) == FORM
    with pytest.raises(FormError, match="did you mean check"):
        run("forms", "show", "chek")


def test_check_says_ok_or_every_mistake(form):
    assert run("forms", "check", form) == f"{form}: ok, 1 field\n"
    form.write_text(FORM.replace('"US"', '"XX"').replace("cells = 5", "cells = 0"))
    with pytest.raises(FormError) as caught:
        run("forms", "check", form)
    assert len(str(caught.value).splitlines()) == 2


def test_a_preview_draws_the_forms_boxes(form, tmp_path):
    page = np.full((400, 800), 240, np.uint8)
    cv2.imwrite(str(tmp_path / "page.png"), page)
    output = tmp_path / "preview.png"
    said = run("forms", "preview", form, tmp_path / "page.png", "-o", output)
    assert said == f"0 of 1 fields found: {output}\n", "a blank page is not this form's"
    form.write_text(FORM.replace("[[field]]", "dropout = true\n[[field]]", 1))
    said = run("forms", "preview", form, tmp_path / "page.png", "-o", output)
    assert said == f"1 of 1 fields found, placed by the page's size: {output}\n"
    picture = cv2.imread(str(output))
    assert picture.shape == (500, 1000, 3)
    colours = np.ptp(picture.astype(int), axis=2) > 60
    for millimetres in (40, 49, 58, 67, 76, 85):  # box and cells, at 10 pixels a millimetre
        column = millimetres * 10
        assert colours[240:250, column - 6 : column + 6].any()


def test_a_preview_counts_what_is_not_found(tmp_path):
    cv2.imwrite(str(tmp_path / "page.png"), np.full((400, 800), 240, np.uint8))
    said = run("forms", "preview", "check", tmp_path / "page.png", "-o", tmp_path / "out.png")
    assert said.startswith("0 of 4 fields found")


# --- installed ------------------------------------------------------------------------------------


def formdigits(*words):
    return subprocess.run(
        [COMMAND, *map(str, words)], capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.skipif(not COMMAND.exists(), reason="formdigits is not installed here")
def test_the_installed_command_reads_and_tells_errors_by_exit_codes(scan, form):
    done = formdigits("read", scan, "--form", "postal-code", "--json")
    assert (done.returncode, json.loads(done.stdout)["fields"][0]["value"]) == (0, "04841")
    form.write_text("name = 1")
    for code, words in {
        3: ["read", form, "--form", "digits"],
        4: ["forms", "check", form],
        9: ["read", scan, "--form", "digits", "--annotate", "out.jpg"],
    }.items():
        done = formdigits(*words)
        assert done.returncode == code
        assert done.stderr.startswith("error: ")
        assert "Traceback" not in done.stderr
