"""Reading a line: views of it through the network, and what their time steps say together."""

from collections.abc import Sequence
from math import log

import numpy as np

from ocr.arrays import Gray
from ocr.geometry import Box
from ocr.line.ctc import (
    LogSteps,
    best_strings,
    digit_steps,
    log_probabilities,
    with_marks,
)
from ocr.line.view import HEIGHT_PX, line_view
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
_STRINGS_PER_VIEW = 4


class LineReading:
    """What the views of a line say together."""

    def __init__(self, views: LogSteps) -> None:
        """Take the log probabilities (views, T, labels + blank) of the views' time steps."""
        self._views = views
        self._steps = digit_steps(views)
        found = [best_strings(steps) for steps in self._steps]
        self.best = tuple(strings[0][0] for strings in found)  # of each view
        self.strings = {text for strings in found for text, _ in strings[:_STRINGS_PER_VIEW]}

    def log_p(self, strings: Sequence[str]) -> list[float]:
        """Log of each string's probability, the mean over the views."""
        each = log_probabilities(self._steps, strings)
        mean = np.logaddexp.reduce(each, axis=0) - log(len(each))
        return [float(value) for value in mean]

    def raw(self, digits: str) -> str:
        """A string with the marks between its digits, by the view that finds it most probable."""
        view = int(log_probabilities(self._steps, [digits]).argmax())
        return with_marks(self._views[view], digits)


class LineReader:
    """The line network of one model version."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def __call__(self, gray: Gray, ink: Box) -> LineReading:
        """Read a line.

        Args:
            gray: (H, W) scan of the field.
            ink: Bounding box of the writing in it.
        """
        pictures = [line_view(gray, _grown(ink, view)) for view in _VIEWS]
        widest = max(picture.shape[1] for picture in pictures)
        batch = np.zeros((len(pictures), HEIGHT_PX, widest, 1), np.float32)
        for row, picture in enumerate(pictures):
            batch[row, :, : picture.shape[1], 0] = picture
        logits = self._network(batch)
        steps = logits - np.logaddexp.reduce(logits, axis=2, keepdims=True)
        return LineReading(steps)


def _grown(ink: Box, sides: Sequence[float]) -> Box:
    left, top, right, bottom = (round(side * ink.height) for side in sides)
    return Box(
        ink.x - left,
        ink.y - top,
        max(2, ink.width + left + right),
        max(2, ink.height + top + bottom),
    )
