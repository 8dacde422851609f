"""How cells came about, in the file, in the trace.

And in the uncertainty of what is made of them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.balances.amounts.origins import CASES, WAYS, CellOrigin, Origins
from carbonacct.errors import TableError
from tests.cities.building import PAGES, TABLES, make_indicators, make_province, write_page


@pytest.fixture(scope="module")
def city():
    """Return the city of the documentation."""
    return ca.build_city_balance(
        *PAGES,
        area="江州市",
        year=2019,
        province=TABLES / "province_2019.csv",
        indicators=TABLES / "indicators_2019.csv",
    )


def same(one: CellOrigin, other: CellOrigin) -> bool:
    """Whether two origins say the same; NaN is NaN."""
    return all(
        a == b or (isinstance(a, float) and np.isnan(a) and np.isnan(b))
        for a, b in zip(vars(one).values(), vars(other).values(), strict=True)
    )


def test_a_city_reads_back(city, tmp_path):
    """The CSV is a balance like any other.

    Same floats, same origins, nothing to be said of its columns.
    """
    ca.write_balance(city, tmp_path / "city.csv")
    again = ca.read_balance(tmp_path / "city.csv")
    assert again.amounts.equals(city.amounts)
    assert again.status.equals(city.status)
    assert again.findings == ()
    for flow in city.flows:
        for product in city.products:
            one, other = (b.origins.find("江州市", 2019, flow, product) for b in (city, again))
            assert (one is None) == (other is None)
            assert one is None or same(one, other)


def test_each_cell_has_an_origin(city):
    """No number without its way, its case and its source."""
    for flow, product in np.argwhere(~np.isnan(city.amounts.values[0, 0])).tolist():
        found = city.origins.find("江州市", 2019, city.flows[flow], city.products[product])
        assert found.how in WAYS
        assert found.case in CASES
        assert found.source
        if found.how in {"allocated", "scaled"}:
            assert found.index
            assert found.share == pytest.approx(found.index_city / found.index_reference)
        if found.how == "printed":
            assert city.address("江州市", 2019, city.flows[flow], city.products[product])


@settings(max_examples=30)
@given(
    st.sampled_from(WAYS),
    st.sampled_from(CASES),
    st.text("甲乙a/ ,;'\"=-", max_size=12),
    st.lists(st.floats(0, 1e9) | st.just(float("nan")), min_size=5, max_size=5),
)
def test_any_origin_reads_back(tmp_path_factory, how, case, text, numbers):
    """Whatever a source holds (commas, quotes, a formula), the file gives it back."""
    balance = make_province({("transport", "diesel"): 3.0})
    first, second, share, low, high = numbers
    source = text.strip()
    record = CellOrigin(
        how=how,
        case=case,
        index="gdp",
        index_city=first,
        index_reference=second,
        index_unit="1e8 CNY",
        share=share,
        share_low=low,
        share_high=high,
        source=source,
    )
    codes = balance.place.copy(data=np.zeros(balance.place.shape, np.int32))
    path = tmp_path_factory.mktemp("origins") / "city.csv"
    ca.write_balance(replace(balance, origins=Origins(codes, (record,))), path)
    assert same(ca.read_balance(path).origins.find("某省", 2019, "transport", "diesel"), record)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("guessed,beta,,", r"city\.csv!G2: how is 'guessed'; known: printed, scaled"),
        ("printed,omega,,", r"city\.csv!H2: case is 'omega'; known: alpha"),
        ("allocated,beta,gdp,much", r"city\.csv!J2: share is 'much', not a number"),
    ],
)
def test_a_faulty_origin_is_named(tmp_path, row, message):
    """A column of origins that somebody changed stops with its cell."""
    page = "area,year,flow,product,unit,value,how,case,index,share\n甲,2019,transport,diesel,t,3,"
    page += f"{row}\n"
    with pytest.raises(TableError, match=message):
        ca.read_balance(write_page(tmp_path, "city.csv", page))


def test_a_trace_opens_the_origin(city):
    """From the emission to the way in which its amount came about.

    With both values of the index.
    """
    inventory = ca.compile_inventory(city, method="provincial-2011")
    found = ca.trace(inventory, flow="transport", product="diesel")
    assert found.recompute() == found.value
    (line,) = [one for one in found.to_text().splitlines() if one.startswith("came about: ")]
    assert line.startswith(
        "came about: allocated (beta) by vehicles: 76 / 690 1e4 vehicle = 0.1101449275 ("
    )
    assert "province_2019.csv!B14" in line
    rest = ca.trace(inventory, flow="transport", product="gasoline").to_text("zh")
    assert "数据由来：余项（gamma） [totals_2019.csv!D5 - farming gasoline" in rest


def test_the_spread_becomes_a_distribution():
    """The choice of an index is one uncertain input of all cells that it scales.

    Uniform over the indices at hand.
    """
    province = make_province({("transport", "diesel"): 100.0, ("transport", "gasoline"): 50.0})
    whole, part = (
        {"va_tertiary": 100.0, "population": 100.0},
        {"va_tertiary": 20.0, "population": 10.0},
    )
    table = make_indicators({"某省": whole, "甲市": part})
    balance = ca.build_city_balance(area="甲市", province=province, indicators=table)
    inventory = ca.compile_inventory(balance, method="provincial-2011")
    model = ca.model_inventory(inventory, exact=True)
    (choice,) = [one for one in model.inputs if one.parameter == "share"]
    assert (choice.uncertainty.kind, choice.uncertainty.shape) == ("uniform", (0.5, 1.0))
    result = ca.simulate(model, draws=4096, seed=1).table
    value = float(inventory.total().item().magnitude)
    assert float(result["mean"].item()) == pytest.approx(0.75 * value, rel=0.02)
    assert 0.45 * value < float(result["lower"].item()) < 0.56 * value
    alone = make_indicators({"某省": {"va_tertiary": 100.0}, "甲市": {"va_tertiary": 20.0}})
    single = ca.build_city_balance(area="甲市", province=province, indicators=alone)
    inputs = ca.model_inventory(
        ca.compile_inventory(single, method="provincial-2011"), exact=True
    ).inputs
    assert all(one.parameter != "share" for one in inputs)
