"""Commands on what is uncertain: uncertainty, key-categories, contributions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from carbonacct.cli.output import (
    say_findings,
    say_summary,
    strict_status,
    write_results,
)
from carbonacct.cli.parser import (
    Parser,
    add_command,
    add_knowledge,
    analysis_output,
    factor_options,
    fraction,
    gas,
    grid_option,
    known_of_inputs,
    table_options,
)
from carbonacct.cli.sector_commands import has_tables, read_whole
from carbonacct.cli.speaking import note, speak
from carbonacct.cli.table_inputs import compile_all
from carbonacct.errors import UncertaintyError
from carbonacct.text_columns import fill_columns
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Hashable, Mapping, Sequence

    import pandas as pd

    from carbonacct.errors import Finding
    from carbonacct.inventory.record import Inventory
    from carbonacct.sectors.energy import EnergyInventory
    from carbonacct.uncertainty import DrawModel
    from carbonacct.uncertainty.draw_model import DrawInput

_WORDS = {
    "total": {"en": "total", "zh": "总量"},
    "trend": {"en": "change since {base}", "zh": "较{base}年变化"},
    "most": {
        "en": "what would help most (share of the variance)",
        "zh": "改进何处数据最有效（占方差比重）",
    },
    "key": {"en": "key categories", "zh": "关键类别"},
    "level": {"en": "level", "zh": "水平"},
    "activity": {"en": "activity", "zh": "活动水平"},
    "factor": {"en": "factor", "zh": "因子"},
    "interactions": {"en": "interactions", "zh": "交互作用"},
    "written": {"en": "written", "zh": "已写出"},
}


def add_commands(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add the commands of this module."""
    shared = (table_options(), factor_options(), grid_option(), _input_options(), analysis_output())
    command = add_command(
        commands,
        "uncertainty",
        _uncertainty,
        say("say how sure an inventory is, and its trend"),
        *shared,
    )
    command.add_argument(
        "--approach",
        type=int,
        choices=(1, 2),
        default=2,
        help=say("1: error propagation (IPCC table 3.2); 2: Monte Carlo (default)"),
    )
    command.add_argument(
        "--by",
        default="area,year",
        metavar="DIMS",
        help=say(
            "approach 2: totals by these of area,year,flow,product,category,fuel, with activity"
            " tables sector as well (area,year)"
        ),
    )
    command.add_argument(
        "--draws",
        type=int,
        metavar="N",
        help=say("draws; as many as the precision takes unless given"),
    )
    command.add_argument(
        "--precision",
        type=float,
        default=0.01,
        metavar="P",
        help=say("standard error of a bound as a part of half the interval (0.01)"),
    )
    command.add_argument(
        "--seed", type=int, default=0, metavar="S", help=say("same seed, same numbers (0)")
    )
    command.add_argument(
        "--sampler", default="random", help=say("random, antithetic, latin or sobol")
    )
    command.add_argument(
        "--level", type=fraction, default=0.95, help=say("probability of the interval (0.95)")
    )
    command = add_command(
        commands,
        "key-categories",
        _key_categories,
        say("find the categories that make up most of level and trend"),
        *shared,
    )
    command.add_argument(
        "--approach",
        type=int,
        choices=(1, 2),
        default=1,
        help=say("1: by size (95 %%); 2: by size and uncertainty (90 %%)"),
    )
    command.add_argument(
        "--threshold",
        type=float,
        metavar="PART",
        help=say("part of the sum that key categories make up"),
    )
    add_command(
        commands,
        "contributions",
        _contributions,
        say("rank the inputs whose uncertainty matters most"),
        *shared,
    )


def _input_options() -> Parser:
    options = Parser(add_help=False)
    options.add_argument("--method", required=True, help=say("carbonacct methods lists them"))
    options.add_argument(
        "--scope",
        type=int,
        choices=(1, 2),
        default=1,
        help=say("1: fuels burnt; 2: electricity and heat brought in"),
    )
    options.add_argument("--gas", type=gas, default="", help=say("the gas (CO2)"))
    options.add_argument(
        "--gwp",
        metavar="METRIC",
        help=say("all gases added up as CO2-equivalent, such as AR5GWP100"),
    )
    options.add_argument(
        "--base", type=int, metavar="YEAR", help=say("base year of a trend, one of the tables")
    )
    add_knowledge(options)
    return options


