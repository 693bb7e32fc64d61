"""Do a writer's other digits help to read a doubtful one? ``python -m bench.same_writer``.

The digits of the MNIST test, by their NIST writers (34 each on average), are read alone; then those
with a small margin once more, beside the writer's own sure digits: each class gets log P plus a
weight times the likeness of the most alike of them. Weight and margin are chosen on one half of the
writers and judged on the other, in both directions.
"""

import argparse
from itertools import product
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.evaluation import DATA
from model.formats import Format, read_samples
from model.paired import chance_of_loss, count
from model.zip_codes import read_zip_codes
from ocr.arrays import Digits
from ocr.digits.classify import load_classifier
from ocr.digits.normalize import normalize
from ocr.digits.versions import champion

MNIST = DATA / "digits" / "mnist"
_SURE = 0.99  # probability from which a digit tells how its writer writes
_BLUR_PX = 1.2  # strokes that lie side by side are alike
_WEIGHTS, _MARGINS = (1.0, 2.0, 4.0, 8.0, 16.0), (1.0, 2.0, 3.0, 5.0)  # tried; of log P
_SEED = 7

Scores = NDArray[np.float64]  # (N, 10)


def main() -> None:
    """Read, and print what the writers' other digits change."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--mnist", type=Path, default=MNIST, help="folder of the idx files")
    folder = parser.parse_args().mnist
    samples = list(read_samples(folder, Format.IDX, "test", folder / "t10k-writers.csv"))
    digits = np.stack([normalize(sample.strokes) for sample in samples])
    truth = np.array([int(sample.label) for sample in samples])
    names = [str(sample.writer) for sample in samples]
    writers = np.unique(names, return_inverse=True)[1]
    log_p = np.log(np.maximum(load_classifier(champion())(digits)[:, :10], 1e-9)).astype(np.float64)
    alike = likeness(digits, log_p, writers)
    halves = np.random.default_rng(_SEED).permutation(writers.max() + 1)[writers] % 2
    read = log_p.argmax(axis=1)
    helped = read.copy()
    for half in (0, 1):
        chosen = min(
            product(_WEIGHTS, _MARGINS),
            key=lambda way: int((beside(log_p, alike, *way) != truth)[halves == half].sum()),
        )
        print(f"chosen on half {half + 1}: weight {chosen[0]:g}, margin {chosen[1]:g}")
        helped[halves != half] = beside(log_p, alike, *chosen)[halves != half]
    for name, answers in (("alone", read), ("beside the others", helped)):
        codes = read_zip_codes(np.eye(10, dtype=np.float32)[answers], truth, names)
        share = "" if codes is None else f", {codes.wrong.value:.2%} of ZIP codes"
        print(f"{name}: {int((answers != truth).sum())} of {len(truth)} digits wrong{share}")
    counted = count(helped == truth, read == truth)
    p = chance_of_loss(counted.won, counted.lost)
    print(f"repaired {counted.won}, spoilt {counted.lost}; chance of that without help {p:.3f}")


def beside(log_p: Scores, alike: Scores, weight: float, margin: float) -> NDArray[np.intp]:
    """The classes, where the best two are within the margin by the writer's other digits too."""
    second, first = np.sort(log_p, axis=1)[:, -2:].T
    doubtful = (first - second < margin)[:, None]
    return np.asarray(np.where(doubtful, log_p + weight * alike, log_p).argmax(axis=1))


def likeness(digits: Digits, log_p: Scores, writers: NDArray[np.intp]) -> Scores:
    """Cosine of each digit to the most alike of its writer's sure ones of each class.

    A class of which the writer has none is as alike as the mean of the others.
    """
    soft = np.stack([cv2.GaussianBlur(d.astype(np.float32), (0, 0), _BLUR_PX) for d in digits])
    soft = soft.reshape(len(digits), -1)
    soft /= np.linalg.norm(soft, axis=1, keepdims=True)
    alike = np.full(log_p.shape, np.nan)
    read = np.where(log_p.max(axis=1) > np.log(_SURE), log_p.argmax(axis=1), -1)
    for writer in range(writers.max() + 1):
        own = np.flatnonzero(writers == writer)
        cosines = soft[own] @ soft[own].T
        np.fill_diagonal(cosines, -np.inf)
        for digit in np.unique(read[own]):
            most = cosines[:, read[own] == digit].max(axis=1)
            if digit >= 0:
                alike[own, digit] = np.where(np.isfinite(most), most, np.nan)
    known = ~np.isnan(alike)
    usual = np.where(known, alike, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return np.asarray(np.where(known, alike, usual[:, None]))


if __name__ == "__main__":
    main()
