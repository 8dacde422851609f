"""The words of the command line: the parser, and the options that commands share."""

from __future__ import annotations

import argparse
import locale
import math
import os
import re
from typing import TYPE_CHECKING, Any, NoReturn

from carbonacct.errors import did_you_mean, visible
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable

    Commands = argparse._SubParsersAction[Any]  # noqa: SLF001 - its only name


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line."""

    def error(self, message: str) -> NoReturn:
        """Print the complaint, with near names for a word that is not known, and stop with status 2."""
        if "invalid choice: " in message:
            word = (
                message.split("invalid choice: ")[1]
                .split(" (choose from", maxsplit=1)[0]
                .strip("'")
            )
            known = re.findall(r"[\w-]+", message.rsplit("choose from", maxsplit=1)[-1])
            near = did_you_mean(word, known, count=1)
            argument = (
                message.split(":", maxsplit=1)[0].removeprefix("argument ").removeprefix("COMMAND")
            )
            message = f"no {argument or 'command'} {word!r}; {near or 'known: ' + ', '.join(known)}"
        if message.startswith("the following arguments are required: ") and "--method" in message:
            from carbonacct.factors import method_ids  # noqa: PLC0415 - a complaint alone needs it

            message += f" (one of {', '.join(method_ids())})"
        self.exit(2, f"{self.prog}: {message}; {self.prog} --help says more\n")


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
        help=(
            "table: a workbook, .csv .tsv .html .docx .pdf .json, pasted text, or these in .gz or"
            " .zip; or a folder"
        ),
    )
    tables.add_argument(
        "--area", type=label, metavar="NAME", help="name of the area, over what the title says"
    )
    tables.add_argument("--year", type=int, help="the year, where the title does not say it")
    tables.add_argument(
        "--mapping", metavar="FILE", help="the table's own words: a CSV kind,name,id,sign,note"
    )
    add_strict(tables)
    add_language(tables)
    return tables


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
        "--strict", action="store_true", help="exit with 1 if findings of severity error remain"
    )


def add_language(parser: argparse.ArgumentParser) -> None:
    """Add the option for the language of what people read."""
    parser.add_argument(
        "--lang", choices=("zh", "en"), default=_language(), help="language of what people read"
    )


def factor_options() -> Parser:
    """Return the options of a command that uses the factors of a method."""
    factors = Parser(add_help=False)
    factors.add_argument(
        "--overlay", metavar="DIR", help="a folder of your own factors, laid over the method"
    )
    factors.add_argument(
        "--allow-unverified",
        action="store_true",
        help="also use factors that nobody could check; each leaves a finding",
    )
    return factors


def calorific_option() -> Parser:
    """Return the option that takes the calorific values of the tables."""
    calorific = Parser(add_help=False)
    calorific.add_argument(
        "--calorific-values",
        choices=("tables",),
        help="tables: those that the tables of a year in physical and in standard quantity imply",
    )
    return calorific


def grid_option() -> Parser:
    """Return the options of what counts how: electricity brought in, a gas and its fuel, calorific values, motor fuels."""
    grid = Parser(add_help=False, parents=[calorific_option()])
    grid.add_argument(
        "--grid",
        metavar="LEVEL",
        help="factor of electricity brought in: province, region, nation, or an area's name",
    )
    grid.add_argument(
        "--carbon-pool",
        metavar="COUNT",
        help=(
            "what counts of a gas and the fuel that it is made of: gas, fuel or both (as the method"
            " says)"
        ),
    )
    grid.add_argument(
        "--motor-fuels",
        metavar="FILE",
        help="a CSV flow,product,share,source: motor fuel of other rows that counts in transport",
    )
    grid.add_argument(
        "--feedstock-counts",
        action="append",
        default=[],
        metavar="PRODUCT",
        help="a product, with its kinds, whose feedstock counts as burnt, such as coal_total",
    )
    return grid


def output_option(
    kinds: str = ".csv .xlsx .html .nc .parquet .json; - is CSV on standard output",
) -> Parser:
    """Return the options that name result files and let them replace what is there."""
    output = Parser(add_help=False)
    output.add_argument(
        "-o", "--output", action="append", default=[], metavar="OUT", help=f"result file: {kinds}"
    )
    output.add_argument("--overwrite", action="store_true", help="replace result files that exist")
    return output


def _language() -> str:
    name = (
        os.environ.get("LC_ALL")
        or os.environ.get("LC_MESSAGES")
        or os.environ.get("LANG")
        or locale.getlocale()[0]
        or ""
    )
    return "zh" if name.lower().startswith("zh") else "en"


def add_knowledge(options: argparse.ArgumentParser) -> None:
    """Add the options that say what is known of the inputs."""
    options.add_argument(
        "--statistics",
        default="default",
        metavar="KIND",
        help=(
            "kind of activity data: default (5 %%), or a column of IPCC table 2.15 such as"
            " 'less-developed surveys'"
        ),
    )
    options.add_argument(
        "--inputs",
        metavar="FILE",
        help=(
            "your own uncertainties, a CSV"
            " input,area,flow,product,category,gas,percent,cv,lower,upper,kind,source"
        ),
    )
    options.add_argument(
        "--bounds-from",
        default="",
        metavar="EDITION",
        help="edition whose relative bounds are taken for factors without any",
    )
    options.add_argument(
        "--exact",
        action="store_true",
        help=(
            "take factors without published uncertainty as exact, not with the default range of"
            " their kind"
        ),
    )
