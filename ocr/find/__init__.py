"""Finding: where the fields of a form are on an upright page."""

from ocr.find.fields import find_fields, place_fields
from ocr.find.placement import Absence, Placement

__all__ = ["Absence", "Placement", "find_fields", "place_fields"]
