"""Calorific values that both tables of a year imply: used where asked for, valued where not."""

from __future__ import annotations

import json

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.cli.main import main
from carbonacct.errors import MethodError, TableError
from carbonacct.sectors.energy.energy_total import total_energy
from tests.sectors.energy.building import UNITS, write_table

# Nation 2019, physical (10^4 t, 10^8 m3) and standard (10^4 tce): tables 5-1 and 5-2 of the China
# Energy Statistical Yearbook 2020; the use of coke and of gas by one round number each.
PAIR = {
    "thermal_power": {
        "raw_coal": (-205517.23, -136611.87),
        "other_washed_coal": (-4641.77, -2506.55),
    },
    "heating": {"raw_coal": (-34034.13, -21292.67), "other_washed_coal": (-1413.87, -763.49)},
    "industry": {
        "raw_coal": (40000.0, 31503.2),
        "coke": (46230.86, 44908.66),
        "coke_oven_gas": (964.12, 5508.98),
    },
    "households": {
        "raw_coal": (6547.0, 5400.0),
        "coke": (17.0, 16.51),
        "coke_oven_gas": (41.3, 235.99),
    },
}
PHYSICAL = UNITS | {"other_washed_coal": "万吨", "other_gas": "亿立方米"}
# carbon content x oxidation x 44/12 of bituminous coal, t CO2/GJ (provincial guideline, ch. 1)
COAL = 0.0261 * 0.93 * 44 / 12
FILES = "physical.csv", "standard.csv"


def write_pair(
    folder, cells=PAIR, titles=("重庆能源平衡表(实物量)-2019", "重庆能源平衡表(标准量)-2019")
):
    """Write both tables: flow -> product -> (physical, standard)."""
    paths = []
    for number, (name, title) in enumerate(zip(FILES, titles, strict=True)):
        rows = {
            flow: {product: pair[number] for product, pair in of.items()}
            for flow, of in cells.items()
        }
        units = dict.fromkeys(PHYSICAL, "万吨标准煤") if number else PHYSICAL
        paths.append(write_table(folder / name, rows, title=title, units=units))
    return paths


def compile_both(paths, **options):
    """Return the inventory with the method's calorific values, and with those of the tables."""
    options = {"method": "provincial-2011"} | options
    return [
        ca.compile_inventory(paths, calorific_values=words, **options) for words in (None, "tables")
    ]


def tonnes(inventory, flow, product):
    """Return the direct CO2 of a cell in t."""
    return inventory.emissions.sel(flow=flow, product=product, gas="CO2").item()


def said(inventory, rule="calorific-values"):
    """Return the findings of a rule."""
    return [finding for finding in inventory.findings if finding.rule == rule]


def test_worked_numbers(tmp_path):
    """Power 19.48, heating 18.34, industry 23.08 GJ/t instead of 20.908; washed coal 15.83 for 12.545."""
    own, tables = compile_both(write_pair(tmp_path))
    for flow, value in {"thermal_power": 19.4814, "heating": 18.3356, "industry": 23.0821}.items():
        amount = abs(PAIR[flow]["raw_coal"][0]) * 1e4
        assert tonnes(own, flow, "raw_coal") == pytest.approx(amount * 20.908 * COAL, rel=1e-12)
        assert tonnes(tables, flow, "raw_coal") == pytest.approx(amount * value * COAL, rel=1e-5)
    ratio = tonnes(tables, "thermal_power", "other_washed_coal") / tonnes(
        own, "thermal_power", "other_washed_coal"
    )
    assert ratio == pytest.approx(0.54 * 29.3076 / 12.545, rel=1e-12)


