"""What a command says and writes: complaints, result files, findings."""

from __future__ import annotations

import codecs
import hashlib
import json
import os
import shlex
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonacct.cli.speaking import is_said_elsewhere, language, manner, note, speak, tell
from carbonacct.data import shown_name, why_unwritten, write_beside
from carbonacct.errors import (
    SEVERITIES,
    ActivityDataError,
    AssumptionError,
    CarbonacctError,
    FactorDataError,
    IndexDataError,
    OutputError,
    StoppedError,
    visible,
)
from carbonacct.texts import join_texts, say
from carbonacct.version import __version__

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import TextIO

    import pandas as pd

    from carbonacct.analysis.analysis_result import Analysis
    from carbonacct.errors import Finding
    from carbonacct.texts import Text

_OF_LINES = (ActivityDataError, AssumptionError, FactorDataError, IndexDataError, StoppedError)
_SHOWN = 5  # warnings of one rule
_MOST_LINES = 100  # of one complaint
_LONGEST = 1500
# Words of a command that say where a result goes, and not what it is.
_OUTPUTS = ("-o", "--output")
_NOT_SAID = frozenset({*_OUTPUTS, "--overwrite", "--quiet", "--excel", "--json"})


class VisibleStream:
    r"""A stream on which control characters are shown as ``\x1b``: what a table holds never steers a terminal.

    A stream that cannot be written to is said once and then left alone: standard output is an
    `OutputError`, and what standard error cannot say has no other place. What another stream holds
    that was said before is written first, so that both stand in order in one file.
    """

    def __init__(
        self, stream: TextIO, name: str = "", *, after: VisibleStream | None = None
    ) -> None:
        self.stream, self._name, self._after = stream, name, after
        self._failure: OSError | None = None

    @property
    def data_stream(self) -> TextIO | VisibleStream:
        """Where data go that another program reads: as they are, but never to a terminal."""
        return self if self.stream.isatty() else _DataStream(self.stream, self._name)

    def write(self, text: str) -> int:
        """Write a text, its control characters made visible."""
        if self._after:
            with suppress(OSError, OutputError):  # it says so itself when it is flushed last
                self._after.flush()
        return self._attempt(self.stream.write, visible(text))

    def flush(self) -> None:
        """Write what is still held, and say what failed before: the parser of the words keeps that to itself."""
        self._attempt(self.stream.flush)
        if self._failure:
            raise self._failure

    def _attempt(self, work: Callable[..., int | None], *arguments: str) -> int:
        try:
            return work(*arguments) or 0
        except OSError as error:
            self._abandon()
            if not self._name:
                return 0
            if isinstance(error, BrokenPipeError):
                raise
            self._failure = OutputError(
                say(
                    "{name}: cannot be written ({reason})",
                    name=self._name,
                    reason=why_unwritten(error),
                )
            )
            raise self._failure from None

    def _abandon(self) -> None:
        """Let what is still held go nowhere, or the interpreter complains at its end."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.stream.fileno())
        os.close(nowhere)

    def __getattr__(self, name: str) -> Any:
        """Return what the stream itself has."""
        return getattr(self.stream, name)


class _DataStream(VisibleStream):
    def write(self, text: str) -> int:
        return self._attempt(self.stream.write, text)


def show_progress(text: str) -> None:
    """Put a text in the place of the line that a terminal shows last."""
    if manner().quiet:
        return
    sys.stderr.flush()
    stream = sys.stderr.stream if isinstance(sys.stderr, VisibleStream) else sys.stderr
    stream.write(f"\r\033[K{visible(text)}")
    stream.flush()


def complain(error: CarbonacctError | str) -> int:
    """Say what is wrong on standard error and return status 2."""
    text = speak(error)
    lines = text.splitlines() if isinstance(error, _OF_LINES) else [" ".join(text.split())]
    for line in lines[:_MOST_LINES]:
        print(_shorten(line), file=sys.stderr)
    if len(lines) > _MOST_LINES:
        tell(say("and {count} more", count=len(lines) - _MOST_LINES), file=sys.stderr)
    return 2


def _shorten(line: str) -> str:
    """Return a line that a screen holds: a label may have a million letters."""
    if len(line) <= _LONGEST:
        return line
    half = _LONGEST // 2
    left_out = say(" ... {count} characters ... ", count=len(line) - 2 * half)
    return f"{line[:half]}{speak(left_out)}{line[-half:]}"


def refuse_outputs(options: argparse.Namespace) -> int:
    """Say which result files cannot be written, by ending or place, before anything is worked out, and leave them out.

    Returns the status, 2 where one is refused.
    """
    targets, endings = getattr(options, "output", None) or [], getattr(options, "endings", ())
    named = [target for target in targets if target != "-"] if endings else []
    if not named:
        return 0
    endings = endings() if callable(endings) else endings
    from carbonacct.report.files import check_target  # noqa: PLC0415 - a command loads what it needs

    status = 0
    for target in named:
        try:
            check_target(target, endings, overwrite=options.overwrite)
        except CarbonacctError as error:
            status = complain(error)
            targets.remove(target)
    return status


def keep_what_was(options: argparse.Namespace) -> bool:
    """Leave out the result files that exist, as what was refused is missing from the result.

    Return whether anything is left to write or say.

    A whole result of another day is worth more than a part that bears its name.
    """
    named = options.output or []
    kept = [target for target in named if target != "-" and Path(target).exists()]
    for target in kept:
        complain(
            say(
                "{target}: stays as it was: a file was refused, and a part does not replace "
                "the whole; correct that file, or name another output",
                target=target,
            )
        )
        named.remove(target)
    return bool(named) or not kept


def write_all(
    frame: pd.DataFrame,
    targets: Sequence[str],
    findings: Sequence[Finding],
    title: str,
    *,
    overwrite: bool,
) -> tuple[list[str], int]:
    """Write a table to each target; what cannot be written is said and the others are done."""
    from carbonacct.report import write_frame  # noqa: PLC0415

    return write_each(
        print_json(targets, frame, findings),
        lambda target: write_frame(frame, target, findings, title=title, overwrite=overwrite),
    )


def write_results(
    targets: Sequence[str], analysis: Analysis, *, overwrite: bool
) -> tuple[list[str], int]:
    """Write an analysis to each target; what cannot be written is said and the others are done."""
    from carbonacct.report.analyses.analysis_files import write_analysis  # noqa: PLC0415
    from carbonacct.report.analyses.analysis_words import find_units  # noqa: PLC0415

    made = replace(analysis, made=make_manifest())
    return write_each(
        print_json(targets, analysis.frame, analysis.findings, units=find_units(analysis)),
        lambda target: write_analysis(made, target, lang=language(), overwrite=overwrite),
    )


def print_json(
    targets: Sequence[str],
    frame: pd.DataFrame,
    findings: Iterable[Finding] = (),
    *,
    units: Mapping[str, str] | None = None,
) -> list[str]:
    """Print a table as JSON where --json asks for it, and return the targets that are left to write."""
    if not manner().json:
        return list(targets)
    from carbonacct.report.frames import describe_table, print_data  # noqa: PLC0415

    notes = [translate(finding) for finding in findings]
    content = {**describe_table(frame, units), "notes": notes, "manifest": make_manifest()}
    print_data(json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    return [target for target in targets if target != "-"]


def print_rows(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows as a table of JSON where --json asks for it and there are some."""
    if manner().json and rows:
        import pandas as pd  # noqa: PLC0415 - a command loads what it needs

        print_json([], pd.DataFrame(rows))


