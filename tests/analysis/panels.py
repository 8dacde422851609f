"""Panels that tests of decomposition share."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import strategies as st

ACTIVITY = "co2 = gdp * energy/gdp * energy[sector]/energy * co2[sector]/energy[sector]"


def two_years(**columns: tuple[float, float]) -> pd.DataFrame:
    """Return a panel of 2010 and 2020 without sectors."""
    return pd.DataFrame(
        {"year": [2010, 2020], **{name: list(pair) for name, pair in columns.items()}}
    )


def effects(made, period: int = 0) -> dict[str, float]:
    """Return the effects of one period by term."""
    array = made.effects.isel(period=period)
    return dict(zip(array["term"].values.tolist(), array.values.tolist(), strict=True))


amounts = st.floats(1e-3, 1e6).map(lambda value: float(f"{value:.6g}"))


@st.composite
def sector_panels(draw: st.DrawFn, *, zeros: bool = True, years: int = 3) -> pd.DataFrame:
    """Panels of sectors and years: gdp of the whole, energy and co2 of each sector, some of which come and go."""
    sectors = draw(st.integers(1, 4))
    rows = []
    for year in range(2010, 2010 + years):
        gdp = draw(amounts)
        for sector in range(sectors):
            idle = zeros and sector > 0 and draw(st.integers(0, 3)) == 0
            energy = 0.0 if idle else draw(amounts)
            rows.append((year, f"s{sector}", gdp, energy, energy * draw(st.floats(0.1, 5.0))))
    return pd.DataFrame(rows, columns=["year", "sector", "gdp", "energy", "co2"])


def random_panel(*, areas: int, years: int, sectors: int, seed: int = 1) -> pd.DataFrame:
    """Return a panel of areas, years and sectors with a twentieth of the sectors idle."""
    random = np.random.default_rng(seed)
    index = pd.MultiIndex.from_product(
        [
            [f"area {i}" for i in range(areas)],
            range(2000, 2000 + years),
            [f"sector {i}" for i in range(sectors)],
        ],
        names=["area", "year", "sector"],
    )
    panel = pd.DataFrame(index=index).reset_index()
    of_state = panel.groupby(["area", "year"]).ngroup().to_numpy()
    panel["population"] = random.uniform(1, 2, areas * years)[of_state]
    panel["gdp"] = random.uniform(1, 2, areas * years)[of_state]
    panel["energy"] = np.where(
        random.random(len(panel)) < 0.05, 0.0, random.uniform(1, 2, len(panel))
    )
    panel["co2"] = panel["energy"] * random.uniform(1, 2, len(panel))
    return panel
