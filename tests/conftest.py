"""Settings for all tests: property tests always run, bounded, and the same way every time."""

from hypothesis import settings

# Examples are derived from the test itself, so that a red build is red again for whoever looks at it.
settings.register_profile("bounded", max_examples=60, deadline=None, derandomize=True)
settings.load_profile("bounded")
