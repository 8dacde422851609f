"""The parser of the command line: what it says of words that it cannot use, in the reader's language."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable  # noqa: TC003 - stands in a table of functions
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NoReturn

from carbonacct.catalogue import in_language
from carbonacct.cli.speaking import language, name_language, speak
from carbonacct.errors import ask, did_you_mean, find_near
from carbonacct.text_columns import count_columns
from carbonacct.texts import Both, Text, join_texts, say

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Any]  # noqa: SLF001 - its only name


_NOT_FIRST = "，。；：、）！？”"  # no line of Chinese begins with these


class Formatter(argparse.HelpFormatter):
    """Help in the language in which things are said; a wide character counts double."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """Add the usage."""
        super().add_usage(usage, actions, groups, speak("usage: ") if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        """Start a group of options."""
        super().start_section(speak(heading) if heading else heading)

    def _get_help_string(self, action: argparse.Action) -> str | None:
        return speak(action.help) if action.help else action.help

    def _format_text(self, text: str) -> str:
        return super()._format_text(speak(text))

    def _split_lines(self, text: str, width: int) -> list[str]:
        if language() == "en":
            return super()._split_lines(text, width)
        return _wrap(" ".join(text.split()), width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        if "\n" in text:  # laid out as it shall stand
            return text
        if language() == "en":
            return super()._fill_text(text, width, indent)
        return "\n".join(indent + line for line in _wrap(text, width - len(indent)))


def _wrap(text: str, width: int) -> list[str]:
    """Cut a text into lines of at most so many columns, not within a word of Latin letters."""
    lines, line = [], ""
    for piece in re.findall(r"[!-~]+ ?|.", text):
        if line and count_columns(line + piece.rstrip()) > width and piece not in _NOT_FIRST:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()]


_OPTION = re.compile(r"--?[^\W\d]")
_OF_OPTIONS = ("the following arguments are required", "unrecognized arguments")
_CHOICE = re.compile(r"invalid choice: '?(.*?)'? \(choose from (.*)\)", re.DOTALL)


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        options.setdefault("formatter_class", Formatter)
        super().__init__(*arguments, **options)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse the words.

        Every command knows ``--lang``, ``--quiet`` and ``--no-color``, and says itself what it does
        not know.
        """
        self._add_shared()
        self._said = list(sys.argv[1:] if args is None else args)
        found, left = super().parse_known_args(args, namespace)
        if left and not any(map(_is_commands, self._actions)):
            self.error(f"unrecognized arguments: {' '.join(left)}")
        return found, left

    def format_help(self) -> str:
        """Return the help; every command knows ``--lang``, ``--quiet`` and ``--no-color``."""
        self._add_shared()
        return super().format_help()

    def _add_shared(self) -> None:
        known = self._option_string_actions
        if self.add_help and "--lang" not in known:
            add_language(self)
        if self.add_help and "--quiet" not in known:
            text = say("say only results and errors: no progress, summaries, warnings")
            self.add_argument("--quiet", action="store_true", help=text)
        if self.add_help and "--no-color" not in known:
            text = say("for scripts that pass it to every program: nothing here has colours")
            self.add_argument("--no-color", action="store_true", help=text)

    def error(self, message: str) -> NoReturn:
        """Print the complaint, with near names for a word that is not known, and stop with status 2."""
        fault = sys.exc_info()[1]
        fault_text = (
            self._say_word(fault)
            or (self._say_option() if message.startswith(_OF_OPTIONS) else None)
            or _say_fault(fault if isinstance(fault, argparse.ArgumentError) else None, message)
        )
        text = say(
            "{program}: {message}; {program} --help says more",
            program=self.prog,
            message=fault_text,
        )
        self.exit(2, f"{speak(text)}\n")

    def _say_word(self, fault: BaseException | None) -> Text | None:
        """Return what a word that is no command may mean: one of a near name, or those whose help has it."""
        found = _CHOICE.fullmatch(str(getattr(fault, "message", "")))
        commands = next((one for one in self._actions if _is_commands(one)), None)
        if found is None or commands is None:
            return None
        known: dict[str, argparse.ArgumentParser] = dict(commands.choices or {})
        lang = "en" if (word := found[1]).isascii() else "zh"
        near = find_near(word, known, count=1) or [
            name
            for name, one in known.items()
            if word.lower() in in_language(str(one.description or ""), lang).lower()
        ]
        asked = ask(Both(name, name) for name in near[:_NEAR])
        return say("no command {word!r}; {near}", word=word, near=asked) if near else None

    def _say_option(self) -> Text | None:
        """Return the first option that is not known: what is missing is often one that is spelt otherwise."""
        known = list(self._option_string_actions)
        for said in filter(_OPTION.match, self._said):
            word = said.partition("=")[0]
            if any(one.startswith(word) or word[:2] == one for one in known):
                continue
            near = [one for one in known if one.startswith(f"-{word}")] or get_close_matches(
                word.lstrip("-"), [one.lstrip("-") for one in known], n=1
            )
            asked = ask(f"--{one.lstrip('-')}" for one in near[:_NEAR])
            return (
                say("no option {word}; {near}", word=word, near=asked)
                if near
                else say("no option {word}", word=word)
            )
        return None


