"""Commands on composite indices and indicator forms: index list, template, score, sensitivity, form."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonacct.cli.output import (
    name_written,
    print_json,
    say_findings,
    say_summary,
    strict_status,
    write_results,
)
from carbonacct.cli.parser import Parser, add_command, add_language
from carbonacct.cli.shared_options import (
    add_json,
    add_own_words,
    add_strict,
    fraction,
    label,
    number,
    output_option,
)
from carbonacct.cli.speaking import manner, note, tell
from carbonacct.errors import IndexDataError, OutputError
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    import pandas as pd

    from carbonacct.balances import EnergyBalance
    from carbonacct.cli.parser import Commands
    from carbonacct.indices.index_panel import Panel
    from carbonacct.indices.scoring import IndexResult
    from carbonacct.inventory.record import Inventory


def add_commands(commands: Commands) -> None:
    """Add the commands of this module."""
    family = add_command(
        commands,
        "index",
        _list,
        say("composite low-carbon indices: list, template, score, sensitivity, form"),
    )
    actions = family.add_subparsers(metavar="ACTION", required=True, parser_class=Parser)
    listing = add_command(actions, "list", _list, say("list the indices and forms"))
    add_language(listing)
    add_json(listing)
    name, data = _name_options(), _data_options()
    _add_template(actions, name)
    add_command(actions, "score", _score, say("score areas"), name, data, _score_output())
    _add_sensitivity(actions, name, data)
    text = say("write the filled form in its printed layout")
    _add_book(add_command(actions, "form", _form, text, name, data))


def _name_options() -> Parser:
    """Return the word that names an index."""
    options = Parser(add_help=False)
    options.add_argument(
        "name",
        metavar="NAME",
        help=say("id of an index (carbonacct index list), or a .toml declaration of your own"),
    )
    return options


def _data_options() -> Parser:
    """Return the options that name the table of an index and what is taken from elsewhere."""
    data = Parser(add_help=False)
    data.add_argument(
        "file", metavar="FILE", help=say("the filled-in template, or a table like it: .xlsx .csv")
    )
    data.add_argument(
        "--inventory",
        metavar="RESULT",
        action="append",
        default=[],
        help=say(
            "result of carbonacct inventory (.csv .json .parquet .nc); emissions are taken from it"
        ),
    )
    data.add_argument(
        "--balance",
        metavar="TABLE",
        action="append",
        default=[],
        help=say("energy balance table; electricity used is taken from it"),
    )
    data.add_argument(
        "--coal-equivalent",
        metavar="METHOD",
        help=say(
            "take energy in coal equivalent from the balances as well: yearbook-2008, "
            "gb-t-2589-2008, gb-t-2589-2020"
        ),
    )
    data.add_argument(
        "--power-rate",
        type=number,
        metavar="KGCE",
        help=say("coal that power plants use a kWh, such as 0.3: primary electricity counts at it"),
    )
    data.add_argument("--year", type=int, help=say("the last year of the table unless given"))
    add_own_words(data)
    add_strict(data)
    add_language(data)
    return data


def _score_output() -> Parser:
    """Return the option that names files of scores."""
    return output_option("scores")


def _add_template(actions: Commands, name: Parser) -> None:
    text = say("write the spreadsheet to fill in")
    template = add_command(actions, "template", _template, text, name)
    template.add_argument(
        "--area",
        type=label,
        metavar="NAME",
        action="append",
        default=[],
        help=say("lay out rows of this area"),
    )
    template.add_argument(
        "--year", type=int, action="append", default=[], help=say("lay out rows of this year")
    )
    _add_book(template)


def _add_sensitivity(actions: Commands, name: Parser, data: Parser) -> None:
    text = say(
        "ranks over draws of weights, data and normalisations, and what holds each area back"
    )
    command = add_command(actions, "sensitivity", _sensitivity, text, name, data, _score_output())
    command.add_argument("--draws", type=int, default=1000, help=say("default 1000"))
    command.add_argument(
        "--seed", type=int, default=0, help=say("the same seed gives the same numbers; default 0")
    )
    command.add_argument(
        "--weight-range",
        type=number,
        default=25.0,
        metavar="PERCENT",
        help=say("weights vary by this much up and down; default 25"),
    )
    command.add_argument(
        "--data-range",
        action="append",
        default=[],
        metavar="[INDICATOR=]PERCENT",
        help=say(
            "values vary by this much up and down; default 0, of all or of the one "
            "named; may be repeated"
        ),
    )
    command.add_argument(
        "--vary-rules",
        action="store_true",
        help=say("draw the normalisation as well: declared, min-max of the group, percentile"),
    )
    command.add_argument(
        "--level",
        type=fraction,
        default=0.9,
        help=say("share of the draws inside the interval of ranks; default 0.9"),
    )


def _add_book(command: argparse.ArgumentParser) -> None:
    """Add the option that names the workbook to write, and lets it replace one."""
    command.add_argument(
        "-o", "--output", metavar="OUT.xlsx", required=True, help=say("the workbook to write")
    )
    command.add_argument(
        "--overwrite", action="store_true", help=say("replace a workbook that exists")
    )


def _list(options: argparse.Namespace) -> int:
    from carbonacct.indices.index_declaration import (  # noqa: PLC0415 - a command loads what it needs
        index_ids,
        load_index,
    )

    if manner().json:
        import pandas as pd  # noqa: PLC0415

        names = ("id", "kind", "title", "title_zh", "reference")
        found = [load_index(name) for name in index_ids()]
        print_json([], pd.DataFrame([{n: getattr(one, n) for n in names} for one in found]))
        return 0
    for name in index_ids():
        index = load_index(name)
        what = (
            f"{len(index.leaves)} indicators"
            if options.lang == "en"
            else f"{len(index.leaves)} 个指标"
        )
        tell(
            f"{name:<22} {index.kind:<6} {what:<14}"
            f" {index.title if options.lang == 'en' else index.title_zh}"
        )
        tell(f"{'':<44} {index.reference}")
    return 0


def _template(options: argparse.Namespace) -> int:
    from carbonacct.indices.index_declaration import load_index  # noqa: PLC0415
    from carbonacct.indices.template import make_template  # noqa: PLC0415

    if bool(options.area) != bool(options.year):
        raise IndexDataError(say("--area and --year lay out rows together; give both or neither"))
    _save_book(
        make_template(load_index(options.name), areas=options.area, years=options.year), options
    )
    return 0


def _score(options: argparse.Namespace) -> int:
    result = _score_file(options)
    frame = result.to_frame(options.year)
    return _give(options, "index-score", frame, result, year=_year(options, result))


def _sensitivity(options: argparse.Namespace) -> int:
    from carbonacct.indices.sensitivity import draw_ranks  # noqa: PLC0415

    result = _score_file(options)
    year = _year(options, result)
    drawn = draw_ranks(
        result,
        draws=options.draws,
        seed=options.seed,
        weight_range=options.weight_range / 100,
        data_range=_data_ranges(options.data_range, result),
        vary_rules=options.vary_rules,
        level=options.level,
    )
    return _give(options, "index-sensitivity", drawn.to_frame(year), result, year=year)


def _data_ranges(texts: Sequence[str], result: IndexResult) -> dict[str, float]:
    """Return the range of each indicator, as a fraction: that of all, then those of the ones that are named."""
    from carbonacct.sheets.values import NUMBER, read_value  # noqa: PLC0415

    ranges: dict[str, float] = {}
    for text in sorted(texts, key=lambda text: "=" in text):
        name, _, share = text.rpartition("=")
        percent, status = read_value(share)
        if status != NUMBER:
            raise IndexDataError(
                say(
                    "--data-range {text!r} is neither PERCENT nor INDICATOR=PERCENT; write "
                    "it as 5 or co2_per_head=5",
                    text=text,
                )
            )
        ranges |= (
            {name.strip(): percent / 100}
            if name
            else dict.fromkeys((leaf.id for leaf in result.index.leaves), percent / 100)
        )
    return ranges


def _form(options: argparse.Namespace) -> int:
    from carbonacct.indices.assessment_form import fill_form  # noqa: PLC0415

    book, missing = fill_form(
        options.name,
        _read_table(options),
        inventory=_read_inventories(options.inventory),
        balance=_read_balances(options),
        coal_equivalent=options.coal_equivalent,
        power_rate=options.power_rate,
        year=options.year,
    )
    for finding in missing:
        tell(finding)
    _save_book(book, options)
    return strict_status(options, missing)


def _score_file(options: argparse.Namespace) -> IndexResult:
    from carbonacct.indices.scoring import score_index  # noqa: PLC0415

    return score_index(
        options.name,
        _read_table(options),
        inventory=_read_inventories(options.inventory),
        balance=_read_balances(options),
        coal_equivalent=options.coal_equivalent,
        power_rate=options.power_rate,
    )


def _read_table(options: argparse.Namespace) -> str | Panel:
    """Return the table that is named, or the inputs of the index on the sheet of it that is named."""
    if not options.sheet:
        return str(options.file)
    from carbonacct.indices.index_declaration import load_index  # noqa: PLC0415
    from carbonacct.indices.index_panel import read_panel  # noqa: PLC0415

    return read_panel(options.file, load_index(options.name), options.sheet)


def _read_balances(options: argparse.Namespace) -> list[EnergyBalance]:
    """Return the energy balances that are named, read by the user's own words."""
    from carbonacct.balances import read_every  # noqa: PLC0415
    from carbonacct.balances.words.mapping import read_words  # noqa: PLC0415

    return read_every(options.balance, mapping=read_words(options.mapping, None, options.sheet))


