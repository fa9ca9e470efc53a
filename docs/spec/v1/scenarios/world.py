"""A small lawful world: what a draw of a handful of entities follows from, and its bundle.

It has at least one of everything: two tasks that share targets, a second key with a missing value, exclusions by
status, rule and visits, every reason for leaving an inspector out, both kinds of recusals, home and away slots.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

from docs.spec.v1 import verify

Record = verify.Record

SALT_KEY = bytes(range(32))
VERBS = {"freeze": "01:30", "close": "03:00", "seed": "03:30", "draw": "03:31"}
VERBS |= {"late-freeze": "03:45", "late-close": "05:00", "late-seed": "05:30", "match": "05:31"}
TIMES = {verb: f"2026-03-02T{time}:00Z" for verb, time in VERBS.items()}  # of the log's entries
HOURS = {"kl8:2026051": "2026-03-02T03:20:00Z"}  # announced, of those drawings that are announced
HOURS |= {"kl8:2026053": "2026-03-02T03:25:00Z", "kl8:2026060": "2026-03-02T05:20:00Z"}
TIME, DEADLINE = TIMES["freeze"], "2026-04-30"
DICE = "31415926535897932384"
KL8 = "".join(f"{number:02}" for number in range(3, 80, 4))
EXPLICIT = ("explicit", "1", "c0ffee" + "00" * 28 + "01")


def draw_of(value: tuple[str, str, str] = EXPLICIT, *, mode: str = "rehearsal", **changes: Any) -> verify.Draw:
    """The draw of this world under one public value (source, issue, value); `changes` replace fields of it."""
    source, issue, digits = value
    world = verify.Draw(
        mode=mode,
        number=7,
        salt_key=SALT_KEY,
        plan=plan(),
        entities=entities(),
        inspectors=inspectors(),
        recusals=recusals(),
        announced=[{"issue": issue, "source": source}],
        values=[{"issue": issue, "source": source, "value": digits}],
        contributors=[],
        contributions=[],
    )
    return replace(world, **changes)


def plan() -> Record:
    """Task A by credit grade, the low grade with the township as second key; task B jointly, on the high grade."""
    return {
        "authority": "某某县市场监督管理局",
        "id": "411000-2026-01",
        "version": 1,
        "columns": {"town": "地区", "grade": "信用风险等级", "flag": "监管标签"},
        "district": "town",
        "window": {"from": "2026-03-10", "to": "2026-03-31"},
        "exclusions": [
            {"reason": "cool_down", "visits": 2, "since": "2025-09-10"},
            {"reason": "investigated", "where": ["eq", "flag", "立案"]},
        ],
        "slots": [
            {"id": "lead", "pool": ["eq", "qualifications", "组长"], "district": "any"},
            {"id": "local", "pool": ["eq", "department", "市场监管"], "district": "home"},
            {"id": "partner", "pool": ["eq", "department", "消防"], "district": "away"},
        ],
        "blocks": {"max_targets": 2, "max_per_inspector": 4},
        "tasks": [
            {
                "id": "A",
                "name": "公示信息检查",
                "pool": ["and"],
                "slots": ["lead", "local"],
                "items": ["登记事项", "公示信息"],
                "tiers": [
                    {"id": "none", "name": "无", "where": ["eq", "grade", "E"], "quota": {"rate": "1/2"}},
                    {"id": "high", "name": "高", "where": ["in", "grade", ["C", "D"]], "quota": {"all": 1}},
                    {
                        "id": "low",
                        "name": "低",
                        "where": ["or", ["eq", "grade", "A"], ["eq", "grade", "B"]],
                        "key": "town",
                        "quota": {"rate": "40%"},
                    },
                ],
            },
            {
                "id": "B",
                "name": "消防联合检查",
                "pool": ["not", ["prefix", "id", "93"]],
                "slots": ["lead", "partner"],
                "items": ["消防通道"],
                "tiers": [{"id": "high", "name": "高", "where": ["ge", "grade", "C"], "quota": {"count": 1}}],
            },
        ],
    }


def entities() -> list[Record]:
    """Two spellings of one name, a name outside the BMP, missing columns."""
    rows: list[tuple[str, str, str, str, Record]] = [
        ("91-01", "Café 甲", "A", "东镇", {}),
        ("91-02", "Cafe\u0301 甲", "B", "东镇", {}),
        ("91-03", "𠮷野家", "A", "西镇", {}),
        ("91-04", "丁", "B", "西镇", {"visits": ["2025-09-09", "2025-12-01"]}),
        ("91-05", "戊", "A", "", {}),
        ("91-06", "己", "C", "东镇", {}),
        ("92-01", '庚"\\\t', "D", "西镇", {}),
        ("92-02", "辛", "A", "西镇", {"visits": ["2025-09-10", "2025-12-01"]}),
        ("92-03", "壬", "D", "东镇", {"flag": "立案"}),
        ("92-04", "", "B", "东镇", {"status": "revoked"}),
        ("93-01", "子", "C", "东镇", {}),
        ("93-02", "丑", "", "东镇", {}),
    ]
    return [entity(*row) for row in rows]


def entity(identifier: str, name: str, grade: str, town: str, more: Mapping[str, Any]) -> Record:
    """An entity record; empty columns are absent."""
    columns = {"grade": grade, "town": town, "flag": more.get("flag", "")}
    record: Record = {"id": identifier, "name": name, "status": more.get("status", "in_business")}
    record["columns"] = {alias: value for alias, value in columns.items() if value}
    return record | ({"visits": more["visits"]} if "visits" in more else {})


def inspectors() -> list[Record]:
    """Eleven people, seven of them eligible."""
    valid = [{"number": "豫001"}]
    lead = ["组长"]
    return [
        person("P01", "市场监管", "东镇", lead, valid),
        person("P02", "市场监管", "东镇", [], [{"number": "豫002", "from": "2026-03-10", "to": "2026-03-31"}]),
        person("P03", "市场监管", "西镇", lead, [{"number": "豫003", "from": "2020-01-01"}]),
        person("P04", "市场监管", "西镇", [], valid),
        person("P05", "消防", "东镇", [], valid),
        person("P06", "消防", "", ["检验", "组长"], [{"number": "a", "cancelled": "审验"}, {"number": "b"}]),
        person("P07", "消防", "西镇", [], [{"number": "a", "to": "2026-03-30"}]),
        person("P08", "市场监管", "东镇", lead, [{"number": "a", "cancelled": "审验"}]),
        person("P09", "市场监管", "东镇", lead, []),
        person("P10", "市场监管", "西镇", lead, valid) | {"undrawable": "领导岗位"},
        person("P11", "市场监管", "", [], valid),
    ]


def person(
    identifier: str, department: str, district: str, qualifications: Sequence[str], certificates: Sequence[Record]
) -> Record:
    """An inspector record."""
    record = {"id": identifier, "name": f"人{identifier}", "unit": "", "department": department}
    return record | {"district": district, "qualifications": list(qualifications), "certificates": list(certificates)}


def recusals() -> list[Record]:
    """One by a column, two by entity; one names nobody of the lists."""
    return [
        {"column": "grade", "inspector": "P01", "value": "D"},
        {"entity": "91-06", "inspector": "P02"},
        {"entity": "99-99", "inspector": "P99"},
    ]


def earlier_log() -> list[Record]:
    """What happened in the workspace before the freeze."""
    times = ("2026-02-27T08:00:00Z", "2026-03-02T01:00:00Z")
    entries = [{"details": {"authority": "某某县"}, "operator": "甲", "verb": "init"}]
    entries.append({"details": {"digest": "00" * 32, "kind": "entities"}, "operator": "甲", "verb": "import"})
    return [entry | {"time": time} for entry, time in zip(entries, times, strict=True)]


def derive(draw: verify.Draw) -> Record:
    """Everything that follows from a draw: statements, commitments, and the lines of its results."""
    registry = verify.seal(draw, "entity", draw.entities)
    tasks = verify.stratify(draw.plan, registry)
    pool = verify.seal(draw, "inspector", draw.inspectors).statement()
    digest = {"digest": verify.recusals_digest(draw).hex(), "size": len(draw.recusals)}
    parts = {"registry": registry.statement(), "tasks": [task.statement() for task in tasks]}
    statements = verify.make_statements(draw, parts | {"pool": pool, "recusals": digest})
    committed = {stage: verify.commitment(draw.mode, said) for stage, said in statements.items()}
    closings: list[Record] = []
    seeds: dict[str, verify.Seed] = {}
    for sealed_ in draw.rounds:
        some = {stage: committed[stage] for stage in sealed_.stages}
        closings.append({"commitment": some[sealed_.stages[0]].hex(), "contributions": sealed_.contributions})
        closed = verify.closing_digest(draw.mode, closings[-1])
        seeds |= verify.make_seeds(draw.mode, some, closed, sealed_.values)
    strata, targets = verify.first_draw(tasks, seeds["targets"])
    blocks = verify.make_blocks(draw, targets, seeds["inspectors"])
    lines, shortages = verify.second_draw(draw, blocks, seeds["inspectors"])
    derived = {"statements": statements, "committed": committed, "closings": closings, "tasks": tasks}
    derived["seeds"] = seeds
    return derived | {"strata": strata, "targets": targets, "blocks": lines, "shortages": shortages}


Witness = Callable[[verify.Seen], list[Record]]  # what is stated on notices and closing digests


def nobody(_: verify.Seen) -> list[Record]:
    return []


def members_of(
    draw: verify.Draw,
    witness: Witness = nobody,
    changes: Sequence[Record] = (),
    late: Sequence[Record] = (),
    hours: Mapping[str, str] = HOURS,
) -> dict[str, bytes]:
    """The members of the draw's bundle; `late` are the changes of inspectors sealed late."""
    result = derive(draw)
    closed = [verify.closing_digest(draw.mode, closing) for closing in result["closings"]]
    log, notices = earlier_log(), []
    for sealed_, digest, some in zip(draw.rounds, closed, (changes, late), strict=False):
        told = {name: hours[name] for name in verify.drawings(*sealed_.announced) if name in hours}
        stamp: Record = {"contributors": sealed_.contributors, "deadline": DEADLINE, "head": verify.chain(log)[1]}
        stamp |= {"hours": told, "time": TIMES[f"{sealed_.prefix}freeze"]}
        own = verify.changes_digest(draw, sealed_.prefix, list(some))
        notices.append(verify.make_notice(draw, sealed_, result["committed"], own, stamp))
        log += entries_of(draw, sealed_, notices[-1], digest)
    log += [entry(draw, "match", {})]
    lines = {"entities": draw.entities, "inspectors": draw.inspectors, "recusals": draw.recusals}
    lines |= {"log": verify.chain(log)[0], "changes": list(changes), "records": []}
    lines |= {name: result[name] for name in ("strata", "targets", "blocks", "shortages")}
    lines["witness"] = sorted(witness(verify.to_be_seen(notices, closed)), key=verify.encode)
    seeds = [
        {"closing": closing, "values": sealed_.values}
        for closing, sealed_ in zip(result["closings"], draw.rounds, strict=True)
    ]
    values = {"plan": draw.plan, "salt": {"key": draw.salt_key.hex()}, "commitment": result["statements"]}
    values |= {"notice": notices[0], "seed": seeds[0]}
    values |= {"late": {"changes": list(late), "notice": notices[1], "seed": seeds[1]}} if draw.late else {}
    members = {f"{name}.jsonl": verify.encode_lines(rows) for name, rows in lines.items()}
    members |= {f"{name}.json": verify.encode(value) for name, value in values.items()}
    return sealed(members, verify.result_digest(draw, members).hex())


