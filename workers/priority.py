"""Which of two queues a job's pages wait in."""

from enum import StrEnum


class Priority(StrEnum):
    """A job's priority; pages of the first kind are always taken first."""

    INTERACTIVE = "interactive"  # somebody waits for it
    BULK = "bulk"
