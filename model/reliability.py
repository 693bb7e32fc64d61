"""Whether a classifier is as often right as its confidence says."""

from dataclasses import dataclass

import numpy as np

from model.intervals import Estimate, Rate, basic_interval, rate, resample

_BINS = 15
_SAMPLES = 1000  # the interval's ends are then known to a few per cent of its width


@dataclass(frozen=True, slots=True)
class ConfidenceBin:
    """Readings of about the same confidence: its mean, and how many of them are right."""

    confidence: float
    right: Rate


@dataclass(frozen=True, slots=True)
class Reliability:
    """Expected calibration error (Naeini et al. 2015) and the bins behind it, without empty ones.

    The interval is a bootstrap over readings, mirrored, since resampling makes gaps larger.
    """

    error: Estimate
    bins: tuple[ConfidenceBin, ...]


def reliability(confidence: np.ndarray, right: np.ndarray) -> Reliability:
    """Compare confidence and accuracy in 15 equal bins of confidence.

    Args:
        confidence: (N,) float64, 0 to 1.
        right: (N,) bool.
    """
    sampled = resample(
        len(right), lambda drawn: calibration_error(confidence[drawn], right[drawn]), _SAMPLES
    )
    return Reliability(
        basic_interval(calibration_error(confidence, right), sampled),
        _bins(confidence, right),
    )


def calibration_error(confidence: np.ndarray, right: np.ndarray) -> float:
    """Mean gap of confidence and accuracy over equal bins of confidence, weighed by their images.

    Args:
        confidence: (N,) 0 to 1.
        right: (N,) bool.
    """
    places = _places(confidence)
    told = np.bincount(places, confidence, _BINS)
    came = np.bincount(places, right, _BINS)
    return float(np.abs(told - came).sum()) / len(confidence)


def _bins(confidence: np.ndarray, right: np.ndarray) -> tuple[ConfidenceBin, ...]:
    places = _places(confidence)
    return tuple(
        ConfidenceBin(
            float(confidence[places == b].mean()),
            rate(int(right[places == b].sum()), int((places == b).sum())),
        )
        for b in np.unique(places)
    )


def _places(confidence: np.ndarray) -> np.ndarray:
    return np.asarray(np.minimum((confidence * _BINS).astype(int), _BINS - 1))
