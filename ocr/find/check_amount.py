"""The courtesy amount of a check: by its printed currency sign, by its frame, best by both."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from ocr.arrays import Gray, Ink
from ocr.find.check_frame import Frame
from ocr.find.check_labels import written_beside
from ocr.find.check_picture import CheckPicture
from ocr.find.printed import Printed, components, find_amount_labels, find_signs
from ocr.geometry import Box, around
from ocr.levels import percentiles_of

_SIGN_TALL = (0.009, 0.072)  # of the width: 2 to 11 mm are in use
_SIGN_ROWS = (0.12, 0.75)  # of the height
_SIGN_LEFT = 0.5  # of the width
_LEAST_SIGN = 0.6  # correlation of a sign that stands for itself; letters and digits reach 0.7
_SURE_SIGN = 0.72  # of one that names the currency: true ones have 0.76 and more, others 0.68
_LEAST_SIGN_AT_FRAME = 0.5  # of one at a frame's left side
_FRAME_ALONE = 0.7  # what a frame with all its edges counts, beside the correlation of a sign
_LEAST_WORTH = 0.5  # a frame of which two thirds are seen, at an unusual place
_SEEN_AT_SIGN = 0.3  # of a frame's least complete edge: less is a rule of another field and its own
_LABEL_TALL = (0.006, 0.018)  # of the width
_LEAST_LABEL = 0.6  # correlation of the word AMOUNT
_WITH_FRAME = 0.5  # what a frame adds to a sign
_FULL_PERCENTILE, _DARK = 90.0, 0.55  # of the darkness of writing and print: stamps have less
_COVERED = 0.05  # what a sign lacks that is seen only there: writing may be fainter than print
_HANGS = 0.25  # of a frame's height: how far down writing may hang out of it
_LEAST_HANGING = 0.0025  # of the width: less is a line's ragged edge
_NARROW = 0.5  # of a frame's height: commas and tails are, loops of a signature are not
_EDGE_PX = 3  # breadth of a frame's line, and between its inside and it
_USUAL_ROW, _FAR_ROW = 0.42, 0.25  # of the height: where amounts stand, and by how much none is off
_ROW_WORTH, _RIGHT_WORTH = 0.3, 0.1  # what the usual row and the right edge count
_CLEAR = 1.2  # of the sign's height: free paper before it
_INKED_ROWS = 0.3  # share of its rows with ink: more is writing, not a speck
_CROWDED = 0.2  # what a sign without free paper before it lacks
_BESIDE = 2.0  # of the sign's height: how far right of the sign a frame or writing may begin
_LINE = 1.1  # of the sign's height: half of the band in which writing is looked for
_LEAST_TALL = 0.010  # of the width: height of writing, 1.5 to 2 mm
_LEAST_MARK = 0.004  # of the width: height of stars and dots among it
_WORD_GAP = 1.6  # of the height of the writing before it: wider is another piece of print
_MARGIN = 0.12  # of its height: paper around writing
_BLANK = 0.16  # of the width: a field without writing


_Finder = Callable[[Gray, Ink, tuple[float, float]], list[Printed]]


@dataclass(frozen=True, slots=True)
class Amount:
    """Where a courtesy amount may stand.

    Attributes:
        box: The place, without the currency sign.
        worth: What speaks for it.
        sign: The currency sign before it; empty where none was surely seen.
    """

    box: Box
    worth: float
    sign: str = ""


def find_amount(check: CheckPicture) -> Amount | None:
    """The place of the courtesy amount; None if nothing points to it."""
    dark = _dark(check)
    sure = [sign for sign in _signs(dark) if sign.score >= _SURE_SIGN]
    covered = [replace(amount, worth=amount.worth - _COVERED) for amount in _by_sign(dark, sure)]
    signed = [*_by_sign(check, _signs(check)), *covered]
    candidates = [*signed, *_by_frame(check), *_by_label(check)]
    best = max(candidates, key=lambda candidate: candidate.worth, default=None)
    return best if best and best.worth >= _LEAST_WORTH else None


def _dark(check: CheckPicture) -> CheckPicture:
    """The check without its fainter writing: stamps that run through a sign."""
    (full,) = percentiles_of(check.darkness[check.writing], [_FULL_PERCENTILE])
    return replace(check, writing=check.writing & (check.darkness > _DARK * full))


def _signs(check: CheckPicture) -> list[Printed]:
    """What looks like a currency sign where one may stand."""
    found = _printed_right(check, find_signs, _SIGN_TALL)
    return [sign for sign in found if sign.score >= _LEAST_SIGN_AT_FRAME]


def _printed_right(check: CheckPicture, find: _Finder, tall: tuple[float, float]) -> list[Printed]:
    """What a finder finds where an amount may stand, of such a height in widths of the check."""
    left, top = int(_SIGN_LEFT * check.width), int(_SIGN_ROWS[0] * check.height)
    part = slice(top, int(_SIGN_ROWS[1] * check.height)), slice(left, check.width)
    tall_px = (tall[0] * check.width, tall[1] * check.width)
    found = find(check.darkness[part], check.writing[part], tall_px)
    return [replace(each, box=each.box.moved(left, top)) for each in found]


def _by_sign(check: CheckPicture, signs: list[Printed]) -> Iterator[Amount]:
    for sign in signs:
        framed = [
            frame
            for frame in check.frames
            if frame.last and frame.seen >= _SEEN_AT_SIGN and _belong(sign.box, frame)
        ]
        if framed and _follows_writing(check, sign.box, framed[0].edges):
            continue
        if framed:
            box = framed[0].box
            left = max(box.x, _end_of(check, sign, framed[0].edges.x) + 2)
            box = _with_overhang(check, Box(left, box.y, box.right - left, box.height))
            worth = sign.score + _WITH_FRAME * framed[0].seen
            yield Amount(box, worth + _by_place(check, box), _named(sign))
            continue
        score = sign.score - _CROWDED * _crowded(check, sign.box)
        if score >= (_LEAST_SIGN if len(sign.text) == 1 else _SURE_SIGN):  # "Da" is much like Rs
            written = _written_beside(check, sign.box)
            box = written or _blank(check, sign.box)
            worth = score - (written is None) + _by_place(check, box)
            yield Amount(box, worth, _named(sign))


def _end_of(check: CheckPicture, sign: Printed, side: int) -> int:
    """The column behind a sign; one letter ends at its first gap: a 1 may have been taken with it.

    Args:
        check: The check.
        sign: What was found.
        side: Column of the frame's left line: where it was erased is no gap.
    """
    if len(sign.text) > 1:
        return sign.box.right
    inked = np.asarray(check.writing[sign.box.slices].any(axis=0))
    past_side = max(0, side + 2 * _EDGE_PX - sign.box.x)
    gaps = np.flatnonzero(~inked[past_side:])
    return sign.box.x + past_side + int(gaps[0]) if len(gaps) else sign.box.right


def _named(sign: Printed) -> str:
    """Which currency's it is; empty if it is not sure."""
    return sign.text if sign.score >= _SURE_SIGN else ""


