"""What must hold of every inventory, whatever the numbers (hypothesis)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.factors.methods import load_method
from tests.sectors.energy.building import table

RELAXED = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
FLOWS = ("industry", "construction", "transport", "wholesale_retail", "other_services")
FUELS = ("raw_coal", "coke", "diesel", "natural_gas")
METHODS = ("provincial-2011", "ipcc-2006", "ceads")
# As a yearbook prints: two decimals.
number = st.integers(min_value=0, max_value=10**7).map(lambda n: n / 100)
cells = st.fixed_dictionaries(
    {flow: st.fixed_dictionaries(dict.fromkeys(FUELS, number)) for flow in FLOWS}
)
method = st.sampled_from(METHODS)


def whole(rows: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """Return the rows under their printed total."""
    total = {fuel: round(sum(row[fuel] for row in rows.values()), 2) for fuel in FUELS}
    return {"final_consumption": total, **rows}


def total(inventory: ca.EnergyInventory) -> float:
    """Return the direct emissions in t."""
    return float(inventory.total().data.magnitude[0, 0])


@RELAXED
@given(cells, method)
def test_the_sum_over_any_partition_is_the_total(tmp_path, rows, name):
    """By flow, by fuel, by category and by cell: one total."""
    inventory = ca.compile_inventory(table(tmp_path, whole(rows)), method=name)
    for dims in (("flow",), ("product",), ("category",), ("flow", "product")):
        assert float(np.nansum(inventory.by(*dims).data.magnitude)) == pytest.approx(
            total(inventory), rel=1e-12
        )
    assert inventory.to_frame()["value"].sum() == pytest.approx(total(inventory), rel=1e-12)


@RELAXED
@given(cells, method, st.integers(min_value=2, max_value=50))
def test_linear_in_activity(tmp_path, rows, name, times):
    """K times the table is k times the inventory, cell by cell."""
    one = ca.compile_inventory(table(tmp_path, whole(rows)), method=name)
    scaled = {
        flow: {fuel: round(value * times, 2) for fuel, value in row.items()}
        for flow, row in rows.items()
    }
    many = ca.compile_inventory(table(tmp_path, whole(scaled)), method=name)
    np.testing.assert_allclose(many.emissions.values, one.emissions.values * times, rtol=1e-9)


@RELAXED
@given(cells, method, st.randoms(use_true_random=False))
def test_units_and_order_do_not_matter(tmp_path, rows, name, random):
    """The same amounts in tonnes and cubic metres, rows and columns in another order, give the same inventory."""
    one = ca.compile_inventory(table(tmp_path, whole(rows)), method=name)
    flows, fuels = list(rows), list(FUELS)
    random.shuffle(flows)
    random.shuffle(fuels)
    scale = {fuel: 1e8 if fuel == "natural_gas" else 1e4 for fuel in fuels}
    other = {flow: {fuel: repr(rows[flow][fuel] * scale[fuel]) for fuel in fuels} for flow in flows}
    units = {fuel: "立方米" if fuel == "natural_gas" else "吨" for fuel in fuels}
    two = ca.compile_inventory(table(tmp_path, other, units=units), method=name)
    frames = [
        inventory.to_frame().set_index(["flow", "product"])["value"].sort_index()
        for inventory in (one, two)
    ]
    assert frames[0].index.equals(frames[1].index)
    np.testing.assert_allclose(frames[0], frames[1], rtol=1e-12)


@RELAXED
@given(number, number, number, number, method)
def test_refining_a_flow_into_sub_flows_changes_no_total(
    tmp_path, chemicals, steel, paper, feedstock, name
):
    """Industry printed whole, and printed with its sub-sectors, give the same coke and diesel, feedstock included."""
    industry = round(chemicals + steel + paper, 2)
    feedstock = min(
        feedstock, chemicals
    )  # beyond what chemicals hold CEADs does not deduct it (see its method)
    coarse = {
        "industry": {"coke": industry, "diesel": industry},
        "feedstock": {"coke": feedstock, "diesel": ""},
    }
    fine = {
        **coarse,
        "industry.chemicals": {"coke": chemicals, "diesel": chemicals},
        "industry.ferrous_smelting": {"coke": steel, "diesel": steel},
        "industry.paper": {"coke": paper, "diesel": paper},
    }
    totals = [
        total(ca.compile_inventory(table(tmp_path, rows), method=name)) for rows in (coarse, fine)
    ]
    assert totals[1] == pytest.approx(totals[0], rel=1e-9, abs=1e-6)


@RELAXED
@given(cells, method)
def test_an_empty_product_changes_nothing_else(tmp_path, rows, name):
    """A column without a number leaves every other cell as it was."""
    one = ca.compile_inventory(table(tmp_path, whole(rows)), method=name)
    wider = {flow: {**row, "crude_oil": ""} for flow, row in whole(rows).items()}
    two = ca.compile_inventory(table(tmp_path, wider), method=name)
    assert one.to_frame().drop(columns="method").equals(two.to_frame().drop(columns="method"))


@RELAXED
@given(cells, st.sampled_from(FUELS), st.floats(0.75, 1.5))
def test_a_factor_scaled_scales_exactly_the_cells_that_name_it(tmp_path, rows, fuel, times):
    """An overlay that multiplies one carbon content multiplies that fuel's cells and no other."""
    balance = table(tmp_path, whole(rows))
    base = ca.compile_inventory(balance, method="provincial-2011")
    names = {
        "raw_coal": ("raw_coal", 26.1),
        "coke": ("coke", 29.42),
        "diesel": ("diesel", 20.2),
        "natural_gas": ("natural_gas", 15.32),
    }
    product, value = names[fuel]
    overlay = tmp_path / "mine"
    overlay.mkdir(exist_ok=True)
    (overlay / "source.toml").write_text(
        'title = "mine"\npublisher = "me"\ndate = "2026"\nreference = "own measurements"\n',
        encoding="utf-8",
    )
    (overlay / "carbon_content.csv").write_text(
        "product,flow,category,area,from,to,gas,item,value,lower,upper,unit,table,page,status,note\n"
        f"{product},,,,,,,mine,{value * times!r},,,t C/TJ,,,single,\n",
        encoding="utf-8",
    )
    changed = ca.compile_inventory(balance, method=load_method("provincial-2011", overlay=overlay))
    ratio = changed.emissions / base.emissions
    for other in FUELS:
        found = ratio.sel(product=other).values
        np.testing.assert_allclose(
            found[~np.isnan(found)], times if other == fuel else 1.0, rtol=1e-12
        )


