"""Reading a folder in this process, without the job service."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ocr.documents import list_documents, resolve_document
from ocr.errors import DocumentError
from ocr.forms import FormGiven, Forms, load_forms, name_before_reading
from ocr.pages import count_pages
from ocr.read import read_page
from ocr.reading import PageReading, error_reading
from ocr.table import page_rows, to_frame

if TYPE_CHECKING:
    import pandas as pd

_log = logging.getLogger(__name__)


def read_folder(folder: str | Path, form: FormGiven | Sequence[FormGiven]) -> pd.DataFrame:
    """Read all documents below a folder, one after the other.

    Args:
        folder: It and what is below it.
        form: One form or several, as for `read_page`.

    Returns:
        The export's columns, one row per field; a document or page that cannot be read has one
        row with the status `error`. The column `job` is empty.

    Raises:
        FileUnreadable: There is no such folder.
        FormError, ModelError: A form or the digit model cannot be used.
    """
    forms = load_forms(form)
    return to_frame(
        row
        for document in list_documents(folder)
        for reading in read_document(folder, document, forms)
        for row in page_rows(reading)
    )


def read_document(folder: str | Path, document: str, forms: Forms) -> Iterator[PageReading]:
    """Read the pages of one document; what cannot be read gives an error reading.

    Args:
        folder: The submitted folder.
        document: The document's path relative to it.
        forms: Those that its pages may have.
    """
    try:
        path = resolve_document(folder, document)
        pages = count_pages(path)
    except DocumentError as error:
        _log.warning("%s: %s", document, error.code)
        yield error_reading(document, 1, name_before_reading(forms), error)
        return
    for page in range(1, pages + 1):
        try:
            yield read_page(path, forms, page, document)
        except DocumentError as error:
            _log.warning("%s page %d: %s", document, page, error.code)
            yield error_reading(document, page, name_before_reading(forms), error)
    _log.info("%s: %d pages", document, pages)
