"""Single digits: normalizing and classifying them, and where the model versions are."""
