"""§16 to §18: whole bundles, good ones and tampered ones, each with its exit code or the step that must catch it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from docs.spec.v1.scenarios import signing, world
from docs.spec.v1.scenarios.cases import Case
from docs.spec.v1.scenarios.later import good_members, late_draw, tampered
from docs.spec.v1.scenarios.tampering import TAMPERINGS, archives, relogged
from docs.spec.v1.scenarios.witnessed import (
    by_notary,
    contributed,
    on_paper,
    real_draw,
    small,
    with_fallback,
    witnessed_draw,
)


def bundle_cases() -> Iterator[tuple[str, bytes, Case]]:
    """Name, bytes and case of every bundle."""
    draw = small()
    good = world.make_bundle(draw)
    yield "rehearsal", good, asked("a good rehearsal", good, rehearsal=True)
    yield "rehearsal-unasked", good, asked("a good rehearsal, not asked for", good)
    yield from real_bundles()
    yield from seen_bundles()
    for name, data in archives(good).items():
        yield f"archive-{name}", data, refused(f"archive: {name}", data, "archive")
    yield from later_bundles()
    for failure, name, data in tampered():
        yield f"{failure}-{name}", data, refused(f"{failure}: {name}", data, failure)
    for failure, tamperings in TAMPERINGS.items():
        for name, tamper in tamperings().items():
            data = tamper(world.members_of(draw))
            yield f"{failure}-{name}", data, refused(f"{failure}: {name}", data, failure)


def real_bundles() -> Iterator[tuple[str, bytes, Case]]:
    """Good real draws, their order in time witnessed in each way."""
    notary = [signing.fingerprint(signing.NOTARY)]
    nobody, noticed = world.make_bundle(real_draw()), world.make_bundle(real_draw(), witness=by_notary)
    yield "real", nobody, asked("a good real draw: order in time not proven", nobody, trust=notary)
    yield "real-as-rehearsal", nobody, asked("a good real draw with --rehearsal", nobody, rehearsal=True)
    yield "real-witnessed", noticed, asked("notice signed by a trusted witness", noticed, trust=notary)
    yield "real-signer-unknown", noticed, asked("notice signed, nobody trusted", noticed)
    paper = world.make_bundle(real_draw(), witness=on_paper)
    yield "real-receipt", paper, asked("notice seen on a receipt", paper, trust=notary)
    draw = contributed(real_draw())
    both = world.make_bundle(draw, witness=by_notary)
    yield "contributors", both, asked("notice and closing signed by a trusted witness", both, trust=notary)
    yield "contributors-signer-unknown", both, asked("both signed, nobody trusted", both)
    first = world.make_bundle(draw, witness=lambda seen: by_notary(seen)[:1])
    yield "contributors-notice-alone", first, asked("the closing was not witnessed", first, trust=notary)
    later = world.make_bundle(with_fallback(), witness=by_notary)
    yield "fallback", later, asked("a fallback took the place of its drawing", later, trust=notary)
    rehearsed = world.make_bundle(witnessed_draw(), witness=by_notary)
    yield "rehearsal-witnessed", rehearsed, asked("a witnessed rehearsal", rehearsed, rehearsal=True)


def seen_bundles() -> Iterator[tuple[str, bytes, Case]]:
    """Real draws witnessed before and after the seed was typed in, at 03:30:00, or, sealed late, at 05:30:00."""
    draw, trust = real_draw(), [signing.fingerprint(signing.NOTARY)]
    typed = world.entry(draw, "seed", {})
    earlier, elsewhere = typed | {"time": "2026-03-02T02:00:00Z"}, world.entry(replace(draw, number=6), "seed", {})
    seen = world.members_of(draw, by_notary)
    paper, late = partial(on_paper, time="03:30:01"), late_draw(draw)
    made: dict[str, bytes] = {
        "at the seed": world.make_bundle(draw, seen_at({"notice": "03:30:00"})),
        "after the seed": world.make_bundle(draw, seen_at({"notice": "03:30:01"})),
        "after the seed on paper": world.make_bundle(draw, paper),
        "after the seed by the one who is trusted": world.make_bundle(
            draw, lambda seen: by_notary(seen, {"notice": "03:30:01"}) + by_notary(seen, secret=signing.BUREAU)
        ),
        "after the seed and before": world.make_bundle(
            draw, lambda seen: [*by_notary(seen), *by_notary(seen, {"notice": "03:30:01"})]
        ),
        "closing after the seed": world.make_bundle(contributed(draw), seen_at({"closing": "03:30:01"})),
        "two seeds": relogged(lambda log: [*log[:3], earlier, *log[3:]])(seen),
        "two seeds and a clock put back": relogged(lambda log: [*log, earlier])(seen),
        "the seed of another draw": relogged(lambda log: [*log[:3], elsewhere | {"time": earlier["time"]}, *log[3:]])(
            seen
        ),
        "no seed in the log": relogged(lambda log: [one for one in log if one["verb"] != "seed"])(seen),
        "late after the seed": world.make_bundle(late, seen_at({"notice": "03:30:01"})),
        "late at the late seed": world.make_bundle(late, seen_at({"late-notice": "05:30:00"})),
        "late after the late seed": world.make_bundle(late, seen_at({"late-notice": "05:30:01"})),
        "late closing after the late seed": world.make_bundle(late, seen_at({"late-closing": "05:30:01"})),
    }
    for name, data in made.items():
        yield f"seen-{name.replace(' ', '-')}", data, asked(f"witnessed: {name}", data, trust=trust)


def seen_at(times: dict[str, str]) -> world.Witness:
    return partial(by_notary, times=times)


def later_bundles() -> Iterator[tuple[str, bytes, Case]]:
    """Good draws of a late seal, a successor, a shortage, and the like."""
    notary = [signing.fingerprint(signing.NOTARY)]
    for name, members in good_members().items():
        data = world.write_archive(members)
        yield name, data, asked(name.replace("-", " "), data, rehearsal=True, trust=notary)


def asked(case: str, data: bytes, rehearsal: bool = False, trust: Sequence[str] = ()) -> Case:
    return Case(case, {"data": data, "rehearsal": rehearsal, "trust": list(trust), "public": None})


def refused(case: str, data: bytes, failure: str) -> Case:
    return Case(case.replace("-", " "), {"data": data, "rehearsal": True, "trust": [], "public": None}, failure)
