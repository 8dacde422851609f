"""Options that several commands share, and words of theirs as values."""

from __future__ import annotations

import argparse
from typing import Any

from carbonacct.cli.output_endings import ENDINGS
from carbonacct.cli.parser import Parser, add_language
from carbonacct.errors import visible
from carbonacct.texts import say


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
        help=say("a folder of mapping files, each for tables of some titles"),
    )
    add_strict(tables)
    add_language(tables)
    return tables


def add_own_words(command: argparse.ArgumentParser) -> None:
    """Add the options that say what labels of tables mean and which sheets are read."""
    command.add_argument(
        "--mapping", metavar="FILE", help=say("the table's own words: a CSV kind,name,id,sign,note")
    )
    add_sheet(command)


def add_sheet(command: argparse.ArgumentParser) -> None:
    """Add the option that says which sheets of workbooks are read."""
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
    argparse.ArgumentTypeError: '\x1b[31m重庆' holds characters that cannot be shown; ...
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


def number(text: str) -> float:
    """Return a number as cells of tables say it; Python's own words for one (nan, 1_000) are none.

    Examples
    --------
    >>> number("1,200.5")
    1200.5
    >>> number("nan")
    Traceback (most recent call last):
    argparse.ArgumentTypeError: 'nan' is no number
    """
    from carbonacct.sheets.values import NUMBER, read_value  # noqa: PLC0415 - --help needs none

    value, status = read_value(text)
    if status != NUMBER:
        raise argparse.ArgumentTypeError(say("{text!r} is no number", text=text))
    return value


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
    from carbonacct.sheets.values import read_value  # noqa: PLC0415 - --help needs none

    share, _ = read_value(text)
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
    """Return the options of what counts how: electricity brought in, a gas and its fuel, calorific values."""
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
    """Return the options that name result files and let them replace what is there.

    Of a command with a table, also how it is printed.

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
