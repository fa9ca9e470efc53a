"""No private mark of a draw is in anything public, whatever the plan allows."""

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

import pytest

from shuangsuiji.bundle.disclose import disclose_commitment, disclose_draw, disclose_list, disclose_plan
from shuangsuiji.publish.content import to_json
from shuangsuiji.publish.draw_notice import draw_content
from shuangsuiji.publish.html import page
from shuangsuiji.publish.notices import commitment_content, plan_content
from shuangsuiji.publish.table import write_table
from tests.publish.world import MARK, TEXTS, Drawn, drawn

NAMED: Final = replace(TEXTS, publish_inspectors=True)
HELD: Final = replace(TEXTS, embargo="2021-07-01")
DRAWS: Final[Mapping[str, Drawn]] = {
    "plain": drawn("real"),
    "rehearsal": drawn("rehearsal"),
    "inspectors named": drawn("real", texts=NAMED),
    "held back": drawn("real", texts=HELD),
    "secret task": drawn("real", secret_task=True),
    "secret task, inspectors named": drawn("real", texts=NAMED, secret_task=True),
}

every_draw = pytest.mark.parametrize("one", DRAWS.values(), ids=DRAWS)


def artefacts(one: Drawn) -> Iterator[str]:
    """Everything public of a draw, as a reader sees it."""
    batch, frozen = one.batch, one.frozen
    contents = [
        plan_content(disclose_plan(batch, frozen.strata)),
        commitment_content(disclose_commitment(batch, frozen, one.notice)),
        draw_content(disclose_draw(batch, frozen, one.outcome)),
    ]
    for content in contents:
        yield html.unescape(page(content).decode())
        yield json.dumps(json.loads(to_json(content)), ensure_ascii=False)
    if not batch.embargoed:
        yield write_table(disclose_list(batch, frozen, one.outcome.teams)).decode()


@every_draw
def test_no_private_mark_is_public(one: Drawn) -> None:
    records = f"{one.frozen.registry.entities}{one.frozen.pool.inspectors}{one.frozen.pool.recusals}"
    assert records.count(MARK) > 300  # the marks are there to be found
    for text in artefacts(one):
        assert MARK not in text


@every_draw
def test_who_was_not_drawn_is_not_named(one: Drawn) -> None:
    listed = frozenset() if one.batch.embargoed else one.ids
    for text in artefacts(one):
        for entity in one.frozen.registry.entities:
            assert (entity.id in text) <= (entity.id in listed)
            assert (entity.name in text) <= (entity.id in listed)


@every_draw
def test_inspectors_are_named_only_where_the_plan_says_so_and_tasks_stay_known(one: Drawn) -> None:
    may_be = one.people if one is DRAWS["inspectors named"] else frozenset()
    found = {name for text in artefacts(one) for name in re.findall(r"检查员\d+", text)}
    assert found == may_be


@every_draw
def test_no_leaf_root_or_cut_is_public(one: Drawn) -> None:
    """They would let a name be tried against them, or tell its tier."""
    secret = {leaf.hex() for leaf in one.frozen.registry.leaves}
    secret |= {
        stratum.root.hex() for own in one.frozen.strata.tiers for tier in own for stratum in tier.strata
    }
    secret |= {one.frozen.registry.root.hex(), one.frozen.pool.root.hex()}
    for text in artefacts(one):
        assert not secret & set(re.findall(r"[0-9a-f]{64}", text))


def test_where_a_task_is_secret_the_list_does_not_depend_on_who_was_in_which() -> None:
    one = DRAWS["secret task"]
    assert any("safety" in team.block.tasks for team in one.outcome.teams)
    same = [
        replace(
            team,
            block=replace(
                team.block, targets=tuple(replace(target, tasks=("public",)) for target in team.block.targets)
            ),
        )
        for team in one.outcome.teams
    ]
    assert disclose_list(one.batch, one.frozen, same) == disclose_list(
        one.batch, one.frozen, one.outcome.teams
    )
