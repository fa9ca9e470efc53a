"""The worst posterior (最坏推断): how far public lists and counts could give one enterprise's risk class away.

Whoever finds an enterprise on the list knows its *group*: what its name, code and the public columns of the plan say.
Suppose that he also knows how many of each tier the group has, which nobody publishes. Then the share of a tier among
those drawn of the group is what he may conclude; docs/decisions/0011 says why it is measured so, with an example:

    share(g, t) = most(g, t) / (most(g, t) + least(g, all others))

`most` and `least` are expected numbers of drawn, exact fractions: each cell's quota as large, or as small, as
systematic rounding (§12) can make it, spread evenly over the cell. `before(g, t)` is what he may conclude without this
batch: the tier's share in the group, or, where the counts of cells come from this batch, in the group all over the
cells. A share counts against the plan if it is above the limit and above what was known before.

Someone seen on earlier lists of the year too is weighed by the chances that led there. Nothing here reads or writes.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, TypeAlias

from shuangsuiji.core.encoding import Json, canonical_json
from shuangsuiji.core.plan import ENTITY_FIELDS, Plan
from shuangsuiji.core.predicates import Predicate, parse_predicate
from shuangsuiji.core.records import IN_BUSINESS, Entity
from shuangsuiji.core.strata import Base, Division
from shuangsuiji.plan.confidential import confidential_columns, tests_of, tier_confidential
from shuangsuiji.quarter.spans import spans

LEAST_GROUP: Final = 20
"""Groups with fewer drawable entities are looked at together: who knew their mix would know the classes themselves."""

TierKey: TypeAlias = tuple[str, str]
"""A tier by the ids of its task and of itself."""
Traits: TypeAlias = tuple[str, ...]
"""What anyone can see of an entity: the values of the plan's public columns, then which public conditions it meets."""


@dataclass(frozen=True, slots=True)
class EarlierList:
    """The list of an earlier batch of the year: who stands on it, and the chance that each entity had to.

    Of a `void` draw nobody was inspected.
    """

    plan: str
    listed: frozenset[str]
    chances: Mapping[str, Fraction]
    void: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """All that matters of an entity; entities alike in it are counted together.

    `places` are its tiers, each with its cell; `listed` the earlier lists on which it stands, `chances` the chance that
    it had on each of them.
    """

    traits: Traits
    places: tuple[tuple[TierKey, str], ...]
    listed: tuple[int, ...]
    chances: tuple[Fraction, ...]


_Alike: TypeAlias = tuple[Traits, tuple[tuple[TierKey, str], ...], tuple[int, ...], tuple[Fraction, ...]]
"""The fields of a `Profile`."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A confidential tier and a group in which it can be guessed: `share` among those drawn, `before` without them.

    `group` names the public columns (`*`: groups looked at together, `-`: no value); `lists`
    are the plans of the earlier lists on which the enterprise is seen too; `most` and `rest` are the expected numbers.
    `key` and `traits` are the tier and the traits of the group, for whom looks for it in another world.
    """

    task: str
    tier: str
    group: str
    lists: tuple[str, ...]
    most: Fraction
    rest: Fraction
    share: Fraction
    before: Fraction
    key: TierKey
    traits: frozenset[Traits]

    def exceeds(self, limit: Fraction) -> bool:
        """Whether it counts against the plan."""
        return self.share > limit and self.share > self.before


@dataclass(frozen=True, slots=True)
class World:
    """A batch as `worst` sees it: the tiers by key, and the profiles of all entities in business with their number."""

    plan: Plan
    names: Sequence[str]
    keys: Mapping[str, int]
    tiers: Mapping[TierKey, Base]
    secret: frozenset[TierKey]
    profiles: Mapping[Profile, int]
    earlier: tuple[str, ...]
    by_task: bool


