"""The index of a job's pictures: one HTML file with the crops in it, the least confident first.

Whatever comes from documents or forms is escaped, and the page may run no script and load nothing.
"""

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import ocr

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
_HEAD = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}{colours}</style>
</head><body><h1>{title}</h1>
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
        file.writelines(_document(title, crops, pages))


def _document(title: str, crops: Sequence[Crop], pages: Sequence[Page]) -> Iterator[str]:
    colours = "".join(f".{status} {{ border-top-color: {ocr.colour_of(status)} !important }}\n"
                      for status in ocr.Status)  # fmt: skip
    yield _HEAD.format(title=escape(title), style=_STYLE, colours=colours)
    verdicts = sum((page.verdicts for page in pages), Counter())
    yield f"<p>{len(pages)} pages: {_tally(verdicts)}</p>\n"
    yield f'<h2>{_heading(len(crops), pages)}</h2>\n<div class="sheet">\n'
    yield from map(_figure, crops)
    yield "</div>\n<h2>Pages</h2>\n<table><tr><th>document<th>page<th>form<th>verdicts</tr>\n"
    yield from map(_line, pages)
    yield "</table></body></html>\n"


def _heading(shown: int, pages: Sequence[Page]) -> str:
    fields = sum(n for page in pages for status, n in page.verdicts.items() if status != "error")
    return f"Fields, the least confident first ({shown} of {fields})"


def _tally(verdicts: Counter[ocr.Status]) -> str:
    return ", ".join(f"{verdicts[status]} {status}" for status in ocr.Status if verdicts[status])


def _figure(crop: Crop) -> str:
    field = crop.field
    confidence = "" if field.confidence is None else f" {field.confidence:.3f}"
    said = " ".join(filter(None, (field.status.value + confidence, field.reason)))
    return (
        f'<a class="{field.status}" href="{escape(crop.link)}">'
        f'<img alt="" src="data:image/jpeg;base64,{b64encode(crop.jpeg).decode()}">'
        f"<b>{escape(field.value)}</b> {escape(field.field)}"
        f"<span>{escape(said)}</span>"
        f"<span><bdi>{escape(crop.document)}</bdi>, page {crop.page}</span></a>\n"
    )


def _line(page: Page) -> str:
    name = f"<bdi>{escape(page.document)}</bdi>"
    linked = f'<a href="{escape(page.link)}">{name}</a>' if page.link else name
    said = page.reason or _tally(page.verdicts)
    cells = (linked, str(page.number), escape(page.form), escape(said))
    return f"<tr>{''.join(f'<td>{cell}' for cell in cells)}</tr>\n"
