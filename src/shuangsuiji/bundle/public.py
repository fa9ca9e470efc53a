"""The public's view of a draw: the only types that anything in `publish` takes.

What has no field here cannot be published: risk grades, the tier of a named enterprise, leaves, tickets, cuts, columns
of the rosters. Tiers have names and counts but no members; names stand in `PublicList`, which has no tiers.
`disclose` alone makes these values. An empty text stands for the notice's own default wording.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from shuangsuiji.core.closing import Contribution
from shuangsuiji.core.plan import Quota
from shuangsuiji.core.seed import Announced, Drawing, PublicValue

DRAWN_HERE = "drawn_here"
"""The code of a task's list source: 本系统抽取."""


@dataclass(frozen=True, slots=True)
class Tally:
    """A number under a reason; `label` is the plan author's wording of the reason's code, or empty."""

    code: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class PublicHead:
    """What stands on every notice: who, which plan, which draw.

    `draw` is the draw's serial number, `issued` the civil date at +08:00 under the notice; `issuer` and `contact` are
    its closing lines; `rehearsal` tells a 演练 from the real thing.
    """

    authority: str
    plan: str
    version: int
    title: str
    rehearsal: bool
    draw: int
    issuer: str
    contact: str
    issued: date


@dataclass(frozen=True, slots=True)
class PublicTier:
    """风险层级 as counts: its rule, and once the lists are frozen its base and quota (户; None before).

    `bounds` are the least and most of each of its cells, `waves` the number of its parts (批); None if it has none.
    """

    name: str
    rule: Quota
    base: int | None
    quota: int | None
    bounds: tuple[int, int] | None = None
    waves: int | None = None


@dataclass(frozen=True, slots=True)
class PublicTask:
    """抽查任务: what the plan says of it; once the lists are frozen, also its counts (户; None before).

    `source` is the code of where its list of targets comes from, `team` the number of inspectors of a team;
    `excluded` and `in_no_tier` are entities of its range that could not be drawn.
    """

    id: str
    name: str
    items: tuple[str, ...]
    directed: bool
    source: str
    team: int
    scope: str
    agency: str
    lead: str
    partners: tuple[str, ...]
    method: str
    risk: str
    remark: str
    tiers: tuple[PublicTier, ...]
    base: int | None
    quota: int | None
    excluded: tuple[Tally, ...]
    in_no_tier: int | None


@dataclass(frozen=True, slots=True)
class PublicPeople:
    """执法检查人员名录 as counts (人): all, eligible (有资格), left out by reason."""

    total: int
    eligible: int
    left_out: tuple[Tally, ...]


@dataclass(frozen=True, slots=True)
class PublicPool:
    """A kind of place in a team (席位): its smallest and median pool (人) over the districts, and what is said of it.

    `label` is empty, or the code of 无人可抽, 未随机, 随机性不足 for the smallest.
    """

    name: str
    smallest: int
    median: int
    label: str


@dataclass(frozen=True, slots=True)
class PublicPlan:
    """抽查计划公示. `window`: the days of the visits, both included.

    `authorisation` is the document that lets the authority inspect outside its districts (empty: none); `relaxations`
    say in words what gives way, in this order, where inspectors are short; `teams` is the number of fixed teams.
    """

    head: PublicHead
    body: str
    window: tuple[date, date]
    tasks: tuple[PublicTask, ...]
    authorisation: str = ""
    relaxations: tuple[str, ...] = ()
    teams: int | None = None
    substitutes: bool = False


@dataclass(frozen=True, slots=True)
class PublicDropped:
    """弃用公告: a plan that was published is given up before its lists were frozen, when (UTC) and why."""

    head: PublicHead
    dropped: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class PublicChanges:
    """名册变动 since the preceding freeze as numbers by kind (项), and of how many nobody said the reason."""

    tallies: tuple[Tally, ...]
    unexplained: int


@dataclass(frozen=True, slots=True)
class PublicTiming:
    """How a real draw's notice lies to the drawings it announces: when it was published (UTC), and what was drawn then.

    `held` are the drawings that had been held, `perhaps` those of which only the year's closed days could tell;
    `before_closing` those that had been held when the contributions were closed.
    """

    published: datetime
    held: tuple[Drawing, ...] = ()
    perhaps: tuple[Drawing, ...] = ()
    before_closing: tuple[Drawing, ...] = ()


