"""§20: public bundles, good ones and tampered ones, each with its exit code or the step that must catch it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from docs.spec.v1 import verify
from docs.spec.v1.scenarios import features, signing, world
from docs.spec.v1.scenarios.cases import GONE, Case, Record, changed
from docs.spec.v1.scenarios.fewer import by_bytes
from docs.spec.v1.scenarios.tampering import ALONE
from docs.spec.v1.scenarios.witnessed import by_notary, contributed

Path = tuple[str | int, ...]
Edits = Sequence[tuple[Path, Any]]  # a callable instead of a value makes it from the whole
NOTARY = [signing.fingerprint(signing.NOTARY)]
LISTED: Record = {
    "id": "C",
    "name": "上级派发检查",
    "source": "superior",
    "pool": ["and"],
    "slots": ["lead", "local"],
    "items": ["特种设备"],
}


def open_draw(**changes: Any) -> verify.Draw:
    """The whole small world, and a list from above: a target of task A, one in no tier, one that is revoked."""
    plan = world.plan()
    plan["tasks"].insert(1, LISTED)
    some = ("91-06", "92-04", "93-02")
    firms = [firm | ({"lists": ["C"]} if firm["id"] in some else {}) for firm in world.entities()]
    return world.draw_of(**{"plan": plan, "entities": firms} | changes)


def open_real() -> verify.Draw:
    """The same as a real draw."""
    announced = [{"issue": "2026051", "source": "kl8"}]
    return open_draw(mode="real", announced=announced, values=[announced[0] | {"value": world.KL8}])


def open_witnessed() -> verify.Draw:
    """The rehearsal that is tampered with: with contributors, and witnesses of notice and closing."""
    return contributed(open_draw())


def places_of(draw: verify.Draw) -> dict[bytes, list[list[int]]]:
    """Where each leaf of the registry lies, ascending by leaf."""
    registry = verify.seal(draw, "entity", draw.entities)
    places: dict[bytes, list[list[int]]] = {leaf: [] for leaf, _ in registry.sealed}
    for t, task in enumerate(verify.stratify(draw.plan, registry)):
        for leaf, _ in task.listed.sealed if task.listed else ():
            places[leaf].append([t])
        for i, tier in enumerate(task.tiers):
            for j, stratum in enumerate(tier.strata):
                for leaf, _ in stratum.sealed:
                    places[leaf].append([t, i, j])
    return places


def bounded_draw() -> verify.Draw:
    """With bounds in the tier of task A that has a second key."""
    return open_draw(plan=features.with_bounds(open_draw().plan, 0, 1, {"count": 2}))


def deserted() -> verify.Draw:
    """Nobody in the registry: no tiers, a list of nobody, nothing drawn."""
    plan = changed(open_draw().plan, ("tasks", 2, "tiers", 0, "quota"), {"count": 0})
    return open_draw(plan=plan, entities=[])


Hours = Mapping[str, str]


def public_values(draw: verify.Draw, witness: world.Witness = world.nobody, hours: Hours = world.HOURS) -> Record:
    """What stands in the members of the draw's public bundle."""
    members = world.members_of(draw, witness=witness, hours=hours)
    lines = {name: verify.decode_lines(members[f"{name}.jsonl"]) for name in ("strata", "targets", "witness")}
    names = {record["id"]: record["name"] for record in draw.entities}
    lines["witness"] = [one for one in lines["witness"] if not one["of"].startswith("late-")]
    return {
        "commitment.json": {"targets": verify.decode(members["commitment.json"])["targets"]},
        "leaves.jsonl": [{"in": places, "leaf": leaf.hex()} for leaf, places in places_of(draw).items()],
        "names.jsonl": [{"id": line["id"], "name": names[line["id"]]} for line in lines["targets"]],
        "notice.json": verify.decode(members["notice.json"]),
        "seed.json": verify.decode(members["seed.json"]),
        "strata.jsonl": [{k: line[k] for k in line if k not in ("cell", "tier")} for line in lines["strata"]],
        "witness.jsonl": lines["witness"],
    }


def members_from(values: Record, kind: str = "public") -> dict[str, bytes]:
    """The members, with their manifest."""
    members = {
        name: verify.encode_lines(value) if name.endswith(".jsonl") else verify.encode(value)
        for name, value in values.items()
    }
    return members | {"manifest.json": verify.encode(verify.make_manifest(members, "5e" * 32, kind))}


