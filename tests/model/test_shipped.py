"""The shipped model: complete, made as its card says, and as good as its card claims."""

from pathlib import Path

import numpy as np
import pytest

from model.card import read_card
from model.formats import Format, read_samples
from ocr.digits.classify import load_classifier
from ocr.digits.normalize import normalize
from ocr.digits.versions import ModelVersion, shipped_folder

COLLECTIONS = Path(__file__).parents[3] / "shared" / "data" / "digits"


@pytest.fixture(scope="module")
def version():
    name = (shipped_folder() / "champion").read_text().strip()
    return ModelVersion(shipped_folder() / name, name)


def test_the_card_says_what_it_was_made_from(version):
    card = read_card(version.path)
    assert card["version"] == version.version
    assert card["labels"] == [*"0123456789", "not"]
    assert card["data"]["images"]["test/mnist"] == 10_000
    assert card["test"]["by_source"]["mnist"]["n"] == 10_000
    words = [*card["command"].split(), *card["lines"]["command"].split()]
    assert not [word for word in words if "/" in word and not word.startswith("model/")]


@pytest.mark.skipif(not COLLECTIONS.is_dir(), reason="needs ../shared/data, not in the repository")
@pytest.mark.parametrize(("folder", "layout"), [("mnist", Format.IDX), ("usps", Format.USPS)])
def test_digits_of_unseen_writers_are_read_as_the_card_claims(version, folder, layout):
    classifier = load_classifier(version)
    samples = list(read_samples(COLLECTIONS / folder, layout, "test"))
    chances = classifier(np.stack([normalize(sample.strokes) for sample in samples]))
    read = [classifier.labels[k] for k in chances.argmax(axis=1)]
    right = sum(a == sample.label for a, sample in zip(read, samples, strict=True))
    claimed = read_card(version.path)["test"]["by_source"][folder]["value"]
    # the same network on the same images; another LiteRT build may round a few borderline ones
    assert right / len(samples) == pytest.approx(claimed, abs=0.001)
