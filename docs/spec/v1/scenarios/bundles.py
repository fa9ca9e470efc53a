"""§16 to §18: whole bundles, good ones and tampered ones, each with its exit code or the step that must catch it."""

from collections.abc import Iterator, Sequence

from docs.spec.v1.scenarios import signing, world
from docs.spec.v1.scenarios.cases import Case
from docs.spec.v1.scenarios.later import good_members, tampered
from docs.spec.v1.scenarios.tampering import TAMPERINGS, archives
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
