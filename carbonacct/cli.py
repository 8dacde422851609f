"""The command line. What programs rely on is in docs/command-line.md."""

from __future__ import annotations

import argparse
import itertools
import locale
import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from carbonacct.errors import CarbonacctError, FactorDataError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pandas as pd

    from carbonacct.errors import Finding
    from carbonacct.inventory import Inventory
    from carbonacct.tables import EnergyBalance

_PROGRESS_FROM = 10


class _Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line."""

    def error(self, message: str) -> NoReturn:
        """Print the complaint, with near names for a word that is not known, and stop with status 2."""
        if "invalid choice: " in message:
            word = message.split("invalid choice: ")[1].split("'")[1]
            near = did_you_mean(word, _COMMANDS)
            message = f"no command {word!r}; {near or 'known: ' + ', '.join(_COMMANDS)}"
        self.exit(2, f"{self.prog}: {message}; {self.prog} --help says more\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status: 0, 1 (findings under --strict) or 2 (input or words)."""
    parser = _build_parser()
    options = parser.parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        status = run(options)
        sys.stdout.flush()
    except CarbonacctError as error:
        return _complain(error)
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
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
        return _complain(
            f"carbonacct: this should not happen ({type(error).__name__}: {error}); please report it with the file; CARBONACCT_DEBUG=1 shows where"
        )
    return status


def _complain(error: CarbonacctError | str) -> int:
    lines = str(error).splitlines() if isinstance(error, FactorDataError) else [" ".join(str(error).split())]
    for line in lines:
        print(line, file=sys.stderr)
    return 2


def _build_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="carbonacct",
        description="From a yearbook's energy balance table to a CO2 inventory. 由统计年鉴的能源平衡表编制二氧化碳排放清单。",
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)
    tables = _Parser(add_help=False)
    tables.add_argument(
        "files", nargs="+", metavar="FILE", help="table: .xls .xlsx .ods .csv .tsv .html or pasted text"
    )
    tables.add_argument("--area", metavar="NAME", help="name of the area, over what the title says")
    tables.add_argument("--year", type=int, help="the year, where the title does not say it")
    tables.add_argument("--mapping", metavar="FILE", help="the table's own words: a CSV kind,name,id,sign,note")
    tables.add_argument("--strict", action="store_true", help="exit with 1 if findings of severity error remain")
    tables.add_argument("--lang", choices=("zh", "en"), default=_language(), help="language of what people read")
    factors = _Parser(add_help=False)
    factors.add_argument("--overlay", metavar="DIR", help="a folder of your own factors, laid over the method")
    factors.add_argument(
        "--allow-unverified",
        action="store_true",
        help="also use factors that nobody could check; each leaves a finding",
    )
    grid = _Parser(add_help=False)
    grid.add_argument(
        "--grid", metavar="LEVEL", help="factor of electricity brought in: province, region, nation, or an area's name"
    )
    output = _Parser(add_help=False)
    output.add_argument(
        "-o",
        "--output",
        action="append",
        default=[],
        metavar="OUT",
        help="result file: .csv .xlsx .html .nc .parquet .json; - is CSV on standard output",
    )

    def add(
        name: str, run: Callable[[argparse.Namespace], int], text: str, *parents: _Parser
    ) -> argparse.ArgumentParser:
        command: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text, parents=parents)
        command.set_defaults(run=run)
        return command

    add("inventory", _inventory, "make the CO2 inventory of tables", tables, factors, grid, output).add_argument(
        "--method", required=True, help="carbonacct methods lists them"
    )
    add("check", _check, "read tables and check them against themselves", tables)
    add(
        "coal-equivalent", _coal_equivalent, "turn a physical table into coal equivalent", tables, factors, output
    ).add_argument("--method", required=True)
    command = add("trace", _trace, "walk one number back to its cell and its factors", tables, factors, grid)
    command.add_argument("--method", required=True)
    command.add_argument("--flow", required=True)
    command.add_argument("--product", required=True)
    command.add_argument("--gas", default="CO2")
    add("methods", _methods, "list the methods")
    command = add("factors", _factors, "list factor rows with their documents, as CSV")
    command.add_argument("--method")
    command.add_argument("--product")
    return parser


_COMMANDS = ("inventory", "check", "coal-equivalent", "trace", "methods", "factors")


