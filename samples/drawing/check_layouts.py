"""Layouts of bank checks of several countries: what is printed where, in millimetres.

The banks are invented; sizes and places follow ANSI X9.100-160 (US), CTS-2010 (India), and what is
usual in Canada, the United Kingdom and the euro countries.
"""

from dataclasses import dataclass
from typing import Literal

from samples.drawing.typeset import Face

BoxMm = tuple[float, float, float, float]  # left, top, width, height
Edge = Literal["frame", "rule", "none"]


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
        number: The printed check number; of no text if there is none.
        texts: Other print.
        rules: Left, row, right of ruled lines.
        grouping: How digits are grouped and cents written.
        country: Whose MICR line it has.
        machine: Amount and date are machine-printed.
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
    machine: bool = False
    signature_mm: tuple[float, float] = (95, 44)


DEVELOPED = (
    CheckLayout(
        name="us-personal-framed",
        size_mm=(152.4, 69.9),
        sign=Text("$", 116, 29.5, 6, 600),
        amount_mm=(121, 22, 27, 8),
        amount_edge="frame",
        date_mm=(99, 12, 37, 7),
        date_edge="rule",
        number=Text("", 136, 8, 4, 700),
        texts=(
            Text("JORDAN & ALEX SAMPLE", 6, 8, 3, 700),
            Text("118 Millrace Lane, Springfield", 6, 12),
            Text("12-3456/7890", 126, 11, 2.2),
            Text("DATE", 91, 18.5, 2.2, 600),
            Text("PAY TO THE ORDER OF", 6, 28, 2.2),
            Text("DOLLARS", 134, 38, 2.4),
            Text("Lakeside Savings Bank", 6, 46, 3.6, 800),
            Text("FOR", 6, 57, 2.2),
        ),
        rules=((32, 28.5, 113), (6, 38, 132), (14, 57, 66), (88, 57, 147)),
        grouping="us",
        country="US",
    ),
    CheckLayout(
        name="us-personal-open",
        size_mm=(152.4, 69.9),
        sign=Text("$", 113, 30, 5.2, 400),
        amount_mm=(117, 22, 30, 8.2),
        amount_edge="rule",
        date_mm=(92, 13, 34, 7),
        date_edge="rule",
        number=Text("", 138, 8.5, 3.6, 700),
        texts=(
            Text("MORGAN PRACTICE", 8, 8, 3, 700),
            Text("PO Box 4411", 8, 12),
            Text("98-765/4321", 131, 12, 2),
            Text("Date", 85, 19.5, 2.4),
            Text("Pay to the", 8, 27, 2.2),
            Text("Order of", 8, 30, 2.2),
            Text("Dollars", 136, 39, 2.4),
            Text("COUNTY CREDIT UNION", 8, 47, 3, 700),
            Text("Memo", 8, 57.5, 2.2),
        ),
        rules=((24, 30.2, 110), (8, 39, 134), (18, 57.5, 70), (86, 57.5, 146)),
        grouping="us",
        country="US",
        face="italic",
    ),
    CheckLayout(
        name="us-business-stars",
        size_mm=(215.9, 88.9),
        sign=Text("$", 173, 33.5, 4.4, 600),
        amount_mm=(177.5, 28, 33, 7),
        amount_edge="none",
        date_mm=(176, 17, 30, 6),
        date_edge="none",
        number=Text("", 186, 9, 4.4, 700),
        texts=(
            Text("NORTHGATE SUPPLY CO., INC.", 12, 10, 3.6, 700),
            Text("4400 Harbor Parkway, Suite 210", 12, 14.5),
            Text("FIRST PRAIRIE BANK", 104, 10, 3, 600),
            Text("70-1234/0719", 104, 14.5, 2.4),
            Text("DATE", 164, 21.5, 2.4, 600),
            Text("PAY TO THE ORDER OF", 12, 33, 2.4),
            Text("DOLLARS", 190, 44, 2.6),
            Text("VOID AFTER 90 DAYS", 140, 52, 2.4),
            Text("MEMO", 12, 68, 2.4),
        ),
        rules=((48, 33.5, 168), (12, 44, 188), (24, 68, 90), (130, 70, 207)),
        grouping="us",
        country="BUSINESS",
        machine=True,
        signature_mm=(140, 55),
    ),
    CheckLayout(
        name="us-business-columns",
        size_mm=(215.9, 88.9),
        sign=Text("$", 178, 31, 3.6, 400),
        amount_mm=(181, 26, 28, 7),
        amount_edge="frame",
        date_mm=(146, 26, 28, 7),
        date_edge="frame",
        number=Text("", 190, 12, 4, 700),
        texts=(
            Text("HARBOR STREET CLINIC", 14, 12, 4, 700),
            Text("Accounts payable", 14, 16.5),
            Text("DATE", 155, 24.5, 2.2, 600),
            Text("AMOUNT", 189, 24.5, 2.2, 600),
            Text("PAY", 14, 38, 2.6, 600),
            Text("TO THE", 14, 50, 2.2),
            Text("ORDER OF", 14, 53, 2.2),
            Text("AUTHORIZED SIGNATURE", 152, 74, 2),
        ),
        rules=((22, 38.5, 205), (32, 53.5, 110), (132, 71, 205)),
        grouping="us",
        country="BUSINESS",
        machine=True,
        signature_mm=(140, 55),
    ),
    CheckLayout(
        name="india-cts",
        size_mm=(202, 92),
        sign=Text("₹", 149, 41.5, 6, 800),
        amount_mm=(145, 34.7, 49.6, 8.8),
        amount_edge="frame",
        date_mm=(152, 7, 41.3, 5.3),
        date_edge="frame",
        date_cells=8,
        number=Text("", 0, 0),
        texts=(
            Text("Bank of Sundarpur", 21, 9.5, 5, 800),
            Text("IFSC : SMPL0000417", 96, 9.8),
            Text("VALID FOR THREE MONTHS ONLY", 152, 5.8, 2.1),
            Text("Pay", 8.5, 24, 3, 700),
            Text("Or Bearer", 178, 24, 2.9, 700),
            Text("Rupees", 8.5, 32.6, 3, 700),
            Text("A/c No.", 15, 50.5, 2.9, 700),
            Text("Please sign above", 170, 75, 2.1),
        ),
        rules=((8.5, 25, 194), (8.5, 33.5, 194), (8.5, 42, 143)),
        grouping="in",
        country="IN",
        face="uni",
        signature_mm=(150, 52),
    ),
    CheckLayout(
        name="uk-cheque",
        size_mm=(190, 85),
        sign=Text("£", 147, 38, 7, 600),
        amount_mm=(145, 29, 38, 11),
        amount_edge="frame",
        date_mm=(146, 14, 36, 7),
        date_edge="rule",
        number=Text("", 0, 0),
        texts=(
            Text("Severn Vale Bank", 10, 11, 5, 800),
            Text("Market Place, Oldbury", 10, 16),
            Text("00-41-79", 150, 8, 3, 600),
            Text("Date", 138, 20.5, 2.6),
            Text("Pay", 10, 30, 3, 600),
            Text("ACCOUNT PAYEE", 80, 62, 2.4, 600),
        ),
        rules=((18, 30.5, 140), (10, 41, 140), (10, 50, 140)),
        grouping="uk",
        country="NONE",
        signature_mm=(120, 48),
    ),
)

