"""From inventories to a model that can be drawn: cells of fuels, and entries of all other sources."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct.dim_names import name_labels
from carbonacct.errors import Finding, UncertaintyError, name_some
from carbonacct.inventory.entry_columns import name_entry
from carbonacct.inventory.equation_origin import SourceOrigin
from carbonacct.inventory.factor_cells import FactorOrigin
from carbonacct.inventory.record import Inventory
from carbonacct.sectors.energy.energy_entries import EnergyOrigin
from carbonacct.texts import Both, join_texts, say
from carbonacct.uncertainty.draw_model import DrawModel, build_model
from carbonacct.uncertainty.energy_cells import pad, read_energy
from carbonacct.uncertainty.knowledge import CellPart, Knowledge, find_idle, read_knowledge
from carbonacct.uncertainty.source_cells import names_of_sources, read_sources

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from carbonacct.sectors.energy import EnergyInventory
    from carbonacct.uncertainty.draw_model import DrawInput


def model_inventory(
    inventories: EnergyInventory | Inventory | Sequence[EnergyInventory | Inventory],
    *,
    scope: int = 1,
    gas: str = "CO2",
    gwp: str | None = None,
    statistics: str = "default",
    inputs: str | Path | None = None,
    bounds_from: str = "",
    exact: bool = False,
    correlation: Mapping[str, float | pd.DataFrame] | None = None,
    allow_unverified: bool = False,
) -> DrawModel:
    """Return the cells of inventories and what is uncertain about them.

    Parameters
    ----------
    inventories
        One, or several (areas, years) that are looked at together: a factor row that they share is
        one input. Of all sectors (:class:`carbonacct.Inventory`) or of energy alone.
    scope
        1 (direct emissions and removals) or 2 (electricity and heat brought in); scopes are never
        added up.
    gas, gwp
        A gas, in t of it; or the name of a metric such as ``"AR5GWP100"``: all gases of the
        inventory, in t CO2-equivalent. The metric itself counts as exact. The gases of one fuel
        burnt in one place share the error of its activity.
    statistics
        The kind of source of the activity data: ``default`` (5 %), or a system and a basis of IPCC
        table 2.15 such as ``less-developed surveys``, whose numbers are unverified.
    inputs
        A CSV of your own uncertainties (:func:`carbonacct.uncertainty.uncertain_inputs.read_overrides`),
        asked before all others.
    bounds_from
        An edition, such as ``ipcc-2006``, whose relative bounds are taken for factor rows without
        any.
    exact
        Take rows without published uncertainty as exact, instead of the default range of their
        kind.
    correlation
        Of activities of fuels over one dim, such as ``{"year": 0.5}``; they are independent unless
        given.
    allow_unverified
        Also use uncertainties that nobody could check; a finding says so.

    Raises
    ------
    UncertaintyError
        If there is no such scope, gas or kind of statistics, a bound is impossible, an inventory
        was read from a file, or nothing has a number.

    Notes
    -----
    A factor row's uncertainty is, in this order: the user's own; its published bounds; its
    published coefficient of variation; the bounds of ``bounds_from``; the default range of its kind
    (:func:`carbonacct.uncertainty.default_ranges.find_default_range`), which a finding names. A row
    with none counts as exact, and a finding names it: the interval is then too narrow.

    An entry of another source is a sum of products of the numbers that went in
    (:mod:`carbonacct.equations.terms`); each activity number and each factor row is one input
    wherever it serves.

    Examples
    --------
    >>> import carbonacct as ca
    >>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ipcc-2006")
    >>> model = ca.model_inventory(inventory)
    >>> list(model.labels)
    ['area', 'year', 'flow', 'product', 'gas', 'category', 'fuel']
    """
    several = _list(inventories)
    if not several:
        raise UncertaintyError(say("no inventory given"))
    if scope not in (1, 2):
        raise UncertaintyError(say("no scope {scope!r}; known: 1, 2", scope=scope))
    origins, kept, records = _sort(several, scope, gas if gwp is None else "")
    knowledge = read_knowledge(
        statistics,
        inputs=inputs,
        names=names_of_sources(records),
        bounds_from=bounds_from,
        exact=exact,
        allow_unverified=allow_unverified,
    )
    parts = []
    if origins:
        parts.append(
            read_energy(origins, scope=scope, gas=gas, gwp=gwp, knowledge=knowledge, kept=kept)
        )
    if scope == 1 and records:
        parts.append(read_sources(records, gwp=gwp, knowledge=knowledge))
    parts = [part for part in parts if len(part.cells)]
    if not parts:
        raise UncertaintyError(
            say(
                "no cell of scope {scope} has a number of {gwp}; the findings of the "
                "inventory say why",
                scope=scope,
                gwp=gwp or gas,
            )
        )
    model = _build(parts, knowledge, correlation)
    return replace(model, findings=(*model.findings, *_find_lacking(several, scope, gas, gwp)))


def _find_lacking(
    several: Sequence[EnergyInventory | Inventory], scope: int, gas: str, gwp: str | None
) -> Iterator[Finding]:
    """Find entries that have an amount and no number: no interval is of them."""
    names: list[str] = []
    for one in several:
        if isinstance(one, Inventory):
            held = one.entries
            here = (held["scope"] == scope) & held["notation"].isin(["NE", "C"])
            here &= held["kind"] != "memo"
            if gas and gwp is None:
                here &= held["gas"] == gas
            names += [_name_in_both(one, row) for _, row in held[here].iterrows()]
    if names:
        yield Finding(
            "interval-in-part",
            "warning",
            say(
                "{names}: no number, so the interval is of what the rest adds up to",
                names=name_some(names, 3),
            ),
            action=say("give what they lack; the findings of the inventory say what"),
        )


def _name_in_both(record: Inventory, row: pd.Series) -> str:
    """Return what a message calls an entry: by its ids, and in Chinese by the names of its source and labels."""
    origin = record.origins[row["origin"]] if row["origin"] >= 0 else None
    if not isinstance(origin, SourceOrigin):
        return name_entry(row)
    sector = origin.evaluation.sector
    dims = [dim for dim in sector.blocks[origin.block].dims if dim != "gas"]
    labels = name_labels(str(row["product"]), dims, "zh")
    named = [row["area"], row["year"], sector.name_of(origin.block, "zh"), labels, row["gas"]]
    return Both(name_entry(row), " ".join(str(one) for one in named if one))


def _list(
    inventories: EnergyInventory | Inventory | Sequence[EnergyInventory | Inventory],
) -> list[EnergyInventory | Inventory]:
    if isinstance(inventories, Inventory):
        return [inventories]
    return [inventories] if hasattr(inventories, "emissions") else list(inventories)  # type: ignore[list-item]


def _sort(
    several: Sequence[EnergyInventory | Inventory], scope: int, gas: str
) -> tuple[list[FactorOrigin], dict[int, np.ndarray], list[Inventory]]:
    """Return where entries of fuels came from, their cells there, and the records of other sources."""
    origins: list[FactorOrigin] = []
    kept: dict[int, np.ndarray] = {}
    records: list[Inventory] = []
    for one in several:
        if not isinstance(one, Inventory):
            origins.append(EnergyOrigin(one))
            continue
        held = one.entries
        chosen = (held["scope"] == scope) & (held["kind"] != "memo") & held["value"].notna()
        chosen &= (held["gas"] == gas) | (not gas)
        rest = held[chosen]
        if (rest["origin"] < 0).any():
            text = "the inventory was read from a file, which holds no factors; compile it from its tables"
            raise UncertaintyError(say(text))
        for number, origin in enumerate(one.origins):
            own = rest.loc[rest["origin"] == number, "cell"].to_numpy()
            if len(own) and isinstance(origin, FactorOrigin):
                kept[len(origins)] = own
                origins.append(origin)
        sources = [isinstance(origin, SourceOrigin) for origin in one.origins]
        of_sources = rest[np.array(sources, bool)[rest["origin"]]] if len(rest) else rest
        if len(of_sources):
            records.append(replace(one, entries=of_sources.reset_index(drop=True)))
    return origins, kept, records


def _build(
    parts: Sequence[CellPart],
    knowledge: Knowledge,
    correlation: Mapping[str, float | pd.DataFrame] | None,
) -> DrawModel:
    """Return the model of cells of fuels, of other sources, or of both."""
    part = parts[0] if len(parts) == 1 else _join(*parts)
    if correlation and part.computed_of is not None:
        text = "activities of sources other than fuels cannot be correlated over {dim}; model energy by itself"
        raise UncertaintyError(say(text, dim=join_texts(", ", correlation)))
    findings = [
        *part.findings,
        *find_idle(knowledge),
        *(
            finding
            for known in [*part.activity, *(one.uncertainty for one in part.inputs)]
            for finding in known.findings
        ),
    ]
    model = build_model(
        part.cells,
        part.inputs,
        part.uses,
        powers=part.powers,
        activity=part.activity,
        activity_of=part.activity_of,
        correlation=correlation,
        computed=part.computed,
        computed_of=part.computed_of,
        findings=list(dict.fromkeys(findings)),
    )
    return replace(model, exact=part.exact)


def _join(energy: CellPart, sources: CellPart) -> CellPart:
    """Return both parts as one; a row that fuels and other sources use is one input."""
    number = {one.name: position for position, one in enumerate(energy.inputs)}
    inputs: list[DrawInput] = list(energy.inputs)
    moved = np.empty(len(sources.inputs) + 1, np.int32)
    moved[-1] = -1
    for position, one in enumerate(sources.inputs):
        moved[position] = number.setdefault(one.name, len(inputs))
        if moved[position] == len(inputs):
            inputs.append(one)
    nothing = np.full(len(energy.cells), -1)
    return CellPart(
        cells=_stack(energy.cells.assign(sector="energy"), sources.cells),
        inputs=inputs,
        uses=pad([energy.uses, moved[sources.uses]], -1),
        powers=pad([energy.powers, sources.powers], 1),
        activity=energy.activity,
        activity_of=np.concatenate([energy.activity_of, np.full(len(sources.cells), -1)]),
        computed=[replace(one, inputs=moved[one.inputs]) for one in sources.computed],
        computed_of=np.concatenate([nothing, sources.computed_of]),
        findings=[*energy.findings, *sources.findings],
        exact=energy.exact + sources.exact,
    )


def _stack(energy: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Return cells one below another, labels as plain words."""
    columns = {
        name: np.concatenate([energy[name].to_numpy(), sources[name].to_numpy()])
        for name in energy.columns
    }
    return pd.DataFrame(columns)
