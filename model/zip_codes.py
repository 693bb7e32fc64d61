"""Five-digit ZIP codes written by one writer: what single digits say about whole fields.

Codes are put together from a test set's single digits, read one by one. Nothing is segmented: this
is the share of fields that a perfect segmentation would still leave wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np

from model.intervals import Rate, percentile_interval, rate
from ocr.arrays import Probabilities
from ocr.values.postal_code import us_zip_codes

_LENGTH = 5
_ORDERS = 24  # of five digits that are tried: nearly always one of them is a code in use
_CHOICES = 3  # most probable digits of each place that are tried to find a code in use
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
        wrong_with_list: The same of codes that are in use in the United States, each read as the
            most probable code in use; None if the digits make none.
        writers: Writers with at least five digits.
        digits: Their digits.
    """

    wrong: Rate
    wrong_with_list: Rate | None
    writers: int
    digits: int


def read_zip_codes(
    chances: Probabilities, truth: np.ndarray, writers: Sequence[str]
) -> ZipCodes | None:
    """Draw 10,000 codes, always the same ones, each of five different digits of one writer.

    A writer is drawn as often as he wrote digits.

    Args:
        chances: (N, 10) of each digit.
        truth: (N,) the digits.
        writers: (N,) who wrote it; "" if unknown.

    Returns:
        None if no writer is known to have written five digits.
    """
    names, of_digit, counts = np.unique(writers, return_inverse=True, return_counts=True)
    enough = (counts >= _LENGTH) & (names != "")
    if not enough.any():
        return None
    digits = np.flatnonzero(enough[of_digit])
    wrong = chances.argmax(axis=1) != truth
    codes = _draw(digits, of_digit)
    listed = _in_orders_in_use(codes, truth)
    wrong_with_list = _most_probable(chances[listed]) != _as_number(truth[listed])
    apart = len(digits) // _LENGTH
    return ZipCodes(
        wrong=_interval(wrong[codes].any(axis=1), of_digit[codes[:, 0]], apart),
        wrong_with_list=_interval(wrong_with_list, of_digit[listed[:, 0]], apart)
        if len(listed)
        else None,
        writers=int(enough.sum()),
        digits=len(digits),
    )


def _draw(digits: np.ndarray, writer_of: np.ndarray) -> np.ndarray:
    """Numbers of the digits of each code, (10,000, 5)."""
    rng = np.random.default_rng(_SEED)
    fellows = {w: digits[writer_of[digits] == w] for w in np.unique(writer_of[digits])}
    firsts = writer_of[rng.choice(digits, _CODES)]
    return np.stack([rng.choice(fellows[w], _LENGTH, replace=False) for w in firsts])


def _in_orders_in_use(codes: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """(K, 5): the codes whose digits have an order that is a code in use, in such a one.

    Most sets of five digits have one; those without are left out.
    """
    orders = np.random.default_rng(_SEED).permuted(np.repeat(codes[:, None], _ORDERS, 1), axis=2)
    listed = _in_use()[_as_number(truth[orders])]
    found = listed.any(axis=1)
    return np.asarray(orders[found, listed[found].argmax(axis=1)])


def _most_probable(chances: Probabilities) -> np.ndarray:
    """The most probable code in use of each five digits, (N, 5, 10), as a number (N,)."""
    likely = np.argsort(-chances, axis=2)[:, :, :_CHOICES]
    logs = np.log(np.take_along_axis(chances, likely, axis=2) + 1e-12)
    picks = np.array(list(product(range(_CHOICES), repeat=_LENGTH)))
    places = np.arange(_LENGTH)
    codes = _as_number(likely[:, places, picks])
    scores = np.where(_in_use()[codes], logs[:, places, picks].sum(axis=2), -np.inf)
    return np.asarray(codes[np.arange(len(codes)), scores.argmax(axis=1)])


def _as_number(digits: np.ndarray) -> np.ndarray:
    """(..., 5) digits as numbers (...)."""
    return np.asarray(digits @ 10 ** np.arange(_LENGTH - 1, -1, -1))


@cache
def _in_use() -> np.ndarray:
    """(100,000,) bool."""
    table = np.zeros(10**_LENGTH, bool)
    table[[int(code) for code in us_zip_codes()]] = True
    return table


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
