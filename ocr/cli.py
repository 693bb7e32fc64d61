"""The commands of the reader: `formdigits read`; `forms`, `calibrate` and `policy` are mounted.

Expected errors leave these functions as they are; the main command turns them into exit codes.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ocr import calibrate_cli, forms_cli
from ocr.annotate import annotate, check_png, write_png
from ocr.errors import UnknownForm
from ocr.forms import Forms, load_forms, name_before_reading
from ocr.pages import count_pages, load_page
from ocr.read import read_page
from ocr.reading import FieldReading, PageReading, Status, error_reading
from ocr.resolution import SENTENCES

app = typer.Typer()
app.add_typer(forms_cli.app, name="forms")
app.add_typer(calibrate_cli.app)

FormNames = Annotated[
    list[str],
    typer.Option(
        "--form",
        help="Built-in name, TOML file or a folder of them; several times where pages differ.",
    ),
]
_STYLES = {Status.ACCEPTED: "green", Status.REVIEW: "yellow"}


@app.command()
def read(
    image: Annotated[Path, typer.Argument(help="PDF, TIFF, PNG, JPEG or BMP.")],
    form: FormNames,
    page: Annotated[int | None, typer.Option(min=1, help="Only this page; default all.")] = None,
    annotated: Annotated[
        Path | None,
        typer.Option(
            "--annotate",
            metavar="OUT.png",
            help="Draw what was read; of several pages OUT-1.png, OUT-2.png, ...",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, per page.")] = (
        False
    ),
) -> None:
    """Read one document here and now, without a job.

    \b
    Exit codes: 0 read, 3 the document or a page cannot be read or fits none of several forms,
    4 a form, 5 the model, 9 the picture cannot be written.
    """  # noqa: D301  # typer's mark for a paragraph kept as it is
    forms = load_forms(form)
    if annotated:
        check_png(annotated)
    pages, unknown = count_pages(image), False
    for number in [page] if page else range(1, pages + 1):
        reading = _read_or_unknown(image, forms, number)
        unknown |= not reading.model
        if as_json:
            typer.echo(json.dumps(asdict(reading)))
        else:
            _show(reading)
        if annotated:
            target = annotated if page or pages == 1 else _numbered(annotated, number)
            write_png(annotate(load_page(image, number).gray, reading), target)
    if unknown:
        raise typer.Exit(UnknownForm.exit_code)


def _read_or_unknown(image: Path, forms: Forms, page: int) -> PageReading:
    """A page of no form, such as a cover sheet, is not the end of its document."""
    try:
        return read_page(image, forms, page)
    except UnknownForm as error:
        return error_reading(image.name, page, name_before_reading(forms), error)


def _numbered(path: Path, page: int) -> Path:
    return path.with_name(f"{path.stem}-{page}{path.suffix}")


def _show(reading: PageReading) -> None:
    """Print a table; whole lines when piped, folded to the window on a terminal."""
    from rich.console import Console  # noqa: PLC0415  # 0.1 s that --json need not wait for
    from rich.table import Table  # noqa: PLC0415

    table = Table("field", "value", "confidence", "status", "reason", box=None, pad_edge=False)
    for field in reading.fields:
        table.add_row(*_cells(field), style=_STYLES.get(field.status))
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 1000  # wider than any row: a line stays a line
    turned = f"turned by {reading.turn_deg} degrees, " if reading.turn_deg else ""
    skew = f"skew {reading.skew_deg:.1f} degrees"
    photo = "flattened, " if reading.flattened else ""
    typer.echo(f"{reading.document} page {reading.page}: {photo}{turned}{skew}")
    for warning in reading.warnings:
        typer.echo(f"{reading.document} page {reading.page}: {SENTENCES[warning]}", err=True)
    console.print(table)


def _cells(field: FieldReading) -> tuple[str, ...]:
    confidence = "" if field.confidence is None else f"{field.confidence:.3f}"
    return field.field, field.value, confidence, field.status, field.reason
