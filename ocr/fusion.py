"""Two readers, one answer: the strings of the lattice and of the line, weighed together.

The readers fail in different ways: one cuts badly, the other overlooks what is small. A string is
as good as the weighted product of what both say of it, so that one reader alone cannot carry it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ocr.decode import Hypothesis
from ocr.line.reader import LineReading

_SEGMENTED, _LINE = 0.5, 1.0  # weights of the two readers' log probabilities
_UNSEEN = -6.0  # log probability of a string that the lattice does not give
_MOST_SEGMENTED = 8  # strings of the lattice that are considered


@dataclass(frozen=True, slots=True)
class Candidate:
    """One string with what both readers say of it.

    Attributes:
        digits: The digits alone.
        log_p: Log of its share among all candidates.
        segmented: How the lattice gives it; None if it does not.
        segmented_log_p: Log of its share among the lattice's strings.
        line_log_p: Log of its probability by the line; 0 without a line reader.
    """

    digits: str
    log_p: float
    segmented: Hypothesis | None
    segmented_log_p: float
    line_log_p: float


def fuse(hypotheses: Sequence[Hypothesis], line: LineReading | None) -> list[Candidate]:
    """Weigh the strings of both readers.

    Args:
        hypotheses: Strings of the lattice, best first.
        line: What the line reader says; None where only the lattice speaks.

    Returns:
        Candidates, best first.
    """
    total = float(np.logaddexp.reduce([h.log_p for h in hypotheses]))
    shares = [(h, h.log_p - total) for h in hypotheses]
    if line is None:
        return [Candidate(h.digits, share, h, share, 0.0) for h, share in shares]
    given = {
        h.digits: (h, max(share, _UNSEEN))
        for place, (h, share) in enumerate(shares)
        if place < _MOST_SEGMENTED or h.digits in line.strings
    }
    # All at once, as the grammar may ask for the others: that costs one look at the line, not two.
    strings = sorted({h.digits for h in hypotheses} | line.strings)
    told = [
        (digits, *given.get(digits, (None, _UNSEEN)), said)
        for digits, said in zip(strings, line.log_p(strings), strict=True)
        if digits in given or digits in line.strings
    ]
    logs = [_SEGMENTED * share + _LINE * said for _, _, share, said in told]
    whole = float(np.logaddexp.reduce(logs))
    fused = [
        Candidate(digits, log_p - whole, hypothesis, share, said)
        for log_p, (digits, hypothesis, share, said) in zip(logs, told, strict=True)
    ]
    return sorted(fused, key=lambda candidate: -candidate.log_p)
