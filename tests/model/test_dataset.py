"""Folder data sets: folders and manifest agree, polarity is found, splits never move."""

import dataclasses

import cv2
import numpy as np
import pytest

from model.building import source_of, without_sources
from model.dataset import MANIFEST, Entry, fold_of, held_out, list_entries, load
from model.formats import Format
from model.images import to_strokes
from model.importing import import_source
from ocr.errors import DataError
from tests.model.drawn_signs import draw_folders, draw_sign


def import_folders(tmp_path, name="drawn"):
    source = tmp_path / "source"
    draw_folders(source)
    return import_source(
        source / "train", tmp_path / "data", layout=Format.FOLDERS, name=name, split="train"
    )


def test_both_polarities_give_the_same_strokes():
    light, dark = draw_sign("5"), draw_sign("5", dark=True)
    strokes = to_strokes(dark)
    assert strokes[light == 255].min() > 200  # ink is ink
    assert not strokes[light == 0].any()  # paper is an even 0, so normalization finds the box


def test_paper_without_writing_gives_no_strokes():
    noise = np.random.default_rng(1).integers(196, 204, (40, 40))
    assert not to_strokes(noise.astype(np.uint8)).any()


def test_folders_without_manifest_are_a_data_set(tmp_path):
    draw_folders(tmp_path, "07", per_class=3)
    data = load(tmp_path, "train")
    assert data.classes == ("0", "7")
    assert len(data.images) == 6


def test_import_twice_is_import_once(tmp_path):
    first = import_folders(tmp_path)
    entries = list_entries(tmp_path / "data")
    assert import_folders(tmp_path) == first == len(entries) == 30
    assert list_entries(tmp_path / "data") == entries


def test_imported_images_read_back_as_strokes_even_if_they_fill_the_image(tmp_path):
    (tmp_path / "source" / "1").mkdir(parents=True)
    cv2.imwrite(str(tmp_path / "source" / "1" / "a.png"), np.full((16, 9), 255, np.uint8))
    rows = ["1," + ",".join(["255"] * 64)]
    (tmp_path / "full.csv").write_text("\n".join(rows))
    import_source(tmp_path / "full.csv", tmp_path / "data", layout=Format.CSV, name="full")
    (image,) = load(tmp_path / "data", "train").images
    assert (image[1:-1, 1:-1] == 255).all()


def test_sources_add_up_and_each_is_replaced_alone(tmp_path):
    import_folders(tmp_path, "a")
    import_folders(tmp_path, "b")
    assert {entry.source for entry in list_entries(tmp_path / "data")} == {"a", "b"}
    import_folders(tmp_path, "b")
    assert len(list_entries(tmp_path / "data")) == 60


@pytest.mark.parametrize("change", ["remove", "add"])
def test_manifest_that_disagrees_with_the_disk_is_refused(tmp_path, change):
    import_folders(tmp_path)
    first = next((tmp_path / "data" / "train" / "3").iterdir())
    if change == "remove":
        first.unlink()
    else:
        first.with_name("new.png").write_bytes(first.read_bytes())
    with pytest.raises(DataError, match=r"disagrees with the disk.*delete it"):
        list_entries(tmp_path / "data")


def test_manifest_that_breaks_off_is_refused(tmp_path):
    import_folders(tmp_path)
    manifest = tmp_path / "data" / MANIFEST
    manifest.write_text(manifest.read_text()[:-80])
    with pytest.raises(DataError, match="columns"):
        list_entries(tmp_path / "data")


def test_manifest_with_another_class_than_the_folder_is_refused(tmp_path):
    import_folders(tmp_path)
    manifest = tmp_path / "data" / MANIFEST
    manifest.write_text(
        manifest.read_text().replace("train/3/drawn-000018.png,3", "train/3/drawn-000018.png,4")
    )
    with pytest.raises(DataError, match=r"disagrees with the disk: .* class '4'"):
        list_entries(tmp_path / "data")


def test_manifest_with_a_row_twice_is_refused(tmp_path):
    import_folders(tmp_path)
    manifest = tmp_path / "data" / MANIFEST
    manifest.write_text(manifest.read_text() + manifest.read_text().splitlines()[-1] + "\n")
    with pytest.raises(DataError, match="more than once"):
        list_entries(tmp_path / "data")


def test_empty_and_unreadable_data_sets_are_refused(tmp_path):
    with pytest.raises(DataError, match="model import"):
        load(tmp_path, "train")
    draw_folders(tmp_path)
    with pytest.raises(DataError, match="--split test"):
        load(tmp_path, "test")
    (tmp_path / "train" / "0" / "text.png").write_text("no image")
    with pytest.raises(DataError, match=r"1 files .* first train/0/text\.png"):
        load(tmp_path, "train")


@pytest.mark.parametrize("name", ["../up", "", "a b", ".hidden"])
def test_source_names_that_cannot_name_a_file_are_refused(tmp_path, name):
    with pytest.raises(DataError, match="source name"):
        import_folders(tmp_path, name)


def entry(number: int, writer: str) -> Entry:
    return Entry(f"train/0/{number}.png", "0", "drawn", writer, "")


def test_a_source_is_left_out_and_read_by_its_test_images(tmp_path):
    parts = {}
    for split in ("test", "train"):
        for name in ("own", "foreign"):
            draw_folders(tmp_path / name, per_class=3, split=split)
            folder = tmp_path / name / split
            import_source(folder, tmp_path / "data", layout=Format.FOLDERS, name=name, split=split)
        parts[split] = load(tmp_path / "data", split)
    learned = without_sources(parts["train"], {"foreign"})
    assert {entry.source for entry in learned.entries} == {"own"}
    read = source_of(parts, "foreign")
    assert {(entry.source, entry.split) for entry in read.entries} == {("foreign", "test")}
    only_trained_on = source_of({"train": parts["train"]}, "foreign")
    assert {entry.split for entry in only_trained_on.entries} == {"train"}
    with pytest.raises(DataError, match="sources are foreign, own"):
        source_of(parts, "nobody")


def test_held_out_writers_are_whole_and_never_move():
    entries = [entry(k, str(k // 10)) for k in range(4000)]
    held = held_out(entries, 0.1)
    assert (held.reshape(400, 10).any(axis=1) == held.reshape(400, 10).all(axis=1)).all()
    assert 0.05 < held.mean() < 0.15  # 400 writers at 10 %: within 3 standard deviations
    more = [entry(k, f"other{k}") for k in range(100)]
    assert (held_out([*more, *entries], 0.1)[100:] == held).all()


def test_folds_keep_writers_whole_and_never_move():
    entries = [entry(k, str(k // 10)) for k in range(4000)]
    folds = fold_of(entries, 4)
    assert (folds.reshape(400, 10) == folds[::10, None]).all()
    assert np.bincount(folds[::10]).min() > 70  # 100 each: within 3.5 standard deviations
    assert (fold_of([entry(9, "other"), *entries], 4)[1:] == folds).all()


def test_entries_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        entry(0, "").label = "1"
