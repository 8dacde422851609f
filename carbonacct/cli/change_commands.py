"""What changed between inventories: diff."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonacct.cli.output import (
    complain,
    note_written,
    say_findings,
    say_summary,
    strict_status,
    write_all,
)
from carbonacct.cli.parser import add_command, add_language
from carbonacct.cli.project_commands import explain_project, project_option
from carbonacct.cli.shared_options import add_strict, output_option
from carbonacct.text_columns import fill_columns
from carbonacct.texts import add_unit, join_clauses, join_parts, say, tell_value

if TYPE_CHECKING:
    import argparse

    import pandas as pd

    from carbonacct.cli.parser import Commands
    from carbonacct.projects.differences import Difference

_SHOWN = 10  # of the largest changes
_LABEL = 30
_SIDES, _NOTHING, _BETWEEN = ("before", "after"), "-", "; "
_WIDTH = 14
WORDS = {
    "zh": {
        "nothing": "没有变化",
        "head": "变化（吨）",
        "largest": "变化最大的单元：",
        "range": "{kind}：因变更次序不同，为 {least:+,.0f} 至 {most:+,.0f} 吨",
        "chain": "各次比较的分项不可相加，只有总变化可以相加。",
    },
    "en": {
        "nothing": "nothing changed",
        "head": "change (t)",
        "largest": "the largest changes:",
        "range": "{kind}: {least:+,.0f} to {most:+,.0f} t by the order in which inputs change",
        "chain": "Causes do not add up over a chain of comparisons; changes do.",
    },
}


def add_commands(commands: Commands) -> None:
    """Add the command of this module."""
    text = say("say what changed between two inventories, by cause")
    command = add_command(commands, "diff", _diff, text, output_option(), project_option())
    command.add_argument(
        "inventories",
        nargs="*",
        metavar="INVENTORY",
        help=say(
            "two: .csv .json .parquet .nc or submissions; in a project, one submission or none"
        ),
    )
    command.add_argument(
        "--order",
        metavar="KINDS",
        help=say("of a project: inputs change in this order, such as data,factor,method"),
    )
    add_strict(command)
    add_language(command)


def _diff(options: argparse.Namespace) -> int:
    names = options.inventories
    if len(names) > 2:
        return complain(
            say("{name_count} inventories are named; diff compares two", name_count=len(names))
        )
    if len(names) == 1 and Path(names[0]).is_file():
        return complain(
            say(
                "diff compares two inventories, and one file is named: {name}; name the other",
                name=names[0],
            )
        )
    if len(names) == 2:
        from carbonacct.projects.comparison_by_cause import compare_inventories  # noqa: PLC0415

        sides = [_find_side(options.project, name) for name in names]
        return write_difference(options, compare_inventories(*sides))
    from carbonacct.web.web_words import word  # noqa: PLC0415

    found = explain_project(options, names[0] if names else None)
    status = write_difference(options, found.difference)
    for _, row in found.ranges.iterrows():
        least, most = row["least"] / 1e6, row["most"] / 1e6
        kind = word(f"cause.{row['kind']}", options.lang)
        text = WORDS[options.lang]["range"].format(kind=kind, least=least, most=most)
        say_summary(options, text)
    return status


def _find_side(project: str, name: str) -> Path:
    """Return the file or folder of a name, or the submission of the project that bears it."""
    from carbonacct.projects.freezing import FOLDER  # noqa: PLC0415

    path, submission = Path(name), Path(project, FOLDER, name)
    return submission if submission.is_dir() and not path.exists() else path


def write_difference(options: argparse.Namespace, found: Difference) -> int:
    """Write a difference to the outputs asked for, or say it on the terminal."""
    written, status = write_all(
        found.table, options.output, found.findings, "diff", overwrite=options.overwrite
    )
    if "-" not in options.output:
        say_summary(options, "\n".join(list_changes(found, lang=options.lang)))
        note_written(written)
    say_findings(options, found.findings)
    return status or strict_status(options, found.findings)


def list_changes(found: Difference, *, lang: str) -> list[str]:
    """Return the changes by year and cause, and the largest of them with their cells, as lines."""
    from carbonacct.projects.differences import CAUSES  # noqa: PLC0415
    from carbonacct.web.web_words import word  # noqa: PLC0415

    words = WORDS[lang]
    if not len(found.table):
        return [words["nothing"]]
    sums = found.by("area", "year", "gas", "scope")
    causes = [cause for cause in CAUSES if found.table[cause].any()]
    heads = [word("changes.change", lang).lower(), *(word(f"cause.{one}", lang) for one in causes)]
    lines = [
        fill_columns(words["head"], _LABEL) + "".join(fill_columns(head, -_WIDTH) for head in heads)
    ]
    for _, row in sums.iterrows():
        scope = word("changes.scope", lang, number=row["scope"])
        label = fill_columns(f"{row['area']} {row['year']} {row['gas']} {scope}", _LABEL)
        lines.append(label + "".join(_tonnes(row[name]) for name in ("change", *causes)))
    moved = found.table[found.table[["change", *causes]].any(axis=1)]
    largest = moved.reindex(moved["change"].abs().sort_values(ascending=False).index)
    lines.append(words["largest"])
    for _, row in largest.head(_SHOWN).iterrows():
        moved_by = (
            f"{word(f'cause.{cause}', lang)} {row[cause] / 1e6:+,.0f}"
            for cause in causes
            if row[cause]
        )
        parts = join_parts(lang, *moved_by)
        lines.append("  " + _say_row(row, parts, lang))
    return [*lines, words["chain"]]


def _tonnes(grams: int) -> str:
    tonnes = round(grams / 1e6)
    return f"{tonnes or '-':>{'+' if tonnes else ''}{_WIDTH}{',' if tonnes else ''}}"


def _say_row(row: pd.Series[Any], parts: str, lang: str) -> str:
    """Return a change with its causes, and what stood and stands in its cells."""
    from carbonacct.report.standalone_names import name_entry  # noqa: PLC0415

    flow, product = row["flow"], row["product"]
    if lang == "zh":
        flow, product = name_entry(flow, product, lang)
    label = " ".join(map(str, filter(None, (row["area"], row["year"], flow, product, row["gas"]))))
    held = [[str(row[f"{name}_{side}"]) for side in _SIDES] for name in ("printed", "where")]
    sides = [_say_side(*side) for side in zip(*_leave_out_alike(*held), strict=True)]
    cells = " -> ".join(sides) if any(side != _NOTHING for side in sides) else ""
    change = add_unit(f"{row['change'] / 1e6:+,.0f} t", parts, lang)
    return join_clauses((tell_value(label, change, lang), cells), lang)


def _leave_out_alike(printed: list[str], where: list[str]) -> tuple[list[str], list[str]]:
    """Return the cells of both sides without those that print the same on both.

    Examples
    --------
    >>> _leave_out_alike(["1 t; 2 m", "1 t; 3 m"], ["a!B1; a!B2", "a!B1; a!B2"])
    (['2 m', '3 m'], ['a!B2', 'a!B2'])
    """
    lists = [text.split(_BETWEEN) for text in (*printed, *where)]
    if len({len(one) for one in lists}) > 1:  # cells came or went
        return printed, where
    moved = [at for at, (old, new) in enumerate(zip(*lists[:2], strict=True)) if old != new]
    kept = (
        [_BETWEEN.join(one[at] for at in moved) for one in lists] if moved else [*printed, *where]
    )
    return kept[:2], kept[2:]


def _say_side(printed: str, where: str) -> str:
    """Return what stood in a cell and where.

    Examples
    --------
    >>> _say_side("", ""), _say_side("3 t", "a.csv!B2"), _say_side("", "interpolation of 2012, 2014")
    ('-', '3 t [a.csv!B2]', '[interpolation of 2012, 2014]')
    """
    return " ".join(filter(None, (printed, f"[{where}]" if where else ""))) or _NOTHING
