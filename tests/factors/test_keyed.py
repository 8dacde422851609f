"""Factor tables with keys of their own: what is read, what is refused, which row is chosen."""

from __future__ import annotations

import numpy as np
import pytest

from carbonacct.errors import FactorDataError
from carbonacct.factors.choosing import area_chain, choose_rows
from carbonacct.factors.keyed import FIXED, KeyedEdition, Parameter, read_keyed

SOURCE = 'title = "A list"\npublisher = "An office"\ndate = "2020"\nreference = "A list, 2020."\n'
MANURE = Parameter(
    id="manure_factor",
    unit="kg CH4/head",
    keys=(("beast", "beast"), ("area", "area")),
    groups=(("area", "regions"), ("beast", "kinds")),
)
PARTITIONS = """partition,dim,group,member
regions,area,华东,fujian
regions,area,华东,zhejiang
regions,area,东北,liaoning
kinds,beast,羊,绵羊
kinds,beast,羊,山羊
"""


def any_unit(unit: str, wanted: str) -> str:
    """Take any unit but one."""
    return "" if unit != "unicorn" else f"{unit} cannot be turned into {wanted}"


def write(folder, table: str, partitions: str = PARTITIONS, name: str = "manure_factor"):
    """Write one edition with one table for a sector, and return its folder."""
    sector = folder / "made-2020" / "farming"
    sector.mkdir(parents=True)
    (folder / "made-2020" / "source.toml").write_text(SOURCE, encoding="utf-8")
    (sector / f"{name}.csv").write_text(table, encoding="utf-8")
    if partitions:
        (sector / "partitions.csv").write_text(partitions, encoding="utf-8")
    return sector


def table_of(*rows: str, keys: str = "beast,area") -> str:
    """Return a table: the keys of each row, its years, value, unit and status."""
    lines = [f"{keys},{','.join(FIXED)}"]
    for one in rows:
        *labels, first, last, value, status = one.split(",")
        lines.append(
            f"{','.join(labels)},{first},{last},{value},,,kg CH4/head,T1,,{status},corrected"
        )
    return "\n".join(lines) + "\n"


def read(folder, *rows: str) -> tuple[KeyedEdition, list[str]]:
    """Read an edition of these rows; return it and its faults."""
    faults: list[str] = []
    return read_keyed(write(folder, table_of(*rows)), [MANURE], any_unit, faults), faults


def values_of(edition: KeyedEdition, animals, areas, years=(2020,), **options) -> list:
    """Return the value chosen for each area, year and animal; None where there is none."""
    chosen = choose_rows(
        MANURE, [edition], areas=areas, years=years, labels={"beast": animals}, **options
    )
    values = np.array([*(row.value for row in chosen.rows), np.nan])
    return np.broadcast_to(
        values[chosen.index], (len(areas), len(chosen.index[0]), len(animals))
    ).tolist()


def test_the_nearest_row(tmp_path):
    """The label before its group, the group before any; the first key before the second; years before none."""
    edition, faults = read(
        tmp_path,
        ",,,,1,single",
        "羊,,,,2,single",
        "绵羊,,,,3,single",
        "绵羊,华东,,,4,single",
        "绵羊,fujian,,,5,single",
        "羊,xiamen,,,6,single",
        "绵羊,fujian,2021,2022,7,single",
    )
    assert faults == []
    areas = ["厦门", "福建", "浙江", "北京"]
    found = values_of(edition, ["绵羊", "山羊", "猪"], areas, (2020, 2021, 2023))
    assert found[0] == [[5, 6, 1], [7, 6, 1], [5, 6, 1]]
    assert found[1] == [[5, 2, 1], [7, 2, 1], [5, 2, 1]]
    assert found[2][0] == [4, 2, 1]
    assert found[3][0] == [3, 2, 1]


def test_years_tell_only_rows_apart_that_are_equally_near(tmp_path):
    """The province's own row without years comes before the region's of the year."""
    edition, _ = read(
        tmp_path, "猪,fujian,,,2,single", "猪,华东,2020,2020,9,single", "猪,华东,,,8,single"
    )
    assert values_of(edition, ["猪"], ["福建", "浙江"], (2019, 2020)) == [[[2], [2]], [[8], [9]]]


def test_no_label_tree(tmp_path):
    """A group belongs to the table that prints it: buffalo are no other cattle here because they are elsewhere."""
    edition, _ = read(tmp_path, "非奶牛,,,,1.02,single")
    assert np.isnan(values_of(edition, ["水牛"], ["辽宁"])[0][0][0])


def test_a_city_takes_its_province(tmp_path):
    """A row for the province serves its cities, before the province's region does."""
    edition, _ = read(tmp_path, "猪,华东,,,1,single", "猪,fujian,,,2,single")
    assert values_of(edition, ["猪"], ["厦门", "浙江"]) == [[[2]], [[1]]]
    assert area_chain("unicorn") == [("unicorn",)]