def print_findings(findings: Iterable[Finding]) -> None:
    """Print findings as a table of JSON where --json asks for it."""
    import pandas as pd  # noqa: PLC0415 - a command loads what it needs

    names = ["severity", "rule", "where", "message", "action", "worth"]
    rows = [translate(finding) for finding in findings]
    print_json([], pd.DataFrame(rows, columns=names), units={"worth": "t"})


def translate(finding: Finding) -> dict[str, Any]:
    """Return a finding as plain data in the language in which things are said now."""
    from carbonacct.catalogue import translate_finding  # noqa: PLC0415

    said = translate_finding(finding, language())
    names = ("severity", "rule", "where", "message", "action", "worth")
    return {
        name: str(value) if isinstance(value := getattr(said, name), str) else value
        for name in names
    }


def make_manifest() -> dict[str, Any]:
    """Return how a command came to its result: program, words, and the digest of each file among these."""
    inputs, said = [], ["carbonacct"]
    words = iter(manner().words)
    for word in words:
        if word in _NOT_SAID:
            if word in _OUTPUTS:
                next(words, None)
            continue
        option, sign, value = word.partition("=") if word.startswith("--") else ("", "", word)
        if Path(value).is_file():
            with Path(value).open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            inputs.append({"name": shown_name(value), "sha256": digest})
            said.append(f"{option}{sign}{shown_name(value)}")
        else:
            said.append(word)
    return {
        "program": f"carbonacct {__version__}",
        "command": shlex.join(said),
        "inputs": inputs,
    }


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
            if manner().excel and target.lower().endswith(".csv"):
                _mark_for_excel(Path(target))
    return written, status


