"""§16 to §18: whole bundles, good ones and tampered ones, each with its exit code or the step that must catch it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from docs.spec.v1.scenarios import signing, world
from docs.spec.v1.scenarios.archives import archives
from docs.spec.v1.scenarios.cases import Case
from docs.spec.v1.scenarios.later import good_members, late_draw, late_lottery, tampered
from docs.spec.v1.scenarios.public import deserted
from docs.spec.v1.scenarios.tampering import TAMPERINGS, relogged
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
    yield from hour_bundles()
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
    """Real draws, no hours told, witnessed before and after the seed was typed in: 03:30:00, sealed late 05:30:00."""
    make = partial(world.make_bundle, hours={})
    draw, trust = real_draw(), [signing.fingerprint(signing.NOTARY)]
    typed = world.entry(draw, "seed", {})
    earlier, elsewhere = typed | {"time": "2026-03-02T02:00:00Z"}, world.entry(replace(draw, number=6), "seed", {})
    seen = world.members_of(draw, by_notary, hours={})
    paper, late = partial(on_paper, time="03:30:01"), late_draw(draw)
    made: dict[str, bytes] = {
        "at the seed": make(draw, seen_at({"notice": "03:30:00"})),
        "after the seed": make(draw, seen_at({"notice": "03:30:01"})),
        "after the seed on paper": make(draw, paper),
        "after the seed by the one who is trusted": make(
            draw, lambda seen: by_notary(seen, {"notice": "03:30:01"}) + by_notary(seen, secret=signing.BUREAU)
        ),
        "after the seed and before": make(
            draw, lambda seen: [*by_notary(seen), *by_notary(seen, {"notice": "03:30:01"})]
        ),
        "closing after the seed": make(contributed(draw), seen_at({"closing": "03:30:01"})),
        "two seeds": relogged(lambda log: [*log[:3], earlier, *log[3:]])(seen),
        "two seeds and a clock put back": relogged(lambda log: [*log, earlier])(seen),
        "the seed of another draw": relogged(lambda log: [*log[:3], elsewhere | {"time": earlier["time"]}, *log[3:]])(
            seen
        ),
        "no seed in the log": relogged(lambda log: [one for one in log if one["verb"] != "seed"])(seen),
        "late after the seed": make(late, seen_at({"notice": "03:30:01"})),
        "late at the late seed": make(late, seen_at({"late-notice": "05:30:00"})),
        "late after the late seed": make(late, seen_at({"late-notice": "05:30:01"})),
        "late closing after the late seed": make(late, seen_at({"late-closing": "05:30:01"})),
    }
    for name, data in made.items():
        yield f"seen-{name.replace(' ', '-')}", data, asked(f"witnessed: {name}", data, trust=trust)


def hour_bundles() -> Iterator[tuple[str, bytes, Case]]:
    """Real draws whose notices tell an hour, 03:20:00, of a fallback 03:25:00, of inspectors sealed late 05:20:00."""
    draw, make, trust = real_draw(), world.make_bundle, [signing.fingerprint(signing.NOTARY)]
    asked_, later, late = contributed(draw), with_fallback(), late_lottery(draw)
    early = {"kl8:2026051": "2026-03-02T03:20:00Z", "kl8:2026052": "2026-03-02T02:00:00Z"}
    unused = replace(later, values=draw.values)
    made: dict[str, bytes] = {
        "before": make(draw, seen_at({"notice": "03:19:59"})),
        "at": make(draw, seen_at({"notice": "03:20:00"})),
        "after": make(draw, seen_at({"notice": "03:20:01"})),
        "on paper before": make(draw, partial(on_paper, time="03:19:59")),
        "on paper at": make(draw, partial(on_paper, time="03:20:00")),
        "not told, before the seed": make(draw, seen_at({"notice": "03:25:00"}), {}),
        "before the hour, after the seed": make(
            draw, seen_at({"notice": "03:30:01"}), {"kl8:2026051": "2026-03-02T04:00:00Z"}
        ),
        "before the notice": make(draw, by_notary, {"kl8:2026051": "2026-03-02T01:00:00Z"}),
        "closing before": make(asked_, seen_at({"closing": "03:19:59"})),
        "closing at": make(asked_, seen_at({"closing": "03:20:00"})),
        "fallback used, before its hour": make(later, seen_at({"notice": "03:24:59"})),
        "fallback used, at its hour": make(later, seen_at({"notice": "03:25:00"})),
        "fallback not used, of an earlier hour": make(unused, seen_at({"notice": "02:10:00"}), early),
        "late before": make(late, seen_at({"late-notice": "05:00:00", "late-closing": "05:19:59"})),
        "late at": make(late, seen_at({"late-notice": "05:20:00"})),
        "late closing at": make(late, seen_at({"late-closing": "05:20:00"})),
        "late, the first closing at": make(late, seen_at({"closing": "03:20:00"})),
    }
    for name, data in made.items():
        file = name.replace(",", "").replace(" ", "-")
        yield f"hours-{file}", data, asked(f"hours: {name}", data, trust=trust)
    past = contributed(replace(draw, mode="rehearsal"))
    rehearsed = make(past, hours={"kl8:2026051": "2026-03-02T01:00:00Z"})
    yield "hours-rehearsal", rehearsed, asked("hours: past in a rehearsal", rehearsed, rehearsal=True)


def seen_at(times: dict[str, str]) -> world.Witness:
    return partial(by_notary, times=times)


def later_bundles() -> Iterator[tuple[str, bytes, Case]]:
    """Good draws of a late seal, a successor, a shortage, and the like."""
    notary = [signing.fingerprint(signing.NOTARY)]
    for name, members in good_members().items():
        data = world.write_archive(members)
        yield name, data, asked(name.replace("-", " "), data, rehearsal=True, trust=notary)
    empty = world.make_bundle(deserted())
    yield "empty-registry", empty, asked("empty registry", empty, rehearsal=True)


def asked(case: str, data: bytes, rehearsal: bool = False, trust: Sequence[str] = ()) -> Case:
    return Case(case, {"data": data, "rehearsal": rehearsal, "trust": list(trust), "public": None})


def refused(case: str, data: bytes, failure: str) -> Case:
    return Case(case.replace("-", " "), {"data": data, "rehearsal": True, "trust": [], "public": None}, failure)
