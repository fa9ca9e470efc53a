"""抽取现场: the full-screen page that guests watch while a draw is made, and the 抽取确认单 that they sign.

The page is a shell (`index.html`) that reads `state.js` beside it once a second and shows what is new, and prints what
`papers.js` has: the notices as they were published, and the sheet. All of it works from a folder, without a network.
The same view gives the same bytes.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from shuangsuiji.bundle.public import PublicClosing, PublicCommitment, PublicDraw, PublicFirstDraw, PublicHead
from shuangsuiji.core.closing import Contribution
from shuangsuiji.core.seed import Drawing, PublicValue
from shuangsuiji.publish.html import templates
from shuangsuiji.publish.slides import GIVEN, TASK, TIER, slides

PAGE: Final = "index.html"
STATE: Final = "state.js"
PAPERS: Final = "papers.js"
CONFIRMATION: Final = "confirmation.html"
SHEET: Final = "抽取确认单"
"""The name under which the page prints it."""


@dataclass(frozen=True, slots=True)
class Given:
    """现场投入 of one person: what is recorded, None if nothing; how many persons (at most 2) have `typed` it."""

    person: str
    contribution: Contribution | None
    typed: int


@dataclass(frozen=True, slots=True)
class Typed:
    """A public value (公开随机数) as one operator typed it last."""

    operator: str
    time: datetime
    values: tuple[PublicValue, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """What was sealed under one notice (封存) and what followed it; a late seal (人员补封) is a stage of its own.

    `values` are the public values once two persons have typed the same; `agreed_by` these two.
    """

    commitment: PublicCommitment
    given: tuple[Given, ...]
    closing: PublicClosing | None
    typed: tuple[Typed, ...]
    values: tuple[PublicValue, ...]
    agreed_by: tuple[str, ...]

    @property
    def told(self) -> tuple[Drawing, ...]:
        """The drawings of the values whose hour was announced."""
        return tuple(one.drawing for one in self.values if str(one.drawing) in self.commitment.hours)

    def early(self, typed: datetime) -> bool:
        """Whether values were typed in before the hour announced for them: then they are no drawing's outcome."""
        return any(typed < self.commitment.hours[str(one)] for one in self.told)


@dataclass(frozen=True, slots=True)
class Room:
    """The draw as the room sees it: each part None or empty until it is there.

    `hours` are the lotteries' days and hours in words; `own` is what the draw itself sealed, `late` its inspectors if
    they were sealed late; `times` the instants (UTC) of the verbs done, by name; `holders` are the operators, who hold
    the lists and the salt key.
    """

    head: PublicHead
    hours: Mapping[str, str]
    own: Stage | None
    late: Stage | None
    first: PublicFirstDraw | None
    draw: PublicDraw | None
    times: Mapping[str, datetime]
    holders: tuple[str, ...]

    @property
    def apart(self) -> bool:
        """Whether the inspectors are sealed, or will be, after the targets and apart from them."""
        return self.own is not None and self.own.commitment.covers == "targets"

    @property
    def steps(self) -> tuple[tuple[str, datetime | None], ...]:
        """The steps of the draw in their order, each with its instant once it is done; a closing only if it is due."""
        names = ["freeze", "close", "seed", "draw", "match"]
        if self.apart:
            names[-1:] = ["late-freeze", "late-close", "late-seed", "match"]
        for stage, closing in ((self.own, "close"), (self.late, "late-close")):
            if stage is not None and not stage.commitment.contributors:
                names.remove(closing)
        return tuple((name, self.times.get(name)) for name in names)


def room_page(room: Room) -> bytes:
    """The shell of the page, in UTF-8; what it shows comes with `room_state`."""
    return templates().get_template("room_page.html").render(head=room.head).encode()


def room_state(room: Room, papers: Sequence[str] = ()) -> bytes:
    """`state.js`: a call of the page's `show` with a version, the slides as HTML, the names of what can be printed."""
    widths = {"given": GIVEN, "task": TASK, "tier": TIER}
    shown = templates().get_template("room.html").render(view=room, slides=list(slides(room)), widths=widths)
    named = json.dumps(list(papers), ensure_ascii=True)
    version = sha256((shown + named).encode()).hexdigest()[:16]
    return f"show({json.dumps(version)}, {json.dumps(shown, ensure_ascii=True)}, {named});\n".encode()


def room_papers(papers: Mapping[str, bytes]) -> bytes:
    """`papers.js`: a call of the page's `keep` with the papers, each a page of HTML in UTF-8, by name."""
    texts = {name: page.decode() for name, page in papers.items()}
    return f"keep({json.dumps(texts, ensure_ascii=True)});\n".encode()


def confirmation(room: Room) -> bytes:
    """抽取确认单: one page of A4 with places for signatures, once there is something to confirm."""
    return templates().get_template("confirmation.html").render(view=room, head=room.head).encode()
