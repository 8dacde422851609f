"""The values of indicators: as supplied, ratios of sums, changes, and the analysis of series."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from carbonacct.errors import Finding, IndexDataError
from carbonacct.indices.index_panel import Panel, empty_panel
from carbonacct.indices.index_series import find_states, rate_trend
from carbonacct.texts import join_texts, say
from carbonacct.units import conversion_factor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from carbonacct.indices.index_declaration import Index, Indicator

    Array = NDArray[np.float64]

# what a number may differ from the same number from another place: the rounding of a printed one
AGREEMENT = 0.005


@dataclass(frozen=True)
class Values:
    """The values of the leaves: area x year x indicator.

    Attributes
    ----------
    value
        In the unit of each indicator; of a judgement, the score of its word.
    rated
        What the rule is applied to: the value, but for decoupling the score of its state.
    status
        ``"supplied"``, ``"judged"``, ``"computed"``, ``"inventory"`` (computed with numbers of an
        inventory, its balance or its activity tables), ``"missing"``, ``"too-short"`` (the years that a change or a
        trend looks back on are not there) or ``"undefined"`` (a division by zero).
    """

    value: xr.DataArray
    rated: xr.DataArray
    status: xr.DataArray
    findings: tuple[Finding, ...] = ()


def sum_groups(panel: Panel, index: Index, groups: Mapping[str, str]) -> Panel:
    """Return the panel of groups of areas (cities of a province): amounts added up, so that ratios are ratios of sums.

    Parameters
    ----------
    panel
        Of the areas.
    index
        Says which inputs add up.
    groups
        The group of each area; areas that are not named are left out.

    Notes
    -----
    A group has an amount where every area of it has one. Shares and judgements of areas have no
    sum: the group lacks them.

    Examples
    --------
    >>> import pandas as pd
    >>> from carbonacct.indices.index_declaration import load_index
    >>> from carbonacct.indices.index_panel import panel_from_frame
    >>> index = load_index("ccni-2.0")
    >>> cities = pd.DataFrame({"area": ["甲", "乙"], "year": 2020, "co2": [100.0, 900.0], "population": [100.0, 100.0]})
    >>> province = sum_groups(panel_from_frame(cities, index), index, {"甲": "丙", "乙": "丙"})
    >>> compute_values(index, province).value.sel(indicator="co2_per_head").item()
    5.0
    """
    if unknown := sorted(set(groups) - set(panel.values["area"].values.tolist())):
        raise IndexDataError(
            say(
                "groups: {unknown} not in the table; its areas are {areas}",
                unknown=join_texts(", ", unknown),
                areas=join_texts(", ", map(str, panel.values["area"].values[:10])),
            )
        )
    names = list(dict.fromkeys(groups.values()))
    whole = empty_panel(names, panel.values["year"].values.tolist(), index)
    additive = [name for name, about in index.inputs.items() if about.additive]
    for group in names:
        members = [area for area, of in groups.items() if of == group]
        totals = panel.values.sel(area=members, input=additive).sum("area", skipna=False)
        whole.values.loc[{"area": group, "input": additive}] = totals
        whole.status.loc[{"area": group, "input": additive}] = np.where(
            np.isnan(totals.values), "missing", "supplied"
        )
    return replace(whole, findings=panel.findings)


def compute_values(index: Index, panel: Panel) -> Values:
    """Return the value of every leaf of an index.

    Parameters
    ----------
    index
        Says of each leaf how it is computed: ``column`` (as supplied), ``ratio`` (of two amounts),
        ``change`` (mean yearly rate over ``span`` years, %), ``cut`` (over ``span`` years, %),
        ``change-completion`` and ``cut-completion`` (these as a percentage of a target), ``trend``
        (Mann-Kendall statistic of the years up to each) or ``decoupling``.
    panel
        The inputs.

    Notes
    -----
    With x(t) an amount or a ratio of two and s the span: change = 100 ((x(t) / x(t - s))^(1/s) -
    1), cut = 100 (1 - x(t) / x(t - s)). A leaf may be supplied itself, in a column of its own name;
    where it is computed as well, the two must agree to 0.5 %, and percentages to 0.05 of a point at
    least.

    Raises
    ------
    IndexDataError
        If a supplied value and the computed one differ.
    """
    shape = (*panel.values.shape[:2], len(index.leaves))
    value, rated, status = (
        np.full(shape, np.nan),
        np.full(shape, np.nan),
        np.full(shape, "missing", dtype=object),
    )
    findings, faults = list(panel.findings), []
    years = panel.values["year"].values
    for position, leaf in enumerate(index.leaves):
        own = panel.values.sel(input=leaf.id).values
        word = "judged" if leaf.origin == "judgement" else "supplied"
        if leaf.op == "column":
            value[..., position] = rated[..., position] = own
            status[..., position] = np.where(np.isnan(own), "missing", word)
        else:
            computed, scores, too_short = _compute(index, leaf, panel, years)
            faults += _disagreements(
                leaf, own, scores if leaf.op == "decoupling" else computed, panel
            )
            taken = np.isnan(computed) & ~np.isnan(own)
            value[..., position] = np.where(taken, own, computed)
            rated[..., position] = np.where(taken, own, scores)
            brought = np.isin(
                panel.status.sel(input=list(leaf.needs)).values.astype(str),
                ("inventory", "balance", "activity"),
            ).any(axis=-1)
            given = ~np.isnan(panel.values.sel(input=list(leaf.needs)).values).any(axis=-1)
            none = np.where(too_short, "too-short", np.where(given, "undefined", "missing"))
            made = np.where(np.isnan(computed), none, np.where(brought, "inventory", "computed"))
            status[..., position] = np.where(taken, "supplied", made)
        findings += _doubts(leaf, value[..., position], status[..., position], panel)
    if faults:
        raise IndexDataError(join_texts("\n", faults))
    coords = {
        "area": panel.values["area"].values,
        "year": years,
        "indicator": [leaf.id for leaf in index.leaves],
    }
    arrays = [
        xr.DataArray(array, dims=("area", "year", "indicator"), coords=coords)
        for array in (value, rated, status)
    ]
    return Values(arrays[0], arrays[1], arrays[2], tuple(findings))


def _compute(
    index: Index, leaf: Indicator, panel: Panel, years: NDArray[np.int64]
) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Return the value of a leaf, what its rule is applied to, and where the series is too short for it."""
    inputs = [panel.values.sel(input=name).values for name in leaf.of]
    units = [index.inputs[name].unit for name in leaf.of]
    if leaf.op == "decoupling":
        states = {grade.id: grade.score for grade in index.rules[leaf.rule].grades}
        elasticity, state = find_states(
            *(_shift(amounts, years, leaf.span) for amounts in inputs), *inputs
        )
        scores = np.array([states.get(word, np.nan) for word in state.ravel()]).reshape(state.shape)
        return elasticity, scores, _starts(inputs, years, leaf.span)
    amounts = inputs[0] if len(inputs) == 1 else _divide(*inputs)
    if leaf.op == "ratio":
        made = amounts * conversion_factor(f"{units[0]}/({units[1]})", leaf.unit)
        return made, made, np.zeros(made.shape, dtype=bool)
    if leaf.op == "trend":
        made = rate_trend(amounts, years)
        return made, made, np.isnan(made) & ~np.isnan(amounts)
    before = _shift(amounts, years, leaf.span)
    ratio = _divide(amounts, before)
    change, cut = 100 * (ratio ** (1 / leaf.span) - 1), 100 * (1 - ratio)
    made = change if leaf.op.startswith("change") else cut
    if leaf.target:
        target = panel.values.sel(input=leaf.target).values
        made = np.where(target > 0, 100 * _divide(made, target), np.nan)
    return made, made, _starts(inputs, years, leaf.span)


