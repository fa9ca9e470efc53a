"""A batch from rosters to a verified bundle by commands alone, as people read it and as machines do."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from shuangsuiji.cli import failures, language, run
from shuangsuiji.config import shipped
from shuangsuiji.messages import LANGUAGES, Lang
from shuangsuiji.publish.verifier import PAGE
from shuangsuiji.quarter.dossier import read_notice
from shuangsuiji.rosters import KINDS
from shuangsuiji.store import Store

PLAN: Final = """
[plan]
id = "990121-2021-07"
version = 1
authority = "拟安县市场监督管理局"
title = "二季度抽查计划"
window = { from = 2021-04-19, to = 2021-06-30 }
district = "township"

[seed]
values = ["dice:1"]

[publish]
deadline = 2021-04-30

[columns]
township = "所属乡镇"
grade = "信用风险等级"

[[slot]]
id = "lead"
name = "组长"
pool = ["eq", "unit", "市场监督管理局"]

[[slot]]
id = "member"
name = "组员"
pool = ["eq", "unit", "市场监督管理局"]

[blocks]
max_targets = 5
max_per_inspector = 4

[[task]]
id = "publicity"
name = "公示信息检查"
kind = "不定向"
pool = ["and"]
slots = ["lead", "member"]
items = ["年度报告公示信息检查"]
method = "实地核查"
key = "township"

[[task.tier]]
id = "graded"
name = "有风险等级的"
where = ["in", "grade", ["高", "中高", "中"]]
rate = "10%"

[[task.tier]]
id = "other"
name = "其他"
where = ["and"]
count = 40
"""
VALUE: Final = "dice:1=31415926535897932384"
TYPO: Final = "dice:1=31415926535897932385"

Command = Callable[..., tuple[int, str]]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs one command in this process; the exit code and stdout. What is refused says so on stderr alone."""

    def call(*arguments: str | Path, lang: Lang = "zh") -> tuple[int, str]:
        language.speak(lang)
        words = [str(argument) for argument in arguments]
        code = failures.guarded(lambda: run(words), json="--json" in words)
        said = capsys.readouterr()
        assert bool(said.err) == (code not in (0, 1, 10, 11, 12, 13)), said.err
        return code, said.out

    return call


def prepared(command: Command, folder: Path) -> Path:
    """A workspace with all rosters of a small district and the plan beside it; the workspace's path."""
    workspace, rosters = folder / "工作目录", folder / "名册"
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    assert command("sample", "district", rosters, "--size", "1500")[0] == 0
    people = ["--operator", "张三", "--operator", "李四"]
    init = ["init", "--authority", "拟安县市场监督管理局", "--region", "990121", *people]
    assert command("--workspace", workspace, *init)[0] == 0
    for kind in ("entities", "risk", "inspectors", "review", "conflicts", "visits"):
        files = sorted(rosters.glob(f"{kind}*.csv"))
        assert command("import", kind, *files, "--workspace", workspace, "--operator", "张三")[0] == 0
    return workspace


