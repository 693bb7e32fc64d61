"""How the samples are drawn: paper, print, handwriting, and the scanner that sees them."""
