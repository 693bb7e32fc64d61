"""Whether a challenger is worse than the champion, on the same signs and field strings.

Both networks read the test images through LiteRT, and strings that are written from them; all
signs, every class and the strings are then judged together (`paired.py`).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from model.calibrating import WrittenField, prepared, read_field
from model.dataset import NOT, DataSet
from model.evaluating import classify_signs, true_classes
from model.intervals import Rate, rate
from model.line.text import compose
from model.line.writing import write
from model.material import arrange
from model.paired import Paired, count, judge
from model.variants import DIGITS
from ocr.digits.classify import load_classifier
from ocr.digits.versions import ModelVersion
from ocr.readers import Readers, load_readers
from ocr.values import only_digits

STRINGS = 400
_FEWEST_SIGNS = 500  # 6 signs lost and none won are beyond chance: of 500, a loss of 1.2 %
_SEED = 7


@dataclass(frozen=True, slots=True)
class Comparison:
    """A challenger beside the champion of that time.

    Attributes:
        champion: Its version.
        accuracy: The challenger's, on all signs.
        champion_accuracy: The champion's, on the same.
        paired: All signs, each class that was there, and strings if both read digits.
        doubts: Why the challenger should not be promoted; empty if it is not worse.
    """

    champion: str
    accuracy: Rate
    champion_accuracy: Rate
    paired: tuple[Paired, ...]
    doubts: tuple[str, ...]

    def as_table(self) -> dict[str, Any]:
        """The comparison as a card holds it."""
        return asdict(self)


def compare(
    challenger: ModelVersion, champion: ModelVersion, data: DataSet, strings: int = STRINGS
) -> Comparison:
    """Let both versions read the same signs, and strings written from them.

    Raises:
        DataError: If the data set has a class that one of them does not know.
        ModelError: If one of them cannot be used.
    """
    ours, theirs = _read_right(challenger, data), _read_right(champion, data)
    labels = np.array(data.labels)
    everything = {"all signs": count(ours, theirs)}
    classes = {
        f"class {name!r}": count(ours[labels == name], theirs[labels == name])
        for name in data.classes
    }
    both = [load_readers(challenger), load_readers(champion)]
    labels_of = [readers.classify.labels for readers in both]
    fields = {}
    if all(set(names) - {NOT} == set(DIGITS) for names in labels_of):
        fields["field strings"] = count(*_strings_read_right(both, data, strings))
    paired = judge([everything, classes, fields])
    gaps = _gaps(labels_of[0], labels_of[1], data)
    return Comparison(
        champion=champion.version,
        accuracy=rate(int(ours.sum()), len(ours)),
        champion_accuracy=rate(int(theirs.sum()), len(theirs)),
        paired=paired,
        doubts=(*gaps, *(f"it is worse on {tell(part)}" for part in paired if part.worse)),
    )


def tell(part: Paired) -> str:
    """One judged count in words."""
    n, lost, won = part.count.n, part.count.lost, part.count.won
    return (
        f"{part.of}: of {n}, {lost} are read right by the champion only, {won} by the challenger "
        f"only (p = {part.p_worse:.2g})"
    )


def _read_right(version: ModelVersion, data: DataSet) -> np.ndarray:
    """(N,) bool; `not` counts as a reading."""
    truth = true_classes(version, data)
    return np.asarray(classify_signs(load_classifier(version), data).argmax(axis=1) == truth)


def _strings_read_right(both: Sequence[Readers], data: DataSet, strings: int) -> np.ndarray:
    """Read strings written by the data set's hands, always the same ones; (2, strings) bool."""
    signs = data.subset(k for k, label in enumerate(data.labels) if label != NOT)
    material = arrange(signs, signs.classes, source_power=1.0)
    rng = np.random.default_rng(_SEED)
    right = np.zeros((2, strings if signs.images else 0), bool)
    for column in range(right.shape[1]):
        line = write(compose(material, rng), rng)
        field = WrittenField(line.gray, only_digits(line.text))
        ink = prepared(field)
        for row, readers in enumerate(both):
            choice = read_field(readers, ink)
            right[row, column] = choice and choice.value.text == field.digits
    return right


def _gaps(ours: Sequence[str], theirs: Sequence[str], data: DataSet) -> list[str]:
    """What the comparison could not show."""
    gaps = []
    forgotten = sorted(set(theirs) - set(ours))
    unseen = sorted(set(ours) - {NOT} - set(data.labels))
    if forgotten:
        gaps.append(f"it does not know class {forgotten[0]!r}, which the champion knows")
    if unseen:
        gaps.append(f"there is no test image of class {unseen[0]!r}; import some by --split test")
    if len(data.images) < _FEWEST_SIGNS:
        gaps.append(
            f"{len(data.images)} test images are too few to notice a loss; import at least "
            f"{_FEWEST_SIGNS} by --split test"
        )
    return gaps
