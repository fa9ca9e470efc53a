"""回避: recusals between any inspectors and any registry."""

from collections.abc import Collection, Mapping
from typing import Final

from shuangsuiji.errors import InputRefused
from shuangsuiji.sample.chance import Chance
from shuangsuiji.sample.marks import MARK
from shuangsuiji.sample.people import CERTIFICATE
from shuangsuiji.sample.registry import KEY
from shuangsuiji.sample.table import Table

_COLUMNS: Final = (CERTIFICATE, KEY, "回避列", "回避值", "回避原因")
_PAIRS_BECAUSE: Final = ("近亲属经营", "持有股份", "曾在该单位任职", "债权债务关系")
_GROUPS_BECAUSE: Final = ("近亲属在该地任职", "配偶在该地经营")


def conflicts(
    inspectors: Mapping[str, str],
    entities: Collection[str],
    *,
    seed: int,
    pairs: int,
    column: str = "",
    values: Collection[str] = (),
    groups: int = 0,
) -> Table:
    """A file of `pairs` recusals inspector-entity and `groups` recusals of one inspector and a column's value.

    `inspectors` maps ids to districts; `entities` are ids; `values` are those of the registry column `column`.
    Nobody is recused from the own district as a group, so pools of the home district stay as they are. Raises
    InputRefused `sample.pairs` or `sample.groups` if more are wanted than half of what there can be.
    """
    people, chance = sorted(inspectors), Chance(seed, "conflicts")
    known, groupings = sorted(set(entities)), sorted(set(values) - {""})
    own = sum(district in groupings for district in inspectors.values())
    possible = {"pairs": len(people) * len(known), "groups": len(people) * len(groupings) - own}
    if pairs * 2 > possible["pairs"]:
        raise InputRefused("sample.pairs", wanted=pairs, most=possible["pairs"] // 2)
    if groups * 2 > possible["groups"]:
        raise InputRefused("sample.groups", wanted=groups, most=possible["groups"] // 2)
    chosen: dict[tuple[str, str], tuple[str, str, str, str, str]] = {}
    while len(chosen) < pairs:
        person, entity = chance.pick(people), chance.pick(known)
        chosen[person, entity] = (person, entity, "", "", chance.pick(_PAIRS_BECAUSE) + MARK)
    while len(chosen) < pairs + groups:
        person, value = chance.pick(people), chance.pick(groupings)
        if value != inspectors[person]:
            chosen[person, value] = (person, "", column, value, chance.pick(_GROUPS_BECAUSE) + MARK)
    return Table("conflicts.csv", _COLUMNS, tuple(chosen.values()))
