"""Industry above designated size in a table beside one of all industry: a part of it, not another print of it."""

from __future__ import annotations

import pytest

import carbonacct as ca

ABOVE = "某市2019年规模以上工业能源消费量\n指标,原煤(万吨)\n工业,5\n"
ALL = "某市2019年能源消费量\n指标,原煤(万吨)\n工业,8\n农业,1\n"
BOTH = {"industry": 8e4, "industry.above_scale": 5e4}


@pytest.mark.parametrize(
    ("tables", "coal"),
    [
        ([ABOVE, ALL], BOTH),
        ([ALL, ABOVE], BOTH),
        ([ABOVE, ALL, ABOVE], BOTH),
        ([ABOVE.replace("规模以上", "规上"), ALL], BOTH),
        (
            [
                "Energy consumption of industry above designated size, 2019\nItem,Raw coal (1e4 t)\nIndustry,5\n",
                ALL,
            ],
            BOTH,
        ),
        (
            [
                (
                    "Energy consumption of enterprises Above the designated size, 2019\nItem,Raw coal (1e4 t)\n"
                    "Industry,5\n"
                ),
                ALL,
            ],
            BOTH,
        ),
        # The labels of its rows say so, all of them.
        (
            ["某市2019年能源消费量\n指标,原煤(万吨)\n规模以上工业,5\n纺织业,4\n", ALL],
            BOTH | {"industry.textile": 4e4},
        ),
        # Equal to the whole it is a part all the same.
        ([ABOVE.replace("工业,5", "工业,8"), ALL], {"industry": 8e4, "industry.above_scale": 8e4}),
        # A table of both tells them apart by itself: its total of industry is the whole one.
        ([ABOVE.replace("工业,5", "工业,8\n  规模以上工业,5"), ALL], BOTH),
        # Alone, or of another year or product, or beside a blank, it is all that is known of industry.
        ([ABOVE], {"industry": 5e4}),
        ([ABOVE, ALL.replace("工业,8\n", "")], {"industry": 5e4}),
        ([ABOVE, ALL.replace("工业,8", "工业,-")], {"industry": 5e4}),
        ([ABOVE.replace("2019", "2018"), ALL], {"industry": 5e4 + 8e4}),
        ([ABOVE.replace("原煤", "焦炭"), ALL], {"industry": 5e4 + 8e4}),
    ],
)
def test_industry_above_designated_size_is_a_part_where_all_industry_stands_beside_it(
    tmp_path, tables, coal
):
    """In any order of the tables, whether its title or its labels say so."""
    paths = [tmp_path / f"{number}.csv" for number in range(len(tables))]
    for path, text in zip(paths, tables, strict=True):
        path.write_text(text, encoding="utf-8")
    amounts = ca.read_balance(*paths, area="某市").amounts.to_series().dropna()
    found = amounts.groupby("flow").sum()
    assert found.drop("farming", errors="ignore").to_dict() == coal
