"""The reference picture of a form: read beside the form's file once, then carried in the form.

A job keeps its form as JSON, and workers may be elsewhere: the picture goes with it, reduced, as a
data URI (RFC 2397).
"""

import base64
import binascii
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from ocr.arrays import Gray
from ocr.errors import DamagedImage
from ocr.pages import load_page
from ocr.pages.page import Limits
from ocr.pages.raster import decode_jpeg

_PREFIX = "data:image/jpeg;base64,"
_LONGER_SIDE_PX = 1200  # as pages are reduced when they are registered
_QUALITY = 70  # A4 takes 60 to 150 KB; the edges that are matched stay
_MOST_CHARACTERS = 4_000_000
_CARRIED = Limits(page_pixels=_LONGER_SIDE_PX**2)
_MM_PER_INCH = 25.4

PageMm = tuple[float, float]


def is_carried(reference: str) -> bool:
    """Whether this is a picture carried in the form, and not a path."""
    return reference.startswith(_PREFIX)


def embed(path: str, folder: Path) -> tuple[str, PageMm | None]:
    """Read a form's reference picture.

    Args:
        path: As the form says it.
        folder: The form's.

    Returns:
        The picture as a data URI, and the page's size by the picture's resolution, if it tells one.

    Raises:
        ValueError: It leads out of the folder.
        DocumentError: It cannot be read as a page.
    """
    place = (folder / path).resolve()
    if Path(path).is_absolute() or not place.is_relative_to(folder.resolve()):
        raise ValueError("leads out of the form's folder")
    page = load_page(place)
    height, width = page.gray.shape
    size_mm = (width, height)
    page_mm = tuple(round(px / page.dpi * _MM_PER_INCH, 1) for px in size_mm) if page.dpi else None
    return carried(page.gray), page_mm


def carried(gray: Gray) -> str:
    """A picture as a data URI."""
    scale = min(1.0, _LONGER_SIDE_PX / max(gray.shape))
    size = (max(8, round(gray.shape[1] * scale)), max(8, round(gray.shape[0] * scale)))
    reduced = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
    encoded = cv2.imencode(".jpg", reduced, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1]
    return _PREFIX + base64.b64encode(encoded.tobytes()).decode()


@lru_cache(maxsize=16)
def picture_of(reference: str) -> Gray:
    """The picture that a form carries.

    Raises:
        DocumentError: It is none, or too large.
    """
    if not is_carried(reference) or len(reference) > _MOST_CHARACTERS:
        raise DamagedImage("is no picture that a form carries")
    try:
        encoded = base64.b64decode(reference.removeprefix(_PREFIX), validate=True)
    except binascii.Error as error:
        raise DamagedImage("is no picture that a form carries") from error
    return np.asarray(decode_jpeg(encoded, _CARRIED), np.uint8)
