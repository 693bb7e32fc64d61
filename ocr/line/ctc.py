"""What a line's time steps say: the most probable digit strings, and how probable one is.

CTC (Graves et al. 2006): at each time step the network gives each label or a blank; a string's
probability is the sum over all ways to spread it over the steps. Marks between digits part them
as blanks do, so for strings of digits they are one with the blank.
"""

from collections.abc import Sequence
from math import inf, log

import numpy as np
from numpy.typing import NDArray

from ocr.line.labels import BLANK, DIGITS, LABELS, OTHER

LogSteps = NDArray[np.float32]  # (…, T, labels + blank), log probabilities
DigitSteps = NDArray[np.float64]  # (…, T, 10 + 1), marks counted as blanks; the blank is last

_BEAM = 8  # strings kept per step
_HOPELESS = 5e-5  # share of the best string below which a string is dropped
_UNLIKELY = 1e-3  # probability below which a digit is not followed up at a step
_SURELY_BLANK = 0.999  # probability from which a step only parts digits
_NAMES = "0123456789"
_MARK = 0.5  # of a step's probability beside the digits: from here on a mark stands there


def digit_steps(steps: LogSteps) -> DigitSteps:
    """Count marks as blanks; any leading dimensions."""
    wide = steps.astype(np.float64)
    rest = np.logaddexp.reduce(wide[..., DIGITS:], axis=-1, keepdims=True)
    return np.concatenate([wide[..., :DIGITS], rest], axis=-1)


def best_strings(steps: DigitSteps) -> list[tuple[str, float]]:
    """Prefix beam search (Hannun et al. 2014) over one line's steps.

    Returns:
        Strings and their log probabilities, best first.
    """
    beam: dict[str, tuple[float, float]] = {"": (1.0, 0.0)}  # ending in a blank, in its last digit
    log_scale = 0.0  # of the beam's probabilities: the best is brought to 1 at every step
    for row in np.exp(steps).tolist():
        blank = row[DIGITS]
        if blank > _SURELY_BLANK:
            beam = {text: (blank * (p + q), 0.0) for text, (p, q) in beam.items()}
            continue
        likely = [(_NAMES[d], row[d]) for d in range(DIGITS) if row[d] > _UNLIKELY]
        in_blanks = {text: blank * (p + q) for text, (p, q) in beam.items()}
        in_digits = {text: row[int(text[-1])] * q if text else 0.0 for text, (_, q) in beam.items()}
        for text, (in_blank, in_digit) in beam.items():
            for digit, p in likely:
                before = in_blank if text.endswith(digit) else in_blank + in_digit
                longer = text + digit
                in_digits[longer] = in_digits.get(longer, 0.0) + p * before
        sums = {text: q + in_blanks.get(text, 0.0) for text, q in in_digits.items()}
        ranked = sorted(sums, key=lambda text: (sums[text], text), reverse=True)[:_BEAM]
        best = sums[ranked[0]]
        log_scale += log(best)
        beam = {
            text: (in_blanks.get(text, 0.0) / best, in_digits[text] / best)
            for text in ranked
            if sums[text] > _HOPELESS * best
        }
    found = sorted(((p + q, text) for text, (p, q) in beam.items()), reverse=True)
    return [(text, log(p) + log_scale) for p, text in found]


def log_probabilities(steps: DigitSteps, strings: Sequence[str]) -> NDArray[np.float64]:
    """Log probability of each string by each view: the forward algorithm, for all at once.

    Args:
        steps: (views, T, 10 + 1).
        strings: Digits.

    Returns:
        (views, strings).
    """
    count = 2 * max(map(len, strings), default=0) + 1
    paths = np.full((len(strings), count), DIGITS)
    skips = np.zeros((len(strings), count), np.bool_)
    for row, digits in enumerate(strings):
        path, may_skip = _path(digits)
        paths[row, : len(path)], skips[row, : len(path)] = path, may_skip
    logs = steps[:, :, paths]  # (views, T, strings, places)
    scores = np.full((len(steps), *paths.shape), -inf)
    scores[..., :2] = logs[:, 0, :, :2]
    two = np.full_like(scores, -inf)
    for step in range(1, steps.shape[1]):
        two[..., 2:] = np.where(skips[:, 2:], scores[..., :-2], -inf)
        scores[..., 1:] = np.logaddexp(scores[..., 1:], scores[..., :-1])
        scores = np.logaddexp(scores, two) + logs[:, step]
    ends = 2 * np.array([len(digits) for digits in strings])
    rows = np.arange(len(strings))
    in_digit = np.where(ends > 0, scores[:, rows, np.maximum(ends - 1, 0)], -inf)
    return np.asarray(np.logaddexp(scores[:, rows, ends], in_digit), np.float64)


def _path(digits: str) -> tuple[list[int], NDArray[np.bool_]]:
    """Blank, digit, blank, digit, …, blank; and where a step may skip the blank before."""
    path = [DIGITS]
    for digit in digits:
        path += [int(digit), DIGITS]
    skips = [k >= 2 and n != DIGITS and n != path[k - 2] for k, n in enumerate(path)]
    return path, np.array(skips)


def with_marks(steps: LogSteps, merged: DigitSteps, places: Sequence[int], digits: str) -> str:
    """A string of digits with the marks that stand between them, as written.

    A step between digits shows a mark if one is more probable there than all else but the digits.

    Args:
        steps: (T, labels + blank) of one view.
        merged: The same as `digit_steps`.
        places: As `spread` gives them.
        digits: The string.
    """
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


def digit_places(places: Sequence[int], digits: str) -> list[float]:
    """The middle step of each digit of a string that is spread over the steps so."""
    at = np.array(places)
    return [float(np.flatnonzero(at == 2 * k + 1).mean()) for k in range(len(digits))]


def spread(steps: DigitSteps, digits: str) -> list[int]:
    """For each step its place in the path blank, digit, blank, digit, …, blank (Viterbi)."""
    path, skips = _path(digits)
    count, columns = len(path), np.arange(len(path))
    barred = np.where(skips[2:], 0.0, -inf)
    logs = steps[:, path]
    scores = np.full(count, -inf)
    scores[:2] = logs[0, :2]
    ways = np.full((3, count), -inf)  # stay, from the place before, from the one before that
    came: list[NDArray[np.intp]] = []
    for row in logs[1:]:
        ways[0] = scores
        ways[1, 1:] = scores[:-1]
        ways[2, 2:] = scores[:-2] + barred
        chosen = ways.argmax(axis=0)
        scores = ways[chosen, columns] + row
        came.append(chosen)
    place = count - 1 if count == 1 or scores[-1] >= scores[-2] else count - 2
    places = [place]
    for chosen in reversed(came):
        place -= int(chosen[place])
        places.append(place)
    return places[::-1]
