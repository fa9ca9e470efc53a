"""§16 to §18: bundles of a late seal, of a successor, of shortages, with changes and signatures; and tampered ones."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from docs.spec.v1 import verify
from docs.spec.v1.scenarios import features, signing, world
from docs.spec.v1.scenarios.cases import GONE, Record, changed, key_of
from docs.spec.v1.scenarios.larger import listed, with_experts
from docs.spec.v1.scenarios.tampering import DEEP, Members, Path, Tamper, edit, raw, relogged, resealed
from docs.spec.v1.scenarios.witnessed import by_notary, contributed, real_draw, small

CHANGES: list[Record] = [
    {"approver": "李", "id": "91-04", "kind": "gone", "reason": "注销", "was": "存续"},
    {"approver": "王", "column": "town", "id": "91-02", "kind": "column", "now": "东镇", "reason": "", "was": "西镇"},
]
CHANGES.sort(key=verify.encode)
KL8 = {"issue": "2026051", "source": "kl8"}


def late_draw(draw: verify.Draw) -> verify.Draw:
    """The draw sealed late, with one contribution to each seed; announced for its inspectors are other values."""
    draw = features.sealed_late(contributed(draw))
    committed = world.derive(draw)["committed"]["inspectors"]
    given = signing.contribution(draw.mode, committed, "丁", key_of(8))
    return features.sealed_late(draw, contributors=["丁"], contributions=[given])


def late_lottery(draw: verify.Draw) -> verify.Draw:
    """The same, the inspectors' value of a lottery as well."""
    own = {"issue": "2026060", "source": "kl8"}
    late = features.sealed_late(late_draw(draw), announced=[own], values=[own | {"value": world.KL8}])
    committed = world.derive(late)["committed"]["inspectors"]
    given = signing.contribution(draw.mode, committed, "丁", key_of(8))
    more = {"contributors": ["丁"], "contributions": [given]}
    return features.sealed_late(late, announced=[own], values=[own | {"value": world.KL8}], **more)


def successor() -> verify.Draw:
    return replace(small(), predecessor=features.PREDECESSOR)


def short_draw() -> verify.Draw:
    """Too few for one slot each."""
    return replace(small(), plan=changed(small().plan, ("blocks", "max_per_inspector"), 1))


def relaxed_draw(*relaxations: Record) -> verify.Draw:
    """Nobody is in the pool of leads, until a relaxation gives another."""
    plan = changed(small().plan, ("slots", 0, "pool"), ["or"])
    return replace(small(), plan=plan | {"relaxations": list(relaxations)})


def signed(members: Members, secret: bytes = signing.NOTARY, kind: str = "bundle") -> Members:
    """The members with a signature of the manifest."""
    signature = signing.sign(secret, verify.tagged(kind, members["manifest.json"])).hex()
    said = {"key": signing.public_key(secret).hex(), "signature": signature}
    return members | {"signature.json": verify.encode(said)}


def good_members() -> dict[str, Members]:
    """Bundles that hold, all of rehearsals but the last two."""
    small_teams = replace(small(), plan=features.with_teams(small().plan, 2))
    return {
        "late": world.members_of(late_draw(small()), by_notary),
        "successor": world.members_of(successor()),
        "changes": world.members_of(small(), by_notary, CHANGES),
        "late-changes": world.members_of(late_draw(small()), by_notary, CHANGES[:1], CHANGES),
        "listed": world.members_of(listed(world.draw_of())),
        "experts": world.members_of(with_experts(world.draw_of())),
        "teams": world.members_of(small_teams),
        "incompatible": world.members_of(features.recused(small(), ("P01", "P05"), ("P02", "P03"))),
        "shortage": world.members_of(short_draw()),
        "relaxed": world.members_of(relaxed_draw({"cap": 9}, {"slot": "lead", "pool": ["and"]})),
        "not-relaxed": world.members_of(relaxed_draw({"cap": 9}, {"slot": "local", "district": "any"})),
        "signed": signed(world.members_of(small())),
        "real-late": world.members_of(late_draw(real_draw()), by_notary),
        "real-late-half-witnessed": world.members_of(
            late_draw(real_draw()), lambda seen: [one for one in by_notary(seen) if one["of"] != "late-closing"]
        ),
    }


def tampered() -> Iterator[tuple[str, str, bytes]]:
    """Failure class, name and bytes."""
    for build in (late_ones, late_seeds, forged_signatures, forged_changes, forged_late_changes, others):
        for failure, cases in build().items():
            for name, data in cases.items():
                yield failure, name, data


Faults = dict[str, dict[str, bytes]]


