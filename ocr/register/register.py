"""Registering a page to a form: by its reference picture, its marks, or its own printed lines.

Evidence is tried in that order, the first that fits wins: a photocopy may have lost one of them. A
page on which none fits is not the form's. Where nothing need be seen, the page is taken to fill the
scan.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray
from ocr.forms import Form, has_evidence
from ocr.register import by_marks, by_page, by_reference
from ocr.register.by_lines import starts
from ocr.register.by_rules import DOTS_COVER, rules_of, with_ends
from ocr.register.edges import Edges, edges_of, sight
from ocr.register.pose import Fit, Floats, Pose, fitted
from ocr.register.sheet import Ruled, Sheet, ruled

Evidence = Literal["reference", "marks", "lines", "page"]

_STARTS = 4  # poses that are fitted, the best of the search
_STARTS_ON_RULES = 10  # with less to see the best may come later
_FITS = 3  # sighting and fitting, again from where the last fit was
LARGEST_RESIDUAL_MM = 0.4  # pages of the form have 0.05 to 0.2
# Stretch across over that down: pages of the form have 0.995 to 1.005, a comb that another form has
# somewhere else 1.04 to 1.05 (`bench.choosing`).
MOST_UNEVEN = 0.025
_CLEAR_SUPPORT = 0.95  # no better pose need be looked for

_LEAST_LINES = 0.6  # share of the fields that must be seen: of other forms' some are in place
_LEAST_LINES_MARKED = 0.3  # where marks agree too
_LEAST_MARKS = 3  # or all, of a form with two: any two may agree by chance
_LEAST_RULES = 3  # lines under fields: two may be in place by chance
_LEAST_PATCHES = 0.5  # share of the patches that must be seen; of other forms a fifth is
_FEWEST_PATCHES = 6


@dataclass(frozen=True, slots=True, eq=False)
class Registration:
    """How a form lies on a page, and how well that is known.

    Attributes:
        pose: In pixels of the page.
        shift_mm: (fields, 2) how far off the pose each field itself was seen.
        residual_mm: Root mean square distance of what was seen; None without evidence.
        seen: How many patches of the reference picture, or marks and fields, were seen.
        looked_for: How many were looked for; 0 without evidence.
        by: What the page was registered by; `page`: by its size alone.
    """

    pose: Pose
    shift_mm: Floats
    residual_mm: float | None
    seen: int
    looked_for: int
    by: Evidence

    @property
    def support(self) -> float:
        """Share of what was looked for that was seen; 0 without evidence."""
        return self.seen / self.looked_for if self.looked_for else 0.0

    @property
    def margin(self) -> int:
        """How much more speaks for the form than against it.

        Of two forms one of which has all the fields of the other, both fit a page of the larger
        one: it has more that is seen. On a page of the smaller one it has more that is not.
        """
        return 2 * self.seen - self.looked_for


def register(sheet: Sheet, form: Form) -> Registration | None:
    """Find how a form lies on a page.

    Args:
        sheet: The upright page, reduced.
        form: A form with `page_mm`.

    Returns:
        Its registration in pixels of the page; None if the page does not fit the form.
    """
    return register_by_sight(sheet, form) or register_by_size(sheet, form)


def register_by_sight(sheet: Sheet, form: Form) -> Registration | None:
    """Find how a form lies on a page by what is seen of it there."""
    for evidence in (_by_reference, _by_marks, _by_lines, _by_rules):
        if (found := evidence(sheet, form)) is not None:
            return found
    return None


def register_by_size(sheet: Sheet, form: Form) -> Registration | None:
    """Take the page to fill its scan, for forms of which nothing need be seen."""
    pose = None if has_evidence(form) else by_page.start(sheet, form)
    if pose is None:
        return None
    shift = np.zeros((len(form.fields), 2))
    return Registration(pose.scaled(1 / sheet.scale), shift, None, 0, 0, "page")


# --- a reference picture --------------------------------------------------------------------------


def _by_reference(sheet: Sheet, form: Form) -> Registration | None:
    if form.reference is None:
        return None
    reference = by_reference.reference_of(form)
    pose = by_reference.start(sheet, reference)
    if pose is None:
        return None
    for _ in range(2):
        sights, patches = by_reference.sight_patches(sheet, pose, reference)
        fit = fitted(pose, sights)
        pose = fit.pose
    agreeing = len(np.unique(patches[fit.agreeing]))
    looked_for = by_reference.patches_on(sheet, pose, reference)
    if agreeing < max(_FEWEST_PATCHES, _LEAST_PATCHES * looked_for):
        return None
    boxed = [k for k, field in enumerate(form.fields) if field.box_mm is not None]
    shift = np.zeros((len(form.fields), 2))
    for patch, field in enumerate(boxed):
        mine = (patches == patch) & fit.agreeing
        shift[field, sights.axis[mine]] = fit.left_mm[mine]
    return _accepted(pose, shift, fit, (agreeing, looked_for), "reference", sheet)


# --- registration marks ---------------------------------------------------------------------------


def _by_marks(sheet: Sheet, form: Form) -> Registration | None:
    """Marks alone; where a form has combs too, some must be in place: other forms have marks."""
    found = by_marks.start(sheet, form) if form.marks else None
    if found is None:
        return None
    pose, sights = found
    agreeing = len(sights.axis) // 2
    if agreeing < min(_LEAST_MARKS, len(form.marks)):
        return None
    edges = edges_of(form)
    fit = fitted(pose, sights)
    if edges.telling.any() and any(field.cells for field in form.fields):
        lines = ruled(sheet.ink, pose.px_per_mm)
        judged = _judged(sheet, lines, edges, fit.pose, form)
        if judged.support < _LEAST_LINES_MARKED:
            return None
        seen, looked_for = judged.seen + agreeing, judged.looked_for + len(form.marks)
        return replace(judged, seen=seen, looked_for=looked_for, by="marks")
    shift = np.zeros((len(form.fields), 2))
    return _accepted(fit.pose, shift, fit, (agreeing, len(form.marks)), "marks", sheet)


# --- printed lines --------------------------------------------------------------------------------


def _by_lines(sheet: Sheet, form: Form) -> Registration | None:
    edges = edges_of(form)
    if form.page_mm is None or not len(edges.axis):
        return None
    lines = ruled(sheet.ink, sheet.gray.shape[1] / form.page_mm[0])
    return _searched(sheet, lines, edges, form, _STARTS)


def _by_rules(sheet: Sheet, form: Form) -> Registration | None:
    """Of boxes that are not printed, the lines that they stand on may be."""
    rules = rules_of(form)
    if form.page_mm is None or has_evidence(form) or (rules.axis == 1).sum() < _LEAST_RULES:
        return None
    px_per_mm = sheet.gray.shape[1] / form.page_mm[0]
    lines = with_ends(ruled(sheet.ink, px_per_mm, DOTS_COVER), rules, px_per_mm)
    return _searched(sheet, lines, rules, form, _STARTS_ON_RULES)


def _searched(
    sheet: Sheet, lines: Ruled, edges: Edges, form: Form, most: int
) -> Registration | None:
    """The best of the poses at which the edges may lie on lines."""
    best: Registration | None = None
    for pose in starts(lines, form.page_mm or (1.0, 1.0), edges)[:most]:
        found = _judged(sheet, lines, edges, pose, form)
        if best is None or found.support > best.support:
            best = found
        if best.support >= _CLEAR_SUPPORT:
            break
    return best if best and best.support >= _LEAST_LINES else None


def _judged(sheet: Sheet, lines: Ruled, edges: Edges, pose: Pose, form: Form) -> Registration:
    """The pose fitted to the edges that are seen near it; support 0 if it is not good."""
    for _ in range(_FITS):
        sights, seen = sight(lines, pose, edges)
        fit = fitted(pose, sights)
        pose = fit.pose
    agreeing = np.zeros(len(edges.axis), bool)
    agreeing[seen[fit.agreeing]] = True
    fields = _fields_seen(edges, agreeing, _on_page(edges, pose, sheet.gray))
    shift = own_shift(edges, seen[fit.agreeing], fit.left_mm[fit.agreeing], len(form.fields))
    even = abs(pose.matrix[0, 0] / pose.matrix[1, 1] - 1) <= MOST_UNEVEN
    found = _accepted(pose, shift, fit, fields, "lines", sheet) if even else None
    return found or Registration(pose, shift, fit.residual_mm, 0, fields[1], "lines")


def _on_page(edges: Edges, pose: Pose, gray: Gray) -> NDArray[np.bool_]:
    """(N,) the edges that are on the page with both ends."""
    places = pose.to_px(np.stack([edges.start, edges.end], axis=1))
    height, width = gray.shape
    return np.asarray(((places >= 0) & (places < (width, height))).all(axis=(1, 2)))


def _fields_seen(
    edges: Edges, agreeing: NDArray[np.bool_], on_page: NDArray[np.bool_]
) -> tuple[int, int]:
    """How many fields are seen, of how many that are on the page by half at least."""
    fields = np.unique(edges.field[edges.telling])
    edges_of_field = np.bincount(edges.field)[fields]
    there = np.bincount(edges.field, on_page)[fields]
    in_place = np.bincount(edges.field, agreeing & on_page)[fields]
    looked_for = (there > 0) & (there >= 0.5 * edges_of_field)
    seen = looked_for & (in_place >= edges.needed * there)
    return int(seen.sum()), int(looked_for.sum())


def own_shift(edges: Edges, seen: NDArray[np.intp], left_mm: Floats, fields: int) -> Floats:
    """How far off the pose each field is by its own edges; 0 where few of them are seen."""
    shift = np.zeros((fields, 2))
    field = edges.field[seen]
    least = edges.needed * np.bincount(edges.field, minlength=fields)
    enough = np.bincount(field, minlength=fields) >= least
    for axis in (0, 1):
        along = edges.axis[seen] == axis
        count = np.bincount(field[along], minlength=fields)
        total = np.bincount(field[along], left_mm[along], fields)
        shift[:, axis] = np.where(enough, total / np.maximum(count, 1), 0.0)
    return shift


def _accepted(
    pose: Pose, shift: Floats, fit: Fit, seen_of: tuple[int, int], by: Evidence, sheet: Sheet
) -> Registration | None:
    """The registration in pixels of the page, unless what was seen lies too far off it."""
    if fit.residual_mm > LARGEST_RESIDUAL_MM:
        return None
    return Registration(pose.scaled(1 / sheet.scale), shift, fit.residual_mm, *seen_of, by)
