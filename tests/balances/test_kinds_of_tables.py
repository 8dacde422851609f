"""Tables as statisticians print them, a small twin of each kind: what is read of it, or what it asks.

Numbers are invented, labels are as printed. Amounts are in the unit in which a product is kept.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

import carbonacct as ca
from carbonacct import vocabulary
from carbonacct.balances.mapping import Mapping
from carbonacct.balances.printed_units import read_corner
from carbonacct.balances.titles import years_of_title
from carbonacct.balances.topics import find_flow
from carbonacct.errors import TableError, UnitError
from tests.balances.test_layout import amount, rules

KTOE, BTU = 41.868, 1055.05585262  # GJ of a ktoe in thousands, and of a billion Btu


class Case(NamedTuple):
    """A table, how it is read, and some of its amounts: area (or none), year, flow, product, amount."""

    text: str
    right: list[tuple[str, int, str, str, float]]
    options: dict[str, Any] = {}


