"""§19: who may take a place, and what a target's: each place and target replaced until nobody is left for it."""

from collections.abc import Callable
from typing import Any

from docs.spec.v1 import verify
from docs.spec.v1.scenarios import world
from docs.spec.v1.scenarios.cases import Record
from docs.spec.v1.scenarios.diary import EAST, WEST, Diary, crew, one, place, two

Writer = Callable[[Diary], Any]
VALID = [{"number": "1"}]


def four(district: str = EAST, people: int = 4, **changes: Any) -> verify.Draw:
    """Two blocks of two targets, and four persons, each of whom may take either slot and has one."""
    plan = crew().plan
    task = plan["tasks"][0] | {"tiers": [{"id": "a", "name": "甲", "where": ["and"], "quota": {"all": 1}}]}
    plan |= {"tasks": [task], "blocks": {"max_targets": 2, "max_per_inspector": 9}}
    firms = [world.entity(f"E{n:02}", "", "A", EAST, {}) for n in range(1, 5)]
    able = [world.person(f"X{n}", "市场监管", district, ["组长"], VALID) for n in range(1, people + 1)]
    return crew(**{"plan": plan, "entities": firms, "inspectors": able, "recusals": []} | changes)


def planned(**more: Any) -> verify.Draw:
    """The same four, the plan having this besides."""
    return four(plan=four().plan | more)


def unable_people() -> verify.Draw:
    """The same four, and one of each kind that is not drawn."""
    odd = [world.person(f"Y{n}", "市场监管", EAST, ["组长"], some) for n, some in enumerate(UNABLE)]
    odd[0] |= {"undrawable": "驻村"}
    odd[1] |= {"expert": 1}
    return four(inspectors=[*four().inspectors, *odd])


UNABLE: list[list[Record]] = [
    VALID,
    VALID,
    [],
    [{"number": "1", "cancelled": "x"}],
    [{"number": "1", "to": "2026-03-30"}],
]


def fixed() -> verify.Draw:
    """The same four in two fixed teams."""
    slots = [slot | {"district": "any"} for slot in four().plan["slots"]]
    return planned(teams=2, slots=slots)


def far() -> verify.Draw:
    """The same four, who live elsewhere and may go by a relaxation only; a later one lets nobody go."""
    wider = [{"slot": "local", "district": "any"}, {"slot": "local", "pool": ["or"]}]
    return four(WEST, plan=four().plan | {"relaxations": wider})


def related() -> verify.Draw:
    """The same four, two of them recused from the first firm."""
    return four(recusals=[{"entity": "E01", "inspector": f"X{n}"} for n in (3, 4)])


def exhaust(diary: Diary, *places: Record) -> Diary:
    """The places given to one after the other, until nobody is left."""
    while any(diary.write("urgent", places=[*places]).records[-1]["inspectors"]):
        pass
    return diary


def place_of(diary: Diary, target: str, slot: str = "local") -> Record:
    (block,) = (block for block in diary.blocks if target in block["targets"])
    return place(block, slot, target)


def beside(diary: Diary, target: str) -> Record:
    """The place of the other target of the block."""
    (block,) = (block for block in diary.blocks if target in block["targets"])
    return place(block, "local", *(other for other in block["targets"] if other != target))


def both_leads(diary: Diary) -> None:
    """Both leads replaced in one record: neither may take the other's place."""
    first, second = diary.blocks
    diary.write("urgent", places=[place(second, "local")])
    diary.write("urgent", places=[place(first, "lead"), place(second, "lead")])


def lapsed(diary: Diary) -> None:
    """Whose places were asked for in vain are not gone, and take another place in the end."""
    diary.ask(1, [one(diary)], "recusal").ask(2, [two(diary, "local"), two(diary)]).answer(1, 1).answer(2, 2)
    exhaust(diary, place(diary.blocks[1], "local"))


def at_once(diary: Diary) -> None:
    diary.write("urgent", places=[two(diary)]).write("urgent", places=[two(diary)], time=diary.records[0]["time"])


