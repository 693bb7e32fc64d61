"""What is known of amounts: how they begin, how round they are, how they end and are grouped."""

from dataclasses import replace
from itertools import pairwise
from math import log, log10
from statistics import median

import numpy as np

from ocr.decode import Hypothesis, Part
from ocr.fusion import Candidate
from ocr.values import Value

_ROUND = log(5.0)  # of 1 (none), 2, 4 and 7 tried on the development amounts, 4 to 7 did best
_ROUND_LINE = log(2.2)  # the same for the line reader's strings, of which half are weighed already
_FIRST = 0.75  # of the log odds of first digits: the line reader has learned amounts that begin so
_LEADING_ZERO = -4.0  # log odds of a 0 before three or more digits: not one of 521 (ORAND-CAR-A)
# Log odds against marks that fit no grouping; 1 to 4 read 521 amounts alike (ORAND-CAR-A), of 275
# real checks turned, shaded and reduced 1 reads 243, 2 reads 239. Cents behind such groups are
# mostly a group that has lost a zero.
_ODD, _ODD_CENTS = 1.0, 2.0
_LOOKALIKES = frozenset("17")  # what a slash is read as
_TALL = 1.1  # of the digits before it: a slash reaches above and below them


def as_amounts(hypotheses: list[Hypothesis]) -> list[Hypothesis]:
    """Weigh the strings of a field by what is known of amounts, best first.

    A last digit that looks like a slash is one if it is clearly taller than the digits before it
    and a dash follows it, as CTS-2010 checks end. And amounts are round: of their digits 22 %
    (ORAND-CAR-A) to 60 % (Indian checks) are zeros, of the network's training signs one in ten.
    """
    merged: dict[str, Hypothesis] = {}
    for hypothesis in map(_trimmed, hypotheses):  # the most probable first: its parts stay
        old = merged.setdefault(hypothesis.digits, hypothesis)
        if old is not hypothesis:
            log_p = float(np.logaddexp(old.log_p, hypothesis.log_p))
            merged[hypothesis.digits] = replace(old, log_p=log_p)
    weighed = [replace(h, log_p=h.log_p + _ROUND * _zero_pairs(h.digits)) for h in merged.values()]
    return sorted(weighed, key=lambda hypothesis: -hypothesis.log_p)


def as_likely_amounts(candidates: list[Candidate]) -> list[Candidate]:
    """Weigh the strings of both readers by how amounts begin and by their zeros, best first."""
    logs = [
        c.log_p + _ROUND_LINE * _zero_pairs(c.digits) + _log_beginning(c.digits) for c in candidates
    ]
    whole = float(np.logaddexp.reduce(logs))
    weighed = (replace(c, log_p=log_p - whole) for c, log_p in zip(candidates, logs, strict=True))
    return sorted(weighed, key=lambda c: -c.log_p)


def odds_against(value: Value) -> float:
    """Log odds against an amount that fits no grouping."""
    if not value.reason:
        return 0.0
    return _ODD_CENTS if "." in value.text else _ODD


def _log_beginning(digits: str) -> float:
    """Log odds of a first digit: Benford's law (1938), and hardly a 0 unless for `0.50`."""
    if not digits or digits[0] == "0":
        return _LEADING_ZERO if len(digits) > 3 else 0.0
    return _FIRST * log(9 * log10(1 + 1 / int(digits[0])))


def _zero_pairs(digits: str) -> int:
    """How many zeros follow a zero."""
    return sum(a == b == "0" for a, b in pairwise(digits))


def _trimmed(hypothesis: Hypothesis) -> Hypothesis:
    digits = [part for part in hypothesis.parts if part.is_digit]
    if len(digits) < 2 or digits[-1].text not in _LOOKALIKES:
        return hypothesis
    last = max(k for k, part in enumerate(hypothesis.parts) if part.is_digit)
    rest = hypothesis.parts[last + 1 :]
    height = median(part.box.height for part in digits[-4:-1])
    if not any(part.text == "-" for part in rest) or digits[-1].box.height < _TALL * height:
        return hypothesis
    slash: Part = replace(hypothesis.parts[last], text="/", is_digit=False)
    parts = (*hypothesis.parts[:last], slash, *rest)
    return Hypothesis(hypothesis.digits[:-1], hypothesis.log_p, parts)
