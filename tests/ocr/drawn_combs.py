"""Combs drawn on paper, and writing in their cells."""

import cv2
import numpy as np

PRINT, PEN = 70, 40  # gray levels


def paper(width, height):
    return np.full((height, width), 240, np.uint8)


def draw_comb(page, left, top, pitch, tall, *, cells=8, missing=(), line_px=2):
    """A frame parted by lines; those numbered in `missing` are not printed."""
    right = round(left + cells * pitch)
    cv2.line(page, (left, top), (right, top), PRINT, line_px)
    cv2.line(page, (left, top + tall), (right, top + tall), PRINT, line_px)
    for k in range(cells + 1):
        if k not in missing:
            x = round(left + k * pitch)
            cv2.line(page, (x, top), (x, top + tall), PRINT, line_px)


def write_in_cells(page, left, top, pitch, tall, *, cells=8):
    """A stroke or loop per cell, as handwriting has; ones are upright lines, the hardest case."""
    rng = np.random.default_rng(3)
    for k in range(cells):
        x, y = round(left + (k + 0.5) * pitch), top + tall // 2
        half = round(tall * rng.uniform(0.25, 0.36))
        if k % 3 == 0:
            cv2.line(page, (x + 2, y - half), (x - 2, y + half), PEN, 3)
        else:
            cv2.ellipse(page, (x, y), (round(0.25 * pitch), half), 10, 0, 300, PEN, 3)


def edges_of(cells):
    return [cell.x for cell in cells] + [cells[-1].right]
