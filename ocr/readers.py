"""The two readers of a model version, what they say of fields, and how far they can be trusted."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ocr.arrays import Digits, Probabilities
from ocr.confidence import Calibration
from ocr.digits.classify import DigitClassifier, load_classifier
from ocr.digits.normalize import FIELD_PX, normalize
from ocr.digits.versions import ModelVersion, line_network_file, read_card
from ocr.line.reader import LineReader, LineReading
from ocr.network import Network
from ocr.prepare import FieldInk


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What the readers say of a field.

    Attributes:
        probabilities: (candidates, classes) of the lattice's candidates.
        labels: The classes.
        line: The line reader's answer; None if it was not asked.
    """

    probabilities: Probabilities
    labels: tuple[str, ...]
    line: LineReading | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Readers:
    """What reads the fields of a page.

    Attributes:
        classify: Reader A's network, over the candidates of a lattice.
        read_line: Reader B; None for a version without a line network.
        calibration: Turns evidence into confidence where only the lattice speaks.
        comb_calibration: The same for combs.
        line_calibration: The same where both readers speak.
    """

    classify: DigitClassifier
    read_line: LineReader | None
    calibration: Calibration
    comb_calibration: Calibration
    line_calibration: Calibration

    def ask(self, inks: Sequence[FieldInk | None]) -> list[Said]:
        """What the readers say of each field of a page; its digits are classified in one batch."""
        if not inks:
            return []
        digits = [_normalized(ink) for ink in inks]
        probabilities = self.classify(np.concatenate(digits))
        ends = np.cumsum([len(batch) for batch in digits])
        return [
            Said(rows, self.classify.labels, self._line(ink))
            for rows, ink in zip(np.split(probabilities, ends[:-1]), inks, strict=True)
        ]

    def trust(self, said: Said, *, comb: bool) -> Calibration:
        """How far such an answer can be trusted."""
        if comb:
            return self.comb_calibration
        return self.line_calibration if said.line else self.calibration

    def _line(self, ink: FieldInk | None) -> LineReading | None:
        """Reader B on free writing; a comb's cells part its digits better than any line reader."""
        if ink is None or ink.cells or self.read_line is None or ink.written is None:
            return None
        return self.read_line(ink.crop, ink.written)


def _normalized(ink: FieldInk | None) -> Digits:
    candidates = ink.lattice.candidates if ink else ()
    batch = np.zeros((len(candidates), FIELD_PX, FIELD_PX), np.uint8)
    for k, candidate in enumerate(candidates):
        batch[k] = normalize(ink.lattice.strokes_of(candidate)) if ink else 0
    return batch


@lru_cache(maxsize=2)  # a worker meets the old version and the new one while a job runs out
def load_readers(version: ModelVersion) -> Readers:
    """The readers of a version; loaded once per process.

    Raises:
        ModelError: If the version cannot be used.
    """
    line = line_network_file(version.path)
    card = read_card(version.path)
    return Readers(
        load_classifier(version),
        LineReader(Network(line)) if line else None,
        card.calibration,
        card.comb_calibration,
        card.line_calibration,
    )
