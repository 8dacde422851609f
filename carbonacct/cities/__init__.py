"""Tables of a city, or its province's balance and indicators -> a balance whose cells say how they came about."""
