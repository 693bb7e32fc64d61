"""Connected components of ink: their labels, and their bounding boxes alone, which is faster."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Ink
from ocr.geometry import Box
from ocr.runs import Bits

Boxes = NDArray[np.int64]  # (N, 4) left, top, width, height
Labels = NDArray[np.int32]  # (H, W) number of a pixel's component, 0 for paper
Stats = NDArray[np.int32]  # (N, 5) of paper and each component: left, top, width, height, pixels
Middles = NDArray[np.float64]  # (N, 2) column and row of the centre of mass of each


def labelled(ink: Bits) -> tuple[Labels, Stats, Middles]:
    """Label the 8-connected components of ink, and measure them.

    Of OpenCV's algorithms this one takes a third of the time of the one it uses unasked (5.0).
    """
    _, labels, stats, middles = cv2.connectedComponentsWithStatsWithAlgorithm(
        ink, 8, cv2.CV_32S, cv2.CCL_GRANA
    )
    return np.asarray(labels, np.int32), np.asarray(stats, np.int32), np.asarray(middles)


def component_boxes(ink: Ink) -> Boxes:
    """The box of each 8-connected component, those inside others too, by their tops.

    Outlines are followed instead of pixels labelled: a fifth of the time.
    """
    if not ink.size:
        return np.zeros((0, 4), np.int64)
    outlines, tree = cv2.findContours(ink.view(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    parents = np.asarray(tree).reshape(-1, 4)[:, 3] if outlines else np.zeros(0)
    boxes = [  # an outline with a parent is the edge of a hole
        cv2.boundingRect(outline)
        for outline, parent in zip(outlines, parents.tolist(), strict=True)
        if parent < 0
    ]
    return np.array(boxes[::-1], np.int64).reshape(-1, 4)


def outer_boxes(ink: Bits) -> list[Box]:
    """The box of each 8-connected component that lies in no other, as OpenCV meets them."""
    outlines, _ = cv2.findContours(ink, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return [Box(*cv2.boundingRect(outline)) for outline in outlines]
