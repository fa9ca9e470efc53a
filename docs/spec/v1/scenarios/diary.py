"""§19: records after the seed, written one after the other, and a draw that they are about."""

from dataclasses import replace
from typing import Any

from docs.spec.v1 import verify
from docs.spec.v1.scenarios import world
from docs.spec.v1.scenarios.cases import Record

EAST, WEST = "东镇", "西镇"


class Diary:
    """Records of a draw, one after the other; what follows from each is written into it."""

    def __init__(self, draw: verify.Draw) -> None:
        derived = world.derive(draw)
        lines = {name: derived[name] for name in ("strata", "targets", "blocks")}
        members = {f"{name}.jsonl": verify.encode_lines(rows) for name, rows in lines.items()}
        short, seed = len(derived["shortages"]), derived["seeds"]["inspectors"]
        self.draw, self.records = draw, list[Record]()
        self.result = verify.result_digest(draw, members).hex()
        self.state = verify.Succession(draw, derived["tasks"], derived["blocks"], short, seed)

    def write(self, kind: str, **said: Any) -> "Diary":
        """A record, and what it has to say."""
        record = self.next({"kind": kind} | said)
        self.records.append(record | self.state.follow(record))
        return self

    def next(self, said: Record) -> Record:
        """The next record of the chain, as far as it is said."""
        seq, digests = len(self.records) + 1, chained(self.draw, self.result, self.records)
        stamp = {"approver": "局长", "operator": "甲", "reason": "见调整审批表", "time": f"2026-03-11T{seq:02}:00:00Z"}
        return stamp | {"prev": digests, "seq": seq} | said

    def forge(self, said: Record) -> "Diary":
        """A record that may not stand there."""
        self.records.append(self.next(said))
        return self

    def ask(self, issue: int, places: list[Record], because: str = "unable") -> "Diary":
        """A request to replace persons, and nothing else."""
        return self.write("request", because=because, places=places, values=announced(issue))

    def persons(self, issue: int, places: list[Record], because: str = "unable") -> "Diary":
        """A request to replace persons, and its outcome."""
        return self.ask(issue, places, because).answer(issue)

    def target(self, issue: int, target: str) -> "Diary":
        """A request to replace a target, and its outcome."""
        return self.write("request", target=target, values=announced(issue)).answer(issue)

    def answer(self, issue: int, request: int = 0) -> "Diary":
        """The outcome of a request, of the last one unless it is said."""
        return self.write("outcome", request=request or len(self.records), values=values(issue))

    @property
    def blocks(self) -> list[Record]:
        """Blocks as they are now, those of most targets first."""
        return sorted(self.state.blocks.values(), key=lambda block: (-len(block["targets"]), block["block"]))

    def everywhere(self, inspector: str) -> list[Record]:
        """All the places of an inspector."""
        held = [(block, slot) for block in self.blocks for slot in ("lead", "local")]
        return [
            place(block, slot)
            for block, slot in held
            if {self.state.team[target][slot] for target in block["targets"]} == {inspector}
        ]

    def busiest(self) -> str:
        """An inspector of the highest load."""
        return str(max(sorted(self.state.load), key=lambda j: self.state.load[j]))


def chained(draw: verify.Draw, result: str, records: list[Record]) -> str:
    """What the next record has as `prev`."""
    return verify.record_digest(draw.mode, records[-1]).hex() if records else result


def announced(issue: int) -> list[Record]:
    return [{"issue": str(issue), "source": "kl8"}]


def values(issue: int) -> list[Record]:
    """Another value for every issue."""
    digits = "".join(f"{number:02}" for number in range(1 + issue % 4, 78 + issue % 4, 4))
    return [announced(issue)[0] | {"value": digits}]


def place(block: Record, slot: str, *targets: str) -> Record:
    """A place of a block: all its targets, unless some are said."""
    return {"block": block["block"], "slot": slot, "targets": [*(targets or block["targets"])]}


def two(diary: Diary, slot: str = "lead", **more: Any) -> Record:
    """A place with two targets."""
    return place(diary.blocks[0], slot) | more


def one(diary: Diary, number: int = 0, slot: str = "local") -> Record:
    """A place with one of two targets."""
    return place(diary.blocks[0], slot, diary.blocks[0]["targets"][number])


def ordinary(diary: Diary) -> str:
    """A target that has others in its stratum."""
    return str(next(t for b in diary.blocks for t in b["targets"] if t not in ("E11", "E12") and b["district"] == EAST))


def west(diary: Diary) -> list[Record]:
    """The place of the west for which there are two inspectors."""
    (block,) = (block for block in diary.blocks if block["district"] == WEST)
    return [place(block, "local")]


def crew(**changes: Any) -> verify.Draw:
    """Blocks of two in the east, a block of one in the west; a task on a list; a target alone in its stratum."""
    plan = world.plan() | {"substitutes": 1, "exclusions": [], "slots": world.plan()["slots"][:2]}
    plan |= {"blocks": {"max_targets": 2, "max_per_inspector": 3}}
    first, *_ = plan["tasks"]
    spread = {"id": "a", "name": "甲", "where": ["eq", "grade", "A"], "key": "town", "quota": {"count": 5}}
    alone = {"id": "b", "name": "乙", "where": ["eq", "grade", "B"], "quota": {"all": 1}}
    named = {key: first[key] for key in ("pool", "slots", "items")}
    plan["tasks"] = [
        named | {"id": "A", "name": "抽查", "tiers": [spread, alone]},
        named | {"id": "L", "name": "派发", "source": "superior"},
    ]
    firms = [world.entity(f"E{n:02}", "", "A", WEST if n > 8 else EAST, {}) for n in range(1, 11)]
    firms += [world.entity("E11", "", "B", EAST, {}), world.entity("E12", "", "C", EAST, {}) | {"lists": ["L"]}]
    valid = [{"number": "1"}]
    people = [world.person(f"L{n}", "市场监管", "", ["组长"], valid) for n in range(1, 5)]
    people += [world.person(f"M{n}", "市场监管", EAST, [], valid) for n in range(1, 5)]
    people += [world.person("M5", "市场监管", EAST, [], valid) | {"most": 1}]
    people += [world.person(f"W{n}", "市场监管", WEST, [], valid) for n in (1, 2)]
    recusals = [{"colleague": "L1", "inspector": "M1"}, {"entity": "E02", "inspector": "M3"}]
    given = {"plan": plan, "entities": firms, "inspectors": people, "recusals": recusals}
    return world.draw_of(**given | changes)


def sealed_late(draw: verify.Draw) -> verify.Draw:
    """The same draw, its inspectors sealed late."""
    told = {"announced": announced(8), "values": values(8), "contributors": [], "contributions": []}
    return replace(draw, late=told)


def in_earnest() -> verify.Draw:
    """The same as a real draw."""
    return crew(mode="real", announced=announced(1), values=values(1))


def hopeless() -> verify.Draw:
    """A draw that nobody in the east can be sent on."""
    return crew(inspectors=[one for one in crew().inspectors if one["district"] != EAST])
