"""Registration against a picture of the blank page.

Features (ORB, Rublee 2011) of page and picture are matched, a robust fit gives a first pose at any
scale, shift and cut. Then patches of the picture, spread over the page and at each field, are
looked for near their place by normalized correlation of ink.
"""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray, Ink
from ocr.forms import Form, picture_of
from ocr.register.pose import Floats, Points, Pose, Sights
from ocr.register.sheet import Sheet, reduce
from ocr.upright import as_scanned

_FEATURES, _LEVELS = 800, 3  # 10 ms on the reduced page; the scales of page and picture are near
_DISTINCT = 0.85  # distance of the best match over that of the second best (Lowe 2004)
_FIT_PX = 4.0  # of the reduced page: a millimetre
_LEAST_MATCHES = 12
_TRIALS = 500
_SMALLEST, _LARGEST = 0.5, 2.0  # scale of the page against the picture
_STEEPEST = 0.05  # sine of the largest rotation that boxes may have on an upright page

_PATCH_MM = 10.0  # width and height of a patch: a label or two cells
_GRID = (6, 8)  # patches across and down
_REACH_MM = 2.0  # how far from its place a patch is looked for
_ALIKE = 0.5  # correlation of a patch that is there, written over or photocopied
_PLAIN = 0.03  # share of ink below which a patch shows nothing

Warped = NDArray[np.float32]  # (H, W) ink, softened


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """What is known of a form's picture.

    Attributes:
        ink: Its ink, softened.
        px_per_mm: (2,) its scale across and down.
        places_mm: (N, 2) its features.
        descriptors: (N, 32) their descriptors.
        patches_mm: (M, 2) middles of the patches, those of the fields first.
        shows: (M,) those that show something.
    """

    ink: Warped
    px_per_mm: Floats
    places_mm: Points
    descriptors: NDArray[np.uint8]
    patches_mm: Points
    shows: NDArray[np.bool_]


@lru_cache(maxsize=16)
def reference_of(form: Form) -> Reference:
    """Features and patches of a form's picture."""
    sheet = reduce(as_scanned(picture_of(form.reference or "")))
    size = np.array(sheet.gray.shape[::-1], np.float64)
    px_per_mm = size / np.array(form.page_mm or (1.0, 1.0))
    places, descriptors = _features(sheet.gray)
    fields = [
        (box[0] + box[2] / 2, box[1] + box[3] / 2)
        for box in (field.box_mm for field in form.fields)
        if box is not None
    ]
    rest = _textured(sheet.ink, px_per_mm)
    patches = np.concatenate([np.array(fields).reshape(-1, 2), rest])
    ink = _soft(sheet.ink)
    shares = cv2.blur(ink, tuple(int(v) for v in np.rint(_PATCH_MM * px_per_mm)))
    x, y = np.rint(patches * px_per_mm).astype(int).T
    shows = shares[np.clip(y, 0, ink.shape[0] - 1), np.clip(x, 0, ink.shape[1] - 1)] >= _PLAIN
    return Reference(ink, px_per_mm, places / px_per_mm, descriptors, patches, shows)


def start(sheet: Sheet, reference: Reference) -> Pose | None:
    """A first pose by matched features; None if too few agree."""
    places, descriptors = _features_of(sheet)
    if min(len(descriptors), len(reference.descriptors)) < _LEAST_MATCHES:
        return None
    matcher = cv2.BFMatcher(cv2.NORM_HAMMING)
    pairs = matcher.knnMatch(reference.descriptors, descriptors, 2)
    good = [a for a, b in pairs if a.distance < _DISTINCT * b.distance]
    if len(good) < _LEAST_MATCHES:
        return None
    mm = reference.places_mm[[match.queryIdx for match in good]]
    px = places[[match.trainIdx for match in good]]
    matrix, inliers = cv2.estimateAffinePartial2D(
        mm, px, ransacReprojThreshold=_FIT_PX, maxIters=_TRIALS
    )
    if matrix is None or int(inliers.sum()) < _LEAST_MATCHES:
        return None
    pose = Pose(np.asarray(matrix, np.float64))
    known = float(reference.px_per_mm.mean())
    if not _SMALLEST < pose.px_per_mm / known < _LARGEST:
        return None
    along, across = pose.matrix[0, 0], pose.matrix[1, 0]
    return pose if abs(across) <= _STEEPEST * along else None


