"""The documents of a folder: all of them, in order, and nothing from outside."""

import os

import pytest

from ocr.documents import list_documents, resolve_document
from ocr.errors import FileUnreadable


def touch(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def test_every_file_is_listed_once_in_order(tmp_path):
    touch(tmp_path, "b.png", "a/2.tif", "a/10.tif", "a/deep/er/c.pdf", "A.png", "a.png", "notes")
    assert list(list_documents(tmp_path)) == [
        "A.png",
        "a.png",
        "a/10.tif",
        "a/2.tif",
        "a/deep/er/c.pdf",
        "b.png",
        "notes",
    ]


def test_what_is_listed_can_be_resolved(tmp_path):
    touch(tmp_path, "b.png", "a/c ä.pdf", "a/..odd")
    for relative in list_documents(tmp_path):
        assert resolve_document(tmp_path, relative).read_bytes() == b"x"


def test_hidden_files_and_folders_are_left_out(tmp_path):
    touch(tmp_path, ".DS_Store", ".git/config", "a/.hidden", "a/seen")
    assert list(list_documents(tmp_path)) == ["a/seen"]


def test_an_empty_folder_has_no_documents(tmp_path):
    (tmp_path / "empty").mkdir()
    assert list(list_documents(tmp_path)) == []


def test_links_are_listed_and_those_that_lead_outside_refused(tmp_path):
    folder = tmp_path / "scans"
    touch(tmp_path, "secret.png", "others/1.png", "scans/real.png")
    (folder / "inside.png").symlink_to("real.png")
    (folder / "outside.png").symlink_to("../secret.png")
    (folder / "others").symlink_to(tmp_path / "others")
    (folder / "gone.png").symlink_to("nowhere.png")
    (folder / "loop.png").symlink_to("loop.png")
    listed = list(list_documents(folder))
    assert listed == ["gone.png", "inside.png", "loop.png", "others", "outside.png", "real.png"]
    assert resolve_document(folder, "inside.png").name == "real.png"
    for relative in ("gone.png", "loop.png", "others", "outside.png", "others/1.png"):
        with pytest.raises(FileUnreadable, match=relative):
            resolve_document(folder, relative)


def test_a_linked_folder_may_itself_be_submitted(tmp_path):
    touch(tmp_path, "real/1.png")
    (tmp_path / "linked").symlink_to("real")
    assert list(list_documents(tmp_path / "linked")) == ["1.png"]
    assert resolve_document(tmp_path / "linked", "1.png").is_file()


def test_paths_out_of_the_folder_are_refused(tmp_path):
    touch(tmp_path, "scans/a.png", "secret.png")
    refused = ["../secret.png", str(tmp_path / "scans/a.png"), "..", ".", "", "b.png", "a\0.png"]
    for relative in refused:
        with pytest.raises(FileUnreadable):
            resolve_document(tmp_path / "scans", relative)


def test_a_name_that_is_not_utf8_is_listed_in_plain_text_and_refused(tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9.png")).write_bytes(b"x")
    assert list(list_documents(tmp_path)) == ["caf\\xe9.png"]
    with pytest.raises(FileUnreadable):
        resolve_document(tmp_path, "caf\\xe9.png")


def test_what_is_no_folder_is_refused(tmp_path):
    touch(tmp_path, "file")
    for folder in (tmp_path / "gone", tmp_path / "file"):
        with pytest.raises(FileUnreadable):
            list(list_documents(folder))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_that_may_not_be_read_is_refused_not_skipped(tmp_path):
    touch(tmp_path, "shut/1.png")
    (tmp_path / "shut").chmod(0)
    with pytest.raises(FileUnreadable, match="shut"):
        list(list_documents(tmp_path))
    (tmp_path / "shut").chmod(0o700)
