"""Settings for all tests: property tests always run, bounded, and the same way every time."""

import fcntl
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.browser import shared

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Examples are derived from the test itself, so that a red build is red again for whoever looks at it.
settings.register_profile("bounded", max_examples=60, deadline=None, derandomize=True)
settings.load_profile("bounded")

_LONGEST = ("test_year", "test_make_vectors", "test_readme", "test_same_bytes", "test_matching_agrees")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first: at the end one process would be busy with them and the others have nothing left to do."""
    items.sort(key=lambda item: item.path.stem not in _LONGEST)


@pytest.fixture(scope="session")
def loops(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The compiled loops: one process compiles them, the others wait and read them from its cache."""
    from benchmarks.loading import compiled_anew

    base = tmp_path_factory.getbasetemp()
    with (base.parent / "loops.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        compiled_anew()


@pytest.fixture(scope="session")
def browser() -> "Browser":
    """A headless Chromium, one for all tests; skips where there is none."""
    return shared()
