"""§11, §17, §18 Contributions, fallbacks, witnesses, and what the auditor brings: both verifiers say the same."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from docs.spec.v1 import verify as reference
from shuangsuiji import messages
from shuangsuiji.audit.report import Report
from shuangsuiji.audit.verify import verify
from shuangsuiji.audit.witnesses import Order
from shuangsuiji.bundle import archive, signatures
from shuangsuiji.bundle.notice import Notice, notice_digest
from shuangsuiji.bundle.witness import (
    CLOSING,
    NOTICE,
    ReceiptStatement,
    SignedStatement,
    Testimony,
    WitnessStatement,
    sign_statement,
)
from shuangsuiji.cli.audit import Verification, show
from shuangsuiji.cli.page import Page
from shuangsuiji.core.closing import Absent, Contribution, SignedValue, Slip, contribution_message
from shuangsuiji.core.encoding import canonical_json
from shuangsuiji.core.seed import Announced, Drawing, PublicValue
from shuangsuiji.quarter.audit_report import audit_report
from tests.audit.bundles import FREEZE_TIME, KL8, Members, Session, chained, edited, members
from tests.district import district

NOTARY, BUREAU, GUEST = bytes(32), b"b" * 32, b"g" * 32
TRUST: Final = frozenset({signatures.fingerprint(signatures.public_key(NOTARY))})
WORLD: Final = district(40)
REAL: Final = replace(WORLD, seal=replace(WORLD.seal, mode="real"))
AUTHORITY: Final = WORLD.plan.authority
SPARE: Final = Announced("kl8", "2021050", (Drawing("kl8", KL8.issue), Drawing("dice", "1")))


def contribute(mode: str, targets: bytes) -> tuple[Contribution, ...]:
    """A slip, a signed value and an absence."""
    own = b"\x07" * 32
    signature = signatures.sign(GUEST, contribution_message(mode, targets, own))
    return (
        Slip("王代表", "春风又绿江南岸"),
        SignedValue("李代表", own, signatures.public_key(GUEST), signature),
        Absent("赵代表"),
    )


def stated(notice: Notice, closing: bytes, of: str, name: str = "公证处") -> WitnessStatement:
    digest = (notice_digest(notice) if of == NOTICE else closing).hex()
    return WitnessStatement(notice.authority, digest, notice.draw, notice.mode, name, of, FREEZE_TIME)


def signing(*kinds: str, private: bytes = NOTARY) -> Callable[[Notice, bytes], list[Testimony]]:
    return lambda notice, closing: [sign_statement(stated(notice, closing, of), private) for of in kinds]


def stamping(*kinds: str) -> Callable[[Notice, bytes], list[Testimony]]:
    return lambda notice, closing: [
        ReceiptStatement(stated(notice, closing, of, "县局"), "档案室") for of in kinds
    ]


def both(*some: Callable[[Notice, bytes], list[Testimony]]) -> Callable[[Notice, bytes], list[Testimony]]:
    return lambda notice, closing: [one for each in some for one in each(notice, closing)]


GUESTS: Final = Session(KL8, SPARE, contribute=contribute, witness=signing(NOTICE, CLOSING))
WHOLE: Final = members(REAL, GUESTS)


class Verifiers:
    """Both verifiers on a bundle in a folder; they agree on exit code and failure class."""

    def __init__(self, folder: Path, output: pytest.CaptureFixture[bytes]) -> None:
        self.path = folder / "bundle.zip"
        self.output = output

    def __call__(
        self, some: Members, trust: frozenset[str] = frozenset(), *, rehearsal: bool = False
    ) -> Report:
        self.path.write_bytes(archive.write(archive.AUDITOR, some))
        report = verify(self.path, trust=trust)
        options = ["--rehearsal"] * rehearsal + [word for one in sorted(trust) for word in ("--trust", one)]
        code = reference.main([str(self.path), "--json", *options])
        failure = json.loads(self.output.readouterr().out).get("failure", {}).get("class", "")
        assert (code, failure) == (
            report.exit_code(rehearsal),
            report.failure.failure_class if report.failure else "",
        )
        return report


@pytest.fixture
def verifiers(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> Verifiers:
    return Verifiers(tmp_path, capsysbinary)


class TestOrderInTime:
    """§18 Witnessed, signer unknown, receipt recorded, not proven: each with its exit code."""

    @pytest.mark.parametrize(
        ("witness", "trust", "order", "code"),
        [
            (signing(), TRUST, Order.NOT_PROVEN, 10),
            (signing(NOTICE), TRUST, Order.WITNESSED, 0),
            (signing(NOTICE), frozenset({"00" * 32}), Order.SIGNER_UNKNOWN, 13),
            (signing(CLOSING), TRUST, Order.NOT_PROVEN, 10),
            (stamping(NOTICE), TRUST, Order.RECEIPT, 12),
            (both(stamping(NOTICE), signing(NOTICE)), TRUST, Order.WITNESSED, 0),
            (both(stamping(NOTICE), signing(NOTICE, private=BUREAU)), TRUST, Order.SIGNER_UNKNOWN, 13),
        ],
    )
    def test_without_contributors_the_notice_is_what_counts(
        self,
        verifiers: Verifiers,
        witness: Callable[[Notice, bytes], Sequence[Testimony]],
        trust: frozenset[str],
        order: Order,
        code: int,
    ) -> None:
        report = verifiers(members(REAL, Session(KL8, witness=witness)), trust)
        assert (report.order, report.exit_code(rehearsal=False)) == (order, code)

    @pytest.mark.parametrize(
        ("witness", "order", "code"),
        [
            (signing(NOTICE, CLOSING), Order.WITNESSED, 0),
            (signing(NOTICE), Order.NOT_PROVEN, 10),
            (both(signing(NOTICE), signing(CLOSING, private=BUREAU)), Order.SIGNER_UNKNOWN, 13),
            (both(signing(NOTICE), stamping(CLOSING)), Order.RECEIPT, 12),
        ],
    )
    def test_with_contributors_the_closing_counts_too(
        self,
        verifiers: Verifiers,
        witness: Callable[[Notice, bytes], Sequence[Testimony]],
        order: Order,
        code: int,
    ) -> None:
        report = verifiers(members(REAL, replace(GUESTS, witness=witness)), TRUST)
        assert (report.order, report.exit_code(rehearsal=False)) == (order, code)

    def test_a_rehearsal_is_one_whoever_saw_it(self, verifiers: Verifiers) -> None:
        some = members(WORLD, replace(GUESTS, contribute=lambda *_: ()))
        assert verifiers(some, TRUST).order == Order.WITNESSED
        assert verifiers(some, TRUST).exit_code(rehearsal=False) == 11
        assert verifiers(some, TRUST, rehearsal=True).exit_code(rehearsal=True) == 0

    def test_the_report_says_who_has_seen_what_when(self, verifiers: Verifiers) -> None:
        seen = {(one.name, one.of, one.time, one.trusted) for one in verifiers(WHOLE, TRUST).witnesses}
        assert seen == {("公证处", of, FREEZE_TIME, True) for of in (NOTICE, CLOSING)}

    @pytest.mark.parametrize("name", [AUTHORITY, f" {AUTHORITY[:3]}　{AUTHORITY[3:]}", f"{AUTHORITY}\u200b"])
    def test_a_witness_of_the_authority_s_name_counts_and_is_warned_of(
        self, verifiers: Verifiers, name: str
    ) -> None:
        """Names prove nothing, so no exit code hangs on them; who reads the report is told."""

        def own(notice: Notice, closing: bytes) -> list[Testimony]:
            return [sign_statement(stated(notice, closing, NOTICE, name), NOTARY)]

        report = verifiers(members(REAL, Session(KL8, witness=own)), TRUST)
        assert (report.order, report.exit_code(rehearsal=False)) == (Order.WITNESSED, 0)
        assert [one.own for one in report.witnesses] == [True]
        told = {lang: Page(lang) for lang in messages.LANGUAGES}
        for page in told.values():
            show(Verification(report, 0), page)
        assert any("不是外部见证" in line for line in told["zh"].lines)
        assert any("no outside witness" in line for line in told["en"].lines)
        assert "own_witness" in {
            line.code for one in audit_report(verifiers.path, None, trust=TRUST).answers for line in one.lines
        }

    def test_nobody_else_is_warned_of(self, verifiers: Verifiers) -> None:
        assert not any(one.own for one in verifiers(WHOLE, TRUST).witnesses)


def resigned(**changes: Any) -> Callable[[list[Any]], object]:
    """A statement changed and signed anew, as a careless or bribed witness would."""

    def edit(lines: list[Any]) -> None:
        own = {name: one for name, one in lines[0].items() if name not in ("key", "signature")} | changes
        signed: SignedStatement = sign_statement(WitnessStatement(**own), NOTARY)
        lines[0] = signed.object()
        lines.sort(key=canonical_json)

    return edit


class TestStatements:
    """§17 A statement is about this draw, not older than its notice, well signed, in its place."""

    @pytest.mark.parametrize(
        "edit",
        [
            resigned(time="2021-02-20T02:29:59Z"),
            resigned(digest="00" * 32),
            resigned(draw=2),
            resigned(mode="rehearsal"),
            resigned(authority="另一局"),
            lambda lines: lines[0].update(time="2021-02-20T02:30:01Z"),
            lambda lines: lines[0].update(key=signatures.public_key(BUREAU).hex()),
            lambda lines: lines[0].update(signature="00" * 64),
            lambda lines: lines[0].update(receipt="档案室"),
            lambda lines: lines[0].pop("name"),
            lambda lines: lines.append(lines[-1]),
            lambda lines: lines.reverse(),
        ],
    )
    def test_any_other_is_refused(self, verifiers: Verifiers, edit: Callable[[Any], object]) -> None:
        failure = verifiers(edited(WHOLE, "witness.jsonl", edit), TRUST).failure
        assert failure is not None
        assert failure.failure_class == "witness"

    def test_a_statement_of_the_draw_is_none_of_another(self, verifiers: Verifiers) -> None:
        """The notice exchanged after it was witnessed: only its deadline differs."""
        changed = edited(WHOLE, "notice.json", lambda notice: notice.update(deadline="2021-04-30"))
        failure = verifiers(changed, TRUST).failure
        assert failure is not None
        assert (failure.failure_class, failure.code) == ("witness", "bundle.witness_digest")


class TestContributions:
    """§11 Nobody's contribution is dropped, exchanged or added after the closing."""

    @pytest.mark.parametrize(
        "edit",
        [
            lambda given: given.pop(),
            lambda given: given.reverse(),
            lambda given: given.append({"absent": 1, "person": "钱代表"}),
            lambda given: given.__setitem__(0, {"absent": 1, "person": "王代表"}),
            lambda given: given[0].update(slip="春风又绿江北岸"),
            lambda given: given[0].update(slip=""),
            lambda given: given[0].update(slip="字" * 201),
            lambda given: given[1].update(value="08" * 32),
            lambda given: given[1].update(signature=given[1]["signature"].upper()),
            lambda given: given[1].update(key=signatures.public_key(NOTARY).hex()),
            lambda given: given[2].update(absent=2),
            lambda given: given[2].update(person="王代表"),
        ],
    )
    def test_any_change_is_found(self, verifiers: Verifiers, edit: Callable[[Any], object]) -> None:
        changed = edited(WHOLE, "seed.json", lambda seed: edit(seed["closing"]["contributions"]))
        failure = verifiers(changed).failure
        assert failure is not None
        assert failure.failure_class == "seed"

    @pytest.mark.parametrize(
        "edit",
        [
            lambda log: log.pop(2),
            lambda log: log.insert(2, log[2]),
            lambda log: log.insert(2, log.pop(3)),
        ],
    )
    def test_the_closing_stands_once_before_seed_and_draws(
        self, verifiers: Verifiers, edit: Callable[[Any], object]
    ) -> None:
        def rewrite(lines: Any) -> None:
            edit(lines)
            lines[:] = chained(lines)

        failure = verifiers(edited(WHOLE, "log.jsonl", rewrite)).failure
        assert failure is not None
        assert failure.failure_class == "log"


