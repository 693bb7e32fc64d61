"""Logging of the processes that run for long: lines on stderr; of Celery only warnings."""

import logging


def log_to_stderr() -> None:
    """Set logging up in this process."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("celery").setLevel(logging.WARNING)
