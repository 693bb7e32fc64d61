"""The documents of a folder: which there are, and where a relative path leads."""

import os
from collections.abc import Iterator
from pathlib import Path

from ocr.errors import FileUnreadable


def list_documents(folder: str | Path) -> Iterator[str]:
    """List every document below a folder, in sorted order.

    A document is anything that is not a folder; hidden ones (names starting with ``.``) and those
    in hidden folders are left out. A symbolic link is listed, also one to a folder, which is not
    followed. So is a name that is not UTF-8, with its odd bytes escaped. `resolve_document` refuses
    what cannot be read, so that it gets an error row instead of vanishing.

    Yields:
        Paths relative to the folder, with ``/`` between their parts.

    Raises:
        FileUnreadable: There is no such folder, or it or one below may not be read.
    """
    root = Path(folder)
    if not root.is_dir():
        raise FileUnreadable(f"{root}: no such folder; check its path")
    yield from sorted(_documents_below(root))


def _documents_below(root: Path) -> Iterator[str]:
    for folder, subfolders, names in os.walk(root, onerror=_refuse):
        links = [name for name in subfolders if Path(folder, name).is_symlink()]
        subfolders[:] = [name for name in subfolders if not name.startswith(".")]
        for name in names + links:
            if not name.startswith("."):
                path = Path(folder, name).relative_to(root).as_posix()
                yield os.fsencode(path).decode("utf-8", "backslashreplace")


def _refuse(error: OSError) -> None:
    raise FileUnreadable(f"{error.filename}: cannot be read; check its permissions") from error


def resolve_document(folder: str | Path, relative: str) -> Path:
    """The file that a listed path means.

    Raises:
        FileUnreadable: The path is absolute, leads out of the folder (also through a symbolic
            link), or there is no file.
    """
    root = Path(folder).resolve()
    try:
        path = (root / relative).resolve()
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links, a null byte
        raise FileUnreadable(f"{relative}: cannot be resolved ({error}); check the link") from error
    if Path(relative).is_absolute() or not path.is_relative_to(root):
        raise FileUnreadable(f"{relative}: leads out of the folder; copy the file into it")
    if not path.is_file():
        raise FileUnreadable(f"{relative}: no such file; check its path")
    return path
