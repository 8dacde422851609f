"""Published decompositions come out to their printed digits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import carbonacct as ca

PRINTED_DIGITS = (
    1e-6  # two drivers of seven digits; the effects themselves were kept in single precision, 6e-8
)


@pytest.mark.parametrize(("form", "sign"), [("additive", "dV"), ("multiplicative", "D")])
def test_lmdir_example(real_tables, form, sign):
    """The worked example of LMDIR (MIT licence): three factors, two categories, 1971-1974, ten digits."""
    panel = pd.read_csv(real_tables / "lmdi" / "lmdir_simple_inputs.csv")
    printed = pd.read_csv(real_tables / "lmdi" / "lmdir_simple_expected.csv")
    made = ca.decompose(
        panel, "V = factor1 * factor2 * factor3", sum_over="category", chained=True, form=form
    )
    for number, row in printed.iterrows():
        assert row["period"] == made.effects["period"].values[number]
        assert made.total.values[number] == pytest.approx(row[sign], abs=5e-10)
        for term, effect in zip(("f1", "f2", "f3"), made.effects.values[number], strict=True):
            assert effect == pytest.approx(row[f"{sign}_{term}"], rel=5e-10, abs=5e-10)


def test_pylmdi_buildings(real_tables):
    """PyLMDI's two cases (Apache 2.0): six factors of one product."""
    panel = pd.read_csv(real_tables / "lmdi" / "pylmdi_buildings_inputs.csv")
    terms = ["P", "g", "s", "i", "e", "K"]
    for form in ("additive", "multiplicative"):
        made = ca.decompose(panel, "C = P * g * s * i * e * K", by="case", form=form)
        for case, rows in panel.groupby("case"):
            before, after = rows.iloc[0], rows.iloc[1]
            ratios = np.array([after[term] / before[term] for term in terms])
            mean = (after["C"] - before["C"]) / np.log(after["C"] / before["C"])
            expected = ratios if form == "multiplicative" else mean * np.log(ratios)
            assert made.effects.sel(case=case).values[0] == pytest.approx(expected, rel=1e-9)


