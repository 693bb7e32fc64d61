"""The date of a check: in a comb, on a rule, or beside the printed word DATE."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr.find.check_frame import Frame
from ocr.find.check_labels import first_line, written_beside
from ocr.find.check_picture import CheckPicture
from ocr.find.comb import find_comb
from ocr.find.lines import RuledLine, vertical_lines
from ocr.find.placement import Placement
from ocr.find.printed import Printed, find_date_labels
from ocr.geometry import Box

_RIGHT_PART = 0.48  # of the width: the date stands right of it
_COMB_BOTTOM = 0.36  # of the height
_CELLS = 8  # DDMMYYYY, the comb of CTS-2010
_PITCH = (0.017, 0.045)  # of the width; CTS-2010 has 0.025, half of it fits twice the cells
_LINE_SHORTEST = 0.014  # of the width: height of a comb's lines
_COMB_TALL = 0.018  # of the width: rows of print are lower, real combs have 0.026
_COMB_DRAWN = 1.7  # of 2; all real combs have 2.0, writing on a rule up to 1.5

_LOWEST = 0.72  # of the height: French checks have it below the middle
_LOWEST_LABEL = 0.78  # of the height: below its rule
_RULE_LEFT = 0.45  # of the width
_RULE_LENGTH = (0.08, 0.40)  # of the width
_RULE_COVERS = 0.86  # share of ink along it: a row of print has up to 0.82, a rule 0.91
_WRITING = 0.05  # of the width: height of writing on a rule
_BELOW = 0.3  # of that: writing reaches below its rule
_ASIDE_PX, _MOST_BESIDE = 4, 0.35  # share of ink in the rows beside a rule: writing covers a fifth
_SOLID, _MOST_BESIDE_SOLID = 0.85, 0.6  # share of a solid rule's length without a gap
_UNBROKEN = 0.95  # the same of a line that lies askew over several rows; print has gaps
_USUAL_ROW = 0.24  # of the height: where most dates stand
_FAR_ROW = 0.25  # of the height: off by so much, a rule without a label is none of a date
_DRAWN = 0.6  # share of ink of a frame's least complete edge

_LABEL_TALL = (0.006, 0.026)  # of the width
_LEAST_LABEL = 0.58  # correlation; words of letters reach 0.56
_LEAST_ON_CHECK = 0.46  # where there is an amount: small print at 100 dpi and in photos has 0.47
_LONG_LABELS = {"Datum"}  # small print has many words that long
_TALLER = 1.5  # times a label in doubt, and its line's margin: the same line's print is as tall
_ROW_WORTH = 0.3  # what the usual row counts beside a label where no rule is
_LABELLED_ROW = 0.3  # what any row of a rule with a label counts: more than writing without a rule
_LABEL_WORTH = 1.0  # beside a rule's; a rule has 0 to 1 by its row


@dataclass(frozen=True, slots=True)
class _Candidate:
    box: Box
    worth: float


def find_date(check: CheckPicture, amount: Box | None) -> Placement | None:
    """The area of the date; None if nothing points to it.

    Args:
        check: The check.
        amount: Where its amount is: what belongs to it is no date.
    """
    comb = _comb(check)
    if comb is not None:
        return comb
    labels = _labels(check, _LEAST_ON_CHECK if amount else _LEAST_LABEL)
    candidates = [
        *_on_rules(check, labels, amount),
        *_in_frames(check, labels, amount),
        *_beside_labels(check, labels, amount),
    ]
    candidates = candidates or list(_below_amount(check, amount))
    best = max(candidates, key=lambda candidate: candidate.worth, default=None)
    return Placement(check.on_page(best.box)) if best else None


def _comb(check: CheckPicture) -> Placement | None:
    left = int(_RIGHT_PART * check.width)
    region = check.ink[: int(_COMB_BOTTOM * check.height), left:]
    verticals = vertical_lines(region, int(_LINE_SHORTEST * check.width))
    pitch_px = (_PITCH[0] * check.width, _PITCH[1] * check.width)
    comb = find_comb(region, verticals, _CELLS, pitch_px, _COMB_DRAWN)
    if comb is None or comb.bottom - comb.top < _COMB_TALL * check.width:
        return None
    offset = round(left * check.scale)
    cells = tuple(cell.moved(offset, 0) for cell in comb.cell_boxes(check.scale))
    first, last = cells[0], cells[-1]
    return Placement(Box(first.x, first.y, last.right - first.x, first.height), cells)


def _labels(check: CheckPicture, least: float) -> list[Printed]:
    left, bottom = int(0.4 * check.width), int(_LOWEST_LABEL * check.height)
    part = slice(0, bottom), slice(left, check.width)
    tall_px = (_LABEL_TALL[0] * check.width, _LABEL_TALL[1] * check.width)
    found = find_date_labels(check.darkness[part], check.writing[part], tall_px)
    return [
        Printed(label.text, label.box.moved(left, 0), label.score)
        for label in found
        if label.score >= (_LEAST_LABEL if label.text in _LONG_LABELS else least)
    ]


def _on_rules(
    check: CheckPicture, labels: list[Printed], amount: Box | None
) -> Iterator[_Candidate]:
    """A rule's worth: how near it lies to where dates are, whether a label stands before it."""
    for rule in check.rules:
        box = _on_rule(check, rule)
        if not _may_be_dates(check, rule) or (amount and _meet(box, amount)):
            continue
        before = [label for label in labels if _stands_before(label.box, rule)]
        below = [label for label in labels if _stands_below(label.box, rule)]
        label = next(iter([*before, *below]), None)
        row = _usual_row(check, rule.at)
        if row == 0.0 and not label:
            continue
        if label:
            row = max(row, _LABELLED_ROW)
        left = max(before[0].box.right + 1 if before else 0, rule.start)
        inside = Box(left, max(0, box.y), box.right - left, box.bottom - max(0, box.y))
        yield _Candidate(
            first_line(check, inside) or inside,
            row + _LABEL_WORTH * (label.score if label else 0.0),
        )


