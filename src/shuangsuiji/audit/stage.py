"""§20, §21 The steps that public bundles and receipts share: what is sealed of the targets, seeded and witnessed."""

from collections.abc import Mapping

from shuangsuiji.audit.compare import same
from shuangsuiji.audit.statement import (
    FILE,
    Part,
    StatedTask,
    check_statement,
    is_hex,
    is_number,
    read_mode,
    read_registry,
)
from shuangsuiji.audit.steps import Facts
from shuangsuiji.audit.witnesses import Witness, read_testimonies, witness_of
from shuangsuiji.bundle import members
from shuangsuiji.bundle.closing import parse_closing
from shuangsuiji.bundle.notice import Notice, is_time, parse_notice
from shuangsuiji.bundle.witness import SignedStatement, Testimony
from shuangsuiji.core.closing import Absent
from shuangsuiji.core.commitment import commitment
from shuangsuiji.core.encoding import Json, is_date
from shuangsuiji.core.seed import Announced, PublicValue, Seeds, check_values, target_seeds
from shuangsuiji.errors import InputRefused, Where


class TargetStage:
    """What is known of the target stage so far; `files` are the members, of a receipt as if it were an archive."""

    mode: str
    files: Mapping[str, bytes]
    draw: int
    statement: Mapping[str, Json]
    registry_part: Part
    tasks: tuple[StatedTask, ...]
    targets_commitment: bytes
    announced: tuple[Announced, ...]
    notice: Notice
    closing: bytes
    values: tuple[PublicValue, ...]
    seeds: Seeds
    testimonies: tuple[Testimony, ...]

    def look_up(self) -> None:
        """§20 What the step `registry` needs of the statement."""
        self.statement = members.read_statement(self.files[FILE], "targets")
        self.mode, self.draw = read_mode(self.statement)
        self.registry_part = read_registry(self.statement)

    def commitment(self) -> Facts:
        """§20 `commitment`."""
        whole = members.read_json(FILE, self.files[FILE])
        if not isinstance(whole, dict) or whole.keys() != {"targets"}:
            raise InputRefused("bundle.form", Where(file=FILE))
        check_statement(self.statement)
        self.announced = members.read_announced(self.statement)
        self.targets_commitment = commitment(self.mode, dict(self.statement))
        return {"targets": self.targets_commitment.hex()}

    def read_notice(self) -> Facts:
        """§20 `notice`."""
        value = members.read_json("notice.json", self.files["notice.json"])
        self.notice = own = parse_notice(value)
        _check_form(own)
        found = own.object()
        stated: dict[str, Json] = {
            "authority": self.statement["authority"],
            "draw": self.draw,
            "mode": self.mode,
            "targets": self.targets_commitment.hex(),
            "registry": self.registry_part.size,
            "values": self.statement["values"],
        }
        said: dict[str, Json] = {
            "authority": found["authority"],
            "draw": found["draw"],
            "mode": found["mode"],
            "targets": own.targets,
            "registry": own.registry_size,
            "values": found["values"],
        }
        same(stated, said, "notice.json")
        return {"draw": own.draw, "time": own.time, "contributors": len(own.contributors)}

    def seed(self) -> Facts:
        """§20 `seed`."""
        value, self.values = members.read_seed(self.files["seed.json"])
        closing = parse_closing(value, self.mode, self.targets_commitment, self.notice.contributors)
        self.closing = closing.digest(self.mode)
        check_values(self.mode, self.announced, self.values)
        self.seeds = target_seeds(self.mode, closing, self.values)
        given = sum(not isinstance(one, Absent) for one in closing.contributions)
        return {"values": ", ".join(map(str, self.values)), "contributions": given}

    def witness(self) -> Facts:
        """§20 `witness`."""
        self.testimonies = read_testimonies(self.files["witness.jsonl"], self.notice, self.closing)
        signed = sum(isinstance(one, SignedStatement) for one in self.testimonies)
        return {"signed": signed, "receipts": len(self.testimonies) - signed}

    def witnesses(self, trust: frozenset[str]) -> tuple[Witness, ...]:
        """§18 The statements as a report says them: there is no log to hold them to, but the announced hours."""
        hour = self.notice.hour(one.drawing for one in self.values)
        return tuple(witness_of(one, trust, (hour, "")) for one in self.testimonies)


def _check_form(notice: Notice) -> None:
    """§17 What a notice is held to besides its agreement with the statement."""
    if not (
        notice.covers != "inspectors"
        and is_date(notice.deadline)
        and is_time(notice.time)
        and is_hex(notice.head)
        and is_hex(notice.changes)
        and all(map(is_hex, notice.commitments.values()))
        and is_number(notice.plan)
        and min(notice.sizes.values()) >= 0
    ):
        raise InputRefused("bundle.notice", Where(file="notice.json"))
