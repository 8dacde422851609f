"""A chained decomposition of many areas, years and sectors, against the formula of LMDI-I in a loop and in pandas.

No installable package computes one for any identity: PyLMDI is not on PyPI, kaya-decomposition has one identity over
scenario data. Both peers here add a small number for each zero, as such packages do.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

import carbonacct as ca
from benchmarks.timing import Row, compare

IDENTITY = (
    "co2 = population * gdp/population * gdp_sector[sector]/gdp"
    " * energy[sector]/gdp_sector[sector] * co2[sector]/energy[sector]"
)
TINY = 1e-100


def make_panel(areas: int, years: int, sectors: int) -> pd.DataFrame:
    """Return a panel of random numbers with a twentieth of the sectors idle."""
    random = np.random.default_rng(1)
    index = pd.MultiIndex.from_product(
        [
            [f"area {i}" for i in range(areas)],
            range(2000, 2000 + years),
            [f"sector {i}" for i in range(sectors)],
        ],
        names=["area", "year", "sector"],
    )
    panel = pd.DataFrame(index=index).reset_index()
    state = np.repeat(np.arange(areas * years), sectors)
    panel["population"] = random.uniform(1, 2, areas * years)[state]
    panel["gdp_sector"] = random.uniform(1, 2, len(panel))
    panel["gdp"] = panel.groupby(["area", "year"])["gdp_sector"].transform("sum")
    panel["energy"] = np.where(
        random.random(len(panel)) < 0.05, 0.0, random.uniform(1, 2, len(panel))
    )
    panel["co2"] = panel["energy"] * random.uniform(1, 2, len(panel))
    return panel


def decompose_in_a_loop(
    rows: list[tuple[float, ...]], years: int, sectors: int
) -> list[list[float]]:
    """Return the effects of each step of each area from rows (population, gdp, gdp_sector, energy, co2) in order."""
    effects = []
    for start in range(0, len(rows), years * sectors):
        for year in range(years - 1):
            sums = [0.0] * 5
            for sector in range(sectors):
                at = start + year * sectors + sector
                sides = []
                for population, gdp, own, energy, co2 in (rows[at], rows[at + sectors]):
                    use, gas = energy or TINY, co2 or TINY
                    sides.append(
                        (population, gdp / population, own / gdp, use / own, gas / use, gas)
                    )
                before, after = sides
                mean = (
                    before[5]
                    if before[5] == after[5]
                    else (after[5] - before[5]) / math.log(after[5] / before[5])
                )
                for term in range(5):
                    sums[term] += mean * math.log(after[term] / before[term])
            effects.append(sums)
    return effects


def decompose_with_pandas(panel: pd.DataFrame) -> pd.DataFrame:
    """Return the effects of each step of each area from shifted columns and a group-by."""
    energy, co2 = panel["energy"].replace(0, TINY), panel["co2"].replace(0, TINY)
    factors = pd.DataFrame(
        {
            "population": panel["population"],
            "gdp/population": panel["gdp"] / panel["population"],
            "gdp_sector/gdp": panel["gdp_sector"] / panel["gdp"],
            "energy/gdp_sector": energy / panel["gdp_sector"],
            "co2/energy": co2 / energy,
        }
    )
    series = [panel["area"], panel["sector"]]
    before, gas = factors.groupby(series).shift(), co2.groupby(series).shift()
    mean = ((co2 - gas) / np.log(co2 / gas)).where(co2 != gas, co2)
    return np.log(factors / before).mul(mean, axis=0).groupby([panel["area"], panel["year"]]).sum()


def decompose_with_numpy(columns: tuple[np.ndarray, ...]) -> list[np.ndarray]:
    """Return the effects of each step from arrays (area, year) and (area, year, sector), each factor at once."""
    population, gdp, own, energy, co2 = columns
    energy, co2 = np.where(energy == 0, TINY, energy), np.where(co2 == 0, TINY, co2)
    whole = [
        np.broadcast_to(total[..., None], co2.shape) for total in (population, gdp / population)
    ]
    factors = [*whole, own / gdp[..., None], energy / own, co2 / energy]
    before, after = co2[:, :-1], co2[:, 1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(before == after, before, (after - before) / np.log(after / before))
    return [(mean * np.log(factor[:, 1:] / factor[:, :-1])).sum(axis=-1) for factor in factors]


def measure(repeat: int, *, areas: int = 300, years: int = 20, sectors: int = 47) -> list[Row]:
    """Return the time of a chained LMDI-I with five factors, beside the loop and beside pandas."""
    panel = make_panel(areas, years, sectors)
    rows = list(
        panel[["population", "gdp", "gdp_sector", "energy", "co2"]].itertuples(
            index=False, name=None
        )
    )

    def ours() -> object:
        return ca.decompose(panel, IDENTITY, by="area", chained=True)

    size = f"{areas} areas x {years} years x {sectors} sectors, 5 factors, chained"
    looped = compare(ours, lambda: decompose_in_a_loop(rows, years, sectors), repeat)
    labelled = panel.set_index(["area", "year", "sector"])[
        ["gdp_sector", "energy", "co2"]
    ].to_xarray()
    once = (
        panel.drop_duplicates(["area", "year"])
        .set_index(["area", "year"])[["population", "gdp"]]
        .to_xarray()
    )
    labelled = labelled.assign(once)
    columns = tuple(
        labelled[name].values for name in ("population", "gdp", "gdp_sector", "energy", "co2")
    )
    grouped = compare(ours, lambda: decompose_with_pandas(panel), repeat)
    arrays = compare(
        lambda: ca.decompose(labelled, IDENTITY, by="area", chained=True),
        lambda: decompose_with_numpy(columns),
        repeat,
    )
    return [
        (f"decompose {size} (peer: a loop, no labels, nothing checked)", *looped),
        ("the same (peer: pandas shift and group-by)", *grouped),
        ("the same from a Dataset (peer: vectorised numpy)", *arrays),
    ]
