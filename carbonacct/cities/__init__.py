"""Tables of a city, or its province's balance and indicators -> a balance whose cells say how they came about."""

from carbonacct.cities.city_balance import build_city_balance

__all__ = ["build_city_balance"]
