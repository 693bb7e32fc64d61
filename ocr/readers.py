"""The two readers of a model version, what they say of fields, and how far they can be trusted."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import log

import numpy as np

from ocr.arrays import Digits, Probabilities
from ocr.confidence import Calibration
from ocr.decode import Hypothesis, decode
from ocr.digits.classify import DigitClassifier, load_classifier
from ocr.digits.normalize import FIELD_PX, normalize
from ocr.digits.versions import ModelVersion, line_network_file, read_card
from ocr.fusion import fuse
from ocr.guide import guided
from ocr.lattice import Lattice
from ocr.line.reader import LineReader, LineReading
from ocr.network import Network
from ocr.prepare import FieldInk

_AGREED = log(0.8)  # log of the share of the best string among all


@dataclass(frozen=True, eq=False)
class Said:
    """What the readers say of a field.

    Attributes:
        lattice: The candidates that the digit network was asked about.
        probabilities: (candidates, classes) of them.
        labels: The classes.
        line: The line reader's answer; None if it was not asked.
    """

    lattice: Lattice
    probabilities: Probabilities
    labels: tuple[str, ...]
    line: LineReading | None = None

    @cached_property
    def hypotheses(self) -> list[Hypothesis]:
        """The strings of the lattice, as free writing, best first."""
        also = self.line.strings if self.line else ()
        return decode(self.lattice, self.probabilities, self.labels, also)

    @property
    def agree(self) -> bool:
        """Whether the answer of both readers together is, without much doubt, the line's."""
        if self.line is None or not self.hypotheses:
            return False
        best = fuse(self.hypotheses, self.line)[0]
        return best.digits == self.line.best[0] and best.log_p >= _AGREED


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

    def ask(self, inks: Sequence[FieldInk]) -> list[Said]:
        """What the readers say of each field of a page; its digits are classified in one batch.

        Where the line's first views agree, they guide the lattice. Where it denies what they say,
        both readers are asked again, at length.
        """
        lines = [self._line(ink) for ink in inks]
        lattices = [_guided(ink, line) for ink, line in zip(inks, lines, strict=True)]
        said = self._classified(lattices, lines)
        doubtful = [
            (k, ink, line)
            for k, (ink, line) in enumerate(zip(inks, lines, strict=True))
            if line is not None and line.is_sure and not said[k].agree
        ]
        lines = [self._line_at_length(ink, line) for _, ink, line in doubtful]
        again = self._classified([ink.lattice for _, ink, _ in doubtful], lines)
        for (k, _, _), answer in zip(doubtful, again, strict=True):
            said[k] = answer
        return said

    def _classified(
        self, lattices: Sequence[Lattice], lines: Sequence[LineReading | None]
    ) -> list[Said]:
        """What the digit network says of all candidates, in one batch, beside the lines."""
        if not lattices:
            return []
        digits = [_normalized(lattice) for lattice in lattices]
        ends = np.cumsum([len(batch) for batch in digits])
        parts = np.split(self.classify(np.concatenate(digits)), ends[:-1])
        labels = self.classify.labels
        return [
            Said(lattice, rows, labels, line)
            for lattice, rows, line in zip(lattices, parts, lines, strict=True)
        ]

    def trust(self, said: Said, *, comb: bool) -> Calibration:
        """How far such an answer can be trusted."""
        if comb:
            return self.comb_calibration
        return self.line_calibration if said.line else self.calibration

    def _line(self, ink: FieldInk) -> LineReading | None:
        """Reader B on free writing; a comb's cells part its digits better than any line reader."""
        if ink.cells or self.read_line is None or ink.written is None:
            return None
        return self.read_line(ink.crop, ink.written)

    def _line_at_length(self, ink: FieldInk, first: LineReading) -> LineReading:
        if self.read_line is None or ink.written is None:
            return first
        return self.read_line.at_length(ink.crop, ink.written, first)


def _guided(ink: FieldInk, line: LineReading | None) -> Lattice:
    """The candidates to ask about: few where the line is sure where the digits are."""
    if line is None or not line.is_sure or ink.written is None:
        return ink.lattice
    return guided(ink.lattice, [column * ink.scale for column in line.columns(ink.written)])


def _normalized(lattice: Lattice) -> Digits:
    batch = np.zeros((len(lattice.candidates), FIELD_PX, FIELD_PX), np.uint8)
    for k, candidate in enumerate(lattice.candidates):
        batch[k] = normalize(lattice.strokes_of(candidate))
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
