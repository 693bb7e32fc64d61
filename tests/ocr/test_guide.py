"""Guided lattices: the line tells where digits are, and the lattice still tells what they are."""

from dataclasses import replace

import numpy as np
import pytest
from drawn_digits import handwritten

from ocr.digits.versions import ModelVersion, shipped_folder
from ocr.find import Placement
from ocr.geometry import Box
from ocr.guide import guided
from ocr.lattice import Atom, Lattice, find_candidates
from ocr.line.labels import BLANK
from ocr.line.reader import LineReader
from ocr.line.view import STRIDE_PX
from ocr.prepare import prepare
from ocr.readers import load_readers

TALL, WIDE = 60, 12  # an atom is a third of a digit
champion = (shipped_folder() / "champion").read_text("utf-8").strip()


@pytest.fixture(scope="module")
def readers():
    return load_readers(ModelVersion(shipped_folder() / champion, "shipped"))


def lattice_of(*cut_inks):
    """Atoms side by side, cut through so much ink between each two; 0 where they stand apart."""
    sides = [0.0, *cut_inks, 0.0]
    boxes = [Box(WIDE * k, 0, WIDE, TALL) for k in range(len(sides) - 1)]
    atoms = tuple(Atom(box, 300, (sides[k], sides[k + 1])) for k, box in enumerate(boxes))
    nothing = np.zeros((TALL, WIDE * len(atoms)), np.uint8)
    return Lattice(nothing, nothing, atoms, find_candidates(atoms, TALL), TALL)


def runs_of(lattice):
    return {(candidate.first, candidate.last) for candidate in lattice.candidates}


def test_of_touching_digits_only_pieces_with_one_digit_each_are_candidates():
    thin_in_the_middle = lattice_of(9.0, 9.0, 2.0, 9.0, 9.0)
    kept = runs_of(guided(thin_in_the_middle, [18.0, 54.0]))
    assert {(0, 2), (3, 5)} <= kept  # a digit each
    assert (0, 5) in kept  # the whole component: the line may have seen one digit too many
    assert all(first == 0 or last == 5 for first, last in kept)
    assert len(kept) < len(thin_in_the_middle.candidates) / 3


def test_a_digit_that_touches_none_is_not_cut():
    kept = runs_of(guided(lattice_of(3.0, 3.0, 0.0, 3.0, 3.0), [18.0, 54.0]))
    assert kept == {(0, 2), (3, 5)}


def test_a_digit_that_the_line_overlooked_stays_a_candidate():
    apart = lattice_of(0.0, 0.0, 0.0)
    assert {(k, k) for k in range(4)} <= runs_of(guided(apart, [6.0]))


def test_a_guided_field_reads_as_without_a_guide(readers):
    gray = handwritten("27086", seed=4)
    ink = prepare(gray, Placement(Box(0, 0, gray.shape[1], gray.shape[0])))
    (brief,) = readers.ask([ink])
    (alone,) = replace(readers, read_line=None).ask([ink])
    assert len(brief.line.best) < 5
    assert brief.hypotheses[0].digits == alone.hypotheses[0].digits == "27086"
    assert len(brief.lattice.candidates) <= len(alone.lattice.candidates)


def test_what_the_lattice_denies_is_read_at_length(readers):
    gray = handwritten("27086", seed=4)
    ink = prepare(gray, Placement(Box(0, 0, gray.shape[1], gray.shape[0])))
    (said,) = replace(readers, read_line=LineReader(rather_27088)).ask([ink])
    assert len(said.line.best) == 5
    assert said.lattice is ink.lattice


def rather_27088(batch):
    """A network that would rather see 27088 than 27086."""
    steps = np.full((len(batch), batch.shape[2] // STRIDE_PX, BLANK + 1), -20.0, np.float32)
    steps[:, :, BLANK] = 0.0
    for place, digit in enumerate("2708", 1):
        steps[:, 5 * place, [int(digit), BLANK]] = 0.0, -20.0
    steps[:, 25, [8, 6, BLANK]] = np.log(0.65), np.log(0.35), -20.0
    return steps
