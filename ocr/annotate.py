"""Annotated pictures: the scan with each field's box, what was read there and the verdict."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray
from ocr.errors import ExportError
from ocr.find import Absence, Placement
from ocr.forms import Form, FormField
from ocr.geometry import Box
from ocr.reading import FieldReading, PageReading, Status
from ocr.scaling import scaled

Picture = NDArray[np.uint8]  # (H, W, 3), blue green red
Colour = tuple[int, int, int]  # blue, green, red

_LONGER_SIDE_PX = (1000, 2000)  # smallest and largest; a crop is enlarged, a page reduced
# Okabe and Ito's palette (2008), told apart by colour-blind people; dark enough for white letters.
_GREEN, _BLUE, _ORANGE, _PURPLE, _GRAY = (
    (115, 158, 0),
    (178, 114, 0),
    (0, 94, 213),
    (147, 71, 160),
    (100, 100, 100),
)
_COLOURS = {
    Status.ACCEPTED: _GREEN,
    Status.CONFIRMED: _GREEN,
    Status.CORRECTED: _BLUE,
    Status.REVIEW: _ORANGE,
    Status.BLANK: _GRAY,
    Status.MISSING: _PURPLE,
    Status.ERROR: _PURPLE,
}
_FONT = cv2.FONT_HERSHEY_SIMPLEX
_FONT_PX = 22.0  # height of its capitals at scale 1
_LETTERS = 1 / 90  # height of capitals, of the picture's longer side: read at half size too
_PAPER = (255.0, 255.0, 255.0)
_PRINT = 128  # gray level below which a label would hide something


@dataclass(frozen=True, slots=True)
class _Mark:
    """What is drawn of one field; `box` and `cells` in pixels of the scan. No text, no label."""

    text: str
    colour: Colour
    box: Box | None
    cells: tuple[Box, ...] = ()


def annotate(gray: Gray, reading: PageReading) -> Picture:
    """Draw what was read onto the page.

    Args:
        gray: (H, W) page as scanned.
        reading: Its reading.

    Returns:
        (H', W', 3), the page with its longer side brought to 1000 to 2000 pixels. Fields that are
        missing, or have no room beside them, are named on a margin above the page.
    """
    marks = [_Mark(_words(field), _COLOURS[field.status], field.box) for field in reading.fields]
    return _drawn(gray, marks)


def preview(gray: Gray, form: Form, placements: Sequence[Placement | Absence | None]) -> Picture:
    """Draw where the fields of a form are, without reading them.

    Args:
        gray: (H, W) upright page.
        form: Its form.
        placements: One per field, in pixels of `gray`, or why it is not found.
    """
    fields = form.fields_of(len(placements) // len(form.fields))
    return _drawn(
        gray,
        [
            _Mark(title, _BLUE, place.box, place.cells)
            if isinstance(place, Placement)
            else _Mark(f"{field.name} ({field.type}) {_spelt(place)}", _PURPLE, None)
            for field, title, place in zip(fields, _titles(fields), placements, strict=True)
        ],
    )


def _titles(fields: Sequence[FormField]) -> Iterator[str]:
    """Name and type of each field; of a column's rows the first alone, as they have no room."""
    before = ""
    for field in fields:
        column = field.name.partition("[")[0]
        yield "" if column == before else f"{field.name} ({field.type})"
        before = column


def _spelt(absence: Absence | None) -> str:
    return absence.value.replace("_", " ") if absence else "not found"


def check_png(path: Path) -> None:
    """Refuse a picture's path before any work is done.

    Raises:
        ExportError: It does not end in ``.png``, or its folder is missing.
    """
    if path.suffix.lower() != ".png":
        raise ExportError(f"{path}: pictures are written as PNG; end the name in .png")
    if not path.parent.is_dir():
        raise ExportError(f"{path}: no folder {path.parent}; create it first")


def write_png(picture: Picture, path: Path) -> None:
    """Write a picture, replacing the file only when all of it is written.

    Raises:
        ExportError: It cannot be written.
    """
    check_png(path)
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        partial.write_bytes(cv2.imencode(".png", picture)[1].tobytes())
        partial.replace(path)
    except OSError as error:
        fact = error.strerror or str(error)
        raise ExportError(f"{path}: {fact}; free space or choose another folder") from error
    finally:
        partial.unlink(missing_ok=True)


def colour_of(status: Status) -> str:
    """The colour that a verdict has in pictures, as CSS spells it."""
    blue, green, red = _COLOURS[status]
    return f"#{red:02x}{green:02x}{blue:02x}"


def _words(field: FieldReading) -> str:
    """Name, value, confidence and verdict; in an error row the reason alone."""
    confidence = "" if field.confidence is None else f"{field.confidence:.2f}"
    reason = field.reason if field.status is Status.ERROR else ""
    return " ".join(filter(None, (field.field, field.value, confidence, field.status, reason)))


# --- drawing ------------------------------------------------------------------------------------


