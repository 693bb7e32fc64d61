"""Upright pages: turned and deskewed."""

from ocr.upright.make import make_upright
from ocr.upright.page import UprightPage, as_scanned
from ocr.upright.skew import estimate_skew

__all__ = ["UprightPage", "as_scanned", "estimate_skew", "make_upright"]
