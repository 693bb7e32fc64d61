"""Read the handwritten digits on scanned forms and bank checks.

    import ocr
    page = ocr.read_page("scan.png", form="check")
    frame = ocr.read_folder("scans/", form="check")

A pure library: it loads neither the job service nor the trainer, and pandas only for frames.
"""

from ocr.annotate import colour_of
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
    NoAbleWorker,
    OutputFull,
    OutputReadOnly,
    PageCrashed,
    PageFailed,
    PageTimeout,
    PolicyError,
    ServiceError,
    TooLarge,
    UnknownForm,
)
from ocr.folder import read_folder
from ocr.forms import (
    Form,
    FormField,
    FormGiven,
    Forms,
    builtin_names,
    forms_from_json,
    forms_to_json,
    load_form,
    load_forms,
    name_before_reading,
    names_of,
)
from ocr.geometry import Box
from ocr.pages import LIMITS, count_pages
from ocr.pictures import PagePictures, page_pictures
from ocr.policy import policy_lines
from ocr.read import read_page
from ocr.reading import FieldReading, PageReading, Status, error_reading
from ocr.settings import state_folder
from ocr.table import COLUMNS, page_rows, to_frame

__all__ = [
    "COLUMNS",
    "LIMITS",
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
    "FormGiven",
    "Forms",
    "JobError",
    "ModelError",
    "ModelVersion",
    "NoAbleWorker",
    "OutputFull",
    "OutputReadOnly",
    "PageCrashed",
    "PageFailed",
    "PagePictures",
    "PageReading",
    "PageTimeout",
    "PolicyError",
    "ServiceError",
    "Status",
    "TooLarge",
    "UnknownForm",
    "builtin_names",
    "champion",
    "colour_of",
    "count_pages",
    "error_reading",
    "forms_from_json",
    "forms_to_json",
    "list_documents",
    "load_form",
    "load_forms",
    "name_before_reading",
    "names_of",
    "page_pictures",
    "page_rows",
    "policy_lines",
    "read_folder",
    "read_page",
    "resolve_document",
    "state_folder",
    "to_frame",
]
