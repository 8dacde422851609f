"""What a command says and writes: complaints, result files, findings."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from carbonacct.errors import CarbonacctError, FactorDataError, IndexDataError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Sequence

    import pandas as pd

    from carbonacct.errors import Finding


def complain(error: CarbonacctError | str) -> int:
    """Say what is wrong on standard error and return status 2."""
    lines = str(error).splitlines() if isinstance(error, (FactorDataError, IndexDataError)) else [" ".join(str(error).split())]
    for line in lines:
        print(line, file=sys.stderr)
    return 2


def write_all(
    frame: pd.DataFrame, targets: Sequence[str], findings: Sequence[Finding], title: str, *, overwrite: bool
) -> tuple[list[str], int]:
    """Write a table to each target; what cannot be written is said and the others are done."""
    from carbonacct.report import write_frame  # noqa: PLC0415

    return write_each(targets, lambda target: write_frame(frame, target, findings, title=title, overwrite=overwrite))


def write_each(targets: Iterable[str], write: Callable[[str], object]) -> tuple[list[str], int]:
    """Write a result to each target; what cannot be written is said and the others are done."""
    written, status = [], 0
    for target in targets:
        try:
            write(target)
        except CarbonacctError as error:
            status = complain(error)
        else:
            written.append(target)
    return written, status


def say_errors(options: argparse.Namespace, findings: Iterable[Finding]) -> None:
    """Say the errors beside data on standard output; --strict says them itself."""
    if not options.strict:
        for finding in findings:
            if finding.severity == "error":
                print(finding, file=sys.stderr)


def strict_status(options: argparse.Namespace, findings: Iterable[Finding]) -> int:
    """Return 1, and say them, where --strict is given and findings of severity error remain."""
    errors = [finding for finding in findings if finding.severity == "error"] if options.strict else []
    for finding in errors:
        print(finding, file=sys.stderr)
    return 1 if errors else 0
