"""The documents of a folder as a stream: those that are complete, in chunks, also while it fills.

The folder is walked in passes. A file that was touched moments ago may still be written, so it is
left for a later pass, until its size and times stay as they are. Nothing is held in memory but
these young files and the folders that are yet to be walked.
"""

import logging
import os
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import ocr
from workers import storage

log = logging.getLogger(__name__)

# Documents entered in one transaction: workers begin on the first while the rest is listed.
_CHUNK = 100
# A file that still changes after this long is entered as it is: a log file is never complete. If
# it is cut off, its row says so, and `retry` reads it again.
_PATIENCE_S = 60.0

_Look = tuple[int, int, int]  # a file's size in bytes, its mtime and its ctime in ns


def walk(root: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Every document below a folder, as `ocr.list_documents` has them, but in no order.

    Yields:
        The path relative to the folder, and what the file system says of the file or link itself.

    Raises:
        JobError: The folder or one below it is missing or may not be read.
    """
    folders = [root]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(Path(entry.path))
                    elif (found := _stat(entry)) is not None:
                        relative = Path(entry.path).relative_to(root).as_posix()
                        yield os.fsencode(relative).decode("utf-8", "backslashreplace"), found
        except (FileNotFoundError, NotADirectoryError) as error:
            if folder == root:
                raise ocr.JobError(f"{folder}: no such folder; check its path") from error
        except OSError as error:
            raise ocr.JobError(f"{folder}: cannot be read; check its permissions") from error


def documents_exist(root: str) -> bool:
    """A folder, which may be a URL, is not empty.

    Raises:
        JobError: It is missing or may not be read.
        StorageError: Its storage is out of reach.
    """
    if storage.is_url(root):
        return next(storage.find(root), None) is not None
    return next(walk(Path(root)), None) is not None


def chunks(
    root: str | Path, settle_s: float, go_on: Callable[[], bool] = lambda: False
) -> Iterator[list[str]]:
    """The folder's complete documents; empty chunks while it waits for incomplete ones.

    Documents come again in later passes; who enters them knows which are new.

    Args:
        root: The folder, a path or a URL.
        settle_s: A file that was not touched for this long is complete; pause between passes.
        go_on: Keep looking for new files even when all are complete, as long as this is true.

    Raises:
        JobError: The folder or one below it is missing or may not be read.
    """
    patient_until = time.monotonic() + _PATIENCE_S
    young: dict[str, _Look] = {}
    while True:
        impatient = time.monotonic() > patient_until and not go_on()
        before, young = young, {}
        if storage.is_url(root):
            complete = storage.find(str(root))
        else:
            youth_s = -1.0 if impatient else settle_s
            complete = _complete(walk(Path(root)), youth_s, before, young)
        while chunk := list(islice(complete, _CHUNK)):
            yield chunk
        if not young and not go_on():
            return
        yield []
        time.sleep(settle_s)


def _complete(
    documents: Iterator[tuple[str, os.stat_result]],
    settle_s: float,
    before: dict[str, _Look],
    young: dict[str, _Look],
) -> Iterator[str]:
    """Documents that nobody writes to any more; the others are noted in `young`."""
    for path, found in documents:
        look = (found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        # The ctime, which a copy cannot take along from its original; one in the future, of a
        # file server whose clock is ahead, says nothing, so that two looks must agree.
        age_s = time.time() - max(found.st_mtime, found.st_ctime)
        if age_s >= settle_s or before.get(path) == look:
            yield path
        else:
            young[path] = look


def _stat(entry: os.DirEntry[str]) -> os.stat_result | None:
    try:
        return entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None  # moved away since the folder was read
