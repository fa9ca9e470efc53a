"""`audit fairness`: of a frozen batch, open or past; it reads, counts, and leaves nothing but a picture."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from shuangsuiji import messages
from shuangsuiji.errors import WrongState
from shuangsuiji.quarter.fairness import FairnessResult, fairness
from shuangsuiji.quarter.freeze import freeze
from shuangsuiji.store import STATES, Store
from tests.cli.runs import run
from tests.quarter.small_plan import adopted, plan_file, with_rosters
from tests.quarter.workspace import LATER, on_disk

# So that every town's teams can be staffed.
ANYWHERE = ('district = "home"', 'district = "any"')


def simulated(store: Store, plan_id: str | None = None, picture: Path | None = None) -> FairnessResult:
    return fairness(store, plan_id=plan_id, seeds=8, picture=picture, lang="zh", tell=lambda _done, _of: None)


def frozen(tmp_path: Path, serial: str = "01", store: Store | None = None) -> Store:
    store = store or with_rosters(tmp_path)
    adopted(store, plan_file(tmp_path, ANYWHERE, ("2026-01", f"2026-{serial}")), rehearsal=True)
    freeze(store, plan_id=f"410102-2026-{serial}", operator="张三", now=LATER)
    return store


def refused(action: Callable[[], object]) -> WrongState:
    with pytest.raises(WrongState) as caught:
        action()
    for lang in messages.LANGUAGES:
        assert len(messages.render(caught.value, lang).splitlines()) == 2
    return caught.value


def test_the_workspace_is_only_read_and_the_same_figures_come_again(tmp_path: Path) -> None:
    store = frozen(tmp_path)
    before = on_disk(store.layout.root)
    found = simulated(store)
    assert simulated(store) == found
    assert on_disk(store.layout.root) == before
    assert (found.plan, found.mode, found.draw, found.picture) == ("410102-2026-01", "rehearsal", 1, None)
    assert [(tier.base, tier.quota, tier.exact) for tier in found.fairness.tiers] == [(3, 2, 8), (4, 2, 8)]


def test_before_a_freeze_there_is_nothing_to_simulate(tmp_path: Path) -> None:
    store = with_rosters(tmp_path)
    adopted(store, plan_file(tmp_path))
    assert refused(lambda: simulated(store)).code == "quarter.not_frozen"
    assert refused(lambda: simulated(store, "410102-2026-09")).code == "quarter.not_frozen"


def test_the_open_draw_goes_before_the_last_and_a_plan_can_be_named(tmp_path: Path) -> None:
    store = frozen(tmp_path)
    frozen(tmp_path, "02", store)
    with store.begin("张三", "test", LATER) as transaction:
        draw = transaction.open_draw("410102-2026-02")
        for state in STATES[STATES.index("frozen") + 1 :]:
            transaction.set_state(transaction.draw(draw.mode, draw.number), state)
    assert simulated(store).plan == "410102-2026-01"
    assert simulated(store, "410102-2026-02").draw == 2


def test_the_picture_is_written_where_it_was_asked_for(tmp_path: Path) -> None:
    store, picture = frozen(tmp_path), tmp_path / "图.svg"
    assert simulated(store, picture=picture).picture == picture
    assert picture.read_text(encoding="utf-8").startswith("<svg ")


def test_people_and_machines_are_told_the_same(tmp_path: Path) -> None:
    common = ("audit", "fairness", "--workspace", frozen(tmp_path).layout.root, "--seeds", "8")
    for lang, words in {
        "zh": ("没有改动", "高风险", "z 是"),
        "en": ("nothing was changed", "高风险", "z counts"),
    }.items():
        done = run(*common, "--lang", lang)
        assert (done.returncode, done.stderr) == (0, "")
        assert all(word in done.stdout for word in words)
    found = json.loads(run(*common, "--json").stdout)["fairness"]
    assert (found["seeds"], found["matched"], found["short"]) == (8, 2, 0)
    assert found["tiers"][0]["probability"] == "2/3"
    assert run(*common[:-1], "1").returncode == 2
