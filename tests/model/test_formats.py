"""The formats of digit collections: what was written is what is read."""

import gzip
import struct

import cv2
import numpy as np
import pytest

from model.formats import Format, read_samples
from model.images import isolate
from ocr.errors import DataError
from tests.model.drawn_signs import draw_sign

SIGNS = [(draw_sign(label, 28), label) for label in "3071"]


def idx_bytes(values: np.ndarray) -> bytes:
    head = struct.pack(">BBBB", 0, 0, 8, values.ndim)
    return head + struct.pack(f">{values.ndim}I", *values.shape) + values.tobytes()


def write_idx(folder, prefix="train-", zipped=False):
    images = np.stack([image for image, _ in SIGNS])
    labels = np.array([int(label) for _, label in SIGNS], np.uint8)
    for name, values in (("images-idx3-ubyte", images), ("labels-idx1-ubyte", labels)):
        content = idx_bytes(values)
        path = folder / f"{prefix}{name}{'.gz' if zipped else ''}"
        path.write_bytes(gzip.compress(content) if zipped else content)


def assert_same(samples, tolerance=0):
    assert [sample.label for sample in samples] == [label for _, label in SIGNS]
    for sample, (image, _) in zip(samples, SIGNS, strict=True):
        assert np.abs(sample.strokes.astype(int) - image).max() <= tolerance


@pytest.mark.parametrize("zipped", [False, True])
def test_idx_is_read_plain_and_gzipped(tmp_path, zipped):
    write_idx(tmp_path, zipped=zipped)
    assert_same(list(read_samples(tmp_path, Format.IDX, "train")))


def test_idx_split_picks_its_own_files(tmp_path):
    write_idx(tmp_path, prefix="t10k-")
    assert_same(list(read_samples(tmp_path, Format.IDX, "test")))
    with pytest.raises(DataError, match="train-images"):
        list(read_samples(tmp_path, Format.IDX, "train"))


def test_usps_text_is_read_with_its_levels(tmp_path):
    lines = []
    for image, label in SIGNS:
        levels = " ".join(f"{value:.4f}" for value in image.ravel() / 127.5 - 1)
        lines.append(f"{label}.0000 {levels}")
    (tmp_path / "zip.train.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    assert_same(list(read_samples(tmp_path, Format.USPS, "train")), tolerance=1)  # 4 decimals


def test_csv_is_read_with_and_without_header(tmp_path):
    rows = [",".join([label, *map(str, image.ravel())]) for image, label in SIGNS]
    header = ",".join(["label", *(f"pixel{i}" for i in range(784))])
    for name, lines in (("plain.csv", rows), ("header.csv", [header, *rows])):
        (tmp_path / name).write_text("\n".join(lines))
        assert_same(list(read_samples(tmp_path / name, Format.CSV, "train")))


def test_folders_lose_background_and_neighbours_at_the_border(tmp_path):
    (tmp_path / "4").mkdir()
    crop = np.full((60, 60, 3), (150, 190, 205), np.uint8)  # yellowish paper
    crop[10:50, 24:34] = (40, 50, 60)  # the sign
    crop[20:40, 0:5] = (40, 50, 60)  # the end of a neighbour
    cv2.imwrite(str(tmp_path / "4" / "a.png"), crop)
    (sample,) = read_samples(tmp_path, Format.FOLDERS, "train")
    assert sample.label == "4"
    assert sample.strokes[30, 29] > 200
    assert not sample.strokes[:, :15].any()
    assert not sample.strokes[:, 45:].any()


def sign_in_crop(size, *strokes):
    strokes_of_ink = np.zeros(size, np.uint8)
    for points in strokes:
        cv2.polylines(strokes_of_ink, [np.array(points)], False, 255, 5)
    return strokes_of_ink


def test_an_upright_rule_is_lost_even_where_the_sign_touches_it():
    seven = [(10, 14), (44, 14), (24, 48)]
    crop = sign_in_crop((60, 60), seven, [(47, 0), (46, 59)])
    kept = isolate(crop)
    assert not kept[:, 50:].any()
    assert np.count_nonzero(kept != sign_in_crop((60, 60), seven)) < 60


@pytest.mark.parametrize(
    "strokes",
    [
        ([(30, 0), (30, 59)], [(2, 2), (2, 30), (32, 30)]),  # 4
        ([(30, 0), (30, 59)], [(30, 4), (6, 4), (6, 26), (30, 26)]),  # 9
        ([(3, 0), (3, 59)],),  # 1
        ([(3, 0), (3, 59), (30, 59), (30, 30), (3, 30)],),  # 6
    ],
)
def test_a_stem_as_tall_as_a_tight_crop_is_no_rule(strokes):
    crop = sign_in_crop((60, 34), *strokes)
    assert np.array_equal(isolate(crop), crop)


def test_writers_go_with_their_samples(tmp_path):
    write_idx(tmp_path)
    (tmp_path / "writers.csv").write_text("writer\n7\n7\n9\n8\n")
    samples = read_samples(tmp_path, Format.IDX, "train", tmp_path / "writers.csv")
    assert [sample.writer for sample in samples] == ["7", "7", "9", "8"]


def test_writers_of_another_length_are_refused(tmp_path):
    write_idx(tmp_path)
    (tmp_path / "writers.csv").write_text("writer\n7\n7\n")
    with pytest.raises(DataError, match="2 writers for 4 samples"):
        list(read_samples(tmp_path, Format.IDX, "train", tmp_path / "writers.csv"))


@pytest.mark.parametrize(
    ("name", "content", "layout", "message"),
    [
        ("train-images-idx3-ubyte", b"\0\0\x08\x03\0\0", Format.IDX, "no labels beside"),
        ("zip.train", b"3 0.1 zero", Format.USPS, "line 1: a value is no number"),
        ("zip.train", b"3 0.1 0.2 0.3", Format.USPS, "3 pixels make no square"),
        ("zip.train.gz", b"\x1f\x8b broken", Format.USPS, "breaks off"),
        ("train.csv", b"3,1,2,x\n4,1,2,3,4", Format.CSV, None),
    ],
)
def test_broken_sources_say_what_and_where(tmp_path, name, content, layout, message):
    (tmp_path / name).write_bytes(content)
    if message is None:  # a first line that is no numbers is a header
        assert [s.label for s in read_samples(tmp_path / name, layout, "train")] == ["4"]
        return
    with pytest.raises(DataError, match=message):
        list(read_samples(tmp_path, layout, "train"))


def test_truncated_idx_is_refused(tmp_path):
    write_idx(tmp_path)
    path = tmp_path / "train-images-idx3-ubyte"
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(DataError, match="no complete idx file"):
        list(read_samples(tmp_path, Format.IDX, "train"))


def test_missing_source_is_refused(tmp_path):
    with pytest.raises(DataError, match="no source at"):
        list(read_samples(tmp_path / "nowhere", Format.IDX, "train"))