def _drivers(real_tables) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the published effects, and the drivers by area and year (the rows below them are other tables)."""
    drivers = pd.read_csv(real_tables / "lmdi2" / "spain_eu28_drivers_1995_2017.csv").iloc[:46, :53]
    drivers = (
        drivers.set_index(["geo", drivers["year"].astype(int)]).drop(columns="year").astype(float)
    )
    return pd.read_csv(real_tables / "lmdi2" / "spain_eu28_lmdi_results_1996_2017.csv"), drivers


BRANCHES = [
    f"IND_{branch}"
    for branch in ("EEI", "FBT", "TL", "WWP", "PPP", "CPC", "NMM", "BM", "MAC", "TE", "OI", "CON")
]
ECONOMY = [*BRANCHES, "AGRI_AF", *(f"CPS_{use}" for use in ("SH", "HW", "COOK", "AC", "LIGHT"))]


def _economy(drivers: pd.DataFrame, weights: pd.Series, geo: str) -> pd.DataFrame:
    """Return the drivers of each sector of the economy on both sides of each year; co2 is the published weight."""
    rows = []
    for (sector, year), weight in weights.items():
        group = sector.split("_")[0]
        own = "GVA_CPS" if group == "CPS" else f"GVA_{sector}"
        output = {"IND": f"PVI_{sector}", "AGRI": "AA", "CPS": "EMP_CPS"}[group]
        for side, at in (("before", year - 1), ("now", year)):
            of = drivers.loc[geo, at]
            rows.append(
                (
                    sector,
                    year,
                    side,
                    of["POP"],
                    of["GVA_TOT"] * of["PPP"],
                    of[f"GVA_{group}"] * of["PPP"],
                    of[own] * of["PPP"],
                    of[output],
                    weight,
                )
            )
    return pd.DataFrame(
        rows,
        columns=["sector", "step", "side", "pop", "gva", "group_gva", "own_gva", "output", "co2"],
    )


IDENTITY = (
    "co2 = pop * gva/pop * group_gva[sector]/gva * own_gva[sector]/group_gva[sector] * "
    "output[sector]/own_gva[sector] * co2[sector]/output[sector]"
)
PRINTED = {
    "pop": "pop",
    "gva/pop": "inc",
    "group_gva[sector]/gva": "str",
    "own_gva[sector]/group_gva[sector]": "intr",
    "output[sector]/own_gva[sector]": "out",
}


@pytest.mark.parametrize(
    ("geo", "known"), [("ES", "pop"), ("EU28", "output[sector]/own_gva[sector]")]
)
def test_spain_and_eu28(real_tables, geo, known):
    """Serrano-Puente (2021), SERIEs 12, 151-229: the effect of every printed driver.

    The levels of CO2 are not published: the weight of a sector and year comes from one of its effects, and the other
    effects follow. Population and GVA of the EU28 are printed rounded, so only effects within its sectors are compared.
    """
    effects, drivers = _drivers(real_tables)
    printed = effects[(effects["geo"] == geo) & effects["sector"].isin(ECONOMY)].set_index(
        ["sector", "year"]
    )
    blank = _economy(drivers, printed["delta_pop"] * 0.0 + 1.0, geo).set_index(
        ["sector", "step", "side"]
    )
    before, now = blank.xs("before", level="side"), blank.xs("now", level="side")
    logs = {term: np.log(_value(term, now) / _value(term, before)) for term in PRINTED}
    weights = printed[f"delta_{PRINTED[known]}"] / logs[known].rename_axis(["sector", "year"])
    made = ca.decompose(
        _economy(drivers, weights, geo), IDENTITY, over="side", by="step", reference="before"
    )
    parts = made.attribute("sector").squeeze("period")
    compared = list(PRINTED) if geo == "ES" else list(PRINTED)[3:]
    for term in compared:
        ours = (
            parts.sel(term=term)
            .to_series()
            .reorder_levels(["sector", "step"])
            .rename_axis(["sector", "year"])
        )
        theirs = printed[f"delta_{PRINTED[term]}"].reindex(ours.index)
        rounding = (
            PRINTED_DIGITS
            * weights.abs()
            * (1 + (logs[term] / logs[known]).abs().rename_axis(["sector", "year"]))
        )
        assert len(ours) == 396
        assert (ours - theirs).abs().le(rounding.reindex(ours.index)).all(), term


def _value(term: str, table: pd.DataFrame) -> pd.Series:
    over, _, under = term.replace("[sector]", "").partition("/")
    return table[over] / table[under] if under else table[over]


def test_central_asia_parts_add_up(real_tables):
    """Central Asia 1992-2014: the published indices of the parts add up to the whole, as effects do."""
    table = pd.read_csv(real_tables / "tapio" / "central_asia_lmdi_decoupling_index_1992_2014.csv")
    assert (
        table["delta"] - table[["delta_pop", "delta_int", "delta_str"]].sum(axis=1)
    ).abs().max() <= 2e-4


def test_buildings_with_real_zeros(real_tables):
    """Buildings of a province 2001-2005, with a fuel that ends: small numbers lead to the limit at 0."""
    folder = real_tables / "lmdi2"
    long = [
        pd.read_csv(folder / f"eda_{name}.csv").melt(
            ["year", "buildingsector"], var_name="fuel", value_name=name
        )
        for name in ("energy", "carbon")
    ]
    panel = (
        long[0]
        .merge(long[1])
        .merge(pd.read_csv(folder / "eda_buildingarea.csv"))
        .rename(columns={"buildingsector": "sector", "area": "floor"})
    )
    identity = (
        "carbon = floor * energy/floor * energy[sector]/energy * energy[sector,fuel]/energy[sector] * "
        "carbon[sector,fuel]/energy[sector,fuel]"
    )
    assert (panel["energy"] == 0).sum() > 5
    made = ca.decompose(panel, identity, chained=True)
    near = panel.copy()
    empty = near["energy"] == 0
    near.loc[empty, "energy"], near.loc[empty, "carbon"] = 1e-250, 1e-250 * 2.5
    limit = ca.decompose(near, identity, chained=True)
    scale = float(abs(made.effects).max())
    assert (
        np.abs(made.effects - limit.effects).max() < 3e-3 * scale
    )  # a small number of 1e-250 is still 1/575 away from its limit
    assert np.abs(made.residual).max() < 1e-14 * scale * 100
