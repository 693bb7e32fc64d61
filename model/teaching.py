"""Distillation: a network learns what its teachers make of a sign beside what the sign is.

How much a written 4 is like a 9 tells more than that it is a 4 (Hinton et al. 2015). The teachers
see the very picture that the network learns from, changes and all (Beyer et al. 2022).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from model.dataset import NOT
from ocr.arrays import Digits, Probabilities
from ocr.digits.classify import DigitClassifier, load_classifier
from ocr.digits.versions import ModelVersion, find_version, read_card
from ocr.errors import ModelError


@dataclass(frozen=True, slots=True)
class Teachers:
    """Versions that teach; none teach nothing.

    Attributes:
        versions: Their digit networks; the mean of their probabilities is taught.
        share: Of the target that is theirs; the rest is the class.
    """

    versions: tuple[ModelVersion, ...]
    share: float

    def targets(self, digits: Digits, numbers: np.ndarray, classes: Sequence[str]) -> Probabilities:
        """What to learn from examples.

        Teachers speak of digits only, and only where they are right: of what they do not know they
        would teach their doubt.

        Args:
            digits: (N, 28, 28) normalized.
            numbers: (N,) class of each.
            classes: Names of the classes.

        Returns:
            (N, classes), rows of sum 1.
        """
        known = np.asarray(np.eye(len(classes))[numbers], np.float32)
        if not self.versions:
            return known
        said = np.mean([classify(digits) for classify in _classifiers(self.versions)], axis=0)
        heard = said.argmax(axis=1) == numbers
        heard &= np.array([name != NOT for name in classes])[numbers]
        return np.asarray(known + self.share * heard[:, None] * (said - known), np.float32)


@cache
def _classifiers(versions: tuple[ModelVersion, ...]) -> tuple[DigitClassifier, ...]:
    """Their networks, loaded once in a process, however many."""
    return tuple(map(load_classifier, versions))


def find_teachers(names: str, share: float, classes: Sequence[str]) -> Teachers:
    """The teachers of those names, which blanks separate.

    Raises:
        ModelError: There is no such version, or it has other classes.
    """
    versions = tuple(find_version(name) for name in names.split())
    for version in versions:
        if read_card(version.path).labels != tuple(classes):
            raise ModelError(
                f"{version.version} cannot teach {', '.join(classes)}: it knows"
                f" {', '.join(read_card(version.path).labels)}; leave it out of teachers"
            )
    return Teachers(versions, share)
