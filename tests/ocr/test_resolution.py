"""Missing, absurd and contradicted resolutions: the page is read all the same, and it is told."""

import numpy as np
import pytest
from PIL import Image

from ocr.forms import Form, FormField
from ocr.read import read_page

BOX_MM = (20.0, 20.0, 60.0, 15.0)
FORM = Form(
    name="one",
    page_mm=(100.0, 100.0),
    fields=(FormField(name="sum", type="digits", box_mm=BOX_MM),),
)


def page_at(folder, dpi):
    """A page of 100 mm at 200 dpi in truth, with a frame and nothing written; it tells `dpi`."""
    gray = np.full((787, 787), 250, np.uint8)
    left, top, right, bottom = (round(v * 7.87) for v in (20, 20, 80, 35))
    gray[top : bottom + 2, left : right + 2] = 40
    gray[top + 2 : bottom, left + 2 : right] = 250
    path = folder / "page.png"
    Image.fromarray(gray).save(path, **({"dpi": (dpi, dpi)} if dpi else {}))
    return path


@pytest.mark.parametrize(
    ("dpi", "warnings"),
    [
        (200, ()),
        (None, ("no_resolution",)),
        (1, ("no_resolution",)),
        (9600, ("no_resolution",)),
        (72, ("other_resolution",)),
    ],
)
def test_a_page_is_placed_by_its_form_whatever_the_file_tells(tmp_path, dpi, warnings):
    reading = read_page(page_at(tmp_path, dpi), FORM)
    (field,) = reading.fields
    assert field.status == "blank"
    assert (field.box.x, field.box.y) == pytest.approx((162, 162), abs=4)
    assert reading.warnings == warnings


def test_a_photo_or_a_check_is_not_asked_for_a_resolution(tmp_path):
    assert read_page(page_at(tmp_path, None), "check").warnings == ()
