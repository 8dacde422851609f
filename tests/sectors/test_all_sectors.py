"""Which files are balances and which activity data, and what is said of those that are neither for a method."""

from __future__ import annotations

import pytest

from carbonacct.errors import ActivityDataError, Finding, MethodError
from carbonacct.sectors.all_sectors import (
    check_sectors,
    compile_sectors,
    is_activity_table,
    join_sectors,
    only,
    passed_balances,
    say_other_methods,
    wants_energy,
)
from tests.inventory.entries import make
from tests.sectors.sources.building import write_table

METHOD = "provincial-2011"


def write(folder, text, name="t.csv"):
    """Write a table."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


LONG = "area,year,activity,value,unit\n"
OUTPUTS = (
    "主要工业产品产量\n产品名称,计量单位,2020\n原煤,万吨,790\n焦炭,万吨,300\n"
    "发电量,亿千瓦时,221\n #火电,亿千瓦时,190\n #水电,亿千瓦时,31\n水泥熟料,万吨,905\n"
)
PAGE = "重庆市主要工业产品产量(万吨)\n产品,2020\n电石,4\n"
ENERGY = LONG + "重庆,2020,工业原煤,5,万吨\n重庆,2020,交通柴油,5,万吨\n"


@pytest.mark.parametrize(
    ("text", "is_activities"),
    [
        (LONG + "重庆,2020,水泥熟料产量,5,万吨\n", True),
        (LONG + "重庆,2020,水泥熟料产量,5,万吨\n重庆,2020,工业,5,万吨\n", True),
        # Names of flows and products that outnumber those of activities: it is one of energy.
        (
            LONG + "重庆,2020,工业,5,万吨\n重庆,2020,交通运输,5,万吨\n重庆,2020,建筑业,1,万吨\n",
            False,
        ),
        (
            LONG + "重庆,2020,原煤,5,万吨\n重庆,2020,柴油,5,万吨\n重庆,2020,水泥熟料产量,1,万吨\n",
            False,
        ),
        (LONG + "重庆,2020,原煤,5,万吨\n重庆,2020,水泥熟料产量,1,万吨\n", True),
        # Pages: who uses what is a table of energy; one item of it is not.
        ("重庆市主要工业产品产量(万吨)\n产品,2020\n水泥,2500\n电石,4\n", True),
        ("重庆市主要工业产品产量(万吨)\n产品,2020\n布,2500\n绸,4\n", False),
        # Three users and two fuels are a table of energy; one user or one fuel less is none.
        (PAGE + "#工业用煤,1\n#交通用油,2\n#居民用煤,3\n", False),
        (PAGE + "#工业用煤,1\n#居民用油,3\n", True),
        (PAGE + "#工业用煤,1\n#交通用煤,2\n#居民用煤,3\n", True),
        # What is produced is no use: every list of products has coal, coke and the output of plants.
        (OUTPUTS, True),
    ],
)
def test_a_table_of_activities_by_what_it_names(tmp_path, text, is_activities):
    """Of a long table the names decide, of a page the labels."""
    assert is_activity_table(write(tmp_path, text), METHOD) is is_activities


def test_a_file_that_another_method_can_use_says_which(tmp_path):
    """Waste that was deposited year after year is asked by equations of decay, which the guideline of 2011 has not."""
    page = write(tmp_path, "重庆市历年填埋量(万吨)\n指标,2020\n历年填埋量,5\n", "p.csv")
    assert not is_activity_table(page, METHOD)
    said = say_other_methods(page, METHOD)
    assert said is not None
    assert f"p.csv: holds activity data of which {METHOD} uses none, and " in said
    assert "ipcc-2006" in said
    assert METHOD not in said.partition(", and ")[2].partition(" some; ")[0]
    with pytest.raises(
        ActivityDataError, match="holds activity data of which provincial-2011 uses none"
    ):
        compile_sectors(page, method=METHOD)
    assert say_other_methods(write(tmp_path, "重庆市\n布,5\n", "q.csv"), METHOD) is None


def test_the_area_and_year_of_a_balance_are_those_of_activities_that_name_none(tmp_path):
    """One balance of one area and year: a row without either is of it; of two years nobody knows which."""
    path = write_table(tmp_path, ("水泥熟料产量", "", 5, "万吨", "", ""))
    whole = compile_sectors("docs/tables/chongqing_2007.csv", path, method=METHOD)
    cement = whole.select(flow="cement").entries
    assert (cement["area"].item(), cement["year"].item()) == ("重庆", 2007)
    assert cement["value"].item() == pytest.approx(5e4 * 0.538)
    with pytest.raises(
        ActivityDataError,
        match=r"clinker_output has no area; write it in the column area, or give --area",
    ):
        compile_sectors(
            "docs/tables/chongqing_2007.csv", "docs/tables/beijing_2007.csv", path, method=METHOD
        )


def test_nothing_to_join_says_why():
    """No entry of any sector: the findings that are more than information stand first."""
    with pytest.raises(
        ActivityDataError, match=r"^nothing to count: no entry of any sector comes of the files$"
    ):
        join_sectors([])


@pytest.mark.parametrize(
    ("severities", "told"),
    [
        (["info", "info"], [0, 1]),
        (["info", "warning", "info", "error"], [1, 3]),
        (["warning"] * 7, [0, 1, 2, 3, 4]),
        (["info"] * 6, [0, 1, 2, 3, 4]),
    ],
)
def test_the_reasons_why_nothing_counts(severities, told):
    """Warnings and errors alone where there are any, else what is there; the first five."""
    findings = [
        Finding("activity-passed", severity, f"reason {n}") for n, severity in enumerate(severities)
    ]
    parts = [make(findings=findings[:1]), make(findings=findings[1:])]
    with pytest.raises(ActivityDataError) as caught:
        join_sectors(parts)
    assert str(caught.value).splitlines()[1:] == [str(findings[n]) for n in told]
    whole = join_sectors([*parts, make(("cement", "2.A.1", "CO2", 5))])
    assert set(findings) <= set(whole.findings)
    assert len(whole) == 1


def test_gases_that_energy_is_not_compiled_for_are_said(tmp_path):
    """Methane of manure beside CO2 of fuels alone: methane of fuels is in no total, which is said."""
    path = write_table(
        tmp_path,
        ("年末存栏", "猪,农户饲养", 5, "万头", "重庆", 2007),
        ("氢氟烃产量", "HFC-134a", 1, "t", "重庆", 2007),
    )
    table = "docs/tables/chongqing_2007.csv"
    found = [
        one
        for one in compile_sectors(table, path, method=METHOD).findings
        if one.rule == "gas-left-out"
    ]
    assert [(one.severity, one.message) for one in found] == [
        ("info", "N2O and CH4 of fuels is in no total: energy is compiled for CO2 alone")
    ]
    for files, options in (((table, path), {"gases": ["all"]}), ((path,), {}), ((table,), {})):
        made = compile_sectors(*files, method=METHOD, **options)
        assert not any(one.rule == "gas-left-out" for one in made.findings)


def test_sectors_are_asked_by_name(tmp_path):
    """Waste alone leaves fuels and cement out; a sector that the method has no equations of is refused."""
    rows = [
        ("水泥熟料产量", "", 5, "万吨", "重庆", 2007),
        ("年末存栏", "猪,农户饲养", 5, "万头", "重庆", 2007),
    ]
    files = ("docs/tables/chongqing_2007.csv", write_table(tmp_path, *rows))
    assert set(compile_sectors(*files, method=METHOD, sectors=["processes"]).entries["sector"]) == {
        "processes"
    }
    assert set(
        compile_sectors(*files, method=METHOD, sectors=["energy", "agriculture"]).entries["sector"]
    ) == {
        "energy",
        "agriculture",
    }
    assert [wants_energy(names) for names in (None, [], ["energy", "waste"], ["waste"])] == [
        True,
        False,
        True,
        False,
    ]


def test_a_sector_that_a_method_has_no_equations_of_is_refused():
    """Energy needs none; the methods that have the sector are named."""
    with pytest.raises(
        MethodError, match=r"ceads has no equations of waste; .*provincial-2011.* have it"
    ):
        check_sectors("ceads", ["processes", "waste"])
    with pytest.raises(MethodError, match="no sector 'wasted'; did you mean waste"):
        check_sectors("ceads", ["energy", "wasted"])
    check_sectors("ceads", ["energy", "processes"])
    check_sectors("ceads", None)


def test_one_value_that_all_have():
    """The area of all balances, if they have one."""
    assert only(["重庆", "重庆"]) == "重庆"
    assert only(["重庆", "四川"]) is None
    assert only([]) is None


def test_balances_that_are_passed_over_are_counted():
    """Where energy is none of the sectors that are asked for."""
    found = passed_balances(2)
    assert (found.rule, found.severity) == ("activity-passed", "info")
    assert found.message.startswith("2 energy balances are passed over")
