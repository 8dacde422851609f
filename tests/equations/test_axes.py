"""The axes of a run: places from the end, lengths of arrays, labels as tables print them."""

from __future__ import annotations

import pytest

from carbonacct.equations import load_sector
from carbonacct.equations.axes import Axes, label_id, make_axes
from carbonacct.errors import EquationError

AXES = Axes(
    ("重庆", "厦门"), (2018, 2019, 2020), {"process": ("a",), "gas": ("CO2", "CH4", "N2O", "SF6")}
)


def test_axes_count_from_the_end_and_arrays_are_of_full_rank():
    """Draws stand before; a symbol has length 1 along what it does not have."""
    assert AXES.dims == ("area", "year", "process", "gas")
    assert [AXES.axis(dim) for dim in AXES.dims] == [-4, -3, -2, -1]
    assert AXES.shape(["gas"]) == (2, 3, 1, 4)
    assert AXES.shape(["gas"], areas=False) == (1, 3, 1, 4)
    assert AXES.shape(AXES.labels, years=False) == (2, 1, 1, 4)
    assert [len(AXES.labels_of(dim)) for dim in AXES.dims] == [2, 3, 1, 4]


def test_axes_of_a_sector_have_its_dims_and_all_gases():
    """A dim without any label has the one label ``""``; gases stand in the order of the file, others last."""
    sector = load_sector("provincial-2011/processes")
    axes = make_axes(
        sector, ["A"], [2020], {"nitric_process": ("dual_pressure",), "gas": ("XX", "CF4")}
    )
    dims = {
        dim for name in (*sector.activities, *sector.parameters) for dim in sector.dims_of(name)
    }
    assert set(axes.labels) == dims | {"gas"}
    assert axes.labels["nitric_process"] == ("dual_pressure",)
    assert {axes.labels[dim] for dim in dims - {"nitric_process", "gas"}} == {("",)}
    several = [gas for block in sector.sources if len(block.gases) > 1 for gas in block.gases]
    assert axes.labels["gas"] == (*dict.fromkeys(several), "XX")


def test_a_label_is_known_by_any_of_its_names():
    """One of a dim that the vocabulary lists has to be there; another dim takes any."""
    assert {label_id("nitric_process", name) for name in ("双加压法", "dual_pressure")} == {
        "dual_pressure"
    }
    assert label_id("species", "杉木") == "杉木"
    with pytest.raises(
        EquationError, match="'dual_presure' is no nitric_process; did you mean dual_pressure"
    ):
        label_id("nitric_process", "dual_presure")
    with pytest.raises(EquationError, match="'甲' is no nitric_process; known: "):
        label_id("nitric_process", "甲")