def late_ones() -> Faults:
    good = good_members()["late"]

    def on(file: str, path: Path, new: Any) -> bytes:
        return edit(file, path, new)(good)

    def without() -> bytes:
        return resealed({name: data for name, data in good.items() if name != "late.json"})

    def reordered(*order: int) -> bytes:
        """The log's entries from the freeze on in this order, chained anew."""
        return relogged(lambda log: [*log[:2], *(log[2:][number] for number in order)])(good)

    late = late_draw(small())
    again = {"announced": late.announced, "values": late.values}
    twice = {"announced": [KL8], "values": [KL8 | {"value": world.KL8}]}
    fallback = {"issue": "2026050", "source": "kl8", "fallback": [KL8]}
    value = KL8 | {"issue": "2026050", "value": world.KL8}
    same = replace(late, announced=[fallback], values=[value], late=dict(late.late or {}) | twice)
    chosen = replace(late, late=features.LATE | {"announced": [features.LATE["announced"][0] | {"fallback": [KL8]}]})
    short = [{"issue": "26051", "source": "kl8"}]
    spelled = {"announced": short, "values": [short[0] | {"value": world.KL8}]}
    alike = replace(same, late=dict(late.late or {}) | spelled)
    return {
        "encoding": {"late-null": raw("late.json", lambda data: data.replace(b"[{", b"[null,{", 1))(good)},
        "commitment": {
            "late-missing": without(),
            "late-nothing-announced": on("commitment.json", ("inspectors", "values"), []),
            "late-dice-with-a-fallback": world.make_bundle(chosen, by_notary),
            "late-same-drawing": world.make_bundle(same, by_notary),
            "late-same-drawing-under-another-spelling": world.make_bundle(alike, by_notary),
        },
        "notice": {
            "late-values-of-the-first": on("commitment.json", ("inspectors", "values"), again["announced"]),
            "late-array": raw("late.json", lambda _: b"[]")(good),
            "late-member-more": on("late.json", ("note",), "x"),
            "late-seed-missing": on("late.json", ("seed",), GONE),
            "late-notice-array": on("late.json", ("notice",), []),
            "late-notice-with-targets": on("late.json", ("notice", "commitments", "targets"), "0" * 64),
            "late-commitment-in-first-notice": on("notice.json", ("commitments", "inspectors"), "0" * 64),
            "late-size": on("late.json", ("notice", "sizes", "recusals"), 1),
            "late-values": on("late.json", ("notice", "values", 0, "issue"), "2"),
            "late-contributor-twice": on("late.json", ("notice", "contributors", 1), "丁"),
            "late-another-draw": on("late.json", ("notice", "draw"), 8),
        },
        "log": {
            "late-freeze-missing": reordered(0, 1, 2, 3, 5, 6, 7),
            "late-freeze-twice": reordered(0, 1, 2, 3, 4, 4, 5, 6, 7),
            "late-freeze-after-match": reordered(0, 1, 2, 3, 7, 4, 5, 6),
            "late-closing-after-seed": reordered(0, 1, 2, 3, 4, 6, 5, 7),
            "late-head": on("late.json", ("notice", "head"), "0" * 64),
        },
    }


def late_seeds() -> Faults:
    good, late = good_members()["late"], late_draw(small())

    def on(file: str, path: Path, new: Any) -> bytes:
        return edit(file, path, new)(good)

    def drawn(draw: verify.Draw) -> bytes:
        return world.make_bundle(draw, by_notary)

    weak, real = {"issue": "1", "source": "pl5"}, late_lottery(real_draw())
    byhand = [one | {"fallback": [{"issue": "1", "source": "explicit"}]} for one in (real.late or {})["announced"]]
    return {
        "seed": {
            "late-signature": on("late.json", ("seed", "closing", "contributions", 0, "signature"), "00" * 64),
            "late-contribution-to-the-targets": drawn(replace(late, late=dict(late.late or {}) | to_targets(late))),
            "late-closing-of-the-targets": on("late.json", ("seed", "closing", "commitment"), "0" * 64),
            "late-value-form": on("late.json", ("seed", "values", 0, "value"), "x"),
            "late-another-source": on("late.json", ("seed", "values", 0), KL8 | {"value": world.KL8}),
            "late-seed-array": on("late.json", ("seed",), []),
            "late-closing-digest-in-the-log": told_by("late-close", "closing", "0" * 64)(good),
            "late-explicit-in-a-real-draw-as-a-fallback": drawn(
                replace(
                    real, late=dict(real.late or {}) | {"announced": byhand, "contributors": [], "contributions": []}
                )
            ),
            "late-entropy": drawn(
                replace(
                    late_draw(real_draw()),
                    late=features.LATE | {"values": [weak | {"value": "12345"}], "announced": [weak]},
                )
            ),
        },
        "witness": {
            "late-kind-of-no-notice": resealed(world.members_of(small(), lambda seen: [late_statement(seen)])),
            "late-digest": on("witness.jsonl", (0, "digest"), "0" * 64),
        },
        "assignment": {"late-another-value": on("late.json", ("seed", "values", 0, "value"), "1" * 20)},
    }


