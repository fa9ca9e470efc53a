"""样例: a synthetic district, and inspectors and recusals for any registry; the same bytes for the same seed.

`district` makes all of `sample_data/`; `inspectors` and `conflicts` make theirs for a registry of any origin.
All return tables; `write` makes files of them.
"""

from collections.abc import Mapping
from typing import Final

from shuangsuiji.sample import people, registry
from shuangsuiji.sample.county import TOWNSHIPS
from shuangsuiji.sample.marks import MARK
from shuangsuiji.sample.people import People, county_posts, district_posts
from shuangsuiji.sample.recusals import conflicts
from shuangsuiji.sample.registry import Registry
from shuangsuiji.sample.table import Table, write

__all__ = [
    "MARK",
    "SEED",
    "SIZE",
    "People",
    "Registry",
    "Table",
    "conflicts",
    "district",
    "inspectors",
    "write",
]

SEED: Final = 2021
SIZE: Final = 48_000
"""With SEED, what `sample_data/` is made from."""

_CANCELLED: Final = 82
_PAIRS: Final = 160
_GROUPS: Final = 40
_UNDRAWABLE_PER_THOUSAND: Final = 30


def district(*, seed: int = SEED, size: int = SIZE) -> tuple[Table, ...]:
    """拟安县 whole: a registry of `size` entities over 15 townships, 1,064 inspectors, review, recusals, visits.

    The review cancels 82 of the 1,064, so that 982 are eligible in 2021, whatever the seed and size.
    Raises InputRefused `sample.size`.
    """
    entities = registry.registry(seed=seed, size=size)
    staff = people.people(county_posts(), seed=seed, cancelled=_CANCELLED)
    recusals = conflicts(
        staff.districts(),
        entities.ids(),
        seed=seed,
        pairs=_PAIRS,
        column=registry.TOWNSHIP,
        values=[town.name for town in TOWNSHIPS],
        groups=_GROUPS,
    )
    return (*entities.tables, *staff.tables, recusals)


def inspectors(districts: Mapping[str, int], *, seed: int, number: int) -> People:
    """`number` inspectors for any registry, with the county's share of cancelled ones; some are undrawable.

    `districts` maps each district, as the registry writes it, to its number of entities.
    Raises InputRefused `sample.districts`, `sample.number`.
    """
    posts = district_posts(districts, number)
    cancelled = number * _CANCELLED // sum(post.persons for post in county_posts())
    return people.people(
        posts, seed=seed, cancelled=cancelled, undrawable_per_thousand=_UNDRAWABLE_PER_THOUSAND
    )
