"""Any energy table, written in any of the shapes that yearbooks and vendors use, reads to the same balance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct import vocabulary
from carbonacct.errors import TableError
from tests.balances.printing import write
from tests.balances.test_reading import assert_accounted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Key = tuple[str, int, str, str]  # area, year, flow, product

AREAS = {
    "beijing": ("北京市", "Beijing"),
    "tianjin": ("天津市", "Tianjin"),
    "shanghai": ("上海市", "Shanghai"),
}
FLOWS = {
    "industry": ("工业", "Industry"),
    "construction": ("建筑业", "Construction"),
    "transport": ("交通运输、仓储和邮政业", "Transport, Storage and Post"),
    "households": ("居民生活", "Residential Consumption"),
    "farming": ("农、林、牧、渔业", "Agriculture"),
}
# Names, and each unit as two languages print it with its size in the unit in which the product is kept.
PRODUCTS = {
    "raw_coal": (("原煤", "Raw Coal"), ("万吨", "10 000 tons", 1e4)),
    "diesel": (("柴油", "Diesel Oil"), ("万吨", "10 000 tons", 1e4)),
    "natural_gas": (("天然气", "Natural Gas"), ("亿立方米", "100 million cu.m", 1e8)),
    "electricity": (("电力", "Electricity"), ("亿千瓦小时", "100 million kWh", 1e8)),
}
HEADINGS = {
    "area": ("地区", "Region"),
    "year": ("年份", "Year"),
    "flow": ("项目", "Item"),
    "product": ("能源品种", "Fuel"),
    "unit": ("单位", "Unit"),
    "value": ("数值", "Value"),
}
ODD = ("用途未明者", "Xyzzy")  # no word of any vocabulary
TITLE = ("能源消费情况", "Energy use")


@dataclass(frozen=True)
class Table:
    """Numbers of a table, its language (0, 1, or 2 for both), a drawn order and an unknown label."""

    numbers: dict[Key, int]
    language: int
    order: tuple[int, ...]
    odd: str = ""

    def axis(self, dim: int) -> list:
        """Return the labels of one dim, in an order that hangs on the draw."""
        labels = list(dict.fromkeys(key[dim] for key in self.numbers))
        shift = self.order[dim] % len(labels)
        return labels[shift:] + labels[:shift] if dim != 1 else sorted(labels)

    def names(self, label: str) -> tuple[str, str]:
        """Return what a flow or product is called."""
        return ODD if label == self.odd else FLOWS[label] if label in FLOWS else PRODUCTS[label][0]

    def say(self, names: tuple[str, str]) -> str:
        """Return a label in the language of the table."""
        return f"{names[0]} {names[1]}" if self.language == 2 else names[self.language]

    def heading(self, dim: str) -> str:
        """Return the heading of a column."""
        return self.say(HEADINGS[dim])

    def name(self, dim: int, label: str | int) -> object:
        """Return a label as it is printed; areas and units in one language alone."""
        if dim == 0:
            return AREAS[label][min(self.language, 1)]
        return label if dim == 1 else self.say(self.names(label))

    def unit(self, product: str) -> str:
        """Return the unit of a product."""
        return PRODUCTS[product][1][min(self.language, 1)]


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Draw a full block of numbers over some areas, years, flows and products."""
    areas = draw(st.lists(st.sampled_from(sorted(AREAS)), min_size=2, max_size=3, unique=True))
    years = draw(st.lists(st.integers(2001, 2022), min_size=2, max_size=3, unique=True))
    flows = draw(st.lists(st.sampled_from(sorted(FLOWS)), min_size=2, max_size=4, unique=True))
    products = draw(
        st.lists(st.sampled_from(sorted(PRODUCTS)), min_size=2, max_size=4, unique=True)
    )
    keys = [(a, y, f, p) for a in areas for y in years for f in flows for p in products]
    numbers = draw(st.lists(st.integers(1, 1900), min_size=len(keys), max_size=len(keys)))
    order = draw(st.tuples(*[st.integers(0, 3)] * 6))
    return Table(dict(zip(keys, numbers, strict=True)), draw(st.integers(0, 2)), order)


