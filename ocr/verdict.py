"""The verdict: accepted, or a person looks."""

from ocr.reading import Status
from ocr.recognize import Recognition

ACCEPT_FROM = 0.96  # confidence; see the README for the data this rests on


def verdict(
    recognition: Recognition | None, accept_from: float = ACCEPT_FROM
) -> tuple[Status, str]:
    """Decide on one field.

    Args:
        recognition: What was read; None if the field was not found.
        accept_from: Confidence from which on a value is accepted.

    Returns:
        The status, and the reason in stable words.
    """
    if recognition is None:
        return Status.MISSING, "not_found"
    if recognition.confidence is None:
        return (Status.REVIEW if recognition.reason else Status.BLANK), recognition.reason
    if recognition.confidence < accept_from:
        reason = " ".join(filter(None, (recognition.reason, "low_confidence")))
        return Status.REVIEW, reason
    return Status.ACCEPTED, recognition.reason
