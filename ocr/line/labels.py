"""What the line network reads at each time step."""

from typing import Final

OTHER: Final = "?"  # currency signs, stars, letters, scribble
LABELS: Final = (*"0123456789", ".", ",", "-", "/", OTHER)
BLANK: Final = len(LABELS)  # CTC's blank: the outputs' last column
DIGITS: Final = 10  # the first columns
