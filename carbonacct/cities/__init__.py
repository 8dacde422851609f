"""Tables of a city, or its province's balance and indicators -> the balance of the city."""

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
