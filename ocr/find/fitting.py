"""Which form a page has, and how it lies on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from ocr.find.check_areas import check_areas
from ocr.forms import Form
from ocr.micr import find_on_check
from ocr.register import Registration, reduce, register
from ocr.upright import UprightPage


@dataclass(frozen=True, slots=True, eq=False)
class Fitting:
    """A form on a page.

    Attributes:
        page: The page.
        form: The form.
        registration: How it lies on the page; None if the page does not fit it, and for layouts
            that have no millimetres.
    """

    page: UprightPage
    form: Form
    registration: Registration | None


def fit_form(page: UprightPage, form: Form) -> Fitting:
    """Lay the one form that a page can have on it.

    Args:
        page: The page.
        form: Its form.
    """
    return Fitting(page, form, register(reduce(page), form) if form.page_mm else None)


def best_fitting(page: UprightPage, forms: Sequence[Form]) -> Fitting | None:
    """Choose the form that a page has.

    Of the template forms that the page fits, that one for which most speaks; else the form of
    checks, if there is a MICR line; else `auto`, which takes what no other form does.

    Args:
        page: The page.
        forms: At most one of layout ``check``, one of ``auto``, none of ``crop``.

    Returns:
        The form; None if the page fits none.
    """
    if (found := _best_registered(page, forms)) is not None:
        return found
    others = {form.layout: form for form in forms if form.layout != "template"}
    if "check" in others and _has_check(page):
        return Fitting(page, others["check"], None)
    return Fitting(page, others["auto"], None) if "auto" in others else None


def _best_registered(page: UprightPage, forms: Sequence[Form]) -> Fitting | None:
    sheet = reduce(page)
    found = [
        (form, registration)
        for form in forms
        if form.page_mm is not None
        and (registration := register(sheet, form)) is not None
        and registration.by != "page"
    ]
    best = max(found, key=lambda each: _goodness(each[1]), default=None)
    return Fitting(page, *best) if best else None


def _goodness(registration: Registration) -> tuple[float, float]:
    return registration.margin, -(registration.residual_mm or 0.0)


def _has_check(page: UprightPage) -> bool:
    return any(find_on_check(page.part(area)) is not None for area in check_areas(page))
