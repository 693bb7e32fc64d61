"""Boxes of connected components agree with those of a labelling of every pixel."""

import cv2
import numpy as np
import pytest

from ocr.components import component_boxes, labelled


def boxes_by_opencv(ink):
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    return stats[1:, :4].tolist()


@pytest.mark.parametrize("share", [0.02, 0.2, 0.5, 0.8])
def test_components_have_the_boxes_that_labelling_gives(share):
    rng = np.random.default_rng(3)
    for _ in range(20):
        ink = rng.random(tuple(rng.integers(1, 50, 2))) < share
        assert sorted(component_boxes(ink).tolist()) == sorted(boxes_by_opencv(ink))


def test_a_component_inside_another_is_one_of_its_own():
    ink = np.zeros((30, 30), bool)
    cv2.rectangle(ink.view(np.uint8), (2, 2), (27, 27), 1, 1)
    ink[12:15, 12:15] = True
    assert component_boxes(ink).tolist() == [[2, 2, 26, 26], [12, 12, 3, 3]]


@pytest.mark.parametrize("shape", [(0, 0), (0, 5), (5, 0), (4, 4)])
def test_where_no_ink_is_there_are_no_boxes(shape):
    assert component_boxes(np.zeros(shape, bool)).shape == (0, 4)


@pytest.mark.parametrize("share", [0.1, 0.4, 0.7])
def test_labels_part_what_does_not_hang_together(share):
    rng = np.random.default_rng(4)
    for _ in range(20):
        ink = (rng.random(tuple(rng.integers(1, 50, 2))) < share).astype(np.uint8)
        labels, stats, middles = labelled(ink)
        boxes = sorted(component_boxes(ink.view(bool)).tolist())
        assert sorted(stats[1:, :4].tolist()) == boxes
        assert np.array_equal(labels > 0, ink > 0)
        for k, (x, y, width, height, pixels) in enumerate(stats.tolist()):
            rows, columns = np.nonzero(labels == k)
            if k:
                assert (rows.min(), columns.min()) == (y, x)
                assert (rows.max() + 1, columns.max() + 1) == (y + height, x + width)
                assert middles[k] == pytest.approx((columns.mean(), rows.mean()))
            assert len(rows) == pixels
