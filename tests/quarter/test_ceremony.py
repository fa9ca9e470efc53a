"""The draw room's page shows what is there and nothing more: numbers as typed, names only without an embargo."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from shuangsuiji.core.closing import Slip
from shuangsuiji.errors import WrongState
from shuangsuiji.plan.drawings import public_value
from shuangsuiji.publish.ceremony import confirmation
from shuangsuiji.quarter import close, draw, freeze, match, plan, publish, seed
from shuangsuiji.quarter.ceremony import ceremony, follow, read_room
from shuangsuiji.quarter.imports import ListedTask, import_roster
from shuangsuiji.quarter.lotteries import Lotteries
from shuangsuiji.store import Store
from tests.browser import pages, shared
from tests.quarter.ceremony_pages import printed, sheet, slides
from tests.quarter.workspace import ENTITIES, FIRMS, INSPECTORS, NOW, OPERATORS, give, new_store
from tests.quarter.workspace import MIDWAY as LATER

PLAN: Final = """
[plan]
id = "410102-2026-01"
version = 1
authority = "某区市场监督管理局"
title = "一季度抽查计划"
window = {{ from = 2026-03-02, to = 2026-06-30 }}
[publish]
deadline = 2026-02-27
{publish}
[columns]
[[slot]]
id = "lead"
name = "组长"
pool = ["and"]
[[slot]]
id = "member"
name = "组员"
pool = ["and"]
[blocks]
max_targets = 10
max_per_inspector = 4
[[task]]
id = "t"
name = "公示信息检查"
kind = "不定向"
pool = ["and"]
slots = ["lead", "member"]
items = ["年度报告公示信息检查"]
[[task.tier]]
id = "all"
name = "全部"
where = ["and"]
all = true
"""
KL8: Final = "".join(f"{ball:02}" for ball in range(3, 80, 4))
DICE: Final = "31415926535897932384"
OTHER: Final = "".join(f"{ball:02}" for ball in range(2, 80, 4))


SEVERAL: Final = ("ssq:2026016=01020304050607", "dlt:26016=01020304050607", "qxc:26016=12345600")
LISTED: Final = """
[[task]]
id = "sent"
name = "派发检查"
kind = "定向"
list_source = "上级派发"
slots = ["lead", "member"]
items = ["专项检查"]
"""


def adopted(
    tmp_path: Path, publish: str = "", more: str = "", entities: str = ENTITIES, text: str = PLAN
) -> Store:
    store = new_store(tmp_path)
    give(store, "entities", entities)
    give(store, "inspectors", INSPECTORS)
    path = tmp_path / "plan.toml"
    path.write_text(text.format(publish=publish) + more, encoding="utf-8")
    plan.adopt(store, path, salt_key=bytes(range(32)), operator="张三", now=LATER)
    return store


def seeded(store: Store, value: str = f"kl8:2026040={KL8}") -> None:
    for operator in OPERATORS:
        seed.typed(store, [value], operator=operator, now=LATER)


def test_the_page_follows_the_session(tmp_path: Path) -> None:
    store = adopted(tmp_path)
    assert "尚未进行" in slides(ceremony(store, now=LATER))
    done = freeze.freeze(store, values=["kl8:2026040"], contributors=["王代表"], operator="张三", now=LATER)
    page = slides(ceremony(store, now=LATER))
    assert all(f"<span>{done.targets_commitment[at : at + 4]}</span>" in page for at in range(0, 64, 4))
    assert "每日21:30开奖" in page
    publish.publish(store, operator="张三", now=LATER)
    close.slip(store, "王代表", "春风", operator="张三", now=LATER)
    page = slides(ceremony(store, now=LATER))
    assert "等待第二人录入" in page
    assert "春风" not in page, "a slip is shown when two persons have typed the same"
    close.slip(store, "王代表", "春风", operator="李四", now=LATER)
    close.close(store, operator="张三", now=LATER)
    assert "春风" in slides(ceremony(store, now=LATER))
    publish.publish(store, operator="张三", now=LATER)
    seed.typed(store, [f"kl8:2026040={OTHER}"], operator="张三", now=LATER)
    page = slides(ceremony(store, now=LATER))
    assert "<span>02</span><span>06</span>" in page
    assert "等待第二人录入" in page
    seed.typed(store, [f"kl8:2026040={KL8}"], operator="张三", now=LATER)
    page = slides(ceremony(store, now=LATER))
    assert "<span>02</span><span>06</span>" not in page, (
        "what was corrected is not shown, as it does not count"
    )
    assert "等待第二人录入" in page
    assert "不一致" not in page, "who corrects himself does not contradict himself"
    seeded(store)
    page = slides(ceremony(store, now=LATER))
    assert "<span>03</span><span>07</span>" in page
    assert "分别录入，一致" in page
    draw.draw(store, operator="张三", now=LATER)
    result = ceremony(store, now=LATER)
    assert result.confirmation is not None
    assert "甲公司" not in slides(result), "names come with the teams"
    told: list[tuple[int, int]] = []
    places = match.match(
        store, operator="张三", now=LATER, tell=lambda done, of: told.append((done, of))
    ).places
    assert told[-1] == (places, places), "how many places are filled is told while it goes on"
    assert slides(ceremony(store, now=LATER)).count("<li>甲公司</li>") == len(FIRMS)
    paper = result.confirmation.read_text(encoding="utf-8")
    assert done.targets_commitment in paper
    assert all(operator in paper for operator in OPERATORS)


def test_one_session_with_dice_and_the_room_counts_by_reason_and_by_township(tmp_path: Path) -> None:
    states = zip(FIRMS, ("存续,东镇", "存续,西乡", "注销,西乡"), strict=True)
    rows = "".join(f"{code},甲公司,{state}\n" for code, state in states)
    town = PLAN.replace("[publish]", 'district = "town"\n[publish]', 1)
    store = adopted(
        tmp_path,
        entities="统一社会信用代码,企业名称,登记状态,所属乡镇\n" + rows,
        text=town.replace("[columns]", '[columns]\ntown = "所属乡镇"', 1),
    )
    freeze.freeze(store, values=["dice:1"], contributors=["王代表"], operator="张三", now=LATER)
    publish.publish(store, operator="张三", now=LATER)
    page = slides(ceremony(store, now=LATER))
    assert "非存续状态1户" in page
    assert "十面骰子" in page
    with pytest.raises(WrongState, match=r"quarter\.not_closed"):
        seeded(store, f"dice:1={DICE}")
    close.close(store, ["王代表"], operator="张三", now=LATER)
    publish.publish(store, operator="张三", now=LATER)
    seeded(store, f"dice:1={DICE}")
    draw.draw(store, operator="张三", now=LATER)
    match.match(store, operator="张三", now=LATER)
    page = slides(ceremony(store, now=LATER))
    assert "".join(f"<span>{digit}</span>" for digit in DICE) in page
    counts = page.split("各地区抽取数量")[1].split("</section>")[0]
    assert re.findall(r"<tr><td>(.*?)</td><td class=\"n\">(\d+)</td>", counts) == [
        ("东镇", "1"),
        ("西乡", "1"),
    ]


def test_an_embargo_holds_in_the_room_too(tmp_path: Path) -> None:
    store = adopted(tmp_path, "embargo = 2026-07-01")
    freeze.freeze(store, values=["kl8:2026040"], operator="张三", now=LATER)
    publish.publish(store, operator="张三", now=LATER)
    seeded(store)
    draw.draw(store, operator="张三", now=LATER)
    match.match(store, operator="张三", now=LATER)
    result = ceremony(store, now=LATER)
    assert result.confirmation is not None
    for text in (slides(result), result.confirmation.read_text(encoding="utf-8")):
        assert "甲公司" not in text
        assert not any(firm in text for firm in FIRMS)


def test_a_task_whose_list_was_drawn_elsewhere_has_its_row_among_the_results(tmp_path: Path) -> None:
    store = adopted(tmp_path, more=LISTED)
    names = tmp_path / "名单.csv"
    names.write_text(f"统一社会信用代码,企业名称\n{FIRMS[0]},甲公司\n", encoding="utf-8")
    import_roster(store, "list", [names], task=ListedTask("sent"), operator="张三", now=LATER)
    freeze.freeze(store, values=["kl8:2026040"], operator="张三", now=LATER)
    publish.publish(store, operator="张三", now=LATER)
    seeded(store)
    draw.draw(store, operator="张三", now=LATER)
    page = slides(ceremony(store, now=LATER)).split("抽取检查对象：结果")[1]
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in page.split("<tr>") if "<td>" in row]
    assert ["派发检查", "名单由上级派发，本系统只抽取检查人员", "1", "1"] in cells
    assert f"<b>{sum(int(one[3]) for one in cells)}</b><span>检查（户次）" in page, "the rows make the total"


def test_without_a_draw_there_is_nothing_to_show(tmp_path: Path) -> None:
    with pytest.raises(WrongState, match=r"quarter\.no_ceremony"):
        ceremony(new_store(tmp_path), now=NOW)


def test_following_writes_once_for_each_operation(tmp_path: Path) -> None:
    store = adopted(tmp_path)
    looks = iter([True, True, True, False])

    def going_on() -> bool:
        if (on := next(looks)) and not seen:
            seen.append(1)
        elif on and len(seen) == 1:
            seen.append(2)
            freeze.freeze(store, values=["kl8:2026040"], operator="张三", now=LATER)
        return on

    seen: list[int] = []
    states = [one.state for one in follow(store, lambda: ceremony(store, now=LATER), going_on)]
    assert states == ["adopted", "frozen"]


def test_the_confirmation_is_one_page(tmp_path: Path) -> None:
    store = adopted(tmp_path)
    freeze.freeze(store, values=["kl8:2026040"], contributors=["王代表"], operator="张三", now=LATER)
    publish.publish(store, operator="张三", now=LATER)
    for operator in OPERATORS:
        close.slip(store, "王代表", "春风" * 20, operator=operator, now=LATER)
    close.close(store, operator="张三", now=LATER)
    publish.publish(store, operator="张三", now=LATER)
    seeded(store)
    draw.draw(store, operator="张三", now=LATER)
    match.match(store, operator="张三", now=LATER)
    paper = ceremony(store, now=LATER).confirmation
    assert paper is not None
    assert pages(paper) == 1


@pytest.mark.parametrize("late", [False, True])
def test_it_is_one_page_however_many_gave_something_and_were_asked_of(tmp_path: Path, late: bool) -> None:
    store = adopted(tmp_path)
    freeze.freeze(store, values=["kl8:2026040"], contributors=["王代表"], operator="张三", now=LATER)
    publish.publish(store, operator="张三", now=LATER)
    close.close(store, ["王代表"], operator="张三", now=LATER)
    publish.publish(store, operator="张三", now=LATER)
    seeded(store)
    draw.draw(store, operator="张三", now=LATER)
    match.match(store, operator="张三", now=LATER)
    with store.read() as reader:
        room = read_room(reader, reader.draws()[-1], LATER, Lotteries.load().words())
    assert room.own is not None
    assert room.own.closing is not None
    assert room.first is not None
    gave = [Slip(f"某某区人民代表大会代表第{number}联络站王代表", "春") for number in range(10)]
    values = [public_value(one) for one in (f"kl8:2026040={KL8}", *SEVERAL)]
    stage = replace(
        room.own, closing=replace(room.own.closing, contributions=tuple(gave)), values=tuple(values)
    )
    tasks = [replace(one, name="关于企业公示信息和登记事项的双随机抽查" * 2) for one in room.first.tasks * 12]
    crowded = replace(room, own=stage, first=replace(room.first, tasks=tuple(tasks)))
    if late:
        own = replace(stage, commitment=replace(stage.commitment, covers="targets", inspectors=""))
        apart = {f"late-{step}": LATER for step in ("freeze", "close", "seed")}
        crowded = replace(crowded, own=own, late=stage, times={**room.times, **apart})
    paper = tmp_path / "paper.html"
    paper.write_bytes(confirmation(crowded))
    assert pages(paper) == 1
    assert all(said in paper.read_text("utf-8") for said in ("等10人", "项任务，见抽取承诺公告"))


def test_what_the_room_prints_is_what_was_published(tmp_path: Path) -> None:
    store = adopted(tmp_path)
    freeze.freeze(store, values=["kl8:2026040"], contributors=["王代表"], operator="张三", now=LATER)
    assert printed(ceremony(store, now=LATER)) == {}
    publish.publish(store, operator="张三", now=LATER)
    close.close(store, ["王代表"], operator="张三", now=LATER)
    publish.publish(store, operator="张三", now=LATER)
    seeded(store)
    draw.draw(store, operator="张三", now=LATER)
    result = ceremony(store, now=LATER)
    public = store.layout.published / "real-1"
    papers = printed(result)
    assert papers == {
        "抽取承诺公告": (public / "commitment" / "commitment.html").read_text("utf-8"),
        "收集截止公告": (public / "closing" / "closing.html").read_text("utf-8"),
        "抽取确认单": sheet(result),
    }
    page = shared().new_page(viewport={"width": 1280, "height": 720})
    page.add_init_script("window.print = () => { (window.parent.printed ??= []).push(document.title); }")
    page.goto(result.page.as_uri())
    for name in papers:
        page.get_by_role("button", name=name).click()
        page.wait_for_function("name => document.getElementById('paper')?.title === name", arg=name)
    page.wait_for_function("window.printed?.length === 3")
    titles = [re.findall("<title>(.*?)</title>", paper)[0] for paper in papers.values()]
    assert page.evaluate("window.printed") == titles
    page.close()


def test_the_browser_shows_what_is_new(tmp_path: Path) -> None:
    store = adopted(tmp_path)
    result = ceremony(store, now=LATER)
    page = shared().new_page(viewport={"width": 1280, "height": 720})
    page.goto(result.page.as_uri())
    page.get_by_text("双随机抽取现场").wait_for()
    freeze.freeze(store, values=["kl8:2026040"], operator="张三", now=LATER + timedelta(minutes=1))
    ceremony(store, now=LATER)
    page.locator("h1", has_text="封存内容的指纹").wait_for()  # the first new slide, of its own accord
    page.keyboard.press("ArrowRight")
    page.locator("h1", has_text="封存了什么").wait_for()
    page.close()
