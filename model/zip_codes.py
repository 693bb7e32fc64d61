"""Five-digit ZIP codes written by one writer: what single digits say about whole fields.

Codes are put together from a test set's single digits, read one by one. Nothing is segmented: this
is the share of fields that a perfect segmentation would still leave wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.intervals import Rate, percentile_interval, rate

_LENGTH = 5
_CODES = 10_000  # chance in drawing them is then small against that of the digits themselves
_SAMPLES = 2000
_SEED = 7


@dataclass(frozen=True, slots=True)
class ZipCodes:
    """Codes read wrong.

    Attributes:
        wrong: Share of the `n` drawn codes with at least one wrong digit. The codes share digits
            and writers, so the interval is the wider of two honest ones: resampled writers, and
            Wilson's for as many codes as the digits make without using one twice.
        writers: Writers with at least five digits.
        digits: Their digits.
    """

    wrong: Rate
    writers: int
    digits: int


def read_zip_codes(right: np.ndarray, writers: Sequence[str]) -> ZipCodes | None:
    """Draw 10,000 codes, always the same ones, each of five different digits of one writer.

    A writer is drawn as often as he wrote digits.

    Args:
        right: (N,) bool, whether each digit was read right as one of the ten.
        writers: (N,) who wrote it; "" if unknown.

    Returns:
        None if no writer is known to have written five digits.
    """
    names, of_digit, counts = np.unique(writers, return_inverse=True, return_counts=True)
    enough = (counts >= _LENGTH) & (names != "")
    if not enough.any():
        return None
    digits = np.flatnonzero(enough[of_digit])
    codes = _draw(digits, of_digit)
    wrong = ~right[codes].all(axis=1)
    interval = _interval(wrong, of_digit[codes[:, 0]], len(digits) // _LENGTH)
    return ZipCodes(interval, int(enough.sum()), len(digits))


def _draw(digits: np.ndarray, writer_of: np.ndarray) -> np.ndarray:
    """Numbers of the digits of each code, (10,000, 5)."""
    rng = np.random.default_rng(_SEED)
    fellows = {w: digits[writer_of[digits] == w] for w in np.unique(writer_of[digits])}
    firsts = writer_of[rng.choice(digits, _CODES)]
    return np.stack([rng.choice(fellows[w], _LENGTH, replace=False) for w in firsts])


def _interval(wrong: np.ndarray, writer_of: np.ndarray, apart: int) -> Rate:
    """The share wrong, between the outer ends of both intervals.

    Args:
        wrong: (codes,) bool.
        writer_of: (codes,) number of each code's writer.
        apart: Codes that the digits make without using one twice.
    """
    share = float(wrong.mean())
    counts, lost = np.bincount(writer_of), np.bincount(writer_of, wrong)
    present = np.flatnonzero(counts)
    rng = np.random.default_rng(_SEED)
    drawn = rng.choice(present, (_SAMPLES, len(present)))
    of_writers = percentile_interval(share, lost[drawn].sum(axis=1) / counts[drawn].sum(axis=1))
    of_codes = rate(round(share * apart), apart)
    low, high = min(of_writers.low, of_codes.low), max(of_writers.high, of_codes.high)
    return Rate(share, len(wrong), low, high)
