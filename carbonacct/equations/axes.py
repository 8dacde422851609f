"""The axes of a run, and numbers laid along them: one array a symbol, of full rank."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from carbonacct.dim_names import dim_labels, resolve_label
from carbonacct.errors import EquationError, did_you_mean, name_some
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy as np

    from carbonacct.equations.arithmetic import NumbersAndStates
    from carbonacct.equations.sector import Sector
    from carbonacct.errors import Finding


@dataclass(frozen=True)
class Axes:
    """Areas, years, and the labels of every dim; the order of arrays' axes.

    Arrays have all of them, of length 1 along those that a symbol does not have. Axes count from
    the end: draws stand before.

    Examples
    --------
    >>> axes = Axes(("重庆",), (2019, 2020), {"process": ("a", "b", "c")})
    >>> axes.shape(["process"]), axes.axis("year"), axes.shape([], years=False)
    ((1, 2, 3), -2, (1, 1, 1))
    """

    areas: tuple[str, ...]
    years: tuple[int, ...]
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def dims(self) -> tuple[str, ...]:
        """Area, year and the dims, in the order of the arrays' axes."""
        return ("area", "year", *self.labels)

    def axis(self, dim: str) -> int:
        """Return the axis of a dim, from the end."""
        return self.dims.index(dim) - len(self.dims)

    def labels_of(self, dim: str) -> Sequence[Any]:
        """Return what stands along a dim."""
        return {"area": self.areas, "year": self.years}.get(dim) or self.labels[dim]

    def shape(
        self, dims: Iterable[str], *, areas: bool = True, years: bool = True
    ) -> tuple[int, ...]:
        """Return the shape of an array that has some dims."""
        lengths = [len(self.areas) if areas else 1, len(self.years) if years else 1]
        having = set(dims)
        return (*lengths, *(len(self.labels[dim]) if dim in having else 1 for dim in self.labels))


def make_axes(
    sector: Sector,
    areas: Sequence[str],
    years: Sequence[int],
    labels: Mapping[str, tuple[str, ...]],
) -> Axes:
    """Return the axes of a run: all dims of a sector, and all gases of its sources.

    A dim of which nobody names a label has one without a name, on which nothing lies.
    """
    dims = dict.fromkeys(
        dim for name in (*sector.activities, *sector.parameters) for dim in sector.dims_of(name)
    )
    found = {dim: labels.get(dim) or ("",) for dim in dims}
    several = [block.gases for block in sector.sources if len(block.gases) > 1]
    if gases := tuple(dict.fromkeys(gas for group in several for gas in group)):
        found["gas"] = tuple(dict.fromkeys((*gases, *labels.get("gas", ()))))
    return Axes(tuple(areas), tuple(years), found)


def label_id(dim: str, label: str) -> str:
    """Return the id of a label as a table prints it; a dim not in the vocabulary takes any.

    Raises
    ------
    EquationError
        If the vocabulary lists the dim and not the label.

    Examples
    --------
    >>> label_id("nitric_process", "双加压法"), label_id("species", "杉木")
    ('dual_pressure', '杉木')
    """
    known = dim_labels(dim)
    identifier = resolve_label(dim, label) if known else label
    if identifier is None:
        near = did_you_mean(label, known) or say("known: {known}", known=name_some(list(known), 12))
        raise EquationError(say("{label!r} is no {dim}; {near}", label=label, dim=dim, near=near))
    return identifier


@dataclass(frozen=True)
class Numbers:
    """The numbers of one symbol, in its declared unit.

    Attributes
    ----------
    cells
        Values and states, of full rank.
    origins
        int32 index into ``sources`` of where each number came from, -1 where from nowhere; or None.
    sources
        Addresses of cells, or factor rows.
    """

    cells: NumbersAndStates
    origins: np.ndarray | None = None
    sources: Sequence[Any] = ()


@dataclass(frozen=True)
class Data:
    """What a sector is worked out from: axes, the numbers of symbols, and findings."""

    axes: Axes
    numbers: Mapping[str, Numbers]
    findings: tuple[Finding, ...] = ()
