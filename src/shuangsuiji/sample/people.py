"""执法检查人员: the inspectors of the invented county, or of any registry's districts, and their yearly review."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shuangsuiji.errors import InputRefused
from shuangsuiji.sample.chance import Chance, share
from shuangsuiji.sample.county import (
    BUREAUS,
    MARKET_BUREAU,
    MARKET_QUALIFICATIONS,
    OFFICE_QUALIFICATIONS,
    SECTIONS,
    TOWNSHIPS,
)
from shuangsuiji.sample.marks import mark
from shuangsuiji.sample.numbers import AREA
from shuangsuiji.sample.table import Table
from shuangsuiji.sample.trades import GIVEN, SURNAMES

MOST: Final = 900_000
"""The most inspectors of one roster."""
LEAST_PER_DISTRICT: Final = 10
CERTIFICATE: Final = "执法证编号"

_ROSTER_COLUMNS: Final = (
    "姓名",
    "性别",
    "身份证号",
    "手机号",
    "单位",
    "业务部门",
    "地区",
    "岗位资质资格",
    CERTIFICATE,
    "执法证有效期",
    "在岗状态",
)
_REVIEW_COLUMNS: Final = (CERTIFICATE, "姓名", "审验结论", "原因")
_CANCELLED_BECAUSE: Final = ("退休", "调离执法岗位", "辞职", "审验考试不合格", "未参加审验")
_UNDRAWABLE_BECAUSE: Final = ("领导岗位", "窗口内勤", "法制审核", "借调", "驻村", "病产假")


@dataclass(frozen=True, slots=True)
class Post:
    """编制: so many persons of one unit and section who belong to one district ("" = the whole county)."""

    unit: str
    department: str
    district: str
    persons: int
    qualifications: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class People:
    """人员: the roster and the yearly review (年度审验), with one row per certificate in both."""

    roster: Table
    review: Table

    @property
    def tables(self) -> tuple[Table, ...]:
        """Both."""
        return (self.roster, self.review)

    def districts(self) -> dict[str, str]:
        """District by inspector's id, the least certificate number of the person."""
        columns = (self.roster.column(name) for name in ("身份证号", CERTIFICATE, "地区"))
        by_person: dict[str, tuple[str, str]] = {}
        for person, number, district in zip(*columns, strict=True):
            by_person[person] = min((number, district), by_person.get(person, (number, district)))
        return dict(by_person.values())


def county_posts() -> tuple[Post, ...]:
    """The 1,064 posts of 拟安县: 160 in the market bureau, 2 to 4 in each township office, 859 in 22 bureaus."""
    posts = [Post(MARKET_BUREAU, one.name, "", one.persons, one.qualifications) for one in SECTIONS]
    for town in TOWNSHIPS:
        station = f"{town.short}市场监督管理所"
        posts.append(Post(MARKET_BUREAU, station, town.name, town.station, MARKET_QUALIFICATIONS))
    for town in TOWNSHIPS:
        office = f"{town.name}办事处" if town.name.endswith("街道") else f"{town.name}人民政府"
        posts.append(Post(office, "综合行政执法队", town.name, town.office, OFFICE_QUALIFICATIONS))
    posts += [Post(one.name, "", "", one.persons, one.qualifications) for one in BUREAUS]
    return tuple(posts)


