"""Hypothesis strategies that tests share: energy balance tables, and ways to print them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume
from hypothesis import strategies as st

from carbonacct.vocabulary import is_within
from tests.balances.printing import FLOWS, KINDS, LEAVING, PRODUCTS, Style, Table

# Hundredths, as a yearbook prints; among them numbers that look like years.
hundredths = st.one_of(
    st.integers(-(10**9), 10**9), st.integers(1949, 2100).map(lambda year: year * 100), st.just(0)
)
nothing = st.sampled_from([None, None, None, "-", "NE"])


@st.composite
def tables(draw: st.DrawFn, *, min_flows: int = 2, min_products: int = 2) -> Table:
    """Tables of one area and year, with at least one number."""
    flows = draw(
        st.lists(st.sampled_from([flow.id for flow in FLOWS]), min_size=min_flows, unique=True)
    )
    products = draw(
        st.lists(
            st.sampled_from([product.id for product in PRODUCTS]),
            min_size=min_products,
            unique=True,
        )
    )
    cells = {}
    for flow in flows:
        for product in products:
            cell = draw(st.one_of(hundredths, hundredths, nothing))
            cells[flow, product] = -abs(cell) if isinstance(cell, int) and flow in LEAVING else cell
    cells[flows[0], products[0]] = draw(st.integers(-(10**9), -1))
    assume(sum(is_output_again(cells, product) for product in products) < 2)
    return Table(tuple(flows), tuple(products), cells, year=draw(st.integers(1980, 2030)))


def is_output_again(cells: dict[tuple[str, str], object], product: str) -> bool:
    """Return whether production prints what plants put out: two such lines are read as that."""
    numbers = {
        flow: cell
        for (flow, one), cell in cells.items()
        if one == product and isinstance(cell, int)
    }
    made = sum(max(cell, 0) for flow, cell in numbers.items() if is_within(flow, "transformation"))
    return 0 < made == numbers.get("production", 0)


@st.composite
def styles(draw: st.DrawFn) -> Style:
    """Ways to print a table."""
    style = Style(
        language=draw(st.sampled_from(["zh", "en", "both"])),
        unit_at=draw(st.sampled_from(["cell", "row"])),
        units=tuple(
            draw(st.lists(st.integers(0, 3), min_size=len(PRODUCTS), max_size=len(PRODUCTS)))
        ),
        down=draw(st.booleans()),
        file=draw(st.sampled_from(KINDS)),
        width=draw(st.sampled_from(["half", "half", "full"])),
        thousands=draw(st.booleans()),
        footnote=draw(st.sampled_from(["", "", "①", "*", " 1)", "（2）", "³"])),
        blank_columns=draw(st.booleans()),
    )
    return replace(style, width="half") if style.language != "zh" else style


@st.composite
def orders(draw: st.DrawFn, table: Table) -> Table:
    """Return the table with its rows and columns in another order."""
    return replace(
        table,
        flows=tuple(draw(st.permutations(table.flows))),
        products=tuple(draw(st.permutations(table.products))),
    )
