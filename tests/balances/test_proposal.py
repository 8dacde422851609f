"""A proposed mapping file: what is asked, what is filled in, and the way back."""

from __future__ import annotations

import itertools
import math
import random
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct import vocabulary
from carbonacct.balances.check.evidence import find_closing
from carbonacct.balances.proposals.candidates import LabelSurroundings, find_like, rank_ids
from carbonacct.balances.proposals.proposal import COLUMNS
from carbonacct.balances.stops import Stop
from carbonacct.balances.words.mapping import read_mapping
from carbonacct.cli.main import main
from carbonacct.errors import TableError
from carbonacct.report.frames import write_mapping
from carbonacct.sheets.raw_sheets import Sheet, Unknown
from tests.balances.printing import FLOW_OF, PRODUCT_OF, Style, Table, lay_out, write
from tests.strategies import tables

FEW = settings(
    max_examples=6,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
OF_FARMING = {f"farming.{part}" for part in ("crops", "forestry", "animals", "fishing", "services")}
CLOSED = "重庆能源平衡表 2015\n项目,原煤(万吨),焦炭(万吨)\n终端消费量,60,9\n农林牧渔业,10,1\n工业,20,3\n甲类,30,5\n"


def put(folder, text, name="t.csv"):
    """Write a file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def complete(lines: pd.DataFrame, truth: dict[str, tuple[str, str]]) -> pd.DataFrame:
    """Fill in the ids of a proposal as a person who knows them does."""
    done = lines.copy()
    for k, name in enumerate(lines["name"]):
        done.loc[k, ["kind", "id"]] = truth[name]
    return done


def hide(
    grid: list[list[object]], table: Table, style: Style, chosen: list[bool]
) -> dict[str, tuple[str, str]]:
    """Replace some labels of a printed table by words that nobody knows; return what each stands for."""
    heads, rows = (table.flows, table.products) if style.down else (table.products, table.flows)
    left, first = (2, 2) if style.down else (1, 3 if style.unit_at == "row" else 2)
    places = [(1, left + j, name) for j, name in enumerate(heads)]
    places += [(first + i, 0, name) for i, name in enumerate(rows)]
    truth: dict[str, tuple[str, str]] = {}
    for (i, j, name), is_chosen in zip(places, chosen * len(places), strict=False):
        if is_chosen:
            word = (
                f"佚{'子丑寅卯辰巳午未申酉戌亥'[len(truth) % 12]}品{'天地玄黄'[len(truth) // 12]}"
            )
            kind = "product" if name in table.products else "flow"
            text = str(grid[i][j])
            grid[i][j] = (
                word + text[text.rfind("(") :] if kind == "product" and text.endswith(")") else word
            )
            truth[word] = (kind, name)
    return truth


@FEW
@given(
    tables(),
    st.booleans(),
    st.sampled_from(["cell", "row"]),
    st.lists(st.booleans(), min_size=3, max_size=9),
)
def test_a_table_of_unknown_words_reads_the_same_once_the_proposal_is_completed(
    tmp_path, table, down, unit_at, chosen
):
    """Any number of unknown labels: each is refused by name, has its line, and gives the same balance."""
    style = Style(down=down, unit_at=unit_at)
    grid = lay_out(table, style)
    good = ca.read_balance(write(grid, tmp_path / "table.csv"))
    truth = hide(grid, table, style, chosen)
    path = write(grid, tmp_path / "table.csv")
    reading = ca.read_tables(path)
    assert (reading.balance is None) == bool(truth)
    lines = ca.propose_mapping(path)
    has_numbers = {word for word in truth if lines["name"].eq(word).any()}
    assert set(lines["name"]) <= set(truth)
    filled = lines[lines["id"] != ""]
    assert [truth[name][1] for name in filled["name"]] == filled["id"].tolist()
    if has_numbers != set(truth):
        return  # a row or column without any number is not asked for
    write_mapping(complete(lines, truth), str(tmp_path / "words.csv"), overwrite=True)
    balance = ca.read_balance(path, mapping=tmp_path / "words.csv")
    assert balance.amounts.equals(good.amounts)
    assert balance.status.equals(good.status)


@FEW
@given(tables(), st.integers(0, 30))
def test_a_label_that_is_not_known_is_refused_by_name(tmp_path, table, at):
    """Whatever label is replaced by an unknown word, reading stops and says the word, unless it has no numbers."""
    grid = lay_out(table, Style())
    chosen = [False] * 31
    chosen[at % (len(table.flows) + len(table.products))] = True
    truth = hide(grid, table, Style(), chosen)
    (word,) = truth
    numbers = [
        cell
        for (flow, product), cell in table.cells.items()
        if truth[word][1] in {flow, product} and isinstance(cell, int)
    ]
    path = write(grid, tmp_path / "table.csv")
    if numbers:
        with pytest.raises(TableError, match=word):
            ca.read_balance(path)


def test_sums_say_what_a_label_is(tmp_path):
    """Of a whole table the one id that makes all sums close is filled in."""
    text = Path("docs/tables/chongqing_2007.csv").read_text(encoding="utf-8")
    path = put(
        tmp_path, text.replace("终端消费量", "甲乙丙").replace("城镇", "丁戊"), "重庆2007.csv"
    )
    lines = ca.propose_mapping(path).set_index("name")
    assert lines.filter(like="丁戊", axis=0)["id"].item() == "households_urban"
    assert (
        lines.filter(like="甲乙丙", axis=0)["candidates"].item().split(" | ")[0]
        == "final_consumption"
    )


def test_an_id_counts_whose_sums_agree_by_any_digit(tmp_path):
    """8 of sums that round to 3 x 0.5: log10(8/3) digits; what stands in no sum has none, and is not named."""
    title = "Energy balance of Estonia 2019"
    path = put(
        tmp_path, f"{title}\nItem,Coal (TJ)\nFinal consumption,17\nIndustry,8\nHouseholds,9\n"
    )
    asked = ["transport", "all_industries", "households", "transport.remainder"]
    found = find_closing(ca.read_balance(path), "flow", "industry", asked)
    assert found == pytest.approx(dict.fromkeys(("industry", "transport"), math.log10(8 / 3)))


def test_where_sums_leave_several_a_person_chooses(tmp_path):
    """Construction and services close the same sum: neither is filled in, and both are named."""
    lines = ca.propose_mapping(put(tmp_path, CLOSED))
    assert list(lines.columns) == list(COLUMNS)
    (line,) = lines.to_dict("records")
    assert (line["kind"], line["name"], line["id"], line["where"], line["numbers"]) == (
        "flow",
        "甲类",
        "",
        "A6",
        2,
    )
    assert line["share"] == pytest.approx(35 / 138, abs=1e-4)
    assert "construction" in line["candidates"]


def test_next_year_reads_with_the_mapping_of_this(tmp_path):
    """A mapping names labels and no cells: other numbers, another year and another order of rows read with it."""
    lines = ca.propose_mapping(put(tmp_path, CLOSED))
    write_mapping(complete(lines, {"甲类": ("flow", "construction")}), str(tmp_path / "words.csv"))
    rows = (
        CLOSED.replace("2015", "2016").replace("30,5", "31,6").replace("60,9", "61,10").splitlines()
    )
    next_year = put(tmp_path, "\n".join([*rows[:3], rows[5], rows[3], rows[4]]), "n.csv")
    balance = ca.read_balance(next_year, mapping=tmp_path / "words.csv")
    assert balance.years == [2016]
    assert float(balance.amounts.sel(flow="construction", product="coke").item()) == 6e4


def test_rows_of_one_label_get_a_line_each(tmp_path):
    """The same unknown label twice in a table is two rows, each with an id of its own."""
    text = "重庆能源平衡表 2015\n项目,原煤(万吨),焦炭(万吨)\n甲类,1,2\n工业,3,4\n甲类,5,6\n"
    path = put(tmp_path, text)
    lines = ca.propose_mapping(path)
    assert lines["name"].tolist() == ["甲类#1", "甲类#2"]
    truth = {"甲类#1": ("flow", "construction"), "甲类#2": ("flow", "transport")}
    write_mapping(complete(lines, truth), str(tmp_path / "words.csv"))
    balance = ca.read_balance(path, mapping=tmp_path / "words.csv")
    assert balance.amounts.sel(product="raw_coal").values.ravel().tolist() == [3e4, 1e4, 5e4]


def test_headers_of_a_long_table(tmp_path):
    """What a column holds is asked for as a column; years, areas and products are told by their cells."""
    text = "Stelle,Wann,Ware,Zweck,Menge (t)\n北京,2015,原煤,工业,5\n天津,2016,焦炭,建筑业,7\n"
    path = put(tmp_path, text)
    lines = ca.propose_mapping(path).set_index("name")
    assert lines.loc[["Stelle", "Wann", "Ware", "Zweck"], "id"].tolist() == [
        "area",
        "year",
        "product",
        "flow",
    ]
    assert lines["kind"].unique().tolist() == ["column"]
    done = lines.reset_index()
    done.loc[done["name"] == "Menge", "id"] = "value"
    write_mapping(done[list(COLUMNS)], str(tmp_path / "words.csv"))
    balance = ca.read_balance(path, mapping=tmp_path / "words.csv")
    assert (balance.areas, balance.years) == (["北京", "天津"], [2015, 2016])
    assert (
        float(balance.amounts.sel(area="天津", year=2016, flow="construction", product="coke")) == 7
    )


def test_many_labels_of_one_id_add_up_with_a_finding(tmp_path):
    """Two unknown rows that are given one id are added, and a finding names both."""
    text = "重庆能源平衡表 2015\n项目,原煤(万吨),焦炭(万吨)\n甲类,1,2\n乙类,3,4\n工业,5,6\n"
    path = put(tmp_path, text)
    words = put(
        tmp_path, "kind,name,id\nflow,甲类,construction\nflow,乙类,construction\n", "words.csv"
    )
    balance = ca.read_balance(path, mapping=words)
    assert balance.amounts.sel(flow="construction").values.ravel().tolist() == [4e4, 6e4]
    assert "added-up" in {finding.rule for finding in balance.findings}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("flow,甲类,pass over,,", "'甲类' is passed over without a reason"),
        ("flow,甲类,,,", "flow '甲类' has no id yet; choose one"),
        ("column,甲,colour,,", "a column holds flow, product, area"),
        ("unit,石,pass over,,why", "a unit cannot be passed over"),
    ],
)
def test_lines_that_settle_nothing(tmp_path, line, message):
    """A line without an id, or passed over without a reason, is said with its number."""
    path = put(tmp_path, f"kind,name,id,sign,note\n{line}\n", "words.csv")
    with pytest.raises(TableError, match=rf"words\.csv:2: {message}"):
        read_mapping(path)


def test_what_is_passed_over_is_listed(tmp_path):
    """A row that is passed over with a reason is no row of the balance, and its cells are listed."""
    words = put(
        tmp_path, "kind,name,id,sign,note\nflow,甲类,pass over,,sums of the author\n", "words.csv"
    )
    reading = ca.read_tables(put(tmp_path, CLOSED), mapping=words)
    assert reading.balance is not None
    passed = reading.fates[reading.fates["fate"] == "passed"]
    assert passed["row"].tolist() == [6, 6, 6]


def test_a_mapping_saved_by_a_spreadsheet_reads(tmp_path):
    """The file is written for a spreadsheet, and one that is saved as GB 18030 or UTF-16 reads back."""
    lines = ca.propose_mapping(put(tmp_path, CLOSED))
    write_mapping(complete(lines, {"甲类": ("flow", "construction")}), str(tmp_path / "words.csv"))
    raw = (tmp_path / "words.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    for encoding in ("gb18030", "utf-16"):
        (tmp_path / "other.csv").write_bytes(raw.decode("utf-8-sig").encode(encoding))
        assert read_mapping(tmp_path / "other.csv").flows == {"甲类": "construction"}


def test_names_that_a_spreadsheet_would_compute_come_back(tmp_path):
    """A label that starts as a formula does is written harmless and read back as it is."""
    path = put(tmp_path, "重庆能源平衡表 2015\n项目,原煤(万吨),焦炭(万吨)\n工业,3,4\n+甲类,5,6\n")
    lines = ca.propose_mapping(path)
    assert lines["name"].tolist() == ["+甲类"]
    write_mapping(complete(lines, {"+甲类": ("flow", "transport")}), str(tmp_path / "words.csv"))
    assert ca.read_balance(path, mapping=tmp_path / "words.csv").flows == ["industry", "transport"]


def test_the_command(tmp_path, capsys):
    """An error names the command, the command writes the file, and the edited file is read back as it is."""
    path = put(tmp_path, CLOSED, "t 1.csv")
    assert main(["check", str(path)]) == 2
    assert capsys.readouterr().err.endswith(
        "propose ids with: carbonacct map 't 1.csv' -o mapping.csv\n"
    )
    out = tmp_path / "mapping.csv"
    assert main(["map", str(path), "-o", str(out)]) == 0
    assert "1 label is not known; 0 filled in, 1 to choose" in capsys.readouterr().out
    assert main(["check", str(path), "--mapping", str(out)]) == 2
    assert "flow '甲类' has no id yet; choose one (" in capsys.readouterr().err
    text = out.read_text(encoding="utf-8-sig").replace("flow,甲类,,", "flow,甲类,construction,")
    out.write_text(text, encoding="utf-8-sig")
    assert main(["check", str(path), "--mapping", str(out)]) == 0
    assert main(["map", str(path), "--mapping", str(out)]) == 0
    assert capsys.readouterr().out.endswith("every label is known\n")


def test_proposals_do_not_depend_on_chance(tmp_path):
    """The same table gives the same lines, whatever was read before."""
    rows = CLOSED.splitlines()
    random.Random(1).shuffle(rows)
    first = ca.propose_mapping(put(tmp_path, CLOSED))
    ca.propose_mapping(put(tmp_path, "\n".join(rows), "o.csv"))
    assert ca.propose_mapping(tmp_path / "t.csv").equals(first)


def with_amounts(*amounts):
    """Return a table of 2019 of two flows and two products."""
    flows, products = ("industry", "construction"), ("raw_coal", "coke")
    return Table(
        flows,
        products,
        dict(zip(itertools.product(flows, products), amounts, strict=True)),
        year=2019,
    )


@settings(FEW, phases=[Phase.explicit, Phase.generate])
@given(tables(), st.lists(st.booleans(), min_size=4, max_size=9))
@example(
    with_amounts(-100, 202_000, 1250, 3), [True, True, True, True, True, True, False, False, True]
)
@example(
    with_amounts(-100, 1250, 3, 202_000), [True]
)  # an amount that may be a year is in no header
def test_a_long_table_of_unknown_words_reads_the_same_once_completed(tmp_path, table, chosen):
    """The same of a long table: any words of its header and any labels in its columns."""
    heads = {"地区": "area", "年份": "year", "项目": "flow", "品种": "product", "数量": "value"}
    rows = [
        [table.area, table.year, FLOW_OF[flow].zh, PRODUCT_OF[product].zh, unit.zh, cell / 100]
        for (flow, product), cell in table.cells.items()
        if isinstance(cell, int)
        for unit in PRODUCT_OF[product].units[:1]
    ]
    grid = [["地区", "年份", "项目", "品种", "单位", "数量"], *rows]
    good = ca.read_balance(write(grid, tmp_path / "long.csv")) if rows else None
    words = list(dict.fromkeys([*heads, *(row[2] for row in rows), *(row[3] for row in rows)]))
    hidden = {
        word: f"佚{'子丑寅卯辰巳午未申酉戌亥'[n % 12]}{n // 12}品"
        for n, (word, yes) in enumerate(zip(words, chosen * len(words), strict=False))
        if yes
    }
    path = write([[hidden.get(cell, cell) for cell in row] for row in grid], tmp_path / "long.csv")
    if good is None or not hidden or len(rows) < 3:
        return
    ids = {
        hidden[item.zh]: (kind, item.id)
        for kind, of in (("flow", FLOW_OF), ("product", PRODUCT_OF))
        for item in of.values()
        if item.zh in hidden
    }
    truth = ids | {hidden[head]: ("column", kind) for head, kind in heads.items() if head in hidden}
    done: list[pd.DataFrame] = []
    for _ in range(4):  # what a column holds shows what its labels are asked
        lines = ca.propose_mapping(path, mapping=tmp_path / "words.csv" if done else None)
        if not len(lines):
            break
        assert set(lines["name"]) <= set(truth)
        done.append(complete(lines, truth))
        write_mapping(pd.concat(done), str(tmp_path / "words.csv"), overwrite=True)
    balance = ca.read_balance(path, mapping=tmp_path / "words.csv")
    assert balance.amounts.equals(good.amounts)


def test_a_label_like_no_other_gets_the_kin_of_its_neighbours(tmp_path):
    """Nothing of its letters is known: what is left of the family beside it is offered, and nothing filled in."""
    path = tmp_path / "t.csv"
    path.write_text(
        "重庆能源平衡表 2015\n项目,原煤(万吨),焦炭(万吨)\n工业,30,3\n甲乙丙,20,1\n建筑业,10,2\n",
        encoding="utf-8",
    )
    (line,) = ca.propose_mapping(path).to_dict("records")
    offered = line["candidates"].split(" | ")
    assert line["id"] == ""
    assert offered
    assert {ca.vocabulary.flows()[each].parent for each in offered} <= {
        "industry",
        "construction",
        "final_consumption",
    }


@pytest.mark.parametrize(
    ("beside", "between"),
    [
        (
            {"before": "farming", "behind": "transport"},
            {"fisheries", "industry", "construction"} | OF_FARMING,
        ),
        (
            {"before": "farming", "behind": "transport", "used": frozenset({"industry"})},
            {"fisheries", "construction"} | OF_FARMING,
        ),
        (
            {"behind": "industry"},
            {
                "primary_supply",
                "transformation",
                "losses",
                "final_consumption",
                "farming",
                "fisheries",
            },
        ),
        ({"before": "amidst", "behind": "nothing"}, set()),
    ],
)
def test_a_label_between_two_that_are_known_is_of_their_family_and_order(beside, between):
    """What the vocabulary has between the labels beside, without those that the table has already, each as likely."""
    found = rank_ids("flow", "佚名", LabelSurroundings(**beside))
    assert set(found) == between
    assert len(set(found.values())) <= 1


@pytest.mark.parametrize(("unit", "canonical"), [("亿立方米", "m3"), ("万吨", "t")])
@pytest.mark.parametrize("where", ["header", "corner"])
def test_candidates_are_measured_as_the_column_is(tmp_path, unit, canonical, where):
    """The unit in the header, or the one of the whole table, leaves out what is measured otherwise."""
    head, corner = (f"怪怪({unit})", "") if where == "header" else ("怪怪", f"单位：{unit}\n")
    text = f"重庆能源平衡表-2015\n{corner}项目,原煤(万吨),{head}\n工业,1,2\n建筑业,1,1\n"
    (line,) = ca.propose_mapping(put(tmp_path, text)).itertuples()
    known = vocabulary.products()
    assert {known[each].unit for each in line.candidates.split(" | ")} == {canonical}


@pytest.mark.parametrize(
    ("label", "candidates"),
    [
        ("柴油外销量", "pass over"),
        ("煤炭购进量", "pass over"),
        ("国有企业", "pass over"),
        ("用于原材料部分", "feedstock | non_energy_use"),
        ("无法归类部门", "final_unspecified | industry.other_branches | other_services"),
    ],
)
def test_a_label_that_people_meet_is_proposed_what_its_hint_says(tmp_path, label, candidates):
    """What is sold, bought or counted again is passed over; its letters suggest no flow; a person decides."""
    text = f"某市能源平衡表 2015\n项目,原煤(万吨),焦炭(万吨)\n终端消费量,60,9\n工业,60,9\n{label},30,5\n"
    (line,) = ca.propose_mapping(put(tmp_path, text)).itertuples()
    assert (line.candidates, line.id) == (candidates, "")


@pytest.mark.parametrize("label", ["楼宇经济、零售业", "零售和餐饮", "Wholesale Sector and others"])
def test_trade_is_nothing_that_is_sold(tmp_path, label):
    """零售业 and Wholesale are users, whatever stands beside them; 零售量 is an amount that is sold."""
    text = f"某市能源平衡表 2015\n项目,原煤(万吨),焦炭(万吨)\n终端消费量,60,9\n工业,60,9\n{label},30,5\n"
    (line,) = ca.propose_mapping(put(tmp_path, text)).itertuples()
    assert "pass over" not in line.candidates
    assert "wholesale_retail" in line.candidates


@pytest.mark.parametrize(
    ("text", "units", "said"),
    [
        (
            "Energy 2020\nSector,Natural gas\nIndustry,4\n",
            "TJ | ktoe | 1e6 m3",
            "1e6 m3 or unit,*,TJ)",
        ),
        (
            "某市能源 2020\n项目,天然气\n工业,4\n",
            "1e8 m3 | 1e4 m3 | m3",
            "1e8 m3 or unit,*,1e4 tce)",
        ),
    ],
)
def test_units_are_proposed_as_tables_of_the_language_print_them(tmp_path, text, units, said):
    """An English balance prints energy, a Chinese one 亿立方米; the example in the question measures its product."""
    path = put(tmp_path, text)
    (line,) = ca.propose_mapping(path, area="Norway").itertuples()
    assert (line.kind, line.name, line.candidates) == ("unit", "natural_gas", units)
    with pytest.raises(ca.errors.UnitError, match=r"natural_gas has no unit") as caught:
        ca.read_balance(path, area="Norway")
    assert said in str(caught.value)


def test_a_product_like_no_other_may_be_one_that_most_tables_have(tmp_path):
    """Nothing stands beside it: the main fuels that its unit measures, and no rare ones."""
    text = "某市 2018\n指标,单位,2018\n独角兽消耗,万吨,3\n原煤消费量,万吨,9\n"
    (line,) = ca.propose_mapping(put(tmp_path, text), area="某市").itertuples()
    assert not {"gangue", "waste_oils", "piped_gas"} & set(line.candidates.split(" | "))


@pytest.mark.parametrize(
    ("label", "first"),
    [
        ("Agro productivo", "farming"),
        ("Minería del cobre", "industry.mining | mining_beside_industry | industry.copper"),
        ("Metal", ""),
    ],
)
def test_a_label_may_be_what_begins_as_it_does_anywhere(tmp_path, label, first):
    """The first of several words: Agropecuario, Cobre of Chile's layout; one word has its letters alone."""
    text = f"Balance 2019 (TJ)\n,Diésel,Electricidad\nIndustria,100,30\n{label},50,10\nTransporte,9,9\n"
    (line,) = ca.propose_mapping(put(tmp_path, text), area="Bolivia").itertuples()
    assert line.candidates.startswith(first)
    assert ("industry.copper" in line.candidates) == ("cobre" in label)


def test_a_hint_of_flows_is_none_for_a_product(tmp_path):
    """A column of raw materials is asked as a product: feedstock is none, and the hint is said all the same."""
    path = put(
        tmp_path, "某市能源消费 2019\n项目,原煤(吨),原材料用料(吨)\n工业,80,20\n交通运输,3,2\n"
    )
    (line,) = ca.propose_mapping(path).itertuples()
    assert (line.kind, line.name) == ("product", "原材料用料")
    assert "feedstock" not in line.candidates.split(" | ")
    assert "feedstock" in str(line.note)


@pytest.mark.parametrize("named", ["生物质能(万吨)", "生物质能"])
def test_a_column_whose_unit_cannot_measure_it_is_proposed_to_be_passed_over(tmp_path, named):
    """A table right as printed has no header to correct: the proposal is to pass over it, named as printed.

    That is the label with its unit or without.
    """
    path = put(
        tmp_path,
        "重庆能源平衡表 2015\n项目,能源,\n,原煤(万吨),生物质能(万吨)\n终端消费,30,3\n工业,30,3\n",
    )
    reading = ca.read_tables(path)
    assert "contradicts biomass" in str(reading.questions[0].error)
    lines = ca.propose_mapping(path)
    assert lines[["kind", "where", "candidates"]].values.tolist() == [
        ["product", "C3", "pass over"]
    ]
    mapping = put(tmp_path, f"kind,name,id,note\nproduct,{named},pass over,mass\n", "m.csv")
    assert [*ca.read_balance(path, mapping=mapping).products] == ["raw_coal"]


def test_a_blank_is_no_label_that_a_line_can_name():
    """A column without any text is refused and not proposed: a mapping file of it would not read."""
    sheet = Sheet("a.csv", "", [["", "煤炭"], ["工业", 1.0]])
    stop = Stop(
        TableError("no flow"),
        sheet,
        (Unknown("flow", " ", ((0, 0),)), Unknown("flow", "甲类", ((1, 0),))),
    )
    assert [each.text for each in stop.askable] == ["甲类"]


def test_a_label_beside_a_known_one_may_be_the_rest_of_it(tmp_path):
    """工业 | 怪甲用途: before any label that only sounds alike, what the known label of its row names is proposed."""
    rows = "工业,怪甲用途,原煤,万吨,10\n工业,消费合计,原煤,万吨,110\n"
    lines = ca.propose_mapping(
        put(tmp_path, f"某市2019年能源消费\n行业,项目,品种,单位,数量\n{rows}")
    )
    (line,) = lines[lines["name"] == "怪甲用途"].itertuples()
    assert line.candidates.split(" | ")[0] == "industry"
    assert line.confidence == 0.4


@pytest.mark.parametrize(
    "label", ["Single Detached", "Row house", "Apartments", "Mr Smith", "Mobile home"]
)
def test_a_building_or_a_person_is_no_fuel_by_its_letters(label):
    """Words that are nothing to one another share half of their letters: Single Detached was natural gas liquids."""
    assert find_like("product", label) == {}


@pytest.mark.parametrize("label", ["Row house", "Detached house"])
def test_no_other_word_is_a_use_by_its_letters(label):
    """Row house shares two thirds of the letters of own use, and is none of the energy sector."""
    assert "energy_own_use" not in find_like("flow", label)


def test_total_begins_no_word():
    """Total Space Heating Energy Use was all coal, because Total coal begins as it does."""
    assert (
        "coal_total"
        not in [*rank_ids("product", "Total Space Heating Energy Use", LabelSurroundings())][:3]
    )


@pytest.mark.parametrize(
    ("label", "product"),
    [("Natrual gas", "natural_gas"), ("Gas diesel oil", "diesel"), ("Elektricity", "electricity")],
)
def test_a_misspelt_fuel_is_found_by_its_letters(label, product):
    """As before: most letters are alike, or words begin alike."""
    assert next(iter(rank_ids("product", label, LabelSurroundings()))) == product
