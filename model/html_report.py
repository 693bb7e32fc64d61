"""An evaluation as one HTML file: figures, plots and pictures inside, nothing fetched."""

import base64
from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

import cv2
import numpy as np

from model.dataset import DataSet
from model.metrics import ClassScore, Evaluation, Misread, RejectPoint
from model.plots import plot_classes, plot_rejects, plot_reliability
from model.reliability import Reliability
from model.reporting import brief, confused_with, describe
from ocr.arrays import Strokes
from ocr.errors import ExportError
from ocr.markup import Content, document, element, text_of

_PICTURE_PX = 112  # a misread's longer side at most; a sign is legible at 28


def require_place(path: Path) -> None:
    """Refuse a report's path before the work is done that it would tell of.

    Raises:
        ExportError: If its folder is not there, or it is one itself.
    """
    if not path.parent.is_dir():
        raise ExportError(f"{path}: no folder {path.parent}; create it first")
    if path.is_dir():
        raise ExportError(f"{path}: is a folder; give a file's name")


def write_report(figures: Evaluation, data: DataSet, path: Path) -> None:
    """Write the report of an evaluation in one step.

    Args:
        figures: The evaluation.
        data: The images that it was made on.
        path: The file, replaced if it is there.

    Raises:
        ExportError: If it cannot be written.
    """
    write_page(f"Digit model {figures.version}: evaluation", _body(figures, data), path)


def write_page(title: str, body: Sequence[Element], path: Path) -> None:
    """Write one HTML file in one step.

    Raises:
        ExportError: If it cannot be written.
    """
    partial = path.with_name(f".{path.name}.partial")
    text = "".join(document(title, _STYLE, map(text_of, [element("p", None, _NOTE), *body])))
    try:  # file names may hold bytes that are no UTF-8: shown as "?"
        partial.write_text(text, encoding="utf-8", errors="replace")
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise ExportError(f"{path}: {error.strerror}; choose another folder") from error


def _body(figures: Evaluation, data: DataSet) -> list[Element]:
    return [
        *section("Accuracy", _accuracy(figures), _summary(figures)),
        *section("Classes", _classes(figures), plot_classes(_seen(figures))),
        *section("Confusions", element("p", None, _CONFUSIONS), _confusion(figures)),
        *section("Calibration", *calibration(figures.reliability)),
        *section("Rejecting the least confident", *rejects(figures.rejects)),
        *section("Worst misreads", *_misreads(figures.misreads, data)),
    ]


def section(title: str, *content: Element) -> list[Element]:
    """A heading and what stands below it."""
    return [element("h2", None, title), *content]


def table(header: Sequence[Content], rows: Sequence[Sequence[Content]]) -> Element:
    """A table whose first column names the rows; it scrolls by itself where it is too wide."""
    top = element("tr", None, *(element("th", {"scope": "col"}, cell) for cell in header))
    lines = [
        element(
            "tr",
            None,
            element("th", {"scope": "row"}, row[0]),
            *(element("td", None, cell) for cell in row[1:]),
        )
        for row in rows
    ]
    body = element("tbody", None, *lines)
    return element(
        "div", {"class": "wide"}, element("table", None, element("thead", None, top), body)
    )


def _accuracy(figures: Evaluation) -> Element:
    rows = [["all", describe(figures.accuracy), ""]]
    for source, share in figures.by_source.items():
        rows.append([source, describe(share), describe(figures.as_signs[source])])
    return table(["source", "read right", "where “not” is no answer"], rows)


def _summary(figures: Evaluation) -> Element:
    """Debris and whole fields, as a list."""
    lines = []
    if figures.false_accepts:
        accepts = figures.false_accepts
        lines.append(
            f"Not a digit, but accepted where {accepts.kept:.1%} of the signs are: "
            f"{describe(accepts.rate)}"
        )
    if figures.zip_codes:
        codes = figures.zip_codes
        lines.append(
            f"Five-digit ZIP codes written by one writer, read wrong: {describe(codes.wrong)}; "
            f"drawn from {codes.digits} digits of {codes.writers} writers"
        )
        if codes.wrong_with_list:
            lines.append(f"Codes in use, read by their list: {describe(codes.wrong_with_list)}")
    return element("ul", None, *(element("li", None, line) for line in lines))


def _seen(figures: Evaluation) -> list[ClassScore]:
    """The classes of which there are signs."""
    return [score for score in figures.classes if score.n]


