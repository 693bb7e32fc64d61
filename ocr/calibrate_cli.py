"""The commands of the error budget: `formdigits calibrate` and `formdigits policy`."""

import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from ocr.calibrate import Calibrated, FieldResult, LabelledPage, calibrate, entries
from ocr.digits.versions import champion
from ocr.forms import load_form
from ocr.policy import (
    FieldPolicy,
    drop_policy,
    load_policy,
    policy_file,
    policy_names,
    store_policy,
)
from ocr.verdict import ACCEPT_FROM

app = typer.Typer()
policy = typer.Typer(no_args_is_help=True, help="Look at proven thresholds, drop them.")
app.add_typer(policy, name="policy")

NOT_PROVEN = 11  # exit code
_HEADING = ("field", "n", "right", "threshold", "accepted", "errors", "upper bound", "")


@app.command("calibrate")
def calibrate_form(
    labels: Annotated[Path, typer.Option(help="CSV: document, value; where needed page, field.")],
    form: Annotated[str, typer.Option(help="A built-in form's name or a TOML file.")],
    target_error: Annotated[
        float, typer.Option(help="Largest share of wrong fields among accepted ones, such as 0.01.")
    ],
    images: Annotated[
        Path | None, typer.Option(help="Folder of the documents; default that of the labels.")
    ] = None,
    confidence: Annotated[
        float, typer.Option(help="Probability with which the target is kept.")
    ] = 0.95,
) -> None:
    """Choose each field's acceptance threshold by labelled documents, and store it as a policy.

    What is read from then on with this model version and this form follows the policy. A field
    whose threshold is not proven keeps what it had: its earlier policy or the default.

    \b
    Exit codes: 0 all labelled fields have a proven threshold, 11 some have not, 3 the folder of
    documents, 4 the form, 5 the model, 10 the target, the labels or the policy.
    """  # noqa: D301  # typer's mark for a paragraph kept as it is
    loaded_form = load_form(form)
    calibrated = calibrate(labels, loaded_form, target_error, images, confidence, with_progress)
    proven = entries(calibrated, loaded_form, labels)
    for line in calibrated.unreadable:
        typer.echo(f"not counted: {line}", err=True)
    _table([_result_cells(result) for result in calibrated.fields])
    for result in calibrated.fields:
        if not result.choice.proven:
            typer.echo(_what_lacks(result, calibrated))
    if proven:
        typer.echo(f"policy for model {calibrated.model}: {store_policy(loaded_form.name, proven)}")
    if len(proven) < len(calibrated.fields):
        raise typer.Exit(NOT_PROVEN)


@policy.command()
def show(
    form: Annotated[str | None, typer.Argument(help="A form's name; none: all forms.")] = None,
) -> None:
    """Show the proven thresholds of a form, and whether the model in use may use them."""
    model = champion().version
    for name in [form] if form else policy_names():
        stored = load_policy(name).fields
        typer.echo(f"{name}: {policy_file(name) if stored else f'default {ACCEPT_FROM:g}'}")
        if stored:
            _table([_entry_cells(field, entry, model) for field, entry in stored.items()])


@policy.command()
def drop(form: Annotated[str, typer.Argument(help="The form's name.")]) -> None:
    """Remove a form's policy: the default threshold applies again."""
    drop_policy(form)
    typer.echo(f"{form}: default {ACCEPT_FROM:g}")


def with_progress(pages: Sequence[LabelledPage]) -> Iterator[LabelledPage]:
    """Pages with a bar and the time left on a terminal, one line when piped."""
    with typer.progressbar(
        pages, label=f"reading {len(pages)} pages", show_pos=True, file=sys.stderr
    ) as watched:
        yield from watched


def _result_cells(result: FieldResult) -> tuple[str, ...]:
    trial = result.choice.trial
    return (
        result.field,
        str(result.n),
        str(result.right),
        f"{trial.threshold:g}",
        _share(trial.accepted, result.n),
        str(trial.errors),
        f"{trial.bound:.4f}",
        "proven" if result.choice.proven else "not proven",
    )


def _entry_cells(field: str, entry: FieldPolicy, model: str) -> tuple[str, ...]:
    measured = f"{entry.date}, target {entry.target_error:g} at {entry.confidence:g}"
    return (
        field,
        str(entry.n),
        str(entry.right),
        f"{entry.threshold:g}",
        _share(entry.accepted, entry.n),
        str(entry.errors),
        f"{entry.bound:.4f}",
        f"{measured}, model {entry.model}" + ("" if entry.model == model else f", not {model}"),
    )


def _share(accepted: int, n: int) -> str:
    return f"{accepted} ({accepted / n:.1%})" if n else "0"


def _what_lacks(result: FieldResult, calibrated: Calibrated) -> str:
    """Why a field has no proven threshold, and how many labels might bring one."""
    trial, lacking = result.choice.trial, result.choice.lacking
    more = ""
    if trial.accepted:
        labels = math.ceil(lacking * result.n / trial.accepted)
        more = f"; at this share of accepted ones that is {labels} more labelled fields"
    return (
        f"{result.field}: not proven: {trial.errors} wrong of {trial.accepted} accepted from "
        f"{trial.threshold:g}; at least {lacking} more accepted without an error are needed "
        f"to show at most {calibrated.target_error:g} at {calibrated.confidence:g}{more}"
    )


def _table(rows: Sequence[tuple[str, ...]]) -> None:
    """Print a table; whole lines when piped, folded to the window on a terminal."""
    from rich.console import Console  # noqa: PLC0415  # 0.1 s that errors need not wait for
    from rich.table import Table  # noqa: PLC0415

    table = Table(*_HEADING, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 1000  # wider than any row: a line stays a line
    console.print(table)
