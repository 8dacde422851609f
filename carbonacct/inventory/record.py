"""The inventory of all sectors: one row an entry, as columns; sums that say what they lack.

An energy balance's cube and the blocks of a sector's equations both become entries of this record.
What is reported beside an inventory (scope 2, memo items) stands in it under its own kind, and no
sum takes it in unless it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from html import escape
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd

from carbonacct import vocabulary
from carbonacct.display import shown_in_notebooks
from carbonacct.errors import CellNotFoundError, MethodError, did_you_mean, near_or_known
from carbonacct.inventory.entry_columns import (
    COLUMNS,
    ENTRY,
    SECTORS,
    make_entries,
    name_entry,
    plain_columns,
)
from carbonacct.inventory.entry_comparison import find_changes
from carbonacct.inventory.entry_dataset import list_along_entries, spread_along
from carbonacct.inventory.entry_sums import add_up_entries, weigh_entries
from carbonacct.inventory.metrics import name_equivalent
from carbonacct.inventory.plotting import draw_sums
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import xarray as xr

    from carbonacct.equations import UnfoldedStep
    from carbonacct.errors import Finding

__all__ = [
    "COLUMNS",
    "ENTRY",
    "SECTORS",
    "EntryOrigin",
    "Inventory",
    "MadeFrom",
    "make_entries",
    "plain_columns",
]
_DIMS = ("area", "year", "sector", "flow", "product", "category", "kind", "gas", "method")
_HEAD = 10  # entries that a notebook shows


class EntryOrigin(Protocol):
    """Where entries came from: opens each of them down to cells and factor rows."""

    @property
    def excludes(self) -> tuple[str, ...]:
        """Sources (``flow``) that count the same: never both in one area's series."""

    def open(self, cell: int) -> UnfoldedStep:
        """Return how the entry of a cell was worked out."""

    def recompute(self, cells: np.ndarray) -> np.ndarray:
        """Return the values of entries, t, worked out again from activities and factor rows."""


@shown_in_notebooks
@dataclass(frozen=True)
class MadeFrom:
    """What an inventory was made from, so that another can make it again.

    Attributes
    ----------
    version
        Of this program.
    editions
        Editions of factors, in the order in which they are asked.
    options
        Choices other than the defaults, name and value.
    files
        Name and sha256 of each file that was read, the user's own factors among them.
    """

    version: str
    method: str
    editions: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, repr=False, eq=False)
