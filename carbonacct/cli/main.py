"""Start of the command line: parse the words, run the command, turn every problem into one line."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

from carbonacct.cli import accounting, decompose, index, listing, tables, targets, trends, uncertainty
from carbonacct.cli.output import complain
from carbonacct.cli.parser import Parser
from carbonacct.errors import CarbonacctError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status: 0, 1 (findings under --strict) or 2 (input or words)."""
    if arguments is None:
        # Where dask is installed, pint and xarray import it at once, 0.4 s of a program that has no use for it.
        sys.modules.setdefault("dask", None)  # type: ignore[arg-type]
    # An old locale cannot show every name: 北京 as \u5317\u4eac says more than a failure.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    parser = _build_parser()
    options = parser.parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    status = 0
    try:
        status = run(options)
        sys.stdout.flush()
    except CarbonacctError as error:
        return complain(error)
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return 130
    except (
        MemoryError,
        RecursionError,
        ArithmeticError,
        AttributeError,
        LookupError,
        OSError,
        TypeError,
        ValueError,
    ) as error:
        if os.environ.get("CARBONACCT_DEBUG"):
            raise
        return complain(
            f"carbonacct: this should not happen ({type(error).__name__}: {error}); please report it with the file; CARBONACCT_DEBUG=1 shows where"
        )
    return status


def _build_parser() -> Parser:
    from carbonacct import __version__  # noqa: PLC0415 - a constant, kept beside the package's name

    parser = Parser(
        prog="carbonacct",
        description="From a yearbook's energy balance table to a CO2 inventory. 由统计年鉴的能源平衡表编制二氧化碳排放清单。",
    )
    parser.add_argument("--version", action="version", version=f"carbonacct {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=Parser)
    for family in (tables, accounting, decompose, trends, targets, uncertainty, index, listing):
        family.add_commands(commands)
    return parser
