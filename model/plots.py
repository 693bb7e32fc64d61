"""The plots of an evaluation as SVG elements, drawn for a phone's width and for print."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from model.intervals import Estimate, Rate
from model.metrics import ClassScore, RejectPoint
from model.reliability import ConfidenceBin
from ocr.markup import element

_WIDTH = 360  # units; one unit is a pixel on a phone
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 24, 10, 42
_DARK, _BLUE, _GRAY = "#222222", "#1f5fa8", "#b8b8b8"


@dataclass(frozen=True, slots=True)
class _Scale:
    """Places numbers `low` to `high` between the units `start` and `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, number: float) -> float:
        share = (number - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self, parts: int) -> list[float]:
        """The ends and what divides the numbers between into equal parts."""
        return [self.low + k * (self.high - self.low) / parts for k in range(parts + 1)]


def plot_reliability(bins: Sequence[ConfidenceBin]) -> Element:
    """Share right over confidence; on the diagonal confidence is honest."""
    x, y = _across(0, 1), _up(0, 1, 260)
    honest = _line(x(0), y(0), x(1), y(1), _GRAY, dash="4 4")
    marks = [
        part
        for b in bins
        for part in (
            _line(x(b.confidence), y(b.right.low), x(b.confidence), y(b.right.high), _BLUE),
            _dot(x(b.confidence), y(b.right.value), _BLUE, f"{b.right.n} readings"),
        )
    ]
    axes = [*_x_axis(x, 4, 260, "confidence"), *_y_axis(y, 4, "right")]
    summary = "; ".join(f"confidence {b.confidence:.0%}: {b.right.value:.0%} right" for b in bins)
    return _picture(
        260, f"Share of readings right, by confidence. {summary}", *axes, honest, *marks
    )


def plot_rejects(points: Sequence[RejectPoint]) -> Element:
    """Error of the readings that remain over the share rejected, with its 95 % band."""
    x = _across(0, max((p.rejected for p in points), default=1.0))
    y = _up(0, _round_up(max((p.error.high for p in points), default=1.0)), 220)
    upper = [(x(p.rejected), y(p.error.high)) for p in points]
    lower = [(x(p.rejected), y(p.error.low)) for p in reversed(points)]
    band = element("polygon", {"points": _places(upper + lower), "fill": "#cfe0f3"})
    middle = _places([(x(p.rejected), y(p.error.value)) for p in points])
    line = element("polyline", {"points": middle, "fill": "none", "stroke": _BLUE})
    dots = [_dot(x(p.rejected), y(p.error.value), _BLUE, _point(p)) for p in points]
    axes = [*_x_axis(x, 4, 220, "rejected, least confident first"), *_y_axis(y, 4, "error")]
    summary = "; ".join(_point(p) for p in points)
    return _picture(220, f"Error by share rejected. {summary}", band, *axes, line, *dots)


def plot_classes(classes: Sequence[ClassScore]) -> Element:
    """Recall (filled) and precision (open) of each class with their intervals, one line each."""
    height = _TOP + 22 * len(classes) + _BOTTOM
    lowest = min((min(c.recall.low, c.precision.low) for c in classes), default=0.0)
    x = _across(min(0.99, int(lowest * 100) / 100), 1)
    parts: list[Element] = []
    for row, score in enumerate(classes):
        middle = _TOP + 22 * row + 11
        parts.append(_text(_LEFT - 8, middle + 4, score.label, "end"))
        parts += _whisker(x, middle - 4, score.recall, _BLUE, "recall", filled=True)
        parts += _whisker(x, middle + 4, score.precision, _DARK, "precision", filled=False)
    summary = "; ".join(
        f"{c.label}: recall {c.recall.value:.2%}, precision {c.precision.value:.2%}"
        for c in classes
    )
    axis = _x_axis(x, 4, height, "recall (filled), precision (open)")
    return _picture(height, f"Recall and precision by class. {summary}", *axis, *parts)


def _point(point: RejectPoint) -> str:
    return f"{point.rejected:.1%} rejected: {point.error.value:.2%} error"


def _across(low: float, high: float) -> _Scale:
    return _Scale(low, high, _LEFT, _WIDTH - _RIGHT)


def _up(low: float, high: float, height: float) -> _Scale:
    return _Scale(low, high, height - _BOTTOM, _TOP)


def _picture(height: float, summary: str, *parts: Element) -> Element:
    """A plot that says in words what it shows."""
    shape = {"viewBox": f"0 0 {_WIDTH} {height:g}", "role": "img", "aria-label": summary}
    font = {"font-size": "12", "font-family": "system-ui, sans-serif", "fill": _DARK}
    return element("svg", {**shape, **font}, *parts)


def _x_axis(x: _Scale, parts: int, height: float, name: str) -> list[Element]:
    base = height - _BOTTOM
    marks = [
        mark
        for tick in x.ticks(parts)
        for mark in (
            _line(x(tick), _TOP, x(tick), base, "#e6e6e6"),
            _text(x(tick), base + 16, _percent(tick, x), "middle"),
        )
    ]
    middle = (x.start + x.end) / 2
    base_line = _line(x.start, base, x.end, base, _DARK)
    return [*marks, base_line, _text(middle, base + 34, name, "middle")]


def _y_axis(y: _Scale, parts: int, name: str) -> list[Element]:
    marks = [_text(_LEFT - 6, y(tick) + 4, _percent(tick, y), "end") for tick in y.ticks(parts)]
    middle = (y.start + y.end) / 2
    label = _text(11, middle, name, "middle")
    label.set("transform", f"rotate(-90 11 {middle:g})")
    return [*marks, _line(_LEFT, y.start, _LEFT, y.end, _DARK), label]


def _round_up(number: float) -> float:
    """The next number of which a quarter makes round ticks, at most 1."""
    power = 10.0 ** math.floor(math.log10(max(number, 1e-6)))
    return min(1.0, next(m * power for m in (1, 2, 4, 6, 8, 10) if m * power >= number))


def _percent(number: float, scale: _Scale) -> str:
    """A tick's text, with the decimals that the scale needs."""
    span = scale.high - scale.low
    return f"{number:.0%}" if span > 0.1 else f"{number:.1%}" if span > 0.01 else f"{number:.2%}"


def _whisker(
    x: _Scale, y: float, figure: Rate | Estimate, color: str, name: str, *, filled: bool
) -> list[Element]:
    """A figure on its interval."""
    told = f"{name} {figure.value:.2%} ({figure.low:.2%} to {figure.high:.2%})"
    dot = _dot(x(max(x.low, figure.value)), y, color, told, filled=filled)
    return [_line(x(max(x.low, figure.low)), y, x(figure.high), y, color), dot]


def _line(x1: float, y1: float, x2: float, y2: float, color: str, dash: str = "") -> Element:
    shape: dict[str, str | float] = {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "stroke": color}
    return element("line", {**shape, "stroke-dasharray": dash} if dash else shape)


def _dot(x: float, y: float, color: str, told: str, *, filled: bool = True) -> Element:
    """A point; a pointer resting on it is told what it stands for."""
    fill = color if filled else "#ffffff"
    shape: dict[str, str | float] = {"cx": x, "cy": y, "r": 3, "stroke": color, "fill": fill}
    return element("circle", shape, element("title", None, told))


def _text(x: float, y: float, words: str, anchor: str) -> Element:
    return element("text", {"x": x, "y": y, "text-anchor": anchor}, words)


def _places(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
