"""Commands on activity tables: inventory of all sectors, template, activities, trace."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pytest

import carbonacct as ca
from carbonacct.cli import main
from carbonacct.inventory.entry_columns import COLUMNS
from carbonacct.sectors.coverage import find_coverage
from tests.sectors.sources.building import write_table

BALANCE, ACTIVITIES = "docs/tables/chongqing_2007.csv", "docs/tables/chongqing_2007_activities.csv"
METHOD = ("--method", "provincial-2011")


def rows_of(text):
    """Return the rows of a CSV as records."""
    return list(csv.DictReader(io.StringIO(text)))


def test_balance_and_activities_make_one_inventory(capsys):
    """Files sort themselves; energy's rows are those of the balance alone, letter by letter."""
    assert main(["inventory", BALANCE, *METHOD, "-o", "-"]) == 0
    energy = capsys.readouterr().out
    assert main(["inventory", ACTIVITIES, BALANCE, *METHOD, "-o", "-"]) == 0
    whole = capsys.readouterr().out
    assert whole.startswith(energy)
    rows = rows_of(whole)[energy.count("\n") - 1 :]
    assert tuple(rows[0]) == COLUMNS
    assert {row["flow"] for row in rows} >= {"cement", "calcium_carbide", "manure_ch4", "landfill"}
    cement = next(row for row in rows if row["flow"] == "cement")
    assert cement == {
        "area": "重庆",
        "year": "2007",
        "flow": "cement",
        "product": "",
        "category": "2.A.1",
        "scope": "1",
        "gas": "CO2",
        "value": "11298000.0",
        "unit": "t",
        "method": "provincial-2011",
    }
    assert main(["inventory", BALANCE, ACTIVITIES, *METHOD, "-o", "-"]) == 0
    assert capsys.readouterr().out == whole


def test_the_totals_of_all_sectors_have_intervals(tmp_path, capsys):
    """A gas at a time and by a metric: on the terminal, in the workbook, on the page."""
    home = tmp_path / "city.xlsx"
    words = [
        "inventory",
        ACTIVITIES,
        *METHOD,
        "--uncertainty",
        "--gwp",
        "AR5GWP100",
        "--lang",
        "en",
    ]
    outputs = [
        "-o",
        str(home),
        "-o",
        str(tmp_path / "city.html"),
        "-o",
        str(tmp_path / "city.docx"),
    ]
    assert main([*words, *outputs]) == 0
    said = capsys.readouterr().out.splitlines()
    ends = [
        next(line for line in said if line.startswith(f"  {end} end (95 %)"))
        for end in ("lower", "upper")
    ]
    sheet = openpyxl.load_workbook(home)["intervals"]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    first = next(place for place, row in enumerate(cells) if "gas" in row)
    head, *rows = cells[first:]
    found = {row[head.index("gas")]: dict(zip(head, row, strict=True)) for row in rows if row[0]}
    assert list(found) == ["CO2", "N2O", "CH4", "CO2e (AR5GWP100)"]
    assert all(
        row["lower"] < row["value"] < row["upper"] and row["level"] == "95 %"
        for row in found.values()
    )
    for end, line in zip(("lower", "upper"), ends, strict=True):
        assert f"{found['CH4'][end]:,.1f}" in line
        assert f"{found['CO2'][end] / 1e6:,.4f}" in line
    assert "lower end (95 %)" in (tmp_path / "city.html").read_text(encoding="utf-8")


def test_quality_says_what_it_checked(capsys):
    """Where nothing is found, what was looked at and what stood beside it is still said."""
    assert (
        main(["quality", "docs/tables/chongqing_2007_activities.csv", *METHOD, "--lang", "en"]) == 0
    )
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith(
        "checked: 10 sources and flows of 重庆, 2007: CO2, N2O, CH4; other sectors are checked"
    )
    assert said[1] == "findings: 0 error, 0 warning, 0 info"


def test_sectors_are_chosen_by_name(capsys):
    """Some sectors alone; a word that is none is named, and what a method has no equations of."""
    assert (
        main(["inventory", BALANCE, ACTIVITIES, *METHOD, "--sectors", "waste,energy", "-o", "-"])
        == 0
    )
    categories = {row["category"][:1] for row in rows_of(capsys.readouterr().out)}
    assert categories == {"1", "4"}
    assert main(["inventory", BALANCE, ACTIVITIES, *METHOD, "--sectors", "waste", "-o", "-"]) == 0
    assert {row["flow"] for row in rows_of(capsys.readouterr().out)} == {"landfill"}
    for words, message in (
        ("proceses", "no sector 'proceses'; did you mean processes?"),
        ("all,waste", "write all, or names with commas between"),
    ):
        assert main(["inventory", ACTIVITIES, *METHOD, "--sectors", words]) == 2
        assert message in capsys.readouterr().err
    assert main(["inventory", ACTIVITIES, "--method", "ceads", "--sectors", "waste"]) == 2
    assert "ceads has no equations of waste" in capsys.readouterr().err


