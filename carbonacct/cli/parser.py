"""The words of the command line: the parser, and the options that commands share."""

from __future__ import annotations

import argparse
import math
import re
import sys
from collections.abc import Callable  # noqa: TC003 - stands in a table of functions
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NoReturn

from carbonacct.catalogue import in_language
from carbonacct.cli.output_endings import ENDINGS
from carbonacct.cli.speaking import language, name_language, speak
from carbonacct.errors import ask, did_you_mean, find_near, visible
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
        """Parse the words; every command knows ``--lang``, ``--quiet`` and ``--no-color``, and says itself what it does not know."""
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
            text = say("no colours, which nothing has: for scripts that ask every program so")
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
    if "--method" not in names:
        return say("the following arguments are required: {names}", names=names)
    from carbonacct.factors import method_ids  # noqa: PLC0415 - a complaint alone needs it

    return say(
        "the following arguments are required: {names} (one of {methods})",
        names=names,
        methods=join_texts(", ", method_ids()),
    )


def _say_extra(_: str, words: str) -> Text:
    return say("unrecognized arguments: {words}", words=words)


def _say_count(name: str, count: str) -> Text:
    if count == "one":
        return say("argument {name}: expected one argument", name=name)
    return say("argument {name}: expected at least one argument", name=name)


def _say_kind(name: str, kind: str, text: str) -> Text:
    if kind == "int":
        return say("argument {name}: invalid int value: {text}", name=name, text=text)
    return say("argument {name}: invalid {kind} value: {text}", name=name, kind=kind, text=text)