@pytest.mark.parametrize("lang", LANGUAGES)
def test_people_are_told_at_each_step_what_happened(command: Command, tmp_path: Path, lang: Lang) -> None:
    workspace = prepared(command, tmp_path)
    plan = tmp_path / "plan.toml"

    def do(*arguments: str | Path) -> str:
        operator = [] if {"status", "plan", "csv", "notice"} & set(arguments) else ["--operator", "张三"]
        code, out = command("--workspace", workspace, *arguments, *operator, lang=lang)
        assert code == 0
        return out

    assert "公示信息检查" in do("plan", "show", plan)
    assert "有风险等级的" in do("plan", "check", plan)
    assert "990121-2021-07" in do("plan", "adopt", plan, "--rehearsal", "--operator", "李四")
    assert "commitment" not in do("publish")
    assert "dice:1" in do("freeze")
    assert "commitment" in do("publish")
    assert "张三" in do("seed", "--value", VALUE)
    assert "seed" in do("status")
    code, out = command("--workspace", workspace, "seed", "--value", VALUE, "--operator", "李四", lang=lang)
    assert (code, "张三" in out, "李四" in out) == (0, True, True)
    assert "其他" in do("draw")
    assert "publish" in do("match")
    assert "result.csv" in do("publish")
    bundle = tmp_path / "审计包.zip"
    assert str(bundle) in do("export", "bundle", "-o", bundle)
    verdicts = {"zh": ("已复算", "凭信", "核验通过"), "en": ("recomputed", "on trust", "Verified")}
    code, out = command("audit", "verify", bundle, "--rehearsal", "--cross-check", lang=lang)
    assert code == 0
    assert all(word in out for word in verdicts[lang])
    assert command("audit", "verify", bundle, lang=lang)[0] == 11
    assert str(tmp_path / "结果.csv") in do("export", "csv", "-o", tmp_path / "结果.csv")
    notice = tmp_path / "公示.pdf"
    assert str(notice) in do("export", "notice", "result", "-o", notice)
    assert notice.read_bytes().startswith(b"%PDF")
    assert command("--workspace", workspace, "export", "notice", "nothing", lang=lang)[0] == 3
    assert not list(tmp_path.glob("*-notices"))
    altered = bytearray(bundle.read_bytes())
    altered[-100] ^= 1
    bundle.write_bytes(altered)
    code, out = command("audit", "verify", bundle, "--rehearsal", lang=lang)
    assert (code, {"zh": "不符", "en": "FAILED"}[lang] in out) == (1, True)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_witnessed_draw_with_contributors(command: Command, tmp_path: Path, lang: Lang) -> None:
    workspace = prepared(command, tmp_path)
    published, notary = workspace / "published" / "real-1", tmp_path / "见证"

    def do(*arguments: str | Path, operator: str = "张三", code: int = 0) -> str:
        alone = arguments[0] == "audit" or {"keygen", "sign"} & set(arguments)
        acting = [] if alone else ["--operator", operator]
        done, out = command("--workspace", workspace, *arguments, *acting, lang=lang)
        assert done == code
        return out

    do("plan", "adopt", tmp_path / "plan.toml")
    assert "王代表" in do("freeze", "--contributor", "王代表", "--contributor", "李代表")
    assert str(published / "commitment" / "notice.json") in do("publish")
    do("witness", "keygen", "--name", "县公证处", "--home", notary)
    do("witness", "sign", published / "commitment" / "notice.json", "--home", notary)
    do("contribute", "王代表", code=2)
    do("contribute", "王代表", "--slip", "春风")
    assert "李代表" in do("contribute", "王代表", "--slip", "春风", operator="李四")
    do("close", code=4)
    assert "李代表" in do("close", "--absent", "李代表")
    do("publish")
    do("witness", "sign", published / "closing" / "closing.json", "--home", notary)
    do("witness", "record", code=2)
    for statement in sorted((notary / "statements").iterdir()):
        assert "县公证处" in do("witness", "record", statement)
    do("seed", "--value", VALUE)
    do("seed", "--value", VALUE, operator="李四")
    for step in ("draw", "match", "publish"):
        do(step)
    bundle = tmp_path / "审计包.zip"
    do("export", "bundle", "-o", bundle)
    report = json.loads(do("audit", "verify", bundle, "--json", code=13))["report"]
    (mark,) = {one["fingerprint"] for one in report["witnesses"]}
    targets = next(step["facts"]["targets"] for step in report["steps"] if step["name"] == "commitment")
    outside = ["--commitment", targets.upper(), "--value", VALUE]
    assert "县公证处" in do("audit", "verify", bundle, "--trust", mark, *outside)
    for wrong in (["--commitment", "00" * 32], ["--value", TYPO]):
        for verb in ("verify", "report"):
            assert wrong[1] in do("audit", verb, bundle, "--trust", mark, *wrong, code=1)
    do("audit", "verify", bundle, "--trust", mark[1:], code=2)
    do("audit", "verify", tmp_path / "nothing.zip", code=2)
    do("audit", "verify", bundle, "--value", "kl8", code=3)


