"""The one module that decides what of a draw is public.

It takes the frozen draw as the core knows it and gives the views of `public`; nothing in `publish` sees anything
else. What it lets through:

- of the plan: names, rules and texts of tasks and tiers;
- numbers: base and quota by task and tier, exclusions and inspectors left out by reason, enterprises and teams by
  district; never a tier crossed with a district, which could come down to one enterprise;
- numbers of changes in the lists by kind; never which column changed or how, since one may be a risk class;
- commitments, contributions, public values, seeds and the result's digest; `notice.json` and the closing statement go
  out whole, since all they say stands in the views of them;
- of drawn enterprises: id and name, ascending by id, once an embargo is over; the tasks that drew them, unless a task
  selects by a confidential column (credit risk), where `fire-safety` beside a name would mean `high risk`, or tasks
  overlap where one has a confidential tier;
- of a target replaced after the draw: who came in, and who left only if no tier is confidential, since the two lie in
  one stratum;
- of leaves, with the names: the public bundle (§20), in which no leaf, ticket or cut stands beside a name; none where
  tasks overlap and one has a confidential tier, because leaves say in which tasks they lie;
- of a business, to itself alone: its receipt (§21) and the sheet about it;
- of drawn inspectors: name and unit, only where the plan says so, and never where the tasks stay back, because a
  team's departments tell the task, nor where a confidential tier has waves, because its blocks are its own. Those left
  out are numbers under the four reasons of spec §13: a roster's own wording (病假, 借调) can point at a person.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256

from shuangsuiji.bundle.changes import Change
from shuangsuiji.bundle.disclose_counts import changed, districts, people
from shuangsuiji.bundle.disclose_records import replacements, void_reason, who_visits
from shuangsuiji.bundle.masked import public_name
from shuangsuiji.bundle.members import read_predecessor
from shuangsuiji.bundle.notice import Notice
from shuangsuiji.bundle.overlap import find_overlap
from shuangsuiji.bundle.pools import pools
from shuangsuiji.bundle.public import (
    PublicClosing,
    PublicCommitment,
    PublicDistrict,
    PublicDraw,
    PublicDropped,
    PublicEvidence,
    PublicFirstDraw,
    PublicHead,
    PublicInspector,
    PublicList,
    PublicName,
    PublicNames,
    PublicPlan,
    PublicTarget,
    PublicTiming,
)
from shuangsuiji.bundle.public_tasks import public_tasks
from shuangsuiji.bundle.receipt import Receipt
from shuangsuiji.bundle.sheet import ReceiptSheet
from shuangsuiji.core.closing import Closing
from shuangsuiji.core.commitment import Frozen, FrozenTargets, Strata
from shuangsuiji.core.decisions import Record
from shuangsuiji.core.draw import TargetDraw, Team
from shuangsuiji.core.hashing import SPEC
from shuangsuiji.core.plan import Count, Plan, Task
from shuangsuiji.core.records import Entity
from shuangsuiji.core.seed import REHEARSAL, LateSeed, PublicValue, derive_seeds, not_held
from shuangsuiji.core.standing import State
from shuangsuiji.core.strata import Division
from shuangsuiji.errors import InputRefused
from shuangsuiji.plan.confidential import asks, confidential_columns, tier_asks, tier_confidential
from shuangsuiji.plan.texts import Texts
from shuangsuiji.plan.wording import relaxation_words


@dataclass(frozen=True, slots=True)
class Batch:
    """Which batch (批次) a notice is about: plan and texts, the draw's mode and number, the date under the notice."""

    plan: Plan
    texts: Texts
    mode: str
    draw: int
    issued: date

    @property
    def embargoed(self) -> bool:
        """Whether the list of targets is still held back on the date of the notice."""
        return self.texts.embargo is not None and self.issued.isoformat() < self.texts.embargo

    def check_names_public(self) -> None:
        """Refuse (InputRefused, `bundle.list_held_back`, with the date) while the plan holds the names back."""
        if self.embargoed:
            raise InputRefused("bundle.list_held_back", date=str(self.texts.embargo))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a frozen batch came to: closing, public values, teams with their targets, the result's digest (32 bytes).

    `applied` is how many of the plan's relaxations a shortage of inspectors needed; if even all did not suffice, the
    teams are empty. `late` seeded inspectors that were sealed late; `records` are those after the draw, which led to
    `state`. `not_held` is why a drawing was not held whose place a fallback took, as declared.
    """

    closing: Closing
    values: tuple[PublicValue, ...]
    teams: tuple[Team, ...]
    result: bytes
    late: LateSeed | None = None
    records: tuple[Record, ...] = ()
    state: State | None = None
    applied: int = 0
    not_held: str = ""


def disclose_plan(batch: Batch, strata: Strata | None = None) -> PublicPlan:
    """抽查计划公示; with the strata of the frozen registry it has bases and quotas."""
    plan, texts = batch.plan, batch.texts
    return PublicPlan(
        head=disclose_head(batch),
        body=texts.plan_body,
        window=_window(plan),
        tasks=public_tasks(plan, texts, strata),
        authorisation=texts.authorisation,
        relaxations=_relaxations(batch),
        teams=plan.teams,
        substitutes=plan.substitutes,
    )


def disclose_dropped(batch: Batch, dropped: datetime, reason: str) -> PublicDropped:
    """弃用公告: nothing was frozen, so that there is nothing to hold back."""
    return PublicDropped(disclose_head(batch), dropped, reason)


def disclose_commitment(
    batch: Batch,
    frozen: FrozenTargets,
    notice: Notice,
    declared: Sequence[int] = (),
    timing: PublicTiming | None = None,
    changes: Sequence[Change] | None = None,
) -> PublicCommitment:
    """抽取承诺公告, or that of a late seal; `declared` are the numbers of recusals by who declared them.

    `changes` are those since the preceding freeze, None if there was none.
    """
    divisions = frozen.strata.divisions
    inspectors = frozen.pool.inspectors if isinstance(frozen, Frozen) and notice.inspectors else ()
    return PublicCommitment(
        head=disclose_head(batch),
        body=batch.texts.commitment_body,
        targets=notice.targets,
        inspectors=notice.inspectors,
        spec=SPEC,
        frozen=_instant(notice.time),
        changes=notice.changes,
        log_head=notice.head,
        values=notice.values,
        contributors=notice.contributors,
        deadline=date.fromisoformat(notice.deadline),
        entities=notice.registry_size,
        recusals=notice.recusals_size,
        people=people(batch.plan, inspectors),
        tasks=public_tasks(batch.plan, batch.texts, frozen.strata),
        pools=pools(batch.plan, batch.texts.slots, frozen.registry.entities, divisions, inspectors)
        if notice.inspectors
        else (),
        declared=tuple(sorted(declared, reverse=True)),
        covers=notice.covers,
        hours=_hours(notice),
        predecessor=_predecessor(frozen),
        timing=timing,
        changed=None if changes is None else changed(changes),
    )


def disclose_closing(
    batch: Batch, notice: Notice, closing: Closing, closed: datetime, timing: PublicTiming | None = None
) -> PublicClosing:
    """收集截止公告."""
    return PublicClosing(
        head=disclose_head(batch),
        commitment=notice.commitment.hex(),
        late=notice.covers == "inspectors",
        closing=closing.digest(batch.mode).hex(),
        closed=closed,
        contributions=closing.contributions,
        values=notice.values,
        hours=_hours(notice),
        timing=timing,
    )


def _hours(notice: Notice) -> Mapping[str, datetime]:
    return {drawing: _instant(hour) for drawing, hour in notice.hours.items()}


def _relaxations(batch: Batch) -> tuple[str, ...]:
    return tuple(relaxation_words(one, batch.texts.slots, "zh") for one in batch.plan.relaxations)


def disclose_draw(batch: Batch, frozen: Frozen, outcome: Outcome) -> PublicDraw:
    """抽查对象抽取结果公示, with the list of targets unless the plan holds it back."""
    blocks = [team.block for team in outcome.teams]
    targets = [target for block in blocks for target in block.targets]
    embargo = date.fromisoformat(batch.texts.embargo) if batch.texts.embargo and batch.embargoed else None
    return PublicDraw(
        head=disclose_head(batch),
        body=batch.texts.draw_body,
        window=_window(batch.plan),
        evidence=_evidence(frozen, outcome),
        people=people(batch.plan, frozen.pool.inspectors),
        tasks=public_tasks(batch.plan, batch.texts, frozen.strata),
        targets=len(targets),
        visits=sum(len(target.tasks) for target in targets),
        blocks=len(blocks),
        inspectors=len({one.id for team in outcome.teams for one in team.inspectors}),
        districts=districts(batch.plan, outcome.teams),
        list=None if embargo else disclose_list(batch, frozen, outcome.teams, outcome.state),
        embargo=embargo,
        relaxed=_relaxations(batch)[: outcome.applied],
        void=void_reason(outcome.records),
        replacements=replacements(outcome.records),
        predecessor=_predecessor(frozen),
    )


def disclose_first_draw(batch: Batch, frozen: FrozenTargets, drawn: TargetDraw) -> PublicFirstDraw:
    """检查对象抽取 as the draw room sees it: numbers only, whatever the embargo."""
    alias, targets = batch.plan.district, drawn.targets
    names = Counter("" if alias is None else one.entity.columns.get(alias, "") for one in targets)
    ordered = sorted(names, key=lambda name: (name == "", name)) if alias else []
    return PublicFirstDraw(
        tasks=public_tasks(batch.plan, batch.texts, frozen.strata),
        targets=len(targets),
        visits=sum(len(one.tasks) for one in targets),
        districts=tuple(PublicDistrict(name, names[name], 0) for name in ordered),
    )


def disclose_list(
    batch: Batch, frozen: Frozen, teams: Sequence[Team], state: State | None = None
) -> PublicList:
    """抽查对象名单, after its records if a state is given; InputRefused (`bundle.list_held_back`) during an embargo."""
    batch.check_names_public()
    by_task = not tasks_confidential(
        batch.plan, batch.texts.confidential, frozen.strata.divisions, frozen.registry.entities
    )
    secret = confidential_columns(batch.plan, batch.texts.confidential)
    named = by_task and batch.texts.publish_inspectors and not _waves_tell(batch.plan, secret)
    paired = not any(
        tier_confidential(task, tier, secret) for task in batch.plan.tasks for tier in task.tiers
    )
    targets = [
        PublicTarget(
            id=target.entity.id,
            name=public_name(target.entity.name),
            tasks=target.tasks if by_task else (),
            team=tuple(PublicInspector(one.name, one.unit) for one in inspectors) if named else (),
            change=change,
        )
        for target, inspectors, change in who_visits(frozen, teams, state, paired=paired)
    ]
    ordered = tuple(sorted(targets, key=lambda one: one.id))
    void = state is not None and state.void
    tasks = public_tasks(batch.plan, batch.texts, None)
    return PublicList(disclose_head(batch), tasks, by_task, ordered, void)


def disclose_names(batch: Batch, frozen: FrozenTargets, drawn: TargetDraw) -> PublicNames:
    """The names of the public bundle (§20), which stand beside leaves that say in which tasks they lie.

    Raises InputRefused: `bundle.list_held_back` while the plan holds the names back; `bundle.tasks_overlap` where tasks
    overlap so that the leaves' places and what everybody knows of the names tell somebody's class.
    """
    batch.check_names_public()
    secret = confidential_columns(batch.plan, batch.texts.confidential)
    found = find_overlap(batch.plan, secret, frozen.strata.divisions, frozen.registry.entities)
    if found is not None:
        raise InputRefused(
            "bundle.tasks_overlap", task=found.task.name, tier=found.tier.name, other=found.other.name
        )
    entities = sorted((target.entity for target in drawn.targets), key=lambda one: one.id)
    return PublicNames(tuple(PublicName(one.id, public_name(one.name)) for one in entities))


def disclose_receipt(
    batch: Batch, receipt: Receipt, commitment: bytes, came_in: int = 0, replaced: int = 0
) -> ReceiptSheet:
    """回执单, for its business alone; InputRefused (`bundle.list_held_back`) while the plan holds the list back.

    What it says of tasks is "drawn" or "not drawn" where the business lies in their range, and nothing of tiers, cuts
    or of why it lies outside: the receipt file has what a verifier needs.
    """
    batch.check_names_public()
    names = {task.id: task.name for task in batch.plan.tasks}
    return ReceiptSheet(
        head=disclose_head(batch),
        id=receipt.id,
        name=public_name(receipt.name),
        ticket=receipt.ticket,
        commitment=commitment.hex(),
        sha256=sha256(receipt.data).hexdigest(),
        tasks=tuple((names[one.task], one.drawn) for one in receipt.outcomes if not one.outside),
        came_in=came_in,
        replaced=replaced,
    )


def tasks_confidential(
    plan: Plan,
    named: Collection[str] | None,
    divisions: Sequence[Division],
    entities: Sequence[Entity],
) -> bool:
    """Whether a task beside a name would tell of a confidential column, so that the list does not say who was in which.

    Among several tasks it would if one has a range that asks for such a column, or every tier that it draws from does;
    or if tasks overlap in a way that tells (`overlap.find_overlap`): whoever sees somebody drawn in the one alone
    learns how he fared in the other. `named` as for `confidential_columns`; `divisions` and `entities` are those
    of the registry, empty as long as there is none.
    """
    secret = confidential_columns(plan, named)
    if len(plan.tasks) < 2:
        return False
    return any(_telling(task, secret) for task in plan.tasks) or (
        find_overlap(plan, secret, divisions, entities) is not None
    )


def _telling(task: Task, secret: Collection[str]) -> bool:
    """Whether everyone who is drawn in a task meets some condition on a confidential column."""
    drawn = [tier for tier in task.tiers if tier.quota != Count(0)]
    return asks(task.pool.source, secret) or (
        bool(drawn) and all(asks(tier.where.source, secret) for tier in drawn)
    )


def _waves_tell(plan: Plan, secret: Collection[str]) -> bool:
    """Whether a confidential tier is cut into waves: they have blocks of their own, and teams show the blocks."""
    return any(
        tier.waves is not None and tier_asks(task, tier, secret) for task in plan.tasks for tier in task.tiers
    )


def disclose_head(batch: Batch) -> PublicHead:
    """What stands on every notice, and on papers for inspectors."""
    plan, texts = batch.plan, batch.texts
    return PublicHead(
        authority=plan.authority,
        plan=plan.id,
        version=plan.version,
        title=texts.title or plan.id,
        rehearsal=batch.mode == REHEARSAL,
        draw=batch.draw,
        issuer=texts.issuer or plan.authority,
        contact=texts.contact,
        issued=batch.issued,
    )


def _predecessor(frozen: FrozenTargets) -> int:
    """The number of the void draw that this one follows, 0 if there is none."""
    found = read_predecessor(frozen.targets)
    return found.draw if found else 0


def _instant(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def _window(plan: Plan) -> tuple[date, date]:
    return date.fromisoformat(plan.window_from), date.fromisoformat(plan.window_to)


def _evidence(frozen: Frozen, outcome: Outcome) -> PublicEvidence:
    mode, inspectors = frozen.seal.mode, frozen.inspectors_commitment
    seeds = derive_seeds(mode, outcome.closing, inspectors, outcome.values, outcome.late)
    late = outcome.late.values if outcome.late else ()
    return PublicEvidence(
        spec=SPEC,
        targets=frozen.targets_commitment.hex(),
        inspectors=inspectors.hex(),
        closing=outcome.closing.digest(mode).hex(),
        late_closing=outcome.late.closing.digest(mode).hex() if outcome.late else "",
        values=(*outcome.values, *late),
        not_held=(*not_held(frozen.announced, outcome.values), *not_held(frozen.late, late)),
        targets_seed=seeds.targets.hex(),
        inspectors_seed=seeds.inspectors.hex(),
        result=outcome.result.hex(),
        not_held_reason=outcome.not_held,
    )