def test_what_it_is_worth_is_said_in_both_cases(tmp_path):
    """A warning without the option, a note with it; the worth is the difference of the two totals."""
    own, tables = compile_both(write_pair(tmp_path))
    [offer], [note] = said(own), said(tables)
    assert (offer.severity, note.severity) == ("warning", "info")
    worth = (tables.total() - own.total()).data.to("t CO2").magnitude.item()
    assert f"worth {worth:+,.0f} t CO2 against provincial-2011" in offer.message
    assert f"worth {worth:+,.0f} t CO2 against provincial-2011" in note.message
    assert "raw_coal -" in offer.message
    assert (
        "(thermal_power 19.48, heating 18.34, industry 23.08 and 1 more flows, GJ/t)"
        in offer.message
    )
    assert (offer.where, offer.action) == ("physical.csv!B3", "--calorific-values tables uses them")


@settings(max_examples=15)
@given(st.floats(0.55, 0.95), st.integers(100, 90000).map(lambda whole: whole + 0.25))
def test_raw_coal_emits_by_its_energy_alone(tmp_path_factory, coefficient, amount):
    """Whatever the tonnes, CO2 of raw coal is its printed coal equivalent x 29.3076 GJ/tce x carbon."""
    standard = round(amount * coefficient, 2)
    cells = PAIR | {"industry": {"raw_coal": (amount, standard)}}
    inventory = compile_both(write_pair(tmp_path_factory.mktemp("pair"), cells))[1]
    assert tonnes(inventory, "industry", "raw_coal") == pytest.approx(
        standard * 1e4 * 29.3076 * COAL, rel=1e-12
    )


def test_the_trace_names_both_cells(tmp_path):
    """The value is a step with the addresses of both cells, and the trace computes the same float."""
    inventory = compile_both(write_pair(tmp_path))[1]
    found = ca.trace(inventory, flow="heating", product="raw_coal")
    step = found.steps[0]
    assert (step.parameter, step.row.status, step.source.edition) == (
        "net_calorific_value",
        "derived",
        "2019",
    )
    assert (
        step.row.place
        == "paired-tables/net_calorific_value of 重庆 2019: physical.csv!B4 and standard.csv!B4"
    )
    assert step.row.place in found.to_text()
    assert found.recompute() == found.value
    coke = ca.trace(inventory, flow="households", product="coke").steps[0].row
    assert coke.note == "0.9714 tce/t in 2 of 2 cells that tell, times 29.3076 GJ/tce"
    assert coke.place.endswith("physical.csv!D5 and standard.csv!D5 and 1 more pairs")


def test_workbook_and_page_show_the_cells(tmp_path):
    """The rows stand among the factors of the workbook and of the page, with their places."""
    inventory = compile_both(write_pair(tmp_path))[1]
    place = "paired-tables/net_calorific_value of 重庆 2019: physical.csv!B4 and standard.csv!B4"
    from carbonacct.report import write_inventory  # noqa: PLC0415

    for name in ("inventory.xlsx", "inventory.html"):
        write_inventory([inventory], tmp_path / name, lang="en")
    sheet = openpyxl.load_workbook(tmp_path / "inventory.xlsx")["published factors"]
    assert place in [cell.value for row in sheet.iter_rows() for cell in row]
    assert place in (tmp_path / "inventory.html").read_text(encoding="utf-8")


def test_energy_of_official_tables_is_that_of_the_tables(tmp_path):
    """Table 1.A(a) counts the TJ that the emissions were made from."""
    inventory = compile_both(
        write_pair(tmp_path, {"heating": PAIR["heating"], "industry": PAIR["industry"]})
    )[1]
    from carbonacct.sectors.energy.energy_official import fill_tables  # noqa: PLC0415

    table = fill_tables(inventory, tables=["1.A(a)"])["1.A(a)"].set_index(
        ["category", "fuel_group"]
    )
    energy = (21292.67 + 763.49) * 1e4 * 29.3076 / 1e3
    assert table.loc[("1.A.1", "solid"), "consumption_tj"] == pytest.approx(energy, rel=1e-4)