def _read_inventories(paths: Sequence[str]) -> Inventory | None:
    """Return inventories that were written as one; the energy of an area and year stands in one of them."""
    if not paths:
        return None
    import pandas as pd  # noqa: PLC0415

    from carbonacct.inventory.inventory_reader import read_inventory  # noqa: PLC0415
    from carbonacct.inventory.joining import join_inventories  # noqa: PLC0415

    read = [read_inventory(path) for path in paths]
    held = pd.concat([one.entries.assign(file=path) for one, path in zip(read, paths, strict=True)])
    energy = held[(held["sector"] == "energy") & (held["kind"] != "memo")]
    named = join_texts(" and ", paths)
    if (twice := _find_twice(energy, "file")) is not None:
        text = "{paths}: {area} {year} stands in more than one of them; give one"
        raise IndexDataError(say(text, paths=named, area=twice["area"], year=twice["year"]))
    if (twice := _find_twice(energy, "method")) is not None:
        text = "{paths}: {area} {year} was made by more than one method; give one"
        raise IndexDataError(say(text, paths=named, area=twice["area"], year=twice["year"]))
    return join_inventories(read)


def _find_twice(entries: pd.DataFrame, column: str) -> pd.Series | None:
    """Return an entry whose area and year come with another value of a column as well."""
    different = entries.drop_duplicates(["area", "year", column])
    again = different[different.duplicated(["area", "year"])]
    return again.iloc[0] if len(again) else None


