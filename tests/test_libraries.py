"""Libraries that a program leaves out until it needs them."""

import subprocess
import sys

import numpy as np
import pandas as pd

from carbonacct.inventory.inventory_files import to_arrow

_LATE = """
import sys, warnings
from carbonacct.libraries import leave_out
leave_out()
import pandas as pd, xarray as xr
array = xr.DataArray([1.0, 2.0], {"year": [2020, 2021]}, ["year"])
print([name for name in ("dask", "pint", "pyarrow") if sys.modules[name] is not None])
from carbonacct.inventory.inventory_files import to_arrow
from carbonacct.units import registry
warnings.simplefilter("error")
print((array * registry().Quantity(1, "t")).to_numpy().tolist())
print(to_arrow(pd.DataFrame({"area": ["a"]})).column_names)
"""


def test_a_library_that_was_left_out_comes_in_when_it_is_needed():
    """Xarray asks for pint before anything has a unit, and must know a quantity nevertheless when one comes."""
    done = subprocess.run([sys.executable, "-c", _LATE], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "[1.0, 2.0]", "['area']"]


def test_parquet_is_the_same_however_pandas_keeps_texts():
    """A program keeps texts without pyarrow, a caller with it: one file comes of both."""
    texts = ["a", None, "排放"]
    one, other = (
        to_arrow(
            pd.DataFrame(
                {
                    "name": pd.Series(texts, dtype=pd.StringDtype(kind, na_value=np.nan)),
                    "year": [1, 2, 3],
                }
            )
        )
        for kind in ("python", "pyarrow")
    )
    assert one.schema.equals(other.schema, check_metadata=True)
    assert one.equals(other)
    assert one["name"].to_pylist() == texts
