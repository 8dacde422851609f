"""What drove the emissions of each area: the Kaya identity over its inventories, with population and GDP given."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct.analysis.decomposition import decompose
from carbonacct.errors import Finding, PanelError
from carbonacct.report.population_and_gdp import match_areas
from carbonacct.sectors.energy.product_measures import measure_energy
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.sectors.energy import EnergyInventory

IDENTITY = "co2 = population * gdp/population * energy/gdp * co2/energy"
# The currency of a table of drivers names its prices: 元, 2005年价; yuan at constant prices; 2015 USD.
_BASIS = re.compile(r"不变价|可比价|\b(19|20)\d\d|constant", re.IGNORECASE)
_NEEDED = ["co2", "energy", "population", "gdp"]


def collect_effects(
    inventories: Sequence[EnergyInventory], drivers: pd.DataFrame
) -> tuple[pd.DataFrame | None, list[Finding]]:
    """Return what population, GDP per head, energy intensity and carbon intensity add to direct CO2, by area.

    Parameters
    ----------
    inventories
        Of several years; areas are decomposed apart.
    drivers
        ``area, year, population, gdp`` and, where GDP is at current prices, ``deflator``:
        :func:`carbonacct.report.population_and_gdp.read_drivers`.

    Returns
    -------
    DataFrame or None
        Columns ``area, from, to, term, value`` (t CO2): each year against the one before, and the
        chain from the first to the last, with the identity in ``attrs``; None where no area has two
        years with all four numbers.
    list of Finding
        Years left out, fuels without energy, and GDP at unknown prices.

    Notes
    -----
    co2 = population x gdp/population x energy/gdp x co2/energy, LMDI-I, additive, chained.
    ``energy`` is the net calorific value of the fuels whose burning is the direct CO2, without
    electricity and heat brought in, so that both sides have one boundary.

    Examples
    --------
    >>> import carbonacct as ca, pandas as pd
    >>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011")
    >>> drivers = {"area": ["重庆"], "year": [2007], "population": [28.16e6], "gdp": [412e9]}
    >>> collect_effects([inventory], pd.DataFrame(drivers))
    (None, [])
    """
    made = [inventory for inventory in inventories if "CO2" in inventory.emissions["gas"].values]
    panel = (
        pd.concat([_sum_years(inventory) for inventory in made], ignore_index=True)
        if made
        else pd.DataFrame(columns=["area", "year"])
    )
    several = panel.groupby("area")["year"].transform("nunique") > 1
    areas = list(panel.loc[several, "area"].unique())
    matched = match_areas(drivers, areas)
    assert matched is not None  # noqa: S101 - a table was given
    panel = panel[several].merge(
        matched[
            [
                *("area", "year", "population", "gdp"),
                *(["deflator"] if "deflator" in matched else []),
            ]
        ],
        on=["area", "year"],
        how="left",
    )
    constant = bool(_BASIS.search(str(drivers.attrs.get("currency", ""))))
    frames, findings = [], []
    for area, part in panel.sort_values("year").groupby("area", sort=False):
        full = part[part[_NEEDED].notna().all(axis=1)]
        findings += _note_gaps(str(area), part)
        if len(full) < 2:
            continue
        deflator = (
            {"gdp": "deflator"} if "deflator" in full and full["deflator"].notna().all() else {}
        )
        try:
            found = decompose(full, IDENTITY, by="area", chained=True, deflator=deflator)
        except PanelError as error:
            findings.append(
                Finding("not-decomposed", "warning", say("{area}: {error}", area=area, error=error))
            )
            continue
        frames.append(found.to_frame())
        findings += [
            finding for finding in found.findings if not (constant and finding.rule == "prices")
        ]
    effects = pd.concat(frames, ignore_index=True) if frames else None
    if effects is not None:
        effects.attrs["identity"] = IDENTITY
    return effects, list(dict.fromkeys(findings))


def _sum_years(inventory: EnergyInventory) -> pd.DataFrame:
    """Return direct CO2 (t) and the energy of the fuels behind it (GJ) by area and year.

    NaN where a fuel has no calorific value.
    """
    emissions = inventory.emissions.sel(gas="CO2").transpose("area", "year", "flow", "product")
    co2 = emissions.values
    energy = inventory.activity * measure_energy(inventory)[:, :, None, :]
    counted = ~np.isnan(co2) & (co2 != 0)
    lacking = (counted & np.isnan(energy)).any(axis=(2, 3)) | ~counted.any(axis=(2, 3))
    years = inventory.table.years
    return pd.DataFrame(
        {
            "area": np.repeat(inventory.table.areas, len(years)),
            "year": np.tile(years, len(inventory.table.areas)),
            "co2": np.nansum(co2, axis=(2, 3)).ravel(),
            "energy": (
                np.where(
                    lacking, np.nan, np.where(counted, np.nan_to_num(energy), 0.0).sum(axis=(2, 3))
                ).ravel()
            ),
        }
    )


def _note_gaps(area: str, part: pd.DataFrame) -> list[Finding]:
    """Say which years of an area are not decomposed, and why."""
    reasons = {
        "population or GDP": part[["population", "gdp"]].isna().any(axis=1),
        "energy of the fuels burnt": part["energy"].isna(),
    }
    return [
        Finding(
            "not-decomposed",
            "info",
            say(
                "{area} {years}: no {what}, so what drove the change is told without it",
                area=area,
                years=join_texts(", ", map(str, part.loc[lacks, "year"])),
                what=what,
            ),
            "",
            (
                say("add it to the table of drivers")
                if what.startswith("population")
                else say("the method has no calorific value for a fuel; another method may")
            ),
        )
        for what, lacks in reasons.items()
        if lacks.any()
    ]
