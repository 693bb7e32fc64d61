"""Words taken for numbers: ``python -m bench.words --fonts FOLDER [--n N] [--data FOLDER]``.

Words in fonts, typed and by hand, against written numbers: how many of each `auto` takes for a
field, and, with a folder data set, the weights that part them best (`ocr/written.py`).
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.linear_model import LogisticRegression

from bench.evaluation import SETS, crops, select
from bench.hard_drawing import on_paper
from bench.printed import lettered
from model.dataset import load
from model.line.text import compose
from model.line.writing import write
from model.material import arrange
from model.variants import DIGITS
from ocr.arrays import Gray
from ocr.confidence import WEIGHTS, features
from ocr.digits.versions import champion
from ocr.find import Placement
from ocr.forms import FormField
from ocr.geometry import Box
from ocr.prepare import prepare
from ocr.readers import Readers, load_readers
from ocr.recognize import Recognition, recognize
from ocr.written import has_digits

SEED = 5
_TAIL = "-latin-400-normal.woff"  # one look of each font
_HEIGHT_PX = (22, 40)  # of a digit of the font
_FIELD = FormField(name="box_1", type="digits")
_TOLD_BY = ("intercept", "posterior", "mean_part", "length", "line")
_STATES = (
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM "
    "NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY"
)
_WORDS = (
    "John Mary Smith Anna Lee Springfield Oslo Total Mill lane N/A yes no none Miller Date Name "
    "Station Morning Count ok Berlin School Hilltop Suitland SMITH BILL LISA Bob Jill Hall LOUIS "
    "Liz Olga Igor Zoe SOLD TOTAL TILL Boise Gloria Sally Ella Otto Jo Al Ed Mon Tue Wed Sat kg "
    "cm USA Male F M Oct July Aug Sept Kyoto Peru Rome Ghana left right paid void each"
)


def main() -> None:
    """Draw, read and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--fonts", type=Path, required=True, help="folder of fonts, of any kind")
    parser.add_argument("--n", type=int, default=300, help="words, and numbers of each set")
    parser.add_argument("--data", type=Path, help="folder data set to write numbers of, and fit")
    parser.add_argument("--seed", type=int, default=SEED, help="another draws other words")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    readers = load_readers(champion())
    words = [_read(gray, readers) for gray in _words(options.fonts, options.n, options.seed)]
    groups = {"words": words, **_labelled(options.n, readers)}
    if options.data:
        written = _written(options.data, options.n, options.seed)
        groups["written numbers"] = [_read(gray, readers) for gray in written]
        print(_fitted(groups["written numbers"], words))
    table = Table("drawn or written", "n", "taken for numbers")
    for name, said in groups.items():
        table.add_row(name, str(len(said)), str(sum(map(has_digits, said))))
    Console(width=80).print(table)


def _words(folder: Path, count: int, seed: int) -> Iterator[Gray]:
    """Words, every third a state, in any of the fonts."""
    fonts = sorted(folder.rglob(f"*{_TAIL}"))
    for number in range(count):
        rng = np.random.default_rng([seed, number])
        texts = (_WORDS if number % 3 else _STATES).split()
        text = texts[int(rng.integers(len(texts)))]
        font = fonts[int(rng.integers(len(fonts)))]
        yield on_paper(lettered(text, font, rng.uniform(*_HEIGHT_PX)), rng)


def _written(data: Path, count: int, seed: int) -> Iterator[Gray]:
    """Lines as the line network learns them, of the writers of the test part."""
    rng = np.random.default_rng(seed)
    material = arrange(load(data, "test"), DIGITS, 0.7)
    for _ in range(count):
        yield write(compose(material, rng), rng).gray


def _labelled(count: int, readers: Readers) -> dict[str, list[Recognition]]:
    """Real numbers, where the sets lie beside the project."""
    said = {}
    with tempfile.TemporaryDirectory() as scratch:
        for chosen in (each for each in SETS if each.folder.startswith("strings/")):
            selection = select(chosen, count, Path(scratch))
            found = (gray for _, gray in crops(selection, chosen.targets[0]))
            grays = (np.asarray(cv2.cvtColor(gray, cv2.COLOR_BGR2GRAY), np.uint8) for gray in found)
            said[chosen.name] = [_read(gray, readers) for gray in grays]
    return said


def _read(gray: Gray, readers: Readers) -> Recognition:
    ink = prepare(gray, Placement(Box(0, 0, gray.shape[1], gray.shape[0])))
    said = readers.ask([ink])[0]
    return recognize(ink, said, _FIELD, readers.trust(said, comb=False))


def _fitted(numbers: list[Recognition], words: list[Recognition]) -> dict[str, float]:
    """Weights that part numbers and words, as `ocr/written.py` has them; the others are 0."""
    groups = [[features(said.evidence) for said in g if said.evidence] for g in (numbers, words)]
    labels = np.repeat([1, 0], [len(group) for group in groups])
    places = [WEIGHTS.index(name) for name in _TOLD_BY]
    fit = LogisticRegression(C=0.03, fit_intercept=False, class_weight="balanced")
    fit.fit(np.array([*groups[0], *groups[1]])[:, places], labels)
    return {n: round(float(w), 2) for n, w in zip(_TOLD_BY, fit.coef_[0], strict=True)}


if __name__ == "__main__":
    main()
