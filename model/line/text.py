"""What stands on a line: amounts, decimals, dates and plain numbers in the signs of one writer."""

from dataclasses import replace
from itertools import pairwise, takewhile

import numpy as np

from model.augment import Augmentation, warp
from model.line.chains import ten, zeros
from model.line.signs import Sign, after, before, comma, dash, point, slash
from model.material import Material
from model.strokes import tight
from model.variants import DIGITS, variant
from ocr.arrays import Strokes
from ocr.line.view import STRIDE_PX

Rng = np.random.Generator

_OTHER_SCHOOL = 0.55  # chance of a line with shapes that the collections lack
_MOST_SHAPES = 6  # digits written in such shapes on one line
_CROSSED = 0.8  # who writes the 1 with an upstroke crosses the 7
_SCHOOLED = np.array([1, 3.5, 2, 0.7, 2, 1.5, 0.5, 2, 0.5, 3.5])  # which digits, relatively
# No two digits of a hand are alike, and a hand that no collection holds bends them further.
_HAND = Augmentation(rotation_deg=3.0, slant=0.06, aspect=0.14, elastic_px=1.5)
_TALL_ONE = 0.3  # chance that a hand writes its 1 taller than the rest
_HANGING = 0.2  # chance for each of 4, 7 and 9 that it hangs below the line
_ROUND = 0.35  # chance that an amount ends in zeros
_CHAINS = 0.3  # chance that a hand writes zeros in one stroke, and that its numbers end so
_LONGEST_CHAIN = 3  # zeros
_INDIAN = 0.2  # chance of groups of two before the last three digits
_FIRST = np.log10(1 + 1 / np.arange(1, 10))  # digits that amounts begin with (Benford 1938)
_GROUPS, _INDIAN_GROUPS = {3, 6}, {3, 5}  # digits behind a separator
_SHORT, _LONG = (1, 5), (3, 10)  # digits of plain numbers


def compose(material: Material, rng: Rng) -> list[Sign]:
    """Draw what one writer writes on a line."""
    hand = _Hand(material, rng)
    writers = (_plain, _amount, _decimal, _date)
    return hand.chained(writers[int(rng.choice(4, p=(0.3, 0.4, 0.2, 0.1)))](hand, rng))


