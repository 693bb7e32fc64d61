"""Reading a line: views of it through the network, and what their time steps say together."""

from collections.abc import Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray
from ocr.geometry import Box
from ocr.line.ctc import (
    LogSteps,
    best_strings,
    digit_places,
    digit_steps,
    log_probabilities,
    spread,
    with_marks,
)
from ocr.line.labels import BLANK
from ocr.line.view import HEIGHT_PX, line_view, step_columns
from ocr.network import Network

# Left, top, right, bottom: by what share of its height the ink's box is grown for each view. What
# is dirt and what is ink decides the height at which digits are seen; five opinions read more.
_VIEWS = (
    (0.0, 0.0, 0.0, 0.0),
    (0.1, 0.12, 0.1, 0.12),
    (0.0, 0.0, 0.0, 0.2),
    (0.0, 0.2, 0.0, 0.0),
    (0.0, -0.08, 0.0, -0.08),
)
_FIRST = 2  # views: where they agree without a doubt the rest adds nothing
_SURE = -0.5  # log probability; where both had more, no answer of 1,000 fields changed by the rest
_NEVER = -30.0  # log probability
_STRINGS_PER_VIEW = 4


class LineReading:
    """What the views of a line say together."""

    def __init__(self, views: LogSteps) -> None:
        """Take the log probabilities (views, T, labels + blank) of the views' time steps."""
        self.views = views
        self._steps = digit_steps(views)
        self._log_p: dict[str, NDArray[np.float64]] = {}  # by each view, of strings asked for
        self._places: dict[tuple[int, str], list[int]] = {}  # of strings by views
        found = [best_strings(steps) for steps in self._steps]
        self.is_sure = found[0][0][0] != "" and all(
            strings[0][0] == found[0][0][0] and strings[0][1] > _SURE for strings in found
        )
        self.best = tuple(strings[0][0] for strings in found)  # of each view
        self.strings = {text for strings in found for text, _ in strings[:_STRINGS_PER_VIEW]}

    def log_p(self, strings: Sequence[str]) -> list[float]:
        """Log of each string's probability, the mean over the views."""
        each = self._by_view(strings)
        return list(map(float, np.logaddexp.reduce(each, axis=1) - log(each.shape[1])))

    def _by_view(self, strings: Sequence[str]) -> NDArray[np.float64]:
        """(strings, views) logs of their probabilities; each string is looked for once."""
        new = [digits for digits in strings if digits not in self._log_p]
        if new:
            self._log_p.update(zip(new, log_probabilities(self._steps, new).T, strict=True))
        return np.stack([self._log_p[digits] for digits in strings])

    def columns(self, ink: Box) -> list[float]:
        """Columns of the scan where the digits of the best string are, by the first view of it."""
        steps = step_columns(ink, self.views.shape[1])
        places = digit_places(self._spread(0, self.best[0]), self.best[0])
        return [float(np.interp(place, np.arange(len(steps)), steps)) for place in places]

    def raw(self, digits: str) -> str:
        """A string with the marks between its digits, by the view that finds it most probable."""
        view = int(self._by_view([digits]).argmax())
        return with_marks(self.views[view], self._steps[view], self._spread(view, digits), digits)

    def _spread(self, view: int, digits: str) -> list[int]:
        """Where a view has a string; looked for once."""
        if (view, digits) not in self._places:
            self._places[view, digits] = spread(self._steps[view], digits)
        return self._places[view, digits]


class LineReader:
    """The line network of one model version."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def __call__(self, gray: Gray, ink: Box) -> LineReading:
        """Read a line: by two views where they agree, by all where they do not.

        Args:
            gray: (H, W) scan of the field.
            ink: Bounding box of the writing in it.
        """
        first = LineReading(self._steps(gray, ink, _VIEWS[:_FIRST]))
        return first if first.is_sure else self.at_length(gray, ink, first)

    def at_length(self, gray: Gray, ink: Box, first: LineReading) -> LineReading:
        """Add the views that were left out."""
        rest = self._steps(gray, ink, _VIEWS[len(first.views) :])
        longest = max(rest.shape[1], first.views.shape[1])
        return LineReading(np.concatenate([_padded(each, longest) for each in (first.views, rest)]))

    def _steps(self, gray: Gray, ink: Box, views: Sequence[Sequence[float]]) -> LogSteps:
        """(views, T, labels + blank) what the network says of some views, in one batch."""
        pictures = [line_view(gray, _grown(ink, view)) for view in views]
        widest = max(picture.shape[1] for picture in pictures)
        batch = np.zeros((len(pictures), HEIGHT_PX, widest, 1), np.float32)
        for row, picture in enumerate(pictures):
            batch[row, :, : picture.shape[1], 0] = picture
        logits = self._network(batch)
        return np.asarray(logits - np.logaddexp.reduce(logits, axis=2, keepdims=True))


def _padded(steps: LogSteps, length: int) -> LogSteps:
    """Time steps with blank ones behind them."""
    views, present, labels = steps.shape
    longer = np.full((views, length, labels), _NEVER, np.float32)
    longer[:, :present] = steps
    longer[:, present:, BLANK] = 0.0
    return longer


def _grown(ink: Box, sides: Sequence[float]) -> Box:
    left, top, right, bottom = (round(side * ink.height) for side in sides)
    return Box(
        ink.x - left,
        ink.y - top,
        max(2, ink.width + left + right),
        max(2, ink.height + top + bottom),
    )