def _version() -> str:
    from carbonacct import __version__  # noqa: PLC0415 - a constant, kept beside the package's name

    return f"carbonacct {__version__}"


def _language() -> str:
    name = (
        os.environ.get("LC_ALL")
        or os.environ.get("LC_MESSAGES")
        or os.environ.get("LANG")
        or locale.getlocale()[0]
        or ""
    )
    return "zh" if name.lower().startswith("zh") else "en"


def _read_all(options: argparse.Namespace) -> tuple[list[EnergyBalance], int]:
    """Read each file; what cannot be read is said and the others are done. Pages of one table are put together."""
    from carbonacct.tables import read_balance, read_mapping  # noqa: PLC0415 - a command loads what it needs

    mapping = read_mapping(options.mapping) if options.mapping else None
    given: dict[str, Any] = {"area": options.area, "year": options.year, "mapping": mapping}
    status = 0
    groups: list[tuple[list[str], EnergyBalance]] = []
    for path in _progress(options.files):
        try:
            balance = read_balance(path, **given)
            partner = next((group for group in groups if _overlap(group[1], balance)), None)
            if partner:
                groups[groups.index(partner)] = ([*partner[0], path], read_balance(*partner[0], path, **given))
            else:
                groups.append(([path], balance))
        except CarbonacctError as error:
            status = _complain(error)
    return [balance for _, balance in groups], status


def _overlap(one: EnergyBalance, other: EnergyBalance) -> bool:
    """Return whether two tables have an area, however it is spelt, and a year in common."""
    from carbonacct import vocabulary  # noqa: PLC0415

    mine, theirs = ({vocabulary.resolve("area", area) or area for area in balance.areas} for balance in (one, other))
    return bool(mine & theirs) and bool(set(one.years) & set(other.years))


def _progress(paths: Sequence[str]) -> Iterable[str]:
    """Yield paths; on a terminal, say how far a long list is."""
    shown = len(paths) >= _PROGRESS_FROM and sys.stderr.isatty()
    for number, path in enumerate(paths, start=1):
        if shown:
            print(f"\r\033[K{number}/{len(paths)} {os.path.basename(path)}", end="", file=sys.stderr, flush=True)  # noqa: PTH119 - a name for display
        yield path
    if shown:
        print("\r\033[K", end="", file=sys.stderr)


def _compile_all(options: argparse.Namespace) -> tuple[list[Inventory], int]:
    from carbonacct.factors import load_method  # noqa: PLC0415
    from carbonacct.inventory import compile_inventory  # noqa: PLC0415

    method = load_method(options.method, overlay=options.overlay, allow_unverified=options.allow_unverified)
    balances, status = _read_all(options)
    made = []
    for balance in balances:
        try:
            made.append(compile_inventory(balance, method=method, grid=options.grid))
        except CarbonacctError as error:
            status = _complain(error)
    return made, status


def _inventory(options: argparse.Namespace) -> int:
    made, status = _compile_all(options)
    if not made:
        return status
    import pandas as pd  # noqa: PLC0415

    from carbonacct.report import summarise  # noqa: PLC0415

    frame = pd.concat([inventory.to_frame() for inventory in made], ignore_index=True)
    findings = list(dict.fromkeys(finding for inventory in made for finding in inventory.findings))
    written, failed = _write_all(frame, options.output, findings, "inventory")
    if "-" in options.output:
        _say_errors(options, findings)
    else:
        print(summarise(frame, findings, lang=options.lang, files=written))
    return status or failed or _strict(options, findings)


def _write_all(
    frame: pd.DataFrame, targets: Sequence[str], findings: Sequence[Finding], title: str
) -> tuple[list[str], int]:
    """Write a table to each target; what cannot be written is said and the others are done."""
    from carbonacct.report import write_frame  # noqa: PLC0415

    written, status = [], 0
    for target in targets:
        try:
            write_frame(frame, target, findings, title=title)
        except CarbonacctError as error:
            status = _complain(error)
        else:
            written.append(target)
    return written, status


def _say_errors(options: argparse.Namespace, findings: Iterable[Finding]) -> None:
    """Say the errors beside data on standard output; --strict says them itself."""
    if not options.strict:
        for finding in findings:
            if finding.severity == "error":
                print(finding, file=sys.stderr)


