"""What would spoil a training, found before it: run by `model check` and by every training."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from model.dataset import NOT, Entry, list_entries
from model.images import decode_strokes
from ocr.errors import DataError

_MIN_CLASSES = 2
_IMBALANCE = 10  # largest class / smallest, from which on a class is easily neglected


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found.

    Attributes:
        code: Stable name of the kind.
        message: The thing, the fact and the remedy.
        fatal: Whether training must not start.
        paths: The images concerned, relative to the data set.
    """

    code: str
    message: str
    fatal: bool
    paths: tuple[str, ...] = ()


def check(data: Path) -> list[Finding]:
    """Look through a data set; an empty list means that nothing was found.

    Raises:
        DataError: No images at all, or a manifest that disagrees with the disk.
    """
    entries = list_entries(data)
    contents = {entry.path: _fingerprint(data / entry.path) for entry in entries}
    findings = [*_broken(contents), *_balance(entries), *_leaking_writers(entries)]
    twins: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if contents[entry.path] not in {_UNREADABLE, _BLANK}:
            twins[contents[entry.path]].append(entry)
    return [*findings, *_twins(group for group in twins.values() if len(group) > 1)]


def require_sound(findings: Iterable[Finding]) -> None:
    """Refuse a data set with fatal findings.

    Raises:
        DataError: Naming all of them.
    """
    fatal = [finding for finding in findings if finding.fatal]
    if fatal:
        raise DataError("; ".join(f"{finding.code}: {finding.message}" for finding in fatal))


_UNREADABLE, _BLANK = "unreadable", "blank"


def _fingerprint(path: Path) -> str:
    """Hash of the strokes, or what is wrong with them."""
    strokes = decode_strokes(path.read_bytes())
    if strokes is None:
        return _UNREADABLE
    if not strokes.any():
        return _BLANK
    return hashlib.sha256(f"{strokes.shape}".encode() + strokes.tobytes()).hexdigest()


def _broken(contents: dict[str, str]) -> Iterator[Finding]:
    for kind, remedy in ((_UNREADABLE, "remove or replace them"), (_BLANK, "remove them")):
        paths = tuple(path for path, content in contents.items() if content == kind)
        signs = [path for path in paths if f"/{NOT}/" not in path or kind == _UNREADABLE]
        if signs:
            message = f"{len(signs)} images are {kind}, first {signs[0]}; {remedy}"
            yield Finding(kind, message, fatal=True, paths=tuple(signs))


def _balance(entries: list[Entry]) -> Iterator[Finding]:
    counts = Counter(e.label for e in entries if e.split == "train" and e.label != NOT)
    if len(counts) < _MIN_CLASSES:
        message = f"train has {len(counts)} classes; put images into at least two class folders"
        yield Finding("one_class", message, fatal=True)
        return
    (most, high), (least, low) = counts.most_common()[0], counts.most_common()[-1]
    if high > _IMBALANCE * low:
        message = f"class {most!r} has {high} images and {least!r} {low}; add images of {least!r}"
        yield Finding("imbalance", message, fatal=False)
    strange = sorted({e.label for e in entries if e.split == "test"} - set(counts) - {NOT})
    if strange:
        message = f"test has class {strange[0]!r}, train has not; add it to train or remove it"
        yield Finding("unknown_class", message, fatal=True)


def _leaking_writers(entries: list[Entry]) -> Iterator[Finding]:
    sides: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.writer:
            sides[entry.group].add(entry.split)
    both = sorted(group for group, splits in sides.items() if len(splits) > 1)
    if both:
        message = f"{len(both)} writers are in train and in test, first {both[0]}; keep one side"
        yield Finding("writer_on_both_sides", message, fatal=True)


def _twins(groups: Iterable[list[Entry]]) -> Iterator[Finding]:
    """Equal images: fatal across classes (a wrong label) and across splits (a leak)."""
    kinds: list[tuple[str, bool, str, Callable[[Entry], str]]] = [
        ("duplicate_across_classes", True, "in different classes; keep the right one", _label_of),
        ("duplicate_across_splits", True, "in train and test; remove those of train", _split_of),
        ("duplicate", False, "in the same class folder; keep one of each", _path_of),
    ]
    found: dict[str, list[str]] = {code: [] for code, *_ in kinds}
    for group in groups:
        code = next(c for c, _, _, key in kinds if len(set(map(key, group))) > 1)
        found[code] += [entry.path for entry in group]
    for code, fatal, remedy, _ in kinds:
        if found[code]:
            paths = found[code]
            message = f"{len(paths)} equal images ({paths[0]}, {paths[1]}, …) {remedy}"
            yield Finding(code, message, fatal=fatal, paths=tuple(paths))


def _label_of(entry: Entry) -> str:
    return entry.label


def _split_of(entry: Entry) -> str:
    return entry.split


def _path_of(entry: Entry) -> str:
    return entry.path
