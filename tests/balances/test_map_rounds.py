"""A mapping file is filled in once: the right id is among the candidates of each line, and the table reads with it.

What a person would choose is written down here for each table of ``tests/data/kinds_of_tables``.
"""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

import carbonacct as ca

FOLDER = Path(__file__).parents[1] / "data" / "kinds_of_tables"

# File, its area, the id that a person gives to each label, and an amount that is then read.
ANSWERS = [
    (
        "cn_product_among_uses.csv",
        "某市",
        {"天然气": "total_consumption + natural_gas"},
        {"flow": "total_consumption", "product": "natural_gas", "year": 2019},
        130_000,
    ),
    (
        "cn_fuel_below_sector_unmarked.csv",
        "某市",
        {"天然气": "total_consumption + natural_gas"},
        {"flow": "total_consumption", "product": "natural_gas", "year": 2021},
        1.45e9,
    ),
    (
        "cn_use_among_products.csv",
        "某市",
        {"工业": "industry + natural_gas"},
        {"flow": "industry", "product": "natural_gas", "year": 2019},
        3e8,
    ),
    (
        "cn_uses_of_no_product.csv",
        "某市",
        {"数量": "coal_total"},
        {"flow": "construction", "product": "coal_total", "year": 2019},
        500_000,
    ),
    (
        "cn_products_of_no_use.csv",
        "某市",
        {"数量": "total_consumption"},
        {"flow": "total_consumption", "product": "electricity", "year": 2019},
        5e9,
    ),
    (
        "gas_of_no_product.csv",
        None,
        {"家庭用量": "households + natural_gas"},
        {"flow": "households", "product": "natural_gas", "year": 2015, "area": "南京市"},
        3e8,
    ),
    (
        "gas_in_watt_hours_untold.csv",
        None,
        {
            "Domestic consumption": "households + natural_gas",
            "Non-domestic consumption": "non_household + natural_gas",
            "Total consumption": "total_consumption + natural_gas",
        },
        {"flow": "households", "product": "natural_gas"},
        None,
    ),
    (
        "title_names_gas_otherwise.csv",
        "Deutschland",
        {"Menge": "natural_gas"},
        {"flow": "households", "product": "natural_gas"},
        None,
    ),
    (
        "cn_buildings.csv",
        "某市",
        {"公共建筑": "other_services"},
        {"flow": "other_services", "product": "electricity", "year": 2018},
        None,
    ),
    (
        "total_with_plants.csv",
        "某市",
        {"合计": "total_consumption"},
        {"flow": "total_consumption", "product": "coal_total", "year": 2015},
        1.2e6,
    ),
    (
        "cn_intensity_and_total_rows.csv",
        "某市",
        {"总量": "total_consumption"},
        {"flow": "total_consumption", "product": "total_energy", "year": 2019},
        1.25e7,
    ),
    (
        "rural_use.csv",
        None,
        {"农村用电量": "households_rural + electricity"},
        {"flow": "households_rural", "product": "electricity", "area": "唐山市"},
        7e9,
    ),
]


@pytest.mark.parametrize(
    ("file", "area", "answers", "place", "amount"), [pytest.param(*each, id=each[0]) for each in ANSWERS]
)
def test_one_round_reads_the_table(tmp_path, file, area, answers, place, amount):
    """Each line has the right id among its candidates; no line is asked for a label that is none of the table's."""
    lines = ca.propose_mapping(FOLDER / file, area=area)
    assert set(lines["name"]) == set(answers)
    for line in lines.to_dict("records"):
        assert answers[line["name"]] in line["candidates"].split(" | "), line
    filled = lines.assign(id=lines["name"].map(answers))
    path = tmp_path / "mapping.csv"
    filled.to_csv(path, index=False)
    balance = ca.read_balance(FOLDER / file, area=area, mapping=path)
    found = balance.amounts.sel(place)
    assert found.notna().any()
    if amount is not None:
        assert math.isclose(float(found.squeeze()), amount, rel_tol=1e-6)


def test_words_of_another_language_are_not_named(tmp_path):
    """An English table asks for Waste with English words, a Chinese one with Chinese."""
    path = tmp_path / "t.csv"
    pd.DataFrame({"Sector": ["Industry", "Households", "Transport", "Waste"], "Coal (t)": [1, 2, 3, 4]}).to_csv(
        path, index=False
    )
    (stop,) = ca.read_tables(path, area="X", year=2020).stops
    assert "Scrap and waste" in str(stop.error)
    assert "Ajuste" not in str(stop.error)
