"""Units of tables: assumed ones are said; gross energy and volumes become net energy and mass."""

from __future__ import annotations

import pytest

import carbonacct as ca
from carbonacct.balances.amounts.conversions import convert, find_bases, on_basis
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import TableError, UnitError
from carbonacct.units import conversion_factor, is_unit, parse_unit, read_unit
from tests.balances.printing import write


def read(tmp_path, text, mapping="", name="table.csv"):
    """Read a table, with the lines of a mapping file."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "map.csv").write_text(f"kind,name,id,sign,note\n{mapping}\n", encoding="utf-8")
    return ca.read_balance(tmp_path / name, mapping=tmp_path / "map.csv" if mapping else None)


def rules(balance, rule):
    """Return the messages of one rule."""
    return [finding.message for finding in balance.findings if finding.rule == rule]


# --- the words of units


@pytest.mark.parametrize(
    ("printed", "to", "number"),
    [
        ("Btu", "J", 1055.05585262),
        ("kBtu", "J", 1055055.85262),
        ("MMBtu", "GJ", 1.05505585262),
        ("trillion Btu", "TJ", 1055.05585262),
        ("Billion Btu", "GJ", 1055.05585262),
        ("quad", "EJ", 1.05505585262),
        ("quadrillion Btu", "EJ", 1.05505585262),
        ("therm", "MJ", 105.505585262),
        ("million therms", "TJ", 105.505585262),
        ("short ton", "kg", 907.18474),
        ("thousand short tons", "t", 907.18474),
        ("Short tons", "t", 0.90718474),
        ("long ton", "kg", 1016.0469088),
        ("Million long tons", "t", 1016046.9088),
        ("bbl", "m3", 0.158987294928),
        ("thousand barrels", "m3", 158.987294928),
        ("Mio bbl", "m3", 158987.294928),
        ("万桶", "m3", 1589.87294928),
        ("kbbl", "m3", 158.987294928),
        ("boe", "GJ", 6.119323945196),
        ("kboe", "TJ", 6.119323945196),
        ("10^3 boe", "TJ", 6.119323945196),
        ("tep", "toe", 1),
        ("ktep", "toe", 1000),
        ("Mtep", "toe", 1e6),
        ("kTEP", "toe", 1000),
        ("kl", "m3", 1),
        ("kL", "m3", 1),
        ("ML", "m3", 1000),
        ("千公升", "m3", 1),
        ("公升", "L", 1),
        ("万千升", "m3", 1e4),
        ("litres", "L", 1),
        ("million litres", "m3", 1000),
        ("gallon", "L", 3.785411784),
        ("Thousand gallons", "m3", 3.785411784),
        ("imperial gallon", "L", 4.54609),
        ("bcm", "m3", 1e9),
        ("Bcf", "m3", 28316846.592),
        ("mcf", "m3", 28.316846592),
        ("MMcf", "m3", 28316.846592),
        ("SCF", "m3", 0.028316846592),
        ("ccf", "m3", 2.8316846592),
        ("million cubic feet", "m3", 28316.846592),
        ("Million cubic metres", "m3", 1e6),
        ("thousand tonnes", "t", 1000),
        ("Thousand tonnes of oil equivalent", "toe", 1000),
        ("Million tons of coal equivalent", "tce", 1e6),
        ("Gigawatt hours", "GWh", 1),
        ("gigawatt-hours", "GWh", 1),
        ("Million kilowatt-hours", "kWh", 1e6),
        ("Terawatt hours", "TWh", 1),
        ("Mcal", "kcal", 1000),
        ("Gcal", "kcal", 1e6),
        ("10^10 kcal", "kcal", 1e10),
        ("Tcal", "kcal", 1e9),
        ("百萬度", "kWh", 1e6),
        ("百萬千瓦小時", "kWh", 1e6),
        ("立方公尺", "m3", 1),
        ("千立方公尺", "m3", 1000),
        ("公噸", "t", 1),
        ("萬噸標準煤", "tce", 1e4),
        ("億立方公尺", "m3", 1e8),
        ("1e4 t", "t", 1e4),
        ("1e4 tce", "tce", 1e4),
        ("1e8 m3", "m3", 1e8),
        ("1e8 kWh", "kWh", 1e8),
        ("1e10 kJ", "kJ", 1e10),
        ("Petajoules", "PJ", 1),
        ("exajoules", "EJ", 1),
    ],
)
def test_units_that_the_world_prints(printed, to, number):
    """Customary units of the Americas and Asia, numerals in words, traditional characters, the registry's own words."""
    assert conversion_factor(read_unit(printed), to) == pytest.approx(number, rel=1e-12)
    assert read_unit(f"({printed})") == read_unit(printed)


