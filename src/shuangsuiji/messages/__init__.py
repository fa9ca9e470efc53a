"""The catalogues: every text that a person reads, in Chinese and English side by side.

`messages/<area>.toml` holds the texts of one area: the entry `[heading_missing]` of `rosters.toml` has the
code `rosters.heading_missing`. Tables may nest: `[option.lang]` of `cli.toml` is `cli.option.lang`. An entry:

    zh = "…{column}…"        en = "...{column}..."        # required, with the same placeholders
    zh_mend = "…"            en_mend = "..."              # how to mend it; required for codes of errors

Placeholders are plain names in braces; a literal brace is doubled. Only the area asked for is read.
"""

import string
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from shuangsuiji.errors import Detail, Listing, ShuangsuijiError, Where

Lang = Literal["zh", "en"]

LANGUAGES: Final[tuple[Lang, Lang]] = ("zh", "en")
_FOLDER: Final = Path(__file__).parent
# Parameters of errors that are codes themselves, with the beginning of the code of their words.
_CODES: Final = {
    "state": "cli.state.",
    "mode": "cli.mode.",
    "roster": "cli.roster.",
    "list": "cli.roster.",
    "step": "abnormal.step.",
    "stage": "abnormal.step.",
}
_UNSEEN: Final = frozenset({"Cc", "Cf", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One code's texts by language; `mend` is empty for texts that are not errors."""

    text: Mapping[Lang, str]
    mend: Mapping[Lang, str]


def areas() -> tuple[str, ...]:
    """Names of all catalogues, sorted."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


@cache
def catalogue(area: str) -> Mapping[str, Entry]:
    """All entries of one area, by full code. Raises FileNotFoundError for an unknown area."""
    with (_FOLDER / f"{area}.toml").open("rb") as file:
        return dict(_entries(area, tomllib.load(file)))


def known(code: str) -> bool:
    """Whether the catalogue of the code's area has the code."""
    return code in catalogue(code.partition(".")[0])


def text(code: str, lang: Lang, /, **params: str | int) -> str:
    """The text of `code`, placeholders filled. Raises KeyError for an unknown code or a missing parameter."""
    return _entry(code).text[lang].format(**_joined(params, lang))


def mend(code: str, lang: Lang, /, **params: str | int) -> str:
    """How to mend what `code` names; empty if the code is not an error's."""
    return _entry(code).mend.get(lang, "").format(**_joined(params, lang))


def render(error: ShuangsuijiError, lang: Lang) -> str:
    """The error as a person reads it: place and text on one line, each detail on its own, the mend on the last.

    The place's fields may be used in the text (`{file}`); those that are do not stand in front of it again. States,
    modes and rosters are called by their words in the text, by their codes, as commands have them, in the mend. What
    comes from the user's files cannot steer a terminal.
    """
    params = _place_params(error.where) | _seen(error.params)
    used = placeholders(_entry(error.code).text[lang])
    line = text(error.code, lang, **(params | words(error.params, lang)))
    place = place_text(error.where, lang, leave_out=used)
    if place:
        line = text("where.prefix", lang, place=place, text=line)
    lines = [line, *(f"  {detail(one, lang)}" for one in error.details)]
    return "\n".join(filter(None, [*lines, mend(error.code, lang, **params)]))


def detail(one: Detail, lang: Lang) -> str:
    """One of several things that an error is about."""
    return text(one.code, lang, **_seen(one.params))


def words(params: Mapping[str, str | int], lang: Lang) -> dict[str, str]:
    """The words for those parameters that are codes themselves (states, modes, rosters, steps, what is no JSON)."""
    codes = {name: f"{_CODES[name]}{value}" for name, value in params.items() if name in _CODES}
    if "why" in params:
        codes["why"] = f"bundle.why.{params['why']}"
    return {name: text(code, lang) for name, code in codes.items() if known(code)}


def place_text(where: Where, lang: Lang, *, leave_out: frozenset[str] = frozenset()) -> str:
    """The place in words ("名册.xlsx，第 3 行"); empty if nothing of it is known."""
    known = {name: value for name, value in _place_params(where).items() if name not in leave_out}
    parts = [text(f"where.{name}", lang, **{name: value}) for name, value in known.items()]
    return text("where.join", lang).join(parts)


def placeholders(template: str) -> frozenset[str]:
    """The names in braces of a catalogue text."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name is not None)


def _place_params(where: Where) -> dict[str, str | int]:
    fields = ("file", "sheet", "line", "key", "row", "column")
    values = {name: getattr(where, name) for name in fields}
    return {name: _visible(value) for name, value in values.items() if value not in ("", None)}


def _joined(params: Mapping[str, str | int], lang: Lang) -> dict[str, str | int]:
    """Parameters with the parts of each listing joined as the language does."""
    comma = _entry("where.list").text[lang]
    return {
        name: comma.join(value.parts) if isinstance(value, Listing) else value
        for name, value in params.items()
    }


def _seen(params: Mapping[str, str | int]) -> dict[str, str | int]:
    return {name: _visible(value) for name, value in params.items()}


def _visible(value: str | int) -> str | int:
    """A value with its control and format characters, but for line breaks, written out (`\\u001b`)."""
    if isinstance(value, int) or value.isprintable():
        return value
    if isinstance(value, Listing):
        return Listing(str(_visible(part)) for part in value.parts)
    return "".join(
        f"\\u{ord(char):04x}" if char != "\n" and unicodedata.category(char) in _UNSEEN else char
        for char in value
    )


def _entry(code: str) -> Entry:
    return catalogue(code.partition(".")[0])[code]


def _entries(prefix: str, table: Mapping[str, Any]) -> Iterator[tuple[str, Entry]]:
    for name, value in table.items():
        code = f"{prefix}.{name}"
        if "zh" in value:
            yield code, _checked(code, value)
        else:
            yield from _entries(code, value)


def _checked(code: str, table: Mapping[str, str]) -> Entry:
    unknown = table.keys() - {"zh", "en", "zh_mend", "en_mend"}
    if unknown:
        raise KeyError(f"{code}: {', '.join(sorted(unknown))}")
    text = {lang: table[lang] for lang in LANGUAGES}
    mend = {lang: table[f"{lang}_mend"] for lang in LANGUAGES if f"{lang}_mend" in table}
    return Entry(text=text, mend=mend)
