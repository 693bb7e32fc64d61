"""`formdigits model …`: data sets, training, evaluation and the versions of the digit model."""

import json
import logging
import shutil
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from model import registry
from model.devices import Device, computing_on
from model.formats import Format
from model.importing import import_source
from ocr.digits.versions import champion, find_version
from ocr.errors import ExportError
from ocr.settings import state_folder

app = typer.Typer(no_args_is_help=True, help="Train and maintain the digit model.")

DataOption = Annotated[Path, typer.Option("--data", help="Folder of the data set.")]
ConfigOption = Annotated[Path | None, typer.Option(help="TOML file of settings.")]
RunOption = Annotated[
    Path | None, typer.Option(help="Folder of checkpoints; default in the state folder.")
]
VersionOption = Annotated[str | None, typer.Option(help="Name of the version.")]
EpochsOption = Annotated[int | None, typer.Option(min=1, help="Instead of the settings'.")]
DeviceOption = Annotated[
    Device | None, typer.Option(help="What to compute on; default what Keras's backend prefers.")
]
ResumeOption = Annotated[
    bool, typer.Option(help="Continue the run that was stopped, or start over.")
]


@app.command("import")
def import_(
    source: Annotated[Path, typer.Argument(help="File or folder of the collection.")],
    into: Annotated[Path, typer.Option("--into", help="Folder of the data set.")],
    layout: Annotated[Format, typer.Option("--format", help="How the source is stored.")],
    name: Annotated[str, typer.Option("--source", help="Name of the source in the manifest.")],
    split: Annotated[str, typer.Option("--split", help="train or test.")] = "train",
    writers: Annotated[
        Path | None, typer.Option("--writers", help="File with one writer per sample.")
    ] = None,
) -> None:
    """Bring a collection of labelled signs into DATA/train/<class> or DATA/test/<class>."""
    count = import_source(source, into, layout=layout, name=name, split=split, writers=writers)
    typer.echo(f"{count} images of {name} in {into / split}")


