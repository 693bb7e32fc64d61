"""Pictures of a whole job: every page small with its readings, and an index of the crops.

A folder with `index.html`, which needs nothing else but links to `pages/000001.jpg` and so on.
Files are numbered, so that no name of a document is one of a file here.
"""

import heapq
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import ocr
from workers.contact_sheet import Crop, Page, page_of, write_index
from workers.export import told

_MOST_CROPS = 2_000  # some 10 MB, which a browser opens at once
_NOT_READ = (1.5, 2.0)  # in the place of a confidence: fields without a value, blank ones

Fetch = Callable[[str], Path]  # gives a document's file


def check_folder(folder: Path) -> None:
    """Refuse a folder for pictures before any work is done.

    Raises:
        ExportError: It is a file, holds something, or the folder it is to lie in is missing.
        OutputReadOnly: It cannot be written.
    """
    parent = folder.absolute().parent
    if not parent.is_dir():
        raise ocr.ExportError(f"{folder}: no folder {parent}; create it first")
    if folder.exists() and not folder.is_dir():
        raise ocr.ExportError(f"{folder}: is a file; give a folder's name")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise ocr.OutputReadOnly(f"{folder}: the folder {parent} cannot be written; choose another")
    if folder.is_dir() and any(folder.iterdir()):
        raise ocr.ExportError(f"{folder}: is not empty; give a new folder")


def write_pictures(
    title: str, readings: Iterable[ocr.PageReading], fetch: Fetch, folder: Path
) -> int:
    """Draw pages and their index; the folder is there when all is written.

    Args:
        title: Of the index.
        readings: The job's pages, in the export's order; streamed.
        fetch: Gives a document's file.
        folder: A new or empty folder.

    Returns:
        How many pages there are.

    Raises:
        ExportError: It cannot be written.
    """
    check_folder(folder)
    partial = folder.absolute().with_name(f".{folder.name}.{os.getpid()}.part")
    pages: list[Page] = []
    try:
        (partial / "pages").mkdir(parents=True)
        drawn = _drawn(readings, fetch, partial, pages)
        crops = heapq.nsmallest(_MOST_CROPS, drawn, key=lambda crop: crop.rank)
        write_index(title, crops, pages, partial / "index.html")
        partial.replace(folder)
    except OSError as error:
        raise told(folder, error) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return len(pages)


def _drawn(
    readings: Iterable[ocr.PageReading], fetch: Fetch, target: Path, pages: list[Page]
) -> Iterator[Crop]:
    """Draw page after page, note each in `pages`, and give the crops of its fields."""
    for number, reading in enumerate(readings, 1):
        pictures = _pictures_of(reading, fetch)
        if pictures is None:
            pages.append(page_of(reading, ""))
            continue
        link = f"pages/{number:06}.jpg"
        (target / link).write_bytes(pictures.page)
        pages.append(page_of(reading, link))
        for field, crop in zip(reading.fields, pictures.crops, strict=True):
            if crop:
                rank = _rank(field, number)
                yield Crop(rank, reading.document, reading.page, field, crop, link)


def _pictures_of(reading: ocr.PageReading, fetch: Fetch) -> ocr.PagePictures | None:
    """The page's pictures; None if it cannot be read, now or ever."""
    try:
        return ocr.page_pictures(fetch(reading.document), reading)
    except (ocr.DocumentError, ocr.ServiceError):
        return None


def _rank(field: ocr.FieldReading, page: int) -> tuple[float, int]:
    """The least confident first, then what was not read, blank fields last."""
    unread = _NOT_READ[field.status is ocr.Status.BLANK]
    return (field.confidence if field.confidence is not None else unread), page
