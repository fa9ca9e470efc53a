"""`shuangsuiji witness keygen|sign|show|page`, the outside witness's own commands; `record` is the authority's."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from shuangsuiji.cli.framework import Group, command
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session

if TYPE_CHECKING:
    from shuangsuiji.bundle.notice import Notice
    from shuangsuiji.core.closing import Contribution
    from shuangsuiji.core.seed import Announced
    from shuangsuiji.witness.folder import KeygenResult, PageResult, ShowResult, SignResult

_KEY_BYTES: Final = 32
_DIGITS_A_LINE: Final = 16  # four groups of four, as on the paper notice

_home = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    metavar="DIR",
    envvar="SHUANGSUIJI_WITNESS",
)
_file = click.Path(path_type=Path, dir_okay=False, exists=True)


def show_key(result: "KeygenResult", page: Page) -> None:
    """Where the key lies, and the fingerprint to publish."""
    page.say("cli.witness.made", name=result.name, path=str(result.path))
    if result.retired is not None:
        page.say("cli.witness.retired", path=str(result.retired))
    page.gap()
    page.say("cli.witness.fingerprint")
    page.lines.append(result.fingerprint)


def show_signed(result: "SignResult", page: Page) -> None:
    """What was seen, in groups to be compared with the paper, and what was signed."""
    notice = result.notice
    page.say(
        "cli.witness.document",
        of=page.text(f"cli.witness.of.{result.of}"),
        mode=page.text(f"cli.mode.{notice.mode}"),
        authority=_plain(notice.authority),
        draw=notice.draw,
        plan=notice.plan,
    )
    page.gap()
    if result.of.endswith("closing"):
        _say_digest(page, "cli.witness.closing", result.digest)
        _say_contributions(page, result.contributions)
        _say_values(page, notice)
    else:
        _say_notice(page, result)
    page.gap()
    _say_outcome(page, result)


def _say_notice(page: Page, result: "SignResult") -> None:
    from shuangsuiji.witness.documents import civil

    notice = result.notice
    for stage in ("targets", "inspectors"):
        if stage in notice.commitments:
            _say_digest(page, f"cli.witness.{stage}", notice.commitments[stage])
    _say_digest(page, "cli.witness.changes", notice.changes)
    _say_values(page, notice)
    page.say("cli.witness.deadline", day=notice.deadline)
    page.say(
        f"cli.witness.sizes.{notice.covers}",
        entities=notice.registry_size,
        people=notice.inspectors_size,
        recusals=notice.recusals_size,
        time=civil(notice.time),
    )
    page.say("cli.witness.contributors", names=_listed(page, [_plain(one) for one in notice.contributors]))


def _say_values(page: Page, notice: "Notice") -> None:
    page.say(
        "cli.witness.values", values=_listed(page, [_announced(page, one, notice) for one in notice.values])
    )


def _say_digest(page: Page, code: str, digest: str) -> None:
    page.say(code)
    for start in range(0, len(digest), _DIGITS_A_LINE):
        line = digest[start : start + _DIGITS_A_LINE]
        page.lines.append("    " + " ".join(line[at : at + 4] for at in range(0, len(line), 4)))


def _say_contributions(page: Page, contributions: "Sequence[Contribution]") -> None:
    from shuangsuiji.core.closing import Absent, Slip

    for one in contributions:
        match one:
            case Absent(person):
                page.say("cli.witness.contribution.absent", person=_plain(person))
            case Slip(person, slip):
                page.say("cli.witness.contribution.slip", person=_plain(person), slip=_plain(slip))
            case _:
                page.say("cli.witness.contribution.signed", person=_plain(one.person), value=one.value.hex())


def _say_outcome(page: Page, result: "SignResult") -> None:
    from shuangsuiji.witness.documents import civil

    if result.others:
        names = _listed(page, [_plain(one) for one in result.others])
        page.say("cli.witness.new_authority", authority=_plain(result.notice.authority), names=names)
    if result.signed is None or result.path is None:
        page.say("cli.witness.looked")
        return
    statement = result.signed.statement
    if result.repeated:
        page.say("cli.witness.repeated", time=civil(statement.time), path=str(result.path))
    else:
        page.say("cli.witness.signed", time=civil(statement.time), name=statement.name, path=str(result.path))


def _announced(page: Page, value: "Announced", notice: "Notice") -> str:
    """快乐8 2026318（2026-11-20 21:30:00 开奖） → 快乐8 2026319: the drawing, then its fallbacks, with their hours."""
    from shuangsuiji.core.seed import SOURCES
    from shuangsuiji.witness.documents import civil

    told = []
    for one in value.drawings:
        hour = notice.hours.get(str(one))
        at = page.text("cli.witness.hour", hour=civil(hour)) if hour else ""
        told.append(f"{SOURCES[one.source].name} {one.issue}{at}")
    return " → ".join(told)


def _plain(text: str) -> str:
    """Text of the authority's with every character in sight: none may move the cursor or hide what it stands for."""
    return "".join(one if one.isprintable() else f"<U+{ord(one):04X}>" for one in text)


