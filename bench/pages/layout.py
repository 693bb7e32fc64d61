"""What a form is made of: printed items and the fields that people fill in, in millimetres."""

from dataclasses import dataclass
from itertools import count
from typing import Literal

from samples.drawing.forms import Frame, Rule, Text

PAGE_MM = (210.0, 297.0)
Style = Literal["comb", "ticks", "boxes", "dotted_comb", "box", "rule", "dotted", "cell", "free"]
BoxMm = tuple[float, float, float, float]  # left, top, width, height


@dataclass(frozen=True, slots=True)
class Blank:
    """A field to fill in.

    Attributes:
        name: Unique on the layout.
        style: How it is printed; ``free`` is not, its place is only known to the form.
        box: Where it is; of ruled and dotted lines the room above the line.
        digits: Fewest and most digits that are written there.
        cells: Of a comb or a row of boxes.
        gap: Between two boxes of a row.
    """

    name: str
    style: Style
    box: BoxMm
    digits: tuple[int, int]
    cells: int = 1
    gap: float = 0.0

    @property
    def cell_boxes(self) -> tuple[BoxMm, ...]:
        """The cells from left to right; the box itself without cells."""
        left, top, width, height = self.box
        wide = (width + self.gap) / self.cells
        return tuple((left + k * wide, top, wide - self.gap, height) for k in range(self.cells))


@dataclass(frozen=True, slots=True)
class Words:
    """Room that is filled in with words: no field of digits."""

    left: float
    baseline: float
    height: float
    length: int


@dataclass(frozen=True, slots=True)
class Layout:
    """An empty form.

    Attributes:
        name: Its name.
        printed: What is printed besides the fields.
        blanks: Its fields of digits.
        words: Where words are written.
    """

    name: str
    printed: tuple[Text | Rule | Frame, ...]
    blanks: tuple[Blank, ...]
    words: tuple[Words, ...] = ()


def layouts() -> tuple[Layout, ...]:
    """The five layouts."""
    return (_census(), _registration(), _tally(), _meter_card(), _invoice())


def _census() -> Layout:
    """28 boxes of 2 to 10 digits with the wanted number above each, and boxes of letters."""
    printed: list[Text | Rule | Frame] = [
        Text("WRITING SAMPLE", 15, 17, 5, bold=True),
        Text("Please copy each number into the box below it.", 15, 62),
        Frame(15, 24, 55, 11),
        Text("NAME", 16, 23, 2.6),
        Frame(75, 24, 30, 11),
        Text("DATE", 76, 23, 2.6),
        Frame(110, 24, 85, 11),
        Text("CITY, STATE", 111, 23, 2.6),
        Frame(15, 166, 180, 11),
        Text("x q z w k j v g p b t d f n m c r l h s y u o e i a", 16, 164, 3),
        Frame(15, 186, 180, 11),
        Text("X Q Z W K J V G P B T D F N M C R L H S Y U O E I A", 16, 184, 3),
        Frame(15, 210, 180, 70),
        Text(
            "We, the People of this town, in order to form a better office, do ordain", 16, 205, 3
        ),
    ]
    blanks, number = [], count(1)
    for k in range(3):
        left = 15.0 + 62 * k
        printed.append(Text("0 1 2 3 4 5 6 7 8 9", left + 1, 70, 3))
        blanks.append(Blank(f"hsf_{next(number)}", "box", (left, 72, 56, 9.5), (10, 10)))
    widths = ((2, 14.0), (3, 20.0), (4, 26.0), (5, 33.0), (6, 39.0))
    for row in range(5):
        left = 15.0
        for digits, width in widths[row:] + widths[:row]:
            top = 88.0 + 15 * row
            printed.append(Text("9" * digits, left + 1, top - 1.5, 3))
            box = (left, top, width, 9.5)
            blanks.append(Blank(f"hsf_{next(number)}", "box", box, (digits, digits)))
            left += width + 12
    words: tuple[Words, ...] = (Words(17, 32.5, 4.2, 9), Words(112, 32.5, 4.2, 12))
    words += tuple(Words(17, top, 4.2, 26) for top in (174.5, 194.5))
    words += tuple(Words(17, 219 + 11 * k, 4.4, 30) for k in range(5))
    return Layout("census", tuple(printed), tuple(blanks), words)


def _registration() -> Layout:
    """Combs of all kinds, rows of separate boxes, a comb of letters' length left empty."""
    rows: tuple[tuple[str, str, Style, float, int, float], ...] = (
        ("member", "Member number", "comb", 6.0, 9, 0.0),
        ("birth", "Date of birth (DDMMYYYY)", "comb", 7.0, 8, 0.0),
        ("postal", "Postal code", "ticks", 7.0, 5, 0.0),
        ("phone", "Telephone", "boxes", 5.5, 10, 1.5),
        ("iban", "Account number", "comb", 5.0, 18, 0.0),
        ("pin", "Branch code", "boxes", 7.0, 4, 2.5),
        ("year", "Year of entry", "dotted_comb", 7.0, 4, 0.0),
        ("receipt", "Receipt number", "dotted_comb", 6.0, 8, 0.0),
        ("children", "Children", "comb", 7.0, 2, 0.0),
    )
    printed: list[Text | Rule | Frame] = [
        Frame(15, 12, 180, 20),
        Text("REGISTRATION OF A MEMBER", 20, 25, 7, bold=True),
        Text("Write one digit in each box. Use black or blue ink. Do not fold.", 15, 40),
        Rule(15, 44, 195),
        Text("Family name and first name", 15, 53, 3),
        Frame(15, 55, 120, 10),
        Text("I have read the rules of the club and accept them as they are printed", 15, 258, 3),
        Text("on the other side of this sheet, with the fees of the running year.", 15, 263, 3),
        Rule(15, 280, 85),
        Text("Signature", 15, 285, 3),
    ]
    blanks = []
    for k, (name, label, style, cell, cells, gap) in enumerate(rows):
        top = 78 + 19.5 * k
        printed.append(Text(label, 15, top - 2, 3.2))
        width = cells * cell + (cells - 1) * gap
        fewest = cells if k % 2 else max(1, cells - 2)
        box = (15.0 + 20 * (k % 3), top, width, cell + 1.5)
        blanks.append(Blank(name, style, box, (fewest, cells), cells, gap))
    return Layout("registration", tuple(printed), tuple(blanks), (Words(18, 62.5, 4.2, 16),))


