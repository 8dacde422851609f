"""Values worked out by hand: rows of an activity table, and what the printed equations make of them.

A case names equation and table. Its rows are activity, item, value, unit and, where they are not those of 重庆
in 2020, area and year; its results are source, item, gas, tonnes and the same. Factors stand as the documents
print them: neither an edition nor a sector file of the package is read for them.
"""

C_TO_CO2, C_TO_CH4, N_TO_N2O = 44 / 12, 16 / 12, 44 / 28