def to_targets(late: verify.Draw) -> Record:
    """A contribution to the first seed, given to the second."""
    targets = world.derive(late)["committed"]["targets"]
    return {"contributions": [signing.contribution(late.mode, targets, "丁", key_of(8))]}


def told_by(verb: str, name: str, new: Any) -> Tamper:
    """The log with another detail in the entries of a verb, chained anew."""
    return relogged(lambda log: [changed(one, ("details", name), new) if one["verb"] == verb else one for one in log])


def late_statement(seen: verify.Seen) -> Record:
    said = signing.seen(*seen["notice"], "late-notice", "某某公证处", "2026-03-02T05:00:00Z")
    return signing.signed(said, signing.NOTARY)


def forged_signatures() -> Faults:
    good = world.members_of(small())
    sealed = signed(good)

    def on(path: Path, new: Any) -> bytes:
        said = changed(verify.decode(sealed["signature.json"]), path, new)
        return world.write_archive(sealed | {"signature.json": verify.encode(said)})

    other = sealed | {"plan.json": sealed["plan.json"].replace("公示信息检查".encode(), "其他检查".encode())}
    manifest = world.sealed(other, world.result_of(other))["manifest.json"]
    listed_ = verify.decode(sealed["manifest.json"])
    listed_["files"]["signature.json"] = {"sha256": "0" * 64, "size": 0}
    return {
        "signature": {
            "zero": on(("signature",), "00" * 64),
            "of-another-key": on(("key",), signing.public_key(signing.BUREAU).hex()),
            "key-missing": on(("key",), GONE),
            "key-in-capitals": on(("key",), signing.public_key(signing.NOTARY).hex().upper()),
            "in-capitals": on(("signature",), verify.decode(sealed["signature.json"])["signature"].upper()),
            "member-more": on(("name",), "x"),
            "not-canonical": world.write_archive(sealed | {"signature.json": sealed["signature.json"] + b"\n"}),
            "array": world.write_archive(sealed | {"signature.json": b"[]"}),
            "too-deep": world.write_archive(sealed | {"signature.json": DEEP}),
            "of-a-receipt": world.write_archive(signed(good, kind="receipt")),
            "manifest-changed-afterwards": world.write_archive(other | {"manifest.json": manifest}),
        },
        "manifest": {
            "with-signature": world.write_archive(sealed | {"manifest.json": verify.encode(listed_)}),
            "changes-missing": world.write_archive(good | {"changes.jsonl": b"x\n"}),
        },
        "archive": {
            "public-member": world.write_archive(good | {"leaves.jsonl": b""}),
            "no-shortages": world.write_archive({k: v for k, v in good.items() if k != "shortages.jsonl"}),
        },
    }


def forged_changes() -> Faults:
    """Changes rewritten, alone and with the digests in log and notice, which the log's keeper can write anew."""
    good, draw = good_members()["changes"], small()
    new = changed(CHANGES, (0, "reason"), "迁出")
    digest = verify.changes_digest(draw, "", new)
    rewritten = good | {"changes.jsonl": verify.encode_lines(new)}
    forged = world.members_of(draw, by_notary, new)

    def on(path: Path, new: Any) -> bytes:
        return edit("changes.jsonl", path, new)(good)

    return {
        "encoding": {"changes-no-newline": raw("changes.jsonl", lambda data: data[:-1])(good)},
        "notice": {
            "changes-reason": on((0, "reason"), "x"),
            "changes-dropped": on((0,), GONE),
            "changes-reversed": raw("changes.jsonl", reversed_lines)(good),
            "changes-invalid": on((0, "column"), "地区"),
            "changes-no-object": on((0,), 1),
            "changes-rewritten-in-the-log-too": told_by("freeze", "changes", digest)(rewritten),
            "changes-digest": edit("notice.json", ("changes",), digest)(good),
            "changes-digest-missing": edit("notice.json", ("changes",), GONE)(good),
            "changes-digest-with-the-late-salt": edit(
                "notice.json", ("changes",), verify.changes_digest(draw, "late-", CHANGES)
            )(good),
        },
        "log": {
            "changes-rewritten-in-the-notice-too": edit("notice.json", ("changes",), digest)(rewritten),
            "changes-digest-in-the-log": told_by("freeze", "changes", digest)(good),
            "changes-digest-missing-in-the-log": told_by("freeze", "changes", GONE)(good),
        },
        "witness": {"changes-rewritten-everywhere": resealed(forged | {"witness.jsonl": good["witness.jsonl"]})},
    }


