"""The faults a data set can have, each with its code, its weight and its remedy."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from model.dataset import NOT, SPLITS, SUFFIXES, Entry
from model.looking import Fault, Look

_MIN_CLASSES = 2
_IMBALANCE = 10  # largest class / smallest, from which on a class is easily neglected
_ODD = 4  # times larger or smaller than is usual for the source: probably no single sign
_CHANCE = 0.01  # of the images: near copies beyond it move what is measured, below it hardly


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


def faulty_files(faults: Sequence[Fault]) -> Iterator[Finding]:
    """Files that are no use; blank images are fine as examples of `not`."""
    kinds = {
        "unreadable": "are no readable images; remove or replace them",
        "oversized": "are larger than any single sign; cut the signs out of them",
        "blank": "show nothing; remove them",
        "changed": "are not what the manifest lists; import their source again",
    }
    for kind, remedy in kinds.items():
        entries = [fault.entry for fault in faults if fault.kind == kind]
        paths = tuple(e.path for e in entries if kind != "blank" or e.label != NOT)
        if paths:
            message = f"{len(paths)} images {remedy} (first: {paths[0]})"
            yield Finding(kind, message, fatal=True, paths=paths)


def stray_files(data: Path, entries: Iterable[Entry]) -> Iterator[Finding]:
    """Class folders without images, and files that training would pass over in silence."""
    filled = {(entry.split, entry.label) for entry in entries}
    folders = [path for split in SPLITS for path in sorted((data / split).glob("*/"))]
    empty = [path for path in folders if (path.parent.name, path.name) not in filled]
    if empty:
        paths = tuple(path.relative_to(data).as_posix() for path in empty)
        message = f"class folder {paths[0]} has no images; add some or remove the folder"
        yield Finding("empty_class", message, fatal=True, paths=paths)
    strays = tuple(
        path.relative_to(data).as_posix()
        for split in SPLITS
        for path in sorted((data / split).rglob("*"))
        if path.is_file() and not path.name.startswith(".") and not _is_used(path, data)
    )
    if strays:
        message = (
            f"{len(strays)} files are not used, as they are no images by name or lie in no class "
            f"folder (first: {strays[0]}); move or remove them"
        )
        yield Finding("unused_files", message, fatal=False, paths=strays)


def _is_used(path: Path, data: Path) -> bool:
    return len(path.relative_to(data).parts) == 3 and path.suffix.lower() in SUFFIXES


def odd_sizes(looks: Iterable[Look]) -> Iterator[Finding]:
    """Images far larger or smaller than is usual for their source."""
    by_source: defaultdict[str, list[Look]] = defaultdict(list)
    for look in looks:
        by_source[look.entry.source].append(look)
    for source, members in sorted(by_source.items()):
        usual = median(look.longer_px for look in members)
        odd = [k for k in members if not usual / _ODD <= k.longer_px <= usual * _ODD]
        if odd:
            paths = tuple(look.entry.path for look in odd)
            message = (
                f"{len(odd)} images of {source} are over {_ODD} times larger or smaller than its "
                f"usual {usual:.0f} px (first: {paths[0]}); see whether they are single signs"
            )
            yield Finding("odd_size", message, fatal=False, paths=paths)


def balance(entries: Iterable[Entry]) -> Iterator[Finding]:
    """Classes that are missing, alone, or much smaller than others."""
    entries = list(entries)
    counts = Counter(e.label for e in entries if e.split == "train" and e.label != NOT)
    if len(counts) < _MIN_CLASSES:
        message = f"train has {len(counts)} classes; put images into at least two class folders"
        yield Finding("one_class", message, fatal=True)
        return
    (most, high), (least, low) = counts.most_common()[0], counts.most_common()[-1]
    if high > _IMBALANCE * low:
        message = (
            f"class {most!r} has {high} images and {least!r} {low}; the training does not even "
            f"this out, add images of {least!r}"
        )
        yield Finding("imbalance", message, fatal=False)
    strange = sorted({e.label for e in entries if e.split == "test"} - set(counts) - {NOT})
    if strange:
        message = f"test has class {strange[0]!r}, train has not; add it to train or remove it"
        yield Finding("unknown_class", message, fatal=True)


def leaking_writers(entries: Iterable[Entry]) -> Iterator[Finding]:
    """Writers or documents with images on both sides."""
    sides: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.writer:
            sides[entry.group].add(entry.split)
    both = sorted(group for group, splits in sides.items() if len(splits) > 1)
    if both:
        message = f"{len(both)} writers are in train and in test, first {both[0]}; keep one side"
        yield Finding("writer_on_both_sides", message, fatal=True)


def twins(looks: Iterable[Look]) -> Iterator[Finding]:
    """Equal images: fatal across classes (a wrong label) and across splits (a leak)."""
    groups: defaultdict[str, list[Entry]] = defaultdict(list)
    for look in looks:
        groups[look.content].append(look.entry)
    found = _sorted_by_kind(group for group in groups.values() if len(group) > 1)
    for kind, members in found.items():
        paths = tuple(entry.path for group in members for entry in group)
        message = f"{len(paths)} equal images ({paths[0]}, {paths[1]}, …) {_REMEDIES[kind]}"
        yield Finding(f"duplicate{kind}", message, fatal=kind != _INSIDE, paths=paths)


def near_twins(pairs: Iterable[tuple[Entry, Entry]], entries: Sequence[Entry]) -> Iterator[Finding]:
    """Nearly equal images: fatal if there are too many to be chance, across classes or splits."""
    shares = {
        _ACROSS_CLASSES: len(entries),
        _ACROSS_SPLITS: sum(entry.split == "test" for entry in entries),
    }
    for kind, members in _sorted_by_kind(pairs).items():
        paths = tuple(entry.path for pair in members for entry in pair)
        fatal = kind in shares and len(members) > _CHANCE * shares[kind]
        message = (
            f"{len(members)} pairs of nearly equal images ({paths[0]}, {paths[1]}, …) "
            f"{_REMEDIES[kind]}"
        )
        yield Finding(f"near_duplicate{kind}", message, fatal=fatal, paths=paths)


_ACROSS_CLASSES, _ACROSS_SPLITS, _INSIDE = "_across_classes", "_across_splits", ""
_REMEDIES = {
    _ACROSS_CLASSES: "in different classes; keep the right one",
    _ACROSS_SPLITS: "in train and test; remove those of train",
    _INSIDE: "in the same class folder; keep one of each",
}


def _sorted_by_kind(groups: Iterable[Sequence[Entry]]) -> dict[str, list[Sequence[Entry]]]:
    """Groups of like images by what they cross, the worst kind first."""
    crossed: list[tuple[str, Callable[[Entry], str]]] = [
        (_ACROSS_CLASSES, lambda entry: entry.label),
        (_ACROSS_SPLITS, lambda entry: entry.split),
        (_INSIDE, lambda entry: entry.path),
    ]
    found: dict[str, list[Sequence[Entry]]] = {kind: [] for kind, _ in crossed}
    for group in groups:
        found[next(kind for kind, key in crossed if len(set(map(key, group))) > 1)].append(group)
    return {kind: members for kind, members in found.items() if members}
