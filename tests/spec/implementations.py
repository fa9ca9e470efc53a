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
    **({"page": BrowserPage()} if find_chromium() else {}),
}
