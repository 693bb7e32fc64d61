"""The figures of an evaluation, for people."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from model.card import read_card
from model.fields import SET_ASIDE_FILE
from model.intervals import Estimate, Rate
from model.metrics import Evaluation, RejectPoint
from ocr.digits.versions import ModelVersion


def print_evaluation(figures: Evaluation, console: Console) -> None:
    """Print accuracy, classes, the worst confusions, calibration, rejects and whole fields."""
    console.print(f"model {figures.version}: accuracy {describe(figures.accuracy)}")
    for source, share in figures.by_source.items():
        console.print(f"  {source}: {describe(share)}")
        console.print(f"    with `not` as no answer: {describe(figures.as_signs[source])}")
    console.print(_class_table(figures))
    error = figures.reliability.error
    console.print(
        f"expected calibration error {error.value:.4f} (95 %: {error.low:.4f} to {error.high:.4f})"
    )
    console.print(reject_table(figures.rejects))
    if figures.false_accepts:
        accepts = figures.false_accepts
        console.print(
            f"debris accepted where {accepts.kept:.1%} of the signs are: {describe(accepts.rate)}"
        )
    if figures.zip_codes:
        codes = figures.zip_codes
        console.print(
            f"five-digit ZIP codes of one writer read wrong: {describe(codes.wrong)}; "
            f"from {codes.digits} digits of {codes.writers} writers"
        )
        if codes.wrong_with_list:
            console.print(f"those in use, by their list: {describe(codes.wrong_with_list)}")


def print_adaptation(made: ModelVersion, run: Path, console: Console) -> None:
    """Print what an adaptation did with the new fields, and what it gave and cost."""
    adapted = read_card(made.path)["adapted"]
    fields = adapted["fields"]
    console.print(
        f"{fields['learned']} fields learned, {fields['checked']} to choose the epoch by, "
        f"{fields['held_out']} held out; {fields['digits_added']} digits of {fields['aligned']} "
        "fields in the data set",
        soft_wrap=True,
    )
    for doubt, count in fields["set_aside"].items():
        console.print(f"  {count} set aside: {doubt} ({run / SET_ASIDE_FILE})", soft_wrap=True)
    for key, what in _COMPARED:
        for when in ("before", "after"):
            if figure := adapted[when][key]:
                console.print(f"{what}, {when}: {describe(Rate(**figure))}", soft_wrap=True)
    console.print(
        f"{made.version} in {made.path}; its digit network is that of {adapted['base']}; "
        f'"formdigits model promote" makes it the champion',
        soft_wrap=True,
    )


_COMPARED = (
    ("fields", "held-out fields, exact"),
    ("lines", "written lines, exact digits"),
    ("digits", "digits of the test part"),
)


def describe(share: Rate) -> str:
    """A rate with its interval and n."""
    return f"{share.value:.3%} (95 %: {share.low:.3%} to {share.high:.3%}, n = {share.n})"


def brief(figure: Rate | Estimate, decimals: int = 1) -> str:
    """A figure in per cent with its interval, for tables; a dash for a share of none."""
    if isinstance(figure, Rate) and figure.n == 0:
        return "-"
    low, high = (f"{100 * end:.{decimals}f}" for end in (figure.low, figure.high))
    return f"{100 * figure.value:.2f} ({low}-{high})"


def confused_with(figures: Evaluation, row: int) -> str:
    """The class that a sign is most often taken for, with its count; empty if never."""
    wrong = [
        (n, label)
        for column, (n, label) in enumerate(
            zip(figures.confusion[row], figures.labels, strict=True)
        )
        if column != row and n
    ]
    count, label = max(wrong, default=(0, ""))
    return f"{label} ({count})" if count else ""


def _class_table(figures: Evaluation) -> Table:
    table = Table("class", "precision %", "recall %", "F1 %", "n", "read as", box=None)
    for row, score in enumerate(figures.classes):
        if score.n or score.precision.n:
            precision, recall = brief(score.precision), brief(score.recall)
            f1 = brief(score.f1) if score.n else "-"
            read_as = confused_with(figures, row)
            table.add_row(score.label, precision, recall, f1, str(score.n), read_as)
    return table


def reject_table(points: Sequence[RejectPoint]) -> Table:
    """The error that remains when the least confident are rejected."""
    table = Table("rejected", "error of the rest %", "wrong", "confidence from", box=None)
    for point in points:
        wrong = f"{round(point.error.value * point.error.n)} of {point.error.n}"
        table.add_row(
            f"{point.rejected:.1%}", brief(point.error, decimals=2), wrong, f"{point.threshold:.4f}"
        )
    return table
