"""Finding: which form a page has, and where the form's fields are on it."""

from ocr.find.fields import Placed, find_fields, place_fields
from ocr.find.fitting import Fitting, best_fitting, fit_form
from ocr.find.placement import Absence, Placement

__all__ = [
    "Absence",
    "Fitting",
    "Placed",
    "Placement",
    "best_fitting",
    "find_fields",
    "fit_form",
    "place_fields",
]
