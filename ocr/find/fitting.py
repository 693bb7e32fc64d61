"""Which form a page has, and how it lies on it."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ocr.find.check_areas import check_areas
from ocr.find.ruling import find_ruling
from ocr.forms import Form
from ocr.register import (
    Registration,
    Ruled,
    reduce,
    register_by_any_print,
    register_by_sight,
    register_by_size,
)
from ocr.upright import UprightPage


@dataclass(frozen=True, slots=True, eq=False)
class Fitting:
    """A form on a page.

    Attributes:
        page: The page, turned as the form says.
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
    if form.page_mm is None:
        return Fitting(page, form, None)
    seen = _best_registered(page, [form]) or _best_by_any_print(page, [form])
    return seen or Fitting(page, form, register_by_size(reduce(page), form))


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
    found = _best_registered(page, forms) or _best_by_any_print(page, forms)
    if found is not None:
        return found
    others = {form.layout: form for form in forms if form.layout != "template"}
    if "check" in others and _has_check(page):
        return Fitting(page, others["check"], None)
    return Fitting(page, others["auto"], None) if "auto" in others else None


def _best_registered(page: UprightPage, forms: Sequence[Form]) -> Fitting | None:
    """The form of which most is seen: on the page, else on it turned, if a form says so alone."""
    for turn_deg in (0, 180, 90, 270):
        turned = page.turned(turn_deg) if turn_deg else page
        likely = [form for form in forms if not turn_deg or _stands_like(turned, form)]
        found = _registered(turned, likely)
        if found:
            return max(found, key=_goodness)
    return None


def _best_by_any_print(page: UprightPage, forms: Sequence[Form]) -> Fitting | None:
    """The form of which most is seen where little is, on the page or on it turned."""
    templates = [form for form in forms if form.page_mm is not None]
    turned = [page.turned(turn_deg) if turn_deg else page for turn_deg in (0, 180, 90, 270)]
    found = [
        Fitting(each, form, seen)
        for each in turned
        if (likely := [form for form in templates if _stands_like(each, form)])
        for lines, shrunk in (_lines_of(each),)
        for form in likely
        if (seen := register_by_any_print(lines, form, shrunk))
    ]
    return max(found, key=_goodness, default=None)


def _lines_of(page: UprightPage) -> tuple[Ruled, int]:
    """All lines of a page, a little broader, as it may be slightly askew; and how it is shrunk."""
    ruling = find_ruling(page)
    across = cv2.dilate(ruling.across, np.ones((3, 1), np.uint8))
    down = cv2.dilate(ruling.down, np.ones((1, 3), np.uint8))
    return Ruled(across > 0, down > 0), ruling.shrunk


def _registered(page: UprightPage, forms: Sequence[Form]) -> list[Fitting]:
    """The forms of which enough is seen on a page."""
    templates = [form for form in forms if form.page_mm is not None]
    sheet = reduce(page) if templates else None
    found = [(form, register_by_sight(sheet, form)) for form in templates if sheet]
    return [Fitting(page, form, seen) for form, seen in found if seen]


def _stands_like(page: UprightPage, form: Form) -> bool:
    """Whether page and form are both taller than wide, or both wider."""
    height, width = page.shape
    return form.page_mm is not None and (width > height) == (form.page_mm[0] > form.page_mm[1])


def _goodness(fitting: Fitting) -> tuple[float, float]:
    seen = fitting.registration
    return (seen.margin, -(seen.residual_mm or 0.0)) if seen else (0.0, 0.0)


def _has_check(page: UprightPage) -> bool:
    return any(page.part(area).micr_line is not None for area in check_areas(page))
