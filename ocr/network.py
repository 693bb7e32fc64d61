"""Running an exported network: LiteRT on one thread."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ocr.errors import ModelError


class Network:
    """One `.tflite` file, ready to run."""

    def __init__(self, path: Path) -> None:
        """Load the network.

        Raises:
            ModelError: If the file is no network that LiteRT can run.
        """
        from ai_edge_litert.interpreter import Interpreter  # noqa: PLC0415  loads in 40 ms, late

        try:
            with _without_notices():
                self._interpreter: Any = Interpreter(model_path=str(path), num_threads=1)
                self._interpreter.allocate_tensors()
            self._output = self._interpreter.get_output_details()[0]["index"]
            self._input = self._interpreter.get_input_details()[0]["index"]
        except (ValueError, RuntimeError, OSError) as error:
            raise ModelError(
                f"{path} is no LiteRT network ({error}); promote another version"
            ) from error
        self._shape: tuple[int, ...] = ()

    def __call__(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """The network's output for a batch of inputs of any size."""
        if batch.shape != self._shape:
            self._interpreter.resize_tensor_input(self._input, batch.shape)
            self._interpreter.allocate_tensors()
            self._shape = batch.shape
        self._interpreter.set_tensor(self._input, batch)
        self._interpreter.invoke()
        return np.array(self._interpreter.get_tensor(self._output), np.float32)


@contextmanager
def _without_notices() -> Iterator[None]:
    """Keep what LiteRT says at level INFO off stderr; all else is passed on afterwards.

    It writes past Python's streams, and knows neither a variable nor a call to be silent
    (ai-edge-litert 2.3), so the file descriptor is lent to a file meanwhile.
    """
    try:
        stderr = os.dup(2)
    except OSError:  # closed, as for some daemons
        yield
        return
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
            said.seek(0)
            for line in said:
                if not line.startswith(b"INFO: "):
                    os.write(2, line)
