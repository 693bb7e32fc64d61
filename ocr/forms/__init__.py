"""Forms: which fields a page has, of which type, and where they are."""

from ocr.forms.form import Form, FormField, Mark
from ocr.forms.load import builtin_names, load_form
from ocr.forms.reference import picture_of

__all__ = ["Form", "FormField", "Mark", "builtin_names", "load_form", "picture_of"]
