"""Decoding: hand-made lattices whose best strings are known, and an exhaustive search beside."""

from collections import defaultdict
from itertools import pairwise
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.amounts import as_amounts
from ocr.decode import _edges, decode, decode_cells
from ocr.geometry import Box
from ocr.lattice import Atom, Candidate, Lattice

LABELS = (*"0123456789", "not")
TALL = 60  # height of the digits here
DIGIT = Box(0, 0, 36, TALL)
COMMA, POINT, DASH, SPECK = Box(0, 52, 8, 20), Box(0, 52, 9, 9), Box(0, 28, 40, 8), Box(0, 5, 6, 6)


def likely(label, p=0.97):
    """A network's row that is that sure; the rest goes to the other classes alike."""
    row = np.full(len(LABELS), (1 - p) / (len(LABELS) - 1), np.float32)
    row[LABELS.index(label)] = p
    return row


def lattice_of(*shapes, joined=(), cuts=(), pitch=50):
    """A lattice of atoms in a row.

    Args:
        shapes: The atoms' boxes, shifted to their places.
        joined: (first, last) of candidates of more than one atom.
        cuts: (k, ink): a seam through so much ink parts atom k from the one before.
    """
    sides = [[0.0, 0.0] for _ in shapes]
    for k, ink in cuts:
        sides[k - 1][1] = sides[k][0] = ink
    boxes = [box.moved(pitch * k, 0) for k, box in enumerate(shapes)]
    atoms = tuple(Atom(box, 500, (a, b)) for box, (a, b) in zip(boxes, sides, strict=True))
    runs = sorted([(k, k) for k in range(len(atoms))] + list(joined))
    candidates = tuple(
        Candidate(
            a, b, Box(boxes[a].x, 0, boxes[b].right - boxes[a].x, TALL) if a < b else boxes[a]
        )
        for a, b in runs
    )
    nothing = np.zeros((80, pitch * len(shapes) + 1), np.uint8)
    return Lattice(nothing, nothing.astype(np.int32), atoms, candidates, float(TALL))


def best(lattice, *rows):
    return decode(lattice, np.array(rows), LABELS)[0]


def test_digits_that_stand_apart_are_read_in_order():
    found = best(lattice_of(DIGIT, DIGIT, DIGIT), likely("0"), likely("4"), likely("7"))
    assert found.digits == found.raw == "047"
    assert [part.box.x for part in found.parts] == [0, 50, 100]


def test_an_empty_lattice_is_one_empty_string():
    (nothing,) = decode(lattice_of(), np.zeros((0, len(LABELS)), np.float32), LABELS)
    assert (nothing.digits, nothing.parts, nothing.log_p) == ("", (), 0.0)


def test_a_broken_digit_is_joined():
    lattice = lattice_of(DIGIT, DIGIT, joined=[(0, 1)])
    found = best(lattice, likely("not"), likely("5"), likely("not"))
    assert found.digits == "5"
    assert len(found.parts) == 1


def test_touching_digits_are_parted_where_the_network_sees_two():
    lattice = lattice_of(DIGIT, DIGIT, joined=[(0, 1)], cuts=[(1, 6.0)])
    assert best(lattice, likely("3"), likely("not"), likely("5")).digits == "35"


def test_a_whole_digit_is_not_cut_for_a_little_more():
    lattice = lattice_of(DIGIT, DIGIT, joined=[(0, 1)], cuts=[(1, 20.0)])
    assert best(lattice, likely("3", 0.9), likely("8", 0.8), likely("5", 0.9)).digits == "8"


@pytest.mark.parametrize(("mark", "sign"), [(COMMA, ","), (POINT, "."), (DASH, "-"), (SPECK, "")])
def test_small_ink_is_a_mark_by_its_shape(mark, sign):
    found = best(lattice_of(DIGIT, mark, DIGIT), likely("1"), likely("not"), likely("2"))
    assert (found.digits, found.raw) == ("12", f"1{sign}2")


def test_a_comma_that_looks_like_a_1_stays_a_comma():
    found = best(lattice_of(DIGIT, COMMA, DIGIT), likely("8"), likely("1"), likely("2"))
    assert found.raw == "8,2"


def test_tall_ink_that_is_no_digit_is_left_out():
    found = best(lattice_of(DIGIT, DIGIT), likely("not"), likely("2"))
    assert (found.digits, found.raw) == ("2", "/2")


def test_hypotheses_are_distinct_and_the_likeliest_comes_first():
    rows = np.array([0.6 * likely("1") + 0.4 * likely("7"), 0.8 * likely("0") + 0.2 * likely("6")])
    found = decode(lattice_of(DIGIT, DIGIT), rows, LABELS)
    assert [h.digits for h in found[:4]] == ["10", "70", "16", "76"]
    assert len({h.digits for h in found}) == len(found)
    assert all(a.log_p >= b.log_p for a, b in pairwise(found))


