"""Decimal commas and thousands points: judged for the whole sheet, never a factor of a thousand in silence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.balances.split.decimals import may_have_commas
from carbonacct.errors import TableError

HEAD = "Germany energy balance 2019"
COLUMNS = ["Diesel oil (PJ)", "Fuel oil (PJ)", "Natural gas (PJ)"]


def read(tmp_path, rows, cut=";", mapping=None, name="table.csv"):
    """Read a table of two flows; cells are quoted where the delimiter is a comma."""
    quote = '"' if cut == "," else ""
    lines = [HEAD, cut.join(["Item", *COLUMNS])]
    lines += [
        cut.join([label, *(f"{quote}{cell}{quote}" for cell in cells)])
        for label, cells in zip(("Industry", "Transport"), rows, strict=True)
    ]
    (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
    if mapping is not None:
        (tmp_path / "map.csv").write_text(f"kind,name,id,sign,note\n{mapping}\n", encoding="utf-8")
    return ca.read_balance(
        tmp_path / name, mapping=tmp_path / "map.csv" if mapping is not None else None
    )


@pytest.mark.parametrize(
    ("text", "numbers", "asked"),
    [
        ("1.234", [], True),
        ("1.234", [3.0], True),  # whole numbers show no point
        ("1.234", [3.5], False),
        ("12,5", [3.5], True),
        ("12", [3.0], False),
    ],
)
def test_a_sheet_whose_numbers_have_fractions_has_no_doubt_about_points(text, numbers, asked):
    """What may be a thousand times another number is looked into, but where the sheet shows what its point is."""
    assert may_have_commas(f"{text}\n原煤", [text, "原煤"], np.array(numbers, float)) is asked


def petajoules(balance):
    """Return the numbers of a table in PJ, in reading order."""
    return (balance.amounts.values.ravel() / 1e6).round(9).tolist()


@pytest.mark.parametrize(
    ("rows", "cut", "expected"),
    [
        (
            [["1234,5", "456,7", "12345,67"], ["7801,2", "0", "2112,8"]],
            ";",
            [1234.5, 456.7, 12345.67, 7801.2, 0, 2112.8],
        ),
        (
            [["1,234", "0,567", "12,345"], ["7,801", "0,000", "0,112"]],
            ";",
            [1.234, 0.567, 12.345, 7.801, 0, 0.112],
        ),
        (
            [["1,234", "4,567", "12,345"], ["7,801", "1,234", "2,112"]],
            ";",
            [1.234, 4.567, 12.345, 7.801, 1.234, 2.112],
        ),
        (
            [["1.234", "456", "12.345"], ["7.801", "0", "2.112"]],
            ";",
            [1234, 456, 12345, 7801, 0, 2112],
        ),
        ([["1.234.567", "42.178", "1"], ["2", "3", "4"]], ",", [1234567, 42178, 1, 2, 3, 4]),
        ([["1.234,5", "42.178", "1,234"], ["2", "3", "4"]], "\t", [1234.5, 42178, 1.234, 2, 3, 4]),
        ([["1 234,5", "42,178", "1"], ["2", "3", "4"]], "\t", [1234.5, 42.178, 1, 2, 3, 4]),
        ([["12,5", "42,178", "1,5"], ["2", "3", "4"]], ",", [12.5, 42.178, 1.5, 2, 3, 4]),
        ([["1,234", "42,178", "1"], ["2", "3", "4"]], ",", [1234, 42178, 1, 2, 3, 4]),
        ([["1,234", "42,178", "567"], ["2", "3", "4"]], "\t", [1234, 42178, 567, 2, 3, 4]),
        ([["1,234.5", "42,178", "1"], ["2", "3", "4"]], ";", [1234.5, 42178, 1, 2, 3, 4]),
        ([["42.178", "0.567", "1"], ["2.016", "3", "4"]], ",", [42.178, 0.567, 1, 2.016, 3, 4]),
        (
            [["42.178", "1234.567", "1"], ["2.016", "3", "4"]],
            "\t",
            [42.178, 1234.567, 1, 2.016, 3, 4],
        ),
        ([["42.178", "1", "1"], ["2", "3", "4"]], ",", [42.178, 1, 1, 2, 3, 4]),
        ([["12,5 e", "*1.234,5", "1,5"], ["2", "3", "-4,5"]], ";", [12.5, 1234.5, 1.5, 2, 3, -4.5]),
    ],
)
def test_the_whole_sheet_decides(tmp_path, rows, cut, expected):
    """One number that shows its marks decides for those that may be either."""
    assert petajoules(read(tmp_path, rows, cut)) == expected


@pytest.mark.parametrize(
    ("rows", "cut", "message"),
    [
        ([["12,5", "12.5", "1"], ["2", "3", "4"]], ";", "'12,5' in B3 and '12.5' in C3"),
        ([["1.234.567", "12.5", "1"], ["2", "3", "4"]], ",", "'1.234.567' in B3 and '12.5' in C3"),
        ([["1,234,567", "12,5", "1"], ["2", "3", "4"]], ";", "'12,5' in C3 and '1,234,567' in B3"),
        (
            [["42.178", "70.851", "200.496"], ["55.477", "2.016", "79.655"]],
            ",",
            "'42.178' may be 42178 or 42.178",
        ),
        ([["42.178", "70.851", "0"], ["456", "0", "0"]], "\t", "'42.178' may be 42178 or 42.178"),
        (
            [["1,234", "4,567", "12,345"], ["7,801", "1,234", "2,112"]],
            "\t",
            "'1,234' may be 1234 or 1.234",
        ),
    ],
)
def test_what_contradicts_or_decides_nothing_is_asked(tmp_path, rows, cut, message):
    """Both cells of a contradiction are named; what may be 1,000 times more is a question."""
    with pytest.raises(TableError) as error:
        read(tmp_path, rows, cut)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("mapping", "expected"), [('decimal,"."', 42.178), ('decimal,","', 42178.0)]
)
def test_the_answer_is_a_line_of_a_mapping_file(tmp_path, mapping, expected):
    """The question is answered by the kind decimal."""
    rows = [["42.178", "70.851", "200.496"], ["55.477", "2.016", "79.655"]]
    assert petajoules(read(tmp_path, rows, ",", mapping))[0] == expected


def test_a_choice_leaves_a_finding(tmp_path):
    """Decimal commas are told of: for information where numbers show them, else as a warning."""
    shown = read(tmp_path, [["12,5", "1,234", "1"], ["2", "3", "4"]])
    assumed = read(tmp_path, [["1,234", "1,235", "1"], ["2", "3", "4"]])
    found = [
        (f.severity, f.where)
        for each in (shown, assumed)
        for f in each.findings
        if f.rule == "decimal-comma"
    ]
    assert found == [("info", "table.csv!B3"), ("warning", "table.csv!B3")]


@given(st.lists(st.decimals(1, 10**6, places=2), min_size=6, max_size=6))
def test_one_table_in_two_conventions_is_one_table(tmp_path_factory, numbers):
    """1,234.50 in a comma file and 1.234,50 in a semicolon file are the same numbers."""
    folder = tmp_path_factory.mktemp("two")
    swap = str.maketrans(",.", ".,")
    english = [[f"{number:,.2f}" for number in numbers[at : at + 3]] for at in (0, 3)]
    german = [[text.translate(swap) for text in row] for row in english]
    one, other = (
        read(folder, english, ",", name="one.csv"),
        read(folder, german, ";", name="other.csv"),
    )
    assert petajoules(one) == petajoules(other) == [float(number) for number in numbers]


def test_the_question_has_its_line_in_the_proposed_mapping(tmp_path):
    """A number of the table, to which a person writes its mark: the same file reads either way then."""
    path = tmp_path / "t.csv"
    path.write_text(
        "City energy 2018\nSector,Electricity (MWh)\nIndustry,42.178\nHouseholds,30.125\n",
        encoding="utf-8",
    )
    lines = ca.propose_mapping(path, area="A")
    (line,) = lines.to_dict("records")
    assert (line["kind"], line["name"], line["id"], line["candidates"]) == (
        "decimal",
        "42.178",
        "",
        ". | ,",
    )
    right = {".": 42_178.0, ",": 42_178_000.0}
    for mark, kwh in right.items():
        lines.assign(id=mark).to_csv(tmp_path / "map.csv", index=False)
        balance = ca.read_balance(path, area="A", mapping=tmp_path / "map.csv")
        assert balance.amounts.sel(flow="industry", product="electricity").item() == kwh
    lines.to_csv(tmp_path / "map.csv", index=False)
    with pytest.raises(TableError, match="has no mark yet"):
        ca.read_balance(path, area="A", mapping=tmp_path / "map.csv")


def test_a_point_among_decimal_commas_is_refused_by_its_cell(tmp_path):
    """What the mapping file says holds for the whole sheet: 4.25 is no number there."""
    with pytest.raises(
        TableError,
        match=r"table.csv!C3: '4\.25' has a point, and commas are the decimal marks here; correct it",
    ):
        read(tmp_path, [("1,5", "4.25", "3,5"), ("2,5", "1,5", "1,5")], mapping='decimal,",",,,')