def _below_amount(check: CheckPicture, amount: Box | None) -> Iterator[_Candidate]:
    """Writing on rules below the amount; the lowest is likeliest, as above it stands the place.

    French, German and Italian checks have it there.
    """
    for rule in check.rules:
        box = _on_rule(check, rule)
        if amount and amount.bottom < box.y + box.height / 2 and _may_be_dates(check, rule):
            written = first_line(check, box.clipped(check.width, check.height))
            if written:
                yield _Candidate(written, rule.at + rule.end / check.width)


def _usual_row(check: CheckPicture, row: float) -> float:
    """1 at the row where most dates stand, 0 far off it."""
    return max(0.0, 1.0 - abs(row / check.height - _USUAL_ROW) / _FAR_ROW)


def _on_rule(check: CheckPicture, rule: RuledLine) -> Box:
    """Where writing on a rule may stand."""
    tall = round(_WRITING * check.width)
    return Box(rule.start, round(rule.at) - tall, rule.length, round(tall * (1 + _BELOW)))


def _may_be_dates(check: CheckPicture, rule: RuledLine) -> bool:
    shortest, longest = (share * check.width for share in _RULE_LENGTH)
    return (
        shortest <= rule.length <= longest
        and rule.start >= _RULE_LEFT * check.width
        and _WRITING * check.width < rule.at < _LOWEST * check.height
        and _is_line(check, rule)
        and not _is_edge(check, rule)
    )


