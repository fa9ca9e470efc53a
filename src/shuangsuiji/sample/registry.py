"""检查对象: the registry of the invented county, its risk grades and earlier visits."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from shuangsuiji.errors import InputRefused
from shuangsuiji.sample import numbers, trades
from shuangsuiji.sample.chance import Chance, spread
from shuangsuiji.sample.county import BUREAUS, COUNTY, MARKET_BUREAU, TOWNSHIPS, Township
from shuangsuiji.sample.marks import mark, marked_name
from shuangsuiji.sample.table import Table

LARGEST: Final = 5_000_000
"""The most entities of one registry."""

KEY: Final = "统一社会信用代码/注册号"
TYPE: Final = "主体类型"
TOWNSHIP: Final = "所属乡镇"
INDIVIDUAL: Final = "个体工商户"
COOPERATIVE: Final = "农民专业合作社"

_COMMON: Final = (KEY, "企业名称", TYPE, "登记状态", "成立日期", TOWNSHIP, "住所", "所属行业")
_ENTERPRISE_COLUMNS: Final = (*_COMMON, "经营范围", "法定代表人", "联系电话", "原注册号")
_INDIVIDUAL_COLUMNS: Final = (*_COMMON, "经营者")

_KINDS: Final = spread((("individual", 36), ("enterprise", 12), ("cooperative", 1)))
_FORMS: Final = spread(
    (
        (("有限责任公司", "有限公司"), 70),
        (("个人独资企业", "经营部"), 11),
        (("有限责任公司分公司", "有限公司分公司"), 8),
        (("合伙企业", "中心（普通合伙）"), 5),
        (("集体所有制企业", "供应站"), 3),
        (("股份有限公司", "股份有限公司"), 2),
        (("全民所有制企业", "总公司"), 1),
    )
)
_STATES: Final = spread((("存续", 952), ("注销", 22), ("吊销", 20), ("迁出", 5), ("撤销", 1)))
_GRADES: Final = spread((("高", 12), ("中高", 60), ("中", 180), ("中低", 300), ("低", 440), ("", 8)))
"""Henan's vocabulary of 2020 and 2021; a few enterprises have no grade."""
_PLACES: Final = spread(tuple((township, township.per_thousand) for township in TOWNSHIPS))

_OLDEST: Final = dt.date(1996, 1, 1).toordinal()
_NEWEST: Final = dt.date(2020, 12, 31).toordinal()
_CREDIT_CODES_SINCE: Final = "2015-10-01"
_VISITS_FROM: Final = dt.date(2020, 4, 1).toordinal()
_VISITS_TO: Final = dt.date(2021, 2, 28).toordinal()
_ENTITIES_PER_VISIT: Final = 80


@dataclass(frozen=True, slots=True)
class Registry:
    """名录: entities in two exports, as the platforms make them, grades of the enterprises, earlier visits."""

    enterprises: Table
    individuals: Table
    risk: Table
    visits: Table

    @property
    def tables(self) -> tuple[Table, ...]:
        """All of them."""
        return (self.enterprises, self.individuals, self.risk, self.visits)

    def ids(self) -> list[str]:
        """The keys of all entities."""
        return self.enterprises.column(KEY) + self.individuals.column(KEY)


def registry(*, seed: int, size: int) -> Registry:
    """A registry of `size` entities (户). Raises InputRefused `sample.size` outside 1 .. LARGEST."""
    if not 1 <= size <= LARGEST:
        raise InputRefused("sample.size", size=size, largest=LARGEST)
    chance = Chance(seed, "registry")
    rows: dict[str, list[tuple[str, ...]]] = {"individual": [], "enterprise": [], "cooperative": []}
    makers = {"individual": _individual, "enterprise": _enterprise, "cooperative": _cooperative}
    for serial in range(1, size + 1):
        kind = chance.pick(_KINDS)
        rows[kind].append(makers[kind](chance, serial))
    enterprises = Table(
        "entities-enterprises.csv", _ENTERPRISE_COLUMNS, tuple(rows["enterprise"] + rows["cooperative"])
    )
    individuals = Table("entities-individuals.csv", _INDIVIDUAL_COLUMNS, tuple(rows["individual"]))
    graded = [row[0] for row in rows["enterprise"]]
    everyone = enterprises.column(KEY) + individuals.column(KEY)
    return Registry(enterprises, individuals, _risk(seed, graded), _visits(seed, everyone))


