"""Segmentation: every digit is among the candidates, whether it touches, is broken or alone."""

from itertools import pairwise

import cv2
import numpy as np
import pytest
from drawn_digits import handwritten, plain
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ocr.clean import strokes_of
from ocr.geometry import Box
from ocr.segment import INK_LEVEL, segment

HEIGHT = 60  # of the digits drawn here


def strokes(writing):
    return (writing.ink * 255).astype(np.uint8)


def boxes_of_digits(text, **shape):
    """Boxes of the digits of `plain`, each drawn alone at its place."""
    blank = " " * len(text)
    boxes = []
    for place, digit in enumerate(text):
        alone = plain_at(blank, place, digit, **shape)
        rows, columns = np.nonzero(alone)
        boxes.append(
            Box(
                int(columns.min()),
                int(rows.min()),
                int(np.ptp(columns)) + 1,
                int(np.ptp(rows)) + 1,
            )
        )
    return boxes


def plain_at(blank, place, digit, pitch=0.85):
    """One digit at its place in a text; the field is that of the whole text."""
    field = np.zeros(plain("1" * len(blank), HEIGHT, pitch=pitch).ink.shape, np.bool_)
    alone = plain(digit, HEIGHT, pitch=pitch).ink
    left = place * round(pitch * HEIGHT)
    width = min(alone.shape[1], field.shape[1] - left)
    field[:, left : left + width] = alone[:, :width]
    return field


def overlap(one, other):
    """Intersection over union of two boxes."""
    across = min(one.right, other.right) - max(one.x, other.x)
    down = min(one.bottom, other.bottom) - max(one.y, other.y)
    both = max(0, across) * max(0, down)
    return both / (one.width * one.height + other.width * other.height - both)


def best_overlap(lattice, box):
    return max(overlap(candidate.box, box) for candidate in lattice.candidates)


def test_digits_that_stand_apart_are_candidates():
    lattice = segment(strokes(plain("140780")))
    for box in boxes_of_digits("140780"):
        assert best_overlap(lattice, box) == 1.0
    assert lattice.digit_height_px == pytest.approx(HEIGHT + 6, abs=3)  # and the pen's width


def shares_covered(lattice, text, pitch):
    """Per digit the best candidate's pixels: intersection over union with the digit drawn alone."""
    masks = [
        (lattice.labels > candidate.first) & (lattice.labels <= candidate.last + 1)
        for candidate in lattice.candidates
    ]
    digits = [plain_at(" " * len(text), k, digit, pitch) for k, digit in enumerate(text)]
    return [max((m & digit).sum() / (m | digit).sum() for m in masks) for digit in digits]


@pytest.mark.parametrize("text", ["00", "88", "000"])
def test_touching_digits_are_cut_where_they_touch(text):
    field = strokes(plain(text, HEIGHT, pitch=0.66))
    assert cv2.connectedComponents(field)[0] == 2
    assert min(shares_covered(segment(field), text, 0.66)) >= 0.95


@pytest.mark.parametrize("text", ["00", "80", "000"])
def test_a_ligature_is_cut(text):
    field = strokes(plain(text, HEIGHT, pitch=0.75))
    for k in range(len(text) - 1):
        left = 25 + 45 * k
        cv2.line(field, (left + 33, 50), (left + 45, 54), 255, 5)
    assert cv2.connectedComponents(field)[0] == 2
    # The ligature, 5 % of a digit's pixels, goes to either.
    assert min(shares_covered(segment(field), text, 0.75)) >= 0.9


def test_a_cut_knows_the_ink_it_runs_through():
    lattice = segment(strokes(plain("00", HEIGHT, pitch=0.66)))
    cuts = [atom.cut_ink for atom in lattice.atoms]
    assert cuts[0][0] == cuts[-1][1] == 0.0
    assert all(left[1] == right[0] > 0 for left, right in pairwise(cuts))
    (whole,) = segment(strokes(plain("1", HEIGHT))).atoms
    assert whole.cut_ink == (0.0, 0.0)


def test_a_broken_digit_is_one_candidate():
    field = strokes(plain("404", HEIGHT))
    field[50:54] = 0  # a scratch across all digits
    lattice = segment(field)
    for box in boxes_of_digits("404"):
        assert best_overlap(lattice, box) >= 0.95  # a piece of a few pixels may go as dirt


def test_a_candidate_shows_its_own_strokes_only():
    field = strokes(plain("47", HEIGHT, pitch=0.62))
    lattice = segment(field)
    candidate = lattice.candidates[0]
    own = lattice.strokes_of(candidate)
    assert own.shape == (candidate.box.height, candidate.box.width)
    labels = lattice.labels[candidate.box.slices]
    assert np.array_equal(own > 0, (labels == candidate.first + 1) & (own > 0))
    assert int((own >= INK_LEVEL).sum()) == lattice.atoms[0].ink


