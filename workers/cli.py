"""The `formdigits` command: mounts every part's commands and turns errors into exit codes."""

import sys
from importlib.metadata import EntryPoint, entry_points, version
from typing import Annotated

import typer

from ocr import FormDigitsError
from ocr.cli import app as reading_commands
from workers.commands import app as job_commands

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(job_commands)
app.add_typer(reading_commands)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"formdigits {version('formdigits')}")
        raise typer.Exit


@app.callback()
def formdigits(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show it.")
    ] = False,
) -> None:
    """Read the handwritten digits on scanned forms and bank checks, in batches.

    FORMDIGITS_STATE, FORMDIGITS_LEDGER_URL and FORMDIGITS_BROKER_URL say where things are; all
    have defaults that work on one machine.
    """


def _mount(plugin: EntryPoint) -> None:
    """Pass `formdigits NAME …` on to another part's Typer app, loaded only when asked for."""
    every_word = {
        "allow_extra_args": True,
        "ignore_unknown_options": True,
        "allow_interspersed_args": False,
    }

    @app.command(
        plugin.name,
        help=f'More commands: see "formdigits {plugin.name} --help".',
        add_help_option=False,
        context_settings=every_word,
    )
    def _pass_on(words: typer.Context) -> None:
        try:
            plugin.load()(words.args, prog_name=f"formdigits {plugin.name}")
        except ImportError as error:  # also from a command that loads its packages late
            raise FormDigitsError(
                f'"formdigits {plugin.name}" cannot be loaded: {error}; '
                'install its packages: pip install "formdigits[train]"'
            ) from error


for _plugin in entry_points(group="formdigits.commands"):
    _mount(_plugin)


def main() -> None:
    """Run the command; the one place where an expected error becomes a message and an exit code."""
    try:
        app()
    except FormDigitsError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