def test_all_is_what_there_is(capsys):
    """--sectors all says what no option says."""
    for words in ([], ["--sectors", "all"]):
        assert main(["inventory", BALANCE, ACTIVITIES, *METHOD, *words, "-o", "-"]) == 0
    out = capsys.readouterr().out
    half = len(out) // 2
    assert out[:half] == out[half:]


def test_faults_of_a_table_are_lines_and_the_rest_is_done(tmp_path, capsys):
    """Each fault is a line; the balance beside it is counted all the same, and the status is 2."""
    wrong = write_table(tmp_path, ("unicorn", "", 1, "t"), ("石灰产量", "", -1, "t"))
    target = tmp_path / "a.csv"
    assert main(["inventory", BALANCE, str(wrong), *METHOD, "-o", str(target)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in lines] == ["activity.csv!C2", "activity.csv!E3"]
    assert {row["category"][:1] for row in rows_of(target.read_text(encoding="utf-8"))} == {"1"}


def test_what_is_half_done_says_what_is_missing_and_replaces_nothing(tmp_path, capsys):
    """The record names the refused file, empty categories say why, and an earlier whole result stays."""
    wrong = str(write_table(tmp_path, ("石灰产量", "", -1, "t")))
    target = tmp_path / "a.json"
    assert main(["inventory", BALANCE, wrong, *METHOD, "-o", str(target), "--lang", "en"]) == 2
    assert "energy alone is counted" in "".join(capsys.readouterr())
    made = ca.read_inventory(target)
    (said,) = [one for one in made.findings if one.rule == "activity-refused"]
    assert (said.severity, said.where) == ("error", "activity.csv")
    reasons = find_coverage(made).set_index("category")["reason_en"]
    assert reasons["2.A.2"] == "the activity table is refused: activity.csv"
    assert reasons["2.A.1"] == "the activity table is refused: activity.csv"
    assert main(["inventory", BALANCE, ACTIVITIES, *METHOD, "-o", str(target), "--overwrite"]) == 0
    whole = target.read_bytes()
    other = tmp_path / "b.csv"
    words = ["inventory", BALANCE, wrong, *METHOD, "--overwrite", "-o", str(target)]
    capsys.readouterr()
    assert main([*words, "-o", str(other)]) == 2
    assert "a.json: stays as it was: a file was refused" in capsys.readouterr().err
    assert other.exists()
    assert main(words) == 2
    assert target.read_bytes() == whole


def test_strict_is_1_where_a_factor_lacks(tmp_path, capsys):
    """An entry without a number is a finding of severity error."""
    table = str(write_table(tmp_path, ("石灰产量", "", 1, "万吨")))
    assert main(["inventory", table, *METHOD, "-o", "-"]) == 0
    assert main(["inventory", table, *METHOD, "--strict", "-o", "-"]) == 1
    assert "lime has no number" in capsys.readouterr().err
    assert main(["inventory", table, *METHOD, "--strict", "--allow-unverified", "-o", "-"]) == 0


def test_gases_and_a_metric(tmp_path, capsys):
    """--gas keeps one gas of all sources; --gwp adds rows of CO2-equivalent."""
    assert main(["inventory", ACTIVITIES, *METHOD, "--gas", "CH4", "-o", "-"]) == 0
    assert {row["gas"] for row in rows_of(capsys.readouterr().out)} == {"CH4"}
    table = str(write_table(tmp_path, ("硝酸产量", "中压法", 1, "万吨")))
    assert main(["inventory", table, *METHOD, "--gwp", "AR5GWP100", "-o", "-"]) == 0
    rows = rows_of(capsys.readouterr().out)
    assert [row["gas"] for row in rows] == ["N2O", "CO2e (AR5GWP100)"]
    assert float(rows[1]["value"]) == pytest.approx(265 * float(rows[0]["value"]))


def test_gases_that_energy_lacks_are_said(capsys):
    """Methane of animals beside energy's CO2 alone is no total of methane."""
    assert main(["inventory", BALANCE, ACTIVITIES, *METHOD, "--lang", "en"]) == 0
    assert "N2O and CH4 of fuels is in no total" in capsys.readouterr().out
    assert main(["inventory", BALANCE, ACTIVITIES, *METHOD, "--gas", "all", "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "is in no total" not in out
    assert "energy" in out


def test_json_says_what_it_was_made_from(tmp_path):
    """Method, editions, options, and each file with its sha256; it reads back."""
    target = tmp_path / "a.json"
    words = ["--allow-unverified", "-o", str(target)]
    assert main(["inventory", BALANCE, ACTIVITIES, *METHOD, *words]) == 0
    made = json.loads(target.read_text(encoding="utf-8"))["made_from"]
    assert [name for one in made for name, _ in one["files"]] == [
        "chongqing_2007.csv",
        "chongqing_2007_activities.csv",
    ]
    assert all(["allow_unverified", "True"] in one["options"] for one in made)
    assert len(ca.read_inventory(target)) > 80


@pytest.mark.parametrize("kind", ["json", "parquet", "nc"])
def test_energy_alone_says_what_it_was_made_from(tmp_path, kind):
    """The files of a balance alone read back with findings, method and hashes."""
    target = tmp_path / f"a.{kind}"
    assert main(["inventory", BALANCE, *METHOD, "-o", str(target)]) == 0
    back = ca.read_inventory(target)
    cube = ca.compile_inventory(BALANCE, method="provincial-2011")
    assert back.made_from == ca.to_inventory(cube, files=[BALANCE]).made_from
    assert len(back.findings) == len(cube.findings)


@pytest.mark.parametrize("name", ["a.docx", "a.primap.csv"])
def test_the_report_and_primap2_hold_all_sectors(tmp_path, capsys, name):
    """Activity tables alone make them too."""
    assert (
        main(["inventory", ACTIVITIES, *METHOD, "--allow-unverified", "-o", str(tmp_path / name)])
        == 0
    )
    assert (tmp_path / name).stat().st_size > 1000
    assert str(tmp_path / name) in capsys.readouterr().out


@pytest.mark.parametrize(
    ("table", "code", "column"),
    [("provincial", "2.1", "CO2_10kt"), ("gpc", "IV.1", "CO2_t"), ("crt-2", "2.A.1", "CO2_kt")],
)
def test_an_official_table_of_all_sectors(capsys, table, code, column):
    """Cement of the activity table stands in its row, in the unit of the table; without a balance energy is NE."""
    assert main(["official", ACTIVITIES, *METHOD, "--table", table]) == 0
    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(capsys.readouterr().out))}
    scale = {"CO2_10kt": 1e-4, "CO2_t": 1, "CO2_kt": 1e-3}[column]
    shown = rows[code][column].split(",")
    assert float(shown[0]) >= 11298000 * scale * (1 - 1e-12)


def test_all_tables_go_to_one_workbook(tmp_path, capsys):
    """A sheet each, and one of findings; an unknown name lists what there is."""
    assert (
        main(
            [
                "official",
                BALANCE,
                ACTIVITIES,
                *METHOD,
                "--table",
                "all",
                "--lang",
                "zh",
                "-o",
                str(tmp_path / "a.xlsx"),
            ]
        )
        == 0
    )
    names = openpyxl.load_workbook(tmp_path / "a.xlsx", read_only=True).sheetnames
    assert {"省级汇总表", "省级农业", "GPC", "CRT 2(I)", "CRT Summary 1", "findings"} <= set(names)
    capsys.readouterr()
    assert main(["official", BALANCE, *METHOD, "--table", "provincal"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("no table 'provincal'; did you mean provincial")
    assert "1.A(a)" in said
    assert "gpc" in said


def test_other_commands_say_what_an_activity_table_is(capsys):
    """A table of activity data is no balance."""
    assert main(["check", ACTIVITIES]) == 2
    assert "is a table of activity data, and no balance" in capsys.readouterr().err


def test_the_template_reads_back(tmp_path, capsys):
    """Every row that a compiler fills in is understood: one number each, in its first unit."""
    path = tmp_path / "activity.xlsx"
    words = ["--area", "重庆", "--year", "2020", "-o", str(path)]
    assert main(["template", *METHOD, "--sectors", "processes,waste", *words]) == 0
    book = openpyxl.load_workbook(path)
    filled = 0
    for sheet in book.worksheets[1:]:
        head = {cell.value.split()[-1]: cell.column for cell in sheet[1]}
        for row in range(2, sheet.max_row + 1):
            unit = next(
                rule.formula1.strip('"').split(",")[0]
                for rule in sheet.data_validations.dataValidation
                if sheet.cell(row, head["unit"]).coordinate in rule.sqref
            )
            sheet.cell(row, head["value"]).value = 0
            sheet.cell(row, head["unit"]).value = unit
            filled += 1
    book.save(path)
    capsys.readouterr()
    assert main(["inventory", str(path), *METHOD, "-o", "-"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert filled > 100
    assert [line for line in lines if "adds to 0 over" not in line] == []  # shares of nothing


def test_the_template_asks_for_the_climate(tmp_path, capsys):
    """A group that the documents leave to the compiler has a row; filled in, it serves."""
    path = tmp_path / "activity.xlsx"
    words = ["--method", "ipcc-2006", "--sectors", "waste"]
    assert main(["template", *words, "--area", "重庆", "--year", "2020", "-o", str(path)]) == 0
    book = openpyxl.load_workbook(path)
    (sheet,) = book.worksheets[1:]
    head = {cell.value.split()[-1]: cell.column for cell in sheet[1]}
    filled = {
        ("climate_zones", None): ("temperate_wet", None, None),
        ("deposited", "food"): ("food", 100, "t"),
        ("site_share", "managed"): ("managed", 1, "1"),
    }
    for row in range(2, sheet.max_row + 1):
        name = tuple(sheet.cell(row, head[column]).value for column in ("activity", "item"))
        if name in filled:
            for column, value in zip(("item", "value", "unit"), filled[name], strict=True):
                sheet.cell(row, head[column]).value = value
    book.save(path)
    assert main(["inventory", str(path), *words, "-o", "-"]) == 0
    assert [row["flow"] for row in rows_of(capsys.readouterr().out.split("\n", 1)[1])] == [
        "landfill_decay"
    ]


def test_the_template_of_a_method_without_sectors(tmp_path, capsys):
    """A method of energy alone asks for nothing."""
    words = ["template", "--method", "whitepaper-2022", "-o", str(tmp_path / "a.xlsx")]
    assert main(words) == 2
    assert "has no equations of sectors other than energy" in capsys.readouterr().err
    assert main(["template", *METHOD]) == 2
    assert "name the workbook to write" in capsys.readouterr().err


def test_activities_lists_what_the_method_asks_for(capsys):
    """Id, names, unit, sector and labels, as CSV; a factor that no edition holds is asked for too."""
    assert main(["activities", *METHOD]) == 0
    rows = {row["id"]: row for row in rows_of(capsys.readouterr().out)}
    assert rows["clinker_output"] == {
        "id": "clinker_output",
        "zh": "水泥熟料产量",
        "en": "Clinker output",
        "unit": "t clinker",
        "sector": "processes",
        "labels": "",
    }
    assert rows["heads"]["labels"].endswith("mode: large_scale|household|grazing")
    assert rows["compound_nitrogen"]["sector"] == "agriculture"
    assert "lime_factor" not in rows
    assert main(["activities", "--method", "ipcc-2006", "--sectors", "waste"]) == 0
    rows = {row["id"]: row for row in rows_of(capsys.readouterr().out)}
    zones = "group: temperate_dry|temperate_wet|tropical_dry|tropical_wet"
    assert rows["climate_zones"]["labels"] == zones


def test_trace_of_a_source(capsys):
    """The way back from a source's number; a source or item that is not there is named."""
    files = [BALANCE, ACTIVITIES, *METHOD]
    assert main(["trace", *files, "--flow", "cement"]) == 0
    out = capsys.readouterr().out
    assert "clinker_output = 21000000 t clinker (chongqing_2007_activities.csv!E2" in out
    assert main(["trace", *files, "--flow", "transport", "--product", "diesel"]) == 0
    assert "1900100 t x 42.652 GJ/t" in capsys.readouterr().out
    assert main(["trace", *files, "--flow", "cemnt"]) == 2
    assert "no source 'cemnt'; did you mean cement?" in capsys.readouterr().err
    assert main(["trace", *files, "--flow", "nitric_acid"]) == 2
    assert "nitric_acid has no CO2; it has medium_pressure N2O" in capsys.readouterr().err


def test_mines_and_wells_are_part_of_the_total(tmp_path, capsys):
    """Methane of coal mines by the guideline's activities stands in energy, category 1.B."""
    rows = [("井工煤矿原煤产量", "key_state", 1000, "万吨"), ("露天煤矿原煤产量", "", 200, "万吨")]
    table = str(write_table(tmp_path, *rows))
    assert main(["inventory", table, *METHOD, "--allow-unverified", "-o", "-"]) == 0
    found = [row for row in rows_of(capsys.readouterr().out) if float(row["value"])]
    assert {row["category"][:5] for row in found} == {"1.B.1"}
    assert {row["gas"] for row in found} == {"CH4"}


def test_a_method_has_its_other_names_everywhere(capsys):
    """省级指南 is provincial-2011 for activities, for an inventory of all sectors and in a comparison."""
    said = {}
    for name in ("provincial-2011", "省级指南"):
        assert main(["activities", "--method", name]) == 0
        assert main(["inventory", BALANCE, ACTIVITIES, "--method", name, "-o", "-"]) == 0
        assert main(["compare", BALANCE, "--method", name]) == 0
        said[name] = capsys.readouterr().out
    assert said["省级指南"] == said["provincial-2011"]


def test_choices_of_fuels_are_among_what_it_was_made_from(tmp_path):
    """The file of motor fuels and the feedstock that counts: without them nobody can make it again."""
    shares = tmp_path / "shares.csv"
    shares.write_text("flow,product,share,source\nindustry,gasoline,0.5,survey\n", encoding="utf-8")
    target = tmp_path / "a.json"
    words = ["--motor-fuels", str(shares), "--feedstock-counts", "coal_total", "-o", str(target)]
    assert main(["inventory", BALANCE, *METHOD, *words]) == 0
    (made,) = json.loads(target.read_text(encoding="utf-8"))["made_from"]
    assert "shares.csv" in json.dumps(made["files"])
    assert "feedstock_counts" in json.dumps(made["options"])


@pytest.mark.parametrize(
    ("command", "unit"), [("check", ""), ("inventory", ""), ("check", "stone of peat")]
)
def test_a_long_table_of_energy_is_asked_for_its_unit(tmp_path, capsys, command, unit):
    """Its columns are those of activity data as well; what is wrong is said of the table that it is."""
    path = tmp_path / "long.csv"
    rows = [
        f"河北省,{name},2015,{unit},{amount}"
        for name, amount in (("煤炭消费量", 100), ("焦炭消费量", 20))
    ]
    path.write_text("\n".join(["地区,指标,年份,单位,数值", *rows]), encoding="utf-8")
    assert main([command, str(path), *([] if command == "check" else METHOD)]) == 2
    said = capsys.readouterr().err
    assert "activity" not in said
    assert ("stone of peat" in said) if unit else ("coal_total has no unit" in said)


def test_a_balance_without_a_unit_is_asked_for_it(tmp_path, capsys):
    """Also where a flow has the name of an activity, as the production of peat."""
    flows = ["Production", "Industry", "Road", "Residential"]
    products = ["Natural gas", "Coke oven coke", "Peat", "Lubricants"]
    rows = [
        f"Ghana,{flow},{product},{n + 1},{n + 2}"
        for flow in flows
        for n, product in enumerate(products)
    ]
    path = tmp_path / "extended.csv"
    path.write_text("\n".join(["COUNTRY,FLOW,PRODUCT,1971,2000", *rows]), encoding="utf-8")
    assert main(["check", str(path)]) == 2
    said = capsys.readouterr().err
    assert "natural_gas has no unit" in said
    assert "activity" not in said


def test_contributions_of_sectors_are_named_in_chinese(tmp_path, capsys):
    """Activities and the rows of factors bear names, and no ids; 单季稻 is no 一处."""
    table = tmp_path / "a.csv"
    table.write_text(
        "area,year,activity,item,value,unit\n重庆,2020,heads,pigs/household,1450,万头\n重庆,2020,rice_area,single,680,千公顷\n",
        encoding="utf-8",
    )
    words = [
        "contributions",
        str(table),
        "--method",
        "provincial-2011",
        "--gas",
        "CH4",
        "--allow-unverified",
    ]
    assert main([*words, "--lang", "zh"]) == 0
    told = capsys.readouterr().out
    for line in (
        "156.2  单季稻、西南",
        "活动水平 年末存栏 重庆 2020 猪、农户饲养",
        "活动水平 水稻播种面积 重庆 2020 单季稻",
    ):
        assert line in told
    assert main([*words, "--lang", "en"]) == 0
    assert "activity heads 重庆 2020 pigs,household" in capsys.readouterr().out


def test_a_page_of_which_the_method_uses_nothing_is_no_balance(tmp_path, capsys):
    """A page of waste says what it is and who uses it, on the command line and in Python."""
    page = tmp_path / "msw.csv"
    page.write_text(
        "重庆生活垃圾,,\n指标,单位,2020\n生活垃圾清运量,万吨,629\n生活垃圾卫生填埋量,万吨,144\n",
        "utf-8",
    )
    said = "msw.csv: holds activity data of which ipcc-2006 uses none, and provincial-2011 some; "
    assert main(["inventory", str(page), "--method", "ipcc-2006", "--lang", "en"]) == 2
    assert capsys.readouterr().err.startswith(said)
    with pytest.raises(ca.CarbonacctError, match=said):
        ca.compile_sectors(page, method="ipcc-2006")