def test_commas_do_not_lower_the_digits_height():
    field = strokes(plain("4004", HEIGHT))
    for column in range(60, 200, 51):
        cv2.line(field, (column, 80), (column - 3, 92), 255, 4)
    assert segment(field).digit_height_px == pytest.approx(HEIGHT + 6, abs=3)


def test_specks_and_rests_of_rules_at_the_edge_are_no_atoms():
    field = strokes(plain("40", HEIGHT))
    alone = len(segment(field).atoms)
    field[80, 5] = field[30, 110] = 255
    field[-3:, 20:70] = 255
    assert len(segment(field).atoms) == alone


def in_a_loose_field(text, left=80, right=80):
    """Writing with much paper around it."""
    return np.pad(strokes(plain(text, HEIGHT)), ((30, 30), (left, right)))


@pytest.mark.parametrize("rows", [(0, 60), (70, 160), (12, 150), (50, 95)])
@pytest.mark.parametrize("at_left", [True, False])
def test_a_rest_of_a_frame_at_the_side_of_a_loose_field_is_no_atom(rows, at_left):
    field = in_a_loose_field("40")
    alone = segment(field).atoms
    field[slice(*rows), 3:9] = 255
    found = segment(field if at_left else np.ascontiguousarray(field[:, ::-1])).atoms
    assert len(found) == len(alone)


@pytest.mark.parametrize("text", ["140", "1000", "171"])
@pytest.mark.parametrize("cut", [30, 38])
def test_a_one_at_the_side_stays(text, cut):
    field = in_a_loose_field(text, left=0)
    assert segment(field).atoms[0].box.x == 39
    assert segment(field[:, cut:]).atoms[0].box.x == max(0, 39 - cut)


def test_a_one_that_is_cut_off_with_the_other_digits_stays():
    field = in_a_loose_field("100", left=0)[60:, 38:]
    assert segment(field).atoms[0].box.x == 1


def test_a_one_far_from_its_digits_stays_with_its_point():
    field = in_a_loose_field("400", left=110)
    field[45:100, 3:9] = field[94:101, 40:47] = 255
    assert segment(field).atoms[0].box.x < 10


def test_a_rule_that_runs_askew_is_no_writing_but_digits_on_it_are():
    rule = np.zeros((100, 1200), np.uint8)
    cv2.line(rule, (0, 60), (1199, 98), 255, 3)
    assert segment(rule).atoms == ()
    digits = strokes(plain("140780"))
    rule[: digits.shape[0], 40 : 40 + digits.shape[1]] |= digits[: len(rule)]
    assert len(segment(rule).atoms) >= 6


def test_an_empty_field_has_no_atoms():
    lattice = segment(np.zeros((100, 300), np.uint8))
    assert lattice.atoms == lattice.candidates == ()
    assert lattice.digit_height_px == 0.0


@pytest.mark.parametrize("seed", range(4))
def test_handwriting_has_a_candidate_for_every_digit_that_stands_apart(seed):
    field = strokes_of(handwritten("27 35 86 90", seed=seed))
    lattice = segment(field)
    components = cv2.connectedComponentsWithStats((field >= INK_LEVEL).astype(np.uint8))[2][1:]
    tall = [Box(*(int(v) for v in row[:4])) for row in components if row[3] > 30]
    assert len(tall) >= 6
    for box in tall:
        assert best_overlap(lattice, box) == 1.0


any_field = arrays.arrays(
    np.uint8, st.tuples(st.integers(1, 60), st.integers(1, 90)), elements=st.sampled_from([0, 255])
).map(lambda field: np.pad(field, 1))  # some paper around: strokes are cut out of a page
smooth_field = any_field.map(lambda field: np.pad(cv2.GaussianBlur(field, (0, 0), 2.5), 1))


@given(st.one_of(any_field, smooth_field))
def test_of_any_strokes_the_atoms_part_the_ink(field):
    lattice = segment(field)
    ink = field >= INK_LEVEL
    counts = np.bincount(lattice.labels.ravel(), minlength=len(lattice.atoms) + 1)
    assert not (lattice.labels > 0)[~ink].any()
    assert [atom.ink for atom in lattice.atoms] == counts[1:].tolist()
    for number, atom in enumerate(lattice.atoms, start=1):
        rows, columns = np.nonzero(lattice.labels == number)
        assert (columns.min(), rows.min()) == (atom.box.x, atom.box.y)
        assert (columns.max(), rows.max()) == (atom.box.right - 1, atom.box.bottom - 1)


@given(st.one_of(any_field, smooth_field))
def test_of_any_strokes_the_candidates_are_runs_of_atoms_inside_the_field(field):
    lattice = segment(field)
    height, width = field.shape
    runs = [(candidate.first, candidate.last) for candidate in lattice.candidates]
    assert runs == sorted(set(runs))
    assert {(k, k) for k in range(len(lattice.atoms))} <= set(runs)
    for candidate in lattice.candidates:
        assert candidate.box == candidate.box.clipped(width, height)
        assert 0 <= candidate.first <= candidate.last < len(lattice.atoms)
        assert lattice.strokes_of(candidate).any()