def _by_frame(check: CheckPicture) -> Iterator[Amount]:
    for frame in (frame for frame in check.frames if frame.last):
        worth = _FRAME_ALONE * frame.seen + _by_place(check, frame.box)
        yield Amount(_with_overhang(check, frame.box), worth)


def _by_label(check: CheckPicture) -> Iterator[Amount]:
    """What stands beside the printed word AMOUNT or below it, as on many business checks."""
    for label in _printed_right(check, find_amount_labels, _LABEL_TALL):
        if label.score >= _LEAST_LABEL:
            for box, _ in written_beside(check, label):
                yield Amount(box, label.score + _by_place(check, box))


def _with_overhang(check: CheckPicture, frame: Box) -> Box:
    """A frame's inside, and what hangs out of it below: the ends of commas and of long tails."""
    most = round(_HANGS * frame.height)
    below = check.writing[frame.bottom : frame.bottom + most, frame.x : frame.right]
    above = check.writing[frame.bottom - _EDGE_PX : frame.bottom, frame.x : frame.right]
    hanging = [
        piece
        for piece in components(below, (_LEAST_HANGING * check.width, most))
        if piece.y <= 2 * _EDGE_PX < piece.bottom
        and above[:, max(0, piece.x - _EDGE_PX) : piece.right + _EDGE_PX].any()
    ]
    if not all(p.bottom < most and p.width <= _NARROW * frame.height for p in hanging):
        return frame  # a signature runs through it
    deepest = max((piece.bottom for piece in hanging), default=-_EDGE_PX)
    return Box(frame.x, frame.y, frame.width, frame.height + deepest + _EDGE_PX)


