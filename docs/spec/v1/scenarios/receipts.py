"""§21: receipts, alone and beside a public bundle, good ones and tampered ones."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from docs.spec.v1 import verify
from docs.spec.v1.scenarios import features, signing, world
from docs.spec.v1.scenarios.cases import GONE, Case, Record, changed
from docs.spec.v1.scenarios.paths import path
from docs.spec.v1.scenarios.public import (
    NOTARY,
    Edits,
    Hours,
    Path,
    asked,
    bounded_draw,
    edited,
    make_public,
    open_draw,
    open_real,
    open_witnessed,
    packed,
    places_of,
    public_values,
    reversed_strata,
)
from docs.spec.v1.scenarios.witnessed import by_notary, contributed

DRAWN, SPARED, UNCUT, EXCLUDED = "91-06", "91-03", "91-01", "92-02"
UNTIERED, REVOKED, LONE = "93-02", "92-04", "93-01"


def receipt_of(
    draw: verify.Draw, identifier: str, witness: world.Witness = world.nobody, hours: Hours = world.HOURS
) -> Record:
    """The receipt of one entity."""
    (record,) = (record for record in draw.entities if record["id"] == identifier)
    public = public_values(draw, witness, hours)
    registry = verify.seal(draw, "entity", draw.entities)
    (leaf,) = (leaf for leaf, sealed in registry.sealed if sealed is record)
    lies = {place[0]: place for place in places_of(draw)[leaf]}
    tasks = verify.stratify(draw.plan, registry)
    return {
        "commitment": public["commitment.json"],
        "entity": record,
        "kind": "receipt",
        "notice": public["notice.json"],
        "registry": way(registry, leaf),
        "salt": verify.salt(draw, "entity", identifier).hex(),
        "seed": public["seed.json"],
        "spec": "v1",
        "tasks": [
            {"task": task.id} | member(task, leaf, lies.get(t, []), public["strata.jsonl"])
            if t in lies
            else {"outside": outside(draw, number_of(draw, task), record), "task": task.id}
            for t, task in enumerate(tasks)
        ],
        "witness": public["witness.jsonl"],
    }


def way(part: verify.Part, leaf: bytes) -> Record:
    """The index and the path of a leaf in a list."""
    leaves = [one for one, _ in part.sealed]
    index = leaves.index(leaf)
    return {"index": index, "path": [part.hex() for part in path(leaves, index)]}


def member(task: verify.Task, leaf: bytes, place: list[int], strata: list[Record]) -> Record:
    """A member of `tasks` for a leaf that lies in the task."""
    if task.listed:
        return way(task.listed, leaf)
    _, i, j = place
    stratum = task.tiers[i].strata[j]
    (line,) = (one for one in strata if (one["task"], one["root"]) == (task.id, stratum.root.hex()))
    cut = {"cut": line["cut"]} if "cut" in line else {}
    return way(stratum, leaf) | {"stratum": j, "tier": i} | cut


def number_of(draw: verify.Draw, task: verify.Task) -> Record:
    (found,) = (one for one in draw.plan["tasks"] if one["id"] == task.id)
    return dict(found)


def outside(draw: verify.Draw, task: Record, record: Record) -> str:
    """Why a leaf lies nowhere in a task."""
    if "source" in task:
        return "not_listed"
    fields = verify.entity_fields(record)
    if not verify.holds(task["pool"], fields):
        return "not_in_pool"
    return verify.exclusion(draw.plan, record, fields) or "in_no_tier"


def receipt_cases() -> Iterator[tuple[str, bytes, Case]]:
    """Name, bytes and case of every receipt."""
    yield from good_receipts()
    yield from hour_receipts()
    good = receipt_of(open_witnessed(), DRAWN, by_notary)
    for failure, tamperings in TAMPERINGS.items():
        for name, edits in tamperings().items():
            yield asked(f"receipt-{failure}-{name}", verify.encode(edited(good, edits)), failure)
    yield asked("receipt-encoding-space", verify.encode(good) + b"\n", "encoding")
    none = open_draw(**with_quota({"count": 0}))
    forged = edited(receipt_of(none, DRAWN), [(("tasks", 2, "cut"), "f" * 64)])
    yield asked("receipt-targets-cut-where-the-quota-is-0", verify.encode(forged), "targets")
    firms = [firm | ({"lists": ["B", "C"]} if firm["id"] == DRAWN else {}) for firm in none.entities]
    known = receipt_of(open_draw(entities=firms), DRAWN)
    yield asked("receipt-strata-in-the-list-of-no-listed-task", verify.encode(known), "strata")
    yield from besides()


def with_quota(quota: Record) -> Record:
    """The plan of the open draw with another quota in task B."""
    return {"plan": changed(open_draw().plan, ("tasks", 2, "tiers", 0, "quota"), quota)}


KINDS = {
    "drawn-in-two-tasks-and-listed": DRAWN,
    "not-drawn": SPARED,
    "not-drawn-where-nobody-is": UNCUT,
    "excluded": EXCLUDED,
    "in-no-tier-but-listed": UNTIERED,
    "revoked-but-listed": REVOKED,
    "in-one-task": LONE,
}


def good_receipts() -> Iterator[tuple[str, bytes, Case]]:
    whole, real = open_draw(), open_real()
    for name, identifier in KINDS.items():
        yield asked(f"receipt-{name}", verify.encode(receipt_of(whole, identifier)))
    yield asked("receipt-rehearsal-unasked", verify.encode(receipt_of(whole, DRAWN)), rehearsal=False)
    plain = receipt_of(real, DRAWN)
    yield asked("receipt-real-not-proven", verify.encode(plain))
    yield asked("receipt-real-signed", verify.encode(signed(plain)))
    seen = verify.encode(receipt_of(contributed(real), SPARED, by_notary))
    yield asked("receipt-real-witnessed", seen, trust=NOTARY)
    yield asked("receipt-real-signer-unknown", seen)
    late = receipt_of(features.sealed_late(contributed(real)), DRAWN, by_notary)
    yield asked("receipt-real-sealed-late", verify.encode(late), trust=NOTARY)
    successor = open_draw(predecessor=features.PREDECESSOR)
    yield asked("receipt-of-a-successor", verify.encode(receipt_of(successor, DRAWN)))
    yield asked("receipt-with-bounds", verify.encode(receipt_of(bounded_draw(), SPARED)))


def hour_receipts() -> Iterator[tuple[str, bytes, Case]]:
    """Witnessed before and after the announced hour, 03:20:00."""
    real = contributed(open_real())
    for name, kind, time in (
        ("closing-before", "closing", "03:19:59"),
        ("closing-at", "closing", "03:20:00"),
        ("notice-after", "notice", "09:00:00"),
    ):
        receipt = receipt_of(real, SPARED, partial(by_notary, times={kind: time}))
        yield asked(f"receipt-hours-{name}", verify.encode(receipt), trust=NOTARY)
    late = partial(by_notary, times={"closing": "09:00:00"})
    untold = receipt_of(real, SPARED, late, {})
    yield asked("receipt-hours-not-told", verify.encode(untold), trust=NOTARY)
    shifted = edited(receipt_of(real, SPARED, late), [(("notice", "hours", "kl8:2026051"), "2026-03-02T10:00:00Z")])
    yield asked("receipt-hours-put-later-afterwards", verify.encode(shifted), "witness", trust=NOTARY)
    beside = make_public(real, late, {"kl8:2026051": "2026-03-02T10:00:00Z"})
    other = verify.encode(receipt_of(real, SPARED, by_notary))
    yield asked("receipt-hours-other-than-in-the-public-bundle", other, "public", trust=NOTARY, public=beside)


def signed(receipt: Record) -> Record:
    """The receipt with the signature of whoever made it."""
    message = verify.tagged("receipt", verify.encode(receipt))
    return receipt | {"signature": signing.signature_of(signing.BUREAU, message)}


def besides() -> Iterator[tuple[str, bytes, Case]]:
    """Receipts beside a public bundle of the same draw, of another, or of a forged one."""
    draw = open_draw()
    public, mine = public_values(draw), {who: receipt_of(draw, who) for who in (DRAWN, SPARED, EXCLUDED)}
    beside = packed(public)
    for name, who in (("drawn", DRAWN), ("not-drawn", SPARED), ("excluded", EXCLUDED)):
        yield asked(f"receipt-beside-the-public-bundle-{name}", verify.encode(mine[who]), public=beside)
    last = verify.encode(receipt_of(draw, at_the_cut(draw, public["strata.jsonl"])))
    yield asked("receipt-beside-the-public-bundle-at-the-cut", last, public=beside)
    (told,) = (one for one in mine[SPARED]["tasks"] if one["task"] == "A")
    spared: Path = ("tasks", mine[SPARED]["tasks"].index(told))
    forged = {
        "cut-that-draws": edited(mine[SPARED], [((*spared, "cut"), "f" * 64)]),
        "cut-taken-away": edited(mine[SPARED], [((*spared, "cut"), GONE)]),
        "place-not-told": edited(mine[SPARED], [(spared, {"outside": "in_no_tier", "task": "A"})]),
        "cut-where-nobody-is-drawn": edited(receipt_of(draw, UNCUT), [(((*spared, "cut")), "f" * 64)]),
        "deadline-changed": edited(mine[SPARED], [(("notice", "deadline"), "2026-05-01")]),
    }
    for name, receipt in forged.items():
        yield asked(f"receipt-public-{name}", verify.encode(receipt), "public", public=beside)
    wrong = {
        "of-a-new-draw": make_public(replace(draw, number=8)),
        "of-another-seed": make_public(replace(draw, values=[draw.values[0] | {"value": "00" * 32}])),
        "with-a-forged-cut": packed(edited(public, [(("strata.jsonl", 0, "cut"), "f" * 64)])),
        "without-the-leaf": packed(edited(public, [(("leaves.jsonl", 0), GONE)])),
        "that-is-an-auditors": world.make_bundle(draw),
    }
    for name, data in wrong.items():
        yield asked(f"receipt-public-{name}", verify.encode(mine[SPARED]), "public", public=data)
    at = [line["id"] for line in public["names.jsonl"]].index(DRAWN)
    exchanged = sorted(
        [*public["names.jsonl"][:at], *public["names.jsonl"][at + 1 :], {"id": SPARED, "name": "甲"}], key=by_id
    )
    for name, who in (("drawn-and-not-named", DRAWN), ("named-and-not-drawn", SPARED)):
        data = packed(edited(public, [(("names.jsonl",), exchanged)]))
        yield asked(f"receipt-public-{name}", verify.encode(mine[who]), "public", public=data)


def at_the_cut(draw: verify.Draw, strata: list[Record]) -> str:
    """An entity whose ticket is the largest drawn in its stratum, of which not all are drawn."""
    cuts = [line["cut"] for line in strata if 0 < line["quota"] < line["size"]]
    key = world.derive(draw)["seeds"]["targets"].key("tickets")
    sealed = verify.seal(draw, "entity", draw.entities).sealed
    return next(str(record["id"]) for leaf, record in sealed if verify.ticket(key, leaf).hex() in cuts)


def by_id(line: Record) -> str:
    return str(line["id"])


def flipped(path: list[str]) -> list[str]:
    return [f"{int(path[0][0], 16) ^ 1:x}{path[0][1:]}", *path[1:]]


def encodings() -> dict[str, Edits]:
    return {
        "kind": [(("kind",), "public")],
        "spec": [(("spec",), "v2")],
        "member-more": [(("note",), "x")],
        "no-witness": [(("witness",), GONE)],
    }


def signatures() -> dict[str, Edits]:
    return {
        "of-another-receipt": [(("signature",), signing.signature_of(signing.BUREAU, b"another"))],
        "without-key": [(("signature",), {"signature": "00" * 64})],
    }


def registries() -> dict[str, Edits]:
    foreign = receipt_of(open_witnessed(), SPARED, by_notary)["entity"]
    return {
        "foreign-record-with-the-right-path": [(("entity",), foreign)],
        "name-changed": [(("entity", "name"), "某")],
        "list-added": [(("entity", "lists"), ["B", "C"])],
        "column-invalid": [(("entity", "columns", "Town"), "东镇")],
        "status-invalid": [(("entity", "status"), "closed")],
        "salt": [(("salt",), "00" * 32)],
        "path-flipped": [(("registry", "path"), lambda r: flipped(r["registry"]["path"]))],
        "path-too-short": [(("registry", "path"), lambda r: r["registry"]["path"][1:])],
        "path-too-long": [(("registry", "path"), lambda r: [*r["registry"]["path"], "00" * 32])],
        "another-index": [(("registry", "index"), lambda r: r["registry"]["index"] ^ 1)],
        "index-beyond": [(("registry", "index"), 12)],
        "index-below-zero": [(("registry", "index"), -1)],
        "list-without-form": [(("entity", "lists"), ["C_1"])],
        "size-in-the-statement": [(("commitment", "targets", "registry", "size"), 4)],
        "no-statement": [(("commitment",), {})],
        "no-salt-but-a-number": [(("salt",), 1)],
    }


def strata() -> dict[str, Edits]:
    said: Path = ("commitment", "targets", "tasks")
    many = [LISTED_BY_NOBODY | {"id": str(number)} for number in range(1000)]
    return {
        "size-above-its-strata": [((*said, 2, "tiers", 0, "size"), 3)],
        "size-of-a-stratum": [((*said, 0, "tiers", 0, "strata", 0, "size"), 9)],
        "tiers-out-of-order": [((*said, 0, "tiers"), lambda r: tiers_of(r)[::-1])],
        "strata-out-of-order": [((*said, 0, "tiers"), lambda r: reversed_strata(tiers_of(r)))],
        "a-thousand-and-one-tasks": [
            (said, lambda r: [r["commitment"]["targets"]["tasks"][1], *many]),
            (("tasks",), lambda r: [r["tasks"][1], *({"outside": "not_listed", "task": one["id"]} for one in many)]),
        ],
        "path-flipped": [(("tasks", 1, "path"), lambda r: flipped(r["tasks"][1]["path"]))],
        "another-tier": [(("tasks", 0, "tier"), lambda r: r["tasks"][0]["tier"] ^ 1)],
        "no-such-tier": [(("tasks", 0, "tier"), 9)],
        "no-such-stratum": [(("tasks", 0, "stratum"), 9)],
        **{f"{name}-below-zero": [(("tasks", 0, name), -1)] for name in ("index", "stratum", "tier")},
        "task-missing": [(("tasks", 2), GONE)],
        "tasks-out-of-order": [(("tasks",), lambda r: r["tasks"][::-1])],
        "listed-as-outside": [(("tasks", 1), {"outside": "not_listed", "task": "C"})],
        "outside-of-a-tier-as-not-listed": [(("tasks", 0), {"outside": "not_listed", "task": "A"})],
        "tier-as-a-list": [(("tasks", 0), lambda r: {k: r["tasks"][0][k] for k in ("index", "path", "task")})],
        "reason-without-form": [(("tasks", 0), {"outside": "Because", "task": "A"})],
        "cut-without-form": [(("tasks", 0, "cut"), "f")],
        "quota-in-the-statement": [(("commitment", "targets", "tasks", 2, "tiers", 0, "quota"), 99)],
        "no-tasks": [(("tasks",), "x")],
    }


LISTED_BY_NOBODY: Record = {"listed": {"root": verify.root([]).hex(), "size": 0}, "source": "superior"}


def tiers_of(receipt: Record) -> list[Record]:
    """Of the first task of the statement."""
    tiers: list[Record] = receipt["commitment"]["targets"]["tasks"][0]["tiers"]
    return tiers


def commitments() -> dict[str, Edits]:
    return {
        "suite": [(("commitment", "targets", "suite"), "sm3")],
        "inspectors-statement-in-it": [(("commitment", "inspectors"), {})],
    }


def notices() -> dict[str, Edits]:
    other = receipt_of(contributed(replace(open_draw(), number=8)), DRAWN, by_notary)
    return {
        "of-another-draw": [(("notice",), other["notice"])],
        "statement-changed": [(("commitment", "targets", "plan"), "0" * 64)],
        "quota-changed": [(("commitment", "targets", "tasks", 2, "tiers", 0, "quota"), 2)],
        "not-an-object": [(("notice",), [])],
        "no-changes-digest": [(("notice", "changes"), GONE)],
    }


def seeds() -> dict[str, Edits]:
    return {
        "value-of-another-form": [(("seed", "values", 0, "value"), "00")],
        "closing-missing": [(("seed", "closing"), GONE)],
        "not-an-object": [(("seed",), 1)],
    }


def witnesses() -> dict[str, Edits]:
    return {
        "signature": [(("witness", 0, "signature"), "00" * 64)],
        "not-an-array": [(("witness",), {})],
        "reversed": [(("witness",), lambda r: r["witness"][::-1])],
        "twice": [(("witness",), lambda r: [r["witness"][0], *r["witness"]])],
    }


def targets() -> dict[str, Edits]:
    """In task A the drawn one is of a tier of which all are drawn."""
    return {
        "ticket-above-the-cut-where-all-are-drawn": [(("tasks", 0, "cut"), "0" * 64)],
        "no-cut-where-all-are-drawn": [(("tasks", 0, "cut"), GONE)],
    }


TAMPERINGS: dict[str, Callable[[], dict[str, Edits]]] = {
    "encoding": encodings,
    "signature": signatures,
    "registry": registries,
    "strata": strata,
    "commitment": commitments,
    "notice": notices,
    "seed": seeds,
    "witness": witnesses,
    "targets": targets,
}
