"""`publish site` from a workspace: what goes in and when, whole or not at all, as the log has it."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from shuangsuiji.errors import EnvironmentRefused, InputRefused, WrongState
from shuangsuiji.quarter import export, site
from shuangsuiji.quarter.publication import read_publication
from shuangsuiji.store import Store
from tests import batch
from tests.quarter.test_prove import whole

__all__ = ["whole"]

LATER: Final = datetime(2021, 7, 3, tzinfo=UTC)
WHO: Final = batch.OPERATOR


@pytest.fixture
def store(whole: Path, tmp_path: Path) -> Store:
    """A copy of the small batch of the shipped plan, its list published, to be worked in."""
    shutil.copytree(whole, tmp_path / "workspace")
    return Store.open(tmp_path / "workspace")


def test_a_site_has_what_was_published_byte_for_byte_and_the_public_bundle(
    store: Store, tmp_path: Path
) -> None:
    made = site.site(store, tmp_path / "站点", operator=WHO, now=LATER)
    folder = made.path / "notices" / "rehearsal-1"
    published = {path.name: path.read_bytes() for path in store.layout.published.rglob("*") if path.is_file()}
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == published
    public = tmp_path / "public.zip"
    export.public(store, public, operator=WHO, now=LATER)
    assert (made.path / "bundles" / "rehearsal-1.zip").read_bytes() == public.read_bytes()
    files = [path for path in made.path.rglob("*") if path.is_file()]
    assert (made.draws, made.rehearsal) == (1, True)
    assert (made.files, made.size) == (len(files), sum(path.stat().st_size for path in files))
    assert {path.stat().st_mode & 0o777 for path in files} == {0o644}
    assert {path.stat().st_mode & 0o777 for path in made.path.rglob("*") if path.is_dir()} == {0o755}
    with store.read() as reader:
        (entry,) = [one for one in reader.log() if one.verb == "publish site"]
    assert entry.details["sha256"] == made.sha256
    again = site.site(store, tmp_path / "again", operator=WHO, now=LATER)
    assert again.sha256 == made.sha256


def test_without_bundles_it_says_so(store: Store, tmp_path: Path) -> None:
    made = site.site(store, tmp_path / "site", bundles=False, operator=WHO, now=LATER)
    assert not (made.path / "bundles").exists()
    assert "本站没有附公开包" in (made.path / "verify.html").read_text(encoding="utf-8")


def test_it_appears_whole_or_not_at_all(store: Store, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    taken = tmp_path / "workspace"
    with pytest.raises(WrongState, match=r"quarter\.site_taken"):
        site.site(store, taken, operator=WHO, now=LATER)
    with pytest.raises(InputRefused, match=r"store\.operator_unknown"):
        site.site(store, tmp_path / "site", operator="王五", now=LATER)
    with pytest.raises(EnvironmentRefused, match=r"store\.no_folder"):
        site.site(store, tmp_path / "nowhere" / "site", bundles=False, operator=WHO, now=LATER)
    (store.layout.config / "publication.toml").write_text("measures = []\nterm = [{from = 1}]\n")
    with pytest.raises(InputRefused, match=r"rosters\.settings"):
        site.site(store, tmp_path / "site", operator=WHO, now=LATER)
    assert sorted(tmp_path.iterdir()) == before
    with store.read() as reader:
        assert not [one for one in reader.log() if one.verb == "publish site"]


def test_a_workspace_that_published_nothing_has_no_site(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "empty", "某县市场监督管理局", "990121", (WHO,), LATER)
    with pytest.raises(WrongState, match=r"quarter\.site_empty"):
        site.site(store, tmp_path / "site", operator=WHO, now=LATER)


def test_a_lost_salt_key_leaves_out_the_bundle_alone(store: Store, tmp_path: Path) -> None:
    store.layout.key("rehearsal", 1).unlink()
    made = site.site(store, tmp_path / "site", operator=WHO, now=LATER)
    assert not (made.path / "bundles").exists()
    assert "盐密钥已经遗失" in (made.path / "verify.html").read_text(encoding="utf-8")


class TestPublication:
    def test_the_shipped_rules_are_five_years_and_two(self) -> None:
        rules = read_publication()
        (term,) = rules.terms
        assert (term.years, term.person_years) == (5, 2)
        assert "education" not in rules.measures

    @pytest.mark.parametrize(
        "wrong",
        [
            'measures = ["prison"]\nterm = []',
            "measures = []",
            'measures = []\nterm = [{from = "2019", years = 5, person_years = 2}]',
            'measures = []\nterm = [{from = "2019-01-01", years = 0, person_years = 2}]',
            'measures = []\nterm = [{from = "2019-01-01", years = true, person_years = 2}]',
            'measures = []\nterm = [{from = "2019-01-01", years = 5, person_years = 2, months = 1}]',
            "measures = []\nterm = []\nmore = 1",
        ],
    )
    def test_other_rules_are_refused_with_their_place(self, tmp_path: Path, wrong: str) -> None:
        (tmp_path / "publication.toml").write_text(wrong, encoding="utf-8")
        with pytest.raises(InputRefused, match=r"rosters\.settings") as caught:
            read_publication(override=tmp_path)
        assert caught.value.where.file.endswith("publication.toml")
