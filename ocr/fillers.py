"""Fillers of amounts: the `/-` that closes an amount is no digit, though it may look like one."""

from dataclasses import replace
from statistics import median

from ocr.decode import Hypothesis, Part

_LOOKALIKES = frozenset("17")  # what a slash is read as
_TALL = 1.2  # of the other digits' height: a slash reaches above and below them


def without_filler(hypotheses: list[Hypothesis]) -> list[Hypothesis]:
    """Take the slash of a trailing ``/-`` out of every hypothesis.

    A last digit that looks like a slash is one if it is clearly taller than the other digits and
    a dash follows it, as CTS-2010 checks end.
    """
    return [_trimmed(hypothesis) for hypothesis in hypotheses]


def _trimmed(hypothesis: Hypothesis) -> Hypothesis:
    digits = [part for part in hypothesis.parts if part.is_digit]
    if len(digits) < 2 or digits[-1].text not in _LOOKALIKES:
        return hypothesis
    last = max(k for k, part in enumerate(hypothesis.parts) if part.is_digit)
    rest = hypothesis.parts[last + 1 :]
    height = median(part.box.height for part in digits[:-1])
    if not any(part.text == "-" for part in rest) or digits[-1].box.height < _TALL * height:
        return hypothesis
    slash: Part = replace(hypothesis.parts[last], text="/", is_digit=False)
    parts = (*hypothesis.parts[:last], slash, *rest)
    return Hypothesis(hypothesis.digits[:-1], hypothesis.log_p, parts)
