"""Tables of yearbooks and publishers that `map` once asked for ever, or asked what nobody can answer."""

from __future__ import annotations

import pytest

import carbonacct as ca
from carbonacct.balances.words.other_quantities import name_quantity
from carbonacct.errors import TableError
from tests.balances.test_layout import amount, read

# Beijing 2014, total energy by sector: 91.7 + 1998.3 + 3236.6 + 1504.6 = 6831.2, as printed.
BY_SECTOR = (
    "合计,6831.2,1.6,100.0\n第一产业,91.7,-5.8,1.3\n第二产业,1998.3,-3.9,29.3\n第三产业,3236.6,4.1,47.4\n"
    "生活消费,1504.6,4.6,22.0"
)
# Guangzhou 2020 and 2021, urban gas, as copied from a page of the yearbook.
PASTED_GAS = """广州市城市燃气供应
项   目     Item     2020 2021
液化石油气         Liquefied Petroleum Gas
 供气总量     (吨)     Total Supply of Gas                            (ton)   633981.38 640591.20
  销售气量            Sales Volume of Gas                             633862.49 640491.24
  # 居民家庭            Households                                  291940.64 358803.24
天然气           Natural Gas
 供气总量  (万立方米)     Total Supply of Gas                     (10000 cu.m)   270113.03 192376.71
 # 销售气量           Sales Volume of Gas                             268983.33 189908.35
  # 居民家庭            Households                                  41957.80 43730.86"""
FARMS = (
    "2020年某市农业\n项目,Item,2020\n农村用电量 (万千瓦时),Electricity Consumed in Rural Area (10000 kwh),140\n"
    "农用柴油使用量 (吨),Consumption of Diesel Oil for Agriculture (ton),24"
)


@pytest.mark.parametrize(
    "header",
    [
        ",能源消费总量(万吨标煤),,\n,消费量,增长(%),结构(%)",
        "项目,能源消费总量(万吨标煤),,\n,消费量,增长(%),结构(%)",
        ",能源消费总量,,\n,消费量(万吨标准煤),增长(%),结构(%)",
        ",能源消费总量(万吨标煤),,",
    ],
)
def test_labels_without_a_heading_stand_beside_a_use(tmp_path, header):
    """The use above the amounts is of all energy, growth and shares beside it are no amounts."""
    balance = read(tmp_path, f"2014年北京市分产业能耗\n{header}\n{BY_SECTOR}")
    assert amount(balance, "total_consumption", "total_energy") == pytest.approx(6831.2e4)
    assert amount(balance, "tertiary_industry", "total_energy") == pytest.approx(3236.6e4)
    assert balance.products == ["total_energy"]
    assert ca.check_balance(balance) == []


def test_pasted_sections_of_fuels(tmp_path):
    """In pasted text too, a heading that names a fuel holds for the uses below it."""
    path = tmp_path / "gas.txt"
    path.write_text(PASTED_GAS, encoding="utf-8")
    amounts = ca.read_balance(path).amounts.sel(area="广州市", year=2020)
    assert float(amounts.sel(flow="households", product="lpg")) == pytest.approx(291940.64)
    assert float(amounts.sel(flow="households", product="natural_gas")) == pytest.approx(41957.80e4)
    assert float(amounts.sel(flow="final_consumption", product="lpg")) == pytest.approx(633862.49)


def test_a_translation_says_what_its_label_means(tmp_path):
    """Each row is asked once, by its Chinese label, and what is known of the translation comes first."""
    path = tmp_path / "farms.csv"
    path.write_text(FARMS, encoding="utf-8")
    lines = ca.propose_mapping(path).set_index("name")
    assert [*lines.index] == ["农用柴油使用量", "农村用电量"]
    assert lines.loc["农用柴油使用量", "candidates"] == "farming + diesel"
    assert lines.loc["农用柴油使用量", "where"] == "A4"


@pytest.mark.parametrize("diesel", ["farming + diesel", "households_rural", "farming"])
def test_an_answer_is_not_asked_again(tmp_path, diesel):
    """A use given to a label beside a known translation leaves nothing to ask: the fuel is that of the translation."""
    path, mapping = tmp_path / "farms.csv", tmp_path / "m.csv"
    path.write_text(FARMS, encoding="utf-8")
    mapping.write_text(
        f"kind,name,id\nflow,农用柴油使用量,{diesel}\nflow,农村用电量,households_rural + electricity\n"
    )
    balance = ca.read_balance(path, mapping=mapping)
    assert amount(balance, diesel.split(" ")[0], "diesel") == 24


