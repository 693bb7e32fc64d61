"""What is written and printed on checks of several countries: amounts, days and MICR lines."""

from datetime import date

import numpy as np

from samples.drawing.check_layout import CheckLayout


def micr_line(country: str, number: str) -> str:
    """The line of a check with this number; empty where the country has none."""
    lines = {
        "US": f"A123456780A 00417796523C {number}",
        "BUSINESS": f"C{number:0>6}C A123456780A 00417796523C",
        "IN": f"C{number}C 000417002A 001184C 31",
        "CA": f"C{number:0>3}C A12345D003A 123D456D7C",
    }
    return lines.get(country, "")


def micr_number(country: str, number: str) -> str:
    """The check's number as its MICR line has it."""
    digits = {"US": 0, "BUSINESS": 6, "IN": 6, "CA": 3}
    return number.zfill(digits[country]) if country in digits else ""


def amount_of(layout: CheckLayout, rng: np.random.Generator) -> tuple[str, str]:
    """An amount: its value, and as it is written."""
    whole = int(10 ** rng.uniform(1.3, 4.6))
    cents = f"{rng.integers(100):02}"
    if layout.grouping == "in":
        return str(whole), f"{_indian(str(whole))}/-"
    if layout.grouping == "eu":
        return f"{whole}.{cents}", f"{whole:,}".replace(",", ".") + f",{cents}"
    if layout.grouping == "uk":
        return (
            f"{whole}.{cents}",
            f"{whole:,}-{cents}" if rng.random() < 0.4 else f"{whole:,}.{cents}",
        )
    written = f"{whole:,}.{cents}"
    return f"{whole}.{cents}", written.join(layout.fillers) if layout.machine else written


def _indian(rupees: str) -> str:
    head, tail = rupees[:-3], rupees[-3:]
    pairs = [head[max(end - 2, 0) : end] for end in range(len(head), 0, -2)]
    return ",".join([*reversed(pairs), tail])


def day_of(layout: CheckLayout, day: date, rng: np.random.Generator) -> str:
    """A day as it is written where such checks are used."""
    if layout.machine:
        return f"{day:%m/%d/%Y}"
    mark = "/-."[rng.integers(3)]
    order = (day.month, day.day) if layout.grouping == "us" else (day.day, day.month)
    return mark.join(map(str, (*order, day.year)))
