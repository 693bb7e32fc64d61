"""The commands `formdigits forms`: list, show, check, preview, new, schema."""

import json
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from ocr.annotate import check_png, preview, write_png
from ocr.digits.versions import champion
from ocr.errors import ExportError, FormError
from ocr.find import Placement, fit_form, place_fields
from ocr.forms import Form, builtin_names, load_form
from ocr.forms.schema import form_schema
from ocr.forms.write import to_toml
from ocr.pages import load_page
from ocr.propose import Proposal, propose
from ocr.readers import load_readers
from ocr.register import Registration
from ocr.upright import UprightPage, as_scanned, make_upright

app = typer.Typer(no_args_is_help=True, help="Make forms, check them, try them on a scan.")

FormName = Annotated[str, typer.Argument(metavar="FORM", help="A built-in form or a TOML file.")]
Scan = Annotated[Path, typer.Argument(metavar="SCAN", help="PDF, TIFF, PNG, JPEG or BMP.")]
PageNumber = Annotated[int, typer.Option(min=1, help="Page of the scan.")]

_LONGEST_NAME = 64
_REMARK = """\
Proposed by "formdigits forms new" from {scan}, page {page}.
Give the fields their names and types, and take out those that are not for digits.
"formdigits forms check" names every mistake, "formdigits forms preview" draws them on a scan."""


@app.command("list")
def list_forms() -> None:
    """List the built-in forms and their fields."""
    for name in builtin_names():
        fields = load_form(name).fields
        words = ", ".join(f"{field.name} ({field.type})" for field in fields)
        typer.echo(f"{name:14}{words or 'whatever fields the page has'}")


@app.command()
def show(form: FormName) -> None:
    """Print a form's TOML: the start of a form of one's own."""
    load_form(form)
    folder = resources.files("ocr.forms") / "builtin"
    source = folder / f"{form}.toml" if form in builtin_names() else Path(form)
    typer.echo(source.read_text(encoding="utf-8-sig"), nl=False)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="The form's TOML file.")],
) -> None:
    """Say whether a form is right, or every mistake in it; exit code 4 if it has any."""
    form = load_form(file)
    typer.echo(f"{file}: ok, {len(form.fields)} field{'s' * (len(form.fields) > 1)}")


@app.command("preview")
def preview_form(
    form: FormName,
    scan: Scan,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="OUT.png")],
    page: PageNumber = 1,
) -> None:
    """Draw a form's boxes and comb cells on a scan, deskewed, without reading it."""
    loaded_form = load_form(form)
    check_png(output)
    upright = _upright(scan, page, loaded_form)
    fitting = fit_form(upright, loaded_form)
    placed = place_fields(fitting)
    placements = [place for _, place in placed]
    drawn = loaded_form.model_copy(update={"fields": tuple(field for field, _ in placed)})
    write_png(preview(fitting.page.gray, drawn, placements), output)
    found = sum(isinstance(place, Placement) for place in placements)
    how = _placed_by(fitting.registration)
    typer.echo(f"{found} of {len(placements)} fields found{how}: {output}")


@app.command()
def new(
    scan: Scan,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE.toml", help="Default: the scan's name, here."),
    ] = None,
    page: PageNumber = 1,
) -> None:
    """Propose a form from a blank or filled page: write its TOML and its reference picture.

    Combs with their cells, boxes, ruled lines and columns of tables become fields, named by row and
    column, from the top left. Places whose writing or print is no digits are left out. The picture,
    FILE.png, shows the page without what is written in its fields.

    \b
    Exit codes: 3 the scan cannot be read, 4 nothing on it looks like a field, 5 the model,
    9 a file cannot be written or is there already.
    """  # noqa: D301  # typer's mark for a paragraph kept as it is
    target = output or Path(f"{scan.stem}.toml")
    _check_new(target)
    loaded = load_page(scan, page)
    upright = make_upright(loaded.gray)
    dpi = None if upright.flattened else loaded.dpi  # a photo tells no resolution of the sheet
    proposal = propose(upright, dpi, _form_name(target), load_readers(champion()))
    if proposal is None:
        raise FormError(
            f"{scan} page {page}: no combs, boxes or ruled lines for digits are found on it; "
            "give a clearer scan, or write the form by hand"
        )
    picture = target.with_suffix(".png")
    write_png(proposal.picture, picture)
    form = proposal.form.model_copy(update={"reference": picture.name})
    _write(target, to_toml(form, _REMARK.format(scan=json.dumps(scan.name), page=page)))
    for line in _said_of(proposal, scan, page):
        typer.echo(line)
    typer.echo(f"{target} with {picture.name}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of a form's file, for editors that complete and check TOML."""
    typer.echo(json.dumps(form_schema(), indent=2))


def _check_new(target: Path) -> None:
    """Refuse a form's path before any work is done; a form that somebody worked on is not lost.

    Raises:
        ExportError: It does not end in ``.toml``, its folder is missing, or a file is there.
    """
    if target.suffix != ".toml":
        raise ExportError(f"{target}: forms are TOML files; end the name in .toml")
    check_png(target.with_suffix(".png"))
    for file in (target, target.with_suffix(".png")):
        if file.exists():
            raise ExportError(f"{file}: is there already; choose another name, or remove it")


def _write(target: Path, text: str) -> None:
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        fact = error.strerror or str(error)
        raise ExportError(f"{target}: {fact}; free space or choose another folder") from error


def _form_name(target: Path) -> str:
    """The file's name with only what a form's name may have."""
    words = re.sub(r"[^A-Za-z0-9_-]+", "-", target.stem).strip("-_")
    return words[:_LONGEST_NAME] or "form"


def _said_of(proposal: Proposal, scan: Path, page: int) -> Iterator[str]:
    form = proposal.form
    kinds = ", ".join(f"{count} {kind.value}" for kind, count in proposal.kinds.items())
    yield f"{scan} page {page}: {len(form.fields)} fields ({kinds})"
    if proposal.left_out:
        yield f"left out: {proposal.left_out} places that hold words or print"
    if not proposal.is_measured and form.page_mm:
        wide, tall = form.page_mm
        yield f"no resolution in the scan: taken for {wide:g} x {tall:g} mm; correct page_mm"


def _placed_by(registration: Registration | None) -> str:
    """What a page was registered by, and how well."""
    if registration is None:
        return ""
    if registration.residual_mm is None:
        return ", placed by the page's size"
    return f", placed by {registration.by}, residual {registration.residual_mm:.2f} mm"


def _upright(scan: Path, page: int, form: Form) -> UprightPage:
    """The page as fields are looked for; a crop is too small to tell its skew."""
    gray = load_page(scan, page).gray
    if form.layout == "crop":
        return as_scanned(gray)
    return make_upright(gray, [form.page_mm] if form.page_mm else [])
