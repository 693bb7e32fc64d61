"""Annotated pictures: every field is shown, no writing hidden; a file is whole or not there."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.annotate import _COLOURS, annotate, check_png, preview, write_png
from ocr.errors import EmptyFile, ExportError
from ocr.find import Placement
from ocr.forms import load_form
from ocr.geometry import Box
from ocr.pictures import page_pictures
from ocr.reading import FieldReading, PageReading, Status, error_reading

GREEN, ORANGE, PURPLE = (_COLOURS[s] for s in (Status.ACCEPTED, Status.REVIEW, Status.MISSING))


PLACE = Box(400, 500, 300, 60)


def field(status=Status.ACCEPTED, box=PLACE, name="amount", value="1284.50"):
    confidence = None if box is None or not value else 0.98
    return FieldReading(name, "amount", value, value, confidence, status, "", box)


def reading(*fields):
    return PageReading("a.png", 1, "check", fields, model="m1")


def paper(width=1500, height=1100):
    return np.full((height, width), 240, np.uint8)


def coloured(picture, colour):
    return (picture == np.array(colour, np.uint8)).all(axis=2)


def test_a_field_has_a_frame_and_a_label_outside_of_it():
    picture = annotate(paper(), reading(field()))
    assert picture.shape == (1100, 1500, 3)
    shown = coloured(picture, GREEN)
    assert not shown[500:560, 400:700].any()
    assert shown[530, 390:400].any()  # the frame's left side
    assert np.ptp(np.nonzero(shown)[0]) > 60 + 20  # the label is above or below
    letters = coloured(picture, (255, 255, 255))
    assert letters.sum() > 300
    assert not letters[500:560, 400:700].any()


def test_the_colour_tells_the_verdict():
    for status, colour in _COLOURS.items():
        picture = annotate(paper(), reading(field(status)))
        assert coloured(picture, colour).sum() > 2000
    assert len({GREEN, ORANGE, PURPLE}) == 3


def test_white_letters_can_be_read_on_every_colour():
    for blue, green, red in set(_COLOURS.values()):
        linear = [
            v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4
            for v in (red / 255, green / 255, blue / 255)
        ]
        luminance = np.dot(linear, (0.2126, 0.7152, 0.0722))
        assert 1.05 / (luminance + 0.05) >= 3.0  # WCAG 2, large text


def test_a_label_avoids_print_other_boxes_and_other_labels():
    gray = paper()
    gray[400:490] = 20  # print right above the field
    lower = Box(400, 640, 300, 60)
    picture = annotate(gray, reading(field(), field(Status.REVIEW, lower, "date", "2024-01-02")))
    above = picture[400:490]
    assert not coloured(above, GREEN).any()
    for box in (PLACE, lower):
        inside = picture[box.slices]
        assert (inside == 240).all()


def test_missing_fields_are_named_above_the_page():
    missing = field(Status.MISSING, None, "date", "")
    picture = annotate(paper(), reading(field(), missing, missing))
    added = picture.shape[0] - 1100
    assert 30 < added < 150
    margin = picture[:added]
    assert coloured(margin, PURPLE).sum() > 2000
    assert not coloured(picture[added:], PURPLE).any()


def test_a_crop_is_enlarged_and_its_label_hides_nothing():
    gray = np.full((60, 200), 240, np.uint8)
    cv2.putText(gray, "42", (60, 45), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 20, 2)
    picture = annotate(gray, reading(field(box=Box(0, 0, 200, 60))))
    assert picture.shape[1] == 1000
    assert picture.shape[0] > 300
    writing = cv2.cvtColor(picture[-290:-10], cv2.COLOR_BGR2GRAY)
    expected = cv2.resize(gray, (1000, 300), interpolation=cv2.INTER_LINEAR)[10:290]
    # The frame runs along the very edge, where the crop leaves no room around the field.
    assert np.array_equal(writing[:, 10:-10], expected[:, 10:-10])


def test_large_pages_are_reduced():
    assert max(annotate(paper(5000, 3000), reading(field())).shape) == 2000


def test_an_error_row_shows_its_reason():
    picture = annotate(paper(), error_reading("a.png", 1, "check", EmptyFile("a")))
    assert picture.shape[0] > 1100
    assert coloured(picture, PURPLE).any()


def test_a_preview_shows_boxes_cells_and_what_is_not_found():
    cells = tuple(Box(400 + 50 * k, 500, 50, 60) for k in range(8))
    form = load_form("check")
    places = [None, Placement(Box(400, 500, 400, 60), cells), None, None]
    picture = preview(paper(), form, places)
    blue = coloured(picture, _COLOURS[Status.CORRECTED])
    added = picture.shape[0] - 1100
    row = blue[added + 530]
    assert all(row[400 + 50 * k - 3 : 400 + 50 * k + 3].any() for k in range(9))
    assert coloured(picture[:added], PURPLE).any()


boxes = st.builds(
    Box, st.integers(0, 300), st.integers(0, 300), st.integers(0, 300), st.integers(0, 300)
)


@settings(deadline=None)
@given(
    st.integers(1, 300), st.integers(1, 300), st.lists(st.none() | boxes, min_size=1, max_size=5)
)
def test_any_boxes_on_any_page_can_be_drawn(width, height, places):
    places = [box and box.clipped(width, height) for box in places]
    fields = [
        field(Status.REVIEW if box else Status.MISSING, box, f"field_{k}", "12" if box else "")
        for k, box in enumerate(places)
    ]
    picture = annotate(paper(width, height), reading(*fields))
    assert picture.dtype == np.uint8
    assert picture.shape[2] == 3
    assert picture.shape[1] >= 1000 * width // max(width, height)


# --- files ----------------------------------------------------------------------------------------


def test_a_picture_is_written_and_replaces_an_older_one(tmp_path):
    path = tmp_path / "out.png"
    path.write_text("old")
    picture = np.random.default_rng(0).integers(0, 256, (40, 50, 3), dtype=np.uint8)
    write_png(picture, path)
    assert np.array_equal(cv2.imread(str(path)), picture)
    assert [file.name for file in tmp_path.iterdir()] == ["out.png"]


@pytest.mark.parametrize(
    ("name", "fact"),
    [("out.jpg", r"end the name in \.png"), ("out", r"\.png"), ("no/out.png", "create it first")],
)
def test_a_path_that_cannot_be_is_refused_before_the_work(tmp_path, name, fact):
    with pytest.raises(ExportError, match=fact):
        check_png(tmp_path / name)


def test_a_picture_that_cannot_be_written_leaves_nothing(tmp_path):
    (tmp_path / "out.png").mkdir()
    with pytest.raises(ExportError, match=r"out\.png: .*choose another folder"):
        write_png(np.zeros((9, 9, 3), np.uint8), tmp_path / "out.png")
    assert [path.name for path in tmp_path.iterdir()] == ["out.png"]


def test_pictures_of_a_page_are_small_and_have_a_crop_of_each_field_that_has_a_place(tmp_path):
    gray = paper(3000, 2200)
    gray[520:540, 420:680] = 20
    cv2.imwrite(str(tmp_path / "a.png"), gray)
    beside, nowhere = field(box=Box(3100, 10, 200, 60)), field(Status.MISSING, box=None)
    pictures = page_pictures(tmp_path / "a.png", reading(field(), beside, nowhere))
    page = cv2.imdecode(np.frombuffer(pictures.page, np.uint8), cv2.IMREAD_COLOR)
    assert page.shape[1] == 1000
    assert page.shape[0] > 1000 * 2200 / 3000, "with captions for what has no place"
    crop, *others = pictures.crops
    assert others == [b"", b""]
    shown = cv2.imdecode(np.frombuffer(crop, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert shown.shape[0] == 56
    assert shown.min() < 60
    assert shown[:5].min() > 200, "a margin of paper around"
    (tmp_path / "a.png").write_bytes(b"")
    with pytest.raises(EmptyFile):
        page_pictures(tmp_path / "a.png", reading(field()))
