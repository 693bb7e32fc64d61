"""Image files of single signs, read as strokes whatever their polarity.

A data set may mix MNIST's polarity (white on black) with ordinary scans (dark on paper): the border
of each image, which is paper far more often than ink, decides.
"""

import cv2
import numpy as np

from ocr.arrays import Gray, Strokes

_PAPER_LEVEL = 64  # a border median above it is paper: MNIST's is 0, the darkest DIDA paper 80
_MAX_SIDE_PX = 4096  # no single sign needs more; a page put into a class folder does
_INK_LEVEL = 56  # of a component
_LEAST_RULED_PX = 28  # in lower crops strokes are as straight as rules
_RULE_LENGTH, _RULE_REACH = 0.9, 0.36  # of the crop's height; of its width, from either side
_RULED_MARGIN = 0.04  # of the height: paper above and below a sign beside a rule
_MIN_CONTRAST = 8  # gray levels between paper and ink; below it there is only scanner noise


def decode_strokes(content: bytes) -> Strokes | None:
    """Decode an image file and bring it to strokes; None if it is no image or far too large."""
    if not content:
        return None
    gray = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
    if gray is None or max(gray.shape) > _MAX_SIDE_PX:
        return None
    return to_strokes(np.asarray(gray, np.uint8))


def is_oversized(content: bytes) -> bool:
    """Whether content that `decode_strokes` refuses is an image, but too large a one."""
    if not content:
        return False
    gray = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
    return gray is not None and max(gray.shape) > _MAX_SIDE_PX


def to_strokes(gray: Gray | Strokes) -> Strokes:
    """Bring an image of either polarity to ink-high strokes on an even 0.

    Returns:
        The image itself if its border is black; otherwise paper minus image, stretched so that
        paper and its texture are 0; all 0 for an image without contrast.
    """
    border = np.concatenate([gray[0], gray[-1], gray[:, 0], gray[:, -1]])
    if np.median(border) <= _PAPER_LEVEL:
        return gray
    depth = cv2.subtract(_paper(gray), gray)
    threshold, _ = cv2.threshold(depth, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    ink, rest = depth[depth > threshold], depth[depth <= threshold]
    if ink.size == 0 or float(ink.mean()) - float(rest.mean()) < _MIN_CONTRAST:
        return np.zeros_like(gray)
    floor, full = 0.5 * threshold, float(np.percentile(ink, 75))
    stretched = (depth - floor) * (255.0 / max(full - floor, 1.0))
    return np.asarray(np.clip(stretched, 0, 255), np.uint8)


def isolate(strokes: Strokes) -> Strokes:
    """Keep the sign in the middle of a crop: drop rules and bits of neighbours at its border.

    The main component is large and central; other components stay if they are no specks, lie
    above or below it and do not touch the left or right border (5-bars, gaps of broken strokes).
    """
    strokes = _without_uprights(strokes)
    mask = np.asarray(strokes > _INK_LEVEL, np.uint8)
    count, labels, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count < 3:
        return strokes
    height, width = strokes.shape
    area = stats[1:, cv2.CC_STAT_AREA].astype(np.float64)
    offset = np.abs(centres[1:] / (width, height) - 0.5).max(axis=1)  # 0 middle .. 0.5 border
    main = 1 + int(np.argmax(area * (1.0 - 1.6 * offset)))
    kept = [i for i in range(1, count) if i == main or _belongs(stats[i], stats[main], width)]
    near = cv2.dilate(np.asarray(np.isin(labels, kept), np.uint8), np.ones((3, 3), np.uint8))
    return np.asarray(np.where(near > 0, strokes, 0), np.uint8)


def _without_uprights(strokes: Strokes) -> Strokes:
    """Take out the upright rules left and right of a sign, also where they touch it.

    A rule runs through the whole crop, and what it leaves is a sign that does not. In a tight crop,
    where a stem does the same, the rest of its sign reaches the upper or lower edge.
    """
    height, width = strokes.shape
    if height < _LEAST_RULED_PX:
        return strokes
    mask = np.asarray(strokes > _INK_LEVEL, np.uint8)
    tall = np.ones((round(_RULE_LENGTH * height), 1), np.uint8)
    wide = cv2.dilate(mask, np.ones((1, 3), np.uint8))  # a rule leans a little
    runs = cv2.morphologyEx(wide, cv2.MORPH_OPEN, tall, borderType=cv2.BORDER_CONSTANT)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    for rule in range(1, count):
        left = stats[rule, cv2.CC_STAT_LEFT]
        right = left + stats[rule, cv2.CC_STAT_WIDTH]
        rest = np.asarray(np.where(labels == rule, 0, strokes), np.uint8)
        outside = right <= _RULE_REACH * width or left >= (1 - _RULE_REACH) * width
        if outside and _is_sign_within(rest, int(mask.sum())):
            strokes = rest
    return strokes


def _is_sign_within(strokes: Strokes, ink_px: int) -> bool:
    """Whether the largest component has much of the ink and paper above and below it."""
    mask = np.asarray(strokes > _INK_LEVEL, np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if len(stats) < 2:
        return False
    _, top, _, height, area = stats[1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))]
    margin = _RULED_MARGIN * len(strokes)
    inside = top >= margin and top + height <= len(strokes) - margin
    return bool(inside and height >= 0.4 * len(strokes) and area >= 0.3 * ink_px)


def _paper(gray: Gray) -> Gray:
    """The paper without the writing: a closing wider than any stroke, smoothed."""
    side = max(3, min(gray.shape) // 2 | 1)
    closed = cv2.morphologyEx(gray, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    return np.asarray(cv2.GaussianBlur(closed, (0, 0), side / 4), np.uint8)


def _belongs(stat: np.ndarray, main: np.ndarray, width: int) -> bool:
    """Whether a smaller component is part of the main one's sign."""
    left, right = stat[cv2.CC_STAT_LEFT], stat[cv2.CC_STAT_LEFT] + stat[cv2.CC_STAT_WIDTH]
    main_left = main[cv2.CC_STAT_LEFT]
    main_right = main_left + main[cv2.CC_STAT_WIDTH]
    over = min(right, main_right) - max(left, main_left)
    inside = over >= 0.5 * (right - left)
    at_border = left == 0 or right == width
    return bool(inside and not at_border and stat[cv2.CC_STAT_AREA] > 0.04 * main[cv2.CC_STAT_AREA])