def _model(
    options: argparse.Namespace,
) -> tuple[DrawModel | None, list[EnergyInventory | Inventory], int]:
    options.gas = options.gas or ([] if options.gwp else "CO2")
    made: list[EnergyInventory | Inventory]
    if has_tables(options):
        _, whole, status = read_whole(options)
        made = [] if whole is None else [whole]
    else:
        energy, status = compile_all(options)
        made = list(energy)
    if not made:
        return None, made, status
    from carbonacct.inventory.metrics import (  # noqa: PLC0415 - a command loads what it needs
        name_equivalent,
    )
    from carbonacct.uncertainty import model_inventory  # noqa: PLC0415

    model = model_inventory(
        made,
        scope=options.scope,
        gas=options.gas,
        gwp=options.gwp,
        **known_of_inputs(options),
    )
    _check_base(options.base, sorted(map(int, model.labels["year"])))
    options.gas = options.gas if not options.gwp else name_equivalent(options.gwp)
    return model, made, status


def _check_base(base: int | None, years: Sequence[int]) -> None:
    """Refuse a base year that the tables do not have, or that has no later year."""
    listed = join_texts(", ", map(str, years))
    if base is not None and base not in years:
        raise UncertaintyError(
            say(
                "the base year {base} is not in the data, which have {listed}; give its "
                "table as well, or another --base",
                base=base,
                listed=listed,
            )
        )
    if base is not None and base == years[-1]:
        raise UncertaintyError(
            say(
                "the base year {base} is the latest in the data, which have {listed}; a "
                "trend needs the table of a later year",
                base=base,
                listed=listed,
            )
        )


def _finish(
    options: argparse.Namespace,
    frame: pd.DataFrame,
    lines: Sequence[str],
    model: DrawModel,
    *,
    made: Sequence[EnergyInventory | Inventory],
    status: int,
) -> int:
    """Write the results, say them unless they go to standard output, and return the exit status."""
    from carbonacct.analysis.analysis_result import Analysis  # noqa: PLC0415
    from carbonacct.report import list_findings  # noqa: PLC0415

    findings = list(
        dict.fromkeys(
            [*model.findings, *(finding for inventory in made for finding in inventory.findings)]
        )
    )
    analysis = Analysis(
        options.kind, frame, by=options.dims, findings=findings, words=options.words
    )
    written, failed = write_results(options.output, analysis, overwrite=options.overwrite)
    if "-" in options.output:
        say_findings(options, findings)
    else:
        text = join_texts("\n", [*lines, *list_findings(model.findings, lang=options.lang)])
        say_summary(options, text, model.findings)
        if written:
            note(f"{_WORDS['written'][options.lang]}: {', '.join(written)}")
    return status or failed or strict_status(options, findings)


def _uncertainty(options: argparse.Namespace) -> int:
    model, made, status = _model(options)
    if model is None:
        return status
    options.words = {}
    options.kind, options.dims = "uncertainty", tuple(filter(None, options.by.split(",")))
    if options.approach == 1:
        options.kind, options.dims = "error-propagation", ("area",)
        frame, lines, notes = _propagate_errors(options, model)
    else:
        frame, lines, notes = _draw(options, model)
    model = replace(model, findings=(*model.findings, *notes))
    return _finish(options, frame, lines, model, made=made, status=status)


def _find_years(model: DrawModel, area: str) -> list[int]:
    """Return the years in which an area has numbers."""
    from carbonacct.uncertainty.draw_model import select_cells  # noqa: PLC0415

    years = model.labels["year"][model.codes["year"][select_cells(model, "area", area)]]
    return sorted(set(map(int, years)))


