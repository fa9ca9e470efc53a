"""Which language is spoken, and click's own sentences in it.

`--lang` wins over SHUANGSUIJI_LANG, that over the locale; English only if the locale is `en*`, else Chinese. The
command line is searched for `--lang` before click parses it, because help and usage errors need it too.
"""

import contextlib
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import Final

import click

from shuangsuiji import messages
from shuangsuiji.messages import Lang

VARIABLE: Final = "SHUANGSUIJI_LANG"

_spoken: ContextVar[Lang] = ContextVar("spoken", default="zh")

# click looks its sentences up with these two names, bound in each of its modules.
_CLICK_MODULES: Final = (
    click.core,
    click.decorators,
    click.exceptions,
    click.formatting,
    click.parser,
    click.termui,
    click.types,
)


def choose(arguments: Sequence[str], environment: Mapping[str, str]) -> Lang:
    """The language that arguments and environment ask for; what is neither `zh` nor `en` asks for nothing."""
    for wish in (_option(arguments), environment.get(VARIABLE)):
        for lang in messages.LANGUAGES:
            if wish == lang:
                return lang
    # As setlocale does for LC_MESSAGES: the first of these that is set and not empty.
    names = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "en" if next(filter(None, names), "").startswith("en") else "zh"


def speak(lang: Lang) -> None:
    """Make `lang` the language of help, of messages and of click itself."""
    _spoken.set(lang)
    sentences = {entry.text["en"]: entry.text[lang] for entry in messages.catalogue("click").values()}

    def one(sentence: str) -> str:
        return sentences.get(sentence, sentence)

    def several(singular: str, plural: str, count: int) -> str:
        return one(singular if count == 1 else plural)

    # gettext could only be given these from a compiled .mo file and by changing the process's environment.
    for module in _CLICK_MODULES:
        names = vars(module)
        names["_"] = one
        if "ngettext" in names:
            names["ngettext"] = several


def spoken() -> Lang:
    """The language chosen for this run."""
    return _spoken.get()


def text(code: str, /, **params: str | int) -> str:
    """The text of `code` in the language of this run."""
    return messages.text(code, _spoken.get(), **params)


def _option(arguments: Sequence[str]) -> str | None:
    for argument in arguments:
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
    with contextlib.suppress(ValueError, IndexError):
        return arguments[arguments.index("--lang") + 1]
    return None
