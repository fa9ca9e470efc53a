"""What a newcomer gets wrong: a clear message in both languages, and a workspace that stays as it was."""

import csv
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from shuangsuiji.cli import failures, language, run
from shuangsuiji.messages import LANGUAGES, Lang
from shuangsuiji.sample.numbers import credit_code
from tests.cli.runs import CLEAN

HEADINGS: Final = "统一社会信用代码/注册号,企业名称,登记状态,所属乡镇"
CODE: Final = credit_code("91", 1)
PEOPLE: Final = """姓名,单位,执法证编号,执法证有效期
甲,市场监督管理局,16000001,长期
乙,市场监督管理局,16000002,长期
"""

PLAN: Final = """
[plan]
id = "410102-2021-01"
version = 1
authority = "某某区市场监督管理局"
title = "抽查计划"
window = { from = 2021-04-19, to = 2021-06-30 }

[seed]
values = ["dice:1"]

[publish]
deadline = 2021-04-30

[columns]
township = "所属乡镇"

[[slot]]
id = "lead"
name = "组长"
pool = ["and"]

[[slot]]
id = "member"
name = "组员"
pool = ["and"]

[blocks]
max_targets = 5
max_per_inspector = 4

[[task]]
id = "one"
name = "公示信息检查"
kind = "不定向"
pool = ["and"]
slots = ["lead", "member"]
items = ["年度报告公示信息检查"]
method = "实地核查"

[[task.tier]]
id = "all"
name = "全部"
where = ["and"]
count = 1
"""


def on_disk(folder: Path) -> dict[str, str]:
    """Every path below a folder and the digest of what is in it; reports on refused rows apart."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in folder.rglob("*")
        if "reports" not in path.parts
    }


def say(capsys: pytest.CaptureFixture[str], lang: Lang, *arguments: str | Path) -> tuple[int, str, str]:
    """Exit code, stdout, stderr of a command in this process."""
    language.speak(lang)
    code = failures.guarded(lambda: run([str(argument) for argument in arguments]), json=False)
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def workspace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A workspace with one good registry of one entity, and no inspectors."""
    made = tmp_path / "workspace"
    init = ["init", "--authority", "某某区市场监督管理局", "--region", "410102", "--operator", "张三"]
    assert say(capsys, "zh", "--workspace", made, *init)[0] == 0
    good = tmp_path / "good.csv"
    good.write_text(f"{HEADINGS}\n{CODE},甲公司,存续,城关镇\n", encoding="utf-8")
    assert say(capsys, "zh", "--workspace", made, "import", "entities", good)[0] == 0
    return made


FILES: Final = [
    ("empty.csv", b"", "空的", "is empty"),
    ("名单.xlsx", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "PDF", "PDF"),
    ("headings.csv", "序号,摘要\n1,甲\n".encode(), "统一社会信用代码", "统一社会信用代码"),
    ("bytes.csv", f"{HEADINGS}\n".encode() + b"\xff\xfe\x80\x81\n", "GB18030", "GB18030"),
]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("name", "content", "zh", "en"), FILES, ids=[name for name, *_ in FILES])
def test_a_file_that_is_no_registry_is_refused(
    workspace: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    content: bytes,
    zh: str,
    en: str,
    lang: Lang,
) -> None:
    path = workspace.parent / name
    path.write_bytes(content)
    before = on_disk(workspace)
    code, out, err = say(capsys, lang, "import", "entities", path, "--workspace", workspace)
    assert (code, out) == (3, "")
    assert name in err
    assert {"zh": zh, "en": en}[lang] in err
    assert len(err.splitlines()) == 2, "what is wrong, and how to mend it"
    assert on_disk(workspace) == before