def _check_trend(
    options: argparse.Namespace, model: DrawModel, area: str, latest: int
) -> list[Finding]:
    """Return why the totals of two years do not compare; of a total no category is too small."""
    from carbonacct.uncertainty import tabulate_categories  # noqa: PLC0415
    from carbonacct.uncertainty.key_categories import check_trend  # noqa: PLC0415

    if options.base is None:
        return []
    table = tabulate_categories(model, latest=latest, base=options.base, area=area)
    return check_trend(table, area=area, base=options.base, latest=latest, least=0.0)


def _draw(
    options: argparse.Namespace, model: DrawModel
) -> tuple[pd.DataFrame, list[str], list[Finding]]:
    import pandas as pd  # noqa: PLC0415

    from carbonacct.report.terminal import note_narrow  # noqa: PLC0415
    from carbonacct.uncertainty import propagate, simulate  # noqa: PLC0415

    shared = {"seed": options.seed, "sampler": options.sampler, "level": options.level}
    by = [dim for dim in options.by.split(",") if dim]
    found = simulate(model, by=by, draws=options.draws, precision=options.precision, **shared)
    frame = found.to_frame().assign(quantity="emissions", unit="t")
    lines = [
        f"{' '.join(str(row[dim]) for dim in by) or _WORDS['total'][options.lang]}  {options.gas} "
        f" {row['value'] / 1e6:.4f} Mt  [{row['lower'] / 1e6:.4f}, {row['upper'] / 1e6:.4f}] "
        f" {100 * (row['lower'] / row['value'] - 1):+.1f} %"
        f" {100 * (row['upper'] / row['value'] - 1):+.1f} %{note_narrow(model.exact, options.lang)}"
        for row in frame.to_dict("records")
        if row["value"]
    ]
    uneven = {
        (area, year): told
        for area in map(str, model.labels["area"])
        for year in _find_years(model, area)
        if year != options.base and (told := _check_trend(options, model, area, year))
    }
    if options.base is not None:
        trend = propagate(
            model,
            lambda total: 100 * (total / total.sel(year=options.base, drop=True) - 1),
            by=["area", "year"],
            draws=found.draws,
            **shared,
        )
        changes = (
            trend.to_frame()
            .query("year != @options.base")
            .loc[
                lambda rows: [
                    key not in uneven for key in zip(rows["area"], rows["year"], strict=True)
                ]
            ]
            .assign(quantity=f"change since {options.base}", unit="%")
        )
        frame = pd.concat([frame, changes], ignore_index=True)
        word = _WORDS["trend"][options.lang].format(base=options.base)
        lines += [
            f"{row['area']} {row['year']}  {options.gas}  {word}  {row['value']:+.2f} % "
            f" [{row['lower']:+.2f}, {row['upper']:+.2f}]"
            for row in changes.to_dict("records")
        ]
    options.words = {
        "level": f"{100 * found.level:g} %",
        "draws": f"{found.draws:,}",
        "seed": str(found.seed),
        "method": options.method,
    }
    frame = frame.assign(
        gas=options.gas,
        scope=options.scope,
        level=found.level,
        draws=found.draws,
        seed=found.seed,
        method=options.method,
    )
    first = [*by, *[dim for dim in ("area", "year") if dim in frame.columns and dim not in by]]
    return (
        frame[
            [
                *first,
                "gas",
                "scope",
                "quantity",
                "value",
                "mean",
                "sd",
                "lower",
                "upper",
                "unit",
                "level",
                "draws",
                "seed",
                "method",
            ]
        ],
        lines,
        [finding for told in uneven.values() for finding in told],
    )


