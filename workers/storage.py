"""Folders and files on object storage, named by URL (`s3://bucket/scans`), through fsspec.

Credentials and endpoints are the environment's (AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL, FSSPEC_S3_…):
a URL stands in the ledger and in messages, so it may hold none.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ocr

_URL = re.compile(r"[a-z][a-z0-9+.-]+://")
_LOCAL = re.compile(r"(file|local)://")
_LISTED_AT_ONCE = 1000  # what S3 gives at most
_SETTING = "storage:"  # stands for the folder that FORMDIGITS_STORAGE_URL names


class StorageError(ocr.ServiceError):
    """Object storage is out of reach, or this machine lacks the package for it."""

    code = "storage_error"


def is_url(place: str | Path) -> bool:
    """It is no path of this machine."""
    return _URL.match(str(place)) is not None


def absolute(place: str | Path, storage_url: str = "") -> str:
    """The one name of a folder, whoever asks: an absolute path, or a URL; see `named`."""
    name = named(place, storage_url)
    return name if is_url(name) else str(Path(name).absolute())


def named(place: str | Path, storage_url: str = "") -> str:
    """The path or URL that somebody means.

    Args:
        place: What was given; `storage:monday` is `monday` below the storage URL.
        storage_url: That URL, or a path.

    Raises:
        JobError: There is no storage URL, or it is no plain URL.
    """
    text = str(place)
    if text.startswith(_SETTING):
        if not storage_url:
            raise ocr.JobError(f"{text}: set FORMDIGITS_STORAGE_URL, which it is to lie below")
        text = f"{storage_url.rstrip('/')}/{text.removeprefix(_SETTING).lstrip('/')}"
    text = _LOCAL.sub("", text)
    if not is_url(text):
        return text
    authority, _, path = text.partition("://")[2].partition("/")
    if "@" in authority or "::" in text or ".." in path.split("/"):
        raise ocr.JobError(
            f"{text.partition('://')[0]}://{authority.rpartition('@')[2]}/{path}: is no plain URL; "
            'give it without credentials (see the environment), "::" and ".."'
        )
    return text.rstrip("/")


def find(url: str) -> Iterator[str]:
    """Every document below a folder as a stream; as `ocr.list_documents` has them, but in no order.

    An object appears whole, so none of them is still being written.

    Raises:
        JobError: There is no such folder, or it may not be read.
        StorageError: The storage is out of reach.
    """
    try:
        files = filesystem(url)
        root = _path(files, url)
        for path in _objects(files, root):
            relative = path.removeprefix(f"{root}/")
            hidden = any(part[:1] == "." and part != ".." for part in relative.split("/"))
            if not hidden and not relative.endswith("/"):  # which only marks an empty folder
                yield relative
    except FileNotFoundError as error:
        raise ocr.JobError(f"{url}: no such folder; check its name") from error
    except PermissionError as error:
        raise ocr.JobError(f"{url}: cannot be read; check its permissions") from error
    except ocr.FormDigitsError:
        raise
    except Exception as error:  # each storage has errors of its own (botocore, aiohttp, ...)
        raise _unreachable(url, error) from error


def _objects(files: Any, root: str) -> Iterator[str]:  # noqa: ANN401  # as below
    """All objects below a folder; of S3 a page of the listing at a time is in memory.

    Folder by folder, fsspec loses objects such as `a//b.png`, and it gives a whole listing at once.
    """
    if "s3" not in files.protocol:
        yield from files.find(root)
        return
    bucket, _, folder = root.partition("/")
    asked = {"Bucket": bucket, "Prefix": folder and f"{folder}/", "MaxKeys": _LISTED_AT_ONCE}
    while True:
        listed = files.call_s3("list_objects_v2", **asked)
        yield from (f"{bucket}/{each['Key']}" for each in listed.get("Contents", []))
        if not listed["IsTruncated"]:
            return
        asked["ContinuationToken"] = listed["NextContinuationToken"]


def locate(folder: str, relative: str) -> str:
    """The URL of a listed document.

    Raises:
        FileUnreadable: It is not below the folder.
    """
    if ".." in relative.split("/"):
        raise ocr.FileUnreadable(f"{relative}: leads out of the folder; copy the file into it")
    return f"{folder}/{relative}"


def download(url: str, target: Path) -> None:
    """Copy an object into a file of this machine.

    Raises:
        FileUnreadable: It is gone or may not be read.
        TooLarge: It is larger than any document may be.
        StorageError: The storage is out of reach.
    """
    with _told(url):
        files = filesystem(url)
        size_bytes = files.size(_path(files, url))
        if size_bytes > ocr.LIMITS.document_bytes:
            raise ocr.TooLarge(f"{url}: {size_bytes} bytes are over the limit; split it")
        files.get_file(_path(files, url), os.fspath(target))


def version(url: str) -> str:
    """Tells one content of an object from another, without reading it.

    Raises:
        FileUnreadable: It is gone or may not be read.
        StorageError: The storage is out of reach.
    """
    with _told(url):
        files = filesystem(url)
        return str(files.ukey(_path(files, url)))


def upload(source: Path, url: str) -> None:
    """Copy a file of this machine into an object, which is replaced at once and whole.

    Raises:
        OutputReadOnly, ExportError: It cannot be written.
    """
    try:
        files = filesystem(url)
        files.put_file(os.fspath(source), _path(files, url))
    except PermissionError as error:
        raise ocr.OutputReadOnly(f"{url}: may not be written; check its permissions") from error
    except StorageError as error:
        raise ocr.ExportError(str(error)) from error
    except Exception as error:  # as above
        raise ocr.ExportError(f"{_unreachable(url, error)}") from error


def reach(url: str) -> None:
    """See whether the bucket of a URL is there.

    Raises:
        StorageError: It is not, or the storage is out of reach.
    """
    protocol, _, path = url.partition("://")
    bucket = f"{protocol}://{path.partition('/')[0]}"
    with _told(url):
        there = filesystem(url).exists(_path(filesystem(url), bucket))
    if not there:
        raise StorageError(f"{bucket}: is not there; correct FORMDIGITS_STORAGE_URL")


def filesystem(url: str) -> Any:  # noqa: ANN401  # fsspec has no types
    """The storage of a URL; fsspec keeps one for each process and thread.

    Raises:
        StorageError: Its package is not installed, or there is no such storage.
    """
    import fsspec  # noqa: PLC0415  # 0.1 s, and an optional package

    protocol = url.partition("://")[0]
    try:
        # What is listed changes: nothing is to be remembered of it.
        return fsspec.filesystem(protocol, use_listings_cache=False)
    except (ImportError, ValueError) as error:
        raise StorageError(f'{url}: {error}; for S3: pip install "formdigits[s3]"') from error


@contextmanager
def _told(url: str) -> Iterator[None]:
    """Turn a storage's errors about one document into ours."""
    try:
        yield
    except ocr.FormDigitsError:
        raise
    except (FileNotFoundError, PermissionError) as error:
        raise ocr.FileUnreadable(f"{url}: {error}") from error
    except Exception as error:  # as above
        raise _unreachable(url, error) from error


def _unreachable(url: str, error: Exception) -> StorageError:
    fact = (str(error).strip() or type(error).__name__).splitlines()[0]
    return StorageError(f"{url}: the storage cannot be used: {fact}; check its address and keys")


def _path(files: Any, url: str) -> str:  # noqa: ANN401  # as above
    return str(files._strip_protocol(url))  # noqa: SLF001  # fsspec's documented hook
