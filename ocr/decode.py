"""Decoding: the most probable digit strings of a lattice.

A path through the lattice explains every atom once: as part of a digit, or as something else
(comma, point, dash, dirt). Its probability is the product over its parts. Beam search keeps the
best paths per atom and string; strings that several segmentations support add up.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import exp, log, log1p
from typing import TypeAlias

import numpy as np

from ocr.arrays import Probabilities
from ocr.digits.classify import NOT_A_DIGIT
from ocr.geometry import Box
from ocr.lattice import Candidate, Lattice, atoms_by_cell
from ocr.shape import WritingLine, chance_of_mark, mark_text, writing_line

_BEAM = 12  # strings kept per atom; 30 read no field more on 521 amount crops and 22 checks
_MOST_DIGITS = 40  # longer strings are textures, not fields
_CLASSES = 4  # most probable classes that are followed up
_UNLIKELY = 1e-3  # less probable classes are not followed up: saves half of the search
_FLOOR = 1e-6  # no probability is taken as zero: the network is never that sure
_SKIP_TALL = 0.5  # of P(not a digit): tall ink that is no digit is rarely there at all
_SKIP_CUT = 0.05  # leaving out a piece that was cut from a digit needs strong reasons
_DOT = 0.26  # of the digit height: a detached piece smaller than this in both directions is a dot
_COMMA = 0.5  # of the digit height: a detached piece smaller than this …
_COMMA_LOW = 0.35  # … whose middle is so far below the line's is a comma
_JOIN_MARK = 0.12  # chance that a dot or comma belongs to a digit: commas stand close
_CUT_COST = 5.0  # per digit height of ink cut through: a touch is thin, a stroke is not
_CUT_TAX = 0.25  # for any cut: most components are one digit


@dataclass(frozen=True, slots=True)
class Part:
    """One explained run of atoms: a digit, or a mark (``.`` ``,`` ``-`` or empty for dirt)."""

    text: str
    box: Box
    log_p: float
    is_digit: bool


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One string of digits with the best path that gives it.

    Attributes:
        digits: The digits alone.
        log_p: Log of the summed probability of all its paths in the beam.
        parts: The best path, from left to right.
    """

    digits: str
    log_p: float
    parts: tuple[Part, ...] = field(repr=False)

    @property
    def raw(self) -> str:
        """Digits and marks as written."""
        return "".join(part.text for part in self.parts)


def decode(
    lattice: Lattice,
    probabilities: Probabilities,
    labels: tuple[str, ...],
    also: Collection[str] = (),
) -> list[Hypothesis]:
    """Find the most probable strings of a lattice.

    Args:
        lattice: The field's candidates.
        probabilities: (candidates, classes) of the lattice's candidates, in their order.
        labels: Class names; `NOT_A_DIGIT` is one of them.
        also: Strings that someone else has read; given too, however improbable, if the lattice
            has a path to them.

    Returns:
        Hypotheses, best first; one empty string for a lattice without atoms.
    """
    edges = _edges(lattice, np.maximum(probabilities, _FLOOR), labels)
    atoms = range(len(lattice.atoms))
    found = _search(edges, atoms, _MOST_DIGITS)
    missing = set(also) - {hypothesis.digits for hypothesis in found}
    if not missing:
        return found
    prefixes = {text[:end] for text in missing for end in range(len(text) + 1)}
    guided = _search(edges, atoms, _MOST_DIGITS, prefixes)
    return found + [hypothesis for hypothesis in guided if hypothesis.digits in missing]


def decode_cells(
    lattice: Lattice, probabilities: Probabilities, labels: tuple[str, ...], cells: Sequence[Box]
) -> list[Hypothesis]:
    """Find the most probable strings of a comb: at most one digit per cell.

    The string may be shorter than the comb, where cells are empty.
    """
    edges = _edges(lattice, np.maximum(probabilities, _FLOOR), labels)
    strings = [Hypothesis("", 0.0, ())]
    for atoms in atoms_by_cell(lattice.atoms, cells):
        digits = _search(edges, atoms, most_digits=1)
        strings = _most_probable_joined(strings, digits)
    return strings


def spell(
    lattice: Lattice, probabilities: Probabilities, labels: tuple[str, ...], digits: str
) -> list[tuple[Candidate, Part]] | None:
    """Find the most probable path that gives exactly these digits (Viterbi).

    Args:
        lattice: The field's candidates.
        probabilities: (candidates, classes) of the lattice's candidates, in their order.
        labels: Class names; `NOT_A_DIGIT` is one of them.
        digits: What the field says.

    Returns:
        The path's candidates and what each is, from left to right; None if no path gives them.
    """
    edges = _edges(lattice, np.maximum(probabilities, _FLOOR), labels)
    best: list[dict[int, _Path]] = [{} for _ in range(len(lattice.atoms) + 1)]
    best[0][0] = (0.0, ())
    for start, beam in enumerate(best[:-1]):
        for written, (log_p, path) in beam.items():
            for end, part in edges[start]:
                if part.is_digit and digits[written : written + 1] != part.text:
                    continue
                longer = log_p + part.log_p, (*path, (Candidate(start, end - 1, part.box), part))
                now = written + part.is_digit
                if now not in best[end] or best[end][now][0] < longer[0]:
                    best[end][now] = longer
    found = best[-1].get(len(digits))
    return list(found[1]) if found else None


def _most_probable_joined(strings: list[Hypothesis], digits: list[Hypothesis]) -> list[Hypothesis]:
    """The strings with the readings of the next cell, each string once, best first.

    Strings may be equal: an empty cell may stand anywhere.
    """
    pairs = sorted(product(strings, digits), key=lambda pair: -pair[0].log_p - pair[1].log_p)
    joined: dict[str, Hypothesis] = {}
    for string, digit in pairs:
        if len(joined) == _BEAM:
            break
        text = string.digits + digit.digits
        if text not in joined:
            joined[text] = _joined(string, digit)
    return list(joined.values())


