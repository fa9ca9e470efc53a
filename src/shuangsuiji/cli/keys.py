"""`shuangsuiji keys generate|show|contribute`: signing keys; none of them needs a workspace."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from shuangsuiji.cli.framework import Group, command
from shuangsuiji.cli.language import text
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.words import say_next

if TYPE_CHECKING:
    from shuangsuiji.quarter.keys import ContributionResult, KeyResult

_KEY_BYTES: Final = 32
_FILE: Final = click.Path(path_type=Path, dir_okay=False)


def show_made(result: "KeyResult", page: Page) -> None:
    """Where the key lies, and the fingerprint to publish."""
    page.say("cli.keys.made", path=str(result.path))
    page.gap()
    show_key(result, page)


def show_key(result: "KeyResult", page: Page) -> None:
    """Whose key it is, and what of it may be known."""
    page.say("cli.keys.name", name=result.name)
    page.say("cli.keys.public", key=result.public)
    page.say("cli.keys.fingerprint", fingerprint=result.fingerprint)


def show_contribution(result: "ContributionResult", page: Page) -> None:
    """The file to hand over, and what is in it."""
    page.say("cli.keys.contributed", path=str(result.path))
    page.say("cli.keys.value", value=result.value)
    page.say("cli.keys.fingerprint", fingerprint=result.fingerprint)
    say_next(page, f"contribute {page.text('cli.keys.person')} --signed {result.path}")


@command("keys generate", exits=(0, 2, 3, 4, 6), render=show_made)
@click.argument("file", type=_FILE)
@click.option("--name", required=True, metavar="NAME")
def generate(session: Session, file: Path, name: str) -> "KeyResult":
    """`keys generate` (生成签名密钥)."""
    import secrets

    from shuangsuiji.quarter import keys as verb

    return verb.generate(file, name=name, secret=secrets.token_bytes(_KEY_BYTES))


@command("keys show", exits=(0, 2, 3, 6), render=show_key)
@click.argument("file", type=_FILE)
def show(session: Session, file: Path) -> "KeyResult":
    """`keys show` (查看签名密钥)."""
    from shuangsuiji.quarter import keys as verb

    return verb.show(file)


@command("keys contribute", exits=(0, 2, 3, 6), render=show_contribution)
@click.argument("file", type=_FILE)
@click.option("--commitment", required=True, metavar="HEX")
@click.option("--value", required=True, metavar="HEX|random")
@click.option("--mode", type=click.Choice(["real", "rehearsal"]), default="real")
@click.option("-o", "--output", type=_FILE, default=Path("contribution.json"), metavar="FILE")
def contribute(
    session: Session, file: Path, commitment: str, value: str, mode: str, output: Path
) -> "ContributionResult":
    """`keys contribute` (签名投入)."""
    import secrets

    from shuangsuiji.quarter import keys as verb

    digest = "".join(commitment.split()).lower()
    given = secrets.token_bytes(_KEY_BYTES) if value == "random" else _bytes(value)
    return verb.contribute(file, output, commitment=digest, mode=mode, value=given)


def _bytes(value: str) -> bytes:
    try:
        return bytes.fromhex("".join(value.split()))
    except ValueError:
        raise click.BadParameter(text("cli.keys.value_form", value=value), param_hint="--value") from None


GROUP: Final = Group(
    "keys",
    (0, 2),
    {
        "generate": f"{__name__}:generate",
        "show": f"{__name__}:show",
        "contribute": f"{__name__}:contribute",
    },
)