def _tally() -> Layout:
    """A table of counts: printed names on the left, three ruled columns of figures."""
    names = "North,South,East,West,Harbour,Station,Old town,Mill,Church,School,Bridge,Park"
    edges, top, tall = (15.0, 75.0, 110.0, 145.0, 180.0), 62.0, 11.5
    printed: list[Text | Rule | Frame] = [
        Text("TALLY OF VOTES", 15, 22, 6.5, bold=True),
        Text("District and polling station:", 15, 36),
        Rule(65, 37, 150),
        Text("Write the count of each list with three digits.", 15, 48),
        Text("Total of all ballots", 15, 234),
        Text("Signed by the chair of the station and by two witnesses", 15, 262, 3),
        Rule(15, 280, 70),
        Rule(80, 280, 135),
    ]
    blanks = [Blank("total", "box", (75.0, 226.0, 40.0, 11.0), (3, 5))]
    for column, head in enumerate(("Station", "List A", "List B", "Invalid")):
        wide = edges[column + 1] - edges[column]
        printed.append(Frame(edges[column], top - 9, wide, 9))
        printed.append(Text(head, edges[column] + 2, top - 3, 3.4, bold=True))
        for row in range(12):
            box = (edges[column], top + row * tall, wide, tall)
            if column == 0:
                printed.append(Frame(*box))
                printed.append(Text(names.split(",")[row], box[0] + 2, box[1] + 7, 3.4))
            else:
                blanks.append(Blank(f"c{column}_r{row + 1}", "cell", box, (1, 3)))
    return Layout("tally", tuple(printed), tuple(blanks), (Words(68, 36, 4.2, 12),))


def _meter_card() -> Layout:
    """Ruled and dotted lines with printed labels before them."""
    labels = "Meter number,Old reading,New reading,Days,House number,Flat,Year,Parcel,Zone,Route"
    printed: list[Text | Rule | Frame] = [
        Text("METER READING", 15, 24, 7, bold=True),
        Text("Please read your meter on the day named in our letter, all digits before", 15, 34),
        Text("the comma, and send this card back within a week. Thank you.", 15, 40),
        Text("Name", 15, 62),
        Rule(50, 63, 150),
        Text("Remarks", 15, 236),
        Rule(50, 237, 195),
        Rule(50, 249, 195),
    ]
    blanks = []
    for k, label in enumerate(labels.split(",")):
        left, baseline = 15.0 + 95 * (k % 2), 86.0 + 28 * (k // 2)
        style: Style = "dotted" if k % 4 in {1, 2} else "rule"
        printed.append(Text(label, left, baseline - 1))
        box = (left + 34, baseline - 9, 46.0, 9.0)
        blanks.append(Blank(label.lower().replace(" ", "_"), style, box, (2, 6)))
    words = (Words(54, 62, 4.4, 14), Words(54, 236, 4.4, 18))
    return Layout("meter_card", tuple(printed), tuple(blanks), words)


def _invoice() -> Layout:
    """Boxes of several sizes, a comb, and free fields that nothing is printed around."""
    printed: list[Text | Rule | Frame] = [
        Text("PAYMENT ADVICE", 15, 22, 6, bold=True),
        Text("Supplier", 15, 40),
        Frame(45, 33, 100, 10),
        Text("Order number:", 15, 62),
        Text("Pieces:", 120, 62),
        Text("Customer", 15, 84),
        Text("Net", 15, 106),
        Text("Tax", 15, 124),
        Text("Total", 15, 142),
        Text("Payable within thirty days after receipt of the goods, without deduction.", 15, 165),
        Text("Please do not write below this line; it is for the office alone.", 15, 171),
        Rule(15, 176, 195),
    ]
    blanks = (
        Blank("order", "free", (48, 54, 60, 11), (6, 8)),
        Blank("pieces", "free", (136, 54, 35, 11), (1, 3)),
        Blank("customer", "comb", (45, 76, 48, 8.5), (7, 8), 8),
        Blank("net", "box", (45, 98, 50, 12), (3, 6)),
        Blank("tax", "box", (45, 116, 50, 12), (2, 5)),
        Blank("total", "box", (45, 134, 60, 13), (3, 6)),
    )
    return Layout("invoice", tuple(printed), blanks, (Words(48, 40.5, 4.4, 14),))