def _strict(options: argparse.Namespace, findings: Iterable[Finding]) -> int:
    errors = [finding for finding in findings if finding.severity == "error"] if options.strict else []
    for finding in errors:
        print(finding, file=sys.stderr)
    return 1 if errors else 0


def _check(options: argparse.Namespace) -> int:
    from carbonacct.report import list_findings  # noqa: PLC0415
    from carbonacct.tables.checks import check_balance  # noqa: PLC0415

    balances, status = _read_all(options)
    findings: list[Finding] = []
    for balance in balances:
        found = [*balance.findings, *check_balance(balance)]
        findings += found
        numbers = int(balance.amounts.count())
        years = f"{balance.years[0]}-{balance.years[-1]}" if len(balance.years) > 1 else str(balance.years[0])
        print(
            f"{', '.join(balance.areas[:5])}{' ...' if len(balance.areas) > 5 else ''} {years}: {len(balance.flows)} flows x {len(balance.products)} products, {numbers} numbers"
        )
        print("\n".join(list_findings(found, lang=options.lang)))
    return status or _strict(options, findings)


def _coal_equivalent(options: argparse.Namespace) -> int:
    import pandas as pd  # noqa: PLC0415

    from carbonacct.factors import load_method  # noqa: PLC0415
    from carbonacct.inventory import to_coal_equivalent  # noqa: PLC0415
    from carbonacct.report import list_findings  # noqa: PLC0415
    from carbonacct.tables.checks import check_balance  # noqa: PLC0415

    method = load_method(options.method, overlay=options.overlay, allow_unverified=options.allow_unverified)
    balances, status = _read_all(options)
    frames, findings = [], []
    for balance in balances:
        try:
            frame, found = to_coal_equivalent(balance, method=method)
        except CarbonacctError as error:
            status = _complain(error)
            continue
        frames.append(frame)
        findings += [*balance.findings, *check_balance(balance), *found]
    if not frames:
        return status
    whole = pd.concat(frames, ignore_index=True)
    findings = list(dict.fromkeys(findings))
    written, failed = _write_all(whole, options.output or ["-"], findings, "coal equivalent")
    if "-" in (options.output or ["-"]):
        _say_errors(options, findings)
    else:
        print("\n".join([*list_findings(findings, lang=options.lang, shown=3), f"written: {', '.join(written)}"]))
    return status or failed or _strict(options, findings)


def _trace(options: argparse.Namespace) -> int:
    from carbonacct.inventory import trace  # noqa: PLC0415

    made, status = _compile_all(options)
    for inventory in made:
        for area, year in itertools.product(inventory.balance.areas, inventory.balance.years):
            try:
                found = trace(
                    inventory, flow=options.flow, product=options.product, gas=options.gas, area=area, year=year
                )
            except CarbonacctError as error:
                status = _complain(error)
            else:
                print(found.to_text(options.lang))
    return status


def _methods(_options: argparse.Namespace) -> int:
    from carbonacct.factors import load_method, method_ids  # noqa: PLC0415

    for identifier in method_ids():
        method = load_method(identifier)
        print(f"{identifier:<18} {method.kind:<16} {method.title}  {method.title_zh}")
        print(f"{'':<35} {method.reference}")
    return 0


def _factors(options: argparse.Namespace) -> int:
    import csv  # noqa: PLC0415

    from carbonacct.factors import edition_ids, load_edition, load_method  # noqa: PLC0415
    from carbonacct.vocabulary import products  # noqa: PLC0415

    if options.product and options.product not in products():
        return _complain(f"no product {options.product!r}; {did_you_mean(options.product, products())}")
    sources = (
        load_method(options.method).sources if options.method else [load_edition(edition) for edition in edition_ids()]
    )
    writer = csv.writer(sys.stdout, lineterminator="\n")
    keys = "edition parameter product flow category area first_year last_year gas item value lower upper unit table page status note"
    names = keys.split()
    writer.writerow([*names, "document"])
    for source in sources:
        for row in source.rows:
            if not options.product or row.product in ("", options.product):
                cells = [getattr(row, name) for name in names]
                writer.writerow(["" if cell is None or cell != cell else cell for cell in cells] + [source.title])  # noqa: PLR0124 - NaN is not itself
    return 0


if __name__ == "__main__":
    sys.exit(main())