def test_never_from_use_to_plants(tmp_path):
    """A pair of industry alone says nothing of power plants; their coal keeps the method's value."""
    physical, standard = write_pair(tmp_path)
    write_table(
        standard,
        {"industry": {"raw_coal": 31503.2}},
        title="重庆能源平衡表(标准量)-2019",
        units={"raw_coal": "万吨标准煤"},
    )
    own, tables = compile_both([physical, standard])
    assert tonnes(tables, "thermal_power", "raw_coal") == tonnes(own, "thermal_power", "raw_coal")
    assert tonnes(tables, "households", "raw_coal") == tonnes(own, "households", "raw_coal")
    assert tonnes(tables, "industry", "raw_coal") / tonnes(
        own, "industry", "raw_coal"
    ) == pytest.approx(31503.2 / 40000 * 29.3076 / 20.908)


@pytest.mark.parametrize("method", ["provincial-2011", "ipcc-2006", "ncsc-db-2026"])
def test_made_gases_keep_their_calorific_value(tmp_path, method):
    """The carbon content of coke oven gas belongs to the value beside which it is published."""
    own, tables = compile_both(write_pair(tmp_path), method=method)
    assert tonnes(tables, "industry", "coke_oven_gas") == tonnes(own, "industry", "coke_oven_gas")


def test_an_overlay_stands_before_the_tables(tmp_path):
    """Who gives a calorific value of their own gets it, and unused rows of the tables are no fault of theirs."""
    overlay = tmp_path / "tables"
    overlay.mkdir()
    overlay.joinpath("source.toml").write_text(
        'title = "a"\npublisher = "a"\nedition = "1"\ndate = "2019"\nreference = "a"\nchanges = ""\nnote = ""\n'
    )
    columns = (
        "product,flow,category,area,from,to,gas,item,value,lower,upper,unit,table,page,status,note"
    )
    overlay.joinpath("net_calorific_value.csv").write_text(
        f"{columns}\ncoke,,,,,,,coke,30,,,GJ/t,,,single,\n"
    )
    inventory = compile_both(write_pair(tmp_path), overlay=overlay)[1]
    coke, coal = (
        ca.trace(inventory, flow="industry", product=name).steps[0] for name in ("coke", "raw_coal")
    )
    assert (coke.value, coke.row.edition) == (30, "tables")
    assert (round(coal.value, 2), coal.row.edition) == (23.08, "paired-tables")
    assert not said(inventory, "overlay-unused")


def test_tables_of_two_vintages_are_refused(tmp_path):
    """A warning and no other number without the option, an error with it."""
    apart = {
        flow: {
            product: (pair[0], pair[1] * (1.03 if flow == "households" else 1))
            for product, pair in of.items()
        }
        for flow, of in PAIR.items()
    }
    paths = write_pair(tmp_path, apart)
    own = ca.compile_inventory(paths, method="provincial-2011")
    assert [finding.rule for finding in own.findings if finding.rule.startswith("pair")][
        -1
    ] == "pair-vintage"
    assert not said(own)
    with pytest.raises(
        TableError, match=r"they are of two vintages; take both tables from one yearbook"
    ):
        compile_both(paths)


def test_a_computed_table_is_refused(tmp_path):
    """One coefficient for raw coal in every use is the table-maker's list: none of it is evidence."""
    computed = {
        flow: {
            product: (pair[0], round(pair[0] * 0.7143, 2)) if product == "raw_coal" else pair
            for product, pair in of.items()
        }
        for flow, of in PAIR.items()
    }
    paths = write_pair(tmp_path, computed)
    assert not said(ca.compile_inventory(paths, method="provincial-2011"))
    with pytest.raises(TableError, match="the table in coal equivalent was computed with it"):
        compile_both(paths)


@pytest.mark.parametrize(("given", "missing"), [(0, "standard"), (1, "physical")])
def test_without_a_pair_the_option_says_what_is_missing(tmp_path, given, missing):
    """One table alone: the other is named."""
    path = write_pair(tmp_path)[given]
    with pytest.raises(
        TableError, match=f"the table in {missing} quantity of 重庆 2019 is missing; name both"
    ):
        ca.compile_inventory(path, method="provincial-2011", calorific_values="tables")


