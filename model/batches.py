"""Batches made by helper processes, so that training never waits for augmentation.

Measured on 2 cores: 130 to 190 µs an example, while the network trains on 1,000 to 1,800 a second:
one helper is a quarter of a core. Processes, because small NumPy steps hold Python's lock; spawned,
because a fork of a process that runs TensorFlow may hang.
"""

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import AbstractContextManager
from types import TracebackType

import cv2
import numpy as np

from model.config import TrainingConfig
from model.material import Material, make_batch
from ocr.arrays import Digits

_AHEAD = 16  # batches in the making: 2 s of training, 1.6 MB
Batch = tuple[Digits, np.ndarray]


class BatchMakers(AbstractContextManager["BatchMakers"]):
    """Helper processes that hold the material and make batches in order."""

    def __init__(
        self, material: Material, classes: Sequence[str], config: TrainingConfig, helpers: int = 1
    ) -> None:
        self._pool = ProcessPoolExecutor(
            helpers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_hold,
            initargs=(material, tuple(classes), config),
        )

    def batches(self, first_step: int, past_step: int) -> Iterator[Batch]:
        """The batches of those steps, in order."""
        waiting: deque[Future[Batch]] = deque()
        for step in range(first_step, past_step):
            waiting.append(self._pool.submit(_make, step))
            if len(waiting) > _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the helpers, whatever is still in the making."""
        self._pool.shutdown(wait=True, cancel_futures=True)


_held: list[tuple[Material, tuple[str, ...], TrainingConfig]] = []  # one per helper process


def _hold(material: Material, classes: tuple[str, ...], config: TrainingConfig) -> None:
    cv2.setNumThreads(1)  # the helper has one core; OpenCV's own threads would fight for it
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _held.append((material, classes, config))


def _end_with_parent() -> None:
    """A killed training cannot tell its helpers to end; without this they would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _make(step: int) -> Batch:
    return make_batch(*_held[0], step)
