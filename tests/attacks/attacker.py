"""What the tests of attacks share: real draws of small worlds, a notary, bundles forged with all digests made anew."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from shuangsuiji.audit.report import Report
from shuangsuiji.audit.verify import verify
from shuangsuiji.bundle import archive, signatures
from shuangsuiji.bundle.notice import Notice, notice_digest
from shuangsuiji.bundle.witness import CLOSING, NOTICE, Testimony, WitnessStatement, sign_statement
from shuangsuiji.core.closing import Closing
from shuangsuiji.core.commitment import Lists, freeze
from shuangsuiji.core.draw import draw_targets
from shuangsuiji.core.encoding import canonical_json, json_lines, parse_json, parse_lines
from shuangsuiji.core.records import Seal
from shuangsuiji.core.seed import Announced, PublicValue, derive_seeds
from tests.audit.bundles import KL8, Members, Session, chained, with_manifest
from tests.district import World, district

NOTARY: Final = b"n" * 32
TRUST: Final = frozenset({signatures.fingerprint(signatures.public_key(NOTARY))})
IN_TIME: Final = "2021-02-20T03:30:00Z"
"""After the closing of `tests.audit.bundles`, on the day before its lottery."""


def real(world: World | None = None, *, key: bytes = bytes(32), number: int = 1) -> World:
    """A world (by default of 40 firms) as a real draw under a salt key and a draw number."""
    return replace(world or district(40), seal=Seal(key, "real", number))


def seen_by(
    private: bytes = NOTARY, time: str = IN_TIME, *kinds: str
) -> Callable[[Notice, bytes], Sequence[Testimony]]:
    """A witness (公证处) who signs notice and closing, or only what is said."""

    def sign(notice: Notice, closing: bytes) -> list[Testimony]:
        digests = {NOTICE: notice_digest(notice), CLOSING: closing}
        if not notice.contributors:
            del digests[CLOSING]
        return [
            sign_statement(
                WitnessStatement(
                    notice.authority, digest.hex(), notice.draw, notice.mode, "某县公证处", of, time
                ),
                private,
            )
            for of, digest in digests.items()
            if of in (kinds or digests)
        ]

    return sign


WITNESSED: Final = Session(KL8, witness=seen_by())
ALONE: Final = Session(KL8)


def drawn(world: World, value: PublicValue = KL8, closing: Closing | None = None) -> frozenset[str]:
    """Who is drawn of a world under a public value: what the attacker computes for every variant that he may choose."""
    lists = Lists(world.entities, world.inspectors, world.recusals)
    frozen = freeze(world.plan, world.seal, lists, [Announced(value.source, value.issue)])
    ended = closing or Closing(frozen.targets_commitment)
    seeds = derive_seeds(world.seal.mode, ended, frozen.inspectors_commitment, [value])
    return frozenset(one.entity.id for one in draw_targets(frozen, seeds).targets)


def examined(folder: Path, some: Members, *, trust: frozenset[str] = TRUST, **brought: Any) -> Report:
    """What `audit verify` says of a bundle to an auditor who trusts the notary."""
    path = folder / "bundle.zip"
    path.write_bytes(archive.write(archive.AUDITOR, some))
    return verify(path, trust=trust, **brought)


def caught(folder: Path, some: Members, **given: Any) -> str | int:
    """The failure class of a bundle, or the exit code of one that holds."""
    report = examined(folder, some, **given)
    return report.failure.failure_class if report.failure else report.exit_code(rehearsal=False)


def forged(whole: Members, **edits: Callable[[Any], object]) -> Members:
    """The bundle with members (dots written `_`) changed in place; manifest and result made anew, the log chained."""
    some = dict(whole)
    for name, edit in edits.items():
        stem, _, ending = name.rpartition("_")
        file = f"{stem}.{ending}"
        value: Any = list(parse_lines(some[file])) if ending == "jsonl" else parse_json(some[file])
        edit(value)
        if file == "log.jsonl":
            value = chained(value)
        some[file] = json_lines(value) if ending == "jsonl" else canonical_json(value)
    return with_manifest(some)


def with_witness_of(some: Members, other: Members) -> Members:
    """A bundle that carries what the witness stated about another one."""
    return with_manifest(some | {"witness.jsonl": other["witness.jsonl"]})


def commitment_of(some: Members) -> str:
    """C(targets) as published in the commit notice."""
    notice: Any = parse_json(some["notice.json"])
    return str(notice["commitments"]["targets"])
