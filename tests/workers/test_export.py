"""Exports: the same rows in every format, whole or not at all."""

import csv
import json
import os
import re
import resource

import openpyxl
import pyarrow.parquet
import pytest
from processes import formdigits

import ocr
from tests.faults import disk
from workers.export import check_target, neutralized, write_export

ROWS = [
    dict.fromkeys(ocr.COLUMNS, "")
    | {"job": "j1", "document": "=cmd|'/c calc'!A1", "page": "1", "value": "01234", "raw": "-5"},
    dict.fromkeys(ocr.COLUMNS, "")
    | {"job": "j1", "document": "ä\x01.png", "page": "2", "value": "-12.50", "raw": "+1/2"},
]


def test_csv_is_utf8_with_header_and_no_formula(tmp_path):
    write_export(iter(ROWS), tmp_path / "x.csv")
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as file:
        header, first, second = csv.reader(file)
    assert tuple(header) == ocr.COLUMNS
    assert first[header.index("document")] == "'=cmd|'/c calc'!A1"
    assert first[header.index("value")] == "01234"
    assert second[header.index("value")] == "-12.50"
    assert second[header.index("raw")] == "'+1/2"


def test_json_lines_and_parquet_keep_every_cell_as_it_is(tmp_path):
    write_export(iter(ROWS), tmp_path / "x.jsonl")
    lines = (tmp_path / "x.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == ROWS
    write_export(iter(ROWS), tmp_path / "x.parquet")
    table = pyarrow.parquet.read_table(tmp_path / "x.parquet")
    assert table.to_pylist() == ROWS
    assert set(map(str, table.schema.types)) == {"string"}


def test_xlsx_cells_are_text(tmp_path):
    write_export(iter(ROWS), tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    header, *rows = book.active.iter_rows()
    assert tuple(cell.value for cell in header) == ocr.COLUMNS
    cells = [cell for row in rows for cell in row if cell.value is not None]
    assert {(cell.data_type, cell.number_format) for cell in cells} == {("s", "@")}
    values = [cell.value for cell in cells]
    assert "'=cmd|'/c calc'!A1" in values
    assert "01234" in values
    assert "ä\N{REPLACEMENT CHARACTER}.png" in values
    book.close()


@pytest.mark.parametrize("cell", ["=1", "+1+1", "-1-1", "@SUM(A1)", "\t=1", "\r=1", "-/-", "--5"])
def test_what_a_spreadsheet_would_run_is_neutralized(cell):
    assert neutralized(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "0", "-5", "+5", "-12.50", "1=1", "a.png", "2016-01-25"])
def test_what_a_spreadsheet_only_shows_stays(cell):
    assert neutralized(cell) == cell


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet", ".xlsx"])
def test_an_export_that_fails_midway_leaves_the_old_file(tmp_path, suffix):
    target = tmp_path / f"x{suffix}"
    target.write_text("old")

    def rows():
        yield ROWS[0]
        raise ocr.ServiceError("the ledger is gone")

    with pytest.raises(ocr.ServiceError):
        write_export(rows(), target)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("x.pdf", r'no export format "\.pdf"; end the name in \.csv'),
        ("x", 'no export format ""'),
        ("nowhere/x.csv", "no folder .*nowhere"),
        ("folder.csv", "is a folder"),
    ],
)
def test_a_target_that_cannot_be_is_refused(tmp_path, name, message):
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(ocr.ExportError, match=message):
        write_export(iter(ROWS), tmp_path / name)


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet", ".xlsx"])
def test_a_disk_that_takes_no_more_is_one_clear_error(tmp_path, suffix):
    target = tmp_path / f"x{suffix}"
    target.write_text("old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))  # as a full disk: write() fails
    try:
        with pytest.raises(ocr.OutputFull, match="free space") as told:
            write_export(({**ROWS[0], "document": f"{n * 7919}"} for n in range(5000)), target)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (told.value.code, told.value.exit_code) == ("output_full", 9)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.fixture
def read_only(tmp_path):
    """A folder in which nobody may write: root is stopped by a read-only disk alone."""
    folder = tmp_path / "sealed"
    folder.mkdir()
    if os.getuid():
        folder.chmod(0o500)
        yield folder
        return
    if not disk.can_mount():
        pytest.skip("root writes everywhere, and nothing can be mounted here")
    with disk.read_only(folder):
        yield folder


def test_a_read_only_folder_is_told_before_any_work(read_only):
    with pytest.raises(ocr.OutputReadOnly, match="cannot be written; choose another") as told:
        check_target(read_only / "x.csv")
    assert (told.value.code, told.value.exit_code) == ("output_read_only", 9)


@pytest.mark.skipif(not disk.can_mount(), reason="mounting takes root")
def test_a_run_whose_output_is_full_keeps_all_it_read(scans, tmp_path):
    small = tmp_path / "small"
    words = ("run", scans, "--form", "digits", "-o", small / "x.csv")
    with disk.small_disk(small), disk.full(small):
        ended = formdigits(*words)
        assert [file.name for file in small.iterdir()] == ["filler"]
    assert ended.returncode == 9
    (command,) = re.findall(r'free space .*; then "formdigits (export \w+ -o) FILE"', ended.stderr)
    elsewhere = tmp_path / "x.csv"
    assert formdigits(*command.split(), elsewhere).returncode == 0
    with elsewhere.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["document"] for row in rows}) == 9
