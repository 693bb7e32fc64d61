"""The MICR line at the foot of a bank check, printed in E-13B (ISO 1004)."""

from ocr.micr.line import UNREADABLE, Glyph, MicrLine, find_in_crop, find_on_check, find_on_page

__all__ = ["UNREADABLE", "Glyph", "MicrLine", "find_in_crop", "find_on_check", "find_on_page"]
