"""The index of a job's pictures: one HTML file with the crops in it, the least confident first.

Whatever comes from documents or forms is escaped, and the page may run no script and load nothing.
"""

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from xml.etree.ElementTree import Element

import ocr
from ocr.markup import around, document, element, text_of

_STYLE = """
body { font: 14px/1.4 system-ui, sans-serif; margin: 24px; color: #222; background: #fff }
h1 { font-size: 20px } h2 { font-size: 16px; margin-top: 28px }
.sheet { display: flex; flex-wrap: wrap; gap: 10px; align-items: flex-end }
.sheet a { color: inherit; text-decoration: none; border: 1px solid #ddd; border-top: 4px solid;
  padding: 6px; max-width: 372px; overflow-wrap: anywhere }
.sheet a:hover, .sheet a:focus { background: #f2f6fa }
.sheet img { display: block; max-width: 100% }
.sheet b { font-size: 16px }
.sheet span { display: block; color: #555; font-size: 12px }
table { border-collapse: collapse } td, th { padding: 3px 12px 3px 0; text-align: left;
  vertical-align: top } td:first-child { overflow-wrap: anywhere }
tr { border-bottom: 1px solid #eee }
"""


@dataclass(frozen=True, slots=True)
class Crop:
    """A field for the contact sheet.

    Attributes:
        rank: Fields are shown in this order.
        document: Path of its document.
        page: Number of its page.
        field: Its reading.
        jpeg: Its picture.
        link: Its page's picture, relative to the index.
    """

    rank: tuple[float, int]
    document: str
    page: int
    field: ocr.FieldReading
    jpeg: bytes
    link: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page for the list of pages.

    Attributes:
        document: Path of its document.
        number: Its number.
        form: The form it was read with; empty if none.
        verdicts: Fields by verdict.
        reason: Why it could not be read; empty if it was.
        link: Its picture, relative to the index; empty if it has none.
    """

    document: str
    number: int
    form: str
    verdicts: Counter[ocr.Status]
    reason: str
    link: str


def page_of(reading: ocr.PageReading, link: str) -> Page:
    """A page's line; the readings themselves are let go, as a job may have a million."""
    verdicts = Counter(field.status for field in reading.fields)
    reason = reading.fields[0].reason if ocr.Status.ERROR in verdicts else ""
    return Page(reading.document, reading.page, reading.form, verdicts, reason, link)


def write_index(title: str, crops: Sequence[Crop], pages: Sequence[Page], path: Path) -> None:
    """Write the index.

    Args:
        title: What the pictures are of.
        crops: In the order shown.
        pages: In the export's order.
        path: The file.
    """
    with path.open("w", encoding="utf-8", errors="backslashreplace") as file:
        file.writelines(document(title, _STYLE + _colours(), _body(crops, pages)))


def _body(crops: Sequence[Crop], pages: Sequence[Page]) -> Iterator[str]:
    verdicts = sum((page.verdicts for page in pages), Counter())
    yield text_of(element("p", None, f"{len(pages)} pages: {_tally(verdicts)}"))
    yield text_of(element("h2", None, _heading(len(crops), pages)))
    yield from around("div", {"class": "sheet"}, map(text_of, map(_figure, crops)))
    yield text_of(element("h2", None, "Pages"))
    names = ("document", "page", "form", "verdicts")
    top = element("tr", None, *(element("th", None, name) for name in names))
    yield from around("table", {}, map(text_of, chain([top], map(_line, pages))))


def _colours() -> str:
    return "".join(
        f".{status} {{ border-top-color: {ocr.colour_of(status)} !important }}\n"
        for status in ocr.Status
    )


def _heading(shown: int, pages: Sequence[Page]) -> str:
    fields = sum(n for page in pages for status, n in page.verdicts.items() if status != "error")
    return f"Fields, the least confident first ({shown} of {fields})"


def _tally(verdicts: Counter[ocr.Status]) -> str:
    return ", ".join(f"{verdicts[status]} {status}" for status in ocr.Status if verdicts[status])


def _figure(crop: Crop) -> Element:
    field = crop.field
    confidence = "" if field.confidence is None else f" {field.confidence:.3f}"
    said = " ".join(filter(None, (field.status.value + confidence, field.reason)))
    picture = f"data:image/jpeg;base64,{b64encode(crop.jpeg).decode()}"
    return element(
        "a",
        {"class": field.status.value, "href": crop.link},
        element("img", {"alt": "", "src": picture}),
        element("b", None, field.value),
        f" {field.field}",
        element("span", None, said),
        element("span", None, element("bdi", None, crop.document), f", page {crop.page}"),
    )


def _line(page: Page) -> Element:
    name = element("bdi", None, page.document)
    linked = element("a", {"href": page.link}, name) if page.link else name
    cells = (linked, str(page.number), page.form, page.reason or _tally(page.verdicts))
    return element("tr", None, *(element("td", None, cell) for cell in cells))
