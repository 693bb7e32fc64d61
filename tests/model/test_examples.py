"""What training sees: reproducible, normalized, and no piece that is a digit in its own right."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from model.augment import FIELD_PX, Augmentation, augment, warp
from model.config import TrainingConfig, load_config
from model.dataset import NOT, load
from model.debris import debris, ink_of, overwritten, part_of, piece
from model.material import arrange, make_batch
from model.strokes import SIDE_PX, tight
from model.surroundings import with_dots, with_rule
from model.variants import DIGITS, variant
from ocr.digits.normalize import normalize
from ocr.errors import DataError
from tests.model.drawn_signs import draw_folders, draw_sign

STILL = Augmentation().scaled(0.0)
CLASSES = (*DIGITS, NOT)


@pytest.fixture
def material(tmp_path):
    draw_folders(tmp_path, "0123456789", per_class=8)
    return arrange(load(tmp_path, "train"), CLASSES, source_power=1.0)


def test_a_step_gives_the_same_batch_again_and_another_step_another(material):
    config = TrainingConfig(batch_size=64)
    digits, numbers = make_batch(material, CLASSES, config, step=5)
    again, same_numbers = make_batch(material, CLASSES, config, step=5)
    assert (digits == again).all()
    assert (numbers == same_numbers).all()
    assert (make_batch(material, CLASSES, config, step=6)[0] != digits).any()


def test_batches_hold_all_classes_in_the_shares_of_the_settings(material):
    config = TrainingConfig(batch_size=1000, debris_share=0.3, string_share=0.0)
    digits, numbers = make_batch(material, CLASSES, config, step=0)
    assert digits.shape == (1000, 28, 28)
    counts = np.bincount(numbers, minlength=len(CLASSES))
    assert (counts > 0).all()
    assert abs(counts[-1] - 300) < 60  # 4 standard deviations of a draw of 1,000


def test_no_augmentation_leaves_the_sign_as_it_is():
    sign = tight(draw_sign("5"))
    rng = np.random.default_rng(0)
    same = normalize(augment(sign, [sign], STILL, rng)).astype(int)
    assert np.abs(same - normalize(sign)).mean() < 3  # centred on half a pixel: interpolated once


def test_augmented_signs_stay_in_the_field_and_keep_ink():
    rng = np.random.default_rng(0)
    sign, strong = tight(draw_sign("8")), Augmentation(rotation_deg=20, slant=0.4)
    for _ in range(200):
        assert warp(sign, strong, rng).shape == (FIELD_PX, FIELD_PX)
        assert normalize(augment(sign, [sign], strong, rng)).sum() > 0


def test_flips_mirror_and_are_off_by_default():
    rng = np.random.default_rng(0)
    sign = tight(draw_sign("7"))
    assert Augmentation().flip_chance == 0.0
    flip = replace(STILL, flip_chance=1.0)
    mirrored = augment(sign, [], flip, rng)
    plain = augment(sign, [], STILL, rng)
    assert np.abs(mirrored[:, ::-1].astype(int) - plain).mean() < 3


def test_a_squared_sign_is_as_wide_as_high_but_a_stroke_stays_a_stroke():
    square = replace(STILL, square_chance=1.0)
    rng = np.random.default_rng(0)
    six, stroke = (draw_sign(label, pen_px=2) for label in "6|")
    wide, slim = (tight(augment(tight(sign), [], square, rng)).shape for sign in (six, stroke))
    assert tight(six).shape[1] < 0.9 * SIDE_PX
    assert min(wide) > 0.95 * SIDE_PX
    assert slim[1] < 0.5 * SIDE_PX


def test_rules_and_dots_stand_beside_a_sign_and_take_nothing_of_it():
    rng = np.random.default_rng(0)
    sign = warp(tight(draw_sign("8")), STILL, rng)
    for with_more in (with_rule, with_dots):
        made = [with_more(sign, rng) for _ in range(40)]
        assert all((more >= sign).all() for more in made)
        assert sum((more > sign).any() for more in made) > 30
    box = cv2.boundingRect(sign)
    ruled = [cv2.boundingRect(with_rule(sign, rng)) for _ in range(40)]
    assert all(w > box[2] + 4 or h > box[3] + 4 for _, _, w, h in ruled)  # beyond the sign's ends


def test_an_upright_beside_a_one_is_no_rule():
    rng = np.random.default_rng(0)
    one = warp(tight(draw_sign("|", pen_px=2)), STILL, rng)
    assert all((with_rule(one, rng) == one).all() for _ in range(40))


def test_overwritten_signs_lie_in_one_place_and_show_both():
    rng = np.random.default_rng(0)
    two, four = (tight(draw_sign(label)) for label in "24")
    made = [overwritten([two, four], ["2", "4"], rng) for _ in range(40)]
    in_one_place = [both for both in made if both.shape[1] < 1.4 * four.shape[1]]
    assert len(in_one_place) > 10  # the others hide one another and stand side by side
    assert all(ink_of(both) > 1.3 * ink_of(two) for both in in_one_place)


def test_debris_is_never_one_whole_sign_nor_a_bare_upright():
    rng = np.random.default_rng(3)
    ones = [tight(draw_sign("1", pen_px=2)[:, 8:20])] * 3
    for _ in range(300):
        made = tight(debris(ones, ["1", "1", "1"], rng))
        if made.size > 1:
            assert made.shape[1] > 0.12 * made.shape[0]


@pytest.mark.parametrize("label", DIGITS)
def test_a_piece_has_at_most_half_of_its_sign_or_two_signs(label):
    sign, rng = tight(draw_sign(label)), np.random.default_rng(4)
    pieces = [piece([sign, sign], [label, label], rng) for _ in range(100)]
    shares = np.array([ink_of(made) / ink_of(sign) for made in pieces])
    assert ((shares <= 0.5) | (shares > 1.5)).all()


def test_debris_is_reproducible():
    signs = [tight(draw_sign(label)) for label in "234"]
    one, other = (debris(signs, list("234"), np.random.default_rng(9)) for _ in range(2))
    assert (one == other).all()


def test_parts_are_at_their_side():
    sign = np.arange(100, dtype=np.uint8).reshape(10, 10)
    assert (part_of(sign, "left", 0.3) == sign[:, :3]).all()
    assert (part_of(sign, "right", 0.3) == sign[:, 7:]).all()
    assert (part_of(sign, "top", 0.3) == sign[:3]).all()
    assert (part_of(sign, "bottom", 0.3) == sign[7:]).all()


@pytest.mark.parametrize("label", DIGITS)
def test_drawn_shapes_have_ink_and_differ(label):
    rng = np.random.default_rng(0)
    shapes = [normalize(variant(label, rng)) for _ in range(12)]
    assert all(shape.max() == 255 for shape in shapes)
    assert len({shape.tobytes() for shape in shapes}) >= 6  # machine print repeats, hands do not


def test_tight_crops_reach_their_edges():
    crop = tight(draw_sign("2", 100))
    assert max(crop.shape) == SIDE_PX
    assert min(crop[0].max(), crop[-1].max(), crop[:, 0].max(), crop[:, -1].max()) >= 32
    assert tight(np.zeros((9, 9), np.uint8)).shape == (1, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("epochs = 'many'", "epochs must be a int"),
        ("epoch = 3", "unknown key 'epoch'"),
        ("[augmentation]\nspin = 1", "unknown key 'spin'"),
        ("epochs = ", "no TOML"),
    ],
)
def test_settings_with_a_mistake_name_it(tmp_path, text, message):
    (tmp_path / "train.toml").write_text(text)
    with pytest.raises(DataError, match=message):
        load_config(tmp_path / "train.toml")


def test_settings_are_read_and_overridden(tmp_path):
    path = tmp_path / "train.toml"
    path.write_text("epochs = 3\nlearning_rate = 1\n[augmentation]\nslant = 0.5\n")
    config = load_config(path, epochs=None, seed=4)
    assert (config.epochs, config.learning_rate, config.seed) == (3, 1, 4)
    assert config.augmentation.slant == 0.5
