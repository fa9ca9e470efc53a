"""Published notices in other formats: what was published, from what was kept, to where it is asked for."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader

from shuangsuiji.errors import InputRefused, ShuangsuijiError, WrongState
from shuangsuiji.publish.content import from_json
from shuangsuiji.publish.html import page, qr_svg
from shuangsuiji.quarter.draw import draw
from shuangsuiji.quarter.freeze import freeze
from shuangsuiji.quarter.match import match
from shuangsuiji.quarter.notices import FORMATS, Format, notices
from shuangsuiji.quarter.plan import adopt
from shuangsuiji.quarter.publish import publish
from shuangsuiji.quarter.seed import explicit
from shuangsuiji.store import Store
from tests.quarter.small_plan import KEY, plan_file, with_rosters
from tests.quarter.workspace import NOW, on_disk

ADDRESS = "https://gs.example.gov.cn/ssj"


def published(folder: Path, *, site: str = "") -> Store:
    """A rehearsal from the plan to its result, all published."""
    folder.mkdir()
    store = with_rosters(folder)
    if site:
        (store.layout.config / "site.toml").write_text(f'address = "{site}"\n', encoding="utf-8")
    adopt(store, plan_file(folder), rehearsal=True, salt_key=KEY, operator="张三", now=NOW)
    freeze(store, values=["explicit:1"], operator="张三", now=NOW)
    publish(store, operator="张三", now=NOW)
    explicit(store, "7" * 64, operator="张三", now=NOW)
    draw(store, operator="张三", now=NOW)
    match(store, operator="张三", now=NOW)
    publish(store, operator="张三", now=NOW)
    return store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return published(tmp_path_factory.mktemp("notices") / "batch")


def refused(code: str, kind: type[ShuangsuijiError], action: Callable[[], object]) -> None:
    with pytest.raises(kind) as found:
        action()
    assert found.value.code == code


@pytest.mark.parametrize("form", FORMATS)
def test_all_notices_of_a_draw_go_into_a_folder(store: Store, form: Format, tmp_path: Path) -> None:
    before = on_disk(store.layout.root)
    result = notices(store, tmp_path / "out", form, now=NOW)
    assert [one.notice for one in result.files] == ["commitment", "plan-1", "result"]
    assert {path.name: path.stat().st_size for path in (tmp_path / "out").iterdir()} == {
        f"{one.notice}.{form}": one.size for one in result.files
    }
    again = notices(store, tmp_path / "again", form, now=NOW)
    assert [one.sha256 for one in again.files] == [one.sha256 for one in result.files]
    assert on_disk(store.layout.root) == before


def test_html_and_the_table_are_the_very_files_that_were_published(store: Store, tmp_path: Path) -> None:
    folder = store.layout.published / "rehearsal-1" / "result"
    for form in FORMATS[2:]:
        notices(store, tmp_path / f"one.{form}", form, names=["result"], now=NOW)
        assert (tmp_path / f"one.{form}").read_bytes() == (folder / f"result.{form}").read_bytes()


def test_what_is_kept_makes_the_page_that_was_published(store: Store) -> None:
    with store.read() as reader:
        row = reader.draws()[-1]
        for name in ("plan-1", "commitment", "result"):
            kept = from_json(reader.file(row, f"content/{name}.json"))
            assert page(kept) == reader.file(row, f"public/{name}.html")


def test_one_notice_goes_into_a_file_that_names_every_target(store: Store, tmp_path: Path) -> None:
    notices(store, tmp_path / "公示.pdf", "pdf", names=["result"], now=NOW)
    notices(store, tmp_path / "公示.xlsx", "xlsx", names=["result"], now=NOW)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["公示.pdf", "公示.xlsx"]
    printed = "".join(page.extract_text() for page in PdfReader(tmp_path / "公示.pdf").pages)
    listed = [row[2].value for row in openpyxl.load_workbook(tmp_path / "公示.xlsx")["附件"].iter_rows()]
    codes = [str(code) for code in listed if code and str(code)[0] == "9"]
    assert codes
    assert all(code in printed for code in codes)


def test_notices_that_are_not_there_are_refused(store: Store, tmp_path: Path) -> None:
    refused(
        "quarter.no_such_notice",
        InputRefused,
        lambda: notices(store, None, "pdf", names=["nothing"], now=NOW),
    )
    fresh = with_rosters(tmp_path)
    refused("quarter.no_notice", WrongState, lambda: notices(fresh, None, "pdf", now=NOW))


def test_a_site_in_the_workspace_s_configuration_stands_on_its_notices(tmp_path: Path) -> None:
    store = published(tmp_path / "batch", site=f"{ADDRESS}/")
    code = qr_svg(f"{ADDRESS}/verifier.html")
    pages = sorted((store.layout.published / "rehearsal-1").rglob("*.html"))
    assert [path.stem for path in pages] == ["commitment", "plan-1", "result"]
    assert all(code in path.read_text(encoding="utf-8") for path in pages)
    notices(store, tmp_path / "plan.pdf", "pdf", names=["plan-1"], now=NOW)
    (text, *_) = [
        page.extract_text()
        for page in PdfReader(tmp_path / "plan.pdf").pages
        if "http" in page.extract_text()
    ]
    assert "verifier.html" in text


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    store = with_rosters(tmp_path)
    (store.layout.config / "site.toml").write_text('address = "gs.example"\n', encoding="utf-8")
    adopt(store, plan_file(tmp_path), rehearsal=True, salt_key=KEY, operator="张三", now=NOW)
    refused("rosters.settings_type", InputRefused, lambda: publish(store, operator="张三", now=NOW))
