"""Sector files made for one test, and numbers for them."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pandas as pd

from carbonacct.equations import Sector, arrange, choose_factors, evaluate, parse_sector
from carbonacct.equations.equation_text import write
from carbonacct.equations.evaluation import inputs_of, with_needs
from carbonacct.equations.schema import is_number

if TYPE_CHECKING:
    from carbonacct.equations import Evaluation

# A kiln that sells some of its clinker: two activities, one parameter, one source.
KILN = """
[activity.made]
unit = "t clinker"
[activity.sold]
unit = "t clinker"
absent = "zero"
[parameter.factor]
unit = "t CO2/(t clinker)"

[[source]]
id = "kiln"
cite = "a test"
category = "2.A.1"
gas = "CO2"
equation = "CO2 = (made - sold) * factor"
[[source.example]]
given = { made = 1000, sold = 100, factor = 0.5 }
gives = 450
"""

# Animals by kind and by how they are kept, a landfill by decay, a forest measured now and then.
MANURE = """
[activity.heads]
unit = "head"
dims = ["beast", "housing"]
[parameter.grazing]
unit = "1"
keys = ["housing"]
[parameter.manure_factor]
unit = "kg N2O/head"
keys = ["beast", "area"]
groups = { area = "regions" }

[[source]]
id = "manure"
cite = "a test"
category = "3.A.2"
gas = "N2O"
dims = ["beast"]
equation = "N2O = sum(heads * (1 - grazing), housing) * manure_factor"
[[source.example]]
given.heads = { "cow,stable" = 3e4, "cow,pasture" = 1e4 }
given.grazing = { stable = 0, pasture = 1 }
given.manure_factor = { cow = 1.846 }
gives = 55.38
"""

LANDFILL = """
[activity.deposited]
unit = "t waste"
dims = ["kind"]
history = true
[activity.recovered]
unit = "t CH4"
absent = "zero"
[parameter.carbon]
unit = "t C/(t waste)"
keys = ["kind"]
[parameter.decay]
unit = "1"
keys = ["kind"]
[parameter.to_methane]
unit = "t CH4/(t C)"
[parameter.oxidised]
unit = "1"
range = [0, 1]

[[source]]
id = "landfill"
cite = "a test"
category = "4.A"
gas = "CH4"
equation = \"\"\"
buried = deposited * carbon
decomposed = previous(stock) * (1 - exp(-decay))
stock = previous(stock) * exp(-decay) + buried
CH4 = (sum(decomposed, kind) * to_methane - recovered) * (1 - oxidised)
\"\"\"
units = { buried = "t C", decomposed = "t C", stock = "t C" }
keeps = { stock = ["kind"] }
starts = { stock = 0 }
checks = [{ rule = "recovered <= sum(decomposed, kind) * to_methane", else = "refuse" }]
[[source.example]]
years = [2010, 2011, 2012]
given.deposited = { msw = [1e5, 1.04e5, 1.09e5] }
given.carbon = { msw = 0.056 }
given.decay = { msw = 0.09 }
given.to_methane = 0.6666666666666666
given.oxidised = 0.1
gives = [0, 289.1912174886734, 565.0597383576731]
[[source.example]]
years = [2010, 2011]
given.deposited = { msw = [1e5, 0] }
given.carbon = { msw = 0.056 }
given.decay = { msw = 0.09 }
given.to_methane = 0.6666666666666666
given.oxidised = 0.1
given.recovered = [0, 100]
gives = [0, 199.1912174886734]
"""

FOREST = """
[activity.volume]
unit = "m3"
dims = ["species"]
[activity.growth_rate]
unit = "1"
[parameter.density]
unit = "t dm/m3"
keys = ["species"]
[parameter.carbon_to_co2]
unit = "t CO2/(t C)"
[parameter.carbon_in_wood]
unit = "t C/(t dm)"

[[quantity]]
id = "carbon_per_volume"
unit = "t C/m3"
equation = \"\"\"
mean_density = sum(density * volume, species) / sum(volume, species)
carbon_per_volume = mean_density * carbon_in_wood
\"\"\"
units = { mean_density = "t dm/m3" }

[[source]]
id = "growth"
cite = "a test"
category = "3.B.1.a"
gas = "CO2"
kind = "removal"
equation = "CO2 = -sum(volume, species) * growth_rate * carbon_per_volume * carbon_to_co2"
[[source.example]]
given.volume = { pine = 600, oak = 400 }
given.growth_rate = 0.05
given.density = { pine = 0.4, oak = 0.6 }
given.carbon_in_wood = 0.5
given.carbon_to_co2 = 3.6666666666666665
gives = -44

[[source]]
id = "stock_change"
cite = "a test"
category = "3.B.1.a"
gas = "CO2"
kind = "net"
excludes = ["growth"]
equation = "CO2 = -change(sum(volume, species)) * carbon_per_volume * carbon_to_co2"
[[source.example]]
years = [2015, 2020]
given.volume = { pine = [1000, 2000] }
given.density = { pine = 0.4 }
given.carbon_in_wood = 0.5
given.carbon_to_co2 = 3.6666666666666665
gives = ["NE", -146.66666666666666]
"""


def sector_of(text: str) -> Sector:
    """Return a sector from the text of its file."""
    return parse_sector(text, "made/test", file="x.toml")


def rows_of(*rows: dict[str, Any], **all_rows: Any) -> pd.DataFrame:
    """Return rows of numbers; what is the same in all is said once."""
    return pd.DataFrame([{**all_rows, **row} for row in rows])


def row(symbol: str, value: float | None, **labels: Any) -> dict[str, Any]:
    """Return one row."""
    return {"symbol": symbol, "value": value, **labels}


def evaluate_rows(
    sector: Sector, *rows: dict[str, Any], factors: bool = False, **options: Any
) -> Evaluation:
    """Return a sector worked out from rows, with its editions' factors where asked for."""
    data = arrange(sector, rows_of(*rows), **options)
    return evaluate(sector, choose_factors(sector, data) if factors else data)


def rules_of(evaluation: Evaluation) -> list[str]:
    """Return the rules of the findings in order."""
    return [finding.rule for finding in evaluation.findings]


def entries_of(evaluation: Evaluation, source: str) -> dict[str, float]:
    """Return the entries of a source in its first area and year, by labels: ``"heavy,CH4"``."""
    labels = evaluation.labels(source)
    names = [",".join(one) for one in itertools.product(*labels.values())]
    values = evaluation.values(source)[0, 0].reshape(-1).tolist()
    return dict(zip(names, values, strict=True))


def write_lines(lines):
    """Return the canonical text of an equation; reading it gives the same equation."""
    return "\n".join(f"{line.name} = {write(line.tree)}" for line in lines)


def find_untested(sector):
    """Return the symbols of each block to which no example gives a number other than 0.

    A wrong sign of such a symbol would not be seen.

    Those of a quantity may be given by any source that uses it.
    """
    tested = {name: set() for name in sector.blocks}
    for source in sector.sources:
        given = {
            name
            for example in source.examples
            for name, value in example["given"].items()
            if _has_number(value)
        }
        for name in with_needs(sector, [source.id]):
            tested[name] |= given
    return [
        (block.id, name)
        for block in sector.blocks.values()
        for name in inputs_of(block)
        if name not in sector.blocks and name not in tested[block.id]
    ]


def _has_number(value):
    if isinstance(value, dict):
        return any(_has_number(one) for one in value.values())
    if isinstance(value, list):
        return any(_has_number(one) for one in value)
    return is_number(value) and value != 0
