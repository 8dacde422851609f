"""Start of the command line: parse the words, run the command, turn every problem into one line."""

from __future__ import annotations

import argparse
import gc
import io
import logging
import os
import signal
import sys
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from carbonacct.cli.output import VisibleStream, complain, refuse_outputs
from carbonacct.cli.parser import Parser
from carbonacct.cli.speaking import find_manner, language, speaking, tell
from carbonacct.errors import CarbonacctError
from carbonacct.libraries import leave_out
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    0, 1 (findings under --strict), 2 (input or words) or 130 (interrupted).
    """
    if arguments is None:
        leave_out()
        gc.set_threshold(50_000, 20, 100)  # a report keeps nearly all that it makes to its end
        _open_missing_streams()
        if os.environ.get("CARBONACCT_DEBUG"):
            logging.basicConfig(level=logging.DEBUG, format="%(name)s: %(message)s")
        else:
            sys.unraisablehook = lambda _: None  # what fails in tidying up was said before
    words = sys.argv[1:] if arguments is None else arguments
    # An old locale cannot show every name: 北京 as \u5317\u4eac says more than a failure.
    out, err = sys.stdout, sys.stderr
    for stream in (out, err):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    shown = VisibleStream(out, "standard output")
    with (
        redirect_stdout(shown),
        redirect_stderr(VisibleStream(err, after=shown)),
        speaking(find_manner(words)),
    ):
        try:
            return _run(words)
        except KeyboardInterrupt:
            if arguments is None:  # the program ends: a second one must not disturb that
                signal.signal(signal.SIGINT, signal.SIG_IGN)
            complain(say("carbonacct: interrupted"))
            return 130


def _open_missing_streams() -> None:
    """Open the streams that the caller closed; what is written to standard output still fails."""
    for name, flags in (("stdin", os.O_RDONLY), ("stdout", os.O_RDONLY), ("stderr", os.O_WRONLY)):
        if getattr(sys, name) is None:
            handle = os.open(
                os.devnull, flags
            )  # the lowest number that is free is the one that was closed
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, open(handle, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


def _run(words: Sequence[str]) -> int:
    status = 0
    try:
        try:
            parser = _build_parser()
            if not words:
                parser.print_help()
                return 0
            options = parser.parse_args(_as_options(words))
            refused = refuse_outputs(options)
            if refused and not options.output:
                return refused
            status = int(options.run(options)) or refused
            sys.stdout.flush()
        except SystemExit:  # --help, or words that are not understood
            sys.stdout.flush()
            raise
    except CarbonacctError as error:
        return complain(error)
    except BrokenPipeError:  # the reader of a pipe has seen enough
        return status
    except Exception as error:
        if os.environ.get("CARBONACCT_DEBUG"):
            raise
        return complain(
            say(
                "carbonacct: this should not happen ({name}: {error}); please report it "
                "with the file; CARBONACCT_DEBUG=1 shows where",
                name=type(error).__name__,
                error=error,
            )
        )
    return status


# What people type for an option that programs have.
_HELP = frozenset({"help", "帮助"})
_VERSION = frozenset({"version", "版本"})


def _as_options(words: Sequence[str]) -> Sequence[str]:
    """Return the words, of which a first ``help`` or ``version`` is the option.

    Examples
    --------
    >>> _as_options(["help", "inventory"]), _as_options(["版本"]), _as_options(["check", "x.csv"])
    (['inventory', '--help'], ['--version'], ['check', 'x.csv'])
    """
    first, *rest = words
    if first in _HELP:
        return [*rest, "--help"]
    return ["--version"] if first in _VERSION else words


# The modules that add commands, in the order in which the help lists them; others follow by name.
_FAMILIES = (
    "table_commands",
    "mapping_commands",
    "sector_commands",
    "inventory_commands",
    "city_commands",
    "decomposition_commands",
    "trend_commands",
    "target_commands",
    "neutrality_commands",
    "scenario_commands",
    "uncertainty_commands",
    "priority_commands",
    "index_commands",
    "panel_commands",
    "change_commands",
    "project_commands",
    "page_commands",
    "listing_commands",
    "completion_commands",
)
_EXAMPLES = say(
    "examples 例:\n  carbonacct check 表.xls\n  carbonacct inventory 表.xls --method "
    "provincial-2011 -o 清单.xlsx -o 清单.html\n  carbonacct trace 表.xls --method "
    "provincial-2011 --flow 交通运输 --product 柴油\n  carbonacct methods\n\ncarbonacct COMMAND "
    "--help says more of each."
)


def _list_families() -> list[str]:
    """Return the modules that add commands: a new one is found by its name, ``*_commands.py``."""
    found = {path.stem for path in Path(__file__).parent.glob("*_commands.py")}
    return [*_FAMILIES, *sorted(found - set(_FAMILIES))]


class _Version(argparse.Action):
    """Say the version, and the editions of factors that come with it."""

    def __call__(self, parser: argparse.ArgumentParser, *_words: object) -> NoReturn:
        """Print and stop."""
        from carbonacct import (  # noqa: PLC0415 - a constant, kept beside the package's name
            __version__,
        )
        from carbonacct.factors import edition_ids  # noqa: PLC0415 - --help needs none

        tell(say("carbonacct {version}", version=__version__))
        tell(say("editions: {edition_ids}", edition_ids=join_texts(", ", edition_ids())))
        parser.exit()


def _build_parser() -> Parser:
    return _build_parser_in(language())


@cache
def _build_parser_in(_lang: str) -> Parser:
    """Return the parser of all commands, whose default of ``--lang`` is the language of now."""
    parser = Parser(
        prog="carbonacct",
        description=say(
            "From a yearbook's energy balance and activity data to a city's greenhouse gas "
            "inventory. 由统计年鉴的能源平衡表和活动水平数据编制城市温室气体清单。"
        ),
        epilog=_EXAMPLES,
    )
    parser.add_argument(
        "--version", action=_Version, nargs=0, help=say("the version, and the editions of factors")
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=Parser)
    for family in _list_families():
        import_module(f"carbonacct.cli.{family}").add_commands(commands)
    return parser