def test_gbk_is_read_as_it_is_meant(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = workspace.parent / "gbk.csv"
    path.write_bytes(f"{HEADINGS}\n{CODE},乙公司,存续,城关镇\n".encode("gbk"))
    code, out, _ = say(capsys, "zh", "import", "entities", path, "--workspace", workspace)
    assert code == 0
    assert "接受 1 行" in out


@pytest.mark.parametrize("lang", LANGUAGES)
def test_duplicate_codes_are_reported_with_both_rows(
    workspace: Path, capsys: pytest.CaptureFixture[str], lang: Lang
) -> None:
    path = workspace.parent / "twice.csv"
    rows = f"{CODE},甲公司,存续,城关镇\n{CODE},乙公司,存续,城关镇\n"
    path.write_text(f"{HEADINGS}\n{rows}", encoding="utf-8")
    before = on_disk(workspace)
    code, out, err = say(capsys, lang, "import", "entities", path, "--workspace", workspace, "--strict")
    assert (code, out) == (3, "")
    assert "reports" in err
    assert on_disk(workspace) == before
    (report,) = (workspace / "reports").glob("*.csv")
    with report.open(encoding="utf-8-sig", newline="") as file:
        _, *listed = csv.reader(file)
    assert [(row[0], row[2], row[4]) for row in listed] == [
        ("twice.csv", "2", CODE),
        ("twice.csv", "3", CODE),
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_inspectors_there_is_no_freeze(
    workspace: Path, capsys: pytest.CaptureFixture[str], lang: Lang
) -> None:
    nobody = workspace.parent / "nobody.csv"
    nobody.write_text(PEOPLE.splitlines()[0] + "\n", encoding="utf-8")
    plan = workspace.parent / "plan.toml"
    plan.write_text(PLAN, encoding="utf-8")
    assert say(capsys, lang, "import", "inspectors", nobody, "--workspace", workspace)[0] == 3
    assert say(capsys, lang, "plan", "adopt", plan, "--workspace", workspace)[0] == 0
    before = on_disk(workspace)
    code, out, err = say(capsys, lang, "freeze", "--workspace", workspace)
    assert (code, out) == (4, "")
    assert "import inspectors" in err
    assert on_disk(workspace) == before


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "people",
    [PEOPLE.replace("长期", "2020-12-31"), PEOPLE[: PEOPLE.index("乙")]],
    ids=["certificates run out", "one person for two places"],
)
def test_a_pool_that_gives_no_team_is_refused_before_it_is_sealed(
    workspace: Path, capsys: pytest.CaptureFixture[str], people: str, lang: Lang
) -> None:
    roster, plan = workspace.parent / "people.csv", workspace.parent / "plan.toml"
    roster.write_text(people, encoding="utf-8")
    plan.write_text(PLAN, encoding="utf-8")
    assert say(capsys, lang, "import", "inspectors", roster, "--workspace", workspace)[0] == 0
    assert say(capsys, lang, "plan", "adopt", plan, "--workspace", workspace)[0] == 0
    before = on_disk(workspace)
    code, out, err = say(capsys, lang, "freeze", "--workspace", workspace)
    assert (code, out) == (3, "")
    assert {"zh": "组不成检查组", "en": "No team can be formed"}[lang] in err
    assert on_disk(workspace) == before


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_quota_above_its_tier_is_refused_with_its_line(
    workspace: Path, capsys: pytest.CaptureFixture[str], lang: Lang
) -> None:
    people, plan = workspace.parent / "people.csv", workspace.parent / "plan.toml"
    people.write_text(PEOPLE, encoding="utf-8")
    assert say(capsys, lang, "import", "inspectors", people, "--workspace", workspace)[0] == 0
    plan.write_text(PLAN.replace("count = 1", "count = 2"), encoding="utf-8")
    line = plan.read_text(encoding="utf-8").splitlines().index("count = 2") + 1
    before = on_disk(workspace)
    code, out, err = say(capsys, lang, "plan", "check", plan, "--workspace", workspace)
    assert (code, out) == (3, "")
    assert {"zh": f"第 {line} 行", "en": f"line {line}"}[lang] in err
    assert on_disk(workspace) == before


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_unknown_key_is_named_with_its_line_and_the_nearest_right_one(
    workspace: Path, capsys: pytest.CaptureFixture[str], lang: Lang
) -> None:
    plan = workspace.parent / "plan.toml"
    plan.write_text(PLAN.replace("max_targets", "max_target"), encoding="utf-8")
    line = plan.read_text(encoding="utf-8").splitlines().index("max_target = 5") + 1
    before = on_disk(workspace)
    code, out, err = say(capsys, lang, "plan", "adopt", plan, "--workspace", workspace)
    assert (code, out) == (3, "")
    assert {"zh": f"第 {line} 行", "en": f"line {line}"}[lang] in err
    assert "max_targets" in err
    assert on_disk(workspace) == before


@pytest.fixture
def anyones() -> Iterator[Path]:
    """A folder that every user of this machine can enter (pytest's own are for its user alone)."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_directory_without_rights(anyones: Path, capsys: pytest.CaptureFixture[str], lang: Lang) -> None:
    init = ["init", "--authority", "某某区市场监督管理局", "--region", "410102", "--operator", "张三"]
    assert (
        say(capsys, lang, "--workspace", anyones / "warm", *init)[0] == 0
    )  # what is imported lazily is there now
    closed = anyones / "closed"
    closed.mkdir(0o555)
    user = os.geteuid()
    try:
        if user == 0:
            os.seteuid(65534)  # root may write everywhere
        code, out, err = say(capsys, lang, "--workspace", closed / "workspace", *init)
    finally:
        os.seteuid(user)
    assert (code, out) == (6, "")
    assert str(closed) in err
    assert {"zh": "权限", "en": "rights"}[lang] in err
    assert list(closed.iterdir()) == []


FULL_DISK: Final = """
set -e
mount -t tmpfs -o size=1m none "$1"
cd "$1"
"$2" -m shuangsuiji --workspace w init --authority 局 --region 410102 --operator 张三 > /dev/null
find w -type f -exec sha256sum {} + | sort > before
dd if=/dev/zero of=filler bs=1k 2> /dev/null || true
set +e
"$2" -m shuangsuiji --workspace w import entities "$3"
echo "exit $?"
find w -type f -exec sha256sum {} + | sort | cmp - before && echo "as it was"
"""


def has_namespaces() -> bool:
    """Whether this machine lets us mount a small disk of our own."""
    command = ["unshare", "-Urm", "sh", "-c", "mount -t tmpfs -o size=64k none /mnt"]
    return (
        shutil.which("unshare") is not None
        and not subprocess.run(command, capture_output=True, check=False).returncode
    )


@pytest.mark.skipif(not has_namespaces(), reason="no mount namespaces here")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_full_disk(tmp_path: Path, lang: Lang) -> None:
    disk, roster = tmp_path / "disk", tmp_path / "good.csv"
    disk.mkdir()
    roster.write_text(f"{HEADINGS}\n{CODE},甲公司,存续,城关镇\n", encoding="utf-8")
    script = ["unshare", "-Urm", "sh", "-c", FULL_DISK, "sh", str(disk), sys.executable, str(roster)]
    env = CLEAN | {"SHUANGSUIJI_LANG": lang}
    done = subprocess.run(script, capture_output=True, encoding="utf-8", env=env, check=False)
    assert done.stdout.splitlines() == ["exit 6", "as it was"], done.stderr
    assert {"zh": "磁盘已满", "en": "disk is full"}[lang] in done.stderr
