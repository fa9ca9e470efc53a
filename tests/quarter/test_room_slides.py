"""The slides of the draw room in a real browser: whatever there is to show, each of them fits the screen."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import expect

from shuangsuiji.plan.drawings import public_value
from shuangsuiji.publish.ceremony import Room, confirmation
from shuangsuiji.quarter import close, freeze, publish, seed
from shuangsuiji.quarter.ceremony import ceremony
from tests.browser import shared
from tests.quarter.ceremony_pages import slides
from tests.quarter.rooms import KL8, rooms, sealed_room, write
from tests.quarter.test_ceremony import OTHER, adopted
from tests.quarter.workspace import MIDWAY as LATER

SCREENS: Final = ((1920, 1080), (1366, 768), (1024, 768), (390, 844))
MEASURE: Final = """() => all().map((_, number) => {
  turn(number - index);
  const main = document.querySelector("main"), foot = document.querySelector("footer");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), sizes = [];
  while (walker.nextNode()) {
    const of = walker.currentNode.parentElement;
    if (walker.currentNode.textContent.trim() && of.getClientRects().length)
      sizes.push(parseFloat(getComputedStyle(of).fontSize));
  }
  const cut = [...document.querySelectorAll("main *, header *")].filter((one) =>
    one.getClientRects().length && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline");
  return {
    title: document.querySelector(".slide:not([hidden])").innerText.slice(0, 40),
    smallest: Math.min(...sizes),
    foot: foot.getBoundingClientRect().bottom,
    footWide: foot.scrollWidth,
    page: document.documentElement.scrollHeight,
    over: main.scrollHeight - main.clientHeight,
    wide: main.scrollWidth - main.clientWidth,
    cut: cut.map((one) => one.outerHTML.slice(0, 80)),
  };
})"""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    return sealed_room(adopted(tmp_path_factory.mktemp("room")))


@pytest.mark.parametrize("screen", SCREENS, ids=lambda one: f"{one[0]}x{one[1]}")
def test_every_slide_fits_the_screen(room: Room, tmp_path: Path, screen: tuple[int, int]) -> None:
    width, height = screen
    page = shared().new_page(viewport={"width": width, "height": height})
    for name, shown in rooms(room):
        page.goto(write(shown, tmp_path / name.replace(" ", "-")).as_uri())
        page.locator("h1").first.wait_for()
        measured: list[dict[str, Any]] = page.evaluate(MEASURE)
        for found in measured:
            where = f"{name}: {found}"
            assert found["foot"] <= height, where
            assert found["page"] <= height, where
            assert found["wide"] <= 0, where
            assert found["cut"] == [], where
            if width > 390:
                assert found["over"] <= 0, where
                assert found["footWide"] <= width, where
            assert found["smallest"] >= (28 if width == 1920 else 12), where
    page.close()


def test_who_corrects_himself_does_not_contradict_himself(tmp_path: Path) -> None:
    store = adopted(tmp_path)
    freeze.freeze(store, values=["kl8:2026040"], contributors=["王代表"], operator="张三", now=LATER)
    publish.publish(store, operator="张三", now=LATER)
    for text in ("春风", "春雨"):
        close.slip(store, "王代表", text, operator="张三", now=LATER)
    shown = slides(ceremony(store, now=LATER))
    assert "等待第二人录入" in shown
    assert "不一致" not in shown
    close.slip(store, "王代表", "秋雨", operator="李四", now=LATER)
    assert "两人录入不一致，请核对" in slides(ceremony(store, now=LATER))
    close.slip(store, "王代表", "春雨", operator="李四", now=LATER)
    close.close(store, operator="张三", now=LATER)
    publish.publish(store, operator="张三", now=LATER)
    for value in (OTHER, KL8):
        seed.typed(store, [f"kl8:2026040={value}"], operator="张三", now=LATER)
    shown = slides(ceremony(store, now=LATER))
    assert "张三录入 <span" in shown
    assert "等待第二人录入" in shown
    assert "<span>02</span>" not in shown, "the first typing is corrected"
    third = "".join(f"{ball:02}" for ball in range(1, 21))
    seed.typed(store, [f"kl8:2026040={third}"], operator="李四", now=LATER)
    shown = slides(ceremony(store, now=LATER))
    assert "张三、李四录入 <span" in shown
    assert "两人录入不一致，请核对" in shown


def test_the_room_sees_the_first_of_what_is_new(room: Room, tmp_path: Path) -> None:
    own = room.own
    assert own is not None
    sealed = replace(own, closing=None, values=(), agreed_by=(), typed=())
    page = shared().new_page(viewport={"width": 1366, "height": 768})
    steps = replace(room, own=None, first=None, draw=None)
    page.goto(write(steps, tmp_path).as_uri())
    title = page.locator(".slide:not([hidden]) h1")
    expect(title).to_have_text("双随机抽取现场")
    write(replace(steps, own=sealed), tmp_path)
    expect(title).to_have_text("封存内容的指纹")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(title).to_have_text("现场投入")
    page.reload()
    expect(title).to_have_text("现场投入")
    closed = replace(sealed, closing=own.closing)
    write(replace(steps, own=closed), tmp_path)
    page.get_by_text("不再接受投入").wait_for()
    expect(title).to_have_text("现场投入")
    write(replace(steps, own=replace(closed, typed=own.typed[:1])), tmp_path)
    page.get_by_text("等待第二人录入").wait_for()
    page.keyboard.press("ArrowLeft")
    expect(title).to_have_text("公开随机数")
    write(replace(room, draw=None), tmp_path)
    page.get_by_text("分别录入，一致").wait_for()
    # Nobody is taken away from a page that he turned back to.
    expect(page.locator("#place")).to_have_text("5 / 6")
    page.keyboard.press("ArrowRight")
    expect(title).to_have_text("抽取检查对象：结果")
    assert room.draw is not None
    assert room.draw.list is not None
    many = replace(room.draw.list, targets=room.draw.list.targets[:1] * 100)
    write(replace(room, draw=replace(room.draw, list=many)), tmp_path)
    page.get_by_text("第1页，共4页").wait_for()
    page.close()


@pytest.mark.parametrize(
    ("value", "hour", "typed", "told"),
    [
        (
            f"kl8:2026040={KL8}",
            13,
            14,
            "快乐8第2026040期（北京时间2026年2月9日 21:00开奖）。以上公开随机数全部产生以前，",
        ),
        (f"kl8:2026040={KL8}", 13, 12, "录入早于公告的开奖时间，录入的数值不是开奖结果，请核查。"),
        (f"kl8:2026040={KL8}", 0, 12, "快乐8第2026040期（公告未载明开奖时间）。以上公开随机数全部产生以前，"),
        (
            "dice:1=31415926",
            0,
            12,
            "（当场掷出，2026年2月9日 20:00:00（北京时间）录入完毕）。以上公开随机数全部产生以前，",
        ),
    ],
)
def test_the_sheet_tells_from_when_the_lists_could_be_computed(
    room: Room, value: str, hour: int, typed: int, told: str
) -> None:
    assert room.own is not None
    hours = {"kl8:2026040": datetime(2026, 2, 9, hour, tzinfo=UTC)} if hour else {}
    own = replace(
        room.own,
        values=(public_value(value),),
        commitment=replace(room.own.commitment, hours=hours),
    )
    times = {**room.times, "seed": datetime(2026, 2, 9, typed, tzinfo=UTC)}
    paper = confirmation(replace(room, own=own, times=times)).decode()
    assert told in paper
    assert ("任何人都不能算出" in paper) == (typed > hour), (
        "no claim is made of a value typed before its hour"
    )
    made_up = confirmation(
        replace(room, own=own, times=times, head=replace(room.head, rehearsal=True))
    ).decode()
    assert "任何人都不能算出" not in made_up
    assert "每日" not in paper