def packed(values: Record) -> bytes:
    return world.write_archive(members_from(values))


def make_public(draw: verify.Draw, witness: world.Witness = world.nobody, hours: Hours = world.HOURS) -> bytes:
    """The draw's public bundle."""
    return packed(public_values(draw, witness, hours))


def edited(value: Any, edits: Edits) -> Any:
    """A copy with all these changes."""
    for path, new in edits:
        value = changed(value, path, new(value) if callable(new) else new)
    return value


def asked(name: str, data: bytes, fails: str = "", **more: Any) -> tuple[str, bytes, Case]:
    """Name, bytes and case of a bundle or receipt, good (a rehearsal, unless it is said) or refused."""
    given = {"data": data, "rehearsal": True, "trust": [], "public": None} | more
    return name, data, Case(name.replace("-", " "), given, fails)


def public_cases() -> Iterator[tuple[str, bytes, Case]]:
    """Name, bytes and case of every public bundle."""
    yield from good_bundles()
    yield from hour_bundles()
    yield from chosen_bundles()
    values = public_values(open_witnessed(), by_notary)
    for failure, tamperings in TAMPERINGS.items():
        for name, edits in tamperings().items():
            yield asked(f"public-{failure}-{name}", packed(edited(values, edits)), failure)
    for (failure, name), data in repacked(members_from(values)).items():
        yield asked(f"public-{failure}-{name}", data, failure)


def hour_bundles() -> Iterator[tuple[str, bytes, Case]]:
    """Witnessed before and after the announced hour, 03:20:00, of a fallback 03:25:00. There is no log."""
    real = contributed(open_real())
    for name, time in (("before", "03:19:59"), ("at", "03:20:00"), ("after", "09:00:00")):
        data = make_public(real, partial(by_notary, times={"closing": time}))
        yield asked(f"public-hours-closing-{name}", data, trust=NOTARY)
        noticed = make_public(real, partial(by_notary, times={"notice": time}))
        yield asked(f"public-hours-notice-{name}", noticed, trust=NOTARY)
    fallback = {"issue": "2026053", "source": "kl8"}
    announced = [{"issue": "2026051", "source": "kl8", "fallback": [fallback]}]
    later = contributed(open_draw(mode="real", announced=announced, values=[fallback | {"value": world.KL8}]))
    for name, time in (("before", "03:24:59"), ("at", "03:25:00")):
        data = make_public(later, partial(by_notary, times={"closing": time}))
        yield asked(f"public-hours-fallback-{name}", data, trust=NOTARY)
    untold = make_public(real, partial(by_notary, times={"closing": "09:00:00"}), {})
    yield asked("public-hours-not-told", untold, trust=NOTARY)
    values = public_values(real, by_notary)
    hours: Path = ("notice.json", "hours")
    for fails, name, new in (
        ("notice", "of-no-form", {"kl8:2026051": "2026-03-02"}),
        ("notice", "of-a-drawing-not-announced", {"kl8:2026052": world.HOURS["kl8:2026051"]}),
        ("witness", "put-later-afterwards", {"kl8:2026051": "2026-03-02T03:29:00Z"}),
        ("witness", "taken-away-afterwards", {}),
    ):
        yield asked(f"public-hours-{name}", packed(edited(values, [(hours, new)])), fails)


def chosen_bundles() -> Iterator[tuple[str, bytes, Case]]:
    """Of draws that announced something in the place of dice."""
    dice, kl8 = {"issue": "1", "source": "dice"}, {"issue": "2026051", "source": "kl8"}
    values = [dice | {"value": world.DICE}]
    for name, announced in (
        ("dice-with-a-fallback", dice | {"fallback": [kl8]}),
        ("dice-as-a-fallback-before-another", kl8 | {"fallback": [dice, kl8 | {"issue": "2026052"}]}),
    ):
        made = make_public(open_draw(mode="real", announced=[announced], values=values))
        yield asked(f"public-commitment-{name}", made, "commitment")


