"""The command that proposes a mapping file for tables that do not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.cli.output import (
    complain,
    print_json,
    say_summary,
    write_each,
)
from carbonacct.cli.parser import add_command
from carbonacct.cli.shared_options import output_option, table_options
from carbonacct.cli.speaking import language, note, speak, tell
from carbonacct.cli.table_inputs import list_files
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    import argparse

    import pandas as pd

    from carbonacct.cli.parser import Commands


def add_commands(commands: Commands) -> None:
    """Add the commands of this module."""
    text = say("propose a mapping file: one line for each label that is not known")
    output = output_option("mapping")
    add_command(commands, "map", _map, text, table_options(), output)


def _speak_lines(lines: pd.DataFrame) -> pd.DataFrame:
    """Return a proposal in the language in which things are said now; a mapping file is read in either."""
    if language() == "en":
        return lines
    from carbonacct.balances.words.mapping_lines import id_in_chinese  # noqa: PLC0415

    candidates = [
        " | ".join(_name_candidate(kind, one) for one in said.split(" | "))
        for kind, said in zip(lines["kind"], lines["candidates"], strict=True)
    ]
    spoken = lines.assign(
        kind=lines["kind"].map(id_in_chinese),
        note=[speak(one) for one in lines["note"]],
        where=[speak(one) for one in lines["where"]],
        candidates=candidates,
    )
    return spoken.rename(columns=id_in_chinese)


def _name_candidate(kind: str, identifier: str) -> str:
    """Return the Chinese name of what a label may be, where it is read as that alone."""
    from carbonacct.balances.words.mapping import LEFT_OUT, LEFT_OUT_ZH  # noqa: PLC0415
    from carbonacct.balances.words.mapping_lines import id_in_chinese  # noqa: PLC0415

    if identifier == LEFT_OUT:
        return LEFT_OUT_ZH
    if kind in {"column", "sheet"}:
        return id_in_chinese(identifier)
    for named in vocabulary.KINDS:
        name = vocabulary.name(named, identifier, "zh")
        if named == kind and vocabulary.resolve(named, name) == identifier:
            return name
    return identifier


def _map(options: argparse.Namespace) -> int:
    from carbonacct.balances import (  # noqa: PLC0415 - a command loads what it needs
        propose_mapping,
        read_tables,
    )

    given = {
        "area": options.area,
        "year": options.year,
        "mapping": options.mapping,
        "layout": options.layout,
        "sheet": options.sheet,
    }
    from carbonacct.report.frames import write_mapping  # noqa: PLC0415

    files = list_files(options.files)
    lines = propose_mapping(*files, **given)
    rest = [stop for stop in read_tables(*files, **given).stops if not stop.askable]
    for stop in rest:
        complain(stop.error)
    if not len(lines):
        print_json([], lines)
        tell(say("no label is asked for") if rest else say("every label is known"))
        return 2 if rest else 0
    targets = options.output or ["-"]
    spoken = _speak_lines(lines)
    written, status = write_each(
        print_json(targets, lines),
        lambda target: write_mapping(spoken, target, overwrite=options.overwrite),
    )
    if "-" not in targets:
        _say_count(options, lines)
        if written:
            note(
                say(
                    "written: {written}; choose ids in it, then pass --mapping {first}",
                    written=join_texts(", ", written),
                    first=written[0],
                )
            )
    return status


def _say_count(options: argparse.Namespace, lines: pd.DataFrame) -> None:
    """Say how many sheets and labels a person has to choose for."""
    sheets = int((lines["kind"] == "sheet").sum())
    labels, filled = len(lines) - sheets, int((lines["id"] != "").sum())
    if sheets:
        text = say(
            "sheets contradict one another, {count} to choose from: write read beside one, or pass "
            "over and the reason beside others",
            count=sheets,
        )
        say_summary(options, text)
    if labels:
        text = say(
            "1 label is not known; {filled} filled in, {left} to choose"
            if labels == 1
            else "{count} labels are not known; {filled} filled in, {left} to choose",
            count=labels,
            filled=filled,
            left=labels - filled,
        )
        say_summary(options, text)
