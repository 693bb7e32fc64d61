"""A small disk of its own for the service, to be filled up: a tmpfs, which takes a root user."""

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SIZE_MB = 48  # a round's ledger, broker and logs take some 10
_BLOCK = bytes(64 * 1024)


def can_mount() -> bool:
    """Mounting is allowed here: tried, since containers of root often may not."""
    probe = ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return (
        os.getuid() == 0 and subprocess.run(probe, check=False, capture_output=True).returncode == 0
    )


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """The folder is a small disk until the end of the block."""
    folder.mkdir(parents=True)
    size = f"size={_SIZE_MB}m"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """The folder is an empty disk that takes nothing until the end of the block."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """Not a byte more fits on the folder's disk until the end of the block."""
    filler = folder / "filler"
    try:
        with filler.open("wb", buffering=0) as file:
            try:
                while file.write(_BLOCK) == len(_BLOCK):
                    pass
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
        yield
    finally:
        filler.unlink(missing_ok=True)
