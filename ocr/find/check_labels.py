"""What stands beside a printed label of a check, DATE or AMOUNT, where no rule marks the place."""

from collections.abc import Iterator

from ocr.find.check_picture import CheckPicture
from ocr.find.printed import Printed, components
from ocr.geometry import Box, around

_RIGHT, _BELOW = 0.6, 0.4  # what writing right of a label counts, and below it, as under a heading
_WIDE = 3.0  # of the label's height: narrower writing is none
_ASIDE = 9.0  # of the same: what is written below a heading may be wider to both sides
_NEAR = 9.0  # of the same: print that begins further right is another heading
_NEAR_PRINT, _TALLER = 4.0, 1.5  # the same of print no taller, with its margin, than that
_DRAWN = 0.6  # share of ink of a frame's least complete edge
_LEAST_TALL = 0.008  # of the width: height of writing
_LEAST_MARK = 0.003  # of the width: height of points and dashes among it
_WORD_GAP = 1.8  # of the height of the writing before it
_MARGIN = 0.12  # of its height: paper around writing
_ABOVE = 0.3  # of an area's height: writing that is looked for reaches below


def written_beside(check: CheckPicture, label: Printed) -> Iterator[tuple[Box, float]]:
    """Writing right of a label or below it, with what its side counts; its frame if it has one."""
    box, tall = label.box, label.box.height
    right = Box(box.right + 1, box.y - 2 * tall, round(0.3 * check.width), 4 * tall)
    written = first_line(check, right.clipped(check.width, check.height))
    near = _NEAR if written and written.height >= _TALLER * tall else _NEAR_PRINT
    if written and written.width > _WIDE * tall and written.x - box.right < near * tall:
        yield _framed(check, written), _RIGHT
    aside = round(_ASIDE * tall)
    below = Box(box.x - aside, box.bottom + 2, box.width + 2 * aside, 4 * tall)
    lines = _lines(check, below.clipped(check.width, check.height))
    written = next((line for line in lines if line.x < box.right and box.x < line.right), None)
    if written and written.width > _WIDE * tall:
        yield _framed(check, written), _BELOW


def first_line(check: CheckPicture, area: Box) -> Box | None:
    """The box around the leftmost line of writing in an area, with a margin.

    What ends in its upper part is another line: the routing fraction of US checks above the date.
    """
    return next(_lines(check, area, _ABOVE), None)


def _framed(check: CheckPicture, written: Box) -> Box:
    frames = (f.box for f in check.frames if f.seen >= _DRAWN)
    return next((frame for frame in frames if frame.has_middle_of(written)), written)


def _lines(check: CheckPicture, area: Box, above: float = 0.0) -> Iterator[Box]:
    """The boxes around what is written in an area, from the left, parted by wide gaps.

    What only hangs down into the area, or ends in its share `above`, is print of the line above.
    """
    pieces = components(check.writing[area.slices], (_LEAST_MARK * check.width, 0.95 * area.height))
    written: list[Box] = []
    for piece in pieces:
        hanging = piece.y <= 1 and piece.bottom < 0.5 * area.height
        if hanging or piece.bottom < above * area.height or piece.y > 0.8 * area.height:
            continue
        line = written[-1] if written else piece
        if piece.x - line.right > _WORD_GAP * max(line.height, _LEAST_TALL * check.width):
            written.append(piece)
        else:
            written[-1:] = [around([line, piece])]
    for line in written:
        if line.height >= _LEAST_TALL * check.width:
            margin = round(_MARGIN * line.height)
            wide, tall = line.width + 2 * margin, line.height + 2 * margin
            box = Box(area.x + line.x - margin, area.y + line.y - margin, wide, tall)
            yield box.clipped(check.width, check.height)