def test_sales_are_asked_under_their_bare_name(tmp_path):
    """A mapping names a label without its unit: with it, the line that `map` wrote changed nothing."""
    path = tmp_path / "sales.csv"
    path.write_text("某市2020年\n项目,汽油\n销售量(吨),63\n工业(吨),5", encoding="utf-8")
    reading = ca.read_tables(path)
    assert [each.text for stop in reading.stops for each in stop.unknown] == ["销售量"]


def test_a_column_that_counts_its_rows_names_nothing(tmp_path):
    """Basel's open data: Jahr, fuels, and a Category of 0, 1, 2 ...; what is asked is the use and the units."""
    path = tmp_path / "basel.csv"
    rows = "\n".join(f"{2000 + k},{89.9 + k},{65.1 + k},{k}" for k in range(4))
    path.write_text(f"Jahr,Elektrizität,Gas,Category\n{rows}", encoding="utf-8")
    lines = ca.propose_mapping(path)
    assert [*lines["name"]] == ["Elektrizität", "Gas", "electricity", "natural_gas"]


@pytest.mark.parametrize(
    "text",
    [
        "From,To,PJ\nImports,Coal,1063\nCoal,Powerplants,248\nPowerplants,Electricity,346",
        "2005 (TJ)\nfrom,to,value\nNuclear,Electricity generation,75\nCoal,Industrial,23\nGas,Residential,5",
        "year,from_id,from_label,to_label,value_TJ\n2005,c,Coal,Industry,7\n2005,c,Coal,Households,7",
    ],
)
def test_flows_from_node_to_node_are_refused(tmp_path, text):
    """A product stands on either side of a Sankey diagram, so that no answer makes it a balance; no label is asked."""
    path = tmp_path / "sankey.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TableError, match=r"flows from one node to the next \(Sankey\)"):
        ca.read_balance(path)
    assert ca.propose_mapping(path).empty


def test_fuels_of_what_plants_generate_are_asked_by_their_label(tmp_path):
    """Whether positive fuels went into the plants is a line of the mapping, and the table reads with it."""
    path, mapping = tmp_path / "b.csv", tmp_path / "m.csv"
    path.write_text(
        "Energy balance of Testland 2019 (TJ)\nItem,Coal,Electricity\nImports,100,0\n"
        "Electricity generation,40,35\nIndustry,60,35",
        encoding="utf-8",
    )
    lines = ca.propose_mapping(path)
    assert lines[["kind", "name", "where"]].values.tolist() == [
        ["flow", "Electricity generation", "A4"]
    ]
    assert lines.loc[0, "candidates"] == "thermal_power.input | pass over"
    mapping.write_text("kind,name,id\nflow,Electricity generation,thermal_power.input")
    assert (
        amount(ca.read_balance(path, mapping=mapping), "thermal_power.input", "coal_total")
        == -40_000
    )


@pytest.mark.parametrize(
    ("toe", "asked"), [(["0.5", "1.5", "2.5"], True), (["0.5", "9.5", "2.5"], False)]
)
def test_a_unit_that_lacks_a_thousand_is_asked(tmp_path, toe, asked):
    """Kazakhstan's table in TJ and toe: the toe are thousands, which each of its pairs says (41.868 TJ a ktoe)."""
    path, mapping = tmp_path / "kz.csv", tmp_path / "m.csv"
    rows = [
        f"2021,{unit},{','.join(held)}"
        for unit, held in (("TJ", ["20.9", "62.8", "104.7"]), ("toe", toe))
    ]
    head = "Electricity balance of Kazakhstan\nyear,unit,Industry,Households,Agriculture"
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    lines = ca.propose_mapping(path)
    assert ("unit", "toe", "1e3 toe") in {
        (line.kind, line.name, line.candidates) for line in lines.itertuples()
    } or not asked
    mapping.write_text("kind,name,id\nunit,toe,1e3 toe")
    if asked:
        balance = ca.read_balance(path, mapping=mapping)
        assert amount(balance, "industry", balance.products[0]) > 0
    else:
        with pytest.raises(TableError, match="keep one"):
            ca.read_balance(path, mapping=mapping)