def test_every_word_of_the_list_is_a_unit():
    """All words of the tables are units of the registry, and no ambiguous word is read alone."""
    for row in read_rows(data_folder() / "vocabulary" / "unit_words.csv"):
        parse_unit(row["unit"])
    for row in read_rows(data_folder() / "vocabulary" / "ambiguous_units.csv"):
        assert not is_unit(row["word"])
        with pytest.raises(UnitError, match=r"more than one meaning: .* or "):
            read_unit(row["word"])


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("TJ-gross", "TJ GCV"),
        ("TJ (GCV)", "TJ GCV"),
        ("GWh (gross)", "GWh GCV"),
        ("PJ, gross calorific value", "PJ GCV"),
        ("ktoe HHV", "1e3 toe GCV"),
        ("TJ (NCV)", "TJ"),
        ("TJ net", "TJ"),
        ("1e3 toe GCV", "1e3 toe GCV"),
        ("吉焦(高位发热量)", "GJ GCV"),
    ],
)
def test_a_basis_in_the_unit(printed, expected):
    """Gross calorific energy is a unit of its own, which no net energy is turned into."""
    unit = read_unit(printed)
    assert (conversion_factor(unit, expected), parse_unit(unit)[1]) == (1, parse_unit(expected)[1])
    if expected.endswith("GCV"):
        with pytest.raises(UnitError, match="do not measure the same thing"):
            conversion_factor(unit, "GJ")


# --- assumed units

GCAM = "EBProcess,EBMaterial,2021\nIndustry,Raw coal,10"


def test_a_unit_of_a_layout_is_told_of(tmp_path):
    """A layout's unit for a table that prints none leaves a finding that names the layout."""
    balance = read(tmp_path, GCAM)
    assert balance.amounts.item() == 10e6
    assert rules(balance, "unit-assumed") == [
        "the numbers of raw_coal print no unit: Mtce is assumed, by the layout gcam_energy_balance"
    ]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("unit,*,PJ,,", "the numbers of diesel"),
        ("unit,diesel,PJ,,", "1 columns"),
        ("unit,Diesel oil,PJ,,", "1 columns"),
    ],
)
def test_a_unit_of_a_mapping_file_is_told_of(tmp_path, line, what):
    """So does one that a mapping file gives to all, to a product or to a header."""
    balance = read(
        tmp_path,
        "Germany energy balance 2019\nItem,Diesel oil,Fuel oil (PJ)\nIndustry,1,2\nTransport,3,4",
        line,
    )
    assert balance.amounts.sel(product="diesel").values.ravel().tolist() == [1e6, 3e6]
    assert rules(balance, "unit-assumed") == [
        f"{what} print no unit: PJ is assumed, by the mapping file map.csv"
    ]


@pytest.mark.parametrize("head", ["Unit of measure: {}", "Unit: {}", "单位：{}", "Einheit: {}"])
def test_a_printed_unit_stands_before_an_assumed_one(tmp_path, head):
    """What a title prints is read, and where it is not known it is refused: no layout or mapping speaks over it."""
    table = f"Germany energy balance 2019\n{head}\nItem,Diesel oil,Fuel oil\nIndustry,1,2\nTransport,3,4"
    for mapping in ("", "unit,*,1e3 t,,", "unit,diesel,1e3 t,,\nunit,fuel_oil,1e3 t,,"):
        with pytest.raises(
            UnitError, match="prints its unit: 'stone of peat' is not a unit known here"
        ):
            read(tmp_path, table.format("stone of peat"), mapping)
    balance = read(tmp_path, table.format("Thousand tonnes of oil equivalent"), "unit,*,1e3 t,,")
    assert balance.amounts.sel(product="diesel").values.ravel().tolist() == [41868.0, 125604.0]
    assert rules(balance, "unit-assumed") == []
    own = read(tmp_path, table.format("stone of peat"), "unit,stone of peat,1e3 t,,")
    assert own.amounts.sel(product="diesel").values.ravel().tolist() == [1e3, 3e3]


