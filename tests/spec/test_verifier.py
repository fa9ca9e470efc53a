"""verify.py as an auditor has it: one file, the standard library, the sections of the specification, its exit codes."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs.spec.v1 import verify
from docs.spec.v1.make_vectors import VECTORS
from docs.spec.v1.scenarios import signing

FOLDER = VECTORS.parent
VERIFY = FOLDER / "verify.py"
NOTARY, OTHER = signing.fingerprint(signing.NOTARY), "0" * 64
FILES = VECTORS / "bundles"
BESIDE = ["--public", str(FILES / "public-rehearsal.zip")]
BAD_PUBLIC = [
    [str(FILES / "rehearsal.zip"), *BESIDE],
    [str(FILES / "public-rehearsal.zip"), *BESIDE],
    [str(FILES / "receipt-not-drawn.json"), "--public", "no-such-file.zip"],
]
BAD_TRUST = [
    ["real.zip", option, text]
    for option in ("--trust", "--signer")
    for text in ("", NOTARY[1:], NOTARY.upper(), NOTARY + "\n")
]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Isolated, without site-packages: nothing but the standard library can be imported."""
    command = [sys.executable, "-I", "-S", str(VERIFY), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


class TestExitCodes:
    """§18: exit codes of the command-line verifiers."""

    @pytest.mark.parametrize(
        ("bundle", "options", "code"),
        [
            ("rehearsal.zip", ["--rehearsal"], 0),
            ("rehearsal.zip", [], 11),
            ("real.zip", [], 10),
            ("real.zip", ["--rehearsal"], 10),
            ("real-witnessed.zip", [], 13),
            ("real-witnessed.zip", ["--trust", OTHER], 13),
            ("real-witnessed.zip", ["--trust", OTHER, "--trust", NOTARY], 0),
            ("real-receipt.zip", ["--trust", NOTARY], 12),
            ("contributors.zip", ["--trust", NOTARY, "--rehearsal"], 0),
            ("result-digest.zip", ["--rehearsal"], 1),
            ("archive-nothing.zip", [], 1),
            ("records-void.zip", ["--rehearsal"], 0),
            ("public-rehearsal.zip", ["--rehearsal"], 0),
            ("public-real-witnessed.zip", ["--trust", NOTARY], 0),
            ("public-real-witnessed.zip", [], 13),
            ("public-targets-cut-changed.zip", ["--rehearsal"], 1),
            ("receipt-not-drawn.json", [], 11),
            ("receipt-real-witnessed.json", ["--trust", NOTARY], 0),
            ("receipt-not-drawn.json", ["--rehearsal", *BESIDE], 0),
            ("receipt-public-cut-that-draws.json", ["--rehearsal"], 0),
            ("receipt-public-cut-that-draws.json", ["--rehearsal", *BESIDE], 1),
        ],
    )
    def test_of_bundles(self, bundle: str, options: list[str], code: int) -> None:
        result = run(VECTORS / "bundles" / bundle, *options)
        assert (result.returncode, result.stderr) == (code, "")
        assert result.stdout.endswith(f"[{code}]\n")

    @pytest.mark.parametrize(
        "arguments", [[], ["--unknown"], ["no-such-file.zip"], [str(FOLDER)], *BAD_TRUST, *BAD_PUBLIC]
    )
    def test_of_usage(self, arguments: list[str]) -> None:
        result = run(*arguments)
        assert (result.returncode, result.stdout) == (2, "")
        assert "Traceback" not in result.stderr

    @pytest.mark.parametrize("fault", [MemoryError(), RuntimeError("x"), RecursionError(), OSError("x")])
    def test_of_what_is_the_verifiers_own_fault(
        self, fault: Exception, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        """1 would say that a step failed."""

        def broken(*_: object) -> None:
            raise fault

        monkeypatch.setattr(verify, "verify", broken)
        assert verify.main([str(FILES / "rehearsal.zip"), "--rehearsal"]) == 70
        out, err = capfd.readouterr()
        assert out == ""
        assert "Traceback" in err
        assert err.endswith("there is no verdict\n")

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            (["--rehearsal", "rehearsal.zip"], 0),
            (["rehearsal.zip", f"--trust={OTHER}"], 11),
            (["--", "rehearsal.zip"], 11),
            (["--reh", "rehearsal.zip"], 2),
            (["rehearsal.zip", "--trust", "--rehearsal"], 2),
            (["-", "rehearsal.zip"], 2),
        ],
    )
    def test_of_arguments_written_in_other_ways(
        self, arguments: list[str], code: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(FILES)
        assert run(*arguments).returncode == code


class TestReport:
    """§18: each step says what it is, and what is not proven is said too."""

    def test_in_both_languages(self) -> None:
        lines = run(VECTORS / "bundles" / "rehearsal.zip", "--rehearsal").stdout.splitlines()
        assert [line.split(" ", 1)[0] for line in lines] == (
            ["已复算"] * 9
            + ["有据一致"] * 2
            + ["已复算"] * 7
            + ["时间先后", "签署人"]
            + ["凭信"] * 3
            + ["全部步骤成立"]
        )
        assert all(re.search(r"[a-z]{4}", line) for line in lines)

    @pytest.mark.parametrize(
        ("bundle", "options", "words"),
        [
            ("real.zip", [], ["未证明 not proven", "notice: 无人见证 seen by nobody"]),
            ("real-receipt.zip", [], ["receipt recorded, taken on trust", "某某局, 2026-03-02T02:00:00Z"]),
            (
                "real-witnessed.zip",
                [],
                ["签名人未知 signer unknown", "某某公证处, 2026-03-02T02:10:00Z", NOTARY],
            ),
            (
                "contributors.zip",
                ["--trust", NOTARY],
                ["已见证 witnessed", "notice: 某某公证处", "closing: 某某公证处"],
            ),
            ("contributors-notice-alone.zip", ["--trust", NOTARY], ["not proven", "closing: 无人见证"]),
            (
                "hours-closing-at.zip",
                ["--trust", NOTARY],
                ["not proven", "closing: 公告的开奖时刻或录入种子之后才见证"],
            ),
        ],
    )
    def test_order_in_time_is_said_in_words(self, bundle: str, options: list[str], words: list[str]) -> None:
        lines = run(VECTORS / "bundles" / bundle, *options).stdout.splitlines()
        (line,) = (line for line in lines if line.startswith("时间先后 order in time"))
        assert all(word in line for word in words)

    @pytest.mark.parametrize(
        ("bundle", "options", "answer"),
        [
            ("rehearsal.zip", ["--signer", NOTARY], "未签名 unsigned"),
            ("signed.zip", [], f"未知 unknown {NOTARY}"),
            ("signed.zip", ["--trust", NOTARY], f"未知 unknown {NOTARY}"),  # a witness's key signs no bundles
            ("signed.zip", ["--signer", OTHER, "--signer", NOTARY], f"可信 trusted {NOTARY}"),
        ],
    )
    def test_who_signed_is_said_and_does_not_count(
        self, bundle: str, options: list[str], answer: str
    ) -> None:
        result = run(VECTORS / "bundles" / bundle, "--rehearsal", *options)
        assert f"签署人 signer | {answer}" in result.stdout.splitlines()
        assert result.returncode == 0

    def test_what_a_fallback_leaves_to_be_checked(self) -> None:
        trusted = json.loads(run(VECTORS / "bundles" / "fallback.zip", "--json").stdout)["trusted"]
        passed_over = [text for text in trusted if text.endswith("never took place")]
        assert [text.split(" ")[1] for text in passed_over] == ["kl8:2026051", "kl8:2026052"]
        assert [text for text in trusted if "产生 / check" in text] == [
            (
                "请核对 kl8:2026053 在公告的 2026-03-02T03:25:00Z、不早于此时，且在 2026-03-02T01:30:00Z 以后产生"
                " / check that kl8:2026053 was drawn at 2026-03-02T03:25:00Z as announced, not before,"
                " and after 2026-03-02T01:30:00Z"
            )
        ]

    def test_without_an_announced_hour_only_the_time_after_which_is_told(self) -> None:
        bundle = VECTORS / "bundles" / "hours-not-told-before-the-seed.zip"
        trusted = json.loads(run(bundle, "--json").stdout)["trusted"]
        assert [text for text in trusted if "产生 / check" in text] == [
            (
                "请核对 kl8:2026051 在 2026-03-02T01:30:00Z 以后产生"
                " / check that kl8:2026051 was drawn after 2026-03-02T01:30:00Z"
            )
        ]

    @pytest.mark.parametrize("name", ["records-void.zip", "records-void-without-teams.zip"])
    def test_a_void_draw_is_said_to_be_void(self, name: str) -> None:
        assert "\n作废 VOID | " in run(FILES / name, "--rehearsal").stdout
        assert json.loads(run(FILES / name, "--json").stdout)["void"] == "见调整审批表"
        assert "void" not in json.loads(run(FILES / "records-of-every-kind.zip", "--json").stdout)

    def test_a_receipt_says_what_became_of_the_entity(self) -> None:
        drawn = run(FILES / "receipt-drawn-in-two-tasks-and-listed.json", *BESIDE).stdout
        assert "drawn in A, C" in drawn
        assert "drawn in 无 none" in run(FILES / "receipt-excluded.json").stdout

    def test_what_each_kind_leaves_to_trust(self) -> None:
        trusted = {
            name: json.loads(run(FILES / name, *more, "--json").stdout)["trusted"]
            for name, more in (
                ("rehearsal.zip", []),
                ("public-rehearsal.zip", []),
                ("receipt-excluded.json", BESIDE),
            )
        }
        assert not any("cuts" in text or "names" in text for text in trusted["rehearsal.zip"])
        assert any("names" in text for text in trusted["public-rehearsal.zip"])
        assert not any("cuts" in text for text in trusted["receipt-excluded.json"])
        assert any(
            "cuts" in text
            for text in json.loads(run(FILES / "receipt-excluded.json", "--json").stdout)["trusted"]
        )

    def test_in_json(self) -> None:
        report = json.loads(run(VECTORS / "bundles" / "pool-digest.zip", "--json").stdout)
        assert report["exit"] == 1
        assert report["failure"]["class"] == "pool"
        assert report["failure"]["place"] == {
            "file": "commitment.json",
            "path": ".inspectors.recusals.digest",
        }
        assert [step["step"] for step in report["steps"]] == [
            *("archive", "manifest", "signature", "encoding", "plan", "registry", "strata")
        ]

    def test_a_record_is_named(self) -> None:
        report = json.loads(run(VECTORS / "bundles" / "targets-target-replaced.zip", "--json").stdout)
        assert report["failure"]["place"] == {
            "file": "targets.jsonl",
            "line": 2,
            "id": "91-06",
            "path": ".id",
        }


def test_a_value_of_more_than_64_mebibytes_is_refused_unread() -> None:
    with pytest.raises(verify.SpecError, match="too long"):
        verify.decode(bytes(2**26 + 1))


def test_it_imports_the_standard_library_only() -> None:
    tree = ast.parse(VERIFY.read_text(encoding="utf-8"))
    named = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    named += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {name.partition(".")[0] for name in named} <= sys.stdlib_module_names


@pytest.mark.parametrize("file", [VERIFY, FOLDER / "spec.md", *(FOLDER / "scenarios").glob("*.py")], ids=str)
def test_every_section_that_is_named_exists(file: Path) -> None:
    headings = re.findall(r"^#+ (§[0-9.]+)", (FOLDER / "spec.md").read_text(encoding="utf-8"), re.MULTILINE)
    named = re.findall(r"§[0-9]+(?:\.[0-9]+)?", file.read_text(encoding="utf-8"))
    assert set(named) <= set(headings)


def test_every_section_up_to_21_has_its_part_of_the_verifier_in_order() -> None:
    banners = re.findall(r"^# -+ §([0-9]+) ", VERIFY.read_text(encoding="utf-8"), re.MULTILINE)
    assert [int(number) for number in banners] == list(range(1, 22))
