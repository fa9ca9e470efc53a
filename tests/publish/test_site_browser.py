"""The site in a real Chromium, opened from its files: on a telephone, at a desk, without scripts, by keyboard."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from shuangsuiji.publish.site.build import build
from tests import browser
from tests.publish import sites

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

WIDTHS: Final = (390, 1280)
PAGES: Final = (
    *("index.html", "draws/real-7.html", "enterprises/index.html", "enterprises/3.html", "statistics.html"),
    *("verify.html", "data/index.html"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site")
    for name, data in build(sites.mixed()):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(data)
    return target


def tab(width: int = 390, *, script: bool = True) -> Iterator["Page"]:
    """A tab that fails the test for anything that the page was not allowed, or that comes from elsewhere."""
    size: ViewportSize = {"width": width, "height": 800}
    context = browser.shared().new_context(viewport=size, java_script_enabled=script)
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith("file:") else errors.append(asked.url))
    yield page
    context.close()
    assert not errors


@pytest.fixture
def phone() -> Iterator["Page"]:
    yield from tab()


@pytest.fixture
def plain() -> Iterator["Page"]:
    yield from tab(script=False)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_screen_and_its_words_are_large_enough(folder: Path, width: int) -> None:
    for page in tab(width):
        for name in PAGES:
            page.goto((folder / name).as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            size = "[...document.querySelectorAll('main *')].filter(e => e.childNodes.length && e.innerText?.trim())"
            smallest = page.evaluate(
                f"Math.min(...{size}.map(e => parseFloat(getComputedStyle(e).fontSize)))"
            )
            assert smallest >= 12, name
            # Words in charts shrink with the picture.
            widths = "[...document.querySelectorAll('svg.chart')].map(e => e.getBoundingClientRect().width)"
            assert all(14 * wide / 400 >= 11 for wide in page.evaluate(widths)), name


def test_the_search_finds_notices_and_enterprises_from_a_file(folder: Path, phone: "Page") -> None:
    phone.goto((folder / "index.html").as_uri())
    draw = sites.mixed().draws[1]
    assert draw.listing is not None
    target = draw.listing.targets[2]
    for wanted in (target.id, target.id[-8:].lower(), target.name):
        phone.fill("#search-text", wanted)
        phone.keyboard.press("Enter")
        phone.wait_for_selector(f"#search-hits a[href$='#e-{target.id}']")
        assert "找到公告0份、检查对象" in phone.inner_text("#search-said")
    phone.click(f"#search-hits a[href$='#e-{target.id}']")
    assert phone.inner_text("article:target h2").startswith(target.name)
    phone.goto((folder / "index.html").as_uri())
    phone.fill("#search-text", "抽取结果公示")
    phone.wait_for_selector("#search-hits a[href^='notices/']")
    phone.fill("#search-text", "没有这一户")
    phone.wait_for_selector("#search-said:has-text('没有找到')")
    assert phone.query_selector("#search-hits li") is None


def test_without_scripts_all_can_be_read_and_reached(folder: Path, plain: "Page") -> None:
    plain.goto((folder / "index.html").as_uri())
    assert not plain.is_visible("#search-form")
    draw = sites.mixed().draws[1]
    assert draw.listing is not None
    target = draw.listing.targets[5]
    plain.click("text=按代码末1位查找")
    plain.click(f".endings a[href='{target.id[-1]}.html']")
    article = plain.locator(f"#e-{target.id}")
    assert target.name in article.inner_text()
    assert sites.LOST.name in article.inner_text()
    plain.click("header nav >> text=统计")
    plain.click("summary >> nth=0")
    assert plain.is_visible("details table >> nth=0")


def test_the_verifier_without_scripts_says_what_it_needs_and_shows_nothing_empty(
    folder: Path, plain: "Page"
) -> None:
    plain.goto((folder / "verifier.html").as_uri())
    assert "请允许脚本运行" in plain.inner_text("header")
    assert plain.inner_text("h1")
    assert plain.locator(":is(button, h2, label, dt, footer):visible").count() == 0


def test_by_keyboard_one_gets_past_the_menu_and_sees_where_one_is(folder: Path, phone: "Page") -> None:
    phone.goto((folder / "statistics.html").as_uri())
    phone.keyboard.press("Tab")
    assert phone.evaluate("document.activeElement.textContent") == "跳到正文"
    box = phone.locator(":focus").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    phone.keyboard.press("Enter")
    phone.keyboard.press("Tab")
    assert phone.evaluate("document.activeElement.closest('main') !== null")
    style = "getComputedStyle(document.activeElement)"
    assert phone.evaluate(f"{style}.outlineStyle") == "solid"
    assert phone.evaluate(f"parseFloat({style}.outlineWidth)") >= 2


def test_the_menu_says_where_one_is_and_what_is_touched_is_large_enough(folder: Path, phone: "Page") -> None:
    phone.goto((folder / "verify.html").as_uri())
    assert phone.inner_text("nav [aria-current]") == "复核"
    for link in phone.query_selector_all("header nav a"):
        box = link.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24