def long_table(table: Table) -> list[list[object]]:
    """One number a row; the columns of labels in any order, repeated labels blank where the print would merge them."""
    dims = ["area", "year", "flow", "product"]
    columns = [*dims[:2], *sorted(dims[2:], key=lambda dim: table.order[dims.index(dim)])]
    rows = [[table.heading(dim) for dim in (*columns, "unit", "value")]]
    above: list[object] = [""] * len(columns)
    for area in table.axis(0):
        for year in table.axis(1):
            for flow in table.axis(2):
                for product in table.axis(3):
                    key = (area, year, flow, product)
                    labels = [table.name(dims.index(dim), key[dims.index(dim)]) for dim in columns]
                    blank = [
                        table.order[5] > 1
                        and dim in {"area", "year"}
                        and labels[: n + 1] == above[: n + 1]
                        for n, dim in enumerate(columns)
                    ]
                    above = labels
                    rows.append(
                        [
                            *(
                                "" if gone else label
                                for gone, label in zip(blank, labels, strict=True)
                            ),
                            table.unit(product),
                            table.numbers[key],
                        ]
                    )
    return rows


def years_as_columns(table: Table) -> list[list[object]]:
    """Sector once, its products below it, the unit beside each, years as columns."""
    years = table.axis(1)
    rows = [
        [
            table.heading("area"),
            table.heading("flow"),
            table.heading("product"),
            table.heading("unit"),
            *years,
        ]
    ]
    for area in table.axis(0):
        for flow in table.axis(2):
            for n, product in enumerate(table.axis(3)):
                sector = table.name(2, flow) if n == 0 or table.order[4] == 0 else ""
                rows.append(
                    [
                        table.name(0, area),
                        sector,
                        table.name(3, product),
                        table.unit(product),
                        *(table.numbers[area, year, flow, product] for year in years),
                    ]
                )
    return rows


def list_flows_down(table: Table) -> list[list[object]]:
    """Return a row for each area, year and flow, with the number of each product."""
    return [
        [
            table.name(0, area),
            year,
            table.name(2, flow),
            *(table.numbers[area, year, flow, product] for product in table.axis(3)),
        ]
        for area in table.axis(0)
        for year in table.axis(1)
        for flow in table.axis(2)
    ]


def products_as_columns(table: Table) -> list[list[object]]:
    """Write the balance of a yearbook, for several areas and years: unit behind the product, or in a row of its own."""
    products = table.axis(3)
    names = [table.name(3, product) for product in products]
    units = [table.unit(product) for product in products]
    stub = [table.heading("area"), table.heading("year"), table.heading("flow")]
    rows: list[list[object]] = (
        [[*stub, *(f"{name}({unit})" for name, unit in zip(names, units, strict=True))]]
        if table.order[4] < 2
        else [[*stub, *names], ["", "", "", *(f"({unit})" for unit in units)]]
    )
    return rows + list_flows_down(table)


def units_in_the_title(table: Table) -> list[list[object]]:
    """Write the balance of a yearbook whose title lists the units, each for the products that it measures."""
    products = table.axis(3)
    units = dict.fromkeys(PRODUCTS[product][1][0] for product in products)
    rows: list[list[object]] = [
        [f"单位：{'、'.join(units)}"],
        [
            table.heading("area"),
            table.heading("year"),
            table.heading("flow"),
            *(table.name(3, product) for product in products),
        ],
    ]
    return rows + list_flows_down(table)


def flows_over_products(table: Table) -> list[list[object]]:
    """Two rows of headers: a sector over its products, the merge lost."""
    flows, products = table.axis(2), table.axis(3)
    upper = [cell for flow in flows for cell in (table.name(2, flow), *[""] * (len(products) - 1))]
    lower = [
        f"{table.name(3, product)}({table.unit(product)})" for _ in flows for product in products
    ]
    rows = [[table.heading("area"), table.heading("year"), *upper], ["", "", *lower]]
    for area in table.axis(0):
        rows += [
            [
                table.name(0, area),
                year,
                *(
                    table.numbers[area, year, flow, product]
                    for flow in flows
                    for product in products
                ),
            ]
            for year in table.axis(1)
        ]
    return rows