def _drawn(gray: Gray, marks: Sequence[_Mark]) -> Picture:
    """The page with its marks, below a margin of captions for those without a place."""
    shortest, longest = _LONGER_SIDE_PX
    scale = min(max(*gray.shape, shortest), longest) / max(gray.shape)
    page = np.asarray(cv2.cvtColor(scaled(gray, scale), cv2.COLOR_GRAY2BGR), np.uint8)
    letters_px = max(10, round(_LETTERS * max(page.shape)))
    boxes = [_scaled(mark.box, scale) if mark.box else None for mark in marks]
    labels = _placed(marks, boxes, page, letters_px)
    captions = [m for m, label in zip(marks, labels, strict=True) if label is None and m.text]
    for mark, box, label in zip(marks, boxes, labels, strict=True):
        if box is not None:
            _outline(page, box, mark.colour, 2 + letters_px // 12)
        for cell in mark.cells:
            _outline(page, _scaled(cell, scale), mark.colour, 1)
        if label is not None:
            _write(page, label, mark, letters_px)
    return _with_captions(page, captions, letters_px)


def _scaled(box: Box, scale: float) -> Box:
    left, top = round(box.x * scale), round(box.y * scale)
    return Box(left, top, round(box.right * scale) - left, round(box.bottom * scale) - top)


def _placed(
    marks: Sequence[_Mark], boxes: Sequence[Box | None], page: Picture, letters_px: int
) -> list[Box | None]:
    """Where each mark's text goes: beside its box, on nothing that is marked; None without room."""
    taken = [box for box in boxes if box is not None]
    labels: list[Box | None] = []
    for mark, box in zip(marks, boxes, strict=True):
        size = _text_size(mark.text, letters_px)
        room = _room_beside(box, size, taken, page) if box and mark.text else None
        labels.append(room)
        taken += [room] if room else []
    return labels


def _room_beside(
    box: Box, size: tuple[int, int], taken: Iterable[Box], page: Picture
) -> Box | None:
    """Room for a text above, below, right or left of a box, where it hides the least print."""
    width, height = size
    gap = height // 4
    left = max(0, min(box.x, page.shape[1] - width))
    places = (
        Box(left, box.y - gap - height, width, height),
        Box(left, box.bottom + gap, width, height),
        Box(box.right + gap, box.y, width, height),
        Box(box.x - gap - width, box.y, width, height),
    )
    free = [
        place
        for place in places
        if place == place.clipped(page.shape[1], page.shape[0])
        and not any(_overlap(place, other) for other in taken)
    ]
    return min(free, key=lambda place: (page[place.slices] < _PRINT).sum(), default=None)


def _overlap(one: Box, other: Box) -> bool:
    across = one.x < other.right and other.x < one.right
    return across and one.y < other.bottom and other.y < one.bottom


def _with_captions(page: Picture, captions: Sequence[_Mark], letters_px: int) -> Picture:
    """The page below a white margin with one line per caption, as wide as the widest."""
    if not captions:
        return page
    sizes = [_text_size(mark.text, letters_px) for mark in captions]
    line_px = sizes[0][1] + sizes[0][1] // 4
    right = max(0, max(width for width, _ in sizes) - page.shape[1])
    picture = np.asarray(
        cv2.copyMakeBorder(
            page, line_px * len(captions), 0, 0, right, cv2.BORDER_CONSTANT, value=_PAPER
        ),
        np.uint8,
    )
    for line, (mark, (width, height)) in enumerate(zip(captions, sizes, strict=True)):
        _write(picture, Box(0, line * line_px, width, height), mark, letters_px)
    return picture


def _outline(picture: Picture, box: Box, colour: Colour, thickness: int) -> None:
    """A frame around the box: outside it where the page allows, so that it hides no writing."""
    height, width = picture.shape[:2]
    around = Box(
        box.x - thickness, box.y - thickness, box.width + 2 * thickness, box.height + 2 * thickness
    ).clipped(width, height)
    corner = (around.right - 1, around.bottom - 1)
    cv2.rectangle(picture, (around.x, around.y), corner, colour, thickness)


def _text_size(text: str, letters_px: int) -> tuple[int, int]:
    """Width and height of a text's label, with its padding."""
    (width, _), _ = cv2.getTextSize(text, _FONT, letters_px / _FONT_PX, _stroke_px(letters_px))
    return width + letters_px, 2 * letters_px


def _write(picture: Picture, label: Box, mark: _Mark, letters_px: int) -> None:
    """White letters on the mark's colour."""
    cv2.rectangle(
        picture, (label.x, label.y), (label.right - 1, label.bottom - 1), mark.colour, cv2.FILLED
    )
    start = (label.x + letters_px // 2, label.bottom - letters_px // 2)
    scale, stroke = letters_px / _FONT_PX, _stroke_px(letters_px)
    cv2.putText(picture, mark.text, start, _FONT, scale, _PAPER, stroke, cv2.LINE_AA)


def _stroke_px(letters_px: int) -> int:
    return max(1, letters_px // 10)
