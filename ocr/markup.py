"""HTML pages made of elements, so that nothing is ever written unescaped; no page runs or loads.

A page is a stream of text, so that its body may be longer than the memory holds.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from xml.etree.ElementTree import Element, tostring

Content = Element | str
Attributes = Mapping[str, str | float]

# No script, no style sheet, font or picture from elsewhere, whatever the page is made to hold.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def element(tag: str, attributes: Attributes | None = None, *content: Content) -> Element:
    """An HTML or SVG element; numbers among the attributes are rounded to 0.01."""
    words = {
        name: value if isinstance(value, str) else f"{value:.2f}".removesuffix(".00")
        for name, value in (attributes or {}).items()
    }
    made = Element(tag, words)
    for part in content:
        _append(made, part)
    return made


def text_of(made: Element) -> str:
    """The element as it stands in a page, on a line of its own."""
    return tostring(made, encoding="unicode", method="html") + "\n"


def around(tag: str, attributes: Attributes, content: Iterable[str]) -> Iterator[str]:
    """An element whose content is a stream of elements' texts."""
    opening, _, closing = text_of(element(tag, attributes)).rpartition("</")
    yield opening
    yield from content
    yield f"</{closing}"


def document(title: str, style: str, body: Iterable[str]) -> Iterator[str]:
    """The text of an HTML document, headed by its title.

    Args:
        title: What it is of.
        style: Its style sheet.
        body: The texts of the elements below the title.
    """
    head = element(
        "head",
        None,
        element("meta", {"charset": "utf-8"}),
        element("meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("title", None, title),
        element("style", None, style),
    )
    shown = around("body", {}, chain([text_of(element("h1", None, title))], body))
    yield "<!DOCTYPE html>\n"
    yield from around("html", {"lang": "en"}, chain([text_of(head)], shown))


def _append(parent: Element, part: Content) -> None:
    if isinstance(part, Element):
        parent.append(part)
    elif len(parent):
        parent[-1].tail = (parent[-1].tail or "") + part
    else:
        parent.text = (parent.text or "") + part
