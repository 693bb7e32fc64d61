"""What to say of the resolution that a file tells; nothing is read by it.

Many files tell none, or a default of some software. So a form is placed by its own size, a check's
print is measured by its MICR line, and `auto` takes the page's longer side for that of A4.
"""

from ocr.find import Fitting

_OFF = 0.1  # print is scaled by 3 %, pages are cropped; a wrong resolution is off by more
_MM_PER_INCH = 25.4

SENTENCES = {
    "no_resolution": "the file tells no resolution, or an absurd one; "
    "the page is taken to be as large as its form, or A4 without one",
    "other_resolution": "the file tells another resolution than the form's size; "
    "the page is placed by the form",
}


def resolution_warnings(dpi: float | None, fitting: Fitting) -> tuple[str, ...]:
    """Stable words for what is doubtful about a page's resolution.

    Args:
        dpi: As the file tells it; None for none or an absurd one.
        fitting: The page and its form. Of photos, crops and checks nothing is expected.
    """
    if fitting.page.flattened or fitting.form.layout in {"crop", "check"}:
        return ()
    if dpi is None:
        return ("no_resolution",)
    registration = fitting.registration
    if registration is None:
        return ()
    by_form = registration.pose.px_per_mm * _MM_PER_INCH
    return ("other_resolution",) if abs(by_form / dpi - 1) > _OFF else ()