def test_the_spelling_of_messages_is_read_everywhere(tmp_path):
    """1e4 t in a header, a unit column and a mapping file is 万吨; a mapping file may also say 万吨."""
    header = read(
        tmp_path, "2019年重庆能源平衡表\n项目,原煤(1e4 t),焦炭(1e4 t)\n工业,1,2\n建筑业,3,4"
    )
    column = read(
        tmp_path, "area,year,flow,product,unit,value\n重庆,2019,industry,raw_coal,1e4 t,1"
    )
    mapped = read(
        tmp_path, "2019年重庆能源平衡表\n项目,原煤,焦炭\n工业,1,2\n建筑业,3,4", "unit,*,万吨,,"
    )
    found = [
        each.amounts.sel(flow="industry", product="raw_coal").item()
        for each in (header, column, mapped)
    ]
    assert found == [1e4] * 3


# --- gross energy

DUKES = """Table 1.1 Aggregate energy balance 2022 ({} calorific value basis)
United Kingdom; Thousand tonnes of oil equivalent
Item,Raw coal,Diesel oil,Natural gas,Wood,Electricity,Total energy
Industry,100,100,100,100,100,500
Transport,10,10,10,10,10,50"""
KTOE = 41868.0


def test_a_gross_table_becomes_net(tmp_path):
    """Coal and oil x 0.95, gas x 0.90, electricity x 1; wood and the total have no ratio and are left out."""
    balance = read(tmp_path, DUKES.format("gross"))
    amounts = balance.amounts.sel(flow="industry").squeeze()
    expected = {
        "raw_coal": 95 * KTOE,
        "diesel": 95 * KTOE,
        "natural_gas": 90 * KTOE,
        "electricity": 100 * KTOE / 3.6e-3,
    }
    assert {
        product: amounts.sel(product=product).item() for product in balance.products
    } == pytest.approx(expected, rel=1e-12)
    assert len(rules(balance, "gross-energy")) == 2
    assert (
        rules(balance, "gross-energy")[1]
        == "natural_gas: gross calorific energy is turned into net by 0.9 (IPCC 2006 Guidelines, Vol. 2, Ch. 1, "
        "1.4.1.2)"
    )
    assert [message.split(" are ")[0] for message in rules(balance, "gross-left-out")] == [
        "4 numbers of wood, total_energy"
    ]
    inventory = ca.compile_inventory(balance, method="ipcc-2006")
    assert inventory.by("product").sel(product="natural_gas").item().magnitude == pytest.approx(
        99 * KTOE * 0.0561
    )


def test_a_net_table_stays(tmp_path):
    """Net calorific value is what the arithmetic uses."""
    balance = read(tmp_path, DUKES.format("net"))
    assert balance.amounts.sel(flow="industry", product="natural_gas").item() == 100 * KTOE
    assert not rules(balance, "gross-energy")


@pytest.mark.parametrize(
    ("title", "mapping", "ratio"),
    [
        ("US energy balance 2009 (Billion Btu)", "", 0.9),
        ("US energy balance 2009 (million therms)", "", 0.9),
        ("US energy balance 2009 (PJ)", "", 1),
        ("US energy balance 2009 (PJ)", "basis,gross,,,", 0.9),
        ("US energy balance 2009 (Billion Btu)", "basis,net,,,", 1),
        ("US energy balance 2009 (TJ-gross)", "", 0.9),
        ("総合エネルギー統計 energy balance 2009 (TJ)", "", 0.9),
        ("US energy balance 2009 (PJ), higher heating value", "", 0.9),
        ("能源平衡表 2009 (TJ) 高位发热量", "", 0.9),
    ],
)
def test_how_a_table_says_gross(tmp_path, title, mapping, ratio):
    """By words of its title, by a unit that is customarily gross, or by a line of a mapping file, which comes first."""
    cell = f'"{title}"'
    balance = read(
        tmp_path, f"{cell}\nItem,Natural gas,Gasoline\nIndustry,1,2\nTransport,3,4", mapping
    )
    unit = read_unit(title[title.index("(") + 1 : title.index(")")]).removesuffix(" GCV")
    assert balance.amounts.sel(flow="industry", product="natural_gas").item() == pytest.approx(
        conversion_factor(unit, "GJ") * ratio, rel=1e-12
    )
    assert bool(rules(balance, "gross-energy")) == (ratio != 1)