def observe(
    plan: Plan,
    named: Sequence[str] | None,
    by_task: bool,
    divisions: Sequence[Division],
    entities: Sequence[Entity],
    earlier: Sequence[EarlierList] = (),
) -> World:
    """What there is to conclude from. `named` as for `confidential_columns`; `by_task`: the list tells the tasks."""
    secret = confidential_columns(plan, named)
    columns = [alias for alias in plan.columns if alias not in secret]
    conditions = _public_conditions(plan)
    tiers = {(one.task.id, base.tier.id): base for one in divisions for base in one.bases if base.size}
    places: dict[int, list[tuple[TierKey, str]]] = {}
    for key, base in tiers.items():
        for cell, members in base.cells.items():
            for member in members:
                places.setdefault(member, []).append((key, cell))
    # Counted as tuples, whose hash is found faster than a profile's: of a registry few profiles are left.
    alike: Counter[_Alike] = Counter()
    for position, entity in enumerate(entities):
        if entity.status == IN_BUSINESS:
            traits = [entity.columns.get(alias, "") for alias in columns]
            if conditions:
                fields = entity.fields()
                traits += [str(int(condition.holds(fields))) for condition in conditions]
            alike[
                (
                    tuple(traits),
                    tuple(places.get(position, ())),
                    tuple(n for n, one in enumerate(earlier) if entity.id in one.listed),
                    tuple(one.chances.get(entity.id, Fraction(0)) for one in earlier),
                )
            ] += 1
    names = [plan.columns[alias] for alias in columns]
    return World(
        plan=plan,
        names=[*names, *(_condition_name(condition.source) for condition in conditions)],
        keys={alias: number for number, alias in enumerate(columns)},
        tiers=tiers,
        secret=frozenset(key for key in tiers if _is_secret(plan, key, secret)),
        profiles={Profile(*one): count for one, count in alike.items()},
        earlier=tuple(one.plan for one in earlier),
        by_task=by_task,
    )


def worst(world: World) -> tuple[Finding, ...]:
    """The findings of all groups and confidential tiers that can be drawn, the largest share first."""
    tasks = dict.fromkeys(task for task, _ in world.tiers)
    views: list[frozenset[str]] = [frozenset({one}) for one in tasks] if world.by_task else [frozenset(tasks)]
    found = [finding for view in views for finding in _View(world, view).findings()]
    return tuple(sorted(found, key=lambda one: (-one.share, -one.most, one.task, one.tier, one.group)))


