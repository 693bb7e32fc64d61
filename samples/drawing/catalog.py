"""What the samples say: every check, form and crop, each with its truth."""

from datetime import date

from samples.drawing.checks import IndianCheck, UsCheck
from samples.drawing.forms import Filled
from samples.drawing.hands import CLOSED, LOOPED, ROUND, UPRIGHT, WIDE, Hand
from samples.drawing.paper import BLACK_INK, BLUE_INK

US_CHECKS = {
    "us-decimals": UsCheck(
        amount="1284.50",
        day=date(2024, 3, 14),
        payee="Harbor Street Clinic",
        words="One thousand two hundred eighty four and 50/xx",
        hand=ROUND,
    ),
    "us-fraction": UsCheck(
        amount="376.25",
        day=date(2023, 11, 8),
        payee="Northgate Garage",
        words="Three hundred seventy six and 25/xx",
        hand=WIDE,
        ink=BLACK_INK,
        paper=(240, 246, 234),
        pattern=(222, 234, 212),
        fraction=True,
        separator="-",
        number="002217",
        auxiliary=True,
    ),
}

INDIAN_CHECKS = {
    "indian-green": IndianCheck(
        amount="2640500",
        day=date(2023, 7, 13),
        payee="Meera Raghavan",
        words=("Twenty six lakh forty thousand", "five hundred only"),
        hand=LOOPED,
        bank="Bank of Sundarpur",
        branch="Station Road, Sundarpur - 400099",
        accent=(176, 58, 46),
    ),
    "indian-blue": IndianCheck(
        amount="18350",
        day=date(2022, 9, 25),
        payee="Kiran Textiles",
        words=("Eighteen thousand three hundred fifty only", ""),
        hand=UPRIGHT,
        bank="Narmada Bank",
        branch="12 Lake View Road, Devnagar - 500099",
        accent=(36, 62, 128),
        paper=(214, 230, 246),
        pattern=(180, 205, 232),
        number="083661",
    ),
    "indian-skewed": IndianCheck(
        amount="475000",
        day=date(2024, 1, 16),
        payee="Anand Motors",
        words=("Four lakh seventy five thousand only", ""),
        hand=WIDE,
        bank="Coastal Bank",
        branch="Harbour Gate, Velapur - 600099",
        accent=(120, 72, 20),
        ink=BLACK_INK,
        paper=(246, 236, 214),
        pattern=(230, 214, 184),
        number="309114",
        skew_deg=1.9,
        noise=9.0,
    ),
}

FORMS = (
    Filled(
        digits={
            "customer_number": "40718365",
            "old_postal_code": "01201",
            "new_postal_code": "97035",
            "move_date": "06282024",
            "persons": "4",
        },
        words=(
            ("Elena Marsh", 75, 80),
            ("Orchard Hill", 45, 103),
            ("Fairview", 45, 115),
            ("Mill Road", 45, 153),
            ("Lakewood", 45, 165),
        ),
        hand=ROUND,
    ),
    Filled(
        digits={
            "customer_number": "92051176",
            "old_postal_code": "60614",
            "new_postal_code": "02139",
            "move_date": "11052023",
            "persons": "",
        },
        words=(("Samuel Ortiz", 75, 80), ("Clark Street", 45, 103), ("Brookfield", 45, 165)),
        hand=CLOSED,
        ink=BLUE_INK,
    ),
    Filled(
        digits={
            "customer_number": "30846297",
            "old_postal_code": "75201",
            "new_postal_code": "48226",
            "move_date": "02192024",
            "persons": "12",
        },
        words=(("Priya Nair", 75, 80), ("Elm Court", 45, 103), ("River Bend", 45, 165)),
        hand=WIDE,
    ),
    Filled(
        digits={
            "customer_number": "57390148",
            "old_postal_code": "33109",
            "new_postal_code": "80302",
            "move_date": "08312023",
            "persons": "2",
        },
        words=(("Tom Becker", 75, 80), ("Palm Avenue", 45, 103), ("Granite Falls", 45, 165)),
        hand=UPRIGHT,
    ),
    Filled(
        digits={
            "customer_number": "61274839",
            "old_postal_code": "94110",
            "new_postal_code": "05401",
            "move_date": "12072023",
            "persons": "3",
        },
        words=(("Grace Lindholm", 75, 80), ("Valencia Place", 45, 103), ("Maple", 45, 165)),
        hand=LOOPED,
        ink=BLUE_INK,
    ),
)

# As written, and normalized.
CROPS: tuple[tuple[str, str, Hand], ...] = (
    ("1,250.00", "1250.00", ROUND),
    ("**87.45", "87.45", CLOSED),
    ("3,40,000/-", "340000", UPRIGHT),
    ("940", "940", LOOPED),
    ("56,718", "56718", WIDE),
    ("209.36", "209.36", UPRIGHT),
    ("7,500/-", "7500", LOOPED),
    ("12346", "12346", ROUND),
)
