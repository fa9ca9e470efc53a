"""§16 to §18: bundles tampered with, under the class of the step that must catch each.

Every tampering is re-sealed as far as its author could: the manifest and the archive are written anew unless they are
what is tampered with, so that the named step is the first that can notice.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from docs.spec.v1 import verify
from docs.spec.v1.scenarios import signing, world
from docs.spec.v1.scenarios.cases import GONE, Record, changed
from docs.spec.v1.scenarios.witnessed import by_notary, real_draw, small, with_fallback, witnessed_draw

Members = dict[str, bytes]
Path = tuple[str | int, ...]
Tamper = Callable[[Members], bytes]
DEEP = b"[" * 65 + b"]" * 65


def edit(file: str, path: Path, new: Any) -> Tamper:
    """Change one value of a JSON member, or of a line (path[0]) of a JSON Lines member, and re-seal."""

    def tamper(members: Members) -> bytes:
        read, write = (
            (verify.decode_lines, verify.encode_lines) if file.endswith(".jsonl") else (verify.decode, verify.encode)
        )
        value = read(members[file])
        return resealed(members | {file: write(changed(value, path, new(value) if callable(new) else new))})

    return tamper


def raw(file: str, change: Callable[[bytes], bytes]) -> Tamper:
    """Change the bytes of a member, and re-seal."""
    return lambda members: resealed(members | {file: change(members[file])})


def relogged(change: Callable[[list[Record]], list[Record]]) -> Tamper:
    """Change the log and chain it anew; the notice keeps its head."""
    return raw("log.jsonl", lambda data: verify.encode_lines(verify.chain(change(verify.decode_lines(data)))[0]))


def resealed(members: Members) -> bytes:
    """Manifest (with the result of these members) and archive written anew."""
    return world.write_archive(world.sealed(members, world.result_of(members)))


def manifests() -> dict[str, Tamper]:
    def on(path: Path, new: Any) -> Tamper:
        def tamper(members: Members) -> bytes:
            manifest = changed(verify.decode(members["manifest.json"]), path, new)
            return world.write_archive(members | {"manifest.json": verify.encode(manifest)})

        return tamper

    spaced: Tamper = lambda m: world.write_archive(m | {"manifest.json": m["manifest.json"] + b"\n"})  # noqa: E731
    deep: Tamper = lambda m: world.write_archive(m | {"manifest.json": DEEP})  # noqa: E731
    return {
        "size": on(("files", "plan.json", "size"), 1),
        "digest": on(("files", "plan.json", "sha256"), "0" * 64),
        "file-missing": on(("files", "salt.json"), GONE),
        "kind": on(("kind",), "public"),
        "result-missing": on(("result",), GONE),
        "result-in-capitals": on(("result",), "AB" * 32),
        "spec": on(("spec",), "v2"),
        "not-canonical": spaced,
        "too-deep": deep,
    }


def encodings() -> dict[str, Tamper]:
    return {
        "space": raw("entities.jsonl", lambda data: data.replace(b'{"columns"', b'{ "columns"', 1)),
        "no-newline": raw("targets.jsonl", lambda data: data[:-1]),
        "bom": raw("plan.json", lambda data: b"\xef\xbb\xbf" + data),
        "null": raw("seed.json", lambda data: data.replace(b"[]", b"null", 1)),
        "fraction": raw("log.jsonl", lambda data: data.replace(b'"seq":2', b'"seq":2.0')),
        "too-deep": raw("notice.json", lambda _: DEEP),
        "not-utf8": raw("inspectors.jsonl", lambda data: data.replace("人P01".encode(), b"\xff\xfe")),
    }


def plans() -> dict[str, Tamper]:
    return {
        "unknown-key": edit("plan.json", ("note",), "x"),
        "one-slot": edit("plan.json", ("tasks", 0, "slots"), ["lead"]),
        "array": raw("plan.json", lambda _: b"[]"),
    }


def registries() -> dict[str, Tamper]:
    return {
        "status-changed": edit("entities.jsonl", (4, "status"), "in_business"),
        "name-respelled": edit("entities.jsonl", (1, "name"), "Café 甲"),
        "line-twice": edit("entities.jsonl", (5,), lambda rows: rows[4]),
        "order": raw("entities.jsonl", swapped),
        "record-invalid": edit("entities.jsonl", (0, "columns", "town"), ""),
        "salt-key": edit("salt.json", ("key",), "00" * 32),
        "draw-zero": edit("commitment.json", ("targets", "draw"), 0),
        "mode": edit("commitment.json", ("targets", "mode"), "real"),
        "salt-key-in-capitals": edit("salt.json", ("key",), world.SALT_KEY.hex().upper()),
        "salt-member-more": edit("salt.json", ("note",), "x"),
        "root": edit("commitment.json", ("targets", "registry", "root"), "0" * 64),
        "size": edit("commitment.json", ("targets", "registry", "size"), 4),
        "statement-member-more": edit("commitment.json", ("targets", "registry", "note"), "x"),
        "no-commitment": raw("commitment.json", lambda _: b"{}"),
    }


def swapped(data: bytes) -> bytes:
    """The first two lines exchanged."""
    first, second, rest = data.split(b"\n", 2)
    return b"\n".join([second, first, rest])


def strata() -> dict[str, Tamper]:
    return {
        "quota-in-plan": edit("plan.json", ("tasks", 0, "tiers", 2, "quota"), {"rate": "60%"}),
        "count-above-tier": edit("plan.json", ("tasks", 1, "tiers", 0, "quota"), {"count": 3}),
        "quota-in-statement": edit("commitment.json", ("targets", "tasks", 0, "tiers", 0, "quota"), 2),
        "root-in-statement": edit("commitment.json", ("targets", "tasks", 1, "tiers", 0, "root"), "0" * 64),
        "tiers-in-plan-order": edit(
            "commitment.json", ("targets", "tasks", 0, "tiers"), lambda c: c["targets"]["tasks"][0]["tiers"][::-1]
        ),
        "task-missing": edit("commitment.json", ("targets", "tasks", 1), GONE),
        "statement-member-more": edit("commitment.json", ("targets", "tasks", 1, "note"), "x"),
    }


def pools() -> dict[str, Tamper]:
    return {
        "cancellation-undone": edit("inspectors.jsonl", (5, "certificates", 0, "cancelled"), GONE),
        "record-invalid": edit("inspectors.jsonl", (0, "phone"), "x"),
        "recusal-dropped": edit("recusals.jsonl", (0,), GONE),
        "recusal-invalid": edit("recusals.jsonl", (0, "column"), "name"),
        "digest": edit("commitment.json", ("inspectors", "recusals", "digest"), "0" * 64),
        "recusals-size": edit("commitment.json", ("inspectors", "recusals", "size"), 1),
        "size": edit("commitment.json", ("inspectors", "pool", "size"), 5),
        "statement-member-more": edit("commitment.json", ("inspectors", "pool", "note"), "x"),
        "no-statement": edit("commitment.json", ("inspectors",), GONE),
    }


def commitments() -> dict[str, Tamper]:
    dice, kl8 = {"issue": "1", "source": "dice"}, {"issue": "2026051", "source": "kl8"}
    thrown = replace(real_draw(), values=[dice | {"value": world.DICE}])

    def announcing(drawing: Record, *fallback: Record) -> Tamper:
        return lambda _: world.make_bundle(replace(thrown, announced=[drawing | {"fallback": [*fallback]}]))

    return {
        "dice-with-a-fallback": announcing(dice, kl8),
        "dice-as-a-fallback-before-another": announcing(kl8, dice, kl8 | {"issue": "2026052"}),
        "authority": edit("commitment.json", ("targets", "authority"), "另一机关"),
        "plan-name": edit("plan.json", ("tasks", 0, "name"), "其他检查"),
        "suite": edit("commitment.json", ("targets", "suite"), "sm3"),
        "key-more": edit("commitment.json", ("inspectors", "note"), "x"),
        "third-statement": edit("commitment.json", ("note",), {}),
        "targets-commitment": edit("commitment.json", ("inspectors", "targets"), "0" * 64),
        "nothing-announced": edit("commitment.json", ("targets", "values"), []),
        "unknown-source": edit("commitment.json", ("targets", "values", 0, "source"), "bitcoin"),
    }


ALONE: Record = {"authority": "另一机关", "draw": 8, "mode": "real", "plan": "411000-2026-02", "spec": "v2"}
ALONE |= {"head": "x", "time": "2026-03-02"}  # members of a notice, each of which alone may be wrong


HOUR = "2026-03-02T03:20:00Z"


def notices() -> dict[str, Tamper]:
    return {
        "size": edit("notice.json", ("sizes", "registry"), 6),
        **{name: edit("notice.json", (name,), new) for name, new in ALONE.items()},
        "values": edit("notice.json", ("values", 0, "issue"), "2"),
        "commitment": edit("notice.json", ("commitments", "targets"), "0" * 64),
        "deadline": edit("notice.json", ("deadline",), "2026-02-30"),
        "unknown-key": edit("notice.json", ("note",), "x"),
        "array": raw("notice.json", lambda _: b"[]"),
        "no-contributors": edit("notice.json", ("contributors",), GONE),
        "contributor-twice": edit("notice.json", ("contributors",), ["甲", "乙", "甲"]),
        "contributor-without-name": edit("notice.json", ("contributors",), ["甲", ""]),
        "contributor-number": edit("notice.json", ("contributors",), [1]),
        "no-hours": edit("notice.json", ("hours",), GONE),
        "hours-as-an-array": edit("notice.json", ("hours",), []),
        "hour-of-a-seed-set-by-hand": edit("notice.json", ("hours",), {"explicit:1": HOUR}),
        "hour-of-a-drawing-not-announced": edit("notice.json", ("hours",), {"kl8:2026051": HOUR}),
        "hour-of-no-form": lambda _: edit("notice.json", ("hours", "kl8:2026051"), HOUR[:10])(
            world.members_of(real_draw())
        ),
    }


def logs() -> dict[str, Tamper]:
    return {
        "entry-changed": edit("log.jsonl", (0, "operator"), "乙"),
        "seq": edit("log.jsonl", (5, "seq"), 7),
        "time": edit("log.jsonl", (5, "time"), "2026-03-02 01:30:00"),
        "earlier-rewritten": relogged(lambda log: [log[0] | {"operator": "乙"}, *log[1:]]),
        "no-freeze": relogged(lambda log: log[:2]),
        "two-freezes": relogged(lambda log: [*log, log[2]]),
        "freeze-at-another-time": relogged(lambda log: [*log[:2], log[2] | {"time": "2026-03-02T01:30:01Z"}, *log[3:]]),
        "other-head": edit("notice.json", ("head",), "0" * 64),
        "seed-before-freeze": seed_first,
        "no-closing": closed(lambda log: log[:3] + log[4:]),
        "closing-late": closed(lambda log: [*log[:3], log[4], log[3], *log[5:]]),
        "two-closings": closed(lambda log: [*log[:4], *log[3:]]),
    }


def closed(change: Callable[[list[Record]], list[Record]]) -> Tamper:
    """The log of the draw with contributors changed (entry 3 is its closing) and chained anew."""
    return lambda _: relogged(change)(world.members_of(witnessed_draw(), witness=by_notary))


def contributing(file: str, path: Path, new: Any) -> Tamper:
    """Change one value in the bundle of the draw with contributors and witnesses, and re-seal."""
    return lambda _: edit(file, path, new)(world.members_of(witnessed_draw(), witness=by_notary))


def seed_first(members: Members) -> bytes:
    """A log in which the seed was typed in before the freeze, with a notice that agrees."""
    log = verify.decode_lines(members["log.jsonl"])
    earlier = [*log[:2], log[3]]
    notice = verify.decode(members["notice.json"]) | {"head": verify.chain(earlier)[1]}
    rows = verify.chain([*earlier, log[2], *log[4:]])[0]
    return resealed(members | {"log.jsonl": verify.encode_lines(rows), "notice.json": verify.encode(notice)})


def seeds() -> dict[str, Tamper]:
    def under(draw: verify.Draw) -> Tamper:
        return lambda _: world.make_bundle(draw)

    drawing = {"issue": "2026051", "source": "kl8"}
    real = replace(real_draw(), announced=[drawing])
    short = {"issue": "2026051", "source": "ssq"}
    explicit = {"issue": "1", "source": "explicit"}
    unsorted = world.KL8[2:] + world.KL8[:2]
    value: Path = ("values", 0, "value")
    return {
        "value-of-another-form": edit("seed.json", value, "c0ffee"),
        "another-source": edit("seed.json", ("values", 0), {"issue": "1", "source": "dice", "value": "1"}),
        "value-more": edit("seed.json", ("values", 1), {"issue": "1", "source": "dice", "value": "1"}),
        "contribution": edit("seed.json", ("closing", "contributions", 0), "x"),
        "contribution-unasked": edit("seed.json", ("closing", "contributions", 0), {"absent": 1, "person": "甲"}),
        "closing-missing": edit("seed.json", ("closing",), GONE),
        "closing-of-another-draw": edit("seed.json", ("closing", "commitment"), "0" * 64),
        "another-member": edit("seed.json", ("note",), "x"),
        "signature": contributing("seed.json", ("closing", "contributions", 2, "signature"), "00" * 64),
        "person-missing": contributing("seed.json", ("closing", "contributions", 0), GONE),
        "persons-reordered": contributing(
            "seed.json", ("closing", "contributions"), lambda seed: seed["closing"]["contributions"][::-1]
        ),
        "person-not-in-the-notice": contributing("notice.json", ("contributors", 0), "丁"),
        "slip-changed": contributing("seed.json", ("closing", "contributions", 1, "slip"), "另一张"),
        "closing-digest-in-the-log": closed(
            lambda log: [*log[:3], changed(log[3], ("details", "closing"), "0" * 64), *log[4:]]
        ),
        "no-closing-digest-in-the-log": closed(
            lambda log: [*log[:3], changed(log[3], ("details", "closing"), GONE), *log[4:]]
        ),
        "not-a-fallback": under(replace(with_fallback(), values=real.values[:1] * 2)),
        "not-among-the-fallbacks": under(
            replace(with_fallback(), values=[drawing | {"issue": "2026055", "value": world.KL8}])
        ),
        "explicit-as-a-fallback-in-real": under(replace(real, announced=[drawing | {"fallback": [explicit]}])),
        "kl8-unsorted": under(replace(real, values=[drawing | {"value": unsorted}])),
        "entropy": under(replace(real, announced=[short], values=[short | {"value": "01020304053316"}])),
        "explicit-in-real": under(replace(real, announced=[explicit], values=[explicit | {"value": "0a" * 32}])),
    }


def witnesses() -> dict[str, Tamper]:
    def stated(change: Callable[[list[Record]], list[Record]]) -> Tamper:
        """The two statements of the draw with contributors changed, of the notice and of the closing."""
        rows = lambda data: verify.encode_lines(change(verify.decode_lines(data)))  # noqa: E731
        return lambda _: raw("witness.jsonl", rows)(world.members_of(witnessed_draw(), witness=by_notary))

    def signed(row: Record, **new: str) -> Record:
        return signing.signed({name: row[name] for name in verify.SEEN} | new, signing.NOTARY)

    return {
        "signature": contributing("witness.jsonl", (0, "signature"), "00" * 64),
        "name": contributing("witness.jsonl", (1, "name"), "另一公证处"),
        "key": contributing("witness.jsonl", (1, "key"), signing.public_key(signing.BUREAU).hex()),
        "digest-signed": stated(lambda rows: [signed(rows[0], digest="0" * 64), rows[1]]),
        "of-the-other": stated(lambda rows: [signed(rows[0], of=rows[1]["of"]), rows[1]]),
        "before-the-notice": stated(lambda rows: [rows[0], signed(rows[1], time="2026-03-02T01:29:59Z")]),
        "reversed": stated(lambda rows: rows[::-1]),
        "twice": stated(lambda rows: [rows[0], *rows]),
        "unknown-key": contributing("witness.jsonl", (0, "note"), "x"),
        "receipt-empty": stated(
            lambda rows: [{name: rows[0][name] for name in verify.SEEN} | {"receipt": ""}, rows[1]]
        ),
        "not-an-object": contributing("witness.jsonl", (0,), "x"),
        "notice-changed-afterwards": contributing("notice.json", ("deadline",), "2026-05-01"),
    }


def targets() -> dict[str, Tamper]:
    return {
        "another-value": edit("seed.json", ("values", 0, "value"), "00" * 32),
        "target-replaced": edit("targets.jsonl", (1, "id"), "91-01"),
        "target-dropped": edit("targets.jsonl", (0,), GONE),
        "tasks": edit("targets.jsonl", (1, "tasks"), ["B"]),
        "cut": edit("strata.jsonl", (0, "cut"), "f" * 64),
        "quota": edit("strata.jsonl", (0, "quota"), 0),
    }


def blocks() -> dict[str, Tamper]:
    return {
        "target-moved": edit("blocks.jsonl", (0, "targets"), ["91-02", "91-06"]),
        "district": edit("blocks.jsonl", (1, "district"), "西镇"),
        "line-dropped": edit("blocks.jsonl", (2,), GONE),
        "not-an-object": edit("blocks.jsonl", (0,), 1),
    }


def assignments() -> dict[str, Tamper]:
    return {
        "inspector-replaced": edit("blocks.jsonl", (1, "team", 0, "inspector"), "P01"),
        "recused-inspector": edit("blocks.jsonl", (0, "team", 1, "inspector"), "P02"),
        "no-team": edit("blocks.jsonl", (2, "team"), GONE),
        "shortage": shortage,
    }


def shortage(_: Members) -> bytes:
    """A draw that no lawful assignment exists for, with teams made up."""
    draw = replace(small(), plan=changed(small().plan, ("blocks", "max_per_inspector"), 1))
    members = world.members_of(draw)
    blocks = verify.decode_lines(members["blocks.jsonl"])
    slots = verify.make_slots(draw, blocks)
    teams = verify.team_lines(blocks, slots, [slot.pool[0] for slot in slots])
    return resealed(members | {"shortages.jsonl": b"", "blocks.jsonl": verify.encode_lines(teams)})


def results() -> dict[str, Tamper]:
    def tamper(members: Members) -> bytes:
        return world.write_archive(world.sealed(members, "0" * 64))

    return {"digest": tamper}


TAMPERINGS: dict[str, Callable[[], dict[str, Tamper]]] = {
    "manifest": manifests,
    "encoding": encodings,
    "plan": plans,
    "registry": registries,
    "strata": strata,
    "pool": pools,
    "commitment": commitments,
    "notice": notices,
    "log": logs,
    "seed": seeds,
    "witness": witnesses,
    "targets": targets,
    "blocks": blocks,
    "assignment": assignments,
    "result": results,
}
