"""A loaded page, and the limits that are checked before anything is decoded."""

from dataclasses import dataclass

from ocr.arrays import Gray
from ocr.errors import TooLarge, TooSmall

# Outside this range a resolution is a default of some software, not a scanner's setting.
_LOWEST_DPI, _HIGHEST_DPI = 50.0, 1200.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What a document may cost; a header that asks for more is refused before decoding.

    Attributes:
        image_bytes: Of a PNG, JPEG or BMP file, which is read whole; an A3 page at 600 dpi in
            colour, uncompressed, has 209 MB.
        document_bytes: Of a PDF or TIFF, which is read page by page; 5,000 pages of 0.8 MB, and
            the most that a TIFF can address.
        page_pixels: Of one page; an A3 page at 600 dpi has 70 million, an A2 page 139.
        pages: Of one document.
        render_seconds: For drawing one PDF page; a usual one takes 0.15 s.
        shortest_side_px: Of a page; a digit needs about as many.
    """

    image_bytes: int = 200_000_000
    document_bytes: int = 4_000_000_000
    page_pixels: int = 120_000_000
    pages: int = 5_000
    render_seconds: int = 60
    shortest_side_px: int = 8


LIMITS = Limits()


@dataclass(frozen=True, slots=True, eq=False)
class LoadedPage:
    """One page, ready to be read.

    Attributes:
        gray: The page, upright by its EXIF orientation or PDF rotation.
        dpi: Its resolution; None when the file tells none or an absurd one.
        source: How it was obtained: ``image``, ``tiff``, ``pdf-embedded`` or ``pdf-rendered``.
    """

    gray: Gray
    dpi: float | None
    source: str


def check_size(width: int, height: int, limits: Limits) -> None:
    """Refuse a page by its size in pixels.

    Raises:
        TooSmall: No writing fits in.
        TooLarge: It has more pixels than the limit.
    """
    if min(width, height) < limits.shortest_side_px:
        raise TooSmall(f"{width} x {height} pixels hold no writing; scan at 300 dpi")
    if width * height > limits.page_pixels:
        raise TooLarge(
            f"{width} x {height} pixels are over the limit of {limits.page_pixels}; scan at 300 dpi"
        )


def plausible_dpi(dpi: object) -> float | None:
    """The resolution that a file tells as (horizontal, vertical), if it can be true.

    Unequal ones would make pixels oblong; then no single number holds.
    """
    if not (isinstance(dpi, tuple) and len(dpi) == 2):
        return None
    horizontal, vertical = (float(each) for each in dpi)
    same = abs(horizontal - vertical) <= 0.01 * horizontal  # rounded from dots per centimetre
    return horizontal if same and _LOWEST_DPI <= horizontal <= _HIGHEST_DPI else None
