"""The samples are what their script draws, and their truth is in the form of an export."""

import csv
import io
import re
from collections import defaultdict
from datetime import date
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageSequence

from ocr.forms import load_form
from ocr.values.micr import micr_value
from samples import draw

FOLDER = Path(draw.__file__).parent


def committed_truth() -> dict[str, dict[int, dict[str, str]]]:
    """Value per file, page and field, from the committed table."""
    truth: dict[str, dict[int, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    with (FOLDER / "truth.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            truth[row["file"]][int(row["page"])][row["field"]] = row["value"]
    return truth


TRUTH = committed_truth()
READABLE = sorted(file for file in TRUTH if not file.startswith("broken/"))


def pages(content: bytes, name: str) -> list[Image.Image]:
    """All pages, decoded by libraries, not by the reader under test."""
    if name.endswith(".pdf"):
        with pypdfium2.PdfDocument(content) as pdf:
            return [page.render(scale=1).to_pil() for page in pdf]
    with Image.open(io.BytesIO(content)) as image:
        return [page.copy() for page in ImageSequence.Iterator(image)]


def test_there_are_at_least_12_documents_in_under_4_mb() -> None:
    assert len(READABLE) >= 12
    kinds = {".jpg", ".png", ".pdf", ".tif"}
    files = [path for path in FOLDER.rglob("*") if path.suffix in kinds]
    files = [path for path in files if path.parent.name != "walkthrough"]  # README's pictures
    assert {path.relative_to(FOLDER).as_posix() for path in files} == set(TRUTH)
    assert sum(path.stat().st_size for path in files) < 4_000_000


@pytest.mark.parametrize("name", READABLE)
def test_a_sample_decodes_and_has_truth_for_every_page(name: str) -> None:
    decoded = pages((FOLDER / name).read_bytes(), name)
    assert len(decoded) == len(TRUTH[name])
    for page in decoded:
        gray = np.asarray(page.convert("L"))
        assert (gray < 128).mean() > 0.005, "there is no writing on the page"


@pytest.mark.parametrize("name", READABLE)
def test_truth_names_the_fields_of_the_form_that_reads_it(name: str) -> None:
    form = {"checks": "check", "crops": "amount", "forms": FOLDER / "change-of-address.toml"}
    known = {field.name: field.type for field in load_form(form[name.partition("/")[0]]).fields}
    for fields in TRUTH[name].values():
        assert set(fields) <= set(known)
        for field, value in fields.items():
            if known[field] == "date":
                assert date.fromisoformat(value).isoformat() == value
            elif known[field] == "micr":
                assert micr_value(value).valid or value.isdigit()
            else:
                assert re.fullmatch(r"\d*(\.\d\d)?", value)


def redrawn() -> list[draw.Sample]:
    """The samples that are drawn fast, and one check."""
    return [next(draw.checks()), *draw.crops(), *draw.broken_files()]


def test_the_script_draws_the_committed_samples() -> None:
    for sample in redrawn():
        assert dict(enumerate(sample.truth, start=1)) == TRUTH[sample.file]
        if not sample.file.startswith("broken/"):
            (drawn,) = pages(sample.content, sample.file)
            (stored,) = pages((FOLDER / sample.file).read_bytes(), sample.file)
            difference = np.asarray(drawn, np.int16) - np.asarray(stored, np.int16)
            # Other versions of OpenCV and Pillow may round a pixel otherwise, not draw otherwise.
            assert np.abs(difference).mean() < 2.0


def test_a_vector_page_shows_the_form_and_the_handwriting() -> None:
    with pypdfium2.PdfDocument(FOLDER / "forms" / "three-pages.pdf") as pdf:
        page = pdf[2]
        assert "CHANGE OF ADDRESS" in page.get_textpage().get_text_bounded()
        gray = np.asarray(page.render(scale=2, grayscale=True).to_pil())
    scale = 2 * 72 / 25.4
    box = {
        field.name: field.box_mm for field in load_form(FOLDER / "change-of-address.toml").fields
    }
    left, top, width, height = (round(side * scale) for side in box["persons"] or ())
    inside = gray[top + 6 : top + height - 6, left + 6 : left + width - 6]
    assert (inside < 150).any(), "the digit in the box was not drawn"