# After Canada's Energy Future 2020, end-use demand in PJ: blocks below a line each, as on the sheet.
BLOCKS = """Canada's end-use demand,,
Units: Petajoules,,
Total End-Use,,
_,2005,2006
Total End-Use,6070.2,6064.25
Electricity,1430.35,1419.28
Natural Gas,2567.12,2571.76
RPP,1882.15,1875.93
Other,190.58,197.28

Residential,,
_,2005,2006
Total End-Use,1348.24,1316.15
Electricity,543.37,530.64
Natural Gas,664.51,611.16
RPP,138.92,172.96
Other,1.44,1.39

Industrial,,
_,2005,2006
Total End-Use,4721.96,4748.1
Electricity,886.98,888.64
Natural Gas,1902.61,1960.6
RPP,1743.23,1702.97
Other,189.14,195.89"""


def test_a_line_alone_above_a_block_says_its_use(tmp_path):
    """One line is asked for the block whose line is not known; 其他 among the fuels of a use is no use."""
    path, mapping = tmp_path / "neb.csv", tmp_path / "m.csv"
    path.write_text(BLOCKS, encoding="utf-8")
    lines = ca.propose_mapping(path, area="Canada")
    asked = {(line.kind, line.name): line.candidates.split(" | ")[0] for line in lines.itertuples()}
    assert asked[("product", "Total End-Use")] == "total_energy"
    assert asked[("flow", "Total End-Use")] == "final_consumption"
    assert not {name for _, name in asked} & {"Electricity", "Residential", "Industrial"}
    mapping.write_text(
        "kind,name,id\nproduct,Total End-Use,total_energy\nflow,Total End-Use,final_consumption\nunit,*,PJ"
    )
    amounts = ca.read_balance(path, area="Canada", mapping=mapping).amounts.sel(
        area="Canada", year=2005
    )
    power = amounts.sel(product="electricity") * 3.6e-9  # kWh to PJ
    assert [round(float(power.sel(flow=flow)), 2) for flow in ("households", "industry")] == [
        543.37,
        886.98,
    ]
    assert float(power.sel(flow="final_consumption")) == pytest.approx(1430.35)


def test_flows_that_are_assumed_are_no_products(tmp_path):
    """End-use balances of Fraunhofer ISI: an unknown use stood among the fuels of Summe, and ended in a KeyError."""
    path = tmp_path / "uses.csv"
    path.write_text(
        "Energieverbrauch Industrie 2015 (PJ)\n,Maschinenbau,Klimakälte\nKohlen,1,2\nSonstige Stoffe,2,2\n"
        "Heizöl,3,1\nSumme,6,5",
        encoding="utf-8",
    )
    lines = ca.propose_mapping(path, area="Deutschland").set_index("name")
    assert lines.loc["Summe", "candidates"] == "total_energy | pass over"


@pytest.mark.parametrize("answer", ["production.hydro", "production.hydro + hydro_power"])
def test_a_flow_alone_answers_for_a_column_of_a_fuel(tmp_path, answer):
    """Our World in Data prints fuels alone: the flow that `map` proposed for Hydropower was asked for ever."""
    path, mapping = tmp_path / "fuels.csv", tmp_path / "m.csv"
    path.write_text(
        "Entity,Year,Hydropower (TWh),Oil (TWh)\nCanada,1985,303.6,6.7\nCanada,1986,310.6,6.1"
    )
    mapping.write_text(
        f"kind,name,id\nflow,Hydropower,{answer}\nflow,Oil,total_consumption + oil_total"
    )
    balance = ca.read_balance(path, mapping=mapping)
    hydro = balance.quantity("hydro_power").sel(flow="production.hydro", year=1985)
    assert hydro.item().to("TWh").magnitude == pytest.approx(303.6)


SOLD = (
    "Sale of Petroleum Products by Sector, 2019\nUnit: Million Litres\n"
    "Sector,Gasoline,Diesel,Total\nIndustry,50,1800,1850"
)
WOOD = (
    "Country or Area,Commodity - Transaction,Year,Unit,Quantity\nGhana,Motor Gasoline - Consumption by road,2018,"
    '"Metric tons, thousand",1290\nGhana,Fuelwood - Consumption by households,2018,"Cubic metres, thousand",28000'
)


@pytest.mark.parametrize(
    ("text", "label", "product", "kilotonnes"),
    [
        (SOLD, "Total", "gasoline", 50 * 0.74),
        (WOOD, "Fuelwood - Consumption by households", "motor_gasoline", 1290),
    ],
)
def test_what_its_unit_cannot_measure_may_be_passed_over(
    tmp_path, text, label, product, kilotonnes
):
    """Litres of all fuels, wood in cubic metres: nothing can be corrected, and no line was proposed."""
    path, mapping = tmp_path / "t.csv", tmp_path / "m.csv"
    path.write_text(text)
    (line,) = ca.propose_mapping(path, area="Thailand").itertuples()
    assert (line.name, line.candidates) == (label, "pass over")
    mapping.write_text(f"kind,name,id,note\nproduct,{label},pass over,volume")
    balance = ca.read_balance(path, area="Thailand", mapping=mapping)
    found = balance.quantity(product).max().item().to("kt").magnitude
    assert found == pytest.approx(kilotonnes, rel=2e-3)  # of the published 1.351 m3/t