def _enterprise(chance: Chance, serial: int) -> tuple[str, ...]:
    township, trade = chance.pick(_PLACES), chance.pick(trades.FIRMS)
    form, suffix = chance.pick(_FORMS)
    prefix = COUNTY[:2] if chance.often(400) else township.short
    name = f"{prefix}{_brand(chance)}{chance.pick(trade.names)}{suffix}"
    code, earlier, since = _identity(chance, "91", "0", serial)
    common = _common(chance, (code, name, form, since), township, trade)
    return (*common, _scope(chance, trade), marked_name(chance), mark("电", serial), earlier)


def _cooperative(chance: Chance, serial: int) -> tuple[str, ...]:
    township, trade = chance.pick(_PLACES), chance.pick(trades.COOPERATIVES)
    name = f"{COUNTY}{_brand(chance)}{chance.pick(trade.names)}专业合作社"
    code = numbers.credit_code("93", serial)
    common = _common(chance, (code, name, COOPERATIVE, _founded(chance)), township, trade)
    return (*common, _scope(chance, trade), marked_name(chance), mark("电", serial), "")


def _individual(chance: Chance, serial: int) -> tuple[str, ...]:
    township, trade = chance.pick(_PLACES), chance.pick(trades.SHOPS)
    owner = marked_name(chance)
    code, _, since = _identity(chance, "92", "6", serial)
    name = _shop_name(chance, township, trade, owner)
    return (*_common(chance, (code, name, INDIVIDUAL, since), township, trade), owner)


def _common(
    chance: Chance, identity: tuple[str, str, str, str], township: Township, trade: trades.Trade
) -> tuple[str, ...]:
    code, name, kind, since = identity
    # In some files of every county the township is not filled in (未注明).
    place = "" if chance.often(3) else township.name
    return (code, name, kind, chance.pick(_STATES), since, place, _address(chance), trade.industry)


def _identity(chance: Chance, kind: str, first_digit: str, serial: int) -> tuple[str, str, str]:
    """Key, earlier registration number, date of foundation.

    Of those founded before the credit code, a few still have the 15-digit number only, some a record of it.
    """
    since = _founded(chance)
    code = numbers.credit_code(kind, serial)
    if since >= _CREDIT_CODES_SINCE or not chance.often(120):
        return code, "", since
    number = numbers.registration_number(first_digit, serial)
    return (number, "", since) if chance.often(400) else (code, number, since)


def _founded(chance: Chance) -> str:
    # The later of two days: more businesses are young than old.
    days = _NEWEST - _OLDEST + 1
    return dt.date.fromordinal(_OLDEST + max(chance.below(days), chance.below(days))).isoformat()


def _brand(chance: Chance) -> str:
    return chance.pick(trades.FIRST) + chance.pick(trades.SECOND)


def _shop_name(chance: Chance, township: Township, trade: trades.Trade, owner: str) -> str:
    if chance.often(4):
        # Registered without a name of its own: blank, asterisks, or the owner's name.
        return chance.pick(("", "***", owner))
    place = township.short if chance.often(300) else ""
    own = _brand(chance) if chance.often(700) else f"{chance.pick('老小')}{owner[0]}"
    return f"{place}{own}{chance.pick(trade.names)}"


def _address(chance: Chance) -> str:
    place = chance.pick(trades.VILLAGES) if chance.often(700) else chance.pick(trades.STREETS)
    return f"{place}{1 + chance.below(299)}号"


def _scope(chance: Chance, trade: trades.Trade) -> str:
    return "；".join(chance.order(trade.scopes)[: 1 + chance.below(2)])


def _risk(seed: int, codes: list[str]) -> Table:
    chance = Chance(seed, "risk")
    graded = ((code, chance.pick(_GRADES)) for code in codes)
    rows = tuple((code, grade) for code, grade in graded if grade)
    return Table("risk.csv", (KEY, "信用风险等级"), rows)


def _visits(seed: int, codes: list[str]) -> Table:
    """Visits of the twelve months before the batch that were not drawn here."""
    chance = Chance(seed, "visits")
    sources = (MARKET_BUREAU, *(bureau.name for bureau in BUREAUS[:4]))
    rows = []
    for _ in range(len(codes) // _ENTITIES_PER_VISIT):
        day = _VISITS_FROM + chance.below(_VISITS_TO - _VISITS_FROM + 1)
        rows.append((chance.pick(codes), dt.date.fromordinal(day).isoformat(), chance.pick(sources)))
    return Table("visits.csv", (KEY, "检查日期", "检查机关"), tuple(rows))
