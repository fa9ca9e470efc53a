"""A plan read out: its rules, what gives way when inspectors are short, its tasks."""

from typing import TYPE_CHECKING

from shuangsuiji.cli.page import Page
from shuangsuiji.core.plan import Count, Plan, Rate, Task, Tier
from shuangsuiji.plan.wording import entity_condition, relaxation_words

if TYPE_CHECKING:
    from shuangsuiji.plan import Texts


def show_rules(plan: Plan, texts: "Texts", page: Page) -> None:
    """What a plan may say besides: jurisdiction, fixed teams, rotation, urgent replacements."""
    if texts.jurisdiction:
        page.say("cli.plan.jurisdiction", districts=page.text("where.join").join(texts.jurisdiction))
    if texts.authorisation:
        page.say("cli.plan.authorisation", reference=texts.authorisation)
    if plan.teams is not None:
        page.say("cli.plan.teams", teams=plan.teams)
    if texts.rotation:
        page.say("cli.plan.rotation", draws=texts.rotation)
    if plan.substitutes:
        page.say("cli.plan.substitutes")
    _show_visits(texts, page)


def _show_visits(texts: "Texts", page: Page) -> None:
    """When visits may take place, if the plan says more than the default."""
    rules, join = texts.visits, page.text("where.join").join
    parts = [page.text("cli.plan.last_days", count=rules.last_days)] if rules.last_days else []
    parts += [join(page.text(f"cli.weekday.{one}") for one in rules.weekdays)] if rules.weekdays else []
    parts += [join(rules.days)] if rules.days else []
    days = page.text("cli.plan.and").join(parts) or page.text("cli.plan.every_day")
    page.say("cli.plan.visits", days=days, limit=rules.max_per_day, appointed=len(rules.appointed))


def show_relaxations(plan: Plan, texts: "Texts", page: Page) -> None:
    """The relaxations in the order in which they are applied."""
    names = texts.relaxations or ("",) * len(plan.relaxations)
    rows = [
        (number, relaxation_words(one, texts.slots, page.lang), name)
        for number, (one, name) in enumerate(zip(plan.relaxations, names, strict=True), start=1)
    ]
    if rows:
        page.gap()
        page.table(["cli.plan.order", "cli.plan.relaxation", "cli.plan.named"], rows)


def show_shown_task(plan: Plan, task: Task, texts: "Texts", page: Page) -> None:
    """A task: range, items, slots, tiers; of a listed task where its list comes from."""
    join = page.text("where.join")
    kind = page.text("publish.directed" if texts.tasks[task.id].directed else "publish.undirected")
    page.gap()
    page.say("cli.plan.shown_task", name=task.name, kind=kind)
    if task.source is None:
        page.say("cli.plan.range", range=entity_condition(task.pool.source, plan, page.lang))
    else:
        page.say("cli.plan.source", source=page.text(f"publish.source.{task.source}"))
    page.say("cli.plan.items", items=join.join(task.items))
    page.say("cli.plan.slots", slots=join.join(texts.slots[slot] for slot in task.slots))
    rows = [
        (
            tier.name,
            _quota(tier, page),
            _key(tier, plan, page),
            entity_condition(tier.where.source, plan, page.lang),
        )
        for tier in task.tiers
    ]
    if rows:
        page.table(["cli.draw.tier", "cli.draw.quota", "cli.plan.key", "cli.plan.condition"], rows)


def _quota(tier: Tier, page: Page) -> str:
    match tier.quota:
        case Count(count):
            return page.text("publish.count", count=count)
        case Rate(rate):
            return rate
    everything = page.text("publish.everything")
    return everything if tier.waves is None else page.text("cli.plan.waves", all=everything, waves=tier.waves)


def _key(tier: Tier, plan: Plan, page: Page) -> str:
    if tier.key is None:
        return ""
    heading = plan.columns[tier.key]
    if tier.bounds is None:
        return heading
    return page.text("cli.plan.bounds", heading=heading, least=tier.bounds.least, most=tier.bounds.most)