class _View:
    """One list: that of a task where lists tell the tasks, else that of the batch."""

    def __init__(self, world: World, tasks: frozenset[str]) -> None:
        self.world = world
        self.tiers = {key: base for key, base in world.tiers.items() if key[0] in tasks}
        self.bounds = {
            (key, cell): bounds for key, base in self.tiers.items() for cell, bounds in _bounds(base).items()
        }
        self.members: dict[Traits, list[tuple[Profile, int]]] = {}
        for profile, count in world.profiles.items():
            own = replace(profile, places=tuple(place for place in profile.places if place[0] in self.tiers))
            self.members.setdefault(own.traits, []).append((own, count))

    def findings(self) -> Iterator[Finding]:
        for group, wider, label in self._groups():
            members = self._members(group)
            around = members if group == wider else self._members(wider)
            # Only what can be seen: the lists on which somebody of the group stands who can be drawn now.
            histories = {()} | {profile.listed for profile, _ in members if profile.places}
            tiers = {key for profile, _ in members for key, _ in profile.places} & self.world.secret
            for history in sorted(histories):
                for key in sorted(tiers):
                    yield from self._finding(key, label, frozenset(group), history, members, around)

    def _finding(
        self,
        key: TierKey,
        label: str,
        group: frozenset[Traits],
        history: tuple[int, ...],
        members: Sequence[tuple[Profile, int]],
        around: Sequence[tuple[Profile, int]],
    ) -> Iterator[Finding]:
        most = rest = Fraction(0)
        for profile, count in members:
            if profile.places:
                weight = count * _weight(profile, history)
                chances = [self.bounds[place] for place in profile.places]
                if any(place == key for place, _ in profile.places):
                    most += weight * max(high for _, high in chances)
                else:
                    rest += weight * max(low for low, _ in chances)
        if most:
            weights = [(profile, count * _weight(profile, history)) for profile, count in around]
            inside = sum(w for profile, w in weights if any(place == key for place, _ in profile.places))
            before = Fraction(inside) / sum(w for _, w in weights)
            lists = tuple(self.world.earlier[number] for number in history)
            task, tier = key[0], self.tiers[key].tier.name
            yield Finding(task, tier, label, lists, most, rest, most / (most + rest), before, key, group)

    def _groups(self) -> Iterator[tuple[tuple[Traits, ...], tuple[Traits, ...], str]]:
        """Groups as the traits in them, each with the wider group that is known without the cells, and its label."""
        pooled: dict[tuple[tuple[int, ...], tuple[str, ...]], list[Traits]] = {}
        for traits, members in self.members.items():
            size = sum(count for profile, count in members if profile.places)
            keys = self._keys(members)
            if size >= LEAST_GROUP:
                yield (traits,), self._beyond(traits, keys), self._label(traits, range(len(traits)))
            elif size:
                pooled.setdefault((keys, tuple(traits[key] for key in keys)), []).append(traits)
        for (keys, _), small in pooled.items():
            wider = [traits for (others, _), group in pooled.items() if others == keys for traits in group]
            yield tuple(small), tuple(wider), self._label(small[0], keys)

    def _beyond(self, traits: Traits, keys: tuple[int, ...]) -> tuple[Traits, ...]:
        if not keys:
            return (traits,)
        rest = [number for number in range(len(traits)) if number not in keys]
        return tuple(one for one in self.members if all(one[number] == traits[number] for number in rest))

    def _keys(self, members: Sequence[tuple[Profile, int]]) -> tuple[int, ...]:
        """The public columns by which tiers with entities of a group are divided into cells."""
        keys = {self.tiers[key].tier.key for profile, _ in members for key, _ in profile.places}
        return tuple(number for alias, number in self.world.keys.items() if alias in keys)

    def _members(self, group: Sequence[Traits]) -> list[tuple[Profile, int]]:
        return [one for traits in group for one in self.members[traits]]

    def _label(self, traits: Traits, shown: Sequence[int]) -> str:
        columns = len(self.world.keys)
        parts = [
            f"{name}={(traits[number] or '-') if number in shown else '*'}"
            for number, name in enumerate(self.world.names[:columns])
        ]
        met = zip(self.world.names[columns:], range(columns, len(traits)), strict=True)
        parts += [name for name, number in met if number in shown and traits[number] == "1"]
        return ", ".join(parts) or "*"


def _bounds(base: Base) -> Mapping[str, tuple[Fraction, Fraction]]:
    """By cell, the least and the greatest chance that rounding and bounds leave to each of its entities."""
    return {
        cell: (Fraction(span.least, span.size), Fraction(span.most, span.size))
        for cell, span in spans(base).items()
    }


def _weight(profile: Profile, history: Sequence[int]) -> Fraction:
    weight = Fraction(1)
    for number in history:
        weight *= profile.chances[number]
    return weight


def _is_secret(plan: Plan, key: TierKey, columns: frozenset[str]) -> bool:
    task = next(one for one in plan.tasks if one.id == key[0])
    tier = next(one for one in task.tiers if one.id == key[1])
    return tier_confidential(task, tier, columns)


def _public_conditions(plan: Plan) -> list[Predicate]:
    """The plan's comparisons of what every enterprise shows by itself, its id and its name."""
    sources = [task.pool.source for task in plan.tasks]
    sources += [tier.where.source for task in plan.tasks for tier in task.tiers]
    public: dict[bytes, Json] = {}
    for source in sources:
        for field, name, value in tests_of(source):
            if field in ("id", "name"):
                public[canonical_json([name, field, value])] = [name, field, value]
    return [parse_predicate(one, ENTITY_FIELDS) for one in public.values()]


def _condition_name(source: Json) -> str:
    ((field, name, value),) = tests_of(source)
    text = value if isinstance(value, str) else canonical_json(value).decode()
    return f"{field}={text}*" if name == "prefix" else f"{field} {name} {text}"
