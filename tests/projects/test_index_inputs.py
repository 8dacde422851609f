"""What gives an index of a project its numbers: the first that has one, of the areas and years that are there."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from carbonacct.balances import read_balance
from carbonacct.errors import IndexDataError
from carbonacct.indices.index_declaration import load_index
from carbonacct.projects.declared_indices import INDEX_SOURCES, DeclaredIndex
from carbonacct.projects.driver_bases import DriverBasis
from carbonacct.projects.index_inputs import gather_inputs
from carbonacct.sectors.sources.activities import read_activities
from tests.projects.folders import ROWS, write_table

INDEX = load_index("peaking-pilot-city")
ENTRY = {
    "kind": "emission",
    "gas": "CO2",
    "category": "1.A.2",
    "scope": 1,
    "flow": "industry",
    "product": "coke",
    "status": "",
    "value": 3e4,
}
POWER = {"scope": 2, "product": "electricity", "value": 1e4}
FOREST = (
    "area,year,activity,item,value,unit\n{0},2020,forest_area,natural,3000,ha\n"
    "{0},2020,forest_area,plantation,1000,ha\n"
)


def entries(*rows):
    """Return entries of areas and years."""
    return pd.DataFrame([{**ENTRY, **row} for row in rows])


def gather(folder, held, files=(), *, own="", area="", runs=(), sources_runs=(), **more):
    """Return the inputs of a form whose project has these drivers, runs and tables."""
    names = [f"drivers{at}.csv" for at in range(len(files))]
    for name, text in zip(names, files, strict=True):
        (folder / name).write_text(text, encoding="utf-8")
    if own:
        (folder / "own.csv").write_text(own, encoding="utf-8")
    workshop = SimpleNamespace(
        declaration=SimpleNamespace(folder=folder, bases=[*map(DriverBasis, names)]),
        runs=lambda: [(one, SimpleNamespace(entries=made)) for one, made in runs],
        sources_runs=lambda: [(one, SimpleNamespace(entries=made)) for one, made in sources_runs],
        balance=lambda group: read_balance(group.file),
        read_sources=lambda file: read_activities([file], "ipcc-2006"),
    )
    declared = DeclaredIndex("peaking-pilot-city", file="own.csv" if own else "", **more)
    return gather_inputs(declared, INDEX, workshop, held, area=area)


def number(panel, name, area="北京", year=2020):
    """Return a number of a panel, with its status and cell."""
    at = {"area": area, "year": year, "input": name}
    return tuple(array.sel(at).item() for array in (panel.values, panel.status, panel.place))


TWO = entries({"area": "北京", "year": 2020}, {"area": "天津", "year": 2021})


def test_numbers_are_of_the_areas_and_years_that_are_there(tmp_path):
    """However an area is spelt; those of others, and years of no entry, are passed over."""
    text = "area,year,gdp (亿元)\n北京市,2020,10\n上海,2020,20\n北京,2019,30\nTianjin,2020,40\n"
    panel = gather(tmp_path, TWO, [text])
    assert panel.values["area"].values.tolist() == ["北京", "天津"]
    assert panel.years == [2020, 2021]
    assert number(panel, "gdp") == (10.0, "supplied", "drivers0.csv!C2")
    assert number(panel, "gdp", "天津") == (40.0, "supplied", "drivers0.csv!C5")
    assert np.isfinite(panel.values.sel(input="gdp").values).sum() == 2


def test_areas_and_years_of_the_own_file_are_there_too(tmp_path):
    """As the entries spell an area; of one alone that is wanted nothing is said of others."""
    own = "地区,年份,gdp (亿元)\n北京市,2022,10\n上海,2020,20\n"
    panel = gather(tmp_path, TWO, own=own)
    assert panel.values["area"].values.tolist() == ["北京", "天津", "上海"]
    assert panel.years == [2020, 2021, 2022]
    assert number(panel, "gdp", year=2022) == (10.0, "supplied", "own.csv!C2")
    one = gather(tmp_path, TWO, own=own, area="Shanghai")
    assert one.values["area"].values.tolist() == ["上海"]
    assert number(one, "gdp", "上海")[0] == 20.0


def test_the_first_that_has_a_number_gives_it(tmp_path):
    """The index's own file before drivers, and those in their order; what it lacks comes from the next."""
    own = "area,year,gdp (亿元),gva_tertiary (亿元)\n北京,2020,1000,\n"
    first = "area,year,gdp (亿元),gva_tertiary (亿元)\n北京,2020,1001,500\n"
    panel = gather(tmp_path, TWO, [first, first.replace("500", "501")], own=own)
    assert number(panel, "gdp") == (1000.0, "supplied", "own.csv!C2")
    assert number(panel, "gva_tertiary") == (500.0, "supplied", "drivers0.csv!D2")