def _propagate_errors(
    options: argparse.Namespace, model: DrawModel
) -> tuple[pd.DataFrame, list[str], list[Finding]]:
    import pandas as pd  # noqa: PLC0415

    from carbonacct.report.terminal import note_narrow  # noqa: PLC0415
    from carbonacct.uncertainty import (  # noqa: PLC0415
        compare_approaches,
        propagate_errors,
        tabulate_categories,
    )

    frames, lines, notes = [], [], []
    for area in model.labels["area"]:
        latest = _find_years(model, area)[-1]
        table = tabulate_categories(model, latest=latest, base=options.base, area=area)
        uneven = _check_trend(options, model, area, latest)
        notes += uneven
        has_trend = options.base is not None and not uneven
        held = table[table["latest"].notna()]
        found = propagate_errors(held if has_trend else held.assign(base=float("nan")))
        total = {
            "category": "total",
            "gas": options.gas,
            "combined_uncertainty": found.level_uncertainty,
            **{
                name: found.table[name].sum(min_count=1)
                for name in ("base", "latest", "variance_contribution", "trend_variance")
            },
        }
        frames.append(
            pd.concat([found.table, pd.DataFrame([total])], ignore_index=True).assign(
                area=area, year=latest
            )
        )
        value = total["latest"]
        lines.append(
            f"{area} {latest}  {options.gas}  {value / 1e6:.4f} Mt  +/-"
            f" {found.level_uncertainty:.1f} %{note_narrow(model.exact, options.lang)}"
        )
        notes += compare_approaches(model, found.level_uncertainty, area=area, year=latest)
        if has_trend:
            lines.append(
                f"{area} {latest}  {options.gas} "
                f" {_WORDS['trend'][options.lang].format(base=options.base)}  {found.trend:+.2f} %"
                f" +/- {found.trend_uncertainty:.2f}"
            )
    frame = pd.concat(frames, ignore_index=True)
    return (
        frame[["area", "year", *[name for name in frame.columns if name not in {"area", "year"}]]],
        lines,
        notes,
    )


def _key_categories(options: argparse.Namespace) -> int:
    import pandas as pd  # noqa: PLC0415

    from carbonacct.uncertainty import find_key_categories, tabulate_categories  # noqa: PLC0415
    from carbonacct.uncertainty.key_categories import check_trend  # noqa: PLC0415

    if has_tables(options) and options.approach == 1:
        return _key_categories_of_all(options)
    model, made, status = _model(options)
    if model is None:
        return status
    options.kind, options.dims, options.words = "key-categories", ("area",), {}
    frames, lines = [], []
    word = _WORDS["level"][options.lang]
    for area in model.labels["area"]:
        latest = _find_years(model, area)[-1]
        table = tabulate_categories(model, latest=latest, base=options.base, area=area)
        uneven = check_trend(table, area=area, base=options.base, latest=latest)
        model = replace(model, findings=(*model.findings, *uneven))
        found = find_key_categories(table, approach=options.approach, threshold=options.threshold)
        frames.append(found.assign(area=area, year=latest))
        lines.append(f"{area} {latest}  {_WORDS['key'][options.lang]}")
        lines += [
            f"  {row['category']:<16} {row['gas']:<4} {row['latest'] / 1e6:>12.4f} Mt  {word}"
            f" {100 * row['level']:5.1f} %  {100 * row['level_cumulative']:5.1f} % "
            f" {row['criteria']}".rstrip()
            for row in found[found["latest"].notna()].to_dict("records")
        ]
    frame = pd.concat(frames, ignore_index=True)
    return _finish(
        options,
        frame[["area", "year", *[name for name in frame.columns if name not in {"area", "year"}]]],
        lines,
        model,
        made=made,
        status=status,
    )


def _tell_contribution(row: Mapping[Hashable, Any], known: DrawInput | None, lang: str) -> str:
    """Return a line; an input of the model has a name in both languages, a cell its labels."""
    kind = _WORDS[row["kind"] or row["input"]][lang]
    if known is not None:
        name, item = speak(known.name), speak(known.item) if row["kind"] == "factor" else ""
    else:
        name, item = " ".join(map(speak, row["item"].split(" "))), ""
    name = name.removeprefix("activity: ")
    return f"  {100 * row['share']:5.1f} %  {fill_columns(kind, 8)} {name}  {item}".rstrip()