def test_a_year_of_several_without_a_pair_is_named(tmp_path):
    """Two years of one area, one with both tables: values of two kinds in one result are refused."""
    paths = write_pair(tmp_path)
    paths.append(
        write_table(
            tmp_path / "later.csv",
            {"industry": {"raw_coal": 5}},
            title="重庆能源平衡表(实物量)-2020",
        )
    )
    with pytest.raises(TableError, match="the table in standard quantity of 重庆 2020 is missing"):
        compile_both(paths)
    with pytest.raises(MethodError, match="no calorific values 'table'; known: tables"):
        ca.compile_inventory(paths, method="provincial-2011", calorific_values="table")


def test_totals_of_finer_rows_do_not_count(tmp_path):
    """Branches that only the standard table prints are left out with their total of energy."""
    physical, standard = write_pair(tmp_path)
    rows = {
        flow: {"raw_coal": PAIR[flow]["raw_coal"][1], "total_energy": PAIR[flow]["raw_coal"][1]}
        for flow in PAIR
    } | {"industry.chemicals": {"raw_coal": 900.0, "total_energy": 900.0}}
    write_table(
        standard,
        rows,
        title="重庆能源平衡表(标准量)-2019",
        units=dict.fromkeys(("raw_coal", "total_energy"), "万吨标准煤"),
    )
    together = ca.compile_inventory([physical, standard], method="provincial-2011")
    alone = ca.compile_inventory(physical, method="provincial-2011")
    assert together.total().item() == alone.total().item()


def test_each_sheet_prints_its_own_digits(tmp_path):
    """Whole numbers of a physical table allow wide intervals, whatever decimals stand in the other.

    1000.4 and 499.6 printed whole, with 0.9714 tce each: only their half digits make them agree.
    """
    paths = write_pair(
        tmp_path, {"industry": {"coke": (1000, 971.79)}, "households": {"coke": (500, 485.31)}}
    )
    standard = {
        "industry": {"coke": 971.79, "total_energy": 5000.25},
        "households": {"coke": 485.31},
    }
    units = dict.fromkeys(("coke", "total_energy"), "万吨标准煤")
    write_table(paths[1], standard, title="重庆能源平衡表(标准量)-2019", units=units)
    inventory = compile_both(paths)[1]
    coke = ca.trace(inventory, flow="households", product="coke").steps[0]
    assert coke.value == pytest.approx(0.9714 * 29.3076, rel=1e-12)


def test_the_command_line_puts_both_files_together(tmp_path, capsys):
    """Files of one area and year are a pair; a table that says no area is one with --area."""
    paths = list(
        map(
            str,
            write_pair(tmp_path, titles=("重庆能源平衡表(实物量)-2019", "能源平衡表(标准量)-2019")),
        )
    )
    words = [
        "trace",
        *paths,
        "--method",
        "provincial-2011",
        "--flow",
        "heating",
        "--product",
        "raw_coal",
    ]
    assert main([*words, "--calorific-values", "tables"]) == 2
    assert "the table in standard quantity of 重庆 2019 is missing" in capsys.readouterr().err
    assert main([*words, "--area", "重庆", "--calorific-values", "tables"]) == 0
    assert "physical.csv!B4 and standard.csv!B4" in capsys.readouterr().out


STANDARD_2019 = "china_ebt_2019/national_2019_standard_5-2_and_4-2.xlsx"
PAIRS = {
    "2019": ("china_ebt_2019/national_2019_physical_5-1_bilingual_3panels.xlsx", STANDARD_2019),
    "2019 by branch": ("china_ebt_2019/national_2019_physical_5-1_and_4-2_ocr.xlsx", STANDARD_2019),
    "2007": (
        "china_ebt_2007/4-2_China_physical_2007.xls",
        "china_ebt_2007/5-3_industry_final_energy_std_2007.xls",
    ),
}


