"""Exports: a job's rows as CSV, JSON Lines, Parquet or xlsx, streamed and written whole or not."""

import csv
import errno
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from itertools import islice
from pathlib import Path

import ocr
from workers import storage

Row = Mapping[str, str]
Writer = Callable[[Iterable[Row], Path], None]

# Spreadsheets run a cell that begins so (owasp.org, "CSV Injection"); a plain number is none.
_FORMULA = re.compile(r"[=+\-@\t\r\n]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_XLSX_ROWS = 1_048_576  # header included (Microsoft, "Excel specifications and limits")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}  # the disk, a quota, the largest file
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
_PARQUET_ROW_GROUP = 50_000  # some 10 MB in memory before it is written


def check_target(target: str | Path) -> Writer:
    """The writer for the file's suffix, before any work is done; of a URL nothing else is checked.

    Raises:
        ExportError: No such format, or the folder is missing.
        OutputReadOnly: The folder cannot be written.
    """
    path = Path(target)
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise ocr.ExportError(
            f'{target}: no export format "{path.suffix}"; end the name in {", ".join(WRITERS)}'
        )
    if storage.is_url(target):
        return writer
    if not path.parent.is_dir():
        raise ocr.ExportError(f"{path}: no folder {path.parent}; create it first")
    if path.is_dir():
        raise ocr.ExportError(f"{path}: is a folder; give a file's name")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise ocr.OutputReadOnly(
            f"{path}: the folder {path.parent} cannot be written; choose another"
        )
    return writer


def write_export(rows: Iterable[Row], target: str | Path) -> None:
    """Write rows to a file or URL, replacing what is there only when all are written.

    Raises:
        ExportError: It cannot be written; its class says why.
    """
    writer = check_target(target)
    replacing = _uploading(str(target)) if storage.is_url(target) else _replacing(Path(target))
    with replacing as partial:
        writer(rows, partial)


def neutralized(cell: str) -> str:
    """The cell with a leading apostrophe if a spreadsheet would run it as a formula."""
    if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell):
        return "'" + cell
    return cell


@contextmanager
def _uploading(url: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="formdigits-") as folder:
        partial = Path(folder) / "rows"
        try:
            yield partial
        except OSError as error:
            raise told(partial, error) from error
        storage.upload(partial, url)


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield partial
        partial.replace(path)
    except OSError as error:
        raise told(path, error) from error
    finally:
        with suppress(OSError):  # a disk that was lost; nobody takes the part for the whole
            partial.unlink(missing_ok=True)


def told(path: Path, error: OSError) -> ocr.ExportError:
    """What keeps a file from being written, as an error with its remedy."""
    fact = error.strerror or str(error)
    if error.errno in _FULL:
        return ocr.OutputFull(f"{path}: {fact}; free space or choose another folder")
    if error.errno in _READ_ONLY:
        return ocr.OutputReadOnly(f"{path}: {fact}; choose another folder")
    return ocr.ExportError(f"{path}: {fact}; choose another folder")


def _write_csv(rows: Iterable[Row], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file, lineterminator="\n")
        sheet.writerow(ocr.COLUMNS)
        sheet.writerows([neutralized(row[name]) for name in ocr.COLUMNS] for row in rows)


def _write_json_lines(rows: Iterable[Row], path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            ordered = {name: row[name] for name in ocr.COLUMNS}
            file.write(json.dumps(ordered, ensure_ascii=False) + "\n")


def _write_parquet(rows: Iterable[Row], path: Path) -> None:
    import pyarrow as pa  # noqa: PLC0415  # 0.1 s that a CSV need not wait for
    from pyarrow import parquet  # noqa: PLC0415

    schema = pa.schema([(name, pa.string()) for name in ocr.COLUMNS])
    remaining = iter(rows)
    with parquet.ParquetWriter(path, schema) as file:
        while group := list(islice(remaining, _PARQUET_ROW_GROUP)):
            file.write_table(pa.Table.from_pylist(group, schema))


def _write_xlsx(rows: Iterable[Row], path: Path) -> None:
    from openpyxl import Workbook  # noqa: PLC0415  # 0.2 s, as above
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet("readings")

    def text(value: str) -> object:
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", value))
        cell.number_format = "@"  # text, also after somebody edits the cell
        return cell

    with _errors_of_lxml(), closing(sheet):
        sheet.append([text(name) for name in ocr.COLUMNS])
        for number, row in enumerate(rows, start=2):
            if number > _XLSX_ROWS:
                raise ocr.ExportError("more rows than xlsx can hold; export as .csv")
            sheet.append([text(neutralized(row[name])) for name in ocr.COLUMNS])
    book.save(path)


@contextmanager
def _errors_of_lxml() -> Iterator[None]:
    """Where lxml is there, openpyxl writes a temporary file by it, whose errors are its own."""
    try:
        yield
    except Exception as error:
        if type(error).__name__ != "SerialisationError":
            raise
        number = getattr(errno, str(error).removeprefix("IO_"), errno.EIO)
        fact = f"{os.strerror(number)} in the folder for temporary files"
        raise OSError(number, fact) from error


WRITERS: dict[str, Writer] = {
    ".csv": _write_csv,
    ".jsonl": _write_json_lines,
    ".parquet": _write_parquet,
    ".xlsx": _write_xlsx,
}
