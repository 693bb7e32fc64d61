"""The one exception tree; each class carries a stable code, an exit code and the remedy.

    FormDigitsError
    ├── DocumentError         a document or page that cannot be read: an `error` row, exit 3
    │   ├── EmptyFile              empty_file
    │   ├── UnsupportedType        unsupported_type
    │   ├── DamagedImage           damaged_image
    │   ├── DamagedPdf             damaged_pdf
    │   ├── EncryptedPdf           encrypted_pdf
    │   ├── TooLarge               too_large
    │   ├── TooSmall               too_small
    │   ├── TooManyPages           too_many_pages
    │   ├── FileUnreadable         file_unreadable
    │   ├── UnknownForm            unknown_form
    │   ├── PageTimeout            page_timeout
    │   ├── PageCrashed            page_crashed
    │   ├── NoAbleWorker           no_able_worker
    │   └── PageFailed             failed
    ├── FormError             a form that is missing or has a mistake: exit 4
    ├── ModelError            no digit model, or one that cannot be used: exit 5
    ├── ServiceError          broker or ledger out of reach: exit 6
    ├── JobError              no such job, or not in a state for this: exit 7
    ├── DataError             a training data set that cannot be used: exit 8
    ├── ExportError           an export that cannot be written: exit 9
    │   ├── OutputReadOnly         output_read_only
    │   └── OutputFull             output_full
    └── CalibrationError      what keeps a threshold from being measured or used: exit 10
        ├── BadTarget              bad_target
        ├── BadLabels              bad_labels
        ├── NoLabels               no_labels
        ├── UnknownDocument        unknown_document
        ├── UnknownField           unknown_field
        ├── DuplicateLabel         duplicate_label
        └── PolicyError            policy_error

Codes and exit codes are contracts: exports and scripts read them.
"""

from typing import ClassVar


class FormDigitsError(Exception):
    """Root of all expected failures; the message names the thing, the fact and the remedy."""

    code: ClassVar[str] = "failed"
    exit_code: ClassVar[int] = 1


class DocumentError(FormDigitsError):
    """A document or page that cannot be read; becomes an `error` row, never a stopped batch.

    `remedy` is one fixed sentence per class, so that rows of one cause read alike.
    """

    code = "document_error"
    exit_code = 3
    remedy: ClassVar[str] = "look at the file and submit it again"

    @property
    def reason(self) -> str:
        """What an export's `reason` column says: the stable code, then the remedy."""
        return f"{self.code}: {self.remedy}"


class EmptyFile(DocumentError):
    """The file has no bytes."""

    code = "empty_file"
    remedy = "the file has no bytes; scan or copy it again"


class UnsupportedType(DocumentError):
    """The content is no PDF, TIFF, PNG, JPEG or BMP, whatever the name says."""

    code = "unsupported_type"
    remedy = (
        "the content is no PDF, TIFF, PNG, JPEG or BMP; convert it or take it out of the folder"
    )


class DamagedImage(DocumentError):
    """The image breaks off or does not decode."""

    code = "damaged_image"
    remedy = "the image is cut off or damaged; scan or copy it again"


class DamagedPdf(DocumentError):
    """The PDF, or one of its pages, cannot be opened."""

    code = "damaged_pdf"
    remedy = "the PDF is cut off or damaged; save or scan it again"


class EncryptedPdf(DocumentError):
    """The PDF asks for a password."""

    code = "encrypted_pdf"
    remedy = "the PDF asks for a password; save it without one"


class TooLarge(DocumentError):
    """More bytes or pixels than the limits allow."""

    code = "too_large"
    remedy = "the page or file is over the size limit; scan it at 300 dpi or split it"


class TooSmall(DocumentError):
    """Too few pixels to hold any writing."""

    code = "too_small"
    remedy = "the image has too few pixels to hold writing; scan it at 300 dpi"


class TooManyPages(DocumentError):
    """More pages than the limit allows."""

    code = "too_many_pages"
    remedy = "the document has more pages than the limit; split it"


class FileUnreadable(DocumentError):
    """The file is gone or may not be read."""

    code = "file_unreadable"
    remedy = "the file is gone or may not be read; check its path and permissions"


class UnknownForm(DocumentError):
    """The page fits none of the forms that it may have."""

    code = "unknown_form"
    remedy = "the page fits none of the forms; add its form, or put the page elsewhere"


class PageTimeout(DocumentError):
    """The page took longer than the limit."""

    code = "page_timeout"
    remedy = "reading the page took too long; look at it or scan it again"


class PageCrashed(DocumentError):
    """The page ended the process that read it, every time it was tried."""

    code = "page_crashed"
    remedy = "reading the page ended its process each time; look at it or scan it again"


class NoAbleWorker(DocumentError):
    """No worker that ran had what the page or its job needs."""

    code = "no_able_worker"
    remedy = (
        "no worker had what the page needs (the job's model version, a sound policy, poppler for a "
        "drawn PDF); put it in place and retry the job"
    )


class PageFailed(DocumentError):
    """A mistake in this program stopped the reading; the log has the traceback."""

    code = "failed"
    remedy = "the program failed on this page; see the worker's log and report it"


class FormError(FormDigitsError):
    """A form that is missing or has a mistake."""

    code = "form_error"
    exit_code = 4


class ModelError(FormDigitsError):
    """No digit model, or one that cannot be used."""

    code = "model_error"
    exit_code = 5


class ServiceError(FormDigitsError):
    """The broker or the ledger is out of reach."""

    code = "service_error"
    exit_code = 6


class JobError(FormDigitsError):
    """No such job, or a job not in a state for what was asked."""

    code = "job_error"
    exit_code = 7


class DataError(FormDigitsError):
    """A training data set that cannot be used."""

    code = "data_error"
    exit_code = 8


class ExportError(FormDigitsError):
    """The export's file cannot be written."""

    code = "export_error"
    exit_code = 9


class OutputReadOnly(ExportError):
    """The export's folder or disk may not be written."""

    code = "output_read_only"


class OutputFull(ExportError):
    """The export's disk or quota has no room left."""

    code = "output_full"


class CalibrationError(FormDigitsError):
    """What keeps an acceptance threshold from being measured or used."""

    code = "calibration_error"
    exit_code = 10


class BadTarget(CalibrationError):
    """A target or confidence outside its range."""

    code = "bad_target"


class BadLabels(CalibrationError):
    """A labels file, or a line of it, that does not say what it must."""

    code = "bad_labels"


class NoLabels(CalibrationError):
    """A labels file without labels."""

    code = "no_labels"


class UnknownDocument(CalibrationError):
    """A label for a document or page that is not there."""

    code = "unknown_document"


class UnknownField(CalibrationError):
    """A label for a field that the form does not have."""

    code = "unknown_field"


class DuplicateLabel(CalibrationError):
    """Two labels for one field."""

    code = "duplicate_label"


class PolicyError(CalibrationError):
    """A policy that is missing, cannot be read or cannot be written."""

    code = "policy_error"
