"""What training examples are made from, and the making of one batch."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.augment import Augmentation, augment, warp
from model.config import TrainingConfig
from model.dataset import NOT, DataSet
from model.debris import debris
from model.strings import LabelledString, lattice_samples, synthesize
from model.strokes import tight
from model.variants import DIGITS, variant
from ocr.arrays import Digits, Strokes
from ocr.digits.normalize import normalize

Rng = np.random.Generator


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """The signs of a split as tight crops, arranged for drawing.

    Attributes:
        crops: One per sign.
        labels: Class of each.
        numbers: (N,) place of each class among the network's outputs.
        reach: (N,) cumulative chance of each to be drawn.
        fellows: (N, 2) first and past-last place, in `order`, of the signs of the same writer, or
            of the same source where writers are unknown.
        order: (N,) signs sorted by writer.
    """

    crops: list[Strokes]
    labels: list[str]
    numbers: np.ndarray
    reach: np.ndarray
    fellows: np.ndarray
    order: np.ndarray

    @property
    def labels_sha256(self) -> str:
        """What tells a run on these signs from one on others."""
        return hashlib.sha256("\n".join(self.labels).encode()).hexdigest()

    def draw(self, rng: Rng) -> int:
        """Draw a sign."""
        place = int(np.searchsorted(self.reach, rng.random(), side="right"))
        return min(place, len(self.crops) - 1)

    def draw_fellows(self, sign: int, count: int, rng: Rng) -> list[int]:
        """Draw signs of the same writer."""
        start, stop = self.fellows[sign]
        return [int(self.order[i]) for i in rng.integers(start, stop, count)]


def arrange(data: DataSet, classes: Sequence[str], source_power: float) -> Material:
    """Prepare a split for drawing: a source of n signs is drawn n**source_power times as often."""
    sources = [entry.source for entry in data.entries]
    _, source_of, counts = np.unique(sources, return_inverse=True, return_counts=True)
    weights = (counts.astype(np.float64) ** (source_power - 1.0))[source_of]
    groups = np.array([f"{e.source}/{e.writer}" for e in data.entries])
    _, group_of, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    stops = np.cumsum(sizes)
    place = {name: number for number, name in enumerate(classes)}
    return Material(
        crops=[tight(image) for image in data.images],
        labels=data.labels,
        numbers=np.array([place[label] for label in data.labels]),
        reach=np.cumsum(weights) / weights.sum(),
        fellows=np.stack([stops - sizes, stops], axis=1)[group_of],
        order=np.argsort(group_of, kind="stable"),
    )


def make_batch(
    material: Material, classes: Sequence[str], config: TrainingConfig, step: int
) -> tuple[Digits, np.ndarray]:
    """Make the batch of a step; the same seed and step give the same batch on any process.

    Returns:
        Normalized examples (B, 28, 28) and class numbers (B,).
    """
    rng = np.random.default_rng((config.seed, step))
    how = config.augmentation_at(step)
    digits_only = set(classes) - {NOT} == set(DIGITS)
    drawn_share = config.drawn_share if digits_only else 0.0
    examples = np.empty((config.batch_size, 28, 28), np.uint8)
    numbers = np.empty(config.batch_size, np.int64)
    from_strings = round(config.string_share * config.batch_size) if digits_only else 0
    if from_strings:
        cut, labels = make_cuts(material, how, from_strings, rng)
        examples[:from_strings] = cut
        numbers[:from_strings] = [classes.index(label) for label in labels]
    singles = rng.random(config.batch_size - from_strings)
    for i, chance in enumerate(singles, start=from_strings):
        if chance < config.debris_share:
            numbers[i] = classes.index(NOT)
            examples[i] = make_debris(material, how, rng)
        elif chance < config.debris_share + drawn_share:
            label = DIGITS[int(rng.integers(len(DIGITS)))]
            numbers[i] = classes.index(label)
            crop = tight(variant(label, rng))
            examples[i] = normalize(augment(crop, [], how, rng))
        else:
            sign = material.draw(rng)
            numbers[i] = material.numbers[sign]
            examples[i] = make_example(material, sign, how, rng)
    return examples, numbers


_MOST_PER_STRING = 4  # digits, and others: more of one string would make a batch alike
_MOST_DIGITS = 7
_ROUND_AMOUNT = 0.35  # chance of two to four zeros at the end, as amounts have them


def make_cuts(
    material: Material, how: Augmentation, count: int, rng: Rng
) -> tuple[Digits, list[str]]:
    """Write strings, cut them as the reader does, and keep what comes out.

    Returns:
        (count, 28, 28) candidates and their classes.
    """
    examples: list[Strokes] = []
    labels: list[str] = []
    while len(examples) < count:
        string = make_string(material, how, rng)
        cut, found = lattice_samples(string, NOT, _MOST_PER_STRING, rng)
        examples += list(cut)
        labels += found
    return np.stack(examples[:count]), labels[:count]


def make_string(material: Material, how: Augmentation, rng: Rng) -> LabelledString:
    """Write a string of one writer's signs; the shapes that collections lack stand among them."""
    first = material.draw(rng)
    signs = [first, *material.draw_fellows(first, int(rng.integers(_MOST_DIGITS)), rng)]
    if rng.random() < _ROUND_AMOUNT:
        fellows = material.draw_fellows(first, 40, rng)
        signs += [k for k in fellows if material.labels[k] == "0"][: int(rng.integers(2, 5))]
    labels = [material.labels[k] for k in signs]
    other_school = rng.random() < 0.25
    crops = []
    for sign, label in zip(signs, labels, strict=True):
        drawn = rng.random() < (0.5 if other_school else 0.06)
        crop = tight(variant(label, rng)) if drawn else material.crops[sign]
        crops.append(tight(warp(crop, how, rng)))
    return synthesize(crops, labels, rng)


def make_example(material: Material, sign: int, how: Augmentation, rng: Rng) -> Strokes:
    """Augment one sign, with bits of its writer's other signs, and normalize it; (28, 28)."""
    neighbours = [material.crops[i] for i in material.draw_fellows(sign, 1, rng)]
    return normalize(augment(material.crops[sign], neighbours, how, rng))


def make_debris(material: Material, how: Augmentation, rng: Rng) -> Strokes:
    """Make one example of `not` from signs of one writer, augmented and normalized; (28, 28)."""
    first = material.draw(rng)
    signs = [first, *material.draw_fellows(first, 2, rng)]
    crops, labels = [material.crops[i] for i in signs], [material.labels[i] for i in signs]
    return normalize(augment(tight(debris(crops, labels, rng)), [], how, rng))