def good_bundles() -> Iterator[tuple[str, bytes, Case]]:
    rehearsal, real = make_public(open_draw()), make_public(open_real())
    yield asked("public-rehearsal", rehearsal)
    yield asked("public-rehearsal-unasked", rehearsal, rehearsal=False)
    yield asked("public-real-not-proven", real)
    seen = make_public(contributed(open_real()), by_notary)
    yield asked("public-real-witnessed", seen, trust=NOTARY)
    yield asked("public-real-signer-unknown", seen)
    late = features.sealed_late(contributed(open_real()))
    yield asked("public-real-sealed-late", make_public(late, by_notary), trust=NOTARY)
    yield asked("public-successor", make_public(open_draw(predecessor=features.PREDECESSOR)))
    yield asked("public-with-bounds", make_public(bounded_draw()))
    yield asked("public-names-by-their-bytes", make_public(by_bytes()))
    yield asked("public-empty-registry", make_public(deserted()))
    unlisted = [{name: firm[name] for name in firm if name != "lists"} for firm in open_draw().entities]
    yield asked("public-empty-list", make_public(open_draw(entities=unlisted)))
    yield asked("public-real-signed", world.write_archive(signed(members_from(public_values(open_real())))))


def signed(members: dict[str, bytes]) -> dict[str, bytes]:
    """The members with the signature of whoever made the bundle."""
    message = verify.tagged("bundle", members["manifest.json"])
    return members | {"signature.json": verify.encode(signing.signature_of(signing.BUREAU, message))}


def repacked(members: dict[str, bytes]) -> dict[tuple[str, str], bytes]:
    """What is wrong with the archive, not with a value in it."""
    forged = verify.encode(signing.signature_of(signing.BUREAU, b"another message"))
    spaced = members | {"leaves.jsonl": members["leaves.jsonl"].replace(b'{"in"', b'{ "in"', 1)}
    auditors = {name: data for name, data in members.items() if name != "manifest.json"}
    return {
        ("archive", "plan-in-it"): world.write_archive(members | {"plan.json": verify.encode(world.plan())}),
        ("archive", "no-names"): world.write_archive({k: v for k, v in members.items() if k != "names.jsonl"}),
        ("archive", "cut-short"): world.write_archive(members)[:-1],
        ("manifest", "kind"): world.write_archive(
            auditors | {"manifest.json": verify.encode(verify.make_manifest(auditors, "5e" * 32))}
        ),
        ("manifest", "names-changed"): world.write_archive(members | {"names.jsonl": b""}),
        ("signature", "of-another-message"): world.write_archive(members | {"signature.json": forged}),
        ("encoding", "space"): world.write_archive(
            spaced
            | {
                "manifest.json": verify.encode(
                    verify.make_manifest({k: spaced[k] for k in auditors}, "5e" * 32, "public")
                )
            }
        ),
    }


SAID: Path = ("commitment.json", "targets")


def moved(start: list[int], end: list[int]) -> Edits:
    """The first leaf of one place is in the other instead."""

    def rows(values: Record) -> list[Record]:
        leaves: list[Record] = values["leaves.jsonl"]
        (first, *_) = (row for row in leaves if start in row["in"])
        new = first | {"in": sorted(end if place == start else place for place in first["in"])}
        return [new if row is first else row for row in leaves]

    return [(("leaves.jsonl",), rows)]


def registries() -> dict[str, Edits]:
    ghost = {"in": [], "leaf": "0" * 64}
    return {
        "leaf-dropped": [(("leaves.jsonl", 3), GONE)],
        "ghost-leaf": [(("leaves.jsonl",), lambda v: [ghost, *v["leaves.jsonl"]])],
        "leaves-out-of-order": [(("leaves.jsonl",), lambda v: v["leaves.jsonl"][::-1])],
        "leaf-twice": [(("leaves.jsonl",), lambda v: [v["leaves.jsonl"][0], *v["leaves.jsonl"]])],
        "leaf-changed": [(("leaves.jsonl", 0, "leaf"), "0" * 64)],
        "place-below-zero": [(("leaves.jsonl", 0, "in"), [[-1]])],
        "stratum-below-zero": [(("leaves.jsonl", 0, "in"), [[0, 0, -1]])],
        "place-as-text": [(("leaves.jsonl", 0, "in"), [["0"]])],
        "place-of-two-numbers": [(("leaves.jsonl", 0, "in"), [[0, 0]])],
        "task-twice": [(("leaves.jsonl", 0, "in"), [[0, 0, 0], [0, 1, 0]])],
        "id-in-a-leaf": [(("leaves.jsonl", 0, "id"), "91-01")],
        "size": [((*SAID, "registry", "size"), 11)],
        "no-mode": [((*SAID, "mode"), GONE)],
        "statement-member-more": [((*SAID, "registry", "note"), "x")],
        "draw-zero": [((*SAID, "draw"), 0)],
    }