def _listed(page: Page, parts: Sequence[str]) -> str:
    return page.text("where.join").join(parts) or page.text("cli.none")


def show_record(result: "ShowResult", page: Page) -> None:
    """Every signature, oldest first."""
    from shuangsuiji.witness.documents import civil

    rows = [
        (
            civil(one.statement.time),
            page.text(f"cli.witness.of.{one.statement.of}"),
            _plain(one.statement.authority),
            f"{page.text(f'cli.mode.{one.statement.mode}')} {one.statement.draw}",
            one.statement.digest[:16],
            one.fingerprint[:16],
        )
        for one in result.statements
    ]
    names = ("time", "what", "authority", "draw", "digest", "key")
    page.table([f"cli.witness.{name}" for name in names], rows)
    page.gap()
    page.say("cli.witness.record", count=len(rows), head=result.head)


def show_page(result: "PageResult", page: Page) -> None:
    """The file, and its digest for comparing."""
    page.say("cli.witness.page", path=str(result.path), sha256=result.sha256)


@command("witness keygen", exits=(0, 2, 3, 4, 6), render=show_key)
@click.option("--name", required=True, metavar="NAME")
@click.option("--rotate", is_flag=True)
@_home
def keygen(session: Session, name: str, rotate: bool, home: Path) -> "KeygenResult":
    """`witness keygen` (生成见证密钥)."""
    import secrets

    from shuangsuiji.witness import folder as verb

    return verb.keygen(home, name=name, secret=secrets.token_bytes(_KEY_BYTES), rotate=rotate)


@command("witness sign", exits=(0, 2, 3, 6), render=show_signed)
@click.argument("file", type=_file)
@click.option("--look", is_flag=True)
@click.option("--rehearsal", is_flag=True)
@click.option("--not-held", is_flag=True)
@click.option("--other-authority", is_flag=True)
@_home
def sign(
    session: Session,
    file: Path,
    look: bool,
    rehearsal: bool,
    not_held: bool,
    other_authority: bool,
    home: Path,
) -> "SignResult":
    """`witness sign` (见证签署)."""
    from shuangsuiji.witness import folder as verb

    return verb.sign(
        home,
        file,
        now=session.now,
        as_of=session.as_of,
        rehearsal=rehearsal,
        look=look,
        not_held=not_held,
        other_authority=other_authority,
    )


@command("witness show", exits=(0, 2, 3, 6), render=show_record)
@_home
def show(session: Session, home: Path) -> "ShowResult":
    """`witness show` (见证记录)."""
    from shuangsuiji.witness import folder as verb

    return verb.show(home)


@command("witness page", exits=(0, 2, 6), render=show_page)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("witness.html"),
    metavar="FILE",
)
def write_page(session: Session, output: Path) -> "PageResult":
    """`witness page` (见证网页)."""
    from shuangsuiji.witness import folder as verb

    return verb.write_page(output)


GROUP: Final = Group(
    "witness",
    (0, 2),
    {
        "keygen": f"{__name__}:keygen",
        "sign": f"{__name__}:sign",
        "show": f"{__name__}:show",
        "page": f"{__name__}:write_page",
        "record": "shuangsuiji.cli.witness_record:record",
    },
)
