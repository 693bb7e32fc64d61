"""Written combs: digits in their cells, told as they were written."""

import numpy as np

from model.augment import Augmentation
from model.combs import write_comb
from model.dataset import DataSet, Entry
from model.material import arrange
from model.variants import DIGITS, variant


def drawn_material():
    rng = np.random.default_rng(4)
    images = [variant(label, rng) for label in DIGITS for _ in range(3)]
    entries = [
        Entry(f"train/{label}/{k}.png", label, "drawn", "hand", "")
        for label in DIGITS
        for k in range(3)
    ]
    return arrange(DataSet(images, entries), DIGITS, 1.0)


def test_every_digit_has_a_cell_with_ink_in_it():
    material = drawn_material()
    for seed in range(20):
        comb = write_comb(material, Augmentation(), np.random.default_rng(seed))
        assert len(comb.cells) == len(comb.digits) >= 2
        for cell in comb.cells:
            inside = comb.gray[cell.slices]
            assert inside.shape == (cell.height, cell.width), "the cell lies on the paper"
            assert int(inside.max()) - int(inside.min()) > 8, "there is writing in it"


def test_the_same_seed_writes_the_same_comb():
    material = drawn_material()
    first, second = (
        write_comb(material, Augmentation(), np.random.default_rng(7)) for _ in range(2)
    )
    assert first.digits == second.digits
    assert np.array_equal(first.gray, second.gray)
