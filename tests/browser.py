"""A real Chromium for the tests of the two pages, headless, driven by playwright."""

import atexit
import base64
import hashlib
import os
import re
import shutil
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from pypdf import PdfReader

if TYPE_CHECKING:
    from playwright.sync_api import Browser

VARIABLE: Final = "SHUANGSUIJI_CHROMIUM"
"""Names the browser where it is not on the path."""


def find_chromium() -> str | None:
    """The path of a Chromium on this machine, None if there is none."""
    names = (os.environ.get(VARIABLE, ""), "chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, filter(None, names))), None)


@cache
def shared() -> "Browser":
    """The one browser of a test run, started when it is first asked for.

    Without one the test is skipped, and fails where there has to be one: in CI, or where one is named.
    """
    path = find_chromium()
    if path is None:
        if os.environ.get("CI") == "true" or VARIABLE in os.environ:
            pytest.fail(f"no chromium on the path, nor in {VARIABLE}")
        pytest.skip(f"no chromium on the path (apt-get install chromium, or name one in {VARIABLE})")
    from playwright.sync_api import sync_playwright

    playwright = sync_playwright().start()
    # Without a user namespace, as in a container, Chromium's sandbox does not start.
    browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
    atexit.register(playwright.stop)
    atexit.register(browser.close)
    return browser


def pages(path: Path) -> int:
    """How many pages of paper a page of ours takes when it is printed, on the paper that it asks for."""
    page = shared().new_page()
    page.goto(path.as_uri())
    data = page.pdf(prefer_css_page_size=True)
    page.close()
    return len(PdfReader(BytesIO(data)).pages)


def inline_hashes(page: Path, tag: str) -> list[str]:
    """The sources that a Content-Security-Policy needs for the inline `script` or `style` elements of a page."""
    blocks = re.findall(rf"<{tag}>(.*?)</{tag}>", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    digests = (hashlib.sha256(block.encode()).digest() for block in blocks)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
