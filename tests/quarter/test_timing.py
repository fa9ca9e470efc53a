"""Notices and the drawings they announce: what is published after a drawing says so, and its draw can only be void."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from shuangsuiji.errors import WrongState
from shuangsuiji.quarter.close import close
from shuangsuiji.quarter.dossier import overtaken
from shuangsuiji.quarter.freeze import freeze
from shuangsuiji.quarter.plan import adopt
from shuangsuiji.quarter.publish import publish
from shuangsuiji.store import Store
from tests.quarter.small_plan import KEY, plan_file, with_rosters
from tests.quarter.workspace import NOW, on_disk

HELD: Final = NOW + timedelta(days=49)  # the fortieth issue, after ten days of pause at most
NOT_YET: Final = "这些随机数尚未产生"
GUESTS: Final = ("王代表", "李代表")


def frozen(folder: Path, guests: tuple[str, ...] = ()) -> Store:
    """A real draw, frozen in time, of which nothing but the plan is public."""
    store = with_rosters(folder)
    adopt(store, plan_file(folder), salt_key=KEY, operator="张三", now=NOW)
    publish(store, operator="张三", now=NOW)
    freeze(store, values=["kl8:2026040/kl8:2026041"], contributors=guests, operator="张三", now=NOW)
    return store


def told(store: Store, stage: str, **how: Any) -> str:
    """The text of the notice that is published now."""
    made = publish(store, operator="张三", **how).artefacts
    return next(one.path.read_text() for one in made if one.path.name == f"{stage}.html")


def is_overtaken(store: Store) -> bool:
    """Whether the draw can only be void."""
    with store.read() as reader:
        return overtaken(reader.open_draw())


class TestCommitNotice:
    """A commitment that nobody saw before its drawing is refused, or says of itself that it is late."""

    def test_after_the_drawing_it_is_refused(self, tmp_path: Path) -> None:
        store = frozen(tmp_path)
        before = on_disk(store.layout.root)
        with pytest.raises(WrongState) as caught:
            publish(store, operator="张三", now=HELD)
        assert caught.value.code == "quarter.publish_late"
        assert caught.value.params["drawing"] == "kl8:2026040"
        assert on_disk(store.layout.root) == before

    def test_said_openly_the_notice_tells_the_truth_and_the_draw_is_void(self, tmp_path: Path) -> None:
        store = frozen(tmp_path)
        text = told(store, "commitment", now=HELD, drawn_already=True)
        assert NOT_YET not in text
        assert "本公告发布迟于开奖" in text
        assert "在公开随机数产生以前保存" not in text
        assert is_overtaken(store)

    @pytest.mark.parametrize(("now", "says"), [(NOW, NOT_YET), (HELD - timedelta(days=10), "可能已经开奖")])
    def test_before_the_drawing_it_says_what_is_known(self, tmp_path: Path, now: Any, says: str) -> None:
        store = frozen(tmp_path)
        text = told(store, "commitment", now=now, drawn_already=True)
        assert says in text
        assert "迟于开奖" not in text
        assert (NOT_YET in text) == (now == NOW)
        assert not is_overtaken(store)


class TestClosingNotice:
    """It says which came first: the closing, its publication, the drawing."""

    @pytest.mark.parametrize(
        ("closed", "published", "says"),
        [(NOW, NOW, NOT_YET), (NOW, HELD, "本公告发布迟于开奖"), (HELD, HELD, "截止迟于开奖")],
    )
    def test_it_tells_what_came_first(self, tmp_path: Path, closed: Any, published: Any, says: str) -> None:
        store = frozen(tmp_path, GUESTS)
        publish(store, operator="张三", now=NOW)
        close(store, GUESTS, drawn_already=closed == HELD, operator="张三", now=closed)
        text = told(store, "closing", now=published)
        others: tuple[str, ...] = (NOT_YET, "本公告发布迟于开奖", "截止迟于开奖")
        assert [one for one in others if one in text] == [says]
        assert is_overtaken(store) == (closed == HELD)

    def test_a_commitment_published_late_is_closed_late_too(self, tmp_path: Path) -> None:
        store = frozen(tmp_path, GUESTS)
        publish(store, operator="张三", now=HELD, drawn_already=True)
        again: Callable[..., Any] = close
        with pytest.raises(WrongState, match="close_late"):
            again(store, GUESTS, operator="张三", now=HELD)
        assert again(store, GUESTS, drawn_already=True, operator="张三", now=HELD).overtaken
