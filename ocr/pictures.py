"""Small pictures of a page that was read: the page with its readings, and a crop of each field."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from ocr.annotate import Picture, annotate
from ocr.arrays import Gray
from ocr.geometry import Box
from ocr.pages import load_page
from ocr.reading import PageReading

_LONGEST_PX = 1000  # of a page's picture: some 80 KB; labels of 11 px can be read
_CROP_PX = (360, 56)  # most width and height of a crop
_MARGIN = 0.12  # of a field's height: writing overshoots its box
_QUALITY = 80


@dataclass(frozen=True, slots=True)
class PagePictures:
    """Pictures of one page, all as JPEG.

    Attributes:
        page: The page as scanned, with its fields, what was read there and the verdicts.
        crops: One for each field of the reading; empty where it has no place on the scan.
    """

    page: bytes
    crops: tuple[bytes, ...]


def page_pictures(path: str | Path, reading: PageReading) -> PagePictures:
    """Draw a page that was read before.

    Args:
        path: Its document's file.
        reading: Its reading.

    Raises:
        DocumentError: The page cannot be read, now or ever.
    """
    gray = load_page(path, reading.page).gray
    boxes = (field.box for field in reading.fields)
    crops = tuple(_crop(gray, box) if box is not None else b"" for box in boxes)
    drawn = annotate(gray, reading)
    return PagePictures(_jpeg(drawn, _LONGEST_PX / max(drawn.shape)), crops)


def _crop(gray: Gray, box: Box) -> bytes:
    """A field with a margin; nothing if the scan has changed since and does not reach so far."""
    margin = round(_MARGIN * box.height) + 1
    wide = Box(box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin)
    wide = wide.clipped(gray.shape[1], gray.shape[0])
    if min(wide.width, wide.height) < 1:
        return b""
    return _jpeg(gray[wide.slices], min(_CROP_PX[0] / wide.width, _CROP_PX[1] / wide.height))


def _jpeg(picture: Gray | Picture, scale: float) -> bytes:
    """The picture reduced, never enlarged."""
    size = tuple(max(1, round(side * min(1.0, scale))) for side in picture.shape[1::-1])
    small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    return cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].tobytes()
