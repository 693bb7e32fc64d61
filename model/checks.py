"""What would spoil a training, found before it: run by `model check` and by every training."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from model import findings
from model.check_report import Report
from model.dataset import NOT, SPLITS, Entry, list_entries
from model.duplicates import near_pairs
from model.findings import Finding
from model.looking import Fault, Look, look_through
from model.suspects import LEAST_PER_CLASS, Suspect, find_suspects, too_few
from ocr.errors import DataError


def check(data: Path, *, labels: bool = False) -> Report:
    """Look through a data set for what would spoil a training.

    Args:
        data: Its folder.
        labels: Whether to look for wrong labels too, which takes longer than all the rest.

    Raises:
        DataError: No images at all, or a manifest that disagrees with the disk.
    """
    entries = list_entries(data)
    seen = list(look_through(data, entries))
    looks = [look for look in seen if isinstance(look, Look)]
    found = [
        *findings.faulty_files([fault for fault in seen if isinstance(fault, Fault)]),
        *findings.stray_files(data, entries),
        *findings.odd_sizes(looks),
        *findings.balance(entries),
        *findings.leaking_writers(entries),
        *findings.twins(looks),
        *findings.near_twins(_near(looks), entries),
    ]
    if not labels:
        return Report(_counts(entries), tuple(found), ())
    suspects, unjudged = _suspects(looks)
    return Report(_counts(entries), (*found, *unjudged), tuple(suspects))


def require_sound(findings: Iterable[Finding]) -> None:
    """Refuse what has fatal findings.

    Raises:
        DataError: Naming all of them.
    """
    fatal = [finding for finding in findings if finding.fatal]
    if fatal:
        raise DataError("; ".join(f"{finding.code}: {finding.message}" for finding in fatal))


def _counts(entries: Iterable[Entry]) -> dict[str, dict[str, int]]:
    counts = Counter((entry.split, entry.label) for entry in entries)
    return {
        split: {label: n for (part, label), n in sorted(counts.items()) if part == split}
        for split in SPLITS
    }


def _near(looks: Iterable[Look]) -> Iterator[tuple[Entry, Entry]]:
    """Nearly equal signs; of equal ones, which are found anyway, one stands for all.

    Examples of `not` are left out: one speck looks like another.
    """
    unique = list({look.content: look for look in looks if look.entry.label != NOT}.values())
    if unique:
        for pair in near_pairs(np.stack([look.portrait for look in unique])):
            yield unique[pair.first].entry, unique[pair.second].entry


def _suspects(looks: Iterable[Look]) -> tuple[list[Suspect], list[Finding]]:
    """Suspected labels, and a finding that names the classes too small to be judged."""
    looks = list(looks)
    small = too_few([look.entry for look in looks])
    judged = [look for look in looks if look.entry.label not in small]
    unjudged = [
        Finding(
            "labels_unchecked",
            f"classes {', '.join(small)} have fewer than {LEAST_PER_CLASS} images, too few to "
            "suspect wrong labels; look at them yourself",
            fatal=False,
        )
    ]
    if not judged:
        return [], unjudged
    digits = np.stack([look.digit for look in judged])
    suspects = find_suspects(digits, [look.entry for look in judged])
    return suspects, unjudged if small else []
