"""The implementations that the vectors are put to."""

from collections.abc import Mapping

from docs.spec.v1.scenarios.reference import Reference
from tests.browser import find_chromium
from tests.spec.engine import Engine
from tests.spec.page import BrowserPage
from tests.spec.protocol import Implementation

IMPLEMENTATIONS: Mapping[str, Implementation] = {
    "verify.py": Reference(),
    "engine": Engine(),
    "page": BrowserPage(),
}
"""All of them: a test of the page skips with the reason where there is no Chromium."""

HERE: Mapping[str, Implementation] = {
    name: one for name, one in IMPLEMENTATIONS.items() if name != "page" or find_chromium()
}
"""Those that can be asked on this machine, for tests that compare several at once: one that is not there must not
skip the others."""
