"""Adding the digits of aligned fields to a data set's training part, with their provenance."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from model.aligning import AlignedField
from model.dataset import Entry, list_entries, write_manifest
from model.formats import Sample
from model.importing import write_sign


def add_digits(data: Path, source: str, fields: Sequence[AlignedField]) -> int:
    """Write the digits of fields to `train/<class>` and list them in the manifest.

    A digit's writer is its document, so that what one document holds stays on one side of every
    split. Adding the same fields again replaces their digits; a digit that the data set holds
    already, under whatever name, is not added. Without a manifest the data set gets one.

    Args:
        data: The data set.
        source: Name of the fields in the manifest.
        fields: The fields; what an earlier call added of one without crops is taken out.

    Returns:
        How many of the fields' digits the data set holds now.

    Raises:
        DataError: A data set that cannot be read.
    """
    old = list_entries(data)
    new = [entry for field in fields for entry in _write(data, source, field)]
    paths, documents = {e.path for e in new}, {field.field.document for field in fields}
    stale = [e for e in old if e.source == source and e.writer in documents and e.path not in paths]
    gone = {e.path for e in stale} | paths
    kept = [e for e in old if e.path not in gone]
    known = {e.sha256 for e in kept}
    fresh = {e.sha256: e for e in reversed(new) if e.sha256 not in known}  # of equals the first
    added = {e.path for e in fresh.values()}
    for path in sorted(gone - added):
        (data / path).unlink(missing_ok=True)
    write_manifest(data, [*kept, *fresh.values()])
    return len(fresh)


def _write(data: Path, source: str, field: AlignedField) -> list[Entry]:
    """One file per digit, named after its field and place."""
    stem = hashlib.sha256(f"{field.field.document}/{field.field.file}".encode()).hexdigest()[:16]
    return [
        write_sign(
            data,
            "train",
            f"{source}-{stem}-{place:02d}.png",
            Sample(crop, digit, field.field.document),
            source,
        )
        for place, (digit, crop) in enumerate(zip(field.field.digits, field.crops, strict=False))
    ]