def products_over_years(table: Table) -> list[list[object]]:
    """Two rows of headers: a product over its years, the merge lost."""
    products, years = table.axis(3), table.axis(1)
    upper = [
        cell
        for product in products
        for cell in (f"{table.name(3, product)}({table.unit(product)})", *[""] * (len(years) - 1))
    ]
    rows = [
        [table.heading("area"), table.heading("flow"), *upper],
        ["", "", *(year for _ in products for year in years)],
    ]
    for area in table.axis(0):
        rows += [
            [
                table.name(0, area),
                table.name(2, flow),
                *(
                    table.numbers[area, year, flow, product]
                    for product in products
                    for year in years
                ),
            ]
            for flow in table.axis(2)
        ]
    return rows


def joined_headers(table: Table) -> list[list[object]]:
    """Flow, product and 消费量 in a header: 工业原煤消费量(万吨), Raw Coal Consumption of Industry (10 000 tons)."""
    pairs = [(flow, product) for flow in table.axis(2) for product in table.axis(3)]
    heads = [
        f"{table.names(product)[1]} Consumption of {table.names(flow)[1]} ({PRODUCTS[product][1][1]})"
        if table.language == 1
        else f"{table.names(flow)[0]}{table.names(product)[0]}消费量({PRODUCTS[product][1][0]})"
        for flow, product in pairs
    ]
    rows: list[list[object]] = [[table.heading("area"), table.heading("year"), *heads]]
    for area in table.axis(0):
        rows += [
            [table.name(0, area), year, *(table.numbers[area, year, *pair] for pair in pairs)]
            for year in table.axis(1)
        ]
    return rows


def _path(table: Table, area: str, flow: str, product: str) -> str:
    return f"{AREAS[area][0]}:{table.names(product)[0]}平衡表:终端消费量:{table.names(flow)[0]}"


def paths_as_columns(table: Table) -> list[list[object]]:
    """Write a vendor's export: one series a column."""
    series = [
        (area, flow, product)
        for area in table.axis(0)
        for flow in table.axis(2)
        for product in table.axis(3)
    ]
    rows: list[list[object]] = [
        ["指标名称", *(_path(table, *one) for one in series)],
        ["频率", *["年"] * len(series)],
        ["单位", *(PRODUCTS[product][1][0] for *_, product in series)],
    ]
    rows += [
        [
            f"{year}-12-31",
            *(table.numbers[area, year, flow, product] for area, flow, product in series),
        ]
        for year in table.axis(1)
    ]
    return rows


def paths_as_rows(table: Table) -> list[list[object]]:
    """Write a vendor's export: one series a row."""
    years = table.axis(1)
    rows: list[list[object]] = [["指标名称", "频率", "单位", *years]]
    for area in table.axis(0):
        for flow in table.axis(2):
            rows += [
                [
                    _path(table, area, flow, product),
                    "年",
                    PRODUCTS[product][1][0],
                    *(table.numbers[area, year, flow, product] for year in years),
                ]
                for product in table.axis(3)
            ]
    return rows


def units_as_heads(table: Table) -> list[list[object]]:
    """Write a column for each unit, headed by it alone: of a row all but one are blank."""
    dims = sorted(range(4), key=lambda dim: table.order[dim])
    units = list(dict.fromkeys(table.unit(product) for product in table.axis(3)))
    heads = [table.heading(("area", "year", "flow", "product")[dim]) for dim in dims]
    rows: list[list[object]] = [[*heads, *units]]
    for key, number in table.numbers.items():
        values = [number if unit == table.unit(key[3]) else "" for unit in units]
        rows.append([*(table.name(dim, key[dim]) for dim in dims), *values])
    return rows