def _is_commands(action: argparse.Action) -> bool:
    return isinstance(action, argparse._SubParsersAction)  # noqa: SLF001 - argparse has no other name for it


def _say_fault(fault: argparse.ArgumentError | None, message: str) -> str:
    """Return what the parser complains of as a text of ours."""
    for pattern, make in _COMPLAINTS:
        if fault is not None and (found := pattern.fullmatch(str(fault.message))):
            return make(fault.argument_name or "", *found.groups())
        if fault is None and (found := pattern.fullmatch(message)):
            return make("", *found.groups())
    if fault is None:
        return message
    return say("argument {name}: {fault}", name=fault.argument_name, fault=fault.message)


def _say_choice(name: str, word: str, choices: str) -> Text:
    known = [Both(one, one) for one in re.findall(r"[\w-]+", choices)]  # as they are typed
    near = did_you_mean(word, known, count=1) or say(
        "known: {known}", known=join_texts(", ", known)
    )
    if name in {"", "COMMAND"}:
        return say("no command {word!r}", word=word)
    return say("no {name} {word!r}; {near}", name=name, word=word, near=near)


def _say_missing(_: str, names: str) -> Text:
    words: list[Text | str] = list(names.split(", "))
    if "--method" in words:
        from carbonacct.factors import method_ids  # noqa: PLC0415 - a complaint alone needs it

        known = join_texts(", ", method_ids())
        words[words.index("--method")] = say("--method (one of {methods})", methods=known)
    return say("the following arguments are required: {names}", names=join_texts(", ", words))


def _say_extra(_: str, words: str) -> Text:
    return say("unrecognized arguments: {words}", words=words)


def _say_count(name: str, count: str) -> Text:
    if count == "one":
        return say("argument {name}: expected one argument", name=name)
    return say("argument {name}: expected at least one argument", name=name)


def _say_kind(name: str, text: str) -> Text:
    return say("argument {name}: invalid int value: {text}", name=name, text=text)


_NEAR = 3  # commands that a word may mean
# What argparse says, and what we say instead.
_COMPLAINTS: tuple[tuple[re.Pattern[str], Callable[..., Text]], ...] = (
    (_CHOICE, _say_choice),
    (re.compile(r"the following arguments are required: (.*)", re.DOTALL), _say_missing),
    (re.compile(r"unrecognized arguments: (.*)", re.DOTALL), _say_extra),
    (re.compile(r"expected (one|at least one) argument"), _say_count),
    (re.compile(r"invalid int value: (.*)", re.DOTALL), _say_kind),
)


def add_command(
    commands: Commands,
    name: str,
    run: Callable[[argparse.Namespace], int],
    text: str,
    *parents: Parser,
) -> argparse.ArgumentParser:
    """Add a command that `run` carries out, with the options of its parents."""
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=text, description=text, parents=parents
    )
    command.set_defaults(run=run)
    return command


def add_language(parser: argparse.ArgumentParser) -> None:
    """Add the option for the language of what people read."""
    parser.add_argument(
        "--lang",
        type=name_language,
        choices=("zh", "en"),
        default=language(),
        help=say("language of what people read"),
    )