def _key_categories_of_all(options: argparse.Namespace) -> int:
    """Find the key categories of all sectors: by size, all gases weighted by the metric that is named."""
    import pandas as pd  # noqa: PLC0415

    from carbonacct.analysis.analysis_result import Analysis  # noqa: PLC0415
    from carbonacct.report import list_findings  # noqa: PLC0415
    from carbonacct.uncertainty import find_key_categories  # noqa: PLC0415
    from carbonacct.uncertainty.key_categories import check_trend  # noqa: PLC0415
    from carbonacct.uncertainty.record_categories import tabulate_entries  # noqa: PLC0415

    if not options.gwp or options.gas or options.scope != 1:
        raise UncertaintyError(
            say(
                "key categories of all sectors are found by size in CO2-equivalent of scope "
                "1; name the metric, --gwp AR5GWP100, and no --gas or --scope"
            )
        )
    options.gas = []
    _, whole, status = read_whole(options)
    if whole is None:
        return status
    _check_base(options.base, sorted(map(int, whole.entries["year"].unique())))
    frames, lines, findings = [], [], list(whole.findings)
    for area in map(str, whole.entries["area"].unique()):
        latest = int(whole.entries.loc[whole.entries["area"] == area, "year"].max())
        table = tabulate_entries(
            whole, gwp=options.gwp, area=area, latest=latest, base=options.base
        )
        findings += check_trend(table, area=area, base=options.base, latest=latest)
        found = find_key_categories(table, threshold=options.threshold)
        frames.append(found.assign(area=area, year=latest))
        lines.append(f"{area} {latest}  {_WORDS['key'][options.lang]}  {options.gwp}")
        word = _WORDS["level"][options.lang]
        lines += [
            f"  {row['category']:<16} {row['gas']:<8} {row['latest'] / 1e6:>12.4f} Mt  {word}"
            f" {100 * row['level']:5.1f} %  {100 * row['level_cumulative']:5.1f} % "
            f" {row['criteria']}".rstrip()
            for row in found[found["latest"].notna()].to_dict("records")
        ]
    frame = pd.concat(frames, ignore_index=True)
    frame = frame[
        ["area", "year", *[name for name in frame.columns if name not in {"area", "year"}]]
    ]
    analysis = Analysis("key-categories", frame, by=("area",), findings=findings)
    written, failed = write_results(options.output, analysis, overwrite=options.overwrite)
    if "-" in options.output:
        say_findings(options, findings)
    else:
        text = join_texts("\n", [*lines, *list_findings(findings, lang=options.lang, shown=3)])
        say_summary(options, text, findings)
        if written:
            note(f"{_WORDS['written'][options.lang]}: {', '.join(written)}")
    return status or failed or strict_status(options, findings)


def _contributions(options: argparse.Namespace) -> int:
    import pandas as pd  # noqa: PLC0415

    from carbonacct.uncertainty import rank_contributions  # noqa: PLC0415

    model, made, status = _model(options)
    if model is None:
        return status
    options.kind, options.dims, options.words = "contributions", ("area",), {}
    inputs = {one.name: one for one in model.inputs}
    frames, lines, notes = [], [], []
    for area in model.labels["area"]:
        latest = _find_years(model, area)[-1]
        uneven = _check_trend(options, model, area, latest)
        notes += uneven
        if uneven:
            continue  # what moves a level is in t, and no stand-in for what moves a trend
        found = (
            rank_contributions(model, where={"area": area}, trend=(options.base, latest))
            if options.base is not None
            else rank_contributions(model, where={"area": area, "year": latest})
        )
        frames.append(found.assign(area=area, year=latest))
        lines.append(f"{area} {latest}  {_WORDS['most'][options.lang]}")
        lines += [
            _tell_contribution(row, inputs.get(row["input"]), options.lang)
            for row in found.head(12).to_dict("records")
        ]
    if not frames:
        raise UncertaintyError(join_texts("\n", map(str, notes)))
    model = replace(model, findings=(*model.findings, *notes))
    frame = pd.concat(frames, ignore_index=True)
    return _finish(
        options,
        frame[["area", "year", *[name for name in frame.columns if name not in {"area", "year"}]]],
        lines,
        model,
        made=made,
        status=status,
    )
