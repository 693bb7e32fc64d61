"""Placing the fields of a form with known boxes, and settling combs on their printed lines."""

from ocr.arrays import Gray
from ocr.find.comb import find_comb
from ocr.find.lines import line_ink, vertical_lines
from ocr.find.placement import Placement
from ocr.forms import FormField
from ocr.geometry import Box
from ocr.scaling import scaled

_FRAME_MM = 0.5  # half of a thick frame and a little shift
_SLACK_MM = 4.0  # how far a scanner's feed moves and stretches a page
_WORK_PX_PER_MM = 6.0  # about 150 dpi: lines are 1 to 2 px wide
_PITCH_TOLERANCE = 0.06  # print and scan scale
_LINE_SHARE = 0.55  # of the box's height: comb lines may be shorter than the box


def place(gray: Gray, field: FormField, page_mm: tuple[float, float]) -> Placement:
    """Place one field of a form.

    The page is taken to fill the scan. A comb settles on the printed lines near its place; if
    they cannot be seen (dropout print), it stays where the form says.

    Args:
        gray: The upright page.
        field: The field; its `box_mm` is set.
        page_mm: Width and height of the page.

    Returns:
        The placement in pixels of `gray`.
    """
    box = box_px(gray, field, page_mm)
    if field.rows is not None:
        return Placement(box)
    if field.cells is None:
        return Placement(_inside_frame(box, gray.shape[1] / page_mm[0]))
    settled = _settled(gray, box, field.cells, gray.shape[1] / page_mm[0])
    return (
        Placement(_around(settled), settled)
        if settled
        else Placement(box, equal_cells(box, field.cells))
    )


def _inside_frame(box: Box, px_per_mm: float) -> Box:
    """The box without the frame that is usually printed along its edges."""
    frame = round(_FRAME_MM * px_per_mm)
    if min(box.width, box.height) <= 4 * frame:
        return box
    return Box(box.x + frame, box.y + frame, box.width - 2 * frame, box.height - 2 * frame)


def box_px(gray: Gray, field: FormField, page_mm: tuple[float, float]) -> Box:
    """The field's box in pixels of a page that fills the scan; at least one pixel of the page."""
    if field.box_mm is None:
        raise ValueError(f"field {field.name} has no box_mm")
    across, down = gray.shape[1] / page_mm[0], gray.shape[0] / page_mm[1]
    left, top, width, height = field.box_mm
    wide, tall = max(1, round(width * across)), max(1, round(height * down))
    box = Box(int(left * across), int(top * down), wide, tall)
    return box.clipped(gray.shape[1], gray.shape[0])


def _settled(gray: Gray, box: Box, cells: int, px_per_mm: float) -> tuple[Box, ...]:
    """The comb's cells by its own lines; empty if they are not to be seen."""
    slack = round(_SLACK_MM * px_per_mm)
    region = Box(box.x - slack, box.y - slack, box.width + 2 * slack, box.height + 2 * slack)
    region = region.clipped(gray.shape[1], gray.shape[0])
    scale = max(1.0, px_per_mm / _WORK_PX_PER_MM)
    shortest = max(4, int(_LINE_SHARE * box.height / scale))
    ink = line_ink(scaled(gray[region.slices], 1 / scale))
    pitch = box.width / cells / scale
    reach = (pitch * (1 - _PITCH_TOLERANCE), pitch * (1 + _PITCH_TOLERANCE))
    comb = find_comb(ink, vertical_lines(ink, shortest), cells, reach)
    if comb is None:
        return ()
    return tuple(cell.moved(region.x, region.y) for cell in comb.cell_boxes(scale))


def equal_cells(box: Box, cells: int) -> tuple[Box, ...]:
    """A box parted into cells of one width; none for free writing (0 cells)."""
    edges = [round(box.x + k * box.width / max(cells, 1)) for k in range(cells + 1)]
    return tuple(Box(edges[k], box.y, edges[k + 1] - edges[k], box.height) for k in range(cells))


def _around(cells: tuple[Box, ...]) -> Box:
    first, last = cells[0], cells[-1]
    return Box(first.x, first.y, last.right - first.x, first.height)
