"""Forms: which fields a page has, of which type, and where they are."""

from ocr.forms.form import Form, FormField
from ocr.forms.load import builtin_names, load_form

__all__ = ["Form", "FormField", "builtin_names", "load_form"]