@app.command()
def check(
    data: DataOption,
    labels: Annotated[bool, typer.Option(help="Look for wrong labels too.")] = True,
    top: Annotated[int, typer.Option(min=1, help="How many suspected labels to list.")] = 48,
    sheet: Annotated[Path | None, typer.Option(help="PNG file to show these in.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="All findings as JSON.")] = False,
) -> None:
    """Find what would spoil a training; exit code 8 if it must not start."""
    from model.check_report import print_report  # noqa: PLC0415  loads scikit-learn
    from model.checks import check as look_for_faults  # noqa: PLC0415
    from model.checks import require_sound  # noqa: PLC0415
    from model.contact_sheet import write_sheet  # noqa: PLC0415

    if sheet and not labels:
        raise typer.BadParameter("there are no suspects with --no-labels", param_hint="--sheet")
    if sheet and not sheet.parent.is_dir():  # known before minutes of looking
        raise ExportError(f"no folder {sheet.parent} for the sheet; make it or choose another")
    report = look_for_faults(data, labels=labels)
    if sheet:
        write_sheet(sheet, data, report.suspects[:top])
    if as_json:
        typer.echo(json.dumps({"data": str(data), **report.as_table()}))
    else:
        print_report(report, top, Console(soft_wrap=True, highlight=False))
    require_sound(report.findings)
    if not as_json:
        typer.echo(f"{data}: no faults that would spoil a training")


@app.command()
def train(
    data: DataOption,
    config: ConfigOption = None,
    run: RunOption = None,
    version: VersionOption = None,
    epochs: EpochsOption = None,
    resume: ResumeOption = True,
    device: DeviceOption = None,
) -> None:
    """Train a version; it becomes the champion only by `promote`."""
    from model.building import train_version  # noqa: PLC0415  loads what training needs
    from model.config import load_config  # noqa: PLC0415

    run = _run_folder(run, "training", resume=resume)
    with computing_on(device):
        made = train_version(data, load_config(config, epochs=epochs), run, version)
    typer.echo(f'{made.version} in {made.path}; "formdigits model promote" makes it the champion')


@app.command("train-lines")
def train_lines(  # noqa: PLR0913, PLR0917  one parameter per option
    data: DataOption,
    config: ConfigOption = None,
    run: RunOption = None,
    base: Annotated[
        str | None, typer.Option(help="Version whose digit network stays; default champion.")
    ] = None,
    version: VersionOption = None,
    epochs: EpochsOption = None,
    resume: ResumeOption = True,
    device: DeviceOption = None,
) -> None:
    """Train the line network on lines written with the data set's digits."""
    from model.config import load_line_config  # noqa: PLC0415
    from model.line.building import train_line_version  # noqa: PLC0415  loads what training needs

    run = _run_folder(run, "training-lines", resume=resume)
    settings = load_line_config(config, epochs=epochs)
    from_version = find_version(base) if base else champion()
    with computing_on(device):
        made = train_line_version(data, settings, run, from_version, version)
    typer.echo(f'{made.version} in {made.path}; "formdigits model promote" makes it the champion')


@app.command()
def adapt(  # noqa: PLR0913, PLR0917  one parameter per option
    images: Annotated[Path, typer.Option("--images", help="Folder of field images.")],
    labels: Annotated[Path, typer.Option("--labels", help="CSV: file,value[,document].")],
    data: DataOption,
    config: ConfigOption = None,
    run: RunOption = None,
    base: Annotated[
        str | None, typer.Option(help="Version to begin with; default champion.")
    ] = None,
    version: VersionOption = None,
    epochs: EpochsOption = None,
) -> None:
    """Teach a version the writing of labelled fields: a new version, measured before and after."""
    from model.adapting import adapt as teach  # noqa: PLC0415  loads what training needs
    from model.config import load_adapt_config  # noqa: PLC0415
    from model.reporting import print_adaptation  # noqa: PLC0415

    run = _run_folder(run, "adapting", resume=True)
    settings = load_adapt_config(config, epochs=epochs)
    from_version = find_version(base) if base else champion()
    made = teach(images, labels, data, from_version, settings, run, version)
    print_adaptation(made, run, Console())


@app.command()
def preview(
    data: DataOption,
    out: Annotated[Path, typer.Option("--out", "-o", help="Picture to write, PNG.")],
    count: Annotated[int, typer.Option(min=1, max=400, help="Lines.")] = 60,
    seed: Annotated[int, typer.Option(help="Source of chance.")] = 0,
) -> None:
    """Draw lines as the line network is trained on, with what they say."""
    from model.line.preview import write_preview  # noqa: PLC0415  decodes images only here

    write_preview(data, out, count, seed)
    typer.echo(f"{count} lines in {out}")


@app.command()
def evaluate(
    data: Annotated[Path | None, typer.Option("--data", help="Folder of the data set.")] = None,
    fields: Annotated[
        Path | None, typer.Option(help="CSV: document, value; whole fields instead of signs.")
    ] = None,
    form: Annotated[str | None, typer.Option(help="The form of these fields.")] = None,
    images: Annotated[
        Path | None, typer.Option(help="Folder of their documents; default that of the CSV.")
    ] = None,
    model: Annotated[str | None, typer.Option("--model", help="Version; default champion.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="All figures as JSON.")] = False,
    html: Annotated[
        Path | None, typer.Option(help="Also a report with plots and the worst misreads.")
    ] = None,
) -> None:
    """Measure a version on the signs of DATA/test, or on labelled fields of a form."""
    from model.html_report import require_place  # noqa: PLC0415

    if html:
        require_place(html)
    if fields and form and not data:
        _evaluate_fields(fields, form, images, model, html, as_json=as_json)
    elif data and not (fields or form or images):
        _evaluate_signs(data, model, html, as_json=as_json)
    else:
        raise typer.BadParameter("give --data, or --fields and --form")


def _evaluate_signs(data: Path, model: str | None, html: Path | None, *, as_json: bool) -> None:
    from model.dataset import load  # noqa: PLC0415  decodes images only here
    from model.evaluating import evaluate as measure  # noqa: PLC0415
    from model.html_report import write_report  # noqa: PLC0415
    from model.reporting import print_evaluation  # noqa: PLC0415

    signs = load(data, "test")
    figures = measure(find_version(model) if model else champion(), signs)
    if html:
        write_report(figures, signs, html)
    if as_json:
        typer.echo(json.dumps(figures.as_table()))
    else:
        print_evaluation(figures, Console(markup=False))  # names are no markup


def _evaluate_fields(
    labels: Path,
    form: str,
    images: Path | None,
    model: str | None,
    html: Path | None,
    *,
    as_json: bool,
) -> None:
    from model.field_evaluating import (  # noqa: PLC0415  loads the reader
        evaluate_fields,
        print_fields,
        write_field_report,
    )
    from ocr.calibrate_cli import with_progress  # noqa: PLC0415
    from ocr.forms import load_form  # noqa: PLC0415

    figures = evaluate_fields(labels, load_form(form), images, model, with_progress)
    if html:
        write_field_report(figures, html)
    if as_json:
        typer.echo(json.dumps(figures.as_table()))
    else:
        print_fields(figures, Console(markup=False))


@app.command("list")
def list_() -> None:
    """List the versions; * marks the one that jobs use."""
    table = Table("", "version", "created", "test accuracy", box=None)
    for item in registry.list_versions():
        accuracy = "" if item.accuracy is None else f"{item.accuracy:.3%}"
        name = f"{item.version} (shipped)" if item.shipped else item.version
        table.add_row("*" if item.champion else "", name, item.created, accuracy)
    Console().print(table)


@app.command()
def promote(
    version: Annotated[str, typer.Argument(help="Version to use from the next job on.")],
    data: Annotated[
        Path | None, typer.Option(help="Compare it first with the champion on DATA/test.")
    ] = None,
    force: Annotated[bool, typer.Option(help="Even if it may be worse.")] = False,
) -> None:
    """Make a version the champion, unless it is worse on signs, a class or field strings."""
    comparison = None
    if data and registry.champion_name():
        from model.comparing import compare, tell  # noqa: PLC0415  loads scikit-learn
        from model.dataset import load  # noqa: PLC0415  decodes images only here

        challenger = registry.find_challenger(version)
        found = compare(challenger, champion(), load(data, "test"))
        typer.echo("\n".join(tell(part) for part in found.paired))
        comparison = found.as_table()
    registry.promote(version, comparison, force=force)
    typer.echo(f"{version} is the champion")


@app.command()
def rollback() -> None:
    """Make the champion before the present one the champion again."""
    typer.echo(f"{registry.rollback()} is the champion again")


def _run_folder(run: Path | None, default: str, *, resume: bool) -> Path:
    """The folder of a run's checkpoints, emptied to start over; its progress is logged."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    folder = run or state_folder() / default
    if not resume:
        shutil.rmtree(folder, ignore_errors=True)
    return folder