def name_written(written: Sequence[str]) -> list[Text]:
    """Return the line that names the files that were written, none where there are none."""
    return [say("written: {written}", written=join_texts(", ", written))] if written else []


def note_written(written: Sequence[str]) -> None:
    """Say which files were written."""
    for line in name_written(written):
        note(line)


def _mark_for_excel(path: Path) -> None:
    """Put a byte order mark before a CSV file that was just written."""
    content = path.read_bytes()
    if not content.startswith(codecs.BOM_UTF8):
        write_beside(path, lambda beside: beside.write_bytes(codecs.BOM_UTF8 + content))


def say_findings(
    options: argparse.Namespace, findings: Iterable[Finding], *, notes: bool = False
) -> None:
    """Say on standard error what the reader of data alone would miss.

    Errors, some warnings of each rule, and how many findings more there are.

    `notes` says some of what is to be known and is no fault as well.
    """
    rule_counts: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for finding in findings:
        if finding.severity == "error":
            if not options.strict:  # --strict says them itself
                _warn(finding)
        elif manner().quiet:
            continue
        elif finding.severity == "warning" and rule_counts[finding.rule] < _SHOWN:
            rule_counts[finding.rule] += 1
            _warn(say("warning: {finding}", finding=finding))
        elif finding.severity == "info" and notes and rule_counts[finding.rule] < _SHOWN:
            rule_counts[finding.rule] += 1
            _warn(say("note: {finding}", finding=finding))
        else:
            left[finding.severity] += 1
    if left and rule_counts:  # nothing but notes is no news
        counts = join_texts(
            ", ",
            (
                say("{count} {severity}", count=left[severity], severity=severity)
                for severity in SEVERITIES
                if left[severity]
            ),
        )
        tell(
            say("and {counts} not shown; a .json or .xlsx output lists them", counts=counts),
            file=sys.stderr,
        )


def say_summary(
    options: argparse.Namespace, text: object, findings: Iterable[Finding] = ()
) -> None:
    """Say a summary; under --quiet, where the result stands elsewhere, the errors alone."""
    if is_said_elsewhere():
        say_findings(options, findings)
    else:
        tell(text)


def _warn(text: object) -> None:
    print(_shorten(speak(text)), file=sys.stderr)


def strict_status(options: argparse.Namespace, findings: Iterable[Finding]) -> int:
    """Return 1, and say them, where --strict is given and findings of severity error remain."""
    errors = (
        [finding for finding in findings if finding.severity == "error"] if options.strict else []
    )
    for finding in errors:
        tell(finding, file=sys.stderr)
    return 1 if errors else 0