_NEAR = 3  # commands that a word may mean
# What argparse says, and what we say instead.
_COMPLAINTS: tuple[tuple[re.Pattern[str], Callable[..., Text]], ...] = (
    (_CHOICE, _say_choice),
    (re.compile(r"the following arguments are required: (.*)", re.DOTALL), _say_missing),
    (re.compile(r"unrecognized arguments: (.*)", re.DOTALL), _say_extra),
    (re.compile(r"expected (one|at least one) argument"), _say_count),
    (re.compile(r"invalid (\w+) value: (.*)", re.DOTALL), _say_kind),
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


def table_options(*, needed: bool = True) -> Parser:
    """Return the options of a command that reads tables, and may need none."""
    tables = Parser(add_help=False)
    tables.add_argument(
        "files",
        nargs="+" if needed else "*",
        metavar="FILE",
        help=say(
            "table: a workbook, .csv .tsv .html .docx .pdf .json, pasted text, or these "
            "in .gz or .zip; or a folder"
        ),
    )
    tables.add_argument(
        "--area", type=label, metavar="NAME", help=say("name of the area, over what the title says")
    )
    tables.add_argument("--year", type=int, help=say("the year, where the title does not say it"))
    add_own_words(tables)
    tables.add_argument(
        "--layout",
        metavar="DIR",
        help=say("a folder of such files, each for tables of some titles"),
    )
    add_strict(tables)
    add_language(tables)
    return tables


def add_own_words(command: argparse.ArgumentParser) -> None:
    """Add the options that say what labels of tables mean and which sheets are read."""
    command.add_argument(
        "--mapping", metavar="FILE", help=say("the table's own words: a CSV kind,name,id,sign,note")
    )
    command.add_argument(
        "--sheet",
        action="append",
        metavar="NAME",
        help=say(
            "the sheet of a workbook to read, or a pattern such as 'Balance *'; as often as wanted"
        ),
    )


def label(text: str) -> str:
    r"""Return a name that results will bear: what cannot be shown, or steers a terminal, is refused.

    Examples
    --------
    >>> label("重庆")
    '重庆'
    >>> label("\x1b[31m重庆")
    Traceback (most recent call last):
    argparse.ArgumentTypeError: '\x1b[31m重庆' holds characters that cannot be shown; write it in UTF-8 without control characters
    """
    if visible(text) != text or len(text.splitlines()) > 1:
        raise argparse.ArgumentTypeError(
            say(
                "'{text}' holds characters that cannot be shown; write it in UTF-8 without "
                "control characters",
                text=visible(text),
            )
        )
    return text


def gas(text: str) -> str:
    """Return the id of a gas that a person names, or what cannot be found as it stands.

    Examples
    --------
    >>> gas("甲烷"), gas("co2"), gas("unicorn")
    ('CH4', 'CO2', 'unicorn')
    """
    from carbonacct.dim_names import resolve_label  # noqa: PLC0415 - --help needs none

    return resolve_label("gas", text) or text


def product(text: str) -> str:
    """Return the id of a product that a person names, or what cannot be found as it stands.

    Examples
    --------
    >>> product("柴油"), product("raw_coal"), product("unicorn")
    ('diesel', 'raw_coal', 'unicorn')
    """
    from carbonacct.vocabulary import resolve  # noqa: PLC0415 - --help needs none

    return resolve("product", text) or text


def fraction(text: str) -> float:
    """Return a share such as a level of confidence, which is written as a fraction.

    Examples
    --------
    >>> fraction("0.9")
    0.9
    >>> fraction("90")
    Traceback (most recent call last):
    argparse.ArgumentTypeError: '90' is no fraction; write 0.9 for 90 %
    """
    try:
        share = float(text)
    except ValueError:
        share = math.nan
    if 0 < share < 1:
        return share
    remedy = (
        say("write {share:g} for {share_shown:g} %", share=share / 100, share_shown=share)
        if 1 < share < 100
        else say("write a number between 0 and 1, such as 0.9")
    )
    raise argparse.ArgumentTypeError(
        say("{text!r} is no fraction; {remedy}", text=text, remedy=remedy)
    )


def add_strict(parser: argparse.ArgumentParser) -> None:
    """Add the option that makes findings of severity error the exit status."""
    parser.add_argument(
        "--strict",
        action="store_true",
        help=say("exit with 1 if findings of severity error remain"),
    )


def add_language(parser: argparse.ArgumentParser) -> None:
    """Add the option for the language of what people read."""
    parser.add_argument(
        "--lang",
        type=name_language,
        choices=("zh", "en"),
        default=language(),
        help=say("language of what people read"),
    )


def factor_options() -> Parser:
    """Return the options of a command that uses the factors of a method."""
    factors = Parser(add_help=False)
    factors.add_argument(
        "--overlay", metavar="DIR", help=say("a folder of your own factors, laid over the method")
    )
    factors.add_argument(
        "--allow-unverified",
        action="store_true",
        help=say("also use factors that nobody could check; each leaves a finding"),
    )
    return factors


def calorific_option() -> Parser:
    """Return the option that takes the calorific values of the tables."""
    calorific = Parser(add_help=False)
    calorific.add_argument(
        "--calorific-values",
        choices=("tables",),
        help=say(
            "tables: those that the tables of a year in physical and in standard quantity imply"
        ),
    )
    return calorific


def grid_option() -> Parser:
    """Return the options of what counts how: electricity brought in, a gas and its fuel, calorific values, motor fuels."""
    grid = Parser(add_help=False, parents=[calorific_option()])
    grid.add_argument(
        "--grid",
        metavar="LEVEL",
        help=say("factor of electricity brought in: province, region, nation, or an area's name"),
    )
    grid.add_argument(
        "--carbon-pool",
        metavar="COUNT",
        help=say(
            "what counts of a gas and the fuel that it is made of: gas, fuel or both "
            "(as the method says)"
        ),
    )
    grid.add_argument(
        "--motor-fuels",
        metavar="FILE",
        help=say(
            "a CSV flow,product,share,source: motor fuel of other rows that counts in transport"
        ),
    )
    grid.add_argument(
        "--feedstock-counts",
        type=product,
        action="append",
        default=[],
        metavar="PRODUCT",
        help=say("a product, with its kinds, whose feedstock counts as burnt, such as coal_total"),
    )
    return grid


def output_option(kind: str = "table") -> Parser:
    """Return the options that name result files and let them replace what is there; of a command with a table, also how it is printed.

    Other endings than those of the kind in :data:`ENDINGS` are refused before a command begins.
    """
    output = Parser(add_help=False)
    output.set_defaults(endings=ENDINGS[kind].all)
    output.add_argument(
        "-o",
        "--output",
        action="append",
        default=[],
        metavar="OUT",
        help=say("result file: {kinds}", kinds=ENDINGS[kind].describe()),
    )
    output.add_argument(
        "--overwrite", action="store_true", help=say("replace result files that exist")
    )
    text = say("CSV files that Excel opens as UTF-8 (with a byte order mark)")
    output.add_argument("--excel", action="store_true", help=text)
    if ENDINGS[kind].is_data:
        add_json(output)
    return output


def analysis_output() -> Parser:
    """Return the options that name the files of an analysis."""
    return output_option("analysis")


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add the option that prints the table of a command as JSON."""
    text = say("print the table as JSON: columns, units, rows, notes, manifest")
    parser.add_argument("--json", action="store_true", help=text)


def add_knowledge(options: argparse.ArgumentParser) -> None:
    """Add the options that say what is known of the inputs."""
    options.add_argument(
        "--statistics",
        default="default",
        metavar="KIND",
        help=say(
            "kind of activity data: default (5 %%), or a column of IPCC table 2.15 such "
            "as 'less-developed surveys'"
        ),
    )
    options.add_argument(
        "--inputs",
        metavar="FILE",
        help=say(
            "your own uncertainties, a CSV "
            "input,area,flow,product,category,gas,percent,cv,lower,upper,kind,source"
        ),
    )
    options.add_argument(
        "--bounds-from",
        default="",
        metavar="EDITION",
        help=say("edition whose relative bounds are taken for factors without any"),
    )
    options.add_argument(
        "--exact",
        action="store_true",
        help=say(
            "take factors without published uncertainty as exact, not with the default "
            "range of their kind"
        ),
    )


def known_of_inputs(options: argparse.Namespace) -> dict[str, Any]:
    """Return what the options of :func:`add_knowledge` say, as the functions of uncertainty take it."""
    return {
        "statistics": options.statistics,
        "inputs": options.inputs,
        "bounds_from": options.bounds_from,
        "exact": options.exact,
        "allow_unverified": options.allow_unverified,
    }