def test_a_basis_of_one_column_or_row(tmp_path):
    """A header or a label speaks of its own numbers; a note below the table of all."""
    column = read(
        tmp_path,
        'Energy balance 2009\nItem,"Natural gas, gross calorific value (TJ)",Gasoline (TJ)\nIndustry,1,2\n'
        "Transport,3,4",
        'product,"Natural gas, gross calorific value",natural_gas,,',
    )
    assert column.amounts.sel(
        flow="industry", product=["natural_gas", "gasoline"]
    ).values.ravel().tolist() == [
        0.9e3,
        2e3,
    ]
    note = read(
        tmp_path,
        "Energy balance 2009\nItem,Natural gas (TJ),Gasoline (TJ)\nIndustry,1,2\nTransport,3,4\nNote: energy "
        "is on a gross calorific basis",
    )
    assert note.amounts.sel(
        flow="industry", product=["natural_gas", "gasoline"]
    ).values.ravel().tolist() == [
        0.9e3,
        1.9e3,
    ]
    units = read(
        tmp_path,
        "area,year,flow,product,unit,value\nXanadu,2019,industry,natural_gas,TJ (GCV),1\nXanadu,2019,industry,"
        "gasoline,TJ,1",
    )
    assert units.amounts.sel(product=["natural_gas", "gasoline"]).values.ravel().tolist() == [
        0.9e3,
        1e3,
    ]


def test_two_bases_are_refused(tmp_path):
    """A title that says gross and a note that says net contradict each other."""
    with pytest.raises(UnitError, match="gross and net"):
        read(tmp_path, DUKES.format("gross") + "\nNote: net calorific values are used throughout")


def test_gross_energy_without_a_ratio_is_refused(tmp_path):
    """A fuel that counts and has no ratio stops the table by its name."""
    with pytest.raises(UnitError, match="no ratio of net to gross calorific value for peat"):
        read(
            tmp_path,
            "Energy balance 2009, gross calorific value\nItem,Peat (TJ),Gasoline (TJ)\nIndustry,1,2\nTransport,3,4",
        )


def test_bases_are_words_as_data():
    """Texts that only look alike say nothing."""
    assert (
        find_bases(["Gross inland consumption", "Gross domestic product", "Net imports", "净调入"])
        == {}
    )
    assert on_basis("electricity", "1e12 Btu", "gross") == "1e12 Btu"
    assert on_basis("raw_coal", "1e4 tce", "gross") == "1e4 tce"


# --- volumes


@pytest.mark.parametrize(
    ("product", "unit", "tonnes"),
    [
        ("gasoline", "kL", 1 / 1.351),
        ("diesel", "千公升", 1 / 1.149),
        ("fuel_oil", "thousand gallons", 3.785411784 / 1.053),
        ("crude_oil", "thousand barrels", 158.987294928 / 1.164),
        ("lpg", "m3", 1 / 1.852),
        ("jet_kerosene", "million litres", 1000 / 1.235),
        ("kerosene", "千公升", 1 / 1.235),
    ],
)
def test_volumes_of_liquids(tmp_path, product, unit, tonnes):
    """UN Energy Statistics Yearbook, m3 per tonne; the finding names density and document."""
    balance = read(
        tmp_path,
        f"area,year,flow,product,unit,value\nXanadu,2019,industry,{product},{unit},1000\nXanadu,2019,transport,"
        f"{product},{unit},1",
    )
    assert balance.amounts.sel(flow="industry").item() == pytest.approx(1000 * tonnes, rel=1e-12)
    (message,) = rules(balance, "volume-to-mass")
    assert message.startswith(f"{product}: volume is turned into mass by ")
    assert "UN Energy Statistics Yearbook 2004" in message


def test_volumes_without_a_density_are_refused(tmp_path):
    """A liquid that the table of densities does not hold stops the table by its name; gases are kept by volume."""
    with pytest.raises((TableError, UnitError), match="no checked density of ethanol"):
        read(
            tmp_path,
            "area,year,flow,product,unit,value\nXanadu,2019,industry,ethanol,kL,1\nXanadu,2019,transport,ethanol,kL,1",
        )
    gas = read(
        tmp_path,
        "area,year,flow,product,unit,value\nXanadu,2019,industry,natural_gas,kL,1\nXanadu,2019,transport,"
        "natural_gas,Mcf,1",
    )
    assert gas.amounts.values.ravel().tolist() == pytest.approx([1.0, 28.316846592])
    for row in read_rows(data_folder() / "vocabulary" / "densities.csv"):
        assert 0.5 < convert(row["product"], "m3").scale < 1.1


def test_what_is_written_reads_back(tmp_path):
    """A balance in gross energy and in gallons is written with its units, and reads back to the same amounts."""
    balance = read(
        tmp_path,
        "area,year,flow,product,unit,value\nXanadu,2019,industry,natural_gas,MMBtu,1\nXanadu,2019,industry,"
        "diesel,gallon,5",
    )
    ca.write_balance(balance, tmp_path / "back.csv")
    again = ca.read_balance(tmp_path / "back.csv")
    assert again.amounts.values.ravel().tolist() == balance.amounts.values.ravel().tolist()