HELD_OUT = (
    CheckLayout(
        name="us-wallet-old",
        size_mm=(152.4, 69.9),
        sign=Text("$", 109, 26.5, 7, 300),
        amount_mm=(114, 19, 33, 8),
        amount_edge="none",
        date_mm=(104, 9.5, 40, 6.5),
        date_edge="rule",
        number=Text("", 96, 8, 3.4, 700),
        texts=(
            Text("CASEY EXAMPLE", 44, 8, 2.8, 600),
            Text("5-13/110", 132, 7.5, 1.9),
            Text("PAY TO", 6, 24, 2),
            Text("THE ORDER OF", 6, 26.6, 2),
            Text("19", 96, 16, 2.4),
            Text("DOLLARS", 133, 35, 2.4),
            Text("OLD TOWN NATIONAL BANK", 6, 44, 3, 800),
        ),
        rules=((26, 27, 107), (6, 35.5, 131), (80, 56, 147)),
        grouping="us",
        country="US",
    ),
    CheckLayout(
        name="canada-personal",
        size_mm=(158, 70),
        sign=Text("$", 119, 31.5, 6.4, 400),
        amount_mm=(124, 24, 29, 9),
        amount_edge="frame",
        date_mm=(107, 12, 44, 6.6),
        date_edge="frame",
        date_cells=8,
        number=Text("", 141, 8, 3.4, 600),
        texts=(
            Text("TAYLOR MODEL", 7, 9, 3, 700),
            Text("200 Rue du Lac", 7, 13),
            Text("DATE", 98, 17.5, 2.2, 600),
            Text("PAY TO THE ORDER OF", 7, 30, 2.2),
            Text("100 DOLLARS", 130, 40, 2.2),
            Text("MAPLE SAVINGS", 7, 47, 3.2, 800),
        ),
        rules=((38, 31, 116), (7, 40.5, 128), (84, 57, 150)),
        grouping="us",
        country="CA",
    ),
    CheckLayout(
        name="euro-cheque",
        size_mm=(175, 80),
        sign=Text("€", 121, 24, 6, 600),
        amount_mm=(127, 16, 41, 10),
        amount_edge="frame",
        date_mm=(120, 47, 44, 7),
        date_edge="none",
        number=Text("", 0, 0),
        texts=(
            Text("BANQUE DU VAL", 8, 10, 4.4, 800),
            Text("Payez contre ce cheque", 8, 22, 2.4),
            Text("Date", 110, 53.5, 2.6),
        ),
        rules=((42, 23, 116), (8, 32, 116), (8, 41, 168), (118, 54, 168)),
        grouping="eu",
        country="NONE",
        signature_mm=(100, 55),
    ),
    CheckLayout(
        name="india-old-rs",
        size_mm=(202, 92),
        sign=Text("Rs.", 149, 41.5, 4.4, 700),
        amount_mm=(146, 34.5, 48, 9.5),
        amount_edge="frame",
        date_mm=(148, 8, 44, 7.5),
        date_edge="rule",
        number=Text("", 0, 0),
        texts=(
            Text("Narmada Bank", 12, 10, 5, 800),
            Text("Date", 139, 15, 2.8),
            Text("Pay", 9, 25, 3, 700),
            Text("or Bearer", 178, 25, 2.9),
            Text("Rupees", 9, 34, 3, 700),
        ),
        rules=((9, 26, 194), (9, 34.5, 140), (9, 43, 140)),
        grouping="in",
        country="IN",
        signature_mm=(150, 52),
    ),
)