def _divide(above: Array, below: Array) -> Array:
    """Return a ratio, NaN where the lower side is zero or either is absent."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, above / below, np.nan)


def _shift(amounts: Array, years: NDArray[np.int64], span: int) -> Array:
    """Return what each amount was a span of years before, NaN where that year is not in the table."""
    at = {year: column for column, year in enumerate(years.tolist())}
    before = [at.get(year - span, -1) for year in years.tolist()]
    padded = np.concatenate([amounts, np.full((len(amounts), 1), np.nan)], axis=1)
    shifted: Array = padded[:, before]
    return shifted


def _starts(inputs: list[Array], years: NDArray[np.int64], span: int) -> NDArray[np.bool_]:
    """Return where a number is there today and not a span of years before."""
    today = np.logical_and.reduce([~np.isnan(amounts) for amounts in inputs])
    before = np.logical_and.reduce([~np.isnan(_shift(amounts, years, span)) for amounts in inputs])
    return np.asarray(today & ~before)


def _disagreements(leaf: Indicator, own: Array, computed: Array, panel: Panel) -> list[str]:
    rounding = 0.05 if leaf.unit == "%" else 1e-9  # a rate of change is printed with one decimal
    apart = np.abs(own - computed) > AGREEMENT * np.abs(computed) + rounding
    places = panel.place.sel(input=leaf.id).values
    return [
        say(
            "{place}: {id} is {own:g}, {op} of {needs} gives {computed:g}; clear the cell "
            "or correct the amounts",
            place=places[a, y],
            id=leaf.id,
            own=own[a, y],
            op=leaf.op,
            needs=join_texts(" and ", leaf.needs),
            computed=computed[a, y],
        )
        for a, y in np.argwhere(apart)
    ]


def _doubts(
    leaf: Indicator, value: Array, status: NDArray[np.object_], panel: Panel
) -> list[Finding]:
    """Return a finding for each share that is no share, and one for a leaf that many cells lack."""
    areas, years = panel.values["area"].values, panel.values["year"].values
    found = []
    if leaf.op == "ratio" and leaf.unit == "%":
        for a, y in np.argwhere((value < 0) | (value > 100)):
            text = say(
                "{id} of {area} {year} is {value:g} %, {of}",
                id=leaf.id,
                area=areas[a],
                year=years[y],
                value=value[a, y],
                of=" over ".join(leaf.of),
            )
            found.append(
                Finding(
                    "share-beyond-whole",
                    "warning",
                    text,
                    panel.place.sel(input=leaf.of[0]).values[a, y],
                    say("check the units of both"),
                )
            )
    for word, rule in (
        ("missing", "missing-value"),
        ("too-short", "series-too-short"),
        ("undefined", "undefined-value"),
    ):
        lacking = np.argwhere(status == word)
        if len(lacking):
            a, y = lacking[0]
            text = say(
                "{id} ({leaf_name}) has no number in {lacking_count} of {size} cells, "
                "first {area} {year}",
                id=leaf.id,
                leaf_name=leaf.zh,
                lacking_count=len(lacking),
                size=status.size,
                area=areas[a],
                year=years[y],
            )
            found.append(
                Finding(
                    rule,
                    "warning" if word == "too-short" else "error",
                    text,
                    "",
                    _remedy(leaf, panel, a, y, status=word),
                )
            )
    return found


def _remedy(leaf: Indicator, panel: Panel, area: int, year: int, *, status: str) -> str:
    """Return what to give so that a leaf has a number in a cell."""
    if status == "too-short":
        return (
            say("a trend needs three years: add rows")
            if leaf.op == "trend"
            else say(
                "add the row of {difference}",
                difference=panel.values["year"].values[year] - leaf.span,
            )
        )
    if status == "undefined":
        return say(
            "{op} of these numbers is a division by zero: check {needs}",
            op=leaf.op,
            needs=join_texts(" and ", leaf.needs),
        )
    needs = [
        need for need in leaf.needs if np.isnan(panel.values.sel(input=need).values[area, year])
    ] or list(leaf.needs)
    return say(
        "give {needs}{leaf}",
        needs=join_texts(" and ", needs),
        leaf=say(", or {id} itself", id=leaf.id) if leaf.op != "column" else "",
    )