PERSONS: dict[str, tuple[Callable[[], verify.Draw], Writer]] = {
    "until nobody is left, but the one in the other slot": (four, lambda diary: exhaust(diary, one(diary))),
    "until nobody is left who is drawn": (unable_people, lambda diary: exhaust(diary, one(diary))),
    "recused from a target": (related, lambda diary: exhaust(diary, place_of(diary, "E01"))),
    "recused from the other target": (related, lambda diary: exhaust(diary, beside(diary, "E01"))),
    "once asked to go, in another slot": (
        four,
        lambda diary: exhaust(diary.persons(1, [one(diary, slot="lead")], "recusal"), one(diary)),
    ),
    "places of two, both of whom go": (four, both_leads),
    "in a lapsed request": (four, lapsed),
    "by a relaxation in force": (far, lambda diary: exhaust(diary, one(diary))),
    "by none that is not in force": (
        lambda: planned(relaxations=[{"slot": "local", "pool": ["or"]}]),
        lambda diary: exhaust(diary, one(diary)),
    ),
    "fixed teams: of another team": (fixed, lambda diary: exhaust(diary, one(diary))),
    "two records of one time": (four, at_once),
}


def spread(**changes: Any) -> verify.Draw:
    """Task A divided by flag, task B by number; two towns; each of 32 firms in one of eight classes of four."""
    plan, (first, *_) = crew().plan, crew().plan["tasks"]
    named = {key: first[key] for key in ("pool", "slots", "items")}
    halves = [("p", ["le", "id", "E16"]), ("q", ["and"])]
    tiers = [{"id": name, "name": name, "where": where, "quota": {"count": 5}} for name, where in halves]
    flags = [{"id": "a", "name": "甲", "where": ["and"], "key": "flag", "quota": {"count": 10}}]
    plan["tasks"] = [
        named | {"id": "A", "name": "抽查", "tiers": flags},
        named | {"id": "B", "name": "复查", "tiers": tiers},
    ]
    plan["blocks"] = {"max_targets": 3, "max_per_inspector": 99}
    firms = [world.entity(f"E{n:02}", "", "A", (EAST, WEST)[n // 2 % 2], {"flag": "甲乙"[n % 2]}) for n in range(1, 33)]
    return crew(**{"plan": plan, "entities": firms} | changes)


def acquainted() -> verify.Draw:
    """Half of the firms have a recusal: some against everybody, some against those who live elsewhere."""
    people = [(person["id"], person["district"]) for person in crew().inspectors]
    known = [
        {"entity": f"E{n:02}", "inspector": who}
        for n in undrawn()
        for who, town in people
        if n % 8 == 1 or (n % 8 == 5 and town == WEST)
    ]
    return spread(recusals=sorted(known, key=verify.encode))


def undrawn() -> list[int]:
    drawn = {line["id"] for line in world.derive(spread())["targets"]}
    return [n for n in range(1, 33) if f"E{n:02}" not in drawn]


def target_of(diary: Diary, *tasks: str) -> str:
    """A target of just these tasks in the east, the first of several in its block."""
    found = (block for block in diary.blocks if block["tasks"] == [*tasks] and block["district"] == EAST)
    return str(next(found)["targets"][0])


def successors(diary: Diary, *tasks: str) -> Diary:
    """A target replaced, and each that takes its place, until there is none."""
    target, issue = target_of(diary, *tasks), 0
    while target:
        issue += 1
        target = diary.target(issue, target).records[-1]["target"]
    return diary


def after_recusal(diary: Diary) -> None:
    """What an enterprise asked for does not bind the one in its place, which may ask for the same."""
    target = target_of(diary, "A")
    diary.persons(1, [place_of(diary, target)], "recusal").target(2, target)
    new = diary.records[-1]["target"]
    diary.persons(3, [place_of(diary, new)], "recusal")
    exhaust(diary, place_of(diary, new))


TARGETS: dict[str, tuple[Callable[[], verify.Draw], Writer]] = {
    "a target of one task, until there is none": (spread, lambda diary: successors(diary, "A")),
    "a target of two tasks, until there is none": (spread, lambda diary: successors(diary, "A", "B")),
    "a target, recusals against the inspectors it has": (acquainted, lambda diary: successors(diary, "A")),
    "a target that had asked for a recusal": (spread, after_recusal),
}

WRITTEN = PERSONS | TARGETS
