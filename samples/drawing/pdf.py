"""PDF pages: a scan that fills its page, and the form as vectors with the handwriting as images."""

import io
from collections.abc import Iterable

import numpy as np
import pikepdf

from samples.drawing.forms import (
    MM_PER_INCH,
    PAGE_MM,
    Filled,
    Frame,
    Rule,
    Text,
    handwritten,
    printed,
)
from samples.drawing.handwriting import Mask
from samples.drawing.paper import Colour

POINTS_PER_MM = 72 / MM_PER_INCH
_WRITING_DPI = 200


def scan_page(pdf: pikepdf.Pdf, jpeg: bytes, width_px: int, height_px: int) -> None:
    """Append an A4 page that is nothing but one scan, as a scanner's software writes it."""
    image = pdf.make_stream(
        jpeg,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=width_px,
        Height=height_px,
        ColorSpace=pikepdf.Name.DeviceGray,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    _append(pdf, [_placed("Scan", 0, 0, *PAGE_MM)], {"Scan": image})


def vector_page(pdf: pikepdf.Pdf, filled: Filled, rng: np.random.Generator) -> None:
    """Append the form printed as vectors; each piece of writing is an image with its own mask."""
    scale = _WRITING_DPI / MM_PER_INCH
    drawing, images = [_vectors(item) for item in printed()], {}
    for number, (ink, left, top) in enumerate(handwritten(filled, scale, rng)):
        name = f"Ink{number}"
        images[name] = _ink_image(pdf, ink, filled.ink)
        height, width = ink.shape
        drawing.append(_placed(name, left, top, width / scale, height / scale))
    _append(pdf, drawing, images)


def saved(pdf: pikepdf.Pdf) -> bytes:
    """The file's bytes, the same for the same pages."""
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _append(pdf: pikepdf.Pdf, drawing: Iterable[str], images: dict[str, pikepdf.Stream]) -> None:
    page = pdf.add_blank_page()
    fonts = {
        name: pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name(f"/{base}")
        )
        for name, base in (("Plain", "Helvetica"), ("Bold", "Helvetica-Bold"))
    }
    page.MediaBox = [0, 0, *(round(side * POINTS_PER_MM, 2) for side in PAGE_MM)]
    page.Resources = pikepdf.Dictionary(
        Font=pikepdf.Dictionary({f"/{name}": font for name, font in fonts.items()}),
        XObject=pikepdf.Dictionary({f"/{name}": image for name, image in images.items()}),
    )
    page.Contents = pdf.make_stream("\n".join(drawing).encode("ascii"))


def _ink_image(pdf: pikepdf.Pdf, ink: Mask, colour: Colour) -> pikepdf.Stream:
    """One pixel of colour behind a mask of the writing."""
    height, width = ink.shape
    kind = {"Type": pikepdf.Name.XObject, "Subtype": pikepdf.Name.Image, "BitsPerComponent": 8}
    mask = pdf.make_stream(
        np.rint(ink * 255).astype(np.uint8).tobytes(),
        **kind,
        Width=width,
        Height=height,
        ColorSpace=pikepdf.Name.DeviceGray,
    )
    return pdf.make_stream(
        bytes(colour), **kind, Width=1, Height=1, ColorSpace=pikepdf.Name.DeviceRGB, SMask=mask
    )


def _placed(name: str, left: float, top: float, width: float, height: float) -> str:
    """PDF operators that paint an image of so many millimetres."""
    x, y = left * POINTS_PER_MM, (PAGE_MM[1] - top - height) * POINTS_PER_MM
    wide, high = width * POINTS_PER_MM, height * POINTS_PER_MM
    return f"q {wide:.3f} 0 0 {high:.3f} {x:.3f} {y:.3f} cm /{name} Do Q"


def _vectors(item: Text | Rule | Frame) -> str:
    """PDF operators that print one item; PDF counts up from the lower edge, in points."""
    match item:
        case Text(text, left, baseline, size_mm, bold):
            font = "Bold" if bold else "Plain"
            x, y = left * POINTS_PER_MM, (PAGE_MM[1] - baseline) * POINTS_PER_MM
            size = size_mm * 1.2 * POINTS_PER_MM
            return f"BT /{font} {size:.2f} Tf {x:.3f} {y:.3f} Td ({text}) Tj ET"
        case Rule(left, y_mm, right):
            return _line(left, y_mm, right, y_mm)
        case Frame(left, top, width, height, cells):
            sides = [_line(left, y, left + width, y) for y in (top, top + height)]
            bars = [left + width * cell / cells for cell in range(cells + 1)]
            return "\n".join([*sides, *(_line(x, top, x, top + height) for x in bars)])


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    (x1, x2), (y1, y2) = (
        [x * POINTS_PER_MM for x in (x1, x2)],
        [(PAGE_MM[1] - y) * POINTS_PER_MM for y in (y1, y2)],
    )
    return f"0.6 w {x1:.3f} {y1:.3f} m {x2:.3f} {y2:.3f} l S"
