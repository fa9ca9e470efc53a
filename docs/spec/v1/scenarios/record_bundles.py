"""§19: auditor's bundles with records, good and forged."""

from collections.abc import Iterator
from dataclasses import replace

from docs.spec.v1 import verify
from docs.spec.v1.scenarios import world
from docs.spec.v1.scenarios.cases import Case, Record, changed
from docs.spec.v1.scenarios.diary import Diary, crew, hopeless, in_earnest, one, ordinary, two, west
from docs.spec.v1.scenarios.public import asked
from docs.spec.v1.scenarios.succession import at_once, drawn_again, twice_drawn
from docs.spec.v1.scenarios.tampering import relogged


def record_bundles() -> Iterator[tuple[str, bytes, Case]]:
    """Auditor's bundles with records."""
    empty, void = Diary(crew()), Diary(crew()).write("void")
    full = Diary(crew()).persons(1, [two(empty)]).target(2, ordinary(empty)).persons(3, [one(empty)], "recusal")
    full.write("urgent", places=west(full))
    yield asked("records-void", bundle(void))
    yield asked("records-of-every-kind", bundle(full))
    real = Diary(in_earnest())
    yield asked("records-real", bundle(real.persons(2, [two(real)])))
    yield asked("records-void-without-teams", bundle(Diary(hopeless()).write("void")))
    yield asked("records-lapsed", bundle(twice_drawn(Diary(crew())).answer(2, 2)))
    yield asked("records-drawn-again", bundle(drawn_again(Diary(crew()))), "records")
    waiting = Diary(crew()).ask(1, [two(empty)])
    yield asked("records-urgent-where-values-wait", bundle(at_once(waiting, two(empty))), "records")
    before = world.derive(void.draw)["committed"]["targets"].hex()
    successor = crew(number=8, predecessor={"commitment": before, "draw": 7})
    yield asked("records-successor-of-a-void-draw", bundle(Diary(successor)))
    for name, data in forged(full).items():
        yield asked(f"records-{name}", data, "records")
    yield asked(
        "commitment-predecessor-that-is-no-earlier-draw", bundle(Diary(replace(successor, number=7))), "commitment"
    )


def bundle(diary: Diary, records: list[Record] | None = None, entries: list[Record] | None = None) -> bytes:
    """The bundle with its records and their entries in the log, or others."""
    members = world.members_of(diary.draw)
    records, entries = (
        diary.records if records is None else records,
        entries_of(diary) if entries is None else entries,
    )
    log = verify.chain([*verify.decode_lines(members["log.jsonl"]), *entries])[0]
    members |= {"records.jsonl": verify.encode_lines(records), "log.jsonl": verify.encode_lines(log)}
    return world.write_archive(world.sealed(members, diary.result))


def entries_of(diary: Diary) -> list[Record]:
    """The log's entries of the records."""
    return [
        {
            "details": {
                "draw": diary.draw.number,
                "mode": diary.draw.mode,
                "record": verify.record_digest(diary.draw.mode, record).hex(),
            },
            "operator": record["operator"],
            "time": record["time"],
            "verb": "record",
        }
        for record in diary.records
    ]


def matched_late(diary: Diary, many: int) -> bytes:
    """The log with the draw of the inspectors before the last `many` of its entries, chained anew."""
    match = world.entry(diary.draw, "match", {})

    def change(log: list[Record]) -> list[Record]:
        others = [one for one in log if one["verb"] != "match"]
        return [*others[: len(others) - many], match, *others[len(others) - many :]]

    return relogged(change)(verify.read_archive(bundle(diary)))


def forged(diary: Diary) -> dict[str, bytes]:
    """Records dropped, reordered, back-dated, altered; entries that are not theirs."""
    records, entries = diary.records, entries_of(diary)
    altered = changed(records, (2, "reason"), "另有原因")
    return {
        "the-last-dropped": bundle(diary, records[:-1]),
        "one-dropped": bundle(diary, records[:2] + records[3:], entries[:2] + entries[3:]),
        "reordered": bundle(diary, [records[1], records[0], *records[2:]]),
        "back-dated": bundle(diary, changed(records, (3, "time"), "2026-03-11T02:00:00Z")),
        "altered": bundle(diary, altered),
        "entries-before-the-match": matched_late(diary, 0),
        "entry-before-the-match": matched_late(diary, len(entries) - 1),
        "entry-missing": bundle(diary, entries=entries[1:]),
        "entry-more": bundle(diary, entries=[*entries, entries[0]]),
        "entries-reordered": bundle(diary, entries=[entries[1], entries[0], *entries[2:]]),
        "entry-of-another-record": bundle(diary, entries=changed(entries, (5, "details", "record"), "0" * 64)),
        "entry-of-another-operator": bundle(diary, entries=changed(entries, (5, "operator"), "乙")),
        "entry-of-another-time": bundle(diary, entries=changed(entries, (5, "time"), "2026-03-12T00:00:00Z")),
        "entry-without-a-record": bundle(Diary(diary.draw), entries=entries[:1]),
    }
