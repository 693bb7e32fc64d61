"""Values: what the digits of a field mean under its type."""

from ocr.values.interpret import interpret
from ocr.values.value import Value, only_digits

__all__ = ["Value", "interpret", "only_digits"]