def test_a_table_of_uses_alone_is_asked_for_its_product(tmp_path):
    """数量 beside uses under a title without a fuel: the header is asked, and its answer reads."""
    path, mapping = tmp_path / "uses.csv", tmp_path / "m.csv"
    path.write_text("某市 2019\n用户类型,数量\n居民生活,9500\n工业,6000", encoding="utf-8")
    (line,) = ca.propose_mapping(path, area="某市").itertuples()
    assert (line.kind, line.name, line.where) == ("product", "数量", "B2")
    assert "electricity" in line.candidates.split(" | ")
    mapping.write_text("kind,name,id\nproduct,数量,electricity\nunit,*,万千瓦时", encoding="utf-8")
    balance = ca.read_balance(path, area="某市", mapping=mapping)
    assert amount(balance, "industry", "electricity") == 6000e4


def test_an_export_of_ciris_reads(tmp_path):
    """City Inventory Reporting and Information System: Activity data - Amount | Activity data - Unit."""
    path = tmp_path / "ciris.csv"
    path.write_text(
        "GPC ref No.,CRF - Sector,CRF - Sub-sector,Scope,Fuel type or activity,Notation key,Activity data - Amount,"
        "Activity data - Unit,CO2 (t),Total CO2e (t)\n"
        "I.1.1,Stationary,Residential buildings,1,Natural gas,,1200000,MWh,220000,221000\n"
        "I.1.2,Stationary,Residential buildings,2,Electricity,,800000,MWh,300000,300000\n"
        "I.3.1,Stationary,Manufacturing industries and construction,1,Diesel oil,IE,,,,"
    )
    balance = ca.read_balance(path, area="A", year=2019)
    assert amount(balance, "households", "electricity") == 8e8


@pytest.mark.parametrize(
    "label",
    ["Total Space Heating GHG Emissions Including Electricity (Mt of CO2e)", "GHG Emissions"],
)
def test_emissions_are_no_energy_wherever_the_words_stand(label):
    """Natural Resources Canada prints them below the energy of each end use."""
    assert name_quantity(label) == "emissions"


def test_uses_that_are_passed_over_head_each_of_several_tables(tmp_path):
    """Tables of end uses below one another: heads that a mapping passes over, beside one of amounts, begin a table."""
    path, mapping = tmp_path / "uses.csv", tmp_path / "m.csv"
    block = (
        "{fuel},,,\n,Raumwärme,Warmwasser,Summe\nMaschinenbau,1,2,{first}\nFahrzeugbau,2,2,4\n,,,\n"
    )
    path.write_text(
        "Energieverbrauch 2015 (PJ),,,\n"
        + block.format(fuel="Erdgas", first=3)
        + block.format(fuel="Kohlen", first=8),
        encoding="utf-8",
    )
    mapping.write_text(
        "kind,name,id,note\nignore_column,Raumwärme,,a use\nignore_column,Warmwasser,,a use\ncolumn,Summe,value,",
        encoding="utf-8",
    )
    balance = ca.read_balance(path, area="Deutschland", mapping=mapping)
    found = {
        product: amount(balance, "industry.machinery", product)
        for product in ("natural_gas", "coal_total")
    }
    assert found == {"natural_gas": 3e6, "coal_total": 8e6}  # GJ


def test_records_of_buildings_are_told_by_their_addresses(tmp_path):
    """Chicago's benchmarking: seven thousand buildings were asked one by one, for minutes."""
    path = tmp_path / "buildings.csv"
    path.write_text(
        "Data Year,ID,Address,Primary Property Type,Electricity Use (kBtu),Natural Gas Use (kBtu)\n"
        "2015,1,230 W. North Avenue,Performing Arts,5869902,1099712\n2015,2,4600 N. Fullerton,Strip Mall,4075443,329142"
    )
    with pytest.raises(TableError, match="single buildings or stations"):
        ca.read_balance(path, area="Chicago")
    assert ca.propose_mapping(path, area="Chicago")[["kind", "name"]].values.tolist() == [
        ["column", "Address"]
    ]
