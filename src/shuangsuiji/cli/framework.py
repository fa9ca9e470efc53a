"""The command line's own kinds of command and group, on top of click.

A command declares the words that call it (`plan adopt`) and its exit codes. With dots between the words, its texts
are `cli.command.<words>.help` and `.example`, those of its parameters `cli.command.<words>.option.<name>`, else
`cli.option.<name>`. Options of the
whole program (`--workspace` and the like) are understood before and after the command's name.
"""

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click
from click.core import ParameterSource

from shuangsuiji import messages
from shuangsuiji.cli import cells, language, progress
from shuangsuiji.cli.page import Page, to_json
from shuangsuiji.cli.session import Session, clock
from shuangsuiji.cli.words import CHINA
from shuangsuiji.messages import LANGUAGES

_META: Final = "shuangsuiji"
_OPTIONAL: Final = "[COMMAND [ARGS]...]"
_TIME_OF_DAY: Final = "T"


class Documented(click.Command):
    """What command and group have in common: help written from the catalogue, measured in terminal cells."""

    def __init__(self, words: str, exits: Sequence[int], **attributes: Any) -> None:
        super().__init__(name=words.rpartition(" ")[2], **attributes)
        self.code = words.replace(" ", ".")
        self.exits = exits
        self.params += _program_options(hidden=words != "main")

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Usage, purpose, parameters, commands, example, exit codes."""
        self.format_usage(ctx, formatter)
        for paragraph in language.text(f"cli.command.{self.code}.help").splitlines():
            formatter.write("\n" + _indented(cells.wrap(paragraph, formatter.width - 2)))
        _section(formatter, "cli.help.parameters", self._parameters(ctx))
        _section(formatter, "cli.help.commands", self._commands())
        example = language.text(f"cli.command.{self.code}.example").splitlines()
        formatter.write(f"\n{language.text('cli.help.example')}\n{_indented(example)}")
        exits = [(str(number), language.text(f"cli.exit.{number}")) for number in self.exits]
        _section(formatter, "cli.help.exits", exits)

    def purpose_code(self, param: click.Parameter) -> str:
        """The catalogue's code for what a parameter is for: this command's own text, else the common one."""
        name = max(param.opts, key=len).lstrip("-").replace("-", "_")
        own = f"cli.command.{self.code}.option.{name}"
        return own if messages.known(own) else f"cli.option.{name}"

    def _parameters(self, ctx: click.Context) -> list[tuple[str, str]]:
        shown = [param for param in self.get_params(ctx) if not getattr(param, "hidden", False)]
        return [(_spelling(param, ctx), language.text(self.purpose_code(param))) for param in shown]

    def _commands(self) -> list[tuple[str, str]]:
        return []


class Command(Documented):
    """One command: parses, calls one verb, renders its result, answers with an exit code.

    The callback takes the Session and the parameters and returns a frozen dataclass; `render` puts that on a Page,
    `exit_code` reads the exit code off it.
    """

    def __init__(
        self,
        words: str,
        exits: Sequence[int],
        render: Callable[[Any, Page], None],
        exit_code: Callable[[Any], int],
        **attributes: Any,
    ) -> None:
        super().__init__(words, exits, **attributes)
        self.render = render
        self.exit_code = exit_code

    def invoke(self, ctx: click.Context) -> int:
        """Call the verb and print what it returns; the exit code."""
        session = _session(ctx)
        with progress.shown(sys.stderr, wanted=not (session.quiet or session.json)):
            result = self.callback(session, **ctx.params) if self.callback else None
        if session.json:
            click.echo(to_json(result).encode())
        elif not session.quiet:
            page = Page(session.lang)
            self.render(result, page)
            click.echo("\n".join(page.lines))
        return self.exit_code(result)


class Group(Documented, click.Group):
    """Commands by name in the order of the work, each as `module:attribute`, imported only when called."""

    def __init__(
        self, words: str, exits: Sequence[int], members: Mapping[str, str], **attributes: Any
    ) -> None:
        super().__init__(words, exits, **attributes)
        self.members = members

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the work."""
        return list(self.members)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now; None if there is none."""
        if cmd_name not in self.members:
            return None
        module, _, attribute = self.members[cmd_name].partition(":")
        found: click.Command = getattr(importlib.import_module(module), attribute)
        return found

    def _commands(self) -> list[tuple[str, str]]:
        prefix = "" if self.code == "main" else f"{self.code}."
        purposes = ((name, language.text(f"cli.command.{prefix}{name}.help")) for name in self.members)
        return [(name, purpose.splitlines()[0]) for name, purpose in purposes]


class CommandGroup(Group):
    """A command that does its own work where none of those below it is named: `publish`, and `publish site`."""

    def __init__(self, own: Command, members: Mapping[str, str]) -> None:
        super().__init__(
            own.code.replace(".", " "),
            own.exits,
            members,
            invoke_without_command=True,
            subcommand_metavar=_OPTIONAL,
            params=[one for one in own.params if not getattr(one, "hidden", False)],
        )
        self.own = own

    def invoke(self, ctx: click.Context) -> int:
        """Carry out the command named, or this one's own work; its options before another's name are refused."""
        typed = ParameterSource.COMMANDLINE
        given = [one for one in self.own.params if ctx.get_parameter_source(one.name or "") is typed]
        if not ctx._protected_args:  # noqa: SLF001 - click says in no other way that nothing is named
            return self.own.invoke(ctx)
        if given:
            raise click.NoSuchOption(given[0].opts[0], ctx=ctx)
        done: int = super().invoke(ctx)
        return done


class OpenGroup(Group):
    """A group with a command of its own, which is meant where the first word names none below it.

    `replace TARGET PERSON` beside `replace outcome 1`; its help and usage are the own command's, and name the others.
    """

    def __init__(self, own: Command, members: Mapping[str, str]) -> None:
        # An option before the first word is the own command's.
        settings = {"ignore_unknown_options": True}
        super().__init__(
            own.code.replace(".", " "), own.exits, members, context_settings=settings, add_help_option=True
        )
        self.own = own

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command named, else the own one with all words."""
        if args[0] in self.members:
            return super().resolve_command(ctx, args)
        return "", self.own, args

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Those of the own command."""
        return self.own.collect_usage_pieces(ctx)

    def _parameters(self, ctx: click.Context) -> list[tuple[str, str]]:
        return self.own._parameters(ctx)  # noqa: SLF001 - the same class


def command(
    words: str,
    *,
    exits: Sequence[int],
    render: Callable[[Any, Page], None],
    exit_code: Callable[[Any], int] = lambda _: 0,
) -> Callable[[Callable[..., object]], Command]:
    """Make a Command of a callback that takes the Session and the parameters declared on it."""

    def made(callback: Callable[..., object]) -> Command:
        json = click.Option(["--json"], is_flag=True, expose_value=False, callback=_remember)
        declared = [*reversed(getattr(callback, "__click_params__", [])), json]
        return Command(words, exits, render, exit_code, callback=callback, params=declared)

    return made


def operator_option(callback: Callable[..., object]) -> Callable[..., object]:
    """The `--operator` of commands that write: who does it, declared, not authenticated."""
    option = click.option(
        "--operator", envvar="SHUANGSUIJI_OPERATOR", metavar="NAME", expose_value=False, callback=_remember
    )
    return option(callback)


def plan_option(callback: Callable[..., object]) -> Callable[..., object]:
    """The `--plan` of commands about one draw: the plan's id, needed only where several draws are open."""
    return click.option("--plan", metavar="ID")(callback)


