"""`model check` finds what was broken on purpose, and nothing in a sound data set."""

import hashlib

import cv2
import numpy as np
import pytest

from model.checks import check, require_sound
from model.dataset import Entry, write_manifest
from ocr.errors import DataError
from tests.model.drawn_signs import draw_folders


@pytest.fixture
def data(tmp_path):
    draw_folders(tmp_path)
    draw_folders(tmp_path, split="test", per_class=2)
    return tmp_path


def found(data):
    return {finding.code: finding for finding in check(data).findings}


def test_sound_data_has_no_findings(data):
    assert found(data) == {}


def copy(data, source, target):
    (data / target).parent.mkdir(parents=True, exist_ok=True)
    (data / target).write_bytes((data / source).read_bytes())


@pytest.mark.parametrize(
    ("source", "target", "code", "fatal"),
    [
        ("train/0/0.png", "train/1/copy.png", "duplicate_across_classes", True),
        ("train/0/0.png", "test/0/copy.png", "duplicate_across_splits", True),
        ("train/0/0.png", "train/0/copy.png", "duplicate", False),
    ],
)
def test_equal_images_are_found(data, source, target, code, fatal):
    copy(data, source, target)
    finding = found(data)[code]
    assert finding.fatal is fatal
    assert set(finding.paths) == {source, target}


def test_equal_images_are_found_whatever_the_file(data):
    image = cv2.imread(str(data / "train/0/0.png"), cv2.IMREAD_GRAYSCALE)
    cv2.imwrite(str(data / "train/1/copy.bmp"), image)
    assert "duplicate_across_classes" in found(data)


def test_unreadable_and_blank_images_are_found(data):
    (data / "train/0/bad.png").write_text("no image")
    cv2.imwrite(str(data / "train/0/blank.png"), np.full((30, 30), 255, np.uint8))
    assert found(data)["unreadable"].paths == ("train/0/bad.png",)
    assert found(data)["blank"].paths == ("train/0/blank.png",)
    with pytest.raises(DataError, match=r"unreadable.*blank"):
        require_sound(check(data).findings)


def test_blank_examples_of_not_are_sound(data):
    (data / "train/not").mkdir()
    cv2.imwrite(str(data / "train/not/blank.png"), np.full((30, 30), 255, np.uint8))
    assert found(data) == {}


def test_one_class_is_refused(tmp_path):
    draw_folders(tmp_path, "3")
    with pytest.raises(DataError, match="one_class: train has 1 classes"):
        require_sound(check(tmp_path).findings)


def test_imbalance_is_told_but_not_fatal(tmp_path):
    draw_folders(tmp_path, "3", per_class=22)
    draw_folders(tmp_path, "4", per_class=2)
    assert not found(tmp_path)["imbalance"].fatal
    require_sound(check(tmp_path).findings)


def test_test_class_that_is_not_trained_is_refused(data):
    draw_folders(data, "8", split="test")
    assert found(data)["unknown_class"].fatal


def test_empty_class_folder_is_refused(data):
    (data / "train" / "7").mkdir()
    assert found(data)["empty_class"].paths == ("train/7",)
    assert found(data)["empty_class"].fatal


@pytest.mark.parametrize("stray", ["train/0/notes.txt", "train/loose.png", "train/0/deep/a.png"])
def test_files_that_training_would_pass_over_are_told(data, stray):
    (data / stray).parent.mkdir(exist_ok=True)
    (data / stray).write_bytes((data / "train/0/0.png").read_bytes())
    assert found(data)["unused_files"].paths == (stray,)
    require_sound(check(data).findings)


def test_a_page_among_the_signs_is_told_and_a_huge_one_refused(data):
    page = cv2.imread(str(data / "train/0/0.png"), cv2.IMREAD_GRAYSCALE)
    cv2.imwrite(str(data / "train/1/page.png"), cv2.resize(page[:, ::-1], None, fx=6, fy=6))
    cv2.imwrite(str(data / "train/1/huge.png"), np.zeros((4100, 8), np.uint8))
    assert found(data)["odd_size"].paths == ("train/1/page.png",)
    assert found(data)["oversized"].paths == ("train/1/huge.png",)
    assert found(data)["oversized"].fatal


def test_image_that_changed_since_its_import_is_refused(data):
    paths = sorted(path.relative_to(data).as_posix() for path in data.glob("*/*/*.png"))
    sums = {path: hashlib.sha256((data / path).read_bytes()).hexdigest() for path in paths}
    write_manifest(data, [Entry(p, p.split("/")[1], "drawn", "", sums[p]) for p in paths])
    assert found(data) == {}
    image = cv2.imread(str(data / "train/3/0.png"), cv2.IMREAD_GRAYSCALE)
    cv2.imwrite(str(data / "train/3/0.png"), image[:, ::-1])
    assert found(data)["changed"].paths == ("train/3/0.png",)
    assert found(data)["changed"].fatal


def test_writer_on_both_sides_is_refused(data):
    paths = sorted(path.relative_to(data).as_posix() for path in data.glob("*/*/*.png"))
    write_manifest(data, [Entry(path, path.split("/")[1], "drawn", "w1", "") for path in paths])
    assert found(data)["writer_on_both_sides"].fatal