@pytest.mark.parametrize(
    ("pair", "method", "pool", "before", "after"),
    [
        ("2019", "provincial-2011", "both", 10103.81, 9885.87),
        ("2019", "provincial-2011", None, 9062.57, 8844.63),
        ("2019", "ipcc-2006", "both", 10568.76, 10349.68),
        ("2019 by branch", "provincial-2011", "both", 10103.81, 9890.31),
        ("2019 by branch", "ipcc-2006", "both", 10568.76, 10354.40),
        # Worked by hand from the same tables: 5775.27 and 6087.53. The last 0.04 is not explained.
        ("2007", "provincial-2011", "both", 5746.15, 5775.23),
        ("2007", "provincial-2011", None, 5729.99, 5759.06),
        ("2007", "ipcc-2006", "both", 6045.22, 6087.52),
    ],
)
def test_pairs_of_the_nation(real_tables, pair, method, pool, before, after):
    """Mt CO2 of the national tables before and after; 2007 has a pair of industry alone."""
    paths = [real_tables / name for name in PAIRS[pair]]
    made = compile_both(paths, method=method, carbon_pool=pool, area="全国")
    totals = [one.total().data.to("Mt CO2").magnitude.item() for one in made]
    assert totals == pytest.approx([before, after], abs=0.006)


WHOLE = PAIR | {
    "final_consumption": {
        "raw_coal": (46547.0, 36903.2),
        "coke": (46247.86, 44925.17),
        "coke_oven_gas": (1005.42, 5744.97),
    }
}


def test_the_energy_total_takes_the_values_of_the_tables(tmp_path):
    """The total of the physical table is then that of the standard one, gases included; a finding values it."""
    paths = write_pair(tmp_path, WHOLE)
    out = tmp_path / "e.json"
    words = ["energy-total", *map(str, paths), "--definition", "calorific", "-o", str(out)]
    assert main([*words, "--calorific-values", "tables"]) == 0
    made = json.loads(out.read_text(encoding="utf-8"))
    terms = {row["term"]: row["value"] for row in made["rows"]}
    used = sum(pair[1] for flow in ("industry", "households") for pair in PAIR[flow].values())
    plants = sum(-pair[1] for flow in ("thermal_power", "heating") for pair in PAIR[flow].values())
    assert terms["final_consumption"] == pytest.approx(used * 1e4, rel=1e-4)
    assert terms["transformation_losses"] == pytest.approx(plants * 1e4, rel=1e-4)
    balance = ca.read_balance(*paths)
    plain, _ = total_energy(balance, definition="calorific")
    moved = terms["total"] - plain["value"].iloc[-1]
    (found,) = [one["message"] for one in made["findings"] if one["rule"] == "calorific-values"]
    assert f"move the calorific total by {moved:+,.0f} tce against gb-t-2589-2020" in found


def test_methods_are_compared_with_the_values_of_the_tables(tmp_path, capsys):
    """As each inventory by itself; a table without its partner is refused."""
    paths = write_pair(tmp_path)
    words = ["compare", *map(str, paths), "--method", "provincial-2011", "--method", "ipcc-2006"]
    assert main([*words, "--calorific-values", "tables"]) == 0
    last = capsys.readouterr().out.splitlines()[-1].split(",")
    for column, method in ((3, "provincial-2011"), (4, "ipcc-2006")):
        own = ca.compile_inventory(paths, method=method, calorific_values="tables")
        assert float(last[column]) == pytest.approx(own.total().item().magnitude, rel=1e-12)
    assert main(["compare", str(paths[0]), "--calorific-values", "tables"]) == 2
    assert "need a pair" in capsys.readouterr().err


def test_what_is_printed_has_no_calorific_values(tmp_path):
    """A printed total does not change with them; a table alone implies none; other words are refused."""
    paths = write_pair(tmp_path, WHOLE)
    pair, alone = ca.read_balance(*paths), ca.read_balance(paths[0])
    with pytest.raises(MethodError, match="do not change what a table prints"):
        total_energy(pair, definition="printed", calorific_values="tables")
    with pytest.raises(TableError, match="need a pair"):
        total_energy(alone, definition="calorific", calorific_values="tables")
    with pytest.raises(MethodError, match="no calorific values 'own'; known: tables"):
        total_energy(pair, definition="calorific", calorific_values="own")
