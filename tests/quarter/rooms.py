"""Rooms of all sizes for the draw room's page: made of one small draw, since the page knows no more than its view."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from shuangsuiji.bundle.public import PublicDistrict
from shuangsuiji.core.closing import Absent, Contribution, SignedValue, Slip
from shuangsuiji.plan.drawings import announced, public_value
from shuangsuiji.publish.ceremony import (
    PAGE,
    PAPERS,
    SHEET,
    STATE,
    Given,
    Room,
    Stage,
    Typed,
    room_page,
    room_papers,
    room_state,
)
from shuangsuiji.quarter import close, draw, freeze, match, publish, seed
from shuangsuiji.quarter.ceremony import read_room
from shuangsuiji.quarter.lotteries import Lotteries
from shuangsuiji.store import Store
from tests.quarter.workspace import MIDWAY as LATER

KL8: Final = "".join(f"{ball:02}" for ball in range(3, 80, 4))
FIVE: Final = (
    "ssq:2026016=01020304050607",
    "dlt:26016=01020304050607",
    "qxc:26016=12345612",
    "pl5:2026040=12345",
    "fc3d:2026040=123",
)
PERSON: Final = "某某县人民代表大会常务委员会代表第{}联络站王代表"
NAME: Final = "某某县经济技术开发区第{}号智能装备制造有限责任公司"
TASK: Final = "关于企业公示信息和登记事项的双随机抽查"


def sealed_room(store: Store) -> Room:
    """Of a draw that is matched, with one contributor and one lottery."""
    freeze.freeze(store, values=["kl8:2026040"], contributors=["王代表"], operator="张三", now=LATER)
    publish.publish(store, operator="张三", now=LATER)
    for operator in ("张三", "李四"):
        close.slip(store, "王代表", "春风", operator=operator, now=LATER)
    close.close(store, operator="张三", now=LATER)
    publish.publish(store, operator="张三", now=LATER)
    for operator in ("张三", "李四"):
        seed.typed(store, [f"kl8:2026040={KL8}"], operator=operator, now=LATER)
    draw.draw(store, operator="张三", now=LATER)
    match.match(store, operator="张三", now=LATER)
    with store.read() as reader:
        return read_room(reader, reader.draws()[-1], LATER, Lotteries.load().words())


def rooms(room: Room) -> Iterator[tuple[str, Room]]:
    """The room as it is, before its draw, and with much of everything."""
    own = room.own
    assert own is not None
    assert own.closing is not None
    assert room.draw is not None
    assert room.draw.list is not None
    yield "one contributor", room
    before = replace(own, closing=None, values=(), agreed_by=())
    yield "before the draw", replace(room, own=before, first=None, draw=None)
    crowd = _crowded(own)
    yield "fourteen contributors", replace(room, own=crowd)
    open_ = replace(crowd, closing=None, values=(), agreed_by=())
    yield "fourteen, open", replace(room, own=open_, first=None, draw=None)
    values = tuple(public_value(one) for one in FIVE)
    five = replace(own, values=values)
    yield "five lotteries", replace(room, own=five)
    to_come = tuple(announced(one.partition("=")[0]) for one in FIVE)
    coming = replace(before, commitment=replace(own.commitment, values=to_come))
    yield "five to come", replace(room, own=coming, first=None, draw=None)
    typed = tuple(Typed(operator, LATER, values) for operator in ("张三", "李四"))
    yield "five, two typings", replace(room, own=replace(coming, typed=typed), first=None, draw=None)
    yield "late", _late(room, crowd)
    held = replace(room.draw, list=None, embargo=date(2026, 7, 1))
    yield "embargo", replace(room, draw=held)
    target = room.draw.list.targets[0]
    names = tuple(replace(target, name=NAME.format(number)) for number in range(1, 536))
    districts = tuple(PublicDistrict(f"第{number}街道办事处", number, number) for number in range(1, 41))
    listed = replace(room.draw, list=replace(room.draw.list, targets=names), targets=535, districts=districts)
    assert room.first is not None
    first = replace(room.first, districts=districts)
    yield "535 names", replace(room, draw=listed, first=first)
    tasks = tuple(replace(one, name=TASK * 2) for one in room.first.tasks * 12)
    many = replace(own, commitment=replace(own.commitment, tasks=tasks))
    yield "twelve tasks", replace(room, own=many, first=replace(room.first, tasks=tasks))
    dice = replace(own, values=(public_value(f"dice:1={'31415926535897932384' * 2}"),))
    yield "dice", replace(room, own=dice)
    long = replace(
        room.head, authority="某某市某某区市场监督管理局（知识产权局）", title=TASK * 2, rehearsal=True
    )
    yield "long heading, late", replace(_late(room, crowd), head=long)
    yield "long heading, names", replace(room, head=long, draw=listed, first=first)
    by_hand = replace(own, values=(public_value(f"explicit:1={'0123456789abcdef' * 4}"),))
    yield "explicit", replace(room, own=by_hand)


def _crowded(stage: Stage) -> Stage:
    assert stage.closing is not None
    gave: list[Contribution] = [Slip(PERSON.format(1), "春" * 200), Slip(PERSON.format(2), "spring " * 28)]
    gave += [SignedValue(PERSON.format(number), bytes(32), bytes(32), bytes(64)) for number in (3, 4)]
    gave += [Absent(PERSON.format(number)) for number in range(5, 15)]
    given = tuple(Given(PERSON.format(number), None, number % 3) for number in range(1, 15))
    return replace(stage, given=given, closing=replace(stage.closing, contributions=tuple(gave)))


def _late(room: Room, crowd: Stage) -> Room:
    own = replace(crowd, commitment=replace(crowd.commitment, covers="targets", inspectors=""))
    late = replace(crowd, commitment=replace(crowd.commitment, covers="inspectors", targets=""))
    apart = {f"late-{step}": LATER for step in ("freeze", "close", "seed")}
    return replace(room, own=own, late=late, times={**room.times, **apart})


def write(room: Room, folder: Path) -> Path:
    """The page of a room in a folder."""
    names = ("抽取承诺公告", "收集截止公告", "人员补封公告", "人员补封收集截止公告", SHEET)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / PAGE).write_bytes(room_page(room))
    (folder / PAPERS).write_bytes(room_papers(dict.fromkeys(names, b"<p>")))
    (folder / STATE).write_bytes(room_state(room, names))
    return folder / PAGE
