"""The page that the costs are measured on: A4 at 300 dpi, 20 fields of 5 digits each in combs."""

from pathlib import Path

import cv2
import numpy as np

from samples.drawing.hands import UPRIGHT
from samples.drawing.handwriting import write_glyph
from samples.drawing.paper import BLACK_INK, blank_sheet, put_ink, scan
from samples.drawing.typeset import put_box, put_text

FIELDS, CELLS = 20, 5
DPI = 300
_PX_PER_MM = DPI / 25.4
_CELL_MM = 9.0


def write_form(path: Path) -> None:
    """Write the TOML form of the page."""
    lines = ['name = "dense"', "page_mm = [210, 297]"]
    for field in range(FIELDS):
        left, top = _place(field)
        box = [left, top, _CELL_MM * CELLS, _CELL_MM]
        lines += ["[[field]]", f'name = "field_{field + 1}"', 'type = "digits"']
        lines += [f"length = {CELLS}", f"cells = {CELLS}", f"box_mm = {box}"]
    path.write_text("\n".join(lines) + "\n")


def write_page(path: Path, seed: int = 5) -> None:
    """Draw, fill and scan the page into a gray JPEG of usual quality."""
    rng = np.random.default_rng(seed)
    sheet = blank_sheet(round(210 * _PX_PER_MM), round(297 * _PX_PER_MM))
    for field in range(FIELDS):
        left, top = (side * _PX_PER_MM for side in _place(field))
        cell = _CELL_MM * _PX_PER_MM
        put_text(sheet, f"Field {field + 1}", (left, top - 18), 40)
        put_box(sheet, (left, top, cell * CELLS, cell), CELLS)
        for place in range(CELLS):
            ink = write_glyph(str(rng.integers(10)), UPRIGHT, 0.62 * cell, 5.0, rng)
            x = left + cell * (place + 0.5) - ink.shape[1] / 2
            put_ink(sheet, ink, x, top + 0.5 * cell - 0.9 * 0.62 * cell, BLACK_INK, rng)
    gray = cv2.cvtColor(scan(sheet, rng, skew_deg=0.7), cv2.COLOR_RGB2GRAY)
    if not cv2.imwrite(str(path), gray, [cv2.IMWRITE_JPEG_QUALITY, 80]):
        raise OSError(f"{path} could not be written")


def _place(field: int) -> tuple[float, float]:
    """Left and top of a field, in millimetres: two columns of ten."""
    return 30.0 + 95.0 * (field % 2), 30.0 + 25.0 * (field // 2)