def fits(text: str, view: Strokes) -> bool:
    """CTC needs a time step per sign, and one between equal signs."""
    equal = sum(a == b for a, b in pairwise(text))
    return bool(0 < len(text) + equal <= view.shape[1] // STRIDE_PX)


class _Hand:
    """One writer's digits, some of them in shapes of another school, the same all line long."""

    def __init__(self, material: Material, rng: Rng) -> None:
        self._material, self._rng = material, rng
        self._first = material.draw(rng)
        self._pool = material.draw_fellows(self._first, 50, rng)
        count = int(rng.integers(1, _MOST_SHAPES + 1))
        chosen = rng.choice(DIGITS, count, replace=False, p=_SCHOOLED / _SCHOOLED.sum())
        school = rng.random() < _OTHER_SCHOOL
        if "1" in chosen and rng.random() < _CROSSED:
            chosen = np.union1d(chosen, ["7"])
        self._seeds = {str(d): int(rng.integers(1 << 30)) for d in chosen} if school else {}
        self._places = _places(rng)
        self.chains = rng.random() < _CHAINS

    def digit(self, label: str | None = None) -> Sign:
        """A digit, drawn by chance if none is asked for."""
        label = label or str(self._rng.integers(10))
        if label in self._seeds:  # the same seed draws the same shape; the layout varies it
            drawn = variant(label, np.random.default_rng(self._seeds[label]))
            return self._written(label, tight(drawn))
        known = [k for k in self._pool if self._material.labels[k] == label]
        if not known:
            known = [self._first]
        sign = known[int(self._rng.integers(len(known)))]
        return self._written(self._material.labels[sign], self._material.crops[sign])

    def chained(self, signs: list[Sign]) -> list[Sign]:
        """The signs with zeros in a row, and 10, in one stroke where the hand does so."""
        joined: list[Sign] = []
        while self.chains and signs:
            count = self._in_one_stroke(signs)
            joined.append(self._chain(signs[:count]) if count > 1 else signs[0])
            signs = signs[count:]
        return joined + signs

    def _in_one_stroke(self, signs: list[Sign]) -> int:
        """How many of the signs, from the first, the hand writes without lifting the pen."""
        if [sign.label for sign in signs[:2]] == ["1", "0"]:
            return 1 + (self._rng.random() < 0.7)
        equal = len(list(takewhile(lambda sign: sign.label == "0", signs)))
        return max(1, min(equal, int(self._rng.integers(2, _LONGEST_CHAIN + 1))))

    def _chain(self, signs: list[Sign]) -> Sign:
        label = "".join(sign.label for sign in signs)
        strokes = ten(self._rng) if label == "10" else zeros(len(signs), self._rng)
        height = signs[0].height * self._rng.uniform(0.55, 1.05)
        longer = height * max(strokes.shape) / strokes.shape[0]
        return Sign(label, strokes, longer, signs[0].rise)

    def _written(self, label: str, strokes: Strokes) -> Sign:
        return Sign(label, tight(warp(strokes, _HAND, self._rng)), *self._places[label])


def _places(rng: Rng) -> dict[str, tuple[float, float]]:
    """How tall one hand writes each digit, and how far above the line."""
    places = {label: (float(np.exp(rng.normal(0, 0.06))), 0.0) for label in DIGITS}
    if rng.random() < _TALL_ONE:
        places["1"] = rng.uniform(1.15, 1.7), -rng.uniform(0, 0.2)
    for label in "479":
        if rng.random() < _HANGING:
            places[label] = rng.uniform(1.0, 1.35), -rng.uniform(0.1, 0.4)
    return places


def _plain(hand: _Hand, rng: Rng) -> list[Sign]:
    least, most = _SHORT if rng.random() < 0.5 else _LONG
    signs = [hand.digit() for _ in range(int(rng.integers(least, most + 1)))]
    if hand.chains and rng.random() < _CHAINS:
        signs += [hand.digit("0") for _ in range(int(rng.integers(2, _LONGEST_CHAIN + 1)))]
    if rng.random() < 0.1:
        signs = [*before(rng), *signs]
    return signs


def _amount(hand: _Hand, rng: Rng) -> list[Sign]:
    """Grouped or not, with or without cents, between currency signs and fillers."""
    whole = [hand.digit(str(rng.choice(9, p=_FIRST) + 1))]
    whole += [hand.digit() for _ in range(int(rng.integers(1, 7)))]
    if rng.random() < _ROUND:
        zeros = min(len(whole) - 1, int(rng.integers(2, 6)))
        whole[-zeros:] = [hand.digit("0") for _ in range(zeros)]
    separator = (None, point, comma)[int(rng.choice(3, p=(0.45, 0.35, 0.2)))]
    signs = before(rng) if rng.random() < 0.3 else []
    groups = _INDIAN_GROUPS if rng.random() < _INDIAN else _GROUPS
    for place, digit in enumerate(whole):
        if separator and place and len(whole) - place in groups:
            signs.append(separator(rng))
        signs.append(digit)
    if rng.random() < 0.3:
        signs += _cents(hand, rng)
    return signs + after(rng) if rng.random() < 0.5 else signs


def _cents(hand: _Hand, rng: Rng) -> list[Sign]:
    """Two digits after a point or comma, sometimes small and raised."""
    zeros = rng.random() < 0.4
    digits = [hand.digit("0" if zeros else None) for _ in range(2)]
    if rng.random() < 0.3:
        size, rise = rng.uniform(0.5, 0.8), rng.uniform(0.2, 0.5)
        raised = [replace(d, height=size * d.height, rise=rise) for d in digits]
        return raised if rng.random() < 0.3 else [point(rng), *raised]
    return [(point if rng.random() < 0.5 else comma)(rng), *digits]


def _decimal(hand: _Hand, rng: Rng) -> list[Sign]:
    """A measured value."""
    signs = [dash(rng)] if rng.random() < 0.1 else []
    signs += [hand.digit() for _ in range(int(rng.integers(1, 4)))]
    signs.append((point if rng.random() < 0.5 else comma)(rng))
    return signs + [hand.digit() for _ in range(int(rng.integers(1, 3)))]


def _date(hand: _Hand, rng: Rng) -> list[Sign]:
    """Day, month, year."""
    separator = (slash, point, dash)[int(rng.integers(3))]
    year = 4 if rng.random() < 0.5 else 2
    signs: list[Sign] = []
    for count in (2, 2, year):
        signs += [separator(rng)] * bool(signs) + [hand.digit() for _ in range(count)]
    return signs
