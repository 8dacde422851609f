"""NetCDF, Parquet, JSON, CSV and primap2 files read back to the same floats, units and notation keys."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

import carbonacct as ca
from carbonacct.errors import OutputError
from carbonacct.report import write_inventory
from carbonacct.report.energy_data_files import to_dataset
from carbonacct.report.primap import write_primap
from carbonacct.sheets.values import STATUS_NAMES
from carbonacct.units import conversion_factor, registry
from tests.sectors.energy.building import table

printed = st.one_of(
    st.floats(min_value=0, max_value=1e9).map(repr),
    st.sampled_from(["", "-", "NO", "NE", "NA", "IE", "C", "0"]),
)
cells = st.fixed_dictionaries(
    {
        flow: st.fixed_dictionaries(
            dict.fromkeys(("raw_coal", "natural_gas", "diesel", "electricity"), printed)
        )
        for flow in ("farming", "industry", "transport", "moved_in")
    }
)


def _nothing(balance):
    """Return the kind of every cell without a number, as the JSON nests it."""
    found = {}
    for (a, y, f, p), status in np.ndenumerate(balance.status.values):
        if STATUS_NAMES[status] not in {"number", "absent"}:
            kinds = (
                found.setdefault(balance.areas[a], {})
                .setdefault(str(balance.years[y]), {})
                .setdefault(balance.flows[f], {})
            )
            kinds.setdefault(STATUS_NAMES[status], []).append(balance.products[p])
    return found


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells)
def test_every_kind_reads_back(tmp_path, rows):
    """Floats are equal to the last bit; zero, blank, mark and each notation key stay what they are; units come back."""
    rows = {**rows, "industry": {**rows["industry"], "raw_coal": "1.25"}}
    inventory = ca.compile_inventory(table(tmp_path, rows), method="provincial-2011", gases=["all"])
    frame = inventory.to_frame(gwp="AR5GWP100")
    for kind in ("nc", "parquet", "json", "csv"):
        write_inventory([inventory], str(tmp_path / f"a.{kind}"), gwp="AR5GWP100", overwrite=True)

    with xr.open_dataset(tmp_path / "a.nc", engine="h5netcdf", group="energy") as data:
        np.testing.assert_array_equal(
            data["value"], inventory.emissions.sel(flow=data.flow, product=data["product"])
        )
        assert data["category"].sel(flow="transport").item() == "1.A.3"
        assert float(data["value"].sel(gas="CO2").sum()) == pytest.approx(
            float(np.nan_to_num(inventory.total().item().magnitude))
        )
        np.testing.assert_array_equal(
            data["amount"], inventory.balance.amounts.sel(flow=data.flow, product=data["product"])
        )
        np.testing.assert_array_equal(
            data["status"], inventory.balance.status.sel(flow=data.flow, product=data["product"])
        )
        assert dict(
            zip(
                data["status"].attrs["flag_meanings"].split(),
                data["status"].attrs["flag_values"].tolist(),
                strict=True,
            )
        ) == {name: n for n, name in enumerate(STATUS_NAMES)}
        assert registry().Unit(data["value"].attrs["units"]).is_compatible_with("kg")
        assert (data["co2e"].attrs["units"], data["co2e"].attrs["gas"]) == ("t", "CO2e (AR5GWP100)")
        for product in data["product"].values:
            unit = str(data["amount_unit"].sel(product=product).item())
            assert (
                conversion_factor(
                    unit, str(inventory.balance.amounts["unit"].sel(product=product).item())
                )
                == 1
            )

    held = pd.read_parquet(tmp_path / "a.parquet")
    counted = held[(held["kind"] != "memo") & held["value"].notna()].reset_index(drop=True)
    of_csv = counted[list(frame.columns)]
    gases = ~of_csv["gas"].str.startswith("CO2e").to_numpy()
    pd.testing.assert_frame_equal(of_csv[gases], frame[gases], check_exact=True, check_dtype=False)
    pd.testing.assert_frame_equal(of_csv, frame, rtol=1e-12, check_dtype=False)
    about = json.loads(parquet.read_schema(tmp_path / "a.parquet").metadata[b"carbonacct"])
    content = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    rows = pd.DataFrame(content.pop("rows"), columns=held.columns)["value"].astype(float)
    np.testing.assert_array_equal(rows, held["value"])
    assert content == about
    assert about["nothing"] == _nothing(inventory.balance)
    assert (
        pd.read_csv(tmp_path / "a.csv", dtype=str, keep_default_na=False)["value"]
        .astype(float)
        .tolist()
        == frame["value"].tolist()
    )


def test_many_inventories_are_one_dataset():
    """Areas with different rows and columns share one cube; what one has not is absent there, and says so."""
    inventories = [
        ca.compile_inventory(f"docs/tables/{name}.csv", method="provincial-2011")
        for name in ("chongqing_2007", "qingdao_2019")
    ]
    data = to_dataset(inventories)
    assert dict(data["value"].sizes) == {
        "area": 2,
        "year": 2,
        "flow": len(data.flow),
        "product": len(data["product"]),
        "gas": 1,
    }
    for inventory in inventories:
        area, year = inventory.balance.areas[0], inventory.balance.years[0]
        here = data["value"].sel(area=area, year=year)
        np.testing.assert_array_equal(
            here.sel(flow=inventory.balance.flows, product=inventory.balance.products),
            inventory.emissions.sel(area=area, year=year),
        )
        assert here.count() == inventory.emissions.count()
    assert (data["status"].sel(area="重庆", year=2019) == STATUS_NAMES.index("absent")).all()
    with pytest.raises(OutputError, match="two inventories of 重庆 2007"):
        to_dataset([inventories[0], inventories[0]])


def test_one_product_in_two_units_says_that_of_each_year(tmp_path):
    """A city in tonnes one year and in coal equivalent the next."""
    rows = {"industry": {"raw_coal": 1, "coke": 2}, "transport": {"raw_coal": 1, "coke": 2}}
    (tmp_path / "b").mkdir()
    made = [
        ca.compile_inventory(table(tmp_path, rows), method="provincial-2011"),
        ca.compile_inventory(
            table(
                tmp_path / "b",
                rows,
                title="重庆能源平衡表(标准量)-2022",
                units=dict.fromkeys(("raw_coal", "coke"), "万吨标准煤"),
            ),
            method="provincial-2011",
        ),
    ]
    unit = to_dataset(made)["amount_unit"].sel(area="重庆", product="raw_coal")
    assert unit.to_series().to_dict() == {2021: "t", 2022: "tce"}


def test_primap2_opens_the_interchange_format(tmp_path):
    """primap2 itself reads the file: same numbers by category, fuel and year, with their unit."""
    io = pytest.importorskip("primap2.pm2io", reason="primap2 is not installed")
    inventory = ca.compile_inventory(
        "docs/tables/beijing_2007.csv", method="ipcc-2006", gases=["all"]
    )
    write_inventory([inventory], str(tmp_path / "a.primap.csv"))
    data = io.from_interchange_format(io.read_interchange_format(tmp_path / "a.primap.yaml"))
    for gas in ("CO2", "CH4", "N2O"):
        frame = inventory.to_frame()
        frame = frame[(frame["gas"] == gas) & (frame["scope"] == 1)]
        held = data[gas].sum([dim for dim in data[gas].dims if dim != "category (IPCC2006)"])
        for category, value in frame.groupby("category")["value"].sum().items():
            here = held.loc[{"category (IPCC2006)": category}].item()
            assert float(here.to(f"t {gas} / year").magnitude) == pytest.approx(value, rel=1e-12)


def test_the_interchange_format_is_written_as_primap2_reads_it(tmp_path):
    """The CSV has a column per year and the dimensions that the YAML names; scope 2 is left out and said."""
    inventory = ca.compile_inventory("docs/tables/qingdao_2019.csv", method="provincial-2011")
    write_inventory([inventory], str(tmp_path / "a.primap.csv"))
    wide = pd.read_csv(tmp_path / "a.primap.csv", dtype=str)
    assert list(wide.columns[-2:]) == ["unit", "2019"]
    frame = inventory.to_frame()
    assert sorted(wide["2019"].astype(float)) == sorted(frame[frame["scope"] == 1]["value"])
    about = (tmp_path / "a.primap.yaml").read_text(encoding="utf-8")
    assert "data_file: 'a.primap.csv'" in about
    assert "Scope 1 alone" in about
    assert all(f"- '{column}'" in about for column in wide.columns[:-1])
    with pytest.raises(OutputError, match="two inventories of 青岛市 2019"):
        write_inventory([inventory, inventory], str(tmp_path / "b.primap.csv"))
    assert not (tmp_path / "b.primap.csv").exists()


def test_the_description_of_an_own_method_names_its_document(tmp_path):
    """A method by path is no id of the package: the reference is that of the method itself, or its name."""
    own = tmp_path / "mine.toml"
    own.write_text(
        'extends = "provincial-2011"\ntitle = "Ours"\nreference = "Our report 2024"\n',
        encoding="utf-8",
    )
    inventory = ca.to_inventory(ca.compile_inventory("docs/tables/chongqing_2007.csv", method=own))
    write_primap(inventory, tmp_path / "own.csv")
    assert "Our report 2024" in (tmp_path / "own.yaml").read_text(encoding="utf-8")
    inventory.to_frame().to_csv(tmp_path / "kept.csv", index=False)
    write_primap(ca.read_inventory(tmp_path / "kept.csv"), tmp_path / "again.csv")
    assert "references: 'mine'" in (tmp_path / "again.yaml").read_text(encoding="utf-8").replace(
        '"', "'"
    )
