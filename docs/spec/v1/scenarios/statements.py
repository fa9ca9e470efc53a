"""§17: a notice and statements about it, signed by nobody yet, that the scenarios of this section share."""

from typing import Any

from docs.spec.v1 import verify
from docs.spec.v1.scenarios import signing, world
from docs.spec.v1.scenarios.cases import Record, key_of

CLOSED = key_of(3)  # a closing digest
LATER = "2026-03-02T02:10:00Z"
PERSONS = ["甲", "乙"]
KL8 = {"issue": "2026051", "source": "kl8"}


def notice_of(contributors: list[str], head: str = "0" * 64, hours: Record | None = None) -> Record:
    committed = {"inspectors": key_of(1).hex(), "targets": key_of(2).hex()}
    told: Record = {"authority": "某某县市场监督管理局", "changes": key_of(6).hex(), "commitments": committed}
    told |= {"contributors": contributors, "hours": hours or {}}
    told |= {"deadline": world.DEADLINE, "draw": 7, "head": head, "mode": "real", "plan": "411000-2026-01"}
    told |= {"sizes": {"inspectors": 6, "recusals": 2, "registry": 5}, "spec": "v1", "time": world.TIME}
    return told | {"values": [KL8]}


def statement(notice: Record, of: str = "notice", name: str = "某某公证处", time: str = LATER) -> Record:
    digest = verify.tagged("notice", verify.encode(notice)) if of == "notice" else CLOSED
    return signing.seen(notice, digest, of, name, time)


def given(notice: Record, statements: list[Any], trust: list[str], seeded: Record | None = None) -> Record:
    told = {"notice": notice, "closing": CLOSED.hex(), "drawn": [KL8], "late": None, "statements": statements}
    return told | {"seeded": seeded, "trust": trust}


def sealed(late: Record, drawn: Record = KL8) -> Record:
    """The late seal beside a notice."""
    return {"notice": late, "closing": key_of(6).hex(), "drawn": [drawn]}
