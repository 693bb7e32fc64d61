"""What holds for all tests."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)  # a busy machine takes its time
settings.load_profile("unhurried")
