"""Drawn checks with a MICR line: every character and its place known."""

import cv2
import numpy as np

from samples.drawing.paper import blank_sheet, guilloche
from samples.drawing.typeset import put_micr, put_text

INDIA = "C083659C 500025033A 290062C 31"
US = "A123456780A 00417796523C 1042"
BUSINESS = "C001042C A123456780A 00417796523C   B0000128450B"
CANADA = "C001C A12345D003A 123D456D7C"

INCHES = (8.0, 3.66)  # a check of CTS-2010; US checks are 6 x 2.75 to 8.75 x 3.66


def drawn_check(
    line, *, dpi=200, inches=INCHES, left_inch=1.2, pattern=None, paper=(240, 240, 240)
):
    """A gray check with a MICR line, and a line of other print above the clear band."""
    sheet = blank_sheet(round(inches[0] * dpi), round(inches[1] * dpi), paper)
    if pattern:
        guilloche(sheet, pattern, np.random.default_rng(1))
    put_text(sheet, "MEMO 40717 2024", (0.5 * dpi, sheet.shape[0] - 0.8 * dpi), 0.14 * dpi, 600)
    put_micr(sheet, line, left_inch * dpi, dpi)
    return np.asarray(cv2.cvtColor(sheet, cv2.COLOR_RGB2GRAY), np.uint8)


def scanned(gray, *, blur_inch=0.0025, noise=4.0, quality=60, seed=1):
    """A check as a scanner and JPEG leave it; blur in inches, since optics do not know pixels."""
    dpi = gray.shape[1] / INCHES[0]
    soft = cv2.GaussianBlur(gray, (0, 0), max(0.3, blur_inch * dpi)).astype(np.float32)
    grain = np.random.default_rng(seed).normal(0, noise, gray.shape)
    page = np.clip(soft + grain, 0, 255).astype(np.uint8)
    return cv2.imdecode(cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], 0)


def check_without_line():
    """A check whose clear band is empty."""
    return scanned(drawn_check(" "))


def check_with_line_upside_down():
    """A check whose line is printed upside down."""
    gray = drawn_check(INDIA)
    gray[-100:] = gray[-100:][::-1, ::-1].copy()
    return scanned(gray)
