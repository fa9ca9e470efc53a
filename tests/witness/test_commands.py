"""The witness's commands as they are typed, beside an authority's: what one hands over, the other takes."""

import json
from pathlib import Path
from typing import Final

import pytest

from shuangsuiji.bundle.members import read_witness
from shuangsuiji.bundle.notice import parse_notice
from shuangsuiji.bundle.witness import check_testimony
from shuangsuiji.core.encoding import canonical_json, parse_json
from shuangsuiji.witness.folder import PAGE
from tests.cli.runs import run
from tests.cli.test_mistakes import CODE, HEADINGS, PEOPLE, PLAN
from tests.witness.world import HIDING, LOOKALIKE, NOTICE, SHOWN, UNTOLD, changed, write

WITNESS: Final = {"SHUANGSUIJI_WITNESS": "witness"}


def said(folder: Path, *words: str | Path, code: int = 0) -> str:
    """What a command says on stdout, or, where it is refused, on stderr."""
    done = run(*words, cwd=folder, env=WITNESS | {"SHUANGSUIJI_WORKSPACE": "workspace"})
    assert done.returncode == code, (words, done.stdout, done.stderr)
    return done.stderr if code else done.stdout


def on_disk(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A folder with an authority's frozen real draw (one contributor) in it, and a witness's new key."""
    (tmp_path / "对象.csv").write_text(f"{HEADINGS}\n{CODE},甲公司,存续,城关镇\n", encoding="utf-8")
    (tmp_path / "人员.csv").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "计划.toml").write_text(PLAN, encoding="utf-8")
    said(tmp_path, "init", "--authority", "某某区市场监督管理局", "--region", "410102", "--operator", "张三")
    said(tmp_path, "import", "entities", "对象.csv")
    said(tmp_path, "import", "inspectors", "人员.csv")
    said(tmp_path, "plan", "adopt", "计划.toml")
    said(tmp_path, "freeze", "--contributor", "王代表")
    said(tmp_path, "publish")
    said(tmp_path, "witness", "keygen", "--name", "某某县公证处")
    return tmp_path


def test_what_the_authority_publishes_is_signed_and_what_is_signed_is_recorded(office: Path) -> None:
    published = office / "workspace" / "published" / "real-1"
    notice = published / "commitment" / "notice.json"
    looked = said(office, "witness", "sign", notice, "--look")
    value = parse_notice(parse_json(notice.read_bytes()))
    groups = [value.targets[at : at + 4] for at in range(0, 16, 4)]
    assert "    " + " ".join(groups) in looked.splitlines()
    assert all(one in looked for one in ("某某区市场监督管理局", "十面骰子 1", "王代表", "2021-04-30"))
    first = json.loads(said(office, "witness", "sign", notice, "--json"))
    said(office, "witness", "record", office / first["path"])
    said(office, "close", "--absent", "王代表")
    said(office, "publish")
    second = json.loads(said(office, "witness", "sign", published / "closing" / "closing.json", "--json"))
    said(office, "witness", "record", office / second["path"])
    lines = b"".join(sorted((office / one["path"]).read_bytes() + b"\n" for one in (first, second)))
    for testimony in read_witness(lines):
        check_testimony(testimony, value, bytes.fromhex(second["digest"]))
    table = said(office, "witness", "show")
    assert table.count("某某区市场监督管理局") == 2


def test_refusals_have_their_exit_codes_and_leave_everything_as_it_was(tmp_path: Path) -> None:
    file = write(tmp_path, UNTOLD)
    assert "witness keygen" in said(tmp_path, "witness", "sign", file, code=6)
    made = json.loads(said(tmp_path, "witness", "keygen", "--name", "公证处", "--json"))
    assert len(made["fingerprint"]) == 64
    assert "secret" not in made
    said(tmp_path, "witness", "keygen", "--name", "公证处", code=4)
    said(tmp_path, "witness", "sign", file)
    before = on_disk(tmp_path / "witness")
    second = write(tmp_path, changed(UNTOLD, "deadline", "2026-12-21"), "second.json")
    assert "同一编号只能见证一份" in said(tmp_path, "witness", "sign", second, code=3)
    double = write(tmp_path, changed(UNTOLD, "authority", LOOKALIKE), "double.json")
    assert "--other-authority" in said(tmp_path, "witness", "sign", double, code=3)
    looked = said(tmp_path, "witness", "sign", double, "--look", "--other-authority")
    assert "已有的单位：拟安县市场监督管理局" in looked
    drawn = write(tmp_path, changed(NOTICE, "draw", 4), "drawn.json")
    assert "快乐8 2026319（2026-11-21 21:30:00）" in said(tmp_path, "witness", "sign", drawn, code=3)
    assert "拒绝签署" in said(tmp_path, "witness", "sign", drawn, "--not-held", code=3)
    write(tmp_path, canonical_json(UNTOLD) + b" ", "spaced.json")
    said(tmp_path, "witness", "sign", "spaced.json", code=3)
    said(tmp_path, "witness", "sign", "absent.json", code=2)
    assert on_disk(tmp_path / "witness") == before


def test_what_hides_in_a_name_is_shown(tmp_path: Path) -> None:
    said(tmp_path, "witness", "keygen", "--name", "公证处")
    file = write(tmp_path, changed(UNTOLD, "authority", HIDING))
    assert SHOWN in said(tmp_path, "witness", "sign", file)
    assert SHOWN in said(tmp_path, "witness", "show")


def test_the_page_is_written_as_it_is(tmp_path: Path) -> None:
    said(tmp_path, "witness", "page", "-o", "见证.html")
    assert (tmp_path / "见证.html").read_bytes() == PAGE.read_bytes()
