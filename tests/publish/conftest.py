"""Tabs with the verifier's page open."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.publish.verifier_page import DESKTOP, PHONE, VerifierPage

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def desk(browser: "Browser") -> Iterator[VerifierPage]:
    """One tab for all bundles, one after the other."""
    page = VerifierPage(browser)
    yield page
    assert page.errors == []
    page.tab.close()


@pytest.fixture
def page(browser: "Browser") -> Iterator[VerifierPage]:
    """A tab of its own, at desktop width."""
    page = VerifierPage(browser)
    yield page
    assert page.errors == []
    page.tab.close()


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def any_size(browser: "Browser", request: pytest.FixtureRequest) -> Iterator[VerifierPage]:
    page = VerifierPage(browser, request.param)
    yield page
    assert page.errors == []
    page.tab.close()
