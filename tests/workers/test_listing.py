"""Listing a folder: as a stream, only complete files, also while it fills."""

import os
import tracemalloc
from pathlib import Path

import pytest

import ocr
from workers import listing

NEVER_S = 3600.0  # no file of a test was left alone for that long


@pytest.fixture
def between_passes(monkeypatch):
    """What happens while the listing sleeps: each call of it takes the next action."""
    actions = []
    monkeypatch.setattr(listing.time, "sleep", lambda _: actions.pop(0)() if actions else None)
    return actions


def all_chunks(root: Path, settle_s: float = 0, **more) -> list[list[str]]:
    return list(listing.chunks(root, settle_s, **more))


def append(path: Path):
    def write() -> None:
        with path.open("a") as file:
            file.write("more")

    return write


def test_it_lists_what_the_reader_lists(scans):
    (scans / ".hidden").touch()
    (scans / ".below").mkdir()
    (scans / ".below" / "x.png").touch()
    (scans / "post" / "deeper").mkdir()
    (scans / "post" / "deeper" / "y.png").touch()
    (scans / "link.png").symlink_to("0.png")
    (scans / "folder").symlink_to("post")
    (scans / "gone.png").symlink_to("nowhere")
    Path(os.fsdecode(os.fsencode(scans) + b"/\xff.png")).touch()
    (found,) = all_chunks(scans)
    assert sorted(found) == list(ocr.list_documents(scans))


def test_documents_come_in_chunks(tmp_path, monkeypatch):
    monkeypatch.setattr(listing, "_CHUNK", 2)
    for number in range(5):
        (tmp_path / f"{number}.png").touch()
    assert [len(chunk) for chunk in all_chunks(tmp_path)] == [2, 2, 1]


def test_a_folder_of_many_files_takes_no_more_memory_than_one_of_few(tmp_path, monkeypatch):
    peaks = []
    for files in (200, 4000):
        folder = tmp_path / str(files)
        folder.mkdir()
        for number in range(files):
            (folder / f"{number}.png").touch()
        for _ in listing.chunks(folder, 0):
            pass  # caches of the first time
        tracemalloc.start()
        assert sum(len(chunk) for chunk in listing.chunks(folder, 0)) == files
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0], "4000 names alone would take ten times what a chunk does"


def test_a_file_still_written_is_waited_for(tmp_path, between_passes):
    path = tmp_path / "a.png"
    path.touch()
    between_passes += [append(path), append(path), lambda: None]
    assert all_chunks(tmp_path, NEVER_S) == [[], [], [], ["a.png"]]


def test_complete_files_do_not_wait_for_incomplete_ones(tmp_path, between_passes, monkeypatch):
    for name in ("old.png", "young.png"):
        (tmp_path / name).touch()
    aged = os.stat_result((*(tmp_path / "old.png").stat()[:7], 0, 0, 0))
    real = listing.walk

    def walk(root: Path):
        yield from ((path, aged if path == "old.png" else found) for path, found in real(root))

    monkeypatch.setattr(listing, "walk", walk)
    assert all_chunks(tmp_path, NEVER_S)[0] == ["old.png"]


def test_a_file_that_never_stops_changing_is_entered_in_the_end(
    tmp_path, between_passes, monkeypatch
):
    path = tmp_path / "log.png"
    path.touch()
    clock = iter(range(0, 1000, 25))
    monkeypatch.setattr(listing.time, "monotonic", lambda: float(next(clock)))
    between_passes += [append(path)] * 10
    assert all_chunks(tmp_path, NEVER_S) == [[], [], ["log.png"]]


def test_a_hot_folder_gives_new_files_until_told_to_stop(tmp_path, between_passes):
    (tmp_path / "a.png").touch()
    looks = iter([True, True, True, True, False, False])
    between_passes += [(tmp_path / "b.png").touch]
    found = all_chunks(tmp_path, go_on=lambda: next(looks))
    assert {name for chunk in found for name in chunk} == {"a.png", "b.png"}


def test_a_folder_that_is_not_there_is_the_jobs_error(tmp_path):
    with pytest.raises(ocr.JobError, match="no such folder"):
        all_chunks(tmp_path / "nowhere")