def _is_line(check: CheckPicture, rule: RuledLine) -> bool:
    """Whether a rule is full along its row and bare beside it: rows of print are neither.

    A solid line may have more beside it: a stamp.
    """
    row, aside = round(rule.at), round(_ASIDE_PX / min(1.0, check.scale))
    part = check.ink[:, rule.start : rule.end]
    rows = part.mean(axis=1)
    full = float(rows[max(0, row - 2) : row + 3].max())
    beside = max(float(rows[max(0, row - aside)]), float(rows[min(len(rows) - 1, row + aside)]))
    inked = np.asarray(part[max(0, row - 2) : row + 3].any(axis=0))
    unbroken = _longest_run(inked) / rule.length
    covered = full >= _RULE_COVERS or unbroken >= _UNBROKEN
    return covered and beside <= (_MOST_BESIDE_SOLID if unbroken >= _SOLID else _MOST_BESIDE)


def _longest_run(inked: NDArray[np.bool_]) -> int:
    """Length of the longest run of inked columns."""
    gaps = np.flatnonzero(~np.pad(inked, 1))
    return int(np.diff(gaps).max()) - 1


def _is_edge(check: CheckPicture, rule: RuledLine) -> bool:
    """Whether a rule is the upper or lower edge of a frame."""
    middle = (rule.start + rule.end) / 2
    return any(
        min(abs(rule.at - y) for y in _edges_of(frame)) <= _ASIDE_PX
        and frame.edges.x <= middle <= frame.edges.right
        for frame in check.frames
        if frame.seen >= _DRAWN
    )


def _edges_of(frame: Frame) -> tuple[int, ...]:
    """Rows of its lines, the one below a heading too."""
    return frame.edges.y, frame.edges.bottom, frame.box.y, frame.box.bottom


def _stands_before(label: Box, rule: RuledLine) -> bool:
    """Whether a label stands on a rule's line, before it or on its beginning."""
    level = abs(label.bottom - rule.at) <= 1.2 * label.height
    return level and rule.start - 4 * label.height <= label.right <= rule.start + 0.3 * rule.length


def _stands_below(label: Box, rule: RuledLine) -> bool:
    """Whether a label stands close below a rule, as it does where writing needs the room."""
    inside = rule.start - label.height <= label.x and label.right <= rule.end
    return inside and 0 <= label.y - rule.at <= 1.2 * label.height


def _meet(one: Box, other: Box) -> bool:
    wide = min(one.right, other.right) - max(one.x, other.x)
    tall = min(one.bottom, other.bottom) - max(one.y, other.y)
    return wide > 0 and tall > 0.3 * min(one.height, other.height)


def _in_frames(
    check: CheckPicture, labels: list[Printed], amount: Box | None
) -> Iterator[_Candidate]:
    """A frame that is not the amount's, with a label before or above it or left of the amount."""
    for frame in check.frames:
        box, middle = frame.box, frame.box.y + frame.box.height / 2
        if frame.seen < _DRAWN or (amount and _meet(box, amount)):
            continue
        label = max((x.score for x in labels if _points_at(x.box, box)), default=0.0)
        level = amount is not None and amount.y < middle < amount.bottom and box.x < amount.x
        if label or level:
            yield _Candidate(box, _usual_row(check, middle) + _LABEL_WORTH * label)


def _points_at(label: Box, frame: Box) -> bool:
    """Whether a label stands before a frame on its line, or right above it."""
    x, y = label.x + label.width / 2, label.y + label.height / 2
    before = frame.y < y < frame.bottom and 0 <= frame.x - label.right <= 3 * label.height
    above = frame.x < x < frame.right and 0 <= frame.y - label.bottom <= 2 * label.height
    return before or above


def _beside_labels(
    check: CheckPicture, labels: list[Printed], amount: Box | None
) -> Iterator[_Candidate]:
    """Writing right of a label or below it, where no rule is."""
    for label in labels:
        for box, counts in written_beside(check, label):
            level = box.y + box.height / 2 < label.box.bottom
            doubted = level and label.score < _LEAST_LABEL
            if doubted and box.height < _TALLER * label.box.height:
                continue
            if not (amount and _meet(box, amount)):
                row = _usual_row(check, box.y + box.height / 2)
                yield _Candidate(box, counts * label.score + _ROW_WORTH * row)
                break