class TestFallbacks:
    """§11 A fallback takes its place as announced, and somebody has to check that the first never took place."""

    def test_what_has_to_be_checked_is_said(self, verifiers: Verifiers) -> None:
        assert verifiers(WHOLE).not_held == ("kl8:2021050",)
        first = PublicValue("kl8", "2021050", KL8.value)
        assert verifiers(members(REAL, replace(GUESTS, value=first))).not_held == ()

    def test_one_that_was_not_announced_is_refused(self, verifiers: Verifiers) -> None:
        changed = edited(WHOLE, "seed.json", lambda seed: seed["values"][0].update(issue="2021052"))
        failure = verifiers(changed).failure
        assert failure is not None
        assert (failure.failure_class, failure.code) == ("seed", "core.seed_not_announced")

    @pytest.mark.parametrize("fallback", [[], [{"issue": "2021050", "source": "kl8"}], "kl8:1"])
    def test_its_form(self, verifiers: Verifiers, fallback: Any) -> None:
        def edit(statements: Any) -> None:
            for statement in statements.values():
                statement["values"][0]["fallback"] = fallback

        failure = verifiers(edited(WHOLE, "commitment.json", edit)).failure
        assert failure is not None
        assert failure.failure_class == "commitment"


class TestFromOutside:
    """What the auditor brings from outside must be what the bundle has, and changes no other answer."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        path = tmp_path / "bundle.zip"
        path.write_bytes(archive.write(archive.AUDITOR, WHOLE))
        return path

    def test_the_published_ones_agree(self, path: Path) -> None:
        steps = {step.name: step for step in verify(path).steps}
        published = [str(steps["commitment"].facts[stage]) for stage in ("targets", "inspectors")]
        report = verify(path, trust=TRUST, commitments=published, values=[KL8])
        assert all(one.agrees for one in report.brought)
        assert (len(report.brought), report.exit_code(rehearsal=False)) == (3, 0)

    @pytest.mark.parametrize(
        "brought",
        [
            {"commitments": ["00" * 32]},
            {"values": [replace(KL8, value=KL8.value[:-2] + "80")]},
            {"values": [replace(KL8, issue="2021050")]},
            {"values": [PublicValue("fc3d", "1", "123"), KL8]},
        ],
    )
    def test_any_other_fails_the_bundle(self, path: Path, brought: dict[str, Any]) -> None:
        report, alone = verify(path, trust=TRUST, **brought), verify(path, trust=TRUST)
        assert report.exit_code(rehearsal=False) == 1
        assert replace(report, brought=()) == alone
