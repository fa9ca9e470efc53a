"""What goes wrong, told to people on stderr and, with `--json`, to machines as one object on stdout.

Exit codes: 1 verification failed, 2 usage, 3 input refused, 4 not this command's turn, 5 shortage, 6 the machine
refuses, 10 and 11 verified with a reservation, 70 a fault of the program, 130 interrupted.
"""

import errno
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict
from typing import Final

import click

from shuangsuiji import messages
from shuangsuiji.cli import language
from shuangsuiji.cli.page import to_json
from shuangsuiji.errors import EnvironmentRefused, ShuangsuijiError, Where

USAGE: Final = 2
FAULT: Final = 70
INTERRUPTED: Final = 130

_BY_ERRNO: Final = {
    errno.ENOSPC: "cli.environment.disk_full",
    errno.EDQUOT: "cli.environment.disk_full",
    errno.EACCES: "cli.environment.no_rights",
    errno.EPERM: "cli.environment.no_rights",
    errno.EROFS: "cli.environment.read_only",
}


def guarded(run: Callable[[], int], *, json: bool) -> int:
    """The exit code of `run`, whatever happens in it, or in telling of it."""
    try:
        return _carried_out(run, json=json)
    except Exception:  # noqa: BLE001 - the last line of defence: a fault must not look like a verdict (exit 1)
        traceback.print_exc(file=sys.stderr)
        return _told("fault", FAULT, language.text("cli.fault"), json=json)


def _carried_out(run: Callable[[], int], *, json: bool) -> int:
    try:
        return run()
    except click.UsageError as error:
        error.show()
        _machine_readable(json, code="usage", exit_code=USAGE, message=error.format_message())
        return USAGE
    except click.Abort:
        return _told("interrupted", INTERRUPTED, language.text("cli.interrupted"), json=json)
    except ShuangsuijiError as error:
        return _refused(error, json=json)
    except OSError as error:
        return _refused(_environment(error), json=json)


def _told(code: str, exit_code: int, message: str, *, json: bool) -> int:
    click.echo(message, err=True)
    _machine_readable(json, code=code, exit_code=exit_code, message=message)
    return exit_code


def _refused(error: ShuangsuijiError, *, json: bool) -> int:
    lang = language.spoken()
    message = messages.render(error, lang)
    click.echo(message, err=True)
    details = [asdict(one) | {"message": messages.detail(one, lang)} for one in error.details]
    _machine_readable(
        json,
        code=error.code,
        exit_code=error.exit_code,
        where={name: value for name, value in asdict(error.where).items() if value not in ("", None)},
        params=error.params,
        **({"details": details} if details else {}),
        message=message,
    )
    return error.exit_code


def _environment(error: OSError) -> EnvironmentRefused:
    reason = error.strerror or type(error).__name__
    where = Where(file=str(error.filename or ""))
    return EnvironmentRefused(_BY_ERRNO.get(error.errno or 0, "cli.environment.other"), where, reason=reason)


def _machine_readable(wanted: bool, **error: object) -> None:
    if wanted:
        click.echo(to_json({"error": error}).encode())
