"""PDF: the scan inside a page if it is all there is, otherwise the page drawn by poppler.

A scanned page is one image. Taking it out gives the scanner's own pixels at a seventh of the time
of drawing the page (pdfium; 45 against 6.5 pages a second).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from math import sqrt
from pathlib import Path
from threading import Lock

import numpy as np
import pdf2image
import pypdfium2 as pdfium
from pdf2image.exceptions import PDFInfoNotInstalledError, PDFPopplerTimeoutError
from pypdfium2 import raw as pdfium_c

from ocr.arrays import Gray
from ocr.errors import (
    DamagedPdf,
    EncryptedPdf,
    PageTimeout,
    ServiceError,
    TooLarge,
    TooManyPages,
)
from ocr.pages.page import Limits, LoadedPage, check_size, plausible_dpi
from ocr.pages.scan import embedded_scan

_POINTS_PER_INCH = 72
_RENDER_DPI = 300  # the resolution that forms are scanned at
_LOWEST_RENDER_DPI = 50  # below it handwriting cannot be read

_PDFIUM = Lock()  # pdfium is not thread-safe


def count_pdf_pages(path: Path, limits: Limits) -> int:
    """Count the pages.

    Raises:
        EncryptedPdf, DamagedPdf, TooManyPages: As their names say.
    """
    with _opened(path) as document:
        pages = len(document)
    if pages == 0:
        raise DamagedPdf("has no pages; save or scan it again")
    if pages > limits.pages:
        raise TooManyPages(f"has {pages} pages, the limit is {limits.pages}; split it")
    return pages


def load_pdf_page(path: Path, page: int, limits: Limits) -> LoadedPage:
    """Load a page, counted from 1.

    Raises:
        EncryptedPdf, DamagedPdf, TooLarge, TooSmall, PageTimeout: As their names say.
        ServiceError: Poppler is needed and not installed.
    """
    with _opened(path) as document:
        if page > len(document):
            raise DamagedPdf(f"has no page {page}; save or scan it again")
        sheet = document[page - 1]
        width_pt, height_pt = sheet.get_size()
        gray = embedded_scan(sheet, limits)
    if gray is None:
        return _rendered(path, page, (width_pt, height_pt), limits)
    inches = (width_pt / _POINTS_PER_INCH, height_pt / _POINTS_PER_INCH)
    dpi = plausible_dpi((gray.shape[1] / inches[0], gray.shape[0] / inches[1]))
    return LoadedPage(gray, dpi, "pdf-embedded")


@contextmanager
def _opened(path: Path) -> Iterator[pdfium.PdfDocument]:
    with _PDFIUM:
        try:
            document = pdfium.PdfDocument(path.absolute())
        except pdfium.PdfiumError as error:
            if error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
                raise EncryptedPdf("asks for a password; save it without one") from error
            raise DamagedPdf(f"cannot be opened ({error}); save it again") from error
        with document:
            yield document


def _rendered(path: Path, page: int, size_pt: tuple[float, float], limits: Limits) -> LoadedPage:
    """Draw a page with poppler, in a process of its own that can be stopped."""
    dpi = _render_dpi(size_pt, limits)
    try:
        images = pdf2image.convert_from_path(
            path.absolute(),
            dpi=dpi,
            first_page=page,
            last_page=page,
            grayscale=True,
            use_cropbox=True,  # as pdfium measures the page, and as viewers show it
            timeout=limits.render_seconds,
        )
    except PDFInfoNotInstalledError as error:
        raise ServiceError(
            'drawing a PDF page needs poppler; run "apt-get install poppler-utils" '
            '("formdigits doctor" tells more)'
        ) from error
    except PDFPopplerTimeoutError as error:
        raise PageTimeout(
            f"drawing page {page} took over {limits.render_seconds} s; scan it again"
        ) from error
    if not images:
        raise DamagedPdf(f"page {page} cannot be drawn; save or scan it again")
    gray: Gray = np.array(images[0].convert("L"))
    check_size(gray.shape[1], gray.shape[0], limits)
    return LoadedPage(gray, float(dpi), "pdf-rendered")


def _render_dpi(size_pt: tuple[float, float], limits: Limits) -> int:
    """300 dpi, or less if the page is so large that it would exceed the pixel limit."""
    inches = [max(side, 1.0) / _POINTS_PER_INCH for side in size_pt]
    # One pixel a side for poppler's rounding up.
    most = sqrt(limits.page_pixels / (inches[0] * inches[1])) - 1 / min(inches)
    if most < _LOWEST_RENDER_DPI:
        raise TooLarge(f"the page is {inches[0]:.0f} x {inches[1]:.0f} inches; scan it at 300 dpi")
    return int(min(_RENDER_DPI, most))
