"""The measurements measure what they say."""

import os
import subprocess
import sys
import time

import cv2
import numpy as np
import pytest

import ocr
from bench.accuracy import parse_score
from bench.dense_page import CELLS, FIELDS, write_form, write_page
from bench.evaluation import DATA, SETS, select
from bench.memory import descendants, peak_child_mb
from bench.pages.draw import fill
from bench.pages.layout import layouts
from bench.pages.measure import form_of
from bench.service import cpu_seconds

PRINTED = """n 521
exact 0.6526  (95 % 0.6107 to 0.6922)
no_value 0.0100
accepted 0.4000  wrong_among_accepted 0.0048
read_rate_at_0.01 0.3600
read_rate_at_0.005 0.3000
read_rate_at_0.001 0.1200
"""


def test_figures_of_the_yardstick_are_read() -> None:
    score = parse_score(PRINTED)
    assert (score.n, score.exact, score.low, score.high) == (521, 0.6526, 0.6107, 0.6922)
    assert (score.accepted, score.accepted_wrong) == (0.4, 0.0048)
    assert score.read_rates == (0.36, 0.3, 0.12)


def test_a_missing_figure_is_an_error() -> None:
    with pytest.raises(ValueError, match="printed no"):
        parse_score("n 3\nexact 0.5\n")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_of_the_leaf_process_is_found() -> None:
    child = "import time; held = bytearray(b'x') * 100_000_000; time.sleep(0.6)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    peak = peak_child_mb([sys.executable, "-c", parent], dict(os.environ))
    assert 95 < peak < 140, "100 MB are held, an interpreter takes about 10"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_processor_time_of_a_process_counts_children_that_it_outlived() -> None:
    child = "import time\nwhile time.process_time() < 0.3: pass"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}]); input()"
    with subprocess.Popen([sys.executable, "-c", parent], stdin=subprocess.PIPE) as process:
        while descendants(process.pid) or cpu_seconds(process.pid) < 0.2:
            time.sleep(0.01)
        assert 0.3 <= cpu_seconds(process.pid) < 5
        process.communicate(b"\n")


def test_the_dense_page_fits_its_form(tmp_path) -> None:
    write_form(tmp_path / "dense.toml")
    write_page(tmp_path / "page.jpg")
    form = ocr.load_form(tmp_path / "dense.toml")
    assert (len(form.fields), {field.cells for field in form.fields}) == (FIELDS, {CELLS})
    page = cv2.imread(str(tmp_path / "page.jpg"), cv2.IMREAD_GRAYSCALE)
    assert page.shape == (3508, 2480), "A4 at 300 dpi"


@pytest.mark.skipif(not DATA.exists(), reason=f"no labelled data at {DATA}")
def test_a_sample_is_the_same_each_time(tmp_path) -> None:
    chosen = []
    for scratch in (tmp_path / "first", tmp_path / "second"):
        scratch.mkdir()
        chosen.append(select(SETS[0], 5, scratch))
    assert chosen[0].rows == chosen[1].rows
    assert len(list(chosen[0].images.iterdir())) == 5


def test_a_filled_form_is_the_same_each_time_and_its_form_knows_all_fields() -> None:
    for layout in layouts():
        assert len(form_of(layout).fields) == len(layout.blanks)
    census = layouts()[0]
    assert len(census.blanks) == 28
    one, other = (fill(census, np.random.default_rng(4)) for _ in range(2))
    assert one.values == other.values
    assert (one.gray == other.gray).all()
