"""A mapping file proposed, filled in with a spreadsheet, saved, read again, used for the next year."""

from __future__ import annotations

import csv
import io
import re

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.balances.words.mapping import read_mapping
from carbonacct.balances.words.mapping_lines import as_comma_text
from carbonacct.cli.main import main
from carbonacct.errors import TableError

TABLE = (
    "某市规模以上工业能源平衡表（实物量）{year}\n项目,原煤（万吨）,柴油（万吨）,佚名气（亿立方米）\n"
    "终端消费量,{a},9,1\n农林牧渔业,10,1,0\n工业,20,3,1\n楼宇经济,30,5,0\n+商贸楼,{b},0,0\n外销量,70,,\n"
)
ANSWERS = {
    "楼宇经济": "建筑业",
    "+商贸楼": "批发、零售业和住宿、餐饮业",
    "佚名气": "天然气",
    "外销量": "略过",
}
FLOWS = ["final_consumption", "farming", "industry", "construction", "wholesale_retail"]


def put(folder, year, a=60, b=0):
    """Write the table of one year."""
    path = folder / f"{year}.csv"
    path.write_text(TABLE.format(year=year, a=a, b=b), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def proposed(tmp_path_factory):
    """Return the table and its Chinese proposal filled in as rows of text, with the reasons it gives."""
    folder = tmp_path_factory.mktemp("proposed")
    path, out = put(folder, 2015), folder / "mapping.csv"
    assert main(["--lang", "zh", "map", str(path), "-o", str(out)]) == 0
    rows = list(csv.reader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    header = rows[0]
    for row in rows[1:]:
        name = row[header.index("名称")].removeprefix("'")
        row[header.index("编码")] = ANSWERS[name]
    return path, rows


def check_read(path, mapping, coal=30.0):
    """Compare what is read of a table with its answers."""
    balance = ca.read_balance(path, area="某市", mapping=mapping)
    year = balance.years[0]
    assert {
        one
        for one in balance.flows
        if (balance.amounts.sel(area="某市", year=year, flow=one) > 0).any()
    } <= {*FLOWS}
    place = {"area": "某市", "year": year, "product": "raw_coal", "flow": "construction"}
    assert float(balance.amounts.sel(place)) == coal * 1e4
    gas = {"area": "某市", "year": year, "product": "natural_gas", "flow": "industry"}
    assert float(balance.amounts.sel(gas)) == 1e8


def test_the_proposal_is_in_the_language_that_is_asked_for(tmp_path, capsys, proposed):
    """In Chinese no English word is left; candidates are names, valid as ids; the hint is unchanged."""
    _, rows = proposed
    assert re.findall(r"[a-z]{2,}", "".join(map("".join, rows))) == []
    assert "销售量不是平衡表的供应或消费：请略过并说明" in rows[-1]
    path = tmp_path / "sold.csv"
    path.write_text(
        "某市能源平衡表2015\n项目,原煤（万吨）,柴油（万吨）\n工业,20,3\n外销量,70,1\n",
        encoding="utf-8",
    )
    main(["map", str(path)])
    said = capsys.readouterr().out
    assert said.startswith("kind,name,id,sign,note,where")
    assert "what is sold is neither supply nor use of the balance" in said


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    delimiter=st.sampled_from(",;\t，"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
    blank=st.booleans(),
)
def test_a_mapping_file_reads_however_it_is_saved(
    tmp_path, proposed, delimiter, encoding, quoting, end, blank
):
    """Delimiter, encoding, quotes, ends of lines and lines without anything change nothing."""
    path, rows = proposed
    held = io.StringIO(newline="")
    writer = csv.writer(held, delimiter=delimiter, quoting=quoting, lineterminator=end)
    width = len(rows[0])
    writer.writerows([[*row, ""] for row in rows] + [[""] * width] * 2 * blank)
    (tmp_path / "m.csv").write_bytes(held.getvalue().encode(encoding))
    check_read(path, tmp_path / "m.csv")
    plain = as_comma_text(tmp_path / "m.csv")
    (tmp_path / "plain.csv").write_text(plain + "项目,又一行,建筑业\n", encoding="utf-8")
    found, before = read_mapping(tmp_path / "plain.csv"), read_mapping(tmp_path / "m.csv")
    assert found.flows == {**before.flows, "又一行": "construction"}


@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
def test_a_mapping_file_may_be_a_workbook(tmp_path, proposed, suffix):
    """What a spreadsheet saves by itself is read; a sign is -1 there, and no line is added to it."""
    path, rows = proposed
    sign = rows[0].index("符号")
    held = [
        [-1 if (k, j) == (1, sign) else cell for j, cell in enumerate(row)]
        for k, row in enumerate(rows)
    ]
    frame = pd.DataFrame(held[1:], columns=rows[0])
    frame.to_excel(
        tmp_path / f"m{suffix}", index=False, engine="odf" if suffix == ".ods" else "openpyxl"
    )
    found = read_mapping(tmp_path / f"m{suffix}")
    assert list(found.signs.values()) == [-1] * (rows[1][0] == "项目")
    frame[frame.columns[sign]] = ""
    frame.to_excel(
        tmp_path / f"m{suffix}", index=False, engine="odf" if suffix == ".ods" else "openpyxl"
    )
    check_read(path, tmp_path / f"m{suffix}")
    with pytest.raises(TableError, match="not to a workbook"):
        as_comma_text(tmp_path / f"m{suffix}")


def test_the_next_year_reads_with_it_and_it_becomes_a_layout(tmp_path, proposed):
    """The file serves the next year's table; with words of the title, all such tables of a folder."""
    _, rows = proposed
    later = put(tmp_path, 2016, a=75, b=15)
    (tmp_path / "words").mkdir()
    words = tmp_path / "words" / "city.csv"
    with words.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    check_read(later, words)
    with pytest.raises(TableError, match="match"):
        ca.read_balance(later, area="某市", layout=words.parent)
    with words.open("a", encoding="gb18030", newline="") as file:
        csv.writer(file, delimiter=";").writerow(["适用于", "规模以上工业能源平衡表"])
    balance = ca.read_balance(later, area="某市", layout=words.parent)
    place = {"area": "某市", "year": 2016, "product": "raw_coal", "flow": "wholesale_retail"}
    assert float(balance.amounts.sel(place)) == 15e4


def test_a_line_may_be_short(tmp_path):
    """What stands behind its last cell is blank."""
    (tmp_path / "m.csv").write_text(
        "kind,name,id,sign,note\nignore_row,甲类\n\nmatch,某表\n", encoding="utf-8"
    )
    words = read_mapping(tmp_path / "m.csv")
    assert (len(words.ignored_rows), words.match) == (1, ("某表",))


BOTH = "某市农业能源消费,,\n指标,单位,2020年\n农机柴油用量,吨,1200\n渔船柴油用量,吨,300\n农村排灌,万千瓦时,520\n"


def test_a_label_of_a_sector_and_a_fuel_takes_both_ids(tmp_path):
    """In either order and by any name; two labels of one meaning add up, because a person says so."""
    path, lines = tmp_path / "farms.csv", tmp_path / "mapping.csv"
    path.write_text(BOTH, encoding="utf-8")
    lines.write_text(
        "kind,name,id\nflow,农机柴油用量,farming + diesel\nproduct,渔船柴油用量,柴油+农林牧渔业\n"
        "flow,农村排灌,farming + electricity\n",
        encoding="utf-8",
    )
    balance = ca.read_balance(path, area="某市", mapping=lines)
    farms = balance.amounts.sel(area="某市", year=2020, flow="farming")
    assert float(farms.sel(product="diesel")) == 1500
    assert float(farms.sel(product="electricity")) == 5.2e6
    assert "added-up" in {finding.rule for finding in balance.findings}


def test_a_sign_turns_a_label_of_both(tmp_path):
    """As it turns one that names a flow alone."""
    path, lines = tmp_path / "farms.csv", tmp_path / "mapping.csv"
    path.write_text("某市能源\n指标,单位,2020年\n外送电力量,万千瓦时,520\n", encoding="utf-8")
    lines.write_text(
        "kind,name,id,sign\nflow,外送电力量,stock_change + electricity,-1\n", encoding="utf-8"
    )
    balance = ca.read_balance(path, area="某市", mapping=lines)
    assert (
        float(
            balance.amounts.sel(area="某市", year=2020, flow="stock_change", product="electricity")
        )
        == -5.2e6
    )


@pytest.mark.parametrize(
    "both",
    ["farming + diessel", "farming + industry", "diesel + gasoline", "farming + diesel + lpg"],
)
def test_two_ids_that_are_not_a_flow_and_a_product_are_a_fault(tmp_path, both):
    """It is named with its line, as any id that does not exist."""
    lines = tmp_path / "mapping.csv"
    lines.write_text(f"kind,name,id\nflow,农机柴油用量,{both}\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"mapping\.csv:2: flow .* does not exist"):
        read_mapping(lines)
