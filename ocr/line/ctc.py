"""What a line's time steps say: the most probable digit strings, and how probable one is.

CTC (Graves et al. 2006): at each time step the network gives each label or a blank; a string's
probability is the sum over all ways to spread it over the steps. Marks between digits part them
as blanks do, so for strings of digits they are one with the blank.
"""

from math import exp, inf, log1p

import numpy as np
from numpy.typing import NDArray

from ocr.line.labels import BLANK, DIGITS, LABELS, OTHER

LogSteps = NDArray[np.float32]  # (T, labels + blank), log probabilities
DigitSteps = NDArray[np.float64]  # (T, 10 + 1), marks counted as blanks; the blank is last

_BEAM = 10  # strings kept per step
_UNLIKELY = -9.0  # log probability below which a digit is not followed up at a step
_MARK = 0.5  # of a step's probability beside the digits: from here on a mark stands there


def digit_steps(steps: LogSteps) -> DigitSteps:
    """Count marks as blanks."""
    wide = steps.astype(np.float64)
    rest = np.logaddexp.reduce(wide[:, DIGITS:], axis=1, keepdims=True)
    return np.hstack([wide[:, :DIGITS], rest])


def best_strings(steps: DigitSteps) -> list[tuple[str, float]]:
    """Prefix beam search (Hannun et al. 2014).

    Returns:
        Strings and their log probabilities, best first.
    """
    beam: dict[str, tuple[float, float]] = {"": (0.0, -inf)}  # ending in a blank, in its last digit
    for row in steps.tolist():
        grown: dict[str, tuple[float, float]] = {}
        likely = [(str(d), row[d]) for d in range(DIGITS) if row[d] > _UNLIKELY]
        for text, (in_blank, in_digit) in beam.items():
            either = _added(in_blank, in_digit)
            stays = row[int(text[-1])] + in_digit if text else -inf
            old = grown.get(text, (-inf, -inf))
            grown[text] = _added(old[0], row[DIGITS] + either), _added(old[1], stays)
            for digit, log_p in likely:
                longer = text + digit
                before = in_blank if text.endswith(digit) else either
                old = grown.get(longer, (-inf, -inf))
                grown[longer] = old[0], _added(old[1], log_p + before)
        ranked = sorted(grown.items(), key=lambda item: -_added(*item[1]))
        beam = dict(ranked[:_BEAM])
    return [(text, _added(*ends)) for text, ends in beam.items()]


def log_probability(steps: DigitSteps, digits: str) -> float:
    """Log probability of one string: the forward algorithm."""
    path, skips = _path(digits)
    scores = np.full(len(path), -inf)
    scores[:2] = steps[0, path[:2]]
    for row in steps[1:]:
        ways = _ways(scores, skips)
        scores = np.logaddexp(np.logaddexp(ways[0], ways[1]), ways[2]) + row[path]
    return float(np.logaddexp.reduce(scores[-2:]))


def _path(digits: str) -> tuple[list[int], NDArray[np.bool_]]:
    """Blank, digit, blank, digit, …, blank; and where a step may skip the blank before."""
    path = [DIGITS]
    for digit in digits:
        path += [int(digit), DIGITS]
    skips = [k >= 2 and n != DIGITS and n != path[k - 2] for k, n in enumerate(path)]
    return path, np.array(skips)


def _ways(scores: NDArray[np.float64], skips: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Scores of staying at a place, coming from the one before, and from the one before that."""
    ways = np.full((3, len(scores)), -inf)
    ways[0] = scores
    ways[1, 1:] = scores[:-1]
    ways[2, 2:] = np.where(skips[2:], scores[:-2], -inf)
    return ways


def with_marks(steps: LogSteps, digits: str) -> str:
    """A string of digits with the marks that stand between them, as written.

    The most probable spread of the string over the steps (Viterbi) tells where its digits are; a
    step between them shows a mark if one is more probable there than all else but the digits.
    """
    merged = digit_steps(steps)
    places = _spread(merged, digits)
    marks = np.exp(steps[:, DIGITS:BLANK] - merged[:, DIGITS:].astype(np.float32))
    text, shown = "", ""
    previous = 0
    for place, row in zip(places, marks, strict=True):
        best = int(row.argmax())
        mark = LABELS[DIGITS + best] if row[best] >= _MARK else ""
        if place % 2:  # a digit's own step
            text += digits[place // 2] if place != previous else ""
            shown = ""
        elif mark != shown:
            text += mark
            shown = mark
        previous = place
    return text.replace(OTHER, "")


def _spread(steps: DigitSteps, digits: str) -> list[int]:
    """For each step its place in the path blank, digit, blank, digit, …, blank."""
    path, skips = _path(digits)
    count = len(path)
    scores = np.full(count, -inf)
    scores[:2] = steps[0, path[:2]]
    came: list[NDArray[np.intp]] = []
    for row in steps[1:]:
        ways = _ways(scores, skips)
        chosen = ways.argmax(axis=0)
        scores = ways[chosen, np.arange(count)] + row[path]
        came.append(chosen)
    place = count - 1 if count == 1 or scores[-1] >= scores[-2] else count - 2
    places = [place]
    for chosen in reversed(came):
        place -= int(chosen[place])
        places.append(place)
    return places[::-1]


def _added(a: float, b: float) -> float:
    """log(exp(a) + exp(b))."""
    if a < b:
        a, b = b, a
    return a if b == -inf else a + log1p(exp(b - a))