def years_beside_the_quantity(table: Table) -> list[list[object]]:
    """Write a year into each header, before or behind the word for what is counted."""
    years = table.axis(1)
    heads = [f"Consumption {year}" if table.language == 1 else f"{year}年消费量" for year in years]
    rows: list[list[object]] = [
        [
            table.heading("flow"),
            table.heading("area"),
            table.heading("product"),
            *heads,
            table.heading("unit"),
        ]
    ]
    for area in table.axis(0):
        for flow in table.axis(2):
            for product in table.axis(3):
                numbers = (table.numbers[area, year, flow, product] for year in years)
                rows.append(
                    [
                        table.name(2, flow),
                        table.name(0, area),
                        table.name(3, product),
                        *numbers,
                        table.unit(product),
                    ]
                )
    return rows


def flows_as_columns(table: Table) -> list[list[object]]:
    """Products down and sectors across, the unit behind the product."""
    flows = table.axis(2)
    heads = [table.heading(dim) for dim in ("year", "area", "product")]
    rows: list[list[object]] = [[*heads, *(table.name(2, flow) for flow in flows)]]
    for year in table.axis(1):
        for area in table.axis(0):
            for product in table.axis(3):
                name = f"{table.name(3, product)}({table.unit(product)})"
                rows.append(
                    [
                        year,
                        table.name(0, area),
                        name,
                        *(table.numbers[area, year, flow, product] for flow in flows),
                    ]
                )
    return rows


SHAPES: list[Callable[[Table], list[list[object]]]] = [
    long_table,
    years_as_columns,
    products_as_columns,
    units_in_the_title,
    flows_over_products,
    products_over_years,
    joined_headers,
    paths_as_columns,
    paths_as_rows,
    units_as_heads,
    years_beside_the_quantity,
    flows_as_columns,
]


def read_keys(path: Path) -> dict[Key, float]:
    """Return the numbers of a file by what they are; each of its cells has one fate."""
    reading = ca.read_tables(path)
    assert_accounted(reading)
    amounts = reading.require().amounts
    numbers = amounts.to_series().dropna()
    return {
        (vocabulary.resolve("area", area) or area, int(year), flow, product): float(number)
        for (area, year, flow, product), number in numbers.items()
    }


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(table=tables(), shape=st.sampled_from(SHAPES), kind=st.sampled_from(["csv", "xlsx"]))
def test_every_shape_of_a_table_reads_to_the_same_balance(tmp_path, table, shape, kind):
    """Axes permuted, headers joined or split, labels filled down, two languages, units moved, order shuffled."""
    right = {key: float(number) * PRODUCTS[key[3]][1][2] for key, number in table.numbers.items()}
    rows = shape(table)
    path = write(
        [[table.say(TITLE), *[""] * (len(rows[-1]) - 1)], *rows], tmp_path / f"table.{kind}"
    )
    assert read_keys(path) == right


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(table=tables(), shape=st.sampled_from(SHAPES), which=st.integers(0, 7))
def test_a_label_that_is_not_known_is_refused_by_its_name(tmp_path, table, shape, which):
    """Whatever the shape: never read as something near it, never left out."""
    labels = [*table.axis(2), *table.axis(3)]
    odd = replace(table, odd=labels[which % len(labels)])
    rows = shape(odd)
    path = write([[table.say(TITLE), *[""] * (len(rows[-1]) - 1)], *rows], tmp_path / "table.csv")
    with pytest.raises(TableError, match=f"{ODD[0]}|{ODD[1]}"):
        ca.read_balance(path)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    table=tables(), is_first=st.booleans(), word=st.sampled_from(["合计", "Total", "总计", "Summe"])
)
def test_a_total_beside_sectors_is_what_holds_them_all(tmp_path, table, is_first, word):
    """Before or behind them, in any language: their sum is final consumption, and no number of a sector changes."""
    rows = flows_as_columns(table)
    place = 3 if is_first else len(rows[0])
    for row in rows:
        row.insert(place, sum(row[3:]) if row is not rows[0] else word)
    right = {key: float(number) * PRODUCTS[key[3]][1][2] for key, number in table.numbers.items()}
    totals: dict[Key, float] = {}
    for (area, year, _, product), number in right.items():
        key = area, year, "final_consumption", product
        totals[key] = totals.get(key, 0.0) + number
    path = write([[table.say(TITLE), *[""] * place], *rows], tmp_path / "table.csv")
    assert read_keys(path) == pytest.approx(right | totals, rel=1e-12)
