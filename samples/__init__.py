"""Documents that the project draws itself, with their truth."""
