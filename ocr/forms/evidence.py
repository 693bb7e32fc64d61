"""What is printed of a form, so that its pages can be told from others'."""

from ocr.forms.form import Form, FormField


def has_edges(field: FormField) -> bool:
    """Whether there may be edges around a field: an E-13B line or a column of rows has none."""
    return field.box_mm is not None and field.type != "micr" and field.rows is None


def has_evidence(form: Form) -> bool:
    """Whether a page without the form's print is another's: boxes alone need not be printed."""
    combs = not form.dropout and any(field.cells and field.rows is None for field in form.fields)
    return form.reference is not None or bool(form.marks) or combs


def may_be_seen(form: Form) -> bool:
    """Whether anything of the form can be looked for on a page."""
    edges = not form.dropout and any(map(has_edges, form.fields))
    return form.reference is not None or bool(form.marks) or edges
