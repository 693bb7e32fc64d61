"""What a check found: as a value, as JSON, and as lines for people."""

from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console

from model.config import Schedule
from model.findings import Finding
from model.suspects import Suspect


@dataclass(frozen=True, slots=True)
class Report:
    """All that a check found.

    Attributes:
        counts: Images per split and class.
        findings: Faults, in the order of the checks.
        suspects: Images whose label is probably wrong, worst first; empty if not asked for.
    """

    counts: dict[str, dict[str, int]]
    findings: tuple[Finding, ...]
    suspects: tuple[Suspect, ...]

    @property
    def sound(self) -> bool:
        """Whether training may start."""
        return not any(finding.fatal for finding in self.findings)

    def as_table(self) -> dict[str, Any]:
        """The report as JSON knows it."""
        return {"sound": self.sound, **asdict(self)}


def print_report(report: Report, top: int, console: Console) -> None:
    """Print the classes' counts, what was found, and the worst `top` suspected labels."""
    for split, counts in report.counts.items():
        each = ", ".join(f"{label}: {n}" for label, n in counts.items())
        console.print(f"{split}: {sum(counts.values())} images ({each})", markup=False)
    console.print(
        "balance: the training does not even classes out; it draws the images of a source alike, "
        f"a source of n images as often as n**source_power (default {Schedule().source_power})"
    )
    for finding in report.findings:
        weight = "error" if finding.fatal else "note"
        console.print(f"{weight}: {finding.code}: {finding.message}", markup=False)
    if report.suspects:
        console.print(
            f"note: suspected_labels: {len(report.suspects)} images are confidently taken for "
            "another class; look at them, worst first, and correct or remove what is wrong"
        )
    for suspect in report.suspects[:top]:
        console.print(
            f"  {suspect.path}: {suspect.given}, rather {suspect.suggested}?", markup=False
        )