def test_two_ways_to_the_same_string_add_up():
    lattice = lattice_of(DIGIT, SPECK, joined=[(0, 1)])
    rows = (likely("4"), likely("4"), likely("not"))
    both = best(lattice, *rows)
    alone = best(lattice_of(DIGIT, SPECK), rows[0], rows[2])
    assert both.digits == alone.digits == "4"
    assert alone.log_p + log(1.05) < both.log_p < alone.log_p + log(1.5)  # joining a dot costs


def test_no_row_is_so_sure_that_a_string_becomes_impossible():
    certain = np.eye(len(LABELS), dtype=np.float32)[[3, 5]]
    assert decode(lattice_of(DIGIT, DIGIT), certain, LABELS)[0].digits == "35"
    assert np.isfinite([h.log_p for h in decode(lattice_of(DIGIT, DIGIT), certain, LABELS)]).all()


two_classes = st.tuples(st.integers(0, 9), st.floats(0.05, 0.9), st.floats(0.01, 0.05))


def row_of(digit, p, p_other):
    row = np.zeros(len(LABELS), np.float32)
    row[digit], row[(digit + 1) % 10], row[-1] = p, 1 - p - p_other, p_other
    return row


@given(
    st.lists(st.sampled_from([DIGIT, COMMA, SPECK]), min_size=3, max_size=3),
    st.lists(two_classes, min_size=5, max_size=5),
)
def test_the_beam_finds_what_an_exhaustive_search_finds(shapes, rows):
    lattice = lattice_of(*shapes, joined=[(0, 1), (1, 2)], cuts=[(2, 4.0)])
    probabilities = np.array([row_of(*row) for row in rows])
    edges = _edges(lattice, probabilities, LABELS)
    sums = defaultdict(list)
    paths = [(0, "", 0.0)]
    while paths:
        atom, digits, log_p = paths.pop()
        if atom == len(shapes):
            sums[digits].append(log_p)
            continue
        for end, part in edges[atom]:
            text = part.text if part.is_digit else ""
            paths.append((end, digits + text, log_p + part.log_p))
    totals = {digits: float(np.logaddexp.reduce(logs)) for digits, logs in sums.items()}
    found = decode(lattice, probabilities, LABELS)
    # Three atoms of two classes have 27 strings or fewer; the beam keeps 12 at every atom.
    assert found[0].log_p == pytest.approx(max(totals.values()), abs=1e-4)
    assert totals[found[0].digits] == pytest.approx(max(totals.values()), abs=1e-4)


# --- combs ----------------------------------------------------------------------------------------

CELLS = tuple(Box(50 * k - 7, -5, 50, TALL + 10) for k in range(4))


def read_cells(lattice, *rows):
    return decode_cells(lattice, np.array(rows), LABELS, CELLS)[0]


def test_a_comb_has_one_digit_per_cell():
    rows = [likely(digit) for digit in "2016"]
    assert read_cells(lattice_of(DIGIT, DIGIT, DIGIT, DIGIT), *rows).digits == "2016"


def test_two_pieces_in_a_cell_are_one_digit():
    lattice = lattice_of(*[Box(0, 0, 15, TALL)] * 8, joined=[(0, 1), (6, 7)], pitch=25)
    rows = [likely(digit, 0.6) for digit in ("3", "1", "5", "7", "1", "8", "2", "1", "9", "6")]
    assert len(read_cells(lattice, *rows).digits) == 4


def test_an_empty_cell_gives_a_shorter_string():
    lattice = lattice_of(DIGIT, SPECK, DIGIT, DIGIT)
    rows = [likely("2"), likely("not"), likely("1"), likely("6")]
    assert read_cells(lattice, *rows).digits == "216"


def test_a_comb_without_ink_is_an_empty_string():
    none = np.zeros((0, len(LABELS)), np.float32)
    (nothing,) = decode_cells(lattice_of(), none, LABELS, CELLS)
    assert nothing.digits == ""


def test_digits_outside_the_cells_belong_to_the_nearest():
    wide = lattice_of(*[DIGIT] * 6)
    rows = [likely(digit) for digit in "123456"]
    assert len(read_cells(wide, *rows).digits) == 4


# --- fillers --------------------------------------------------------------------------------------

SLASH = Box(0, -10, 20, 80)


@pytest.mark.parametrize("lookalike", ["1", "7"])
def test_a_tall_slash_before_a_dash_closes_the_amount(lookalike):
    lattice = lattice_of(DIGIT, DIGIT, SLASH, DASH)
    rows = np.array([likely("5"), likely("0"), likely(lookalike), likely("not")])
    (found, *_) = as_amounts(decode(lattice, rows, LABELS))
    assert (found.digits, found.raw) == ("50", "50/-")


@pytest.mark.parametrize("last", [(DIGIT, DASH), (SLASH, SPECK)])
def test_a_last_1_stays_without_a_dash_or_when_it_is_no_taller(last):
    rows = np.array([likely("5"), likely("0"), likely("1"), likely("not")])
    (found, *_) = as_amounts(decode(lattice_of(DIGIT, DIGIT, *last), rows, LABELS))
    assert found.digits == "501"