def _classes(figures: Evaluation) -> Element:
    rows = [
        [
            score.label,
            brief(score.precision),
            brief(score.recall),
            brief(score.f1) if score.n else "-",
            str(score.n),
            confused_with(figures, row),
        ]
        for row, score in enumerate(figures.classes)
    ]
    return table(["class", "precision %", "recall %", "F1 %", "n", "often read as"], rows)


def _confusion(figures: Evaluation) -> Element:
    wrong = np.array(figures.confusion)
    np.fill_diagonal(wrong, 0)
    shades = np.sqrt(wrong / max(1, wrong.max()))
    rows: list[list[Content]] = []
    for row, counts in enumerate(figures.confusion):
        cells = [_count(n, shades[row, column]) for column, n in enumerate(counts)]
        cells[row] = element("b", None, str(counts[row]))
        rows.append([figures.labels[row], *cells])
    return table(["", *figures.labels], rows)


def _count(n: int, shade: float) -> Content:
    """A count of wrong readings on a red of a strength from 0 to 1; a dot for none."""
    red = f"background: rgba(214, 69, 40, {0.8 * shade:.2f})"
    return element("span", {"style": red}, str(n)) if n else "·"


def calibration(measured: Reliability) -> list[Element]:
    """The calibration error, and the plot behind it."""
    error = measured.error
    told = (
        f"Expected calibration error {error.value:.4f} (95 %: {error.low:.4f} to "
        f"{error.high:.4f}). Each dot is the readings of about one confidence; on the dashed line "
        "confidence is honest."
    )
    return [element("p", None, told), plot_reliability(measured.bins)]


def rejects(points: Sequence[RejectPoint]) -> list[Element]:
    """What rejecting the least confident gives, as a plot and a table."""
    rows = [
        [
            f"{point.rejected:.1%}",
            brief(point.error, decimals=2),
            f"{round(point.error.value * point.error.n)} of {point.error.n}",
            f"{point.threshold:.4f}",
        ]
        for point in points
    ]
    header = ["rejected", "error of the rest %", "wrong", "confidence from"]
    return [plot_rejects(points), table(header, rows)]


def _misreads(misreads: Sequence[Misread], data: DataSet) -> list[Element]:
    images = dict(zip((entry.path for entry in data.entries), data.images, strict=True))
    if not misreads:
        return [element("p", None, "None.")]
    order = f"The {len(misreads)} wrong readings of highest confidence, worst first."
    pictures = [_misread(misread, images[misread.path]) for misread in misreads]
    return [element("p", None, order), element("div", None, *pictures)]


def _misread(misread: Misread, strokes: Strokes) -> Element:
    told = f"given {misread.given}, read {misread.read}, confidence {misread.confidence:.1%}"
    source = f"data:image/png;base64,{base64.b64encode(_png(strokes)).decode('ascii')}"
    picture = element("img", {"src": source, "alt": f"Sign {told}"})
    words = element("figcaption", None, told, element("small", None, misread.path))
    return element("figure", None, picture, words)


def _png(strokes: Strokes) -> bytes:
    """A sign as a small PNG, dark on white."""
    height, width = strokes.shape
    shrink = min(1.0, _PICTURE_PX / max(height, width))
    size = max(1, round(width * shrink)), max(1, round(height * shrink))
    small = cv2.resize(strokes, size, interpolation=cv2.INTER_AREA)
    return bytes(cv2.imencode(".png", 255 - np.asarray(small, np.uint8))[1])


_NOTE = (
    "Read through LiteRT, as in production. Brackets hold 95 % intervals: Wilson's for shares, "
    "seeded bootstraps for F1, the calibration error and ZIP codes."
)
_CONFUSIONS = "Rows are the given classes, columns the readings."
_STYLE = """
body { font: 16px/1.45 system-ui, sans-serif; color: #222; max-width: 60rem; margin: 1rem auto;
  padding: 0 .8rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; margin-top: 2rem; break-after: avoid; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .5rem; border-bottom: 1px solid #ddd; text-align: right; }
th:first-child { text-align: left; }
td span { display: block; margin: 0 -.3rem; padding: 0 .3rem; }
svg { display: block; width: 100%; max-width: 34rem; height: auto; margin: .8rem 0; }
figure { display: inline-block; vertical-align: top; width: 8.5rem; margin: 0 .4rem .8rem 0;
  break-inside: avoid; font-size: .8rem; }
figcaption small { display: block; color: #555; overflow-wrap: anywhere; }
img { width: 84px; height: 84px; image-rendering: pixelated; object-fit: contain;
  border: 1px solid #ccc; }
@media print { body { font-size: 11px; margin: 0; max-width: none; } .wide { overflow: visible; }
  svg { max-width: 12cm; break-inside: avoid; } * { print-color-adjust: exact; } }
"""
