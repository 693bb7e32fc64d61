"""Near duplicates: the same writing stored twice, scaled, shifted, lightened or compressed anew.

A portrait brings writing to one place, size and strength by its moments, which such copying hardly
changes: JPEG at quality 60, doubling the size and a shift by half a pixel move nine in ten of
MNIST's portraits by less than 0.03, 0.06 and 0.07; the nearest other image is 0.2 away in the
median. Different plain 1s come as near as copies do; but they have many neighbours as near, and a
copy has one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

from ocr.arrays import Strokes

Portraits = NDArray[np.float32]  # (N, 784), rows of unit length; all 0 for no ink

_SIDE_PX = 28
_SPREAD_PX = 6.5  # root mean square distance of the ink from its centre; strokes stay inside
_BLUR_PX = 1.0  # forgives what resampling does to edges
_INK_LEVEL = 32  # as in ocr.digits.normalize

_REACH = 0.08  # distance of portraits up to which they may be copies: see above
_CLEARANCE = 0.35  # of a copy's distance to that of its tenth neighbour; 0.5 lets chance pairs in
_NEIGHBOURS = 10  # more copies of one image than this hide each other
_DIMENSIONS = 32  # hold 94 % of the variance of MNIST, USPS, Semeion and DIDA together
_SAMPLE = 20_000  # images are enough to find these dimensions


@dataclass(frozen=True, slots=True)
class NearPair:
    """Two images that are nearly the same, by their numbers; distance 0 = same, 1.4 = nothing."""

    first: int
    second: int
    distance: float


def portrait(strokes: Strokes) -> NDArray[np.float32]:
    """Bring writing to one place, size and strength by its moments.

    Returns:
        (784,) of unit length, or all 0 where there is no ink.
    """
    ink = np.where(strokes >= _INK_LEVEL, strokes, 0).astype(np.uint8)
    moments = cv2.moments(ink)
    if moments["m00"] == 0:
        return np.zeros(_SIDE_PX**2, np.float32)
    spread = np.sqrt((moments["mu20"] + moments["mu02"]) / moments["m00"] + 0.25)  # a dot has some
    zoom = _SPREAD_PX / spread
    centre = np.array([moments["m10"], moments["m01"]]) / moments["m00"]
    offset = (_SIDE_PX - 1) / 2 - zoom * centre
    if zoom < 1:  # no finer detail than the portrait's pixels can hold
        ink = np.asarray(cv2.GaussianBlur(ink, (0, 0), 0.5 / zoom), np.uint8)
    move = np.array([[zoom, 0, offset[0]], [0, zoom, offset[1]]])
    field = cv2.warpAffine(ink.astype(np.float32), move, (_SIDE_PX, _SIDE_PX))
    flat = cv2.GaussianBlur(field, (0, 0), _BLUR_PX).ravel()
    return np.asarray(flat / max(float(np.linalg.norm(flat)), 1e-6), np.float32)


def near_pairs(portraits: Portraits) -> list[NearPair]:
    """Find the pairs that are much nearer to each other than to their tenth neighbours.

    The search runs on principal components, where no two images are farther apart than they are
    in truth; the distances that decide are those of the portraits.

    Args:
        portraits: (N, 784), without equal ones.

    Returns:
        Pairs, nearest first. Of more than ten copies of one image, few are found.
    """
    count = len(portraits)
    if count < 3:
        return []
    short = _shortened(portraits)
    close = np.array(sorted(_candidates(portraits, short)), np.int64).reshape(-1, 2)
    members, places = np.unique(close, return_inverse=True)
    if members.size == 0:
        return []
    clear = _CLEARANCE * _tenth_distance(portraits, short, members)[places.reshape(-1, 2)]
    apart = np.linalg.norm(portraits[close[:, 0]] - portraits[close[:, 1]], axis=1)
    pairs = [
        NearPair(int(i), int(j), float(distance))
        for (i, j), distance, limit in zip(close, apart, clear.min(axis=1), strict=True)
        if distance <= limit
    ]
    return sorted(pairs, key=lambda pair: pair.distance)


def _shortened(portraits: Portraits) -> NDArray[np.float32]:
    """The portraits' principal components, (N, up to 32)."""
    sample = portraits[:: max(1, len(portraits) // _SAMPLE)]
    pca = PCA(min(_DIMENSIONS, len(sample)), svd_solver="covariance_eigh").fit(sample)
    return np.asarray(pca.transform(portraits), np.float32)


def _candidates(portraits: Portraits, short: NDArray[np.float32]) -> Iterator[tuple[int, int]]:
    """Pairs within reach, each once, smaller number first."""
    reached = min(_NEIGHBOURS + 1, len(short))
    _, found = KDTree(short).query(short, k=reached, distance_upper_bound=_REACH)
    rows, columns = np.nonzero(found < len(short))  # the rest of a row says "nothing in reach"
    others = found[rows, columns]
    for i, j in {(min(i, j), max(i, j)) for i, j in zip(rows, others, strict=True) if i != j}:
        if np.linalg.norm(portraits[i] - portraits[j]) <= _REACH:
            yield int(i), int(j)


def _tenth_distance(
    portraits: Portraits, short: NDArray[np.float32], members: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Distance (M,) of some images to their tenth neighbour, or the last if there are fewer."""
    reached = min(_NEIGHBOURS + 1, len(short))
    search = NearestNeighbors(n_neighbors=reached, algorithm="brute").fit(short)
    tenth = search.kneighbors(short[members], return_distance=False)[:, -1]
    return np.asarray(np.linalg.norm(portraits[members] - portraits[tenth], axis=1), np.float32)
