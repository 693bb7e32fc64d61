"""Read the handwritten digits on scanned forms and bank checks.

    import ocr
    page = ocr.read_page("scan.png", form="check")
    frame = ocr.read_folder("scans/", form="check")

A pure library: it loads neither the job service nor the trainer, and pandas only for frames.
"""

from ocr.digits.versions import ModelVersion, champion
from ocr.documents import list_documents, resolve_document
from ocr.errors import (
    CalibrationError,
    DataError,
    DocumentError,
    ExportError,
    FileUnreadable,
    FormDigitsError,
    FormError,
    JobError,
    ModelError,
    OutputFull,
    OutputReadOnly,
    PageCrashed,
    PageFailed,
    PageTimeout,
    PolicyError,
    ServiceError,
)
from ocr.folder import read_folder
from ocr.forms import Form, FormField, builtin_names, load_form
from ocr.geometry import Box
from ocr.pages import count_pages
from ocr.policy import policy_lines
from ocr.read import read_page
from ocr.reading import FieldReading, PageReading, Status, error_reading
from ocr.settings import state_folder
from ocr.table import COLUMNS, page_rows, to_frame

__all__ = [
    "COLUMNS",
    "Box",
    "CalibrationError",
    "DataError",
    "DocumentError",
    "ExportError",
    "FieldReading",
    "FileUnreadable",
    "Form",
    "FormDigitsError",
    "FormError",
    "FormField",
    "JobError",
    "ModelError",
    "ModelVersion",
    "OutputFull",
    "OutputReadOnly",
    "PageCrashed",
    "PageFailed",
    "PageReading",
    "PageTimeout",
    "PolicyError",
    "ServiceError",
    "Status",
    "builtin_names",
    "champion",
    "count_pages",
    "error_reading",
    "list_documents",
    "load_form",
    "page_rows",
    "policy_lines",
    "read_folder",
    "read_page",
    "resolve_document",
    "state_folder",
    "to_frame",
]
