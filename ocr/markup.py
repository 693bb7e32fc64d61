"""Elements of a page, so that nothing is ever written into HTML unescaped."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element, tostring

Content = Element | str
Attributes = Mapping[str, str | float]


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


def page(root: Element) -> str:
    """The text of an HTML document."""
    return "<!DOCTYPE html>\n" + tostring(root, encoding="unicode", method="html") + "\n"


def _append(parent: Element, part: Content) -> None:
    if isinstance(part, Element):
        parent.append(part)
    elif len(parent):
        parent[-1].tail = (parent[-1].tail or "") + part
    else:
        parent.text = (parent.text or "") + part
