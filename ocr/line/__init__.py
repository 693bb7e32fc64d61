"""Reader B: a field's line read as a whole, without cutting it into digits."""
