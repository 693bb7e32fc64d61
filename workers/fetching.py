"""The file of a document: where it lies, or fetched from object storage to be read.

A child keeps the document that it fetched last, as it may read the next page of it too. A copy that
a killed child left is removed when the next document is fetched.
"""

import fcntl
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import ocr
from workers import storage


@dataclass(frozen=True, slots=True, eq=False)
class _Copy:
    """A fetched document."""

    url: str
    version: str
    file: IO[bytes]
    path: Path


_PREFIX = "document-"
_last: list[_Copy] = []  # at most one


def local_file(folder: str, document: str) -> Path:
    """A file of this machine with the document's content.

    Args:
        folder: The job's folder, a path or a URL.
        document: The document's path below it.

    Raises:
        FileUnreadable: There is none, or it is not below the folder.
        TooLarge: It is not fetched, as no document may be so large.
        StorageError: The storage is out of reach.
    """
    if not storage.is_url(folder):
        return ocr.resolve_document(folder, document)
    url = storage.locate(folder, document)
    version = storage.version(url)
    if not (_last and (_last[0].url, _last[0].version) == (url, version)):
        while _last:
            _last.pop().file.close()
        _last.append(_fetch(url, version))
    return _last[0].path


def _fetch(url: str, version: str) -> _Copy:
    file = _new_file(ocr.state_folder() / "fetched")
    path = Path(file.name)
    try:
        storage.download(url, path)
    except BaseException:
        file.close()
        raise
    return _Copy(url, version, file, path)


def _new_file(folder: Path) -> IO[bytes]:
    """A file that goes when it is closed; those that killed processes left go now.

    Its process holds a lock on it, which the kernel drops with the process.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / ".lock").open("w") as only_one:
        fcntl.flock(only_one, fcntl.LOCK_EX)
        for left in folder.glob(f"{_PREFIX}*"):
            with suppress(OSError), left.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                left.unlink()
        mine = tempfile.NamedTemporaryFile(prefix=_PREFIX, dir=folder)  # noqa: SIM115  # kept
        fcntl.flock(mine, fcntl.LOCK_EX)
    return mine
