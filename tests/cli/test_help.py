"""Help at every level: in both languages, with example and exit codes, and without loading anything heavy."""

import ast
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Final

import click
import pytest

from shuangsuiji import messages
from shuangsuiji.cli import language, root
from shuangsuiji.cli.framework import Documented
from shuangsuiji.messages import LANGUAGES, Lang
from tests.cli.runs import CLEAN, run, walk

HEAVY: Final = frozenset(
    {"pandas", "ortools", "sqlalchemy", "numba", "numpy", "pyarrow", "openpyxl", "jinja2"}
)
COMMANDS: Final = list(walk())
NAMES: Final = [" ".join(words) or "shuangsuiji" for words, _ in COMMANDS]

SHOW_MODULES: Final = """
import atexit, sys
atexit.register(lambda: print(sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr))
from shuangsuiji.cli import main
main(sys.argv[1:])
"""


def parse(arguments: list[str]) -> None:
    """What click does with a command line before anything is carried out; UsageError if it is none."""
    command: click.Command = root()
    context = command.make_context("shuangsuiji", arguments)
    while isinstance(command, click.Group):
        rest = [*context._protected_args, *context.args]
        if not rest and command.invoke_without_command:
            return
        name, found, arguments = command.resolve_command(context, rest)
        assert found is not None
        context = found.make_context(name, arguments, parent=context)
        command = found


@pytest.mark.parametrize("words", [words for words, _ in COMMANDS], ids=NAMES)
def test_help_loads_nothing_heavy(words: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SHOW_MODULES, *words, "--help"],
        capture_output=True,
        encoding="utf-8",
        env=CLEAN,
        check=True,
    )
    loaded = set(ast.literal_eval(done.stderr))
    assert "click" in loaded
    assert not loaded & HEAVY


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("words", "command"), COMMANDS, ids=NAMES)
def test_help_has_an_example_that_parses_and_its_exit_codes(
    words: tuple[str, ...], command: Documented, lang: Lang, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    language.speak(lang)
    monkeypatch.chdir(tmp_path)
    examples = language.text(f"cli.command.{command.code}.example").splitlines()
    text = command.get_help(click.Context(command, info_name=" ".join(("shuangsuiji", *words))))
    assert all(f"  {example}\n" in text for example in examples)
    assert all(f"\n  {code}  " in text for code in command.exits)
    lines = [shlex.split(example) for example in examples]
    for program, *arguments in lines:
        assert program == "shuangsuiji"
        for name in filter(re.compile(r"[^-].*\.[a-z]+").fullmatch, arguments):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).touch()
        parse(arguments)
    assert any(" ".join(words) in " ".join(line) for line in lines)


def test_every_text_of_a_command_or_option_belongs_to_one() -> None:
    codes = {code for code in messages.catalogue("cli") if code.startswith(("cli.command.", "cli.option."))}
    belonging = set()
    for _, command in COMMANDS:
        belonging |= {f"cli.command.{command.code}.help", f"cli.command.{command.code}.example"}
        for one in {command, getattr(command, "own", command)}:
            belonging |= {one.purpose_code(param) for param in one.get_params(click.Context(one))}
    assert codes == belonging


@pytest.mark.parametrize(
    ("arguments", "environment", "lang"),
    [
        ([], {}, "zh"),
        ([], {"LANG": "en_GB.UTF-8"}, "en"),
        ([], {"LANG": "de_DE.UTF-8"}, "zh"),
        ([], {"LANG": "C.UTF-8"}, "zh"),
        ([], {"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ([], {"LANG": "en_US.UTF-8", "LC_ALL": "", "LC_MESSAGES": "zh_CN"}, "zh"),
        ([], {"LANG": "en_US.UTF-8", "SHUANGSUIJI_LANG": "zh"}, "zh"),
        (["--lang", "en", "status"], {"SHUANGSUIJI_LANG": "zh"}, "en"),
        (["status", "--lang=en"], {}, "en"),
        (["--lang"], {"LANG": "en_US"}, "en"),
        (["--lang", "fr"], {}, "zh"),
    ],
)
def test_the_language_is_the_option_s_then_the_variable_s_then_the_locale_s(
    arguments: list[str], environment: dict[str, str], lang: Lang
) -> None:
    assert language.choose(arguments, environment) == lang


@pytest.mark.parametrize(
    "arguments",
    [
        ["--nothing"],
        ["nothing"],
        ["--lang"],
        ["--lang", "fr"],
        ["--quiet=1"],
        ["--config", os.devnull],
        ["--config", "/-"],
    ],
)
def test_a_usage_error_speaks_the_language_all_through(arguments: list[str]) -> None:
    chinese, english = (run(*arguments, env={"LANG": name}) for name in ("zh_CN.UTF-8", "en_US.UTF-8"))
    assert chinese.returncode == english.returncode == 2
    assert chinese.stdout == english.stdout == ""
    quoted = {*arguments, "Usage", "shuangsuiji", "--help", "--lang", "--config", "--quiet"}
    said = chinese.stderr.partition("\n")[2]
    for word in sorted(quoted, key=len, reverse=True):
        said = said.replace(word.lstrip("-"), "")
    letters = {character for character in said if character.isascii() and character.isalpha()}
    assert not letters - set("zhen"), chinese.stderr
    assert "Error: " in english.stderr


def test_the_page_for_scripts_has_the_exit_codes_of_the_help() -> None:
    page = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", page, flags=re.MULTILINE)
    assert rows == [(str(code), messages.text(f"cli.exit.{code}", "en")) for code in root().exits]
    for name in re.findall(r"`(SHUANGSUIJI_[A-Z]+)`", page):
        assert any(name in entry.text["en"] for entry in messages.catalogue("cli").values())


def test_a_terminal_that_lacks_characters_gets_the_rest() -> None:
    done = run("--help", env={"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert "--workspace DIR" in done.stdout


def test_without_arguments_the_help_is_shown() -> None:
    language.speak("zh")
    done = run()
    assert done.returncode == 2
    assert done.stderr.strip() == root().get_help(click.Context(root(), info_name="shuangsuiji")).strip()
