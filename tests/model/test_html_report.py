"""The report of an evaluation: one file, nothing fetched, nothing unescaped."""

import base64
import re
from html.parser import HTMLParser

import cv2
import numpy as np
import pytest

from model.dataset import DataSet, Entry
from model.html_report import write_report
from model.intervals import Estimate, Rate, rate
from model.metrics import Evaluation, Misread, class_scores, reject_curve
from model.plots import plot_classes, plot_rejects, plot_reliability
from model.reliability import ConfidenceBin, Reliability
from tests.model.commands import formdigits
from tests.model.drawn_signs import draw_folders, draw_sign

VOID = {"meta", "img"}
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>&amp;'


class Page(HTMLParser):
    """What a browser finds: tags with attributes, texts, and whether tags are closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.open, self.texts = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def report_of(name: str, tmp_path) -> str:
    """The report of two signs, one misread, with `name` as everything that has a name."""
    path = f"test/{name}/{name}.png"
    entries = [Entry(path, name, name, "", ""), Entry("test/b/1.png", "b", name, "", "")]
    data = DataSet([draw_sign("3"), draw_sign("4", 300)], entries)
    confusion = np.array([[0, 1], [0, 1]])
    figures = Evaluation(
        version=name,
        labels=(name, "b"),
        accuracy=rate(1, 2),
        by_source={name: rate(1, 2)},
        as_signs={name: rate(1, 2)},
        classes=class_scores(confusion, [name, "b"]),
        confusion=((0, 1), (0, 1)),
        reliability=Reliability(Estimate(0.1, 0.0, 0.2), (ConfidenceBin(0.9, rate(1, 2)),)),
        rejects=reject_curve(np.array([0.9, 0.8]), np.array([False, True])),
        false_accepts=None,
        zip_codes=None,
        misreads=(Misread(path, name, "b", 0.9), Misread("test/b/1.png", "b", name, 0.8)),
    )
    write_report(figures, data, tmp_path / "report.html")
    return (tmp_path / "report.html").read_text(encoding="utf-8")


def test_names_of_files_classes_and_sources_are_text_whatever_they_hold(tmp_path):
    plain, hostile = Page(report_of("a", tmp_path)), Page(report_of(HOSTILE, tmp_path))
    assert [tag for tag, _ in hostile.tags] == [tag for tag, _ in plain.tags]
    attributes = {name for _, attrs in hostile.tags for name in attrs}
    assert attributes == {name for _, attrs in plain.tags for name in attrs}
    assert f"test/{HOSTILE}/{HOSTILE}.png" in hostile.texts
    assert any(HOSTILE in image["alt"] for image in hostile.all("img"))


def test_a_file_name_that_is_no_utf8_is_still_reported(tmp_path):
    assert "test/a?" in report_of("a\udcff", tmp_path)


def test_every_picture_is_inside_and_told_in_words(tmp_path):
    page = Page(report_of("a", tmp_path))
    assert page.open == []
    for image in page.all("img"):
        content = base64.b64decode(image["src"].removeprefix("data:image/png;base64,"))
        picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
        assert max(picture.shape) <= 112
        assert np.median(picture) == 255  # dark on white, for print
        assert "given" in image["alt"]
    assert len(page.all("img")) == 2
    assert len(page.all("svg")) == 3
    assert all(svg["aria-label"] and svg["role"] == "img" for svg in page.all("svg"))


def test_plots_stay_inside_their_picture():
    wide = [ConfidenceBin(1.0, rate(5, 5)), ConfidenceBin(0.01, rate(0, 1))]
    points = reject_curve(np.linspace(0, 1, 50), np.arange(50) > 40)
    scores = class_scores(np.array([[3, 1], [0, 0]]), ["a", "b"])
    for plot in (plot_reliability(wide), plot_rejects(points), plot_classes(scores)):
        _, _, width, height = map(float, plot.get("viewBox").split())
        places = [
            (float(part.get(x)), float(part.get(y)))
            for part in plot.iter()
            for x, y in (("x", "y"), ("cx", "cy"), ("x1", "y1"), ("x2", "y2"))
            if part.get(x) is not None
        ]
        assert len(places) > 10
        assert all(0 <= x <= width and 0 <= y <= height for x, y in places)


def test_a_better_share_lies_higher_in_the_plot_of_reliability():
    bins = [ConfidenceBin(0.5, Rate(0.2, 9, 0.1, 0.3)), ConfidenceBin(0.9, Rate(0.8, 9, 0.7, 0.9))]
    low, high = plot_reliability(bins).iter("circle")
    assert float(low.get("cx")) < float(high.get("cx"))
    assert float(low.get("cy")) > float(high.get("cy"))


@pytest.fixture
def evaluate(tmp_path):
    draw_folders(tmp_path / "data", "0123456789", split="test")

    def run(*words):
        command = "model", "evaluate", "--data", tmp_path / "data", *words
        return formdigits(*command, state=tmp_path / "state")

    return run


def test_the_command_writes_one_file_that_fetches_nothing(tmp_path, evaluate):
    done = evaluate("--html", tmp_path / "report.html")
    assert done.returncode == 0, done.stderr
    assert "F1" in done.stdout
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    page = Page(text)
    without_pictures = re.sub(r"base64,[A-Za-z0-9+/=]*", "", text)
    assert not re.search(r"https?:|//|url\(|@import", without_pictures)
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "link", "iframe", "object"})
    sources = [attrs[key] for _, attrs in page.tags for key in ("src", "href") if key in attrs]
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    assert str(tmp_path) not in text  # no path of the machine


@pytest.mark.parametrize("place", ["nowhere/report.html", "."])
def test_a_report_that_cannot_be_written_is_refused_before_measuring(tmp_path, evaluate, place):
    done = evaluate("--html", tmp_path / place)
    assert done.returncode == 9
    assert "folder" in done.stderr
    assert done.stdout == ""