def _by_place(check: CheckPicture, box: Box) -> float:
    """What the place of an amount adds: more at the usual row and at the right edge."""
    off = abs((box.y + box.height / 2) / check.height - _USUAL_ROW)
    return _ROW_WORTH * (1.0 - min(1.0, off / _FAR_ROW)) + _RIGHT_WORTH * box.right / check.width


def _crowded(check: CheckPicture, sign: Box) -> bool:
    """Whether ink of writing or print stands close before it, as before most letters of a text."""
    return _is_inked(check, sign, sign.x - round(_CLEAR * sign.height))


def _follows_writing(check: CheckPicture, sign: Box, frame: Box) -> bool:
    """Whether anything is written before it in its frame: then it is a digit of the amount."""
    return _is_inked(check, sign, frame.x + 2 * _EDGE_PX)


def _is_inked(check: CheckPicture, sign: Box, left: int) -> bool:
    """Whether ink stands on a sign's rows, from a column on to the sign."""
    rows = slice(sign.y + sign.height // 4, sign.bottom - sign.height // 4)
    before = check.writing[rows, max(0, left) : max(0, sign.x - 1)]
    return bool(before.size) and float(before.any(axis=1).mean()) > _INKED_ROWS


def _belong(sign: Box, frame: Frame) -> bool:
    """Whether a sign stands in the left part of a frame, or right before it."""
    middle, row, edges = sign.y + sign.height / 2, frame.box, frame.edges
    level = row.y <= middle <= row.bottom and 0.25 <= sign.height / row.height <= 1.3
    near = edges.x - _BESIDE * sign.height <= sign.right <= edges.x + 0.4 * edges.width
    return level and near


def _written_beside(check: CheckPicture, sign: Box) -> Box | None:
    """The box around the writing that follows a sign on its line, with a margin."""
    reach = max(_LINE * sign.height, 2 * _LEAST_TALL * check.width)
    middle = sign.y + sign.height / 2
    top, bottom = max(0, round(middle - reach)), min(check.height, round(middle + reach))
    band = check.writing[top:bottom, sign.right + 1 :]
    pieces = components(band, (_LEAST_MARK * check.width, 0.95 * band.shape[0]))
    written: Box | None = None
    for piece in (piece.moved(sign.right + 1, top) for piece in pieces):
        before = written.right if written else sign.right
        tall = max(sign.height, written.height if written else 0)
        if piece.x - before > (_WORD_GAP if written else _BESIDE) * tall:
            break
        if abs(piece.y + piece.height / 2 - middle) <= reach / 2:
            written = around([written, piece]) if written else piece
    if written is None or written.height < _LEAST_TALL * check.width or written.width < sign.width:
        return None
    margin = round(_MARGIN * written.height)
    left = max(sign.right + 1, written.x - margin)
    box = Box(left, written.y - margin, written.right + margin - left, written.height + 2 * margin)
    return box.clipped(check.width, check.height)


def _blank(check: CheckPicture, sign: Box) -> Box:
    """Where writing would stand."""
    box = Box(sign.right + 2, sign.y - sign.height // 4, round(_BLANK * check.width), sign.height)
    return box.clipped(check.width, check.height)