def district_posts(districts: Mapping[str, int], number: int) -> tuple[Post, ...]:
    """`number` posts for any registry: `districts` maps each district (as the registry writes it) to its entities.

    Half are spread evenly over the districts and half by entities; of each district's, half are in its market
    bureau and half in four others. Raises InputRefused `sample.districts` without districts and
    `sample.number` unless there are at least LEAST_PER_DISTRICT for each and at most MOST in all.
    """
    if not districts or sum(districts.values()) < 1:
        raise InputRefused("sample.districts")
    least = LEAST_PER_DISTRICT * len(districts)
    if not least <= number <= MOST:
        raise InputRefused("sample.number", number=number, least=least, most=MOST)
    names = sorted(districts)
    even = share(number - number // 2, [1] * len(names))
    by_size = share(number // 2, [districts[name] for name in names])
    units = ((MARKET_BUREAU, MARKET_QUALIFICATIONS), *((one.name, one.qualifications) for one in BUREAUS[:4]))
    return tuple(
        Post(f"{name}{unit}", "", name, persons, qualifications)
        for name, total in zip(names, map(sum, zip(even, by_size, strict=True)), strict=True)
        for (unit, qualifications), persons in zip(units, share(total, (4, 1, 1, 1, 1)), strict=True)
    )


def people(posts: Sequence[Post], *, seed: int, cancelled: int, undrawable_per_thousand: int = 0) -> People:
    """One person for each post; exactly `cancelled` of them lose their only certificate in the review.

    Some persons hold a second certificate, which may have run out; the first is valid for the whole of 2021.
    The undrawable (不参与抽取) bear their reason as state of duty. Raises InputRefused `sample.cancelled` if
    fewer than `cancelled` persons hold one certificate.
    """
    chance = Chance(seed, "people")
    rows: list[tuple[str, ...]] = []
    single: list[str] = []
    serial = 0
    for post in posts:
        for _ in range(post.persons):
            serial += 1
            person = _person(chance, post, serial, undrawable_per_thousand)
            rows += person
            if len(person) == 1:
                single.append(_certificate(person[0]))
    if cancelled > len(single):
        raise InputRefused("sample.cancelled", cancelled=cancelled, most=len(single))
    roster = Table("inspectors.csv", _ROSTER_COLUMNS, tuple(rows))
    return People(roster, _review(seed, roster, single, cancelled))


def _person(
    chance: Chance, post: Post, serial: int, undrawable_per_thousand: int
) -> tuple[tuple[str, ...], ...]:
    """A person's rows: one per certificate."""
    given = "".join(chance.pick(GIVEN) for _ in range(1 + chance.below(2)))
    known = (chance.pick(SURNAMES) + given, chance.pick("男女"), mark("身", serial), mark("手", serial))
    first, *others = post.qualifications
    held = "，".join([first, *(one for one in others if chance.often(350))])
    place = (post.unit, post.department, post.district, held)
    state = chance.pick(_UNDRAWABLE_BECAUSE) if chance.often(undrawable_per_thousand) else "在岗"
    main = (*known, *place, f"{AREA}{serial:06}", _validity(chance), state)
    if not chance.often(60):
        return (main,)
    return (main, (*known, *place, f"{AREA}T{serial:06}", _older_validity(chance), state))


def _validity(chance: Chance) -> str:
    """Five years, or open, from a month of 2017 to 2020: valid throughout 2021."""
    if chance.often(100):
        return "长期"
    return _five_years(2017 + chance.below(4), 1 + chance.below(12))


def _older_validity(chance: Chance) -> str:
    return _five_years(2015 + chance.below(4), 1 + chance.below(12))


def _five_years(year: int, month: int) -> str:
    begins = dt.date(year, month, 1)
    ends = dt.date(year + 5, month, 1) - dt.timedelta(days=1)
    return f"{begins.isoformat()}至{ends.isoformat()}"


def _review(seed: int, roster: Table, single: Sequence[str], cancelled: int) -> Table:
    chance = Chance(seed, "review")
    reasons = {number: chance.pick(_CANCELLED_BECAUSE) for number in chance.order(single)[:cancelled]}
    rows = []
    for row in roster.rows:
        number = _certificate(row)
        decision = "注销" if number in reasons else "合格"
        rows.append((number, row[0], decision, reasons.get(number, "")))
    return Table("review.csv", _REVIEW_COLUMNS, tuple(rows))


def _certificate(row: Sequence[str]) -> str:
    return row[_ROSTER_COLUMNS.index(CERTIFICATE)]
