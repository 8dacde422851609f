"""Tables of a city, or its province's balance and indicators -> a balance whose cells say how they came about."""

from carbonacct.cities.against_province import compare_with_province, split_total
from carbonacct.cities.city_balance import build_city_balance
from carbonacct.cities.spread import tabulate_origins, tabulate_spread

__all__ = [
    "build_city_balance",
    "compare_with_province",
    "split_total",
    "tabulate_origins",
    "tabulate_spread",
]