def test_a_region_comes_before_the_nation(tmp_path):
    """A row for the nation serves where no region of the table holds the area."""
    edition, _ = read(tmp_path, "猪,CN,,,1,single", "猪,华东,,,2,single")
    partitions = {"regions": {"fujian": "华东"}}
    edition = KeyedEdition(edition.id, edition.rows, partitions)
    assert values_of(edition, ["猪"], ["厦门", "福建", "北京"]) == [[[2]], [[2]], [[1]]]


def test_unverified_rows_wait(tmp_path):
    """A row that nobody could check is chosen only where somebody asked for such rows."""
    edition, _ = read(tmp_path, "猪,fujian,,,2,unverified", "猪,,,,1,single")
    assert values_of(edition, ["猪"], ["福建"]) == [[[1]]]
    assert values_of(edition, ["猪"], ["福建"], allow_unverified=True) == [[[2]]]


def test_the_first_edition_that_has_one(tmp_path):
    """A later edition serves what an earlier one lacks, also where its row is nearer."""
    first, _ = read(tmp_path / "one", "猪,,,,1,single")
    second, _ = read(tmp_path / "two", "猪,fujian,,,2,single", "鸡,,,,3,single")
    chosen = choose_rows(
        MANURE, [first, second], areas=["福建"], years=[2020], labels={"beast": ["猪", "鸡"]}
    )
    assert [chosen.rows[place].value for place in chosen.index.ravel()] == [1, 3]


def test_a_group_is_that_of_the_edition_that_prints_it(tmp_path):
    """What one document calls East China is not what another does."""
    first, _ = read(tmp_path / "one", "猪,华东,,,1,single")
    second = KeyedEdition("two", first.rows, {"regions": {"fujian": "中南"}, "kinds": {}})
    chosen = choose_rows(MANURE, [second], areas=["福建"], years=[2020], labels={"beast": ["猪"]})
    assert chosen.index.ravel().tolist() == [-1]
    both = choose_rows(
        MANURE, [second, first], areas=["福建"], years=[2020], labels={"beast": ["猪"]}
    )
    assert both.rows[both.index.ravel()[0]].value == 1
    assert both.index.ravel()[0] == 1


def test_a_row_says_where_it_is_from(tmp_path):
    """Edition, parameter, file and line, with its own keys as labels and none of those of fuels."""
    (row,) = read(tmp_path, "猪,fujian,2019,2020,2,single")[0].rows["manure_factor"]
    assert (row.edition, row.parameter, row.place) == (
        "made-2020",
        "manure_factor",
        "made-2020/farming/manure_factor.csv:2",
    )
    assert row.labels == (("beast", "猪"), ("area", "fujian"))
    assert (row.area, row.product, row.flow, row.category, row.gas, row.item) == ("",) * 6
    assert (row.first_year, row.last_year, row.value, row.table) == (2019, 2020, 2, "T1")


def test_errata_take_the_place_of_rows(tmp_path):
    """A correction is a row of its own with the same keys; the printed row does not serve."""
    edition, faults = read(tmp_path, "猪,,,,1,single", "猪,,,,2,erratum")
    assert faults == []
    assert values_of(edition, ["猪"], ["福建"]) == [[[2]]]


def test_rows_of_an_edition_that_is_equally_near(tmp_path):
    """Two groups that hold one label are a fault of the partition; two rows alike one of the table."""
    _, faults = read(tmp_path, "猪,,,,1,single", "猪,,2019,2020,2,single", "猪,,2020,,3,single")
    assert faults == [
        "made-2020/farming/manure_factor.csv:4: says what line 3 says (same keys, overlapping years)"
    ]
    faults = []
    folder = write(tmp_path / "two", table_of(), PARTITIONS + "regions,area,东北,fujian\n")
    read_keyed(folder, [MANURE], any_unit, faults)
    assert faults == ["made-2020/farming/partitions.csv:7: fujian is in 华东 and in 东北"]
    one = read(tmp_path / "x", "猪,,,,1,single")[0].rows["manure_factor"]
    for times in (2, 3):
        with pytest.raises(FactorDataError, match=r"csv:2 and line 2 are equally near"):
            values_of(KeyedEdition("x", {"manure_factor": one * times}), ["猪"], ["福建"])
    rows = read(tmp_path / "y", "猪,fujian,,,1,single", "猪,zhejiang,,,2,single")[0].rows[
        "manure_factor"
    ]
    with pytest.raises(FactorDataError, match=r"csv:2 and line 2 are equally near"):
        values_of(KeyedEdition("y", {"manure_factor": (*rows, rows[0])}), ["猪"], ["福建", "浙江"])
    assert read(tmp_path / "z", "猪,,2018,2019,1,single", "猪,,2020,,3,single")[1] == []


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        (table_of("猪,,,1,single", keys="beast"), "csv:1: the header is beast,"),
        (
            table_of("猪,fujan,,,1,single"),
            "csv:2: area 'fujan' does not exist; did you mean fujian",
        ),
        (table_of("猪,,,,1,sure"), "csv:2: status 'sure' is not one of"),
        (table_of("猪,,20,,1,single"), "csv:2: from '20' is not a year"),
        (table_of("猪,,,,abc,single"), "'abc', '', '': one of them is not a number"),
        (table_of("猪,,,,-1,single"), "value -1 is negative"),
        (table_of("猪,,,,inf,single"), "value is infinite"),
        (table_of("猪,,,,1/0,single"), "'1/0', '', '': one of them is not a number"),
        (table_of("猪,,,,,single"), "neither a value nor a range"),
        (table_of("猪,,2021,2020,1,single"), "valid from 2021 to 2020"),
        (
            table_of("猪,,,,1,single").replace("kg CH4/head", "unicorn"),
            "unicorn cannot be turned into",
        ),
        (table_of("猪,,,,1,erratum"), "an erratum without the row it corrects"),
    ],
)
def test_faults_of_a_table(tmp_path, table, fault):
    """A fault is named with its file and line."""
    faults: list[str] = []
    read_keyed(write(tmp_path, table), [MANURE], any_unit, faults)
    assert fault in "\n".join(faults)


