"""The simulator's district with marks on all that is private, drawn and ready to be disclosed."""

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from shuangsuiji.bundle.disclose import Batch, Outcome
from shuangsuiji.bundle.notice import Notice, notice_of
from shuangsuiji.core.closing import Closing
from shuangsuiji.core.commitment import Frozen, Lists, freeze
from shuangsuiji.core.draw import draw_inspectors, draw_targets, result_digest
from shuangsuiji.core.plan_format import parse_plan
from shuangsuiji.core.records import (
    Certificate,
    Entity,
    Inspector,
    PairRecusal,
    Recusal,
    Seal,
    order_recusals,
)
from shuangsuiji.core.seed import Announced, PublicValue, derive_seeds
from shuangsuiji.plan.texts import TaskTexts, Texts
from tests.district import GRADES, district, plan_value

MARK: Final = "PRIVATE"
"""In every private text of a marked world, and nowhere else."""

HAND_SET: Final = PublicValue("explicit", "1", "5a" * 32)
LOTTERY: Final = PublicValue("kl8", "2026318", "".join(f"{ball:02}" for ball in range(3, 80, 4)))

NAMES: Final = (
    "东镇第{}诚信商贸有限公司",
    '=HYPERLINK("http://evil.example","{}")',
    "<script>alert({})</script>小吃店",
    "＝1+1号经营部{}",
    "@{}号农民专业合作社",
)

TEXTS: Final = Texts(
    title="2021年第一季度双随机抽查计划",
    issuer="某县市场监督管理局",
    contact="联系人：信用监管股，电话：0370-0000000。",
    plan_body="",
    commitment_body="",
    draw_body="",
    reasons={"visited": "本年度已检查"},
    slots={"lead": "组长", "home": "属地人员", "partner": "配合部门人员"},
    tasks={
        "public": TaskTexts(
            False, lead="信用监管股", method="实地核查、书面检查", scope="辖区内存续的市场主体"
        ),
        "safety": TaskTexts(True, partners=("县应急管理局",), method="实地核查", remark="部门联合抽查"),
    },
    publish_inspectors=False,
    deadline="2021-02-20",
    embargo=None,
    values=(),
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A frozen and drawn batch, and what of it the disclosure module takes."""

    batch: Batch
    frozen: Frozen
    notice: Notice
    outcome: Outcome

    @property
    def ids(self) -> frozenset[str]:
        """Of the enterprises drawn."""
        return frozenset(one.entity.id for team in self.outcome.teams for one in team.block.targets)

    @property
    def people(self) -> frozenset[str]:
        """Names of the inspectors drawn."""
        return frozenset(one.name for team in self.outcome.teams for one in team.inspectors)


def drawn(
    mode: str = "rehearsal", *, size: int = 120, texts: Texts = TEXTS, secret_task: bool = False
) -> Drawn:
    """The marked district drawn; with `secret_task` its second task visits enterprises of high risk, else of a kind."""
    world = district(size)
    lists = Lists(
        tuple(_entity(number, one) for number, one in enumerate(world.entities)),
        tuple(_inspector(number, one) for number, one in enumerate(world.inspectors)),
        order_recusals([_recusal(one) for one in world.recusals]),
    )
    value = HAND_SET if mode == "rehearsal" else LOTTERY
    plan = parse_plan(_plan(secret_task))
    frozen = freeze(plan, Seal(bytes(32), mode, 7), lists, [Announced(value.source, value.issue)])
    closing = Closing(frozen.targets_commitment)
    seeds = derive_seeds(mode, closing, frozen.inspectors_commitment, [value])
    targets = draw_targets(frozen, seeds)
    drawn = draw_inspectors(frozen, targets.targets, seeds)
    digest = result_digest(frozen.seal, targets.strata_lines(), targets.targets_lines(), drawn.blocks_lines())
    return Drawn(
        Batch(plan, texts, mode, 7, date(2021, 2, 3)),
        frozen,
        notice_of(frozen, "0c" * 32, "0d" * 32, texts.deadline, "2021-02-01T16:30:05Z"),
        Outcome(closing, (value,), drawn.teams, digest),
    )


def code(number: int) -> str:
    """An identifier of digits only, as a spreadsheet program would spoil it."""
    return f"914101050000{number:06}"


def _plan(secret_task: bool) -> Any:
    """The district's plan with the grades marked and a private column more."""
    text = json.dumps(plan_value(), ensure_ascii=False)
    for grade in filter(None, GRADES):
        text = text.replace(f'"{grade}"', f'"{MARK}{grade}"')
    value = json.loads(text)
    value["columns"]["telephone"] = "联系电话"
    if not secret_task:
        # Nobody lies in both ranges, so that the list may tell the tasks.
        value["tasks"][0] |= {"pool": ["not", ["eq", "kind", "农民专业合作社"]]}
        value["tasks"][1] |= {"pool": ["eq", "kind", "农民专业合作社"]}
        value["tasks"][1]["tiers"][0]["name"] = "农民专业合作社"
    return value


def _entity(number: int, one: Entity) -> Entity:
    columns = dict(one.columns) | {"telephone": f"{MARK}-13900000{number:03}"}
    if "grade" in columns:
        columns["grade"] = MARK + columns["grade"]
    name = NAMES[number % len(NAMES)].format(number)
    return replace(one, id=code(int(one.id[1:])), name=name, columns=columns)


def _inspector(number: int, one: Inspector) -> Inspector:
    cancelled = f"{MARK}-审验未通过" if number % 5 == 4 else None
    return replace(
        one,
        id=f"{MARK}-{one.id}",
        department=f"{MARK}-执法股",
        qualifications=(f"{MARK}-食品",),
        certificates=tuple(
            Certificate(f"{MARK}-{own.number}", own.begins, own.ends, cancelled) for own in one.certificates
        ),
        undrawable=f"{MARK}-病假" if number % 11 == 5 else None,
    )


def _recusal(one: Recusal) -> Recusal:
    if isinstance(one, PairRecusal):
        return PairRecusal(f"{MARK}-{one.inspector}", code(int(one.entity[1:])))
    return replace(one, inspector=f"{MARK}-{one.inspector}")