def _instant(text: str) -> datetime:
    """`2021-04-01T09:00` as UTC; Beijing time where no zone is written, as all civil times here."""
    try:
        read = datetime.fromisoformat(text) if _TIME_OF_DAY in text else None
    except ValueError:
        read = None
    if read is None:
        raise click.BadParameter(language.text("cli.as_of", value=text))
    zoned = read if read.tzinfo else read.replace(tzinfo=CHINA)
    return zoned.astimezone(UTC).replace(microsecond=0)


def _program_options(*, hidden: bool) -> list[click.Parameter]:
    """`--workspace` and the like; hidden copies have no environment variables, so that the outer ones hold."""

    def option(spelling: str, **attributes: Any) -> click.Option:
        return click.Option([spelling], expose_value=False, callback=_remember, hidden=hidden, **attributes)

    folder = click.Path(path_type=Path, file_okay=False)
    present = click.Path(path_type=Path, file_okay=False, exists=True)
    workspace, as_of = (None, None) if hidden else ("SHUANGSUIJI_WORKSPACE", "SHUANGSUIJI_AS_OF")
    return [
        option("--workspace", type=folder, metavar="DIR", envvar=workspace),
        option("--config", type=present, metavar="DIR"),
        option("--lang", type=click.Choice(LANGUAGES)),
        option("--quiet", is_flag=True),
        option("--as-of", type=_instant, metavar="INSTANT", envvar=as_of),
    ]


def _remember(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    if value:
        ctx.meta[f"{_META}.{param.name}"] = value


def _session(ctx: click.Context) -> Session:
    given = {key.removeprefix(f"{_META}."): value for key, value in ctx.meta.items()}
    return Session(
        workspace=given.get("workspace", Path()),
        config=given.get("config"),
        lang=language.spoken(),
        quiet=given.get("quiet", False),
        json=given.get("json", False),
        operator=given.get("operator", ""),
        now=given.get("as_of") or clock(),
        as_of="as_of" in given,
    )


def _spelling(param: click.Parameter, ctx: click.Context) -> str:
    if isinstance(param, click.Argument):
        return param.make_metavar(ctx)
    record = param.get_help_record(ctx)
    return record[0] if record else ""


def _section(formatter: click.HelpFormatter, heading: str, rows: Sequence[tuple[str, str]]) -> None:
    """A heading and two columns; a long left cell pushes its text to the line below."""
    if not rows:
        return
    left = min(max(cells.width(name) for name, _ in rows), 28) + 2
    formatter.write(f"\n{language.text(heading)}\n")
    for name, purpose in rows:
        lines = cells.wrap(purpose, formatter.width - 2 - left)
        first = f"{name:<{left}}{lines.pop(0)}" if len(name) < left - 1 else name
        formatter.write(_indented([first, *(" " * left + line for line in lines)]))


def _indented(lines: Sequence[str]) -> str:
    return "".join(f"  {line}".rstrip() + "\n" for line in lines)
