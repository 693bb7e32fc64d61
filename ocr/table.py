"""Readings as a table: the columns of every export, and their types in pandas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ocr.reading import FieldReading, PageReading

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "job",
    "document",
    "page",
    "form",
    "field",
    "type",
    "value",
    "raw",
    "confidence",
    "status",
    "reason",
    "x",
    "y",
    "width",
    "height",
    "model",
)
_WHOLE_NUMBERS = ("page", "x", "y", "width", "height")
_CONFIDENCE = "confidence"


def page_rows(reading: PageReading) -> list[dict[str, str]]:
    """One row per field, in the form's order; all columns but ``job``, all as text."""
    page = {
        "document": reading.document,
        "page": str(reading.page),
        "form": reading.form,
        "model": reading.model,
    }
    return [page | _field_row(field) for field in reading.fields]


def _field_row(field: FieldReading) -> dict[str, str]:
    box = field.box
    sides = ("", "", "", "") if box is None else (box.x, box.y, box.width, box.height)
    return {
        "field": field.field,
        "type": field.type,
        "value": field.value,
        "raw": field.raw,
        _CONFIDENCE: "" if field.confidence is None else f"{field.confidence:.4f}",
        "status": field.status.value,
        "reason": field.reason,
        **dict(zip(("x", "y", "width", "height"), map(str, sides), strict=True)),
    }


def to_frame(rows: Iterable[Mapping[str, str]]) -> pd.DataFrame:
    """Rows as a data frame with the export's columns, in their order.

    Text stays text, so ``01234`` keeps its zero and nothing read is ``""``, never NaN. `confidence`
    is Float64; `page` and the box are Int64; both are NA where empty. A column that the rows lack
    (``job``, for one) is empty.
    """
    import pandas as pd  # noqa: PLC0415 (0.4 s that a single page need not wait for)

    filled = [[row.get(column, "") for column in COLUMNS] for row in rows]
    return _typed(pd.DataFrame(filled, columns=list(COLUMNS), dtype="str"))


def read_csv(path: str | Path) -> pd.DataFrame:
    """Read an export back as `to_frame` gave it.

    Raises:
        OSError, ValueError: There is no such file, or it is no export.
    """
    import pandas as pd  # noqa: PLC0415 (see to_frame)

    frame = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8")
    if tuple(frame.columns) != COLUMNS:
        raise ValueError(f"{path}: its columns are not an export's; give a file of `export`")
    return _typed(frame)


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    frame[_CONFIDENCE] = _numbers(frame[_CONFIDENCE])
    for column in _WHOLE_NUMBERS:
        frame[column] = _numbers(frame[column]).astype("Int64")
    return frame


def _numbers(texts: pd.Series[str]) -> pd.Series[float]:
    """The numbers that texts spell, NA where empty."""
    import pandas as pd  # noqa: PLC0415 (see to_frame)

    return pd.to_numeric(texts.mask(texts == "")).astype("Float64")
