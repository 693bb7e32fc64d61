"""The signs of a line, and what stands around its digits: marks, fillers, currency, words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.debris import letters, scribble
from model.marks import mark, printed_currency
from model.strokes import drawn, tight
from ocr.arrays import Strokes
from ocr.line.labels import OTHER

Rng = np.random.Generator
_APART = 0.25  # chance of paper between a digit and a comma or point


@dataclass(frozen=True, slots=True, eq=False)
class Sign:
    """One sign of a line.

    Attributes:
        label: What the network shall read, several characters of what is written in one stroke;
            empty for what it shall pass over.
        strokes: Tight crop.
        height: Of its longer side, in heights of a digit.
        rise: Of its bottom above the writing line, in heights of a digit.
        gap: Extra distance to the sign before, in heights of a digit.
    """

    label: str
    strokes: Strokes
    height: float = 1.0
    rise: float = 0.0
    gap: float = 0.0


def point(rng: Rng) -> Sign:
    """A decimal point."""
    return _apart(_sign(".", ("point",), (0.06, 0.16), (-0.06, 0.14), rng), rng)


def comma(rng: Rng) -> Sign:
    """A comma, seldom a tall one."""
    tall = rng.random() < 0.2
    sign = _sign(",", ("comma",), (0.35, 0.6) if tall else (0.14, 0.36), (-0.3, 0.02), rng)
    return _apart(sign, rng)


def _apart(sign: Sign, rng: Rng) -> Sign:
    """Seldom with more paper before it than between digits."""
    return replace(sign, gap=rng.uniform(0.1, 0.4)) if rng.random() < _APART else sign


def dash(rng: Rng) -> Sign:
    """A dash, straight or waved."""
    return _sign("-", ("dash", "tilde"), (0.25, 0.9), (0.2, 0.6), rng)


def slash(rng: Rng) -> Sign:
    """Leaning more and taller than a 1: what is like a 1 is one."""
    return _stroke((14, 32), (1.15, 1.6), (-0.3, 0.0), rng)


def _slash_dash(rng: Rng) -> Sign:
    return _sign("/-", ("slash_dash", "slash", "flat_slash"), (0.8, 1.8), (-0.2, 0.2), rng)


def _upright_slash(rng: Rng) -> Sign:
    """As it ends an Indian amount, a dash behind it: like a 1, but for that, and mostly taller."""
    return _stroke((-4, 14), (1.0, 1.7), (-0.4, 0.0), rng)


def _stroke(
    lean_px: tuple[float, float], height: tuple[float, float], rise: tuple[float, float], rng: Rng
) -> Sign:
    """A slash that leans so far to the right on its way up 40 pixels."""
    path = np.array([(0.0, 40.0), (rng.uniform(*lean_px), 0.0)])
    strokes = tight(drawn([path], rng.uniform(2, 5)))
    return Sign("/", strokes, rng.uniform(*height), rng.uniform(*rise))


def _close_dash(rng: Rng) -> Sign:
    return replace(dash(rng), gap=rng.uniform(-0.1, 0.3))


def _equals(rng: Rng) -> Sign:
    return _sign("-", ("equals",), (0.3, 0.9), (0.0, 0.5), rng)


def _star(rng: Rng) -> Sign:
    return _sign(OTHER, ("star", "cross", "hash"), (0.3, 0.9), (0.0, 0.4), rng)


def _currency(rng: Rng) -> Sign:
    if rng.random() < 0.5:
        return Sign(OTHER, printed_currency(rng), rng.uniform(0.4, 1.1), rng.uniform(-0.2, 0.4))
    return _sign(OTHER, ("dollar", "rupee", "euro", "pound"), (0.6, 1.3), (-0.2, 0.1), rng)


def _word(rng: Rng) -> Sign:
    strokes = letters(rng) if rng.random() < 0.7 else scribble(rng)
    return Sign(OTHER, tight(strokes), rng.uniform(0.5, 1.2), rng.uniform(-0.2, 0.3), 0.2)


def _low_dash(rng: Rng) -> Sign:
    return _sign("-", ("dash", "tilde", "wave"), (0.3, 1.0), (0.0, 0.3), rng)


def _sign(
    label: str,
    names: Sequence[str],
    height: tuple[float, float],
    rise: tuple[float, float],
    rng: Rng,
) -> Sign:
    return Sign(label, tight(mark(names, rng)), rng.uniform(*height), rng.uniform(*rise))


_Maker = Callable[[Rng], Sign]
_BEFORE: list[tuple[float, tuple[_Maker, ...]]] = [
    (0.4, (_currency,)),
    (0.2, (_star,)),
    (0.1, (_star, _star)),
    (0.1, (dash,)),
    (0.1, (_equals,)),
    (0.1, (_word,)),
]
_AFTER: list[tuple[float, tuple[_Maker, ...]]] = [
    (0.18, (dash,)),
    (0.12, (_low_dash,)),
    (0.1, (_slash_dash,)),
    (0.07, (_upright_slash, _close_dash)),
    (0.1, (_equals,)),
    (0.12, (point,)),
    (0.08, (comma,)),
    (0.08, (point, _low_dash)),
    (0.05, (comma, dash)),
    (0.04, (_slash_dash, _equals)),
    (0.03, (_star,)),
    (0.03, (_word,)),
]


def before(rng: Rng) -> list[Sign]:
    """What may stand before a number."""
    return _drawn_from(_BEFORE, rng)


def after(rng: Rng) -> list[Sign]:
    """What may stand behind an amount."""
    return _drawn_from(_AFTER, rng)


def _drawn_from(choices: list[tuple[float, tuple[_Maker, ...]]], rng: Rng) -> list[Sign]:
    chosen = int(rng.choice(len(choices), p=[chance for chance, _ in choices]))
    return [make(rng) for make in choices[chosen][1]]
