"""Pictures of a whole job: every page small with its readings, and an index of the crops.

A folder with `index.html`, which needs nothing else but links to `pages/000001.jpg` and so on.
Files are numbered, so that no name of a document is one of a file here.
"""

import heapq
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np

import ocr
from ocr.annotate import Picture, annotate
from ocr.arrays import Gray
from ocr.pages import load_page
from workers.contact_sheet import Crop, Page, page_of, write_index
from workers.export import told

_LONGEST_PX = 1000  # of a page's picture: some 80 KB; labels of 11 px can be read
_CROP_PX = (360, 56)  # most width and height of a crop in the index
_MARGIN = 0.12  # of a field's height: writing overshoots its box
_QUALITY = 80
_MOST_CROPS = 2_000  # some 10 MB, which a browser opens at once
_NOT_READ = (1.5, 2.0)  # in the place of a confidence: fields without a value, blank ones


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
    title: str, readings: Iterable[ocr.PageReading], fetch: Callable[[str], Path], folder: Path
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
    try:
        (partial / "pages").mkdir(parents=True)
        pages: list[Page] = []
        crops = heapq.nsmallest(
            _MOST_CROPS, _drawn(readings, fetch, partial, pages), key=lambda crop: crop.rank
        )
        write_index(title, crops, pages, partial / "index.html")
        partial.replace(folder)
    except OSError as error:
        raise told(folder, error) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return len(pages)


def _drawn(
    readings: Iterable[ocr.PageReading],
    fetch: Callable[[str], Path],
    target: Path,
    pages: list[Page],
) -> Iterator[Crop]:
    """Draw page after page, note each in `pages`, and give the crops of its fields."""
    for number, reading in enumerate(readings, 1):
        gray = _scan_of(reading, fetch)
        if gray is None:
            pages.append(page_of(reading, ""))
            continue
        picture = f"pages/{number:06}.jpg"
        (target / picture).write_bytes(_page_picture(gray, reading))
        pages.append(page_of(reading, picture))
        for field in reading.fields:
            if field.box is not None and (crop := _crop_picture(gray, field.box)):
                rank = _rank(field, number)
                yield Crop(rank, reading.document, reading.page, field, crop, picture)


def _scan_of(reading: ocr.PageReading, fetch: Callable[[str], Path]) -> Gray | None:
    """The page as scanned; None if it cannot be read, now or ever."""
    try:
        return load_page(fetch(reading.document), reading.page).gray
    except (ocr.DocumentError, ocr.ServiceError):
        return None


def _rank(field: ocr.FieldReading, page: int) -> tuple[float, int]:
    """The least confident first, then what was not read, blank fields last."""
    unread = _NOT_READ[field.status is ocr.Status.BLANK]
    return (field.confidence if field.confidence is not None else unread), page


def _page_picture(gray: Gray, reading: ocr.PageReading) -> bytes:
    picture = annotate(gray, reading)
    scale = min(1.0, _LONGEST_PX / max(picture.shape))
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    return _jpeg(np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8))


def _crop_picture(gray: Gray, box: ocr.Box) -> bytes:
    """A field with a margin; nothing if the scan has changed since and does not reach so far."""
    margin = round(_MARGIN * box.height) + 1
    wide = ocr.Box(box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin)
    wide = wide.clipped(gray.shape[1], gray.shape[0])
    if min(wide.width, wide.height) < 1:
        return b""
    crop = gray[wide.slices]
    scale = min(1.0, _CROP_PX[0] / wide.width, _CROP_PX[1] / wide.height)
    size = (max(1, round(wide.width * scale)), max(1, round(wide.height * scale)))
    return _jpeg(np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_AREA), np.uint8))


def _jpeg(picture: Gray | Picture) -> bytes:
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].tobytes()
