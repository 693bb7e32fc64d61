"""Five hands: which digits of scikit-learn's `load_digits` each of them writes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hand:
    """One person's way of writing.

    Attributes:
        digits: Per digit 0..9 the legible ones of one stretch of `load_digits`, which is ordered
            by writer, as indices.
        slant: Shear to the right, pixels a pixel.
        gap: Space between digits as a share of their height; under 0 they touch.
    """

    digits: tuple[tuple[int, ...], ...]
    slant: float = 0.0
    gap: float = 0.16


# Picked by eye from sheets of all the digits that stay in one piece when enlarged.
ROUND = Hand(
    digits=(
        (334, 386, 266),
        (257, 326, 355),
        (258, 306, 310, 333, 371),
        (318, 354, 385, 347),
        (909, 919, 966, 1011),
        (281, 302, 358, 365, 373),
        (290, 321, 338, 351, 360),
        (300, 337, 342, 374),
        (264, 294, 309, 332, 370),
        (325, 329, 348, 361),
    ),
    slant=0.08,
)
CLOSED = Hand(
    digits=(
        (396, 406, 416, 434, 464),
        (407, 428, 466, 493),
        (408, 437, 463, 499),
        (389, 431, 445, 448, 469),
        (410, 496, 497, 670),
        (401, 411, 460, 488, 503),
        (392, 412, 420, 452, 481),
        (403, 413, 429, 447, 494),
        (394, 404, 439, 508),
        (415, 417, 423, 455, 491),
    ),
    gap=0.2,
)
UPRIGHT = Hand(
    digits=(
        (516, 536, 546, 564),
        (615, 647, 657),
        (518, 538, 566, 593),
        (519, 529, 561, 579),
        (520, 540, 557, 613),
        (531, 541, 548, 562),
        (522, 532, 542, 583),
        (523, 543, 597, 624),
        (500, 513, 515),
        (514, 535, 553, 589),
    ),
    slant=-0.03,
)
LOOPED = Hand(
    digits=(
        (642, 646, 666, 724),
        (693, 702, 726, 777),
        (668, 696, 703, 759, 788),
        (669, 705, 737, 789),
        (743, 800, 817, 840),
        (651, 679, 692, 748),
        (652, 672, 680, 741),
        (634, 653, 673, 862),
        (674, 722, 768, 773),
        (655, 685, 765, 785),
    ),
    slant=0.14,
    gap=0.12,
)
WIDE = Hand(
    digits=(
        (935, 1002, 1039),
        (846, 861, 875),
        (907, 953, 977, 1014),
        (908, 918, 962, 985, 990),
        (909, 946, 966, 1011),
        (920, 930, 937, 976, 1003),
        (921, 931, 967, 996),
        (922, 963, 983, 1013),
        (913, 923, 943, 978, 1015),
        (914, 934, 942, 971),
    ),
    slant=0.05,
    gap=0.14,
)