def test_a_receipt_is_taken_on_trust(command: Command, tmp_path: Path) -> None:
    workspace = prepared(command, tmp_path)

    def do(*arguments: str | Path, operator: str = "张三", code: int = 0) -> str:
        done, out = command("--workspace", workspace, *arguments, "--operator", operator)
        assert done == code
        return out

    do("plan", "adopt", tmp_path / "plan.toml")
    do("freeze")
    do("publish")
    with Store.open(workspace).read() as reader:
        frozen = datetime.fromisoformat(read_notice(reader, reader.open_draw()).time)
    stamped = ["witness", "record", "--receipt", "县局〔2021〕3号", "--name", "县局", "--time"]
    do(*stamped, "昨天", code=3)
    do(*stamped, f"{frozen + timedelta(hours=7):%Y-%m-%d %H:%M:%S}", code=3)
    assert "县局〔2021〕3号" in do(*stamped, f"{frozen + timedelta(hours=8):%Y-%m-%d %H:%M:%S}")
    for operator in ("张三", "李四"):
        do("seed", "--value", VALUE, operator=operator)
    for step in ("draw", "match"):
        do(step)
    bundle = tmp_path / "审计包.zip"
    do("export", "bundle", "-o", bundle)
    code, out = command("audit", "verify", bundle)
    assert (code, "县局〔2021〕3号" in out) == (12, True)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_the_public_and_each_business_get(command: Command, tmp_path: Path, lang: Lang) -> None:
    workspace = prepared(command, tmp_path)
    key, value, public = tmp_path / "签名.json", tmp_path / "投入.json", tmp_path / "公开包.zip"

    def do(*arguments: str | Path, code: int = 0, operator: bool = True) -> str:
        acting = ["--workspace", workspace, "--operator", "张三"] if operator else []
        done, out = command(*arguments, *acting, lang=lang)
        assert done == code
        return out

    mark = do("keys", "generate", key, "--name", "拟安县市场监督管理局", operator=False).split()[-1][-64:]
    assert mark in do("keys", "show", key, operator=False)
    do("keys", "show", tmp_path / "无.json", operator=False, code=6)
    do("plan", "adopt", tmp_path / "plan.toml", "--rehearsal")
    do("freeze", "--contributor", "王代表")
    do("publish")
    with Store.open(workspace).read() as reader:
        targets = read_notice(reader, reader.open_draw()).targets
    sign: list[str | Path] = [
        "keys",
        "contribute",
        key,
        "--commitment",
        targets,
        "--mode",
        "rehearsal",
        "-o",
        value,
    ]
    do(*sign, "--value", "春风", operator=False, code=2)
    do(*sign, "--value", "00", operator=False, code=3)
    assert str(value) in do(*sign, "--value", "random", operator=False)
    assert "王代表" in do("contribute", "王代表", "--signed", value)
    for step in ("close", "publish"):
        do(step)
    do("seed", "--value", VALUE)
    assert command("--workspace", workspace, "seed", "--value", VALUE, "--operator", "李四")[0] == 0
    for step in ("draw", "match"):
        do(step)
    do("export", "public", "-o", public, code=4)
    do("publish")
    assert str(public) in do("export", "public", "-o", public, "--sign", key)
    with Store.open(workspace).read() as reader:
        drawn = json.loads(reader.file(reader.draws()[-1], "targets.jsonl").splitlines()[0])["id"]
    receipt, folder = tmp_path / "回执.json", tmp_path / "回执"
    do("audit", "prove", code=2)
    do("audit", "prove", "--entity", drawn, "--everyone", code=2)
    do("audit", "prove", "--entity", "91990121000000000X", code=3)
    assert str(receipt) in do("audit", "prove", "--entity", drawn, "-o", receipt, "--sign", key)
    assert str(folder) in do("audit", "prove", "--all", folder)
    do("audit", "prove", "--all", folder, code=4)
    assert (folder / f"{drawn}.html").is_file()

    def verify(*arguments: str | Path, code: int = 0) -> str:
        return do("audit", "verify", *arguments, "--rehearsal", operator=False, code=code)

    unknown = verify(public)
    assert mark in unknown
    assert verify(public, "--signer", mark) != unknown
    assert {"zh": "不核对", "en": "not checked here"}[lang] in unknown
    assert drawn in verify(receipt)
    assert {"zh": "与公开包比对", "en": "beside the public bundle"}[lang] in verify(
        receipt, "--public", public
    )
    verify(public, "--public", public, code=2)
    verify(receipt, "--cross-check", code=2)
    receipt.write_bytes(receipt.read_bytes().replace(b'"kind":"receipt"', b'"kind":"invoice"'))
    assert {"zh": "不符", "en": "FAILED"}[lang] in verify(receipt, code=1)
    report = json.loads(verify(folder / f"{drawn}.json", "--json"))["report"]
    assert report["receipt"]["id"] == drawn
    assert any(one["drawn"] for one in report["receipt"]["outcomes"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_browser_verifier_is_handed_out_as_it_is(command: Command, tmp_path: Path, lang: Lang) -> None:
    path = tmp_path / "核验.html"
    code, out = command("audit", "page", "-o", path, lang=lang)
    assert code == 0
    assert path.read_bytes() == PAGE.read_bytes()
    assert str(path) in out
    assert hashlib.sha256(path.read_bytes()).hexdigest() in out


def test_machines_get_the_fields_of_each_result(command: Command, tmp_path: Path) -> None:
    workspace = prepared(command, tmp_path)
    plan = tmp_path / "plan.toml"

    def do(*arguments: str | Path, operator: str = "张三") -> Any:
        acting = (
            []
            if arguments[0] in ("status", "audit") or arguments[1:2] == ("check",)
            else ["--operator", operator]
        )
        code, out = command("--workspace", workspace, *arguments, "--json", *acting)
        assert code == 0
        return json.loads(out)

    preview = do("plan", "check", plan)
    (task,) = preview["tasks"]
    graded, other = task["tiers"]
    assert other["quota"] == 40
    assert graded["quota"] == -(-graded["base"] // 10)
    assert sum(cell["base"] for cell in other["cells"]) == other["base"]
    assert do("plan", "adopt", plan, "--rehearsal")["draw"] == 1
    frozen = do("freeze")
    assert frozen["values"] == ["dice:1"]
    do("publish")
    assert do("seed", "--value", TYPO, operator="李四")["outcome"] == "waiting"
    assert do("seed", "--value", VALUE)["outcome"] == "differs"
    assert do("seed", "--value", VALUE, operator="李四")["outcome"] == "seeded"
    drawn = do("draw")
    assert [tier["drawn"] for tier in drawn["tiers"]] == [graded["quota"], 40]
    matched = do("match")
    assert sum(int(load) * persons for load, persons in matched["loads"].items()) == matched["places"]
    do("publish")
    entries = do("status")["log_entries"]
    nowhere = ["export", "bundle", "-o", tmp_path / "nowhere" / "审计包.zip"]
    code, out = command(*nowhere, "--workspace", workspace, "--operator", "张三", "--json")
    assert (code, json.loads(out)["error"]["where"]) == (6, {"file": str(nowhere[-1])})
    assert do("status")["log_entries"] == entries
    (workspace / "bundles").rmdir()
    exported = do("export", "bundle")
    assert do("status")["log_entries"] == entries + 1
    assert [path.name for path in (workspace / "bundles").iterdir()] == [Path(exported["path"]).name]
    verified = do("audit", "verify", exported["path"], "--rehearsal")
    assert verified["exit_code"] == 0
    assert verified["report"]["failure"] is None
    status = do("status")
    assert (status["published"], status["draws"], status["log_fault"]) == (1, [], None)


def test_what_is_not_this_command_s_turn_changes_nothing(command: Command, tmp_path: Path) -> None:
    workspace = prepared(command, tmp_path)
    plan = tmp_path / "plan.toml"
    assert command("plan", "adopt", plan, "--workspace", workspace, "--operator", "张三")[0] == 0
    before = command("status", "--workspace", workspace, "--json")
    for step in (
        ["seed", "--value", VALUE],
        ["draw"],
        ["match"],
        ["export", "bundle"],
        ["plan", "adopt", plan],
    ):
        code, out = command(*step, "--workspace", workspace, "--operator", "张三", "--json")
        assert (code, json.loads(out)["error"]["exit_code"]) == (4, 4)
    assert command("status", "--workspace", workspace, "--json") == before
    code, out = command("freeze", "--workspace", workspace, "--json")
    assert (code, json.loads(out)["error"]["code"]) == (3, "cli.operator_needed")
    code, out = command("freeze", "--workspace", workspace, "--json", "--operator", "王五")
    assert (code, json.loads(out)["error"]["code"]) == (3, "store.operator_unknown")
    code, _ = command("seed", "--workspace", workspace, "--operator", "张三")
    assert code == 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_import_tells_what_it_refused_and_can_be_taken_back(
    command: Command, tmp_path: Path, lang: Lang
) -> None:
    workspace = prepared(command, tmp_path)
    acting = ["--workspace", workspace, "--operator", "张三"]
    rows = [f"甲,市场监督管理局,1700{number:04},长期" for number in range(15)]
    rows += [f"乙,市场监督管理局,1600{number:04},昨天" for number in range(12)]
    roster = tmp_path / "市监局.csv"
    roster.write_text("\n".join(["姓名,单位,执法证编号,执法证有效期", *rows]), encoding="utf-8")
    code, out = command("import", "inspectors", roster, "--accept-gone", *acting, lang=lang)
    assert code == 0
    (report,) = (workspace / "reports").glob("*.csv")
    assert str(report) in out
    assert len([line for line in out.splitlines() if "昨天" in line]) == 10, (
        "the first ten, the others in the report"
    )
    imports = json.loads(command("status", "--workspace", workspace, "--json")[1])["rosters"]
    current = next(one["current"]["id"] for one in imports if one["kind"] == "inspectors")
    code, out = command("import", "withdraw", str(current), "--reason", "报错了", *acting, lang=lang)
    assert (code, "报错了" in out) == (0, True)


def test_inspectors_are_made_up_for_the_registry_as_imported(command: Command, tmp_path: Path) -> None:
    workspace = prepared(command, tmp_path)
    made = ["sample", "inspectors", tmp_path / "人员", "--number", "200", "--workspace", workspace]
    code, out = command(*made, "--column", "所属乡镇", "--json")
    assert code == 0
    files = {Path(one["path"]).name: one["rows"] for one in json.loads(out)["files"]}
    assert files["conflicts.csv"] == 160
    assert files["inspectors.csv"] >= 200
    code, out = command(*made, "--column", "街镇", "--json")
    assert (code, json.loads(out)["error"]["code"]) == (3, "sample.column")


def test_options_of_the_program_hold_before_and_after_the_command(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = tmp_path / "工作目录"
    init = ["init", "--authority", "某某区市场监督管理局", "--region", "410102", "--operator", "张三"]
    assert command(*init, "--workspace", workspace, "--quiet") == (0, "")
    before, after = ["--workspace", workspace, "status"], ["status", "--workspace", workspace]
    assert command(*before) == command(*after)
    assert command("--workspace", tmp_path, *after) == command(*before)
    assert command("--quiet", *after) == command(*after, "--quiet") == (0, "")
    monkeypatch.setenv("SHUANGSUIJI_WORKSPACE", str(workspace))
    assert command("status") == command(*before)
    monkeypatch.chdir(workspace)
    monkeypatch.delenv("SHUANGSUIJI_WORKSPACE")
    assert command("status") == command(*before)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_templates_are_empty_rosters_and_never_replace_a_filled_one(
    command: Command, tmp_path: Path, lang: Lang
) -> None:
    folder = tmp_path / "模板"
    code, out = command("init", "--templates", folder, lang=lang)
    assert code == 0
    written = {path: path.read_bytes() for path in folder.iterdir()}
    assert len([path for path in written if path.suffix == ".xlsx"]) == len(KINDS)
    assert {path.name for path in written if path.suffix == ".toml"} == {
        path.name for path in (shipped("config") / "plans").iterdir()
    }
    assert all(str(path) in out for path in written)
    assert command("init", "--templates", folder, lang=lang)[0] == 3
    assert {path: path.read_bytes() for path in folder.iterdir()} == written
    assert command("init", "--templates", folder, "--authority", "某某局", lang=lang)[0] == 2