def entries_of(draw: verify.Draw, sealed_: verify.Round, notice: Record, closed: bytes) -> list[Record]:
    """The log's entries of one freeze, up to what is drawn with its seed."""
    told: dict[str, Record] = {f"{sealed_.prefix}freeze": {key: notice[key] for key in ("changes", "commitments")}}
    if sealed_.contributors:
        told[f"{sealed_.prefix}close"] = {"closing": closed.hex()}
    told[f"{sealed_.prefix}seed"] = {}
    told |= {"draw": {}} if "targets" in sealed_.stages else {}
    return [entry(draw, verb, details) for verb, details in told.items()]


def entry(draw: verify.Draw, verb: str, details: Record) -> Record:
    about = {"draw": draw.number, "mode": draw.mode}
    return {"details": about | details, "operator": "甲", "time": TIMES[verb], "verb": verb}


def result_of(members: Mapping[str, bytes]) -> str:
    """The result digest (hex) of members as they are; of such as lack what it needs, any other."""
    try:
        statement = verify.decode(members["commitment.json"])["targets"]
        key = bytes.fromhex(verify.decode(members["salt.json"])["key"])
        draw = SimpleNamespace(mode=statement["mode"], number=statement["draw"], salt_key=key)
        return verify.result_digest(cast(verify.Draw, draw), members).hex()
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, verify.SpecError):
        return "0" * 64


def sealed(members: Mapping[str, bytes], result: str) -> dict[str, bytes]:
    """The members with their manifest, written anew."""
    return {**members, "manifest.json": verify.encode(verify.make_manifest(members, result))}


def write_archive(members: Mapping[str, bytes]) -> bytes:
    """§16: members in ascending order of name."""
    return verify.write_archive(dict(sorted(members.items())))


def make_bundle(draw: verify.Draw, witness: Witness = nobody, hours: Mapping[str, str] = HOURS) -> bytes:
    """The draw's bundle."""
    return write_archive(members_of(draw, witness, hours=hours))
