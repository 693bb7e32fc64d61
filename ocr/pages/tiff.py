"""TIFF: one page per image file directory, read by Pillow with libtiff.

Pillow knows what OpenCV does not: fax compression that breaks off, Lab, white-is-zero palettes, and
directories of different kinds in one file. It turns the page upright itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image, TiffImagePlugin

from ocr.arrays import Gray
from ocr.errors import DamagedImage, TooManyPages
from ocr.pages.page import Limits, LoadedPage, check_size, plausible_dpi
from ocr.pages.raster import gray_of

# Pillow warns by a limit of its own while it turns to a page; `check_size` is ours.
Image.MAX_IMAGE_PIXELS = None

_PHOTOMETRIC = 262  # the tag; 0 means white is zero


def count_tiff_pages(path: Path, limits: Limits) -> int:
    """Count the pages without decoding them.

    Raises:
        TooManyPages: The directories do not end at the limit.
    """
    with _opened(path) as tiff:
        for page in range(1, limits.pages + 1):
            try:
                tiff.seek(page)  # counted from 0: the next one
            except EOFError:
                return page
    raise TooManyPages(f"has more than {limits.pages} pages; split it")


def load_tiff_page(path: Path, page: int, limits: Limits) -> LoadedPage:
    """Load a page, counted from 1.

    Raises:
        DamagedImage: There is no such page, or it does not decode.
        TooLarge, TooSmall: Its directory says so.
    """
    with _opened(path) as tiff:
        try:
            tiff.seek(page - 1)
        except EOFError as error:
            raise DamagedImage(f"has no page {page}; scan or copy it again") from error
        check_size(*tiff.size, limits)
        dpi = plausible_dpi(tiff.info.get("dpi"))
        white_is_zero = tiff.tag_v2.get(_PHOTOMETRIC) == 0
        tiff.load()
        return LoadedPage(_gray(tiff, white_is_zero), dpi, "tiff")


@contextmanager
def _opened(path: Path) -> Iterator[TiffImagePlugin.TiffImageFile]:
    """Open by file object: given a name, Pillow 13 maps the file and tears a page on its side."""
    with path.open("rb") as file, TiffImagePlugin.TiffImageFile(file) as tiff:
        yield tiff


def _gray(tiff: Image.Image, white_is_zero: bool) -> Gray:
    """Eight bits of whatever the page has."""
    if tiff.mode.startswith("I;16"):
        high = (np.asarray(tiff).astype(np.uint16) >> 8).astype(np.uint8)
        return ~high if white_is_zero else high  # Pillow inverts up to 8 bits only
    if tiff.mode in {"I", "F"}:  # no scan but a measurement: shown from its least to its most
        levels = np.nan_to_num(np.asarray(tiff, np.float64), posinf=0.0, neginf=0.0)
        span = float(np.ptp(levels)) or 1.0
        return np.asarray((levels - levels.min()) * (255 / span), np.uint8)
    if tiff.mode == "LAB":
        return np.array(tiff.getchannel(0))
    return gray_of(tiff)
