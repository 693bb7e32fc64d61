"""Forms: which fields a page has, of which type, and where they are."""

from ocr.forms.evidence import has_edges, has_evidence
from ocr.forms.form import DateOrder, Form, FormField, Mark
from ocr.forms.load import builtin_names, load_form
from ocr.forms.reference import picture_of
from ocr.forms.several import (
    FormGiven,
    Forms,
    forms_from_json,
    forms_to_json,
    load_forms,
    name_before_reading,
    names_of,
)

__all__ = [
    "DateOrder",
    "Form",
    "FormField",
    "FormGiven",
    "Forms",
    "Mark",
    "builtin_names",
    "forms_from_json",
    "forms_to_json",
    "has_edges",
    "has_evidence",
    "load_form",
    "load_forms",
    "name_before_reading",
    "names_of",
    "picture_of",
]
