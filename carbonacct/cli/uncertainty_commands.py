"""The command that says how sure an inventory is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from carbonacct.cli.draw_models import (
    all_findings,
    find_uneven,
    find_years,
    finish,
    make_model,
    model_options,
    put_first,
)
from carbonacct.cli.parser import Parser, add_command
from carbonacct.cli.shared_options import (
    analysis_output,
    factor_options,
    fraction,
    grid_option,
    number,
    table_options,
)
from carbonacct.texts import say

if TYPE_CHECKING:
    import argparse

    import pandas as pd

    from carbonacct.analysis.analysis_result import Analysis
    from carbonacct.errors import Finding
    from carbonacct.uncertainty import DrawModel

_WORDS = {
    "total": {"en": "total", "zh": "总量"},
    "trend": {"en": "change since {base}", "zh": "较{base}年变化"},
}


def add_commands(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add the commands of this module."""
    command = add_command(
        commands,
        "uncertainty",
        _uncertainty,
        say("say how sure an inventory is, and its trend"),
        table_options(),
        factor_options(),
        grid_option(),
        model_options(),
        analysis_output(),
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
        type=number,
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


def _uncertainty(options: argparse.Namespace) -> int:
    model, made, status = make_model(options)
    if model is None:
        return status
    found, lines = (_propagate_errors if options.approach == 1 else _draw)(options, model)
    model = replace(model, findings=(*model.findings, *found.findings))
    found = replace(found, findings=all_findings(model, made))
    return finish(options, found, lines, model.findings, status=status)


def _draw(options: argparse.Namespace, model: DrawModel) -> tuple[Analysis, list[str]]:
    import pandas as pd  # noqa: PLC0415

    from carbonacct.analysis.analysis_result import Analysis  # noqa: PLC0415
    from carbonacct.report.terminal import note_narrow  # noqa: PLC0415
    from carbonacct.uncertainty import simulate  # noqa: PLC0415

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
    notes: list[Finding] = []
    if options.base is not None:
        changes, notes = _draw_changes(options, model, found.draws, **shared)
        frame = pd.concat([frame, changes], ignore_index=True)
        word = _WORDS["trend"][options.lang].format(base=options.base)
        lines += [
            f"{row['area']} {row['year']}  {options.gas}  {word}  {row['value']:+.2f} % "
            f" [{row['lower']:+.2f}, {row['upper']:+.2f}]"
            for row in changes.to_dict("records")
        ]
    words = {
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
    areas = [dim for dim in ("area", "year") if dim in frame.columns and dim not in by]
    numbers = ["value", "mean", "sd", "lower", "upper", "unit", "level", "draws", "seed"]
    frame = frame[[*by, *areas, "gas", "scope", "quantity", *numbers, "method"]]
    return Analysis("uncertainty", frame, by=tuple(by), findings=notes, words=words), lines


def _draw_changes(
    options: argparse.Namespace, model: DrawModel, draws: int, **shared: Any
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return how each later year differs from the base year, and why a year is not compared with it."""
    from carbonacct.uncertainty import propagate  # noqa: PLC0415

    uneven = {
        (area, year): told
        for area in map(str, model.labels["area"])
        for year in find_years(model, area)
        if year != options.base and (told := find_uneven(model, options.base, area, year))
    }
    trend = propagate(
        model,
        lambda total: 100 * (total / total.sel(year=options.base, drop=True) - 1),
        by=["area", "year"],
        draws=draws,
        **shared,
    )
    frame = trend.to_frame().query("year != @options.base")
    is_even = [key not in uneven for key in zip(frame["area"], frame["year"], strict=True)]
    changes = frame[is_even].assign(quantity=f"change since {options.base}", unit="%")
    return changes, [finding for told in uneven.values() for finding in told]


def _propagate_errors(options: argparse.Namespace, model: DrawModel) -> tuple[Analysis, list[str]]:
    import pandas as pd  # noqa: PLC0415

    from carbonacct.analysis.analysis_result import Analysis  # noqa: PLC0415
    from carbonacct.report.terminal import note_narrow  # noqa: PLC0415
    from carbonacct.uncertainty import (  # noqa: PLC0415
        compare_approaches,
        propagate_errors,
        tabulate_categories,
    )

    frames, lines, notes = [], [], []
    for area in model.labels["area"]:
        latest = find_years(model, area)[-1]
        table = tabulate_categories(model, latest=latest, base=options.base, area=area)
        uneven = find_uneven(model, options.base, area, latest)
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
    frame = put_first(pd.concat(frames, ignore_index=True), "area", "year")
    return Analysis("error-propagation", frame, by=("area",), findings=notes), lines
