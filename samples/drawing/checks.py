"""Bank checks of invented banks, filled in by hand, with the truth of each."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from samples.drawing.hands import Hand
from samples.drawing.handwriting import Mask, sign, write_glyph, write_line, write_words
from samples.drawing.paper import (
    BLUE_INK,
    Colour,
    Sheet,
    blank_sheet,
    guilloche,
    put_ink,
    rosette,
    scan,
)
from samples.drawing.typeset import put_box, put_micr, put_rule, put_text

DPI = 300
_US_PX = (1800, 825)  # 6 x 2.75 inches, a personal check
_CTS_PX = (2365, 1080)  # 8 x 3.66 inches and what the scanner sees around it, CTS-2010


@dataclass(frozen=True, slots=True)
class UsCheck:
    """What is on a personal check of the United States.

    Attributes:
        amount: Dollars and cents, ``1284.50``.
        fraction: Cents written as a raised fraction, 50/100, not as decimals.
        day: The date.
        separator: Between month, day and year.
        auxiliary: The check number stands left of the MICR line, as on business checks.
    """

    amount: str
    day: date
    payee: str
    words: str
    hand: Hand
    ink: Colour = BLUE_INK
    paper: Colour = (236, 243, 250)
    pattern: Colour = (213, 227, 241)
    fraction: bool = False
    separator: str = "/"
    number: str = "1042"
    auxiliary: bool = False
    skew_deg: float = 0.3
    noise: float = 3.0

    @property
    def micr(self) -> str:
        """The MICR line: A transit, C on-us; the routing number has its check digit."""
        bank_and_account = "A123456780A 00417796523C"
        if self.auxiliary:
            return f"C{self.number}C {bank_and_account}"
        return f"{bank_and_account} {self.number}"

    @property
    def truth(self) -> dict[str, str]:
        """Normalized value per field of the built-in form `check`."""
        return {
            "amount": self.amount,
            "date": self.day.isoformat(),
            "micr": self.micr,
            "check_number": self.number,
        }


@dataclass(frozen=True, slots=True)
class IndianCheck:
    """What is on an Indian check: whole rupees, the date in a comb."""

    amount: str
    day: date
    payee: str
    words: tuple[str, str]
    hand: Hand
    bank: str
    branch: str
    accent: Colour
    ink: Colour = BLUE_INK
    paper: Colour = (214, 240, 224)
    pattern: Colour = (184, 222, 200)
    number: str = "100427"
    skew_deg: float = -0.2
    noise: float = 3.0

    @property
    def micr(self) -> str:
        """The MICR line: check number, sort code, account, transaction code."""
        return f"C{self.number}C 000417002A 001184C 31"

    @property
    def truth(self) -> dict[str, str]:
        """Normalized value per field of the built-in form `check`."""
        return {
            "amount": self.amount,
            "date": self.day.isoformat(),
            "micr": self.micr,
            "check_number": self.number,
        }


def draw_us_check(check: UsCheck, rng: np.random.Generator) -> Sheet:
    """Draw and scan a check of 6 x 2.75 inches."""
    sheet = blank_sheet(*_US_PX, check.paper)
    guilloche(sheet, check.pattern, rng)
    rosette(sheet, (900, 420), 250, check.pattern)
    _print_us(sheet, check)
    _write_us(sheet, check, rng)
    return scan(sheet, rng, check.skew_deg, check.noise)


def draw_indian_check(check: IndianCheck, rng: np.random.Generator) -> Sheet:
    """Draw and scan a check of the CTS-2010 standard."""
    sheet = blank_sheet(*_CTS_PX, check.paper)
    guilloche(sheet, check.pattern, rng)
    rosette(sheet, (420, 640), 330, check.pattern)
    sheet[905:] = (250, 250, 249)  # the MICR band stays clear of any pattern
    _print_indian(sheet, check)
    _write_indian(sheet, check, rng)
    return scan(sheet, rng, check.skew_deg, check.noise)


def grouped_indian(rupees: str) -> str:
    """Group digits as in India: the last three, then twos (``2640500`` to ``26,40,500``)."""
    head, tail = rupees[:-3], rupees[-3:]
    pairs = [head[max(end - 2, 0) : end] for end in range(len(head), 0, -2)]
    return ",".join([*reversed(pairs), tail])


def _print_us(sheet: Sheet, check: UsCheck) -> None:
    put_text(sheet, "JORDAN & ALEX SAMPLE", (70, 90), 36, 700)
    put_text(sheet, "118 Millrace Lane", (70, 128), 30)
    put_text(sheet, "Springfield, ST 01234", (70, 164), 30)
    put_text(sheet, check.number, (1620, 92), 46, 700)
    put_text(sheet, "12-3456/7890", (1590, 128), 24)
    put_text(sheet, "DATE", (1120, 218), 26, 600)
    put_rule(sheet, 1195, 220, 1610, 2)
    put_text(sheet, "PAY TO THE", (70, 305), 26, 600)
    put_text(sheet, "ORDER OF", (70, 335), 26, 600)
    put_rule(sheet, 240, 340, 1330)
    put_text(sheet, "$", (1362, 345), 66, 600)
    put_box(sheet, (1420, 255, 330, 95), line_px=2)
    put_rule(sheet, 70, 445, 1560)
    put_text(sheet, "DOLLARS", (1580, 445), 28, 600)
    put_text(sheet, "Lakeside Savings Bank", (70, 530), 42, 800, "italic")
    put_text(sheet, "SPECIMEN - NOT NEGOTIABLE", (70, 564), 20)
    put_text(sheet, "MEMO", (70, 668), 26, 600)
    put_rule(sheet, 160, 670, 780)
    put_rule(sheet, 1060, 670, 1740)
    put_micr(sheet, check.micr, 190, DPI)


def _write_us(sheet: Sheet, check: UsCheck, rng: np.random.Generator) -> None:
    pen_px = 4.6
    parts = (str(check.day.month), str(check.day.day), str(check.day.year))
    day = write_line(check.separator.join(parts), check.hand, 46, pen_px, rng)
    put_ink(sheet, day, 1225, 212 - 1.4 * 46, check.ink, rng)
    put_ink(sheet, _words(check.payee, pen_px, rng), 290, 335 - 1.7 * 44, check.ink, rng)
    put_ink(sheet, _words(check.words, pen_px, rng), 110, 440 - 1.7 * 44, check.ink, rng)
    amount = _dollars(check, pen_px, rng)
    put_ink(sheet, amount, 1440, 340 - amount.shape[0] + 0.38 * 54, check.ink, rng)
    put_ink(sheet, _words("invoice", pen_px, rng), 190, 664 - 1.7 * 44, check.ink, rng)
    put_ink(sheet, sign(470, pen_px, rng), 1150, 500, check.ink, rng)


def _dollars(check: UsCheck, pen_px: float, rng: np.random.Generator) -> Mask:
    """The courtesy amount: ``1,284.50``, or its cents as a raised fraction of 100."""
    dollars, cents = check.amount.split(".")
    if not check.fraction:
        return write_line(f"{int(dollars):,}.{cents}", check.hand, 54, pen_px, rng)
    whole = write_line(f"{int(dollars):,}", check.hand, 54, pen_px, rng)
    above = write_line(cents, check.hand, 27, pen_px * 0.9, rng)
    slash = write_glyph("/", check.hand, 46, pen_px, rng)
    below = write_line("100", check.hand, 24, pen_px * 0.9, rng)
    amount = np.zeros((whole.shape[0], whole.shape[1] + 190), np.float32)
    left = 0
    for ink, top, gap in ((whole, 0, 0), (above, 2, 10), (slash, 14, -2), (below, 48, -14)):
        left += gap
        part = amount[top : top + ink.shape[0], left : left + ink.shape[1]]
        np.maximum(part, ink[: part.shape[0]], out=part)
        left += ink.shape[1]
    return amount


def _print_indian(sheet: Sheet, check: IndianCheck) -> None:
    sheet[40:150, 110:220] = check.accent
    rosette(sheet, (165, 95), 48, (250, 250, 250))
    put_text(sheet, check.bank, (245, 110), 62, 800, "sans", check.accent)
    put_text(sheet, "SPECIMEN - NOT NEGOTIABLE", (247, 146), 22)
    put_text(sheet, check.branch, (960, 76), 30)
    put_text(sheet, "IFSC : SMPL0000417", (960, 116), 30)
    put_text(sheet, "VALID FOR THREE MONTHS ONLY", (1800, 68), 25)
    put_box(sheet, (1800, 82, 488, 62), cells=8, line_px=2)
    for cell, letter in enumerate("DDMMYYYY"):
        put_text(sheet, letter, (1820 + 61 * cell, 180), 30, 700)
    put_text(sheet, "Pay", (100, 285), 36, 700)
    put_rule(sheet, 100, 296, 2290)
    put_text(sheet, "Or Bearer", (2110, 282), 34, 700)
    put_text(sheet, "Rupees", (100, 385), 36, 700)
    put_rule(sheet, 100, 396, 2290)
    put_rule(sheet, 100, 496, 1690)
    put_box(sheet, (1710, 410, 586, 104), line_px=2)
    put_box(sheet, (1710, 410, 124, 104), line_px=2)
    put_text(sheet, "₹", (1748, 490), 76, 800, "uni")
    put_box(sheet, (160, 540, 640, 90), line_px=2)
    put_box(sheet, (160, 540, 170, 90), line_px=2)
    put_text(sheet, "A/c No.", (182, 597), 34, 700)
    put_text(sheet, "417 0020 0118", (390, 600), 40, 600)
    put_text(sheet, "SAVINGS ACCOUNT   (CBS)", (830, 640), 26, 600)
    put_text(sheet, "Payable at par at all branches", (830, 676), 26, 600)
    put_text(sheet, "Please sign above", (2010, 885), 25)
    put_micr(sheet, check.micr, 600, DPI)


def _write_indian(sheet: Sheet, check: IndianCheck, rng: np.random.Generator) -> None:
    pen_px = 5.0
    for cell, digit in enumerate(f"{check.day:%d%m%Y}"):
        ink = write_glyph(digit, check.hand, 38, pen_px, rng)
        left = 1800 + 61 * (cell + 0.5) - ink.shape[1] / 2 + rng.normal(0, 3)
        put_ink(sheet, ink, left, 132 - 1.4 * 38 + rng.normal(0, 2), check.ink, rng)
    put_ink(sheet, _words(check.payee, pen_px, rng), 420, 290 - 1.7 * 44, check.ink, rng)
    for line, words in enumerate(check.words):
        if words:
            left = 480 - 250 * line
            baseline = 388 + 100 * line
            put_ink(sheet, _words(words, pen_px, rng), left, baseline - 1.7 * 44, check.ink, rng)
    amount = f"{grouped_indian(check.amount)}/-"
    height_px = min(56, 1000 / len(amount) - 45)  # the box is 460 px wide
    figures = write_line(amount, check.hand, height_px, pen_px, rng)
    put_ink(sheet, figures, 1852, 490 - 1.4 * height_px, check.ink, rng)
    put_ink(sheet, sign(420, pen_px, rng), 1900, 650, check.ink, rng)


def _words(text: str, pen_px: float, rng: np.random.Generator) -> Mask:
    return write_words(text, 44, pen_px, rng)