@pytest.mark.parametrize(("other", "agrees"), [(1000, True), (999.9, False), (1010.1, False)])
def test_two_numbers_agree_within_half_a_percent_of_the_later(tmp_path, other, agrees):
    """1005 and 1000 are apart by 0.5 % and no more. Every pair that is not names both its cells."""
    head = "area,year,gdp (亿元),gva_tertiary (亿元)\n"
    files = [head + f"北京,2020,{n},{n}\n" for n in (1005, other)]
    if agrees:
        assert number(gather(tmp_path, TWO, files), "gdp")[0] == 1005.0
        return
    with pytest.raises(IndexDataError) as refused:
        gather(tmp_path, TWO, files)
    lines = str(refused.value).split("\n")
    assert len(lines) == 2
    assert lines[0] == (
        f"drivers0.csv!C2: gdp is 1005, and {other:g} in drivers1.csv!C2; clear one of the cells"
    )


def test_a_table_without_areas_is_of_the_one_there_is(tmp_path):
    """Of several it would be a guess: it is refused with its first cell, also where one alone is wanted."""
    text = "year,gdp (亿元)\n2020,10\n"
    panel = gather(tmp_path, TWO.iloc[:1], [text])
    assert number(panel, "gdp") == (10.0, "supplied", "drivers0.csv!B2")
    for area in ("", "北京"):
        with pytest.raises(IndexDataError, match=r"drivers0\.csv!B2: names no area.* has 2; add"):
            gather(tmp_path, TWO, [text], area=area)
    # A row that names none and has no number takes nothing.
    mixed = "area,year,gdp (亿元)\n北京,2020,10\n,2021,\n"
    assert number(gather(tmp_path, TWO, [mixed]), "gdp")[0] == 10.0


def test_emissions_are_those_of_whole_printed_years(tmp_path):
    """No memo, nothing without a number, no other area, and none of a year of which a rule fills anything.

    3 + 1 of 10,000 t each: the form asks for 10,000 t, of all and of industry.
    """
    held = entries(
        *(
            {"area": area, "year": year, **more}
            for area, year in (("北京", 2020), ("北京", 2021), ("天津", 2020))
            for more in ({}, POWER)
        ),
        {"area": "北京", "year": 2020, "kind": "memo", "value": 7e4},
        {"area": "北京", "year": 2020, "value": np.nan},
        {"area": "北京", "year": 2021, "status": "filled", "flow": "transport"},
    )
    panel = gather(tmp_path, held)
    assert number(panel, "co2")[:2] == (4.0, "inventory")
    assert number(panel, "co2", "天津")[0] == 4.0
    assert np.isnan(number(panel, "co2", year=2021)[0])
    one = gather(tmp_path, held, area="天津")
    assert one.findings == ()  # nothing of what was not asked for
    assert number(one, "co2", "天津")[0] == 4.0


def test_a_source_that_is_not_named_gives_nothing(tmp_path):
    """Each of the four alone: what it gives is there, and nothing else."""
    table = SimpleNamespace(file=write_table(tmp_path, 2020), places=(("北京市", 2020),))
    (tmp_path / "land.csv").write_text(FOREST.format("北京"), encoding="utf-8")
    held = entries({"area": "北京", "year": 2020}, {"area": "北京", "year": 2020, **POWER})
    given = {
        "inventory": ("co2", 4.0),
        "balance": ("energy", None),
        "drivers": ("gdp", 10.0),
        "activity": ("forest_area", 40.0),
    }
    for sources in ([one] for one in INDEX_SOURCES):
        panel = gather(
            tmp_path,
            held,
            ["year,gdp (亿元)\n2020,10\n"],
            runs=[(table, True)],
            sources_runs=[(tmp_path / "land.csv", True)],
            coal_equivalent="gb-t-2589-2020",
            sources=tuple(sources),
        )
        has = {name for name, _ in given.values() if not np.isnan(number(panel, name)[0])}
        assert has == {given[sources[0]][0]}
        if (wanted := given[sources[0]][1]) is not None:
            assert number(panel, has.pop())[0] == pytest.approx(wanted)


def test_energy_is_of_the_tables_that_were_compiled(tmp_path):
    """102 of raw coal x 0.7143 and 47.75 of diesel x 1.4571 (GB/T 2589-2020, table A.1); no other table is read."""
    rows = [(*row[:3], 0.0) for row in ROWS]
    file = write_table(tmp_path, 2020, rows=rows)
    table = SimpleNamespace(file=file, places=(("Beijing", 2020),))
    elsewhere = SimpleNamespace(file=tmp_path / "none.csv", places=(("天津", 2020),))
    refused = SimpleNamespace(file=tmp_path / "none.csv", places=(("北京", 2020),))
    runs = [(elsewhere, True), (refused, False), (table, True)]
    held = entries({"area": "北京", "year": 2020})
    panel = gather(tmp_path, held, runs=runs, coal_equivalent="gb-t-2589-2020")
    assert number(panel, "energy")[0] == pytest.approx(102 * 0.7143 + 47.75 * 1.4571)
    assert np.isnan(number(gather(tmp_path, held, runs=runs), "energy")[0])


def test_activities_of_a_table_that_is_refused_are_not_read(tmp_path):
    """A run without entries has nothing to give."""
    held = entries({"area": "北京", "year": 2020})
    panel = gather(tmp_path, held, sources_runs=[(tmp_path / "none.csv", False)])
    assert np.isnan(number(panel, "forest_area")[0])
