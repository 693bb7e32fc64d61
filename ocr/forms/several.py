"""Several forms for one batch of pages: loaded, checked together, and kept with a job as JSON."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter

from ocr.errors import FormError
from ocr.forms.evidence import may_be_seen
from ocr.forms.form import Form
from ocr.forms.load import builtin_names, load_form

FormGiven = Form | str | Path  # a form, a built-in one's name, or a TOML file
Forms = tuple[Form, ...]  # at least one

_MANY: TypeAdapter[Forms] = TypeAdapter(Forms)


def load_forms(given: FormGiven | Sequence[FormGiven]) -> Forms:
    """Load the forms that the pages of a batch may have.

    Args:
        given: One form or several; a folder stands for all TOML files in it, sorted.

    Raises:
        FormError: A form is missing or has mistakes, or the forms cannot be told apart on pages.
    """
    each = [given] if isinstance(given, Form | str | Path) else given
    forms = tuple(form for one in each for form in _loaded(one))
    if not forms:
        raise FormError("no form is given; name one, such as check, or give a form's TOML file")
    if len(forms) > 1:
        _check_apart(forms)
    return forms


def names_of(forms: Forms) -> str:
    """The forms' names for people, and for a job's status."""
    return ", ".join(form.name for form in forms)


def name_before_reading(forms: Forms) -> str:
    """The form of a page that could not be looked at: unknown where there are several."""
    return forms[0].name if len(forms) == 1 else ""


def forms_to_json(forms: Forms) -> str:
    """The forms as a job keeps them; a single one stands alone, as in older ledgers."""
    return forms[0].model_dump_json() if len(forms) == 1 else _MANY.dump_json(forms).decode()


def forms_from_json(text: str) -> Forms:
    """The forms that a job has kept."""
    return _MANY.validate_json(text if text.startswith("[") else f"[{text}]")


def _loaded(given: FormGiven) -> list[Form]:
    if isinstance(given, Form):
        return [given]
    folder = Path(given)
    if str(given) in builtin_names() or not folder.is_dir():
        return [load_form(given)]
    files = sorted(file for file in folder.glob("*.toml") if not file.name.startswith("."))
    if not files:
        raise FormError(f"{folder}: no form in this folder; put forms' TOML files into it")
    return [load_form(file) for file in files]


def _check_apart(forms: Forms) -> None:
    """Refuse forms of which a page could not be said to have one.

    Raises:
        FormError: It names the form, why, and the remedy.
    """
    layouts = Counter(form.layout for form in forms)
    names = Counter(form.name for form in forms)
    for form in forms:
        if names[form.name] > 1:
            raise FormError(f"form {form.name}: is given twice; give each form a name of its own")
        if form.layout == "crop":
            fact = "takes a whole image for its field and fits every page"
            raise FormError(f"form {form.name}: {fact}; give it alone")
        if form.layout != "template" and layouts[form.layout] > 1:
            fact = f"is one of {layouts[form.layout]} of layout {form.layout}, which fit alike"
            raise FormError(f"form {form.name}: {fact}; give one of them")
        if form.layout == "template" and not may_be_seen(form):
            fact = "has no print that a page could be known by"
            remedy = "give it a reference or marks, or give it alone"
            raise FormError(f"form {form.name}: {fact}; {remedy}")
