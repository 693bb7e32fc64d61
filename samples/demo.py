"""The demonstration: read all samples by the command line, and set the results beside the truth.

``python -m samples.demo`` leaves ``demo/results.csv`` and ``demo/annotated.png``; broker, ledger
and state live in ``demo/state``.
"""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "demo"
FORMS = {
    "checks": "check",
    "forms": "samples/change-of-address.toml",
    "crops": "amount",
    "broken": "check",
}
SHOWN = "samples/checks/indian-green.jpg"
_SOME_FAILED = 3  # exit code of `run`: some documents could not be read

Row = dict[str, str]


def main() -> None:
    """Run the demonstration; ends with the exit code of a command that fails unexpectedly."""
    shutil.rmtree(DEMO, ignore_errors=True)  # no job of an earlier version in the ledger
    DEMO.mkdir()
    rows = [row for folder, form in FORMS.items() for row in _run(folder, form)]
    _save(rows, DEMO / "results.csv")
    _formdigits("read", SHOWN, "--form", "check", "--annotate", "demo/annotated.png")
    _show(rows, _truth())
    print("written: demo/results.csv, demo/annotated.png")


def _run(folder: str, form: str) -> list[Row]:
    """Read one folder; its rows, with the folder's name before the document's."""
    output = f"demo/{folder}.csv"
    code = _formdigits("run", f"samples/{folder}", "--form", form, "-o", output)
    if code == _SOME_FAILED:
        print("exit code 3: some documents could not be read; each has its row and reason\n")
    with (ROOT / output).open(newline="", encoding="utf-8") as file:
        return [row | {"document": f"{folder}/{row['document']}"} for row in csv.DictReader(file)]


def _formdigits(*arguments: str) -> int:
    """Show and run a command; leave the program if it fails other than by unreadable documents."""
    print("$ formdigits", *arguments, flush=True)
    command = [str(Path(sys.executable).with_name("formdigits")), *arguments]
    environment = os.environ | {"FORMDIGITS_STATE": str(DEMO / "state")}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)  # noqa: S603  # our own
    if done.returncode not in {0, _SOME_FAILED}:
        raise SystemExit(done.returncode)
    return done.returncode


def _save(rows: list[Row], path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def _truth() -> dict[tuple[str, str, str], str]:
    """Value by file, page and field."""
    with (ROOT / "samples" / "truth.csv").open(newline="", encoding="utf-8") as file:
        return {
            (row["file"], row["page"], row["field"]): row["value"] for row in csv.DictReader(file)
        }


def _show(rows: list[Row], truth: dict[tuple[str, str, str], str]) -> None:
    """Print every row, with the truth where it differs, and how many are right."""
    table = Table(title="What was read; truth where it differs")
    for heading in ("document", "page", "field", "value", "truth", "confidence", "status"):
        table.add_column(heading, no_wrap=True)
    for row in rows:
        want = truth[row["document"], row["page"], row["field"]]
        differs = row["status"] != "error" and row["value"] != want
        table.add_row(
            *(row[name] for name in ("document", "page", "field", "value")),
            (want or "(blank)") if differs else "",
            row["confidence"],
            row["reason"].partition(":")[0] if row["status"] == "error" else row["status"],
        )
    Console(width=120).print(table)
    right = [
        row for row in rows if row["value"] == truth[row["document"], row["page"], row["field"]]
    ]
    accepted = [row for row in rows if row["status"] == "accepted"]
    fields = sum(row["status"] != "error" for row in rows)
    print(
        f"{len(right)} of {fields} fields right; {len(accepted)} accepted, "
        f"{sum(row in right for row in accepted)} of them right"
    )


if __name__ == "__main__":
    main()
