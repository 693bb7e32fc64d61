"""Fillers of amounts: the `/-` that closes an amount is no digit, though it may look like one."""

from dataclasses import replace
from statistics import median

import numpy as np

from ocr.decode import Hypothesis, Part

_LOOKALIKES = frozenset("17")  # what a slash is read as
_TALL = 1.1  # of the digits before it: a slash reaches above and below them


def without_filler(hypotheses: list[Hypothesis]) -> list[Hypothesis]:
    """Take the slash of a trailing ``/-`` out of every hypothesis.

    A last digit that looks like a slash is one if it is clearly taller than the other digits and
    a dash follows it, as CTS-2010 checks end.
    """
    merged: dict[str, Hypothesis] = {}
    for hypothesis in map(_trimmed, hypotheses):  # the most probable first: its parts stay
        old = merged.setdefault(hypothesis.digits, hypothesis)
        if old is not hypothesis:
            log_p = float(np.logaddexp(old.log_p, hypothesis.log_p))
            merged[hypothesis.digits] = replace(old, log_p=log_p)
    return sorted(merged.values(), key=lambda hypothesis: -hypothesis.log_p)


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
