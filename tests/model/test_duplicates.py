"""Copies of real handwriting are found however they were stored anew; look-alikes are not."""

import cv2
import numpy as np
import pytest
from sklearn.datasets import load_digits

from model.checks import check
from model.dataset import Entry
from model.duplicates import near_pairs, portrait
from model.findings import near_twins
from tests.model.drawn_signs import draw_folders


def shift(sign):
    return cv2.warpAffine(sign, np.array([[1, 0, 0.5], [0, 1, 0.5]]), sign.shape[::-1])


def compress(sign):
    return cv2.imdecode(cv2.imencode(".jpg", sign, [cv2.IMWRITE_JPEG_QUALITY, 60])[1], 0)


WAYS = {
    "enlarged": lambda sign: cv2.resize(sign, None, fx=2.0, fy=2.0),
    "reduced": lambda sign: cv2.resize(sign, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA),
    "shifted": shift,
    "compressed": compress,
    "lighter": lambda sign: (sign * 0.7).astype(np.uint8),
    "moved": lambda sign: cv2.copyMakeBorder(sign, 9, 0, 5, 2, cv2.BORDER_CONSTANT),
}


@pytest.fixture(scope="module")
def signs():
    """1,797 digits of 43 people, 8x8 pixels smoothly enlarged to 32x32 in a frame."""
    small = np.minimum(load_digits().images * 16, 255).astype(np.uint8)
    return [
        cv2.copyMakeBorder(cv2.resize(s, (32, 32), interpolation=cv2.INTER_CUBIC), 4, 4, 4, 4, 0)
        for s in small
    ]


@pytest.fixture(scope="module")
def portraits(signs):
    return np.stack([portrait(sign) for sign in signs])


def test_different_signs_are_not_reported(portraits):
    assert len(near_pairs(portraits)) <= 4  # a few of these people's 1s are alike to the pixel


@pytest.mark.parametrize("way", WAYS)
def test_nine_of_ten_planted_copies_are_found(signs, portraits, way):
    chosen = np.random.default_rng(2).choice(len(signs), 60, replace=False)
    copies = np.stack([portrait(WAYS[way](signs[i])) for i in chosen])
    pairs = near_pairs(np.concatenate([portraits, copies]))
    planted = {(int(i), len(signs) + k) for k, i in enumerate(chosen)}
    found = {(pair.first, pair.second) for pair in pairs}
    assert len(found & planted) >= 54
    assert len(found - planted) <= 4


def test_distances_are_told_nearest_first(signs, portraits):
    copies = np.stack([portrait(WAYS["lighter"](signs[0])), portrait(WAYS["reduced"](signs[1]))])
    pairs = near_pairs(np.concatenate([portraits, copies]))
    assert [pair.distance for pair in pairs] == sorted(pair.distance for pair in pairs)


def test_few_or_empty_images_have_no_pairs():
    assert near_pairs(np.zeros((0, 784), np.float32)) == []
    assert near_pairs(np.stack([portrait(np.zeros((9, 9), np.uint8))])) == []


@pytest.mark.parametrize(
    ("target", "code", "fatal"),
    [
        ("train/1/copy.png", "near_duplicate_across_classes", True),
        ("test/0/copy.png", "near_duplicate_across_splits", True),
        ("train/0/copy.png", "near_duplicate", False),
    ],
)
def test_a_scaled_copy_is_a_finding(tmp_path, target, code, fatal):
    draw_folders(tmp_path)
    draw_folders(tmp_path, split="test", per_class=2)
    sign = cv2.imread(str(tmp_path / "train/0/0.png"), cv2.IMREAD_GRAYSCALE)
    cv2.imwrite(str(tmp_path / target), cv2.resize(sign, None, fx=1.5, fy=1.5))
    (finding,) = check(tmp_path).findings
    assert finding.code == code
    assert finding.fatal is fatal
    assert set(finding.paths) == {"train/0/0.png", target}


@pytest.mark.parametrize(("pairs", "fatal"), [(2, False), (3, True)])
def test_likeness_of_over_one_in_a_hundred_test_images_is_no_chance(pairs, fatal):
    train, test = (
        [Entry(f"{split}/0/{k}.png", "0", "drawn", "", "") for k in range(200)]
        for split in ("train", "test")
    )
    (finding,) = near_twins(zip(train[:pairs], test, strict=False), [*train, *test])
    assert finding.code == "near_duplicate_across_splits"
    assert finding.fatal is fatal
