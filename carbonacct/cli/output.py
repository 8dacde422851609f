"""What a command says and writes: complaints, result files, findings."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

from carbonacct.errors import SEVERITIES, CarbonacctError, FactorDataError, IndexDataError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Sequence

    import pandas as pd

    from carbonacct.errors import Finding

_SHOWN = 5  # warnings of one rule


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


def say_findings(options: argparse.Namespace, findings: Iterable[Finding]) -> None:
    """Say on standard error what the reader of data alone would miss: errors, some warnings of each rule, and how many findings more there are."""
    said: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for finding in findings:
        if finding.severity == "error":
            if not options.strict:  # --strict says them itself
                print(finding, file=sys.stderr)
        elif finding.severity == "warning" and said[finding.rule] < _SHOWN:
            said[finding.rule] += 1
            print(f"warning: {finding}", file=sys.stderr)
        else:
            left[finding.severity] += 1
    if left and said:  # nothing but notes is no news
        counts = ", ".join(f"{left[severity]} {severity}" for severity in SEVERITIES if left[severity])
        print(f"and {counts} not shown; a .json or .xlsx output lists them", file=sys.stderr)


def strict_status(options: argparse.Namespace, findings: Iterable[Finding]) -> int:
    """Return 1, and say them, where --strict is given and findings of severity error remain."""
    errors = [finding for finding in findings if finding.severity == "error"] if options.strict else []
    for finding in errors:
        print(finding, file=sys.stderr)
    return 1 if errors else 0
