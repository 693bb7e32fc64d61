"""Pages: from a file of any supported type to one upright gray page."""

from ocr.pages.load import count_pages, load_page
from ocr.pages.page import LIMITS, Limits, LoadedPage

__all__ = ["LIMITS", "Limits", "LoadedPage", "count_pages", "load_page"]