def _search(
    edges: "list[list[_Edge]]", atoms: range, most_digits: int, within: set[str] | None = None
) -> list[Hypothesis]:
    """Beam search over a run of atoms; of strings `within` a set of prefixes, if one is given."""
    width = _BEAM if within is None else len(within)
    beams: dict[int, _Beam] = {end: {} for end in range(atoms.start, atoms.stop + 1)}
    beams[atoms.start][""] = (0.0, None)
    for start in atoms:
        ways = [(end, part, part.text * part.is_digit) for end, part in edges[start]]
        for digits, (log_p, trace) in _most_probable(beams[start], width):
            for end, part, digit in ways:
                longer = digits + digit
                if end > atoms.stop or len(longer) > most_digits:
                    continue
                if within is None or longer in within:
                    _add(beams[end], longer, log_p + part.log_p, (trace, part))
    return [
        Hypothesis(digits, log_p, _parts(trace))
        for digits, (log_p, trace) in _most_probable(beams[atoms.stop], width)
    ]


def _add(beam: "_Beam", digits: str, log_p: float, trace: "_Trace") -> None:
    """Put a longer path into a beam; the same string's probabilities add up."""
    old = beam.get(digits)
    if old is None:
        beam[digits] = log_p, trace
    elif old[0] >= log_p:
        beam[digits] = old[0] + log1p(exp(log_p - old[0])), old[1]
    else:
        beam[digits] = log_p + log1p(exp(old[0] - log_p)), trace


def _most_probable(beam: "_Beam", width: int) -> "list[tuple[str, tuple[float, _Trace]]]":
    return sorted(beam.items(), key=lambda kept: -kept[1][0])[:width]


def _parts(trace: "_Trace") -> tuple[Part, ...]:
    parts = []
    while trace is not None:
        trace, part = trace
        parts.append(part)
    return tuple(reversed(parts))


def _joined(left: Hypothesis, right: Hypothesis) -> Hypothesis:
    return Hypothesis(
        left.digits + right.digits, left.log_p + right.log_p, left.parts + right.parts
    )


_Edge = tuple[int, Part]  # (atom after the part, the part)
_Trace: TypeAlias = "tuple[_Trace, Part] | None"  # a path's parts, from the last back
_Beam = dict[str, tuple[float, _Trace]]  # by string: its log probability, its best path
_Path = tuple[float, tuple[tuple[Candidate, Part], ...]]  # log probability, what is explained how


def _edges(
    lattice: Lattice, probabilities: Probabilities, labels: tuple[str, ...]
) -> list[list[_Edge]]:
    """Ways to go on from each atom."""
    edges: list[list[_Edge]] = [[] for _ in lattice.atoms]
    line = writing_line(lattice)
    other = labels.index(NOT_A_DIGIT)
    likeliest = np.argsort(-probabilities, axis=1)[:, :_CLASSES].tolist()
    for candidate, row, best in zip(
        lattice.candidates, probabilities.tolist(), likeliest, strict=True
    ):
        costs = _cut_cost(lattice, candidate) + _mark_cost(lattice, candidate, line)
        for index in best:
            if index != other and row[index] >= _UNLIKELY:
                size = 1.0 - chance_of_mark(candidate.box, line, labels[index])
                log_p = log(row[index]) + log(max(size, _FLOOR)) - costs
                part = Part(labels[index], candidate.box, log_p, True)
                edges[candidate.first].append((candidate.last + 1, part))
        uncut = not any(_cut_sides(lattice, candidate))
        single = candidate.first == candidate.last
        if uncut or single:
            mark = _mark(candidate.box, line, row[other], uncut and single)
            edges[candidate.first].append((candidate.last + 1, mark))
    return edges


def _mark(box: Box, line: WritingLine, p_other: float, sure: bool) -> Part:
    """Ink explained as no digit; not surely one mark: a piece that was cut, or cut pieces."""
    by_shape = chance_of_mark(box, line)
    chance = by_shape + (1.0 - by_shape) * p_other * _SKIP_TALL
    if not sure:
        chance *= _SKIP_CUT
    return Part(mark_text(box, line), box, log(max(chance, _FLOOR)), False)


def _cut_cost(lattice: Lattice, candidate: Candidate) -> float:
    """What the cuts at the candidate's sides cost, half of each: its neighbour pays the rest."""
    return 0.5 * sum(
        _CUT_TAX + _CUT_COST * ink / lattice.digit_height_px
        for ink in _cut_sides(lattice, candidate)
        if ink > 0
    )


def _cut_sides(lattice: Lattice, candidate: Candidate) -> tuple[float, float]:
    """Ink that the cuts at the candidate's left and right run through; 0 where there is no cut."""
    atoms = lattice.atoms
    return atoms[candidate.first].cut_ink[0], atoms[candidate.last].cut_ink[1]


def _mark_cost(lattice: Lattice, candidate: Candidate, line: WritingLine) -> float:
    """What it costs to take marks for parts of a digit; one alone is a matter of its size."""
    if candidate.first == candidate.last:
        return 0.0
    atoms = lattice.atoms[candidate.first : candidate.last + 1]
    marks = sum(max(atom.cut_ink) == 0 and _is_small_mark(atom.box, line) for atom in atoms)
    return -log(_JOIN_MARK) * marks


def _is_small_mark(box: Box, line: WritingLine) -> bool:
    """Whether a detached piece is a dot, or a comma by its place."""
    if max(box.width, box.height) < _DOT * line.digit_px:
        return True
    return line.height(box) < _COMMA and line.lowness(box) > _COMMA_LOW