def test_tables_that_are_none(tmp_path):
    """A table that no parameter names, a partition that is not there, a folder that is missing: each is said."""
    faults: list[str] = []
    read_keyed(write(tmp_path, table_of(), name="manur_factor"), [MANURE], any_unit, faults)
    assert faults == [
        "made-2020/farming/manur_factor.csv: no parameter of the sector; did you mean manure_factor?"
    ]
    faults = []
    folder = tmp_path / "made-2020" / "farming"
    read_keyed(folder, [MANURE], any_unit, faults, others={"manur_factor"})
    assert faults == []
    read_keyed(
        write(tmp_path / "b", table_of("猪,华东,,,1,single"), ""), [MANURE], any_unit, faults
    )
    assert "area '华东': partitions.csv has no regions; add it" in "\n".join(faults)
    faults = []
    read_keyed(tmp_path / "made-2020" / "nothing", [MANURE], any_unit, faults)
    assert faults == ["made-2020/nothing: there is no such folder of factor tables"]


@pytest.mark.parametrize("years", ["2015,", ",2020", "2020,2020"])
def test_one_end_is_enough_for_years(tmp_path, years):
    """A row from a year on, or until one, comes before the same row without years, and serves no other year."""
    edition, _ = read(tmp_path, f"猪,fujian,{years},5,single", "猪,fujian,,,4,single")
    outside = 2014 if years == "2015," else 2021
    assert values_of(edition, ["猪"], ["福建"], (2020, outside)) == [[[5], [4]]]


def test_a_table_without_areas_has_one_axis_of_them(tmp_path):
    """A row for all areas is chosen once, and holds for each."""
    faults: list[str] = []
    mine = Parameter(id="mine_factor", unit="kg CH4/head", keys=(("mine", "mine"),))
    table = table_of("medium,,,1,single", "shallow,,,2,single", keys="mine")
    edition = read_keyed(write(tmp_path, table, "", "mine_factor"), [mine], any_unit, faults)
    mines = {"mine": ["shallow", "medium", "township"]}
    chosen = choose_rows(mine, [edition], areas=["福建", "辽宁"], years=[2020], labels=mines)
    assert faults == []
    assert chosen.index.tolist() == [[[1, 0, -1]]]


@pytest.mark.parametrize(
    ("rows", "shape"),
    [
        (["猪,,,,1,single"], (1, 1, 2)),  # alike everywhere
        (["猪,fujian,,,1,single"], (2, 1, 2)),
        (["猪,,2020,,1,single"], (1, 3, 2)),
        (["猪,fujian,2020,2020,1,single", "猪,,,,2,single"], (2, 3, 2)),
        ([], (1, 1, 1)),
        (["猪,,,,1,unverified"], (1, 1, 1)),
    ],
)
def test_what_is_alike_may_be_held_once(tmp_path, rows, shape):
    """Along areas and years that every row treats alike; labels of a parameter's own are always spread."""
    edition, _ = read(tmp_path, *rows)
    asked = {
        "areas": ["福建", "辽宁"],
        "years": [2019, 2020, 2021],
        "labels": {"beast": ["猪", "鸡"]},
    }
    once, spread = (choose_rows(MANURE, [edition], **asked, once=held) for held in (True, False))
    assert once.index.shape == shape
    if rows and "unverified" not in rows[0]:
        assert spread.index.shape == (2, 3, 2)
        assert np.broadcast_to(once.index, spread.index.shape).tolist() == spread.index.tolist()
    else:
        assert once.index.tolist() == spread.index.tolist() == [[[-1]]]
        assert once.rows == ()