@RELAXED
@given(cells, cells)
def test_areas_and_years_are_independent(tmp_path, here, there):
    """Two areas in one long table give what each gives alone."""
    lines = ["地区,年份,项目,能源品种,计量单位,实物量"]
    zh = {"raw_coal": "原煤", "coke": "焦炭", "diesel": "柴油", "natural_gas": "天然气"}
    names = {
        "industry": "工业",
        "construction": "建筑业",
        "transport": "交通运输、仓储和邮政业",
        "wholesale_retail": "批发和零售业、住宿和餐饮业",
        "other_services": "其他",
    }
    for area, rows in (("北京", here), ("天津", there)):
        lines += [
            f"{area},2019,{names[flow]},{zh[fuel]},{'亿立方米' if fuel == 'natural_gas' else '万吨'},{value!r}"
            for flow, row in rows.items()
            for fuel, value in row.items()
        ]
    path = tmp_path / "long.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    both = ca.compile_inventory(path, method="ceads")
    for area, rows in (("北京", here), ("天津", there)):
        alone = ca.compile_inventory(
            table(tmp_path, rows, title=f"{area}能源平衡表-2019"), method="ceads"
        )
        joint = both.emissions.sel(area=area, flow=list(FLOWS), product=list(FUELS)).values
        np.testing.assert_array_equal(
            joint, alone.emissions.sel(flow=list(FLOWS), product=list(FUELS)).isel(area=0).values
        )
