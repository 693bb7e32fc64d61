"""Pages drawn for finding: paper, rules, frames, combs, and writing on them."""

import cv2
import numpy as np

from ocr.geometry import Box

DPI = 150
PX = DPI / 25.4  # pixels per millimetre of the drawn pages
PRINT, PEN = 60, 40


def paper():
    return np.full((round(297 * PX), round(210 * PX)), 244, np.uint8)


def px(*mm):
    return tuple(round(side * PX) for side in mm)


def rule(page, start_mm, end_mm, line_px=2):
    cv2.line(page, px(*start_mm), px(*end_mm), PRINT, line_px)


def frame(page, left, top, width, height):
    cv2.rectangle(page, px(left, top), px(left + width, top + height), PRINT, 2)


def comb(page, left, top, pitch, height, cells):
    frame(page, left, top, pitch * cells, height)
    for k in range(1, cells):
        rule(page, (left + k * pitch, top), (left + k * pitch, top + height))


def dotted(page, start_mm, end_mm):
    steps = round(float(np.hypot(*np.subtract(end_mm, start_mm))))
    for x, y in np.linspace(start_mm, end_mm, steps + 1):
        cv2.circle(page, px(x, y), 1, PRINT, -1)


def write(page, left, baseline, text, height_mm=5.0):
    scale = height_mm * PX / 22
    cv2.putText(page, text, px(left, baseline), cv2.FONT_HERSHEY_SIMPLEX, scale, PEN, 3)


def kinds(found):
    return [place.kind for place in found]


def overlap(one, other):
    """Intersection over union."""
    wide = min(one.right, other.right) - max(one.x, other.x)
    tall = min(one.bottom, other.bottom) - max(one.y, other.y)
    both = max(0, wide) * max(0, tall)
    return both / (one.width * one.height + other.width * other.height - both)


def is_at(box, left, top, width, height):
    return overlap(box, Box(*px(left, top, width, height))) > 0.8


def table(page, rows=6, columns=3, *, skip=()):
    for row in range(rows):
        for column in range(columns):
            if (row, column) not in skip:
                frame(page, 40 + 30 * column, 100 + 9 * row, 30, 9)
