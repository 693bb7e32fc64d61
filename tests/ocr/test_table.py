"""The export's table: text stays text, numbers are numbers, and a CSV gives both back."""

import subprocess
import sys

import pandas as pd
import pytest

from ocr.errors import EmptyFile
from ocr.geometry import Box
from ocr.reading import FieldReading, PageReading, Status, error_reading
from ocr.table import COLUMNS, page_rows, read_csv, to_frame

AMOUNT = FieldReading(
    field="amount",
    type="amount",
    value="0012.50",
    raw="**0,012.50",
    confidence=0.98765,
    status=Status.ACCEPTED,
    reason="",
    box=Box(10, 20, 300, 40),
)
NOT_FOUND = FieldReading("date", "date", "", "", None, Status.MISSING, "not_found", None)
READING = PageReading("mail/a.pdf", 3, "check", (AMOUNT, NOT_FOUND), model="m1")
BROKEN = error_reading('b, "c".png', 1, "check", EmptyFile("b"))


def rows():
    return page_rows(READING) + page_rows(BROKEN)


def test_columns_are_the_documented_ones_in_order():
    documented = (
        "job, document, page, form, field, type, value, raw, confidence, status, reason, "
        "x, y, width, height, model"
    )
    assert ", ".join(COLUMNS) == documented


def test_a_page_gives_a_row_per_field_with_every_column_but_the_job():
    amount, date = page_rows(READING)
    assert set(amount) == set(date) == set(COLUMNS) - {"job"}
    assert amount == {
        "document": "mail/a.pdf",
        "page": "3",
        "form": "check",
        "field": "amount",
        "type": "amount",
        "value": "0012.50",
        "raw": "**0,012.50",
        "confidence": "0.9877",
        "status": "accepted",
        "reason": "",
        "x": "10",
        "y": "20",
        "width": "300",
        "height": "40",
        "model": "m1",
    }
    assert [date[key] for key in ("confidence", "x", "y", "width", "height")] == [""] * 5


def test_a_broken_document_gives_one_row_that_says_why():
    (row,) = page_rows(BROKEN)
    assert row["status"] == "error"
    assert row["reason"].startswith("empty_file: ")
    assert row["field"] == row["value"] == row["model"] == ""


def test_a_frame_has_text_and_numbers_and_no_nan_text():
    frame = to_frame(rows())
    assert tuple(frame.columns) == COLUMNS
    assert frame["value"].tolist() == ["0012.50", "", ""]
    assert frame["job"].tolist() == ["", "", ""]
    assert frame["page"].tolist() == [3, 3, 1]
    assert frame["x"].tolist() == [10, pd.NA, pd.NA]
    assert frame["confidence"].tolist() == [0.9877, pd.NA, pd.NA]
    numbers = {"page", "x", "y", "width", "height"}
    assert {name for name in COLUMNS if frame[name].dtype == "Int64"} == numbers
    assert frame["confidence"].dtype == "Float64"
    assert not frame[["value", "raw", "reason", "field", "document"]].isna().to_numpy().any()


@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_csv_gives_the_frame_back(tmp_path, number):
    frame = to_frame([{"job": "j1"} | row for row in rows()][:number])
    frame.to_csv(tmp_path / "export.csv", index=False)
    pd.testing.assert_frame_equal(read_csv(tmp_path / "export.csv"), frame)


@pytest.mark.parametrize("text", ["01234", "NA", "nan", "NULL", "1e5", "", "007", "2016-01-25"])
def test_text_that_looks_like_something_else_comes_back_as_it_is(tmp_path, text):
    frame = to_frame([page_rows(READING)[0] | {"value": text, "raw": text}])
    frame.to_csv(tmp_path / "export.csv", index=False)
    again = read_csv(tmp_path / "export.csv")
    assert again.loc[0, "value"] == again.loc[0, "raw"] == text


def test_another_csv_is_refused(tmp_path):
    (tmp_path / "labels.csv").write_text("document,value\na,1\n")
    with pytest.raises(ValueError, match="not an export's"):
        read_csv(tmp_path / "labels.csv")


def test_rows_alone_do_not_load_pandas():
    code = "import sys, ocr.table; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