def sight_patches(
    sheet: Sheet, pose: Pose, reference: Reference
) -> tuple[Sights, NDArray[np.intp]]:
    """Look for each patch near its place.

    Returns:
        Two sights of each patch that is seen, along x and along y, and for each the patch's number.
    """
    page = _as_reference(sheet, pose, reference)
    found = [
        _sighted(page, reference, place) if shows else None
        for place, shows in zip(reference.patches_mm, reference.shows, strict=True)
    ]
    seen = np.array([k for k, off in enumerate(found) if off is not None], np.intp)
    off = np.array([found[k] for k in seen], np.float64).reshape(-1, 2)
    number = np.repeat(seen, 2)
    axis = np.tile(np.array([0, 1], np.intp), len(seen))
    return Sights(reference.patches_mm[number], axis, off.ravel()), number


def patches_on(sheet: Sheet, pose: Pose, reference: Reference) -> int:
    """How many patches that show something lie on the page."""
    size = np.array(sheet.gray.shape[::-1])
    places = pose.to_px(reference.patches_mm)
    inside = ((places >= 0) & (places < size)).all(axis=1)
    return int((inside & reference.shows).sum())


def _as_reference(sheet: Sheet, pose: Pose, reference: Reference) -> Warped:
    """The page's ink as the picture would show it, were the pose exact."""
    to_mm = np.diag([*(1 / reference.px_per_mm), 1.0])
    matrix = (np.vstack([pose.matrix, [0, 0, 1]]) @ to_mm)[:2]
    size = (reference.ink.shape[1], reference.ink.shape[0])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(_soft(sheet.ink), matrix, size, flags=flags), np.float32)


def _sighted(page: Warped, reference: Reference, place_mm: Points) -> tuple[float, float] | None:
    """How far off a patch is, in millimetres; None if it is not seen."""
    half = np.rint(_PATCH_MM / 2 * reference.px_per_mm).astype(int)
    reach = np.rint(_REACH_MM * reference.px_per_mm).astype(int)
    middle = np.rint(place_mm * reference.px_per_mm).astype(int)
    size = np.array(page.shape[::-1])
    low, high = np.maximum(middle - half, reach), np.minimum(middle + half, size - reach)
    if (high - low < half).any():
        return None
    patch = reference.ink[low[1] : high[1], low[0] : high[0]]
    (left, top), (right, bottom) = low - reach, high + reach
    near = page[top:bottom, left:right]
    alike = np.asarray(cv2.matchTemplate(near, patch, cv2.TM_CCOEFF_NORMED), np.float32)
    _, best, _, (column, row) = cv2.minMaxLoc(alike)
    if best < _ALIKE:
        return None
    off = (np.array([column, row]) - reach + _subpixel(alike, column, row)) / reference.px_per_mm
    return float(off[0]), float(off[1])


def _subpixel(alike: NDArray[np.float32], column: int, row: int) -> Floats:
    """Where between pixels the highest correlation lies, by parabolas."""
    shift = np.zeros(2)
    for axis, (line, at) in enumerate(((alike[row], column), (alike[:, column], row))):
        if 0 < at < len(line) - 1:
            before, peak, after = (float(v) for v in line[at - 1 : at + 2])
            bend = before - 2 * peak + after
            shift[axis] = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return shift


@lru_cache(maxsize=1)
def _features_of(sheet: Sheet) -> tuple[Points, NDArray[np.uint8]]:
    """A page's features, found once however many forms it is compared with."""
    return _features(sheet.gray)


def _features(gray: Gray) -> tuple[Points, NDArray[np.uint8]]:
    orb = cv2.ORB_create(_FEATURES, nlevels=_LEVELS)  # type: ignore[attr-defined]
    points, descriptors = orb.detectAndCompute(gray, None)
    if descriptors is None:
        return np.zeros((0, 2)), np.zeros((0, 32), np.uint8)
    return np.array([point.pt for point in points], np.float64), descriptors


def _textured(ink: Ink, px_per_mm: Floats) -> Points:
    """The place in each cell of a grid whose surroundings have most corners, in millimetres."""
    corners = cv2.cornerMinEigenVal(_soft(ink), 5)
    wide = tuple(int(v) for v in np.rint(_PATCH_MM * px_per_mm))
    texture = cv2.blur(corners, wide)
    height, width = ink.shape
    places = []
    for row in range(_GRID[1]):
        for column in range(_GRID[0]):
            left, top = column * width // _GRID[0], row * height // _GRID[1]
            cell = texture[
                top : (row + 1) * height // _GRID[1], left : (column + 1) * width // _GRID[0]
            ]
            if cell.size and cell.max() > 0:
                y, x = np.unravel_index(int(cell.argmax()), cell.shape)
                places.append((left + x, top + y))
    return np.array(places, np.float64).reshape(-1, 2) / px_per_mm


def _soft(ink: Ink) -> Warped:
    """Ink as a smooth picture, so that a shift of half a pixel still correlates."""
    return np.asarray(cv2.GaussianBlur(ink.astype(np.float32), (0, 0), 1.0), np.float32)