def strata() -> dict[str, Edits]:
    tasks: Path = (*SAID, "tasks")
    return {
        "leaf-moved": moved([0, 1, 0], [0, 1, 1]),
        "leaf-moved-to-another-tier": moved([0, 0, 0], [0, 1, 0]),
        "leaf-taken-out": [
            (
                ("leaves.jsonl",),
                lambda v: [row | {"in": [p for p in row["in"] if p != [1]]} for row in v["leaves.jsonl"]],
            )
        ],
        "leaf-added-to-the-list": [
            (("leaves.jsonl",), lambda v: [row | {"in": row["in"] or [[1]]} for row in v["leaves.jsonl"]])
        ],
        "no-such-stratum": moved([0, 1, 0], [0, 1, 9]),
        "no-such-task": moved([0, 1, 0], [9, 1, 0]),
        "list-as-a-stratum": moved([1], [1, 0, 0]),
        "stratum-as-a-list": moved([0, 1, 0], [0]),
        "root": [((*tasks, 0, "tiers", 0, "root"), "0" * 64)],
        "quota-above-the-size": [((*tasks, 2, "tiers", 0, "quota"), 99)],
        "size-above-its-strata": [((*tasks, 2, "tiers", 0, "size"), 3)],
        "size-of-a-stratum": [((*tasks, 2, "tiers", 0, "strata", 0, "size"), 1)],
        "strata-out-of-order": [
            ((*tasks, 0, "tiers"), lambda v: reversed_strata(v["commitment.json"]["targets"]["tasks"][0]["tiers"]))
        ],
        "quota-below-the-least": [((*tasks, 0, "tiers"), lambda v: bound(v, False, {"least": 1, "most": 9}))],
        "quota-above-the-most": [((*tasks, 0, "tiers"), lambda v: bound(v, True, {"least": 0, "most": 1}))],
        "bounds-of-nothing": [((*tasks, 0, "tiers", 1, "bounds"), {"least": 0, "most": 0})],
        "bounds-reversed": [((*tasks, 0, "tiers", 1, "bounds"), {"least": 9, "most": 1})],
        "tiers-out-of-order": [
            ((*tasks, 0, "tiers"), lambda v: v["commitment.json"]["targets"]["tasks"][0]["tiers"][::-1])
        ],
        "task-twice": [((*tasks, 2, "id"), "A")],
        "task-id-without-form": [((*tasks, 1, "id"), "C_1")],
        "source-unknown": [((*tasks, 1, "source"), "lottery")],
        "no-tasks": [(tasks, [])],
    }


def bound(values: Record, whole: bool, bounds: Record) -> list[Record]:
    """The tiers of the first task, with bounds in those of which all are drawn, or in the others."""
    tiers: list[Record] = values["commitment.json"]["targets"]["tasks"][0]["tiers"]
    return [tier | ({"bounds": bounds} if (tier["quota"] == tier["size"]) is whole else {}) for tier in tiers]


def reversed_strata(tiers: list[Record]) -> list[Record]:
    return [tier | {"strata": tier["strata"][::-1]} for tier in tiers]


def commitments() -> dict[str, Edits]:
    return {
        "authority-empty": [((*SAID, "authority"), "")],
        "suite": [((*SAID, "suite"), "sm3")],
        "spec": [((*SAID, "spec"), "v2")],
        "key-more": [((*SAID, "note"), "x")],
        "stage": [((*SAID, "stage"), "inspectors")],
        "plan": [((*SAID, "plan"), "x")],
        "nothing-announced": [((*SAID, "values"), [])],
        "inspectors-statement-in-it": [(("commitment.json", "inspectors"), {})],
        "predecessor-zero": [((*SAID, "predecessor"), {"commitment": "0" * 64, "draw": 0})],
        "predecessor-is-no-earlier-draw": [((*SAID, "predecessor"), {"commitment": "0" * 64, "draw": 7})],
    }