def test_a_continued_page_goes_on_with_the_basis(tmp_path):
    """续表 without a title is gross where the page before is; an unknown unit of its own is refused."""
    head = "Energy balance 2009 (TJ), gross calorific value\nItem,Natural gas,Gasoline\nIndustry,1,2\nTransport,3,4"
    (tmp_path / "one.csv").write_text(head, encoding="utf-8")
    (tmp_path / "two.csv").write_text(
        "续表\nItem,Diesel oil,Raw coal\nIndustry,1,2\nTransport,3,4", encoding="utf-8"
    )
    balance = ca.read_balance(tmp_path / "one.csv", tmp_path / "two.csv")
    found = balance.amounts.sel(
        flow="industry", product=["natural_gas", "gasoline", "diesel", "raw_coal"]
    )
    assert found.values.ravel().tolist() == pytest.approx([0.9e3, 1.9e3, 0.95e3, 1.9e3])
    (tmp_path / "two.csv").write_text(
        "续表 Unit: stone of peat\nItem,Diesel oil,Raw coal\nIndustry,1,2\nTransport,3,4",
        encoding="utf-8",
    )
    with pytest.raises(UnitError, match="stone of peat"):
        ca.read_balance(tmp_path / "one.csv", tmp_path / "two.csv")


@pytest.mark.parametrize(
    ("unit", "is_energy"), [("万吨标准煤", True), ("TJ", True), ("万吨", False)]
)
def test_a_whole_beside_products_is_total_energy_in_units_of_energy_alone(
    tmp_path, unit, is_energy
):
    """Tonnes of coal and of oil have no sum; their energy has."""
    path = tmp_path / "whole.csv"
    path.write_text(
        f"重庆能源消费 2019\n项目,煤炭({unit}),油品({unit}),合计({unit})\n工业,5,3,8\n",
        encoding="utf-8",
    )
    reading = ca.read_tables(path)
    if is_energy:
        assert "total_energy" in reading.balance.products
    else:
        assert (
            "合计" in str(reading.stops[0].error)
            if reading.stops
            else "total_energy" not in reading.balance.products
        )


def test_products_without_a_unit_are_said_once(tmp_path):
    """Of all sheets of a file, at the first of them, beside whatever else stops."""
    head = ["重庆能源平衡表-2015", "", ""]
    pages = {
        "a": [head, ["项目", "原煤", "焦炭(万吨)"], ["工业", 1.0, 2.0]],
        "b": [head, ["项目", "原煤", "热力"], ["建筑业", 1.0, 2.0]],
        "c": [head, ["项目", "柴油(万吨)", "汽油(万吨)"], ["某某某业", 1.0, 2.0]],
    }
    with pytest.raises(ca.CarbonacctError) as raised:
        ca.read_balance(write(pages, tmp_path / "t.xlsx"))
    units, label = str(raised.value).splitlines()
    assert units.startswith(
        "t.xlsx!a!B3: raw_coal has no unit (nor has heat); print it in the header"
    )
    assert label.startswith("t.xlsx!c!A3: row '某某某业' is not known")
    del pages["b"]
    with pytest.raises(ca.CarbonacctError, match=r"u\.xlsx!a!B3: raw_coal has no unit; print it"):
        ca.read_balance(write(pages, tmp_path / "u.xlsx"))


@pytest.mark.parametrize(
    ("said", "is_open"),
    [
        ("(all figures in thousands)", True),
        ("单位：千", True),
        ("('000)", True),
        ("in thousands of visitors", False),
        ("", False),
    ],
)
def test_figures_in_thousands_over_units_are_an_error_until_said(tmp_path, said, is_open):
    """A factor of a thousand that either holds or not: never taken in silence, and settled by a mapping file."""
    path = tmp_path / "county.csv"
    path.write_text(
        f"Energy consumption by sector 2020 {said}\nSector,Electricity (MWh)\nResidential,1200\n",
        encoding="utf-8",
    )
    found = ca.read_balance(path, area="Lakeside").findings
    assert any(one.rule == "multiplier-unread" for one in found) is is_open
    words = tmp_path / "words.csv"
    words.write_text("kind,name,id,sign,note\nunit,MWh,1e3 MWh,,\n", encoding="utf-8")
    balance = ca.read_balance(path, area="Lakeside", mapping=words)
    assert not any(one.rule == "multiplier-unread" for one in balance.findings)
    assert float(balance.amounts.squeeze()) == 1.2e9
