"""How a bank check is laid out: what is printed where, in millimetres."""

from dataclasses import dataclass
from typing import Literal

from samples.drawing.typeset import Face

BoxMm = tuple[float, float, float, float]  # left, top, width, height
Edge = Literal["frame", "rule", "tint", "none"]


@dataclass(frozen=True, slots=True)
class Text:
    """A line of print: where its base line begins, and its size."""

    text: str
    x: float
    y: float
    size: float = 2.6
    weight: int = 400


@dataclass(frozen=True, slots=True)
class CheckLayout:
    """What is printed where.

    Attributes:
        name: Of the layout.
        size_mm: Width and height.
        sign: The printed currency sign; an empty text if there is none.
        face: Its typeface.
        amount_mm: The area for the courtesy amount; its frame, if it has one.
        amount_edge: How that area is marked.
        date_mm: The area for the date.
        date_edge: How that area is marked; a frame with `date_cells` is a comb.
        date_cells: Cells of a comb.
        comb_order: Of day, month and year in them.
        number: The printed check number; of no text if there is none.
        texts: Other print.
        rules: Left, row, right of ruled lines.
        grouping: How digits are grouped and cents written.
        country: Whose MICR line it has.
        machine: Amount and date are machine-printed.
        fillers: What a machine prints before and behind the amount.
        signature_mm: Left and top of the signature.
    """

    name: str
    size_mm: tuple[float, float]
    sign: Text
    amount_mm: BoxMm
    amount_edge: Edge
    date_mm: BoxMm
    date_edge: Edge
    number: Text
    texts: tuple[Text, ...]
    rules: tuple[tuple[float, float, float], ...]
    grouping: Literal["us", "in", "uk", "eu"]
    country: Literal["US", "BUSINESS", "IN", "CA", "NONE"]
    face: Face = "sans"
    date_cells: int = 1
    comb_order: Literal["DMY", "YMD"] = "DMY"
    machine: bool = False
    fillers: tuple[str, str] = ("**", "")
    signature_mm: tuple[float, float] = (95, 44)