def notices() -> dict[str, Edits]:
    return {
        "statement-changed": [((*SAID, "plan"), "0" * 64)],
        "quota-changed": [((*SAID, "tasks", 2, "tiers", 0, "quota"), 2)],
        "predecessor-added": [((*SAID, "predecessor"), {"commitment": "0" * 64, "draw": 6})],
        "values-changed": [(("notice.json", "values", 0, "source"), "dice")],
        "commitment": [(("notice.json", "commitments", "targets"), "0" * 64)],
        "size": [(("notice.json", "sizes", "registry"), 11)],
        **{name: [(("notice.json", name), new)] for name, new in ALONE.items() if name != "plan"},
        "plan-without-form": [(("notice.json", "plan"), "411000_2026")],
        "deadline": [(("notice.json", "deadline"), "2026-02-30")],
        "head-in-capitals": [(("notice.json", "head"), "AB" * 32)],
        "size-below-zero": [(("notice.json", "sizes", "recusals"), -1)],
        "commitments-of-one-sealed-late": [(("notice.json", "commitments", "inspectors"), GONE)],
        "key-more": [(("notice.json", "note"), "x")],
        "sizes-of-one-sealed-late": [(("notice.json", "sizes"), {"registry": 12})],
        "contributor-twice": [(("notice.json", "contributors"), ["甲", "甲", "丙"])],
        "no-changes-digest": [(("notice.json", "changes"), GONE)],
        "no-hours": [(("notice.json", "hours"), GONE)],
        "hours-as-an-array": [(("notice.json", "hours"), [])],
        "hour-of-a-seed-set-by-hand": [(("notice.json", "hours"), {"explicit:1": "2026-03-02T03:20:00Z"})],
        "changes-digest-without-form": [(("notice.json", "changes"), "x")],
    }


def seeds() -> dict[str, Edits]:
    return {
        "value-of-another-form": [(("seed.json", "values", 0, "value"), "00")],
        "slip-missing": [(("seed.json", "closing", "contributions", 1), GONE)],
        "signature": [(("seed.json", "closing", "contributions", 2, "signature"), "00" * 64)],
        "commitment": [(("seed.json", "closing", "commitment"), "0" * 64)],
    }


def witnesses() -> dict[str, Edits]:
    return {
        "signature": [(("witness.jsonl", 0, "signature"), "00" * 64)],
        "notice-changed-afterwards": [(("notice.json", "deadline"), "2026-05-01")],
        "changes-digest-changed-afterwards": [(("notice.json", "changes"), "0" * 64)],
        "slip-changed": [(("seed.json", "closing", "contributions", 1, "slip"), "风调雨顺 2027")],
        "of-a-late-notice": [(("witness.jsonl", 1, "of"), "late-notice")],
    }


def targets() -> dict[str, Edits]:
    return {
        "cut-changed": [(("strata.jsonl", 0, "cut"), "f" * 64)],
        "cut-taken-away": [(("strata.jsonl", 0, "cut"), GONE)],
        "quota-changed": [(("strata.jsonl", 0, "quota"), 0)],
        "line-dropped": [(("strata.jsonl", 0), GONE)],
        "tier-told": [(("strata.jsonl", 0, "tier"), "high")],
        "another-value": [(("witness.jsonl",), []), (("seed.json", "values", 0, "value"), "00" * 32)],
        "name-dropped": [(("names.jsonl", 0), GONE)],
        "name-more": [(("names.jsonl",), lambda v: [*v["names.jsonl"], {"id": "99-99", "name": "甲"}])],
        "names-out-of-order": [(("names.jsonl",), lambda v: v["names.jsonl"][::-1])],
        "name-twice": [(("names.jsonl", 1), lambda v: v["names.jsonl"][0])],
        "name-without-id": [(("names.jsonl", 0, "id"), "")],
    }


TAMPERINGS: dict[str, Callable[[], dict[str, Edits]]] = {
    "registry": registries,
    "strata": strata,
    "commitment": commitments,
    "notice": notices,
    "seed": seeds,
    "witness": witnesses,
    "targets": targets,
}
