"""Nothing of the rosters' private columns is in anything public: the sample marks every private cell."""

import html
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any, Final

import pytest
from pypdf import PdfReader

from shuangsuiji import sample
from shuangsuiji.bundle import archive
from shuangsuiji.config import shipped
from shuangsuiji.core.encoding import parse_json, parse_lines
from shuangsuiji.quarter import export, site
from shuangsuiji.quarter.dossier import read_frozen
from shuangsuiji.quarter.notices import FORMATS, notices
from shuangsuiji.quarter.publish import publish
from shuangsuiji.quarter.request import person
from shuangsuiji.quarter.review import Selection
from shuangsuiji.quarter.void import void
from shuangsuiji.store import Store
from tests import batch
from tests.quarter.test_records import PEOPLE, answered, asked, somebody, store
from tests.quarter.test_results import AFTER, imported, reviewed, rows

__all__ = ["store"]

PUBLIC: Final = "public.zip"
NOTICES: Final = "notices"
SITE: Final = "site"
AFTERWARDS: Final = datetime(2021, 7, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole batch on the shipped sample and its plan, list published."""
    folder = tmp_path_factory.mktemp("batch") / "workspace"
    files = {
        kind: sorted(shipped("sample_data").glob(f"{kind}*.csv"))
        for kind in ("entities", "risk", "inspectors", "review", "conflicts", "visits")
    }
    batch.run(folder, shipped("config") / "plans" / "founding-2021.toml", files)
    export.public(Store.open(folder), folder / PUBLIC, operator=batch.OPERATOR, now=AFTERWARDS)
    for form in FORMATS:
        notices(Store.open(folder), folder / f"{NOTICES}-{form}", form, now=AFTERWARDS)
    # Its bundle would be the one that was just exported.
    site.site(Store.open(folder), folder / SITE, bundles=False, operator=batch.OPERATOR, now=AFTERWARDS)
    return folder


def public_files(workspace: Path) -> Iterator[Path]:
    yield from (path for path in (workspace / "published").rglob("*") if path.is_file())
    for form in FORMATS:
        yield from (workspace / f"{NOTICES}-{form}").iterdir()
    yield workspace / "result.csv"
    yield workspace / PUBLIC
    yield from (path for path in (workspace / SITE).rglob("*") if path.is_file())


def text(path: Path) -> str:
    """What a reader finds in a file, whatever its format: the members of archives, the text of pages and cells."""
    if path.suffix == ".pdf":
        pages = (page.extract_text() for page in PdfReader(path).pages)
        return re.sub(r"\s", "", "".join(pages))
    if path.suffix in (".zip", ".xlsx"):
        with zipfile.ZipFile(path) as packed:
            return "\n".join(html.unescape(packed.read(name).decode()) for name in packed.namelist())
    return html.unescape(path.read_text(encoding="utf-8"))


def test_no_public_artefact_holds_a_private_mark(workspace: Path) -> None:
    assert sample.MARK in (shipped("sample_data") / "inspectors.csv").read_text(encoding="utf-8")
    texts = {path: text(path) for path in public_files(workspace)}
    assert {path.suffix for path in texts} == {".html", ".csv", ".js", ".json", ".zip", ".pdf", ".xlsx"}
    assert not [path for path, one in texts.items() if sample.MARK in one]
    with Store.open(workspace).read() as reader:
        (_, *targets) = (
            json.loads(line) for line in reader.file(reader.draws()[-1], "targets.jsonl").splitlines()
        )
    result = [path for path in texts if path.stem == "result"]
    assert {path.suffix for path in result} >= {".html", ".csv", ".pdf", ".xlsx"}
    for path in result:  # so that a text that was not read cannot pass
        assert targets[0]["id"] in texts[path], path


def test_nothing_that_notices_are_made_from_holds_a_private_mark(workspace: Path) -> None:
    with Store.open(workspace).read() as reader:
        draw = reader.draws()[-1]
        kept = {
            name: reader.file(draw, name)
            for name in draw.files
            if name.startswith(("content/", "public/", "views/"))
        }
    assert len([name for name in kept if name.startswith("content/")]) == 3
    assert not [name for name, data in kept.items() if sample.MARK.encode() in data]


def test_nothing_told_after_the_list_holds_a_private_mark(store: Store, tmp_path: Path) -> None:
    """Replacements, results, their corrections and the void of a draw: notices of their own, in every format."""

    def told() -> None:
        reviewed(store, Selection(everything=True))
        publish(store, plan_id="410102-2026-01", operator="张三", now=AFTER)

    publish(store, operator="张三", now=AFTER)
    target, who = somebody(store)
    person(store, who, [target], asked(reason=f"调离{sample.MARK}"))
    answered(store, 1)
    marked = {"证据编号": f"{sample.MARK}1", "备注": f"{sample.MARK}2"}
    table = [one | marked for one in rows(store)]
    imported(store, table)
    told()
    changed = {"检查结果": "发现问题已责令改正", "更正原因": f"{sample.MARK}误录"}
    imported(store, [table[0] | changed])
    told()
    void(store, reason="名册有误", approver="王局长", operator="张三", now=AFTER)
    publish(store, plan_id="410102-2026-01", operator="张三", now=AFTER)
    with store.read() as reader:
        draw = reader.draws()[-1]
        names = {PurePath(name).stem for name in draw.files if name.startswith("content/")}
    assert names >= {"inspection-1", "inspection-2"}
    # The list, the one with the replacement, the one that is void.
    assert len([one for one in names if one.startswith("result")]) == 3
    for form in FORMATS:
        notices(store, tmp_path / form, form, now=AFTER)
    paths = [path for form in FORMATS for path in (tmp_path / form).iterdir()]
    paths += [path for path in store.layout.published.rglob("*") if path.is_file()]
    texts = {path: text(path) for path in paths}
    assert "ID-" in PEOPLE
    assert not [path for path, one in texts.items() if sample.MARK in one or "ID-" in one]
    corrections = [one for path, one in texts.items() if path.stem == "inspection-2"]
    assert len(corrections) > len(FORMATS)
    assert all(changed["检查结果"] in one for one in corrections)  # so that a text not read cannot pass


def test_no_file_of_the_bundle_holds_a_private_mark(workspace: Path) -> None:
    mark = sample.MARK.encode()
    with Store.open(workspace).read() as reader:
        draw = reader.draws()[-1]
        assert not [
            name for name in draw.files if mark in reader.file(draw, name) and name.endswith(".jsonl")
        ]


def test_the_sample_plan_draws_the_founding_figures(workspace: Path) -> None:
    with Store.open(workspace).read() as reader:
        draw = reader.draws()[-1]
        targets = reader.file(draw, "targets.jsonl").splitlines()
        result = reader.file(draw, "public/result.html").decode()
    assert len(targets) == 147 + 172 + 1_507 + 129 + 270 == 2_225
    assert "2225户" in result
    assert "982人" in result


def test_no_public_artefact_has_a_leaf_or_a_ticket_beside_a_name(workspace: Path) -> None:
    """What is known of one who is named is that he was drawn: no line of anything public ties him to a leaf."""
    _, members = archive.read(workspace / PUBLIC)
    leaves: list[Any] = list(parse_lines(members["leaves.jsonl"]))
    names: list[Any] = list(parse_lines(members["names.jsonl"]))
    assert all(line.keys() == {"in", "leaf"} for line in leaves)
    assert all(line.keys() == {"id", "name"} for line in names)
    assert leaves == sorted(leaves, key=lambda line: line["leaf"])
    assert names == sorted(names, key=lambda line: line["id"])
    strata: list[Any] = list(parse_lines(members["strata.jsonl"]))
    known = {line["leaf"].encode() for line in leaves}
    known |= {line["cut"].encode() for line in strata if "cut" in line}
    found = re.compile(rb"[0-9a-f]{64}")
    for path in public_files(workspace):
        if path.name != PUBLIC:
            assert not known & set(found.findall(path.read_bytes())), path
    for name in ("commitment.json", "names.jsonl", "notice.json", "seed.json"):
        assert not known & set(found.findall(members[name])), name


def test_the_public_bundle_says_of_those_named_what_the_published_counts_say(workspace: Path) -> None:
    """Leaves drawn, by tier, are as many as the notice says; which of them is whose, the orders do not tell.

    Both orders are by values that have nothing to do with each other: how a name's rank goes with the rank of its own
    leaf, which auditors know, is no more than chance would have it.
    """
    _, members = archive.read(workspace / PUBLIC)
    statement: Any = parse_json(members["commitment.json"])
    tasks = statement["targets"]["tasks"]
    strata: list[Any] = list(parse_lines(members["strata.jsonl"]))
    drawn = Counter[tuple[str, str]]()
    tier_of = {
        (task["id"], stratum["root"]): tier["root"]
        for task in tasks
        for tier in task["tiers"]
        for stratum in tier["strata"]
    }
    for line in strata:
        drawn[line["task"], tier_of[line["task"], line["root"]]] += line["quota"]
    assert drawn == {(task["id"], tier["root"]): tier["quota"] for task in tasks for tier in task["tiers"]}
    with Store.open(workspace).read() as reader:
        frozen = read_frozen(reader, reader.draws()[-1])
    named: list[Any] = list(parse_lines(members["names.jsonl"]))
    names = [line["id"] for line in named]
    leaf_of = {
        one.id: leaf for one, leaf in zip(frozen.registry.entities, frozen.registry.leaves, strict=True)
    }
    by_leaf = {code: rank for rank, code in enumerate(sorted(names, key=lambda code: leaf_of[code]))}
    count = len(names)
    distance = sum((rank - by_leaf[code]) ** 2 for rank, code in enumerate(names))
    correlation = 1 - 6 * distance / (count * (count**2 - 1))
    assert abs(correlation) < 4 / (count - 1) ** 0.5
