"""Choosing what a training computes on; without a choice the backend of Keras takes its best."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from ocr.errors import ModelError


class Device(StrEnum):
    """A kind of processor."""

    CPU = "cpu"
    GPU = "gpu"


@contextmanager
def computing_on(device: Device | None) -> Iterator[None]:
    """Compute meanwhile on the first processor of that kind; None leaves it to the backend.

    Raises:
        ModelError: The machine has none, or the backend of Keras cannot use it.
    """
    if device is None:
        yield
        return
    import keras  # noqa: PLC0415  seconds, and needed for a choice only

    found = keras.distribution.list_devices(device)
    if not found:
        raise ModelError(
            f"{keras.backend.backend()} finds no {device} here; leave --device out, or install the "
            "backend's package for it and name the backend in KERAS_BACKEND"
        )
    with keras.device(found[0]):
        yield