def forged_late_changes() -> Faults:
    good, draw = good_members()["late-changes"], late_draw(small())
    new = changed(CHANGES, (0, "reason"), "迁出")
    digest = verify.changes_digest(draw, "late-", new)

    def on(path: Path, new: Any, file: str = "late.json") -> bytes:
        return edit(file, path, new)(good)

    forged = world.members_of(draw, by_notary, CHANGES[:1], new)
    return {
        "notice": {
            "late-changes-missing": on(("changes",), GONE),
            "late-changes-no-array": on(("changes",), "x"),
            "late-changes-reason": on(("changes", 0, "reason"), "x"),
            "late-changes-dropped": on(("changes", 0), GONE),
            "late-changes-reversed": on(("changes",), CHANGES[::-1]),
            "late-changes-no-object": on(("changes", 0), 1),
            "late-changes-in-the-place-of-the-first": on((1,), CHANGES[1], "changes.jsonl"),
            "late-changes-digest": on(("notice", "changes"), digest),
            "late-changes-digest-missing": on(("notice", "changes"), GONE),
            "late-changes-digest-with-the-first-salt": on(
                ("notice", "changes"), verify.changes_digest(draw, "", CHANGES)
            ),
        },
        "log": {
            "late-changes-digest-in-the-log": told_by("late-freeze", "changes", digest)(good),
            "late-changes-digest-missing-in-the-log": told_by("late-freeze", "changes", GONE)(good),
        },
        "witness": {"late-changes-rewritten-everywhere": resealed(forged | {"witness.jsonl": good["witness.jsonl"]})},
    }


def reversed_lines(data: bytes) -> bytes:
    return verify.encode_lines(verify.decode_lines(data)[::-1])


def others() -> Faults:
    good = good_members()
    made_up = [{"inspectors": [], "relaxations": 0, "slots": [0], "why": "pool"}]
    no_teams = [
        {key: value for key, value in row.items() if key != "team"}
        for row in verify.decode_lines(good["signed"]["blocks.jsonl"])
    ]
    unsigned = {name: data for name, data in good["signed"].items() if name != "signature.json"}
    cut_short = {"blocks.jsonl": verify.encode_lines(no_teams), "shortages.jsonl": verify.encode_lines(made_up)}
    return {
        "plan": {
            "relaxation": edit("plan.json", ("relaxations", 0), {"cap": 0})(good["relaxed"]),
            "teams": edit("plan.json", ("teams",), 0)(good["teams"]),
        },
        "registry": {"list-of-no-task": edit("entities.jsonl", (2, "lists"), ["A"])(good["listed"])},
        "strata": {
            "listed-root": edit("commitment.json", ("targets", "tasks", 2, "listed", "root"), "0" * 64)(good["listed"]),
            "listed-source": edit("commitment.json", ("targets", "tasks", 2, "source"), "platform")(good["listed"]),
        },
        "pool": {
            "expert": edit("inspectors.jsonl", (11, "expert"), GONE)(good["experts"]),
            "colleagues": edit("recusals.jsonl", (0, "colleague"), "P09")(good["incompatible"]),
        },
        "commitment": {
            "predecessor-draw-zero": edit("commitment.json", ("targets", "predecessor", "draw"), 0)(good["successor"]),
            "predecessor-later": edit("commitment.json", ("targets", "predecessor", "draw"), 7)(good["successor"]),
            "predecessor-no-digest": edit("commitment.json", ("targets", "predecessor", "commitment"), "x")(
                good["successor"]
            ),
            "predecessor-array": edit("commitment.json", ("targets", "predecessor"), [])(good["successor"]),
        },
        "assignment": {
            "shortage-made-up": resealed(unsigned | cut_short),
            "shortage-dropped": resealed(good["shortage"] | {"shortages.jsonl": b""}),
            "shortage-other-slots": edit("shortages.jsonl", (0, "slots"), [0])(good["shortage"]),
            "shortage-why": edit("shortages.jsonl", (1, "why"), "search")(good["relaxed"]),
            "shortage-line-more": edit("shortages.jsonl", (2,), made_up[0])(good["relaxed"]),
            "team-in-a-shortage": edit("blocks.jsonl", (0, "team"), [])(good["shortage"]),
            "team-exchanged": edit("blocks.jsonl", (0, "team"), lambda rows: rows[0]["team"][::-1])(good["teams"]),
        },
    }
