"""Digits of fonts, drawn from the one font that Pillow carries inside."""

import shutil
from pathlib import Path

import pytest
from PIL import ImageFont

from model.fonts import read_fonts
from ocr.errors import DataError


@pytest.fixture
def fonts(tmp_path) -> Path:
    """A folder with the one font that Pillow carries inside."""
    folder = tmp_path / "fonts" / "deep"
    folder.mkdir(parents=True)
    default = ImageFont.load_default(20)
    (folder / "hand.ttf").write_bytes(default.font_bytes)
    return tmp_path / "fonts"


def test_a_font_gives_its_ten_digits_with_its_name_as_the_writer(fonts):
    signs = list(read_fonts(fonts))
    assert [label for _, label, _ in signs] == list("0123456789")
    assert {writer for _, _, writer in signs} == {"hand"}
    looks = {strokes.tobytes() for strokes, _, _ in signs}
    assert len(looks) == 10
    assert all(strokes.any() and not strokes[0].any() for strokes, _, _ in signs)


def test_a_font_stored_twice_is_drawn_once(fonts):
    shutil.copy(fonts / "deep" / "hand.ttf", fonts / "again.ttf")
    assert len(list(read_fonts(fonts))) == 10


def test_a_folder_without_fonts_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"no \.ttf"):
        list(read_fonts(tmp_path))


def test_a_file_that_is_no_font_is_named(tmp_path):
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    with pytest.raises(DataError, match=r"broken\.ttf"):
        list(read_fonts(tmp_path))