def _year(options: argparse.Namespace, result: IndexResult) -> int:
    """Return the year that is written, and say it where the table has others."""
    years: list[int] = result.score["year"].values.tolist()
    if options.year is None and len(years) > 1:
        tell(
            say(
                "year {last_year}, the last of {year_count} in {name}; --year takes another",
                last_year=years[-1],
                year_count=len(years),
                name=Path(options.file).name,
            ),
            file=sys.stderr,
        )
    return years[-1] if options.year is None else options.year


def _give(
    options: argparse.Namespace, kind: str, frame: pd.DataFrame, result: IndexResult, *, year: int
) -> int:
    """Write the rows, or print the ranking, and say what the reader should know."""
    from carbonacct.analysis.analysis_result import Analysis  # noqa: PLC0415
    from carbonacct.report import list_findings  # noqa: PLC0415

    index, lang = result.index, options.lang
    analysis = Analysis(
        kind,
        frame,
        by=("area",),
        findings=result.findings,
        words={
            "of": index.title_zh if lang == "zh" else index.title,
            "year": str(year),
            "reference": index.reference,
        },
        names={index.id: index.title_zh if lang == "zh" else index.title}
        | {one.id: one.zh if lang == "zh" else one.en for one in index.indicators},
    )
    written, failed = write_results(options.output, analysis, overwrite=options.overwrite)
    if "-" in options.output:
        say_findings(options, result.findings)
    else:
        say_summary(
            options,
            join_texts(
                "\n",
                [
                    *_ranking(result, year, options.lang),
                    *list_findings(result.findings, lang=options.lang),
                    *name_written(written),
                ],
            ),
        )
    return failed or strict_status(options, result.findings)


def _ranking(result: IndexResult, year: int, lang: str) -> list[str]:
    """Return one line per area, the best first; those without a score last."""
    import numpy as np  # noqa: PLC0415

    total, rank = (array.sel(year=year).to_series() for array in (result.total(), result.rank()))
    lines = [f"{result.index.title_zh if lang == 'zh' else result.index.title} {year}"]
    for area in rank.sort_values(kind="stable", na_position="last").index:
        none = "   -  没有得分" if lang == "zh" else "   -  no score"
        number = none if np.isnan(rank[area]) else f"{rank[area]:4.0f}  {total[area]:8.2f}"
        lines.append(f"{number}  {area}")
    return lines


def _save_book(book: Any, options: argparse.Namespace) -> None:
    """Write a workbook whole or not at all; one that is there stays unless --overwrite is given."""
    from carbonacct.report.files import place_file, save_whole  # noqa: PLC0415

    if Path(options.output).suffix.lower() != ".xlsx":
        raise OutputError(
            say(
                "{output}: the kind of an output follows its suffix; known: .xlsx",
                output=options.output,
            )
        )
    place_file(
        options.output, lambda path: save_whole(book.save, path), overwrite=options.overwrite
    )
    note(say("written: {written}", written=options.output))
