"""Small draws, of which the bundles are: a rehearsal, a real one, with fallbacks, contributors, witnesses."""

from dataclasses import replace

from docs.spec.v1 import verify
from docs.spec.v1.scenarios import signing, world
from docs.spec.v1.scenarios.cases import Record, key_of


def small() -> verify.Draw:
    """Five firms and six inspectors of the small world: enough, and not many bytes."""
    firms = world.entities()
    some = [firm for firm in firms if firm["id"] in ("91-01", "91-02", "91-06", "92-01", "92-04")]
    return world.draw_of(entities=some, inspectors=world.inspectors()[:6], recusals=world.recusals()[:2])


def real_draw() -> verify.Draw:
    values = [{"issue": "2026051", "source": "kl8", "value": world.KL8}]
    return replace(small(), mode="real", announced=[{"issue": "2026051", "source": "kl8"}], values=values)


def with_fallback() -> verify.Draw:
    """The announced drawing and its first fallback did not take place."""
    fallback = [{"issue": issue, "source": "kl8"} for issue in ("2026052", "2026053", "2026054")]
    announced = [{"issue": "2026051", "source": "kl8", "fallback": fallback}]
    return replace(real_draw(), announced=announced, values=[fallback[1] | {"value": world.KL8}])


def contributed(draw: verify.Draw) -> verify.Draw:
    """The draw with one contribution of each form."""
    targets = world.derive(draw)["committed"]["targets"]
    signed = signing.contribution(draw.mode, targets, "丙", key_of(9))
    given: list[Record] = [{"absent": 1, "person": "甲"}, {"person": "乙", "slip": "风调雨顺 2026"}, signed]
    return replace(draw, contributors=["甲", "乙", "丙"], contributions=given)


def witnessed_draw() -> verify.Draw:
    """The rehearsal that the steps about contributors and witnesses are tampered with in."""
    return contributed(small())


SEEN_AT = dict(zip(verify.KINDS, ("02:10:00", "03:00:00", "04:00:00", "05:00:00"), strict=True))


def by_notary(seen: verify.Seen, times: dict[str, str] = SEEN_AT, secret: bytes = signing.NOTARY) -> list[Record]:
    """The notices signed by the notary, and the closings if there are contributors, some of them at other times."""
    return [
        signing.signed(said_of(seen, kind, (SEEN_AT | times)[kind]), secret)
        for kind, (notice, _) in seen.items()
        if kind.endswith("notice") or notice["contributors"]
    ]


def said_of(seen: verify.Seen, kind: str, time: str) -> Record:
    """What the notary says."""
    return signing.seen(*seen[kind], kind, "某某公证处", f"2026-03-02T{time}Z")


def on_paper(seen: verify.Seen, time: str = "02:00:00") -> list[Record]:
    """The notice's receipt."""
    return [said_of(seen, "notice", time) | {"name": "某某局", "receipt": "收文第 2026-12 号，存于办公室"}]
