"""Load one page of any supported file; whatever goes wrong is a DocumentError."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ocr.errors import DamagedImage, DamagedPdf, DocumentError, ServiceError
from ocr.pages.content import Content, content_of
from ocr.pages.page import LIMITS, Limits, LoadedPage, check_size
from ocr.pages.pdf import count_pdf_pages, load_pdf_page
from ocr.pages.raster import load_raster
from ocr.pages.tiff import count_tiff_pages, load_tiff_page


def count_pages(path: str | Path, limits: Limits = LIMITS) -> int:
    """Count a document's pages without decoding any.

    Raises:
        DocumentError: The document cannot be read; its class and code say why.
    """
    path = Path(path)
    content = content_of(path, limits)
    with _surprises_told(path, content):
        if content is Content.PDF:
            return count_pdf_pages(path, limits)
        if content is Content.TIFF:
            return count_tiff_pages(path, limits)
        return 1


def load_page(path: str | Path, page: int = 1, limits: Limits = LIMITS) -> LoadedPage:
    """Load one page, counted from 1, upright and gray.

    The type is decided by the content, and the limits are checked before decoding. Of a document
    with many pages only this one is read.

    Raises:
        DocumentError: The page cannot be read; its class and code say why.
        ServiceError: Poppler is needed and not installed.
        ValueError: `page` is below 1.
    """
    if page < 1:
        raise ValueError(f"pages count from 1, not {page}")
    path = Path(path)
    content = content_of(path, limits)
    with _surprises_told(path, content):
        loaded = _load(path, content, page, limits)
        check_size(loaded.gray.shape[1], loaded.gray.shape[0], limits)
        return loaded


def _load(path: Path, content: Content, page: int, limits: Limits) -> LoadedPage:
    if content is Content.PDF:
        return load_pdf_page(path, page, limits)
    if content is Content.TIFF:
        return load_tiff_page(path, page, limits)
    if page > 1:
        raise DamagedImage(f"has no page {page}, only one")
    return load_raster(path, content, limits)


@contextmanager
def _surprises_told(path: Path, content: Content) -> Iterator[None]:
    """Turn whatever a decoder raises on damaged bytes into a DocumentError that names the file.

    Pillow's warnings about damage are left out: what matters of them becomes an error.
    Fuzzing showed SyntaxError, struct.error, KeyError, OverflowError and more: no list is complete.
    """
    try:
        with warnings.catch_warnings(action="ignore", category=UserWarning):
            yield
    except DocumentError as error:
        raise type(error)(f"{path}: {error}") from error
    except (ServiceError, MemoryError):
        raise
    except Exception as error:
        kind = DamagedPdf if content is Content.PDF else DamagedImage
        raise kind(f"{path}: does not decode ({error}); scan or copy it again") from error
