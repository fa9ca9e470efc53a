"""Who is short, where and by how much: the words of `match`, `plan check`, `plan relax` and `freeze`."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from shuangsuiji.cli.page import Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shuangsuiji.quarter.shortages import Lacking, Vacancy
    from shuangsuiji.quarter.sufficiency import Simulated, Sufficiency

_NAMED: Final = 3
_SHOWN: Final = 8
"""Lines that fit on one screen with what stands around them."""


def lacking(one: "Lacking", page: Page) -> str:
    """One set of places: 万龙镇“特种设备”席位要 14 个，能担任的 3 人 × 每人 4 个 = 12，缺 2 个."""
    if one.why == "teams":
        said = page.text("cli.match.no_teams")
        return said + lacking(replace(one, why="search"), page) if one.vacancies else said
    places = page.text("where.join").join(_vacancy(vacancy, page) for vacancy in one.vacancies)
    if one.why == "alone":
        names = page.text("where.join").join([*one.targets[:_NAMED], *["…"][: len(one.targets) - _NAMED]])
        return page.text(
            "cli.match.alone" if one.persons else "cli.match.alone_nobody",
            count=len(one.targets),
            names=names,
            places=places,
            persons=one.persons,
        )
    if one.why == "clash":
        return page.text("cli.match.clash", places=places, persons=one.persons)
    if not one.persons:
        return page.text(f"cli.match.{'apart' if one.why == 'apart' else 'nobody'}", places=places)
    if not one.room:
        return page.text("cli.match.members", places=places, persons=one.persons)
    told: dict[str, str | int] = {
        "places": places,
        "persons": one.persons,
        "room": one.room,
        "missing": one.missing,
    }
    if not one.missing:
        return page.text("cli.match.crowded", places=places, persons=one.persons)
    if one.cap is not None and one.room == one.persons * one.cap:
        return page.text("cli.match.capped", **told, cap=one.cap)
    return page.text("cli.match.room", **told)


def _vacancy(one: "Vacancy", page: Page) -> str:
    code = "cli.match.places" if one.slot else "cli.match.blocks"
    return page.text(code, district=one.district, slot=one.slot, count=one.count).strip()


def show_sufficiency(found: "Sufficiency", page: Page, *, alone: bool = True) -> None:
    """Whether the pool suffices for the worst draw; not `alone`, only if it does not."""
    if found.suffices:
        if alone:
            page.gap()
            unseen = found.simulated is not None and found.simulated.short > 0
            sure = "teams" if found.fixed else "yes" if found.certain else "counted"
            sure = "numbers" if unseen else sure
            page.say(f"cli.enough.{sure}", blocks=found.blocks)
    else:
        page.gap()
        page.say("cli.enough.no", blocks=found.blocks)
        _lines(found.lacking, page)
        if found.varies and found.simulated is None and any(one.why == "worst" for one in found.lacking):
            page.say("cli.enough.extreme")
        if found.relaxations is not None:
            page.say("cli.enough.relaxed", count=found.relaxations)
        elif found.still:
            page.say("cli.enough.still")
            _lines(found.still, page)
    if not found.settled:
        page.say("cli.enough.unsettled")
    if found.simulated is not None:
        _show_simulated(found.simulated, page)


def _lines(lines: "Sequence[Lacking]", page: Page) -> None:
    for one in lines[:_SHOWN]:
        page.say("cli.enough.line", lacking=lacking(one, page))
    if len(lines) > _SHOWN:
        page.say("cli.enough.more", count=len(lines) - _SHOWN)


def _show_simulated(found: "Simulated", page: Page) -> None:
    page.say("cli.enough.simulated", draws=found.draws, short=found.short, void=found.void)
    if found.lacking is not None:
        page.say("cli.enough.often", lacking=lacking(found.lacking, page))