@dataclass(frozen=True, slots=True)
class PublicCommitment:
    """抽取承诺公告: the fingerprints (hex) of the frozen lists and rules, and the public values to come.

    `frozen` is an instant (UTC); `changes` the digest of what changed in the lists, `log_head` the hash (hex) of the
    log's last entry before the freeze; `contributors` are those who may add to the seed; `entities`, `recusals` are
    sizes of the frozen lists; `declared` are the numbers of recusals by who declared them, the largest first, without
    names. `hours` are the announced instants of drawings, by "source:issue". `covers` says which of the two stages it
    seals ("both", "targets", "inspectors"); what belongs to the other is empty. `predecessor` is the number of the void
    draw whose place this one takes (接替), 0 if there is none. `timing` is None where nothing is published;
    `changed` is None if no lists were sealed before.
    """

    head: PublicHead
    body: str
    targets: str
    inspectors: str
    spec: str
    frozen: datetime
    changes: str
    log_head: str
    values: tuple[Announced, ...]
    contributors: tuple[str, ...]
    deadline: date
    entities: int
    recusals: int
    people: PublicPeople
    tasks: tuple[PublicTask, ...]
    pools: tuple[PublicPool, ...] = ()
    declared: tuple[int, ...] = ()
    covers: str = "both"
    predecessor: int = 0
    hours: Mapping[str, datetime] = field(default_factory=dict)
    timing: PublicTiming | None = None
    changed: PublicChanges | None = None


@dataclass(frozen=True, slots=True)
class PublicClosing:
    """收集截止公告: what the contributors gave, in the notice's order, absences too.

    `commitment` (hex) is what the closing belongs to, that to the inspectors if they were sealed `late`; `closing` its
    own digest (hex), `closed` an instant (UTC); `hours` and `timing` as in the commit notice.
    """

    head: PublicHead
    commitment: str
    late: bool
    closing: str
    closed: datetime
    contributions: tuple[Contribution, ...]
    values: tuple[Announced, ...]
    hours: Mapping[str, datetime] = field(default_factory=dict)
    timing: PublicTiming | None = None


@dataclass(frozen=True, slots=True)
class PublicInspector:
    """A drawn inspector, where the plan lets names be published: name and unit, nothing else."""

    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class PublicTarget:
    """A drawn enterprise: id and name; ids of the tasks that drew it and its team, each empty where not published.

    `change` is the code of what became of it after the draw: "replaced", "replacement", or empty.
    """

    id: str
    name: str
    tasks: tuple[str, ...]
    team: tuple[PublicInspector, ...]
    change: str = ""


@dataclass(frozen=True, slots=True)
class PublicList:
    """抽查对象名单: the drawn enterprises in ascending order of their ids, whatever their tier, ticket or block.

    `by_task` tells whether it says which tasks drew whom; if not, each was drawn by one or more of `tasks`. `void`: the
    draw was declared void (作废).
    """

    head: PublicHead
    tasks: tuple[PublicTask, ...]
    by_task: bool
    targets: tuple[PublicTarget, ...]
    void: bool = False


@dataclass(frozen=True, slots=True)
class PublicDistrict:
    """A district (地区; empty = 未注明) as counts: enterprises drawn (户), blocks (检查组任务包)."""

    name: str
    targets: int
    blocks: int


@dataclass(frozen=True, slots=True)
class PublicEvidence:
    """What the result follows from, each in hex: commitments, closing digest, seeds; and the result's digest.

    `not_held` are the announced drawings whose place a fallback took, `not_held_reason` is why, if that was declared;
    `late_closing` is that of a late notice, empty if both stages were sealed together.
    """

    spec: str
    targets: str
    inspectors: str
    closing: str
    values: tuple[PublicValue, ...]
    not_held: tuple[Drawing, ...]
    targets_seed: str
    inspectors_seed: str
    result: str
    late_closing: str = ""
    not_held_reason: str = ""


@dataclass(frozen=True, slots=True)
class PublicDraw:
    """抽查对象抽取结果公示: counts and evidence; the list, or None while it is held back (`embargo`, its first day).

    `targets` 户, `visits` 户次 (an enterprise in two tasks counts twice), `inspectors` persons who were given a block.
    `districts` is empty if the plan has none. `relaxed` are the relaxations that a shortage of inspectors needed; if
    it was not ended there are blocks, but no inspectors. `void` is why the draw was declared void, or empty;
    `replacements` are what was replaced after the draw, by kind. Other counts are those of the draw itself.
    `predecessor` as of a commitment.
    """

    head: PublicHead
    body: str
    window: tuple[date, date]
    evidence: PublicEvidence
    people: PublicPeople
    tasks: tuple[PublicTask, ...]
    targets: int
    visits: int
    blocks: int
    inspectors: int
    districts: tuple[PublicDistrict, ...]
    list: PublicList | None
    embargo: date | None
    relaxed: tuple[str, ...] = ()
    void: str = ""
    replacements: tuple[Tally, ...] = ()
    predecessor: int = 0


@dataclass(frozen=True, slots=True)
class PublicFirstDraw:
    """检查对象抽取 alone, before there are teams: counts by task and district, as they are shown in the draw room.

    `targets` 户, `visits` 户次; `districts` is empty if the plan has none, and its blocks are 0.
    """

    tasks: tuple[PublicTask, ...]
    targets: int
    visits: int
    districts: tuple[PublicDistrict, ...]


@dataclass(frozen=True, slots=True)
class PublicName:
    """A drawn enterprise as the published list names it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class PublicNames:
    """The names of a public bundle, ascending by id: all who were drawn, and of nobody in what."""

    names: tuple[PublicName, ...]