class Inventory:
    """An inventory of any sectors, areas, years and gases.

    Attributes
    ----------
    entries
        One row an entry. Columns ``area, year, sector, flow`` (a flow of a balance, or the id of a
        source), ``product`` (or the item of a source, or nothing), ``category`` (IPCC 2006; ``""``
        for scope 2), ``scope, kind`` (emission, removal, scope2 or memo), ``gas, value`` in t of
        the gas (negative for a removal and for what is sent out; NaN where ``notation`` has a key),
        ``activity`` in ``activity_unit``, ``method``, and where it came from: ``origin``, a place
        in ``origins`` or -1, and its ``cell`` there.
    findings
        What was noticed on the way.
    made_from
        What it was made from, one record for each inventory that is joined in it.
    origins
        Ways back from entries; none of what was read from a file.
    """

    entries: pd.DataFrame
    findings: tuple[Finding, ...] = ()
    made_from: tuple[MadeFrom, ...] = ()
    origins: tuple[EntryOrigin, ...] = field(default=())

    def __repr__(self) -> str:
        """Return the size in one line."""
        held = self.entries
        areas, years = held["area"].nunique(), held["year"].nunique()
        sectors = ", ".join(sector for sector in SECTORS if sector in set(held["sector"].unique()))
        size = f"{len(held)} entries, {_count(areas, 'area')}, {_count(years, 'year')}"
        return f"<Inventory of {sectors or 'nothing'}: {size}, {len(self.findings)} findings>"

    def _repr_html_(self) -> str:
        """Return what a notebook shows: the size, and the first entries."""
        return f"<b>{escape(repr(self))}</b>{self.entries.head(_HEAD).to_html()}"

    def __eq__(self, other: object) -> bool:
        """Return whether another inventory is the same."""
        return isinstance(other, Inventory) and self.equals(other)

    def __hash__(self) -> int:
        """Return a number that equal inventories share."""
        return hash(repr(self))

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self.entries)

    def equals(self, other: Inventory) -> bool:
        """Return whether another has the same entries, findings and makings; ways back aside."""
        own_entries, other_entries = (
            one.entries.drop(columns=["origin", "cell"]) for one in (self, other)
        )
        return (
            len(own_entries) == len(other_entries)
            and all(_same(own_entries[name], other_entries[name]) for name in own_entries.columns)
            and list(map(_shown, self.findings)) == list(map(_shown, other.findings))
            and self.made_from == other.made_from
        )

    def with_findings(self, findings: Iterable[Finding]) -> Inventory:
        """Return the inventory with more findings."""
        return replace(self, findings=tuple(dict.fromkeys((*self.findings, *findings))))

    def with_values(self, values: np.ndarray) -> Inventory:
        """Return the inventory with other values of its entries, t; their ways back are gone."""
        entries = self.entries.assign(value=values, origin=np.int32(-1), cell=np.int64(-1))
        return replace(self, entries=entries, origins=())

    def select(self, **labels: Any) -> Inventory:
        """Return the entries that have some labels: one of a column, or a list of them; ids or names.

        Raises
        ------
        MethodError
            If there is no such column, or no entry has such a label.
        """
        keep = np.ones(len(self), bool)
        for column, asked in labels.items():
            _check_dim(column, (*_DIMS, "scope"))
            wanted = [asked] if isinstance(asked, (str, int, np.integer)) else list(asked)
            known = self.entries[column].unique()
            for kind in vocabulary.KINDS:
                if kind == column:
                    names = list(map(str, known))
                    wanted = [vocabulary.find_name(kind, str(one), names) for one in wanted]
            for label in wanted:
                if label not in known:
                    words = [str(one) for one in known]
                    near = did_you_mean(str(label), words) or say(
                        "it has {words}", words=join_texts(", ", words[:20])
                    )
                    raise MethodError(
                        say(
                            "the inventory has no {column} {label!r}; {near}",
                            column=column,
                            label=label,
                            near=near,
                        )
                    )
            keep &= self.entries[column].isin(wanted).to_numpy()
        kept = self.entries[keep].reset_index(drop=True)
        return Inventory(kept, self.findings, self.made_from, self.origins)

    sel = select  # as arrays call it

    def plot(self, by: str = "category", *, ax: Any = None, **asked: Any) -> Any:
        """Draw what a column adds up to: bars of one year, lines over several (needs matplotlib).

        Parameters
        ----------
        by
            A column of :meth:`by`.
        asked
            As in :meth:`by`: one gas, or a metric, where there are several.

        Returns
        -------
        matplotlib.axes.Axes
            What was drawn on.
        """
        table = self.by(*dict.fromkeys(("year", by)), **asked)
        gases = sorted(set(map(str, table["gas"])))
        if len(gases) > 1:
            raise MethodError(
                say(
                    "there are {gases}; name one gas, or a metric (gwp)",
                    gases=join_texts(", ", gases),
                )
            )
        column = "gas" if by == "year" else by
        sums = table.pivot_table("value", "year", column, aggfunc="sum", observed=True, sort=False)
        return draw_sums(sums.sort_index(), unit="".join(gases), ax=ax)

    def to_primap2(self) -> xr.Dataset:
        """Return scope 1 as a dataset of primap2 (:func:`carbonacct.inventory.interchange.make_primap2`)."""
        from carbonacct.inventory.interchange import make_primap2  # noqa: PLC0415 - it imports this record

        return make_primap2(self)

    def co2e(self, metric: str) -> np.ndarray:
        """Return each entry in t CO2-equivalent by a metric; NaN where it has no number.

        Parameters
        ----------
        metric
            A name of :func:`carbonacct.metric_ids`, such as ``"AR5GWP100"``; there is no default.

        Raises
        ------
        MethodError
            If there is no such metric, or it has no value for a gas of the inventory.

        Notes
        -----
        The origin of methane is that of its category (``factors/vocabulary/categories.csv``):
        fossil where a fuel leaks, non-fossil from combustion, whose CO2 factors count all carbon of
        the fuel already, and from animals, fields and waste.
        """
        return weigh_entries(self.entries, metric)

    def by(
        self,
        *dims: str,
        scope: int = 1,
        sector: str | Sequence[str] | None = None,
        gas: str | None = None,
        gwp: str | None = None,
        level: int | None = None,
        memo: bool = False,
        known_only: bool = False,
    ) -> pd.DataFrame:
        """Return sums of entries over all but the named columns.

        Parameters
        ----------
        dims
            Of ``area, year, sector, flow, product, category, kind, gas, method``.
        scope
            1 (direct emissions and removals) or 2 (electricity and heat brought in, net); the two
            are never added up.
        sector
            One sector or some.
        gas
            One gas; gases are not added up but by a metric.
        gwp
            Name of a metric: all gases in t CO2-equivalent, the metric in the column ``gas``.
        level
            Of ``category``, which is then one of the dims, how many of its parts count: 2 makes
            ``3.B`` of ``3.B.1.a``.
        memo
            Memo items instead of what counts.
        known_only
            Add up what has a number and ignore what has none.

        Returns
        -------
        DataFrame
            The dims, ``gas``, ``value`` in t, ``unit``, and ``notation``: the key of a sum that is
            no number. A sum with a part that is not estimated (NE) or confidential (C) is no number;
            what does not occur (NO) or is counted elsewhere (IE) does not void it.

        Raises
        ------
        MethodError
            If there is no such dim, scope, sector, gas, metric or level.
        """
        for dim in dims:
            _check_dim(dim, _DIMS)
        chosen = self._choose(scope, sector, memo=memo)
        if gas is not None:
            if gwp is not None:
                raise MethodError(
                    say(
                        "gwp={gwp!r} weights all gases, and gas={gas!r} asks for one: give "
                        "one of both",
                        gwp=gwp,
                        gas=gas,
                    )
                )
            chosen = chosen.select(gas=gas)
        table = chosen.entries[list(dict.fromkeys((*dims, "gas", "value", "notation")))].copy()
        if gwp is not None:
            table["value"] = chosen.co2e(gwp)
            table["gas"] = name_equivalent(gwp)
        if level is not None:
            if "category" not in dims or level < 1:
                text = "level={level} cuts categories: name category, and a level of 1 or more"
                raise MethodError(say(text, level=level))
            table["category"] = table["category"].map(lambda code: _cut(code, level))
        keys = list(dict.fromkeys((*dims, "gas")))
        return add_up_entries(table, keys, known_only=known_only)

    def total(
        self,
        *,
        scope: int = 1,
        sector: str | Sequence[str] | None = None,
        gas: str | None = None,
        gwp: str | None = None,
        known_only: bool = False,
    ) -> pd.DataFrame:
        """Return the total by area, year and gas (or metric): :meth:`by` of ``area`` and ``year``.

        Without land: ``total(sector=[name for name in SECTORS if name != "land"])``.
        """
        return self.by(
            "area",
            "year",
            scope=scope,
            sector=sector,
            gas=gas,
            gwp=gwp,
            known_only=known_only,
        )

    def trace(self, entry: int) -> UnfoldedStep:
        """Return how an entry (a row of ``entries``) was worked out, to cells and factor rows.

        Raises
        ------
        CellNotFoundError
            If it was read from a file, which holds no way back.
        """
        row = self.entries.iloc[entry]
        if row["origin"] < 0:
            raise CellNotFoundError(
                say(
                    "{entry}: was read from a file, which holds no way back; compile it "
                    "from its tables",
                    entry=name_entry(row),
                )
            )
        return self.origins[int(row["origin"])].open(int(row["cell"]))

    def recompute(self) -> Inventory:
        """Return the inventory with every value worked out again from its own parts.

        Each value is the activity times its factor rows, or the equation over the numbers that went
        in: equal to what is there, to the last bit. What has no number has none again.

        Raises
        ------
        CellNotFoundError
            If an entry was read from a file, which holds no parts.

        Examples
        --------
        >>> import carbonacct as ca
        >>> cube = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads")
        >>> inventory = ca.to_inventory(cube)
        >>> inventory.recompute().equals(inventory)
        True
        """
        origin, cell = (self.entries[name].to_numpy() for name in ("origin", "cell"))
        if (origin < 0).any():
            row = self.entries.iloc[int(np.argmax(origin < 0))]
            text = "{entry} was read from a file, which holds no parts; compile it from its tables"
            raise CellNotFoundError(say(text, entry=name_entry(row)))
        values = np.full(len(self), np.nan)
        for number in np.unique(origin):
            own = origin == number
            values[own] = self.origins[number].recompute(cell[own])
        values[self.entries["value"].isna()] = np.nan
        return replace(self, entries=self.entries.assign(value=values))

    def compare(self, other: Inventory) -> pd.DataFrame:
        """Return the entries that are not the same in another inventory, which is the later one.

        Parameters
        ----------
        other
            Of any areas, years and sectors; :func:`carbonacct.compare_inventories` says why they
            differ.

        Returns
        -------
        DataFrame
            One row an entry: what tells entries apart, ``before, after, change`` in t, and the
            notation keys ``notation_before, notation_after``.

        Examples
        --------
        >>> import carbonacct as ca
        >>> table = "docs/tables/chongqing_2007.csv"
        >>> one, other = (ca.to_inventory(ca.compile_inventory(table, method=method))
        ...               for method in ("ceads", "provincial-2011"))
        >>> len(one.compare(one)), round(float(one.compare(other)["change"].sum()) / 1e6, 3)
        (0, 4.406)
        """
        return find_changes(self.entries, other.entries)

    def to_dataset(self, *dims: str, **asked: Any) -> xr.Dataset:
        """Return all entries along the dim ``entry``, or sums with an axis for each dim and ``gas``.

        Parameters
        ----------
        dims, asked
            As in :meth:`by`; all entries, with what each column holds, where no dim is named.

        Returns
        -------
        xarray.Dataset
            ``value`` in t, ``notation`` and, of entries, the other columns.

        Examples
        --------
        >>> import carbonacct as ca
        >>> cube = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads")
        >>> data = ca.to_inventory(cube).to_dataset("area", "year", "category", level=2)
        >>> dict(data.sizes)
        {'area': 1, 'year': 1, 'category': 1, 'gas': 1}
        """
        if dims:
            return spread_along(self.by(*dims, **asked), list(dict.fromkeys((*dims, "gas"))))
        kept = [name for name in ENTRY if name not in {"origin", "cell"}]
        return list_along_entries(plain_columns(self.entries[kept]))

    def to_frame(self, *, gwp: str | None = None) -> pd.DataFrame:
        """Return the rows of the inventory CSV: what counts in scope 1 and 2 and has a number.

        Parameters
        ----------
        gwp
            Name of a metric: rows of ``CO2e (AR5GWP100)`` follow those of the gases.
        """
        held = self.entries
        rows = held[(held["kind"] != "memo") & held["value"].notna()].reset_index(drop=True)
        frame = plain_columns(rows[[name for name in COLUMNS if name != "unit"]])
        frame.insert(COLUMNS.index("unit"), "unit", "t")
        if gwp is None:
            return frame
        keys = [name for name in COLUMNS if name not in {"gas", "value", "unit"}]
        weighted = frame.assign(value=Inventory(rows).co2e(gwp))
        sums = weighted.groupby(keys, sort=False)["value"].sum(min_count=1).reset_index()
        sums = sums.assign(gas=name_equivalent(gwp), unit="t")
        return pd.concat([frame, sums[list(COLUMNS)]], ignore_index=True)

    def _choose(self, scope: int, sector: str | Sequence[str] | None, *, memo: bool) -> Inventory:
        """Return the entries that a sum is over; naming a sector that has none is no error."""
        if scope not in (1, 2):
            raise MethodError(say("no scope {scope!r}; known: 1, 2", scope=scope))
        held = self.entries
        keep = (held["kind"] == "memo") == memo
        keep &= (held["scope"] == scope) | memo
        if sector is not None:
            wanted = [sector] if isinstance(sector, str) else list(sector)
            for name in wanted:
                if name not in SECTORS:
                    near = near_or_known(name, SECTORS)
                    raise MethodError(say("no sector {name!r}; {near}", name=name, near=near))
            keep &= held["sector"].isin(wanted)
        return Inventory(held[keep].reset_index(drop=True))


def _cut(code: str, level: int) -> str:
    return ".".join(code.split(".")[:level])


def _check_dim(dim: str, known: Sequence[str]) -> None:
    if dim not in known:
        near = near_or_known(dim, known)
        raise MethodError(say("an inventory has no {dim!r}; {near}", dim=dim, near=near))


def _same(one: pd.Series, other: pd.Series) -> bool:
    if one.dtype.kind == "f":
        return bool(np.array_equal(one.to_numpy(), other.to_numpy(), equal_nan=True))
    return bool((one.astype(object).to_numpy() == other.astype(object).to_numpy()).all())


def _shown(finding: Finding) -> tuple[str, ...]:
    """Return what a file holds of a finding."""
    return finding.rule, finding.severity, finding.message, finding.where, finding.action


def _count(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"
