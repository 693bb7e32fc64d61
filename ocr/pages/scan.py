"""The scan inside a PDF page: one image that covers the page, and nothing else to be seen."""

import cv2
import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw as pdfium_c

from ocr.arrays import Gray
from ocr.pages.page import Limits, check_size
from ocr.pages.raster import decode_jpeg

_TOLERANCE = 0.02  # of the page's side: scanners round the page box to whole points or inches
_SIMPLE_JPEGS = {(8, pdfium_c.FPDF_COLORSPACE_DEVICEGRAY), (24, pdfium_c.FPDF_COLORSPACE_DEVICERGB)}
_ICC = pdfium_c.FPDF_COLORSPACE_ICCBASED
# JPEG 2000 may decode to another size than the PDF says, so it is left to poppler's own process.
_DECODED_HERE = {"CCITTFaxDecode", "JBIG2Decode", "DCTDecode"}


def embedded_scan(page: pdfium.PdfPage, limits: Limits) -> Gray | None:
    """Take the scan out of a page, turned as a viewer shows it.

    Returns:
        None if the page is not just one scan, or one of a kind that must be drawn to be right.

    Raises:
        DamagedImage, TooLarge, TooSmall: The scan is.
    """
    image = _only_image(page)
    if image is None or not _covers(page, image):
        return None
    width_px, height_px = image.get_px_size()
    check_size(width_px, height_px, limits)
    filters = image.get_filters(skip_simple=True)
    if not set(filters) <= _DECODED_HERE:
        return None
    matrix = image.get_matrix()
    if filters == ["DCTDecode"] and _is_plain(image):
        stored = decode_jpeg(bytes(image.get_data(decode_simple=True)), limits)
    else:
        stored = _drawn(image)
    gray = _placed(stored, matrix)
    return np.ascontiguousarray(np.rot90(gray, -page.get_rotation() // 90))


def _only_image(page: pdfium.PdfPage) -> pdfium.PdfImage | None:
    """The page's image, if it is the only thing to be seen; invisible text of OCR may be there."""
    if pdfium_c.FPDFPage_GetAnnotCount(page) > 0:  # filled fields and remarks lie over the scan
        return None
    found = None
    for item in page.get_objects():
        if item.type == pdfium_c.FPDF_PAGEOBJ_FORM or _is_invisible_text(item):
            continue  # what is inside a form object comes next, on a deeper level
        if found or item.type != pdfium_c.FPDF_PAGEOBJ_IMAGE or item.level > 0 or _is_cut(item):
            return None
        found = item
    return found


def _is_invisible_text(item: pdfium.PdfObject) -> bool:
    if item.type != pdfium_c.FPDF_PAGEOBJ_TEXT:
        return False
    mode = pdfium_c.FPDFTextObj_GetTextRenderMode(item)
    return bool(mode == pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE)


def _is_cut(item: pdfium.PdfObject) -> bool:
    """Whether a clipping path or transparency may hide a part of it."""
    clip = pdfium_c.FPDFPageObj_GetClipPath(item)
    return bool(
        pdfium_c.FPDFPageObj_HasTransparency(item)
        or (clip and pdfium_c.FPDFClipPath_CountPaths(clip) > 0)
    )


def _covers(page: pdfium.PdfPage, image: pdfium.PdfImage) -> bool:
    """Whether the image lies straight on the page and ends where it ends, with square pixels."""
    matrix = image.get_matrix()
    left, bottom, right, top = page.get_bbox()
    width_pt, height_pt = right - left, top - bottom
    straight = max(abs(matrix.b), abs(matrix.c)) < _TOLERANCE * min(abs(matrix.a), abs(matrix.d))
    turned = max(abs(matrix.a), abs(matrix.d)) < _TOLERANCE * min(abs(matrix.b), abs(matrix.c))
    width_px, height_px = image.get_px_size()
    if turned:
        width_px, height_px = height_px, width_px
    gaps = np.abs(np.subtract(image.get_bounds(), (left, bottom, right, top)))
    gap = (gaps / (width_pt, height_pt, width_pt, height_pt)).max()
    oblong = abs(width_px / width_pt / (height_px / height_pt) - 1)
    return bool((straight or turned) and max(gap, oblong) <= _TOLERANCE)


def _is_plain(image: pdfium.PdfImage) -> bool:
    """Whether a JPEG means gray or RGB; others need the PDF's colour space to be right."""
    kind = image.get_metadata()
    return (kind.bits_per_pixel, kind.colorspace) in _SIMPLE_JPEGS or (
        kind.colorspace == _ICC and kind.bits_per_pixel in {8, 24}
    )


def _placed(stored: Gray, matrix: pdfium.PdfMatrix) -> Gray:
    """Turn and mirror stored rows as the matrix from the unit square to the page does."""
    if abs(matrix.a) >= abs(matrix.b):
        mirrored, flipped = matrix.a < 0, matrix.d < 0
    else:  # columns of the image run along the rows of the page
        stored = stored.T
        mirrored, flipped = matrix.c > 0, matrix.b > 0
    return stored[:: -1 if flipped else 1, :: -1 if mirrored else 1]


def _drawn(image: pdfium.PdfImage) -> Gray:
    """Let pdfium decode the stored rows with their colour space and masks, on white.

    The image is laid at one point a pixel: `scale_to_original` may be a pixel off, and blur.
    """
    width_px, height_px = image.get_px_size()
    image.set_matrix(pdfium.PdfMatrix(a=width_px, d=height_px))
    pixels = image.get_bitmap(render=True, scale_to_original=False).to_numpy()
    gray = cv2.cvtColor(pixels, cv2.COLOR_BGRA2GRAY)
    opacity = pixels[..., 3]
    if opacity.min() == 255:
        return np.asarray(gray, np.uint8)
    return np.asarray(cv2.add(cv2.multiply(gray, opacity, scale=1 / 255), 255 - opacity), np.uint8)
