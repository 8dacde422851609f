"""The row that serves a place, a year and a label is the first of a list that a person would write down."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.errors import FactorDataError
from carbonacct.factors.choosing import area_chain, choose_rows
from carbonacct.factors.keyed import KeyedEdition, Parameter
from tests.factors.building import row

MANURE = Parameter(
    id="manure_factor",
    unit="kg CH4/head",
    keys=(("beast", "beast"), ("area", "area")),
    groups=(("area", "regions"), ("beast", "kinds")),
)
# Two documents that divide the country in two ways.
PARTITIONS = (
    {"regions": {"fujian": "east", "xiamen": "coast"}, "kinds": {"ewe": "sheep", "ram": "sheep"}},
    {"regions": {"fujian": "south", "CN": "world"}, "kinds": {"ewe": "small"}},
)
# What a row may be for, the nearest first, by document: written down, not worked out.
PLACES = {
    "厦门": (
        ("厦门", "xiamen", "coast", "fujian", "east", "CN", ""),
        ("厦门", "xiamen", "fujian", "south", "CN", "world", ""),
    ),
    "fujian": (("fujian", "east", "CN", ""), ("fujian", "south", "CN", "world", "")),
    "elsewhere": (("elsewhere", ""), ("elsewhere", "")),
}
BEASTS = {
    "ewe": (("ewe", "sheep", ""), ("ewe", "small", "")),
    "ram": (("ram", "sheep", ""), ("ram", "")),
    "pig": (("pig", ""), ("pig", "")),
}
YEARS = (2018, 2019, 2020, 2021)
BEAST_CELLS = ["ewe", "sheep", "small", "pig", ""]
AREA_CELLS = ["厦门", "xiamen", "coast", "fujian", "east", "south", "CN", "world", "elsewhere", ""]
SPANS = [(None, None), (2019, 2020), (2020, None), (None, 2018), (2021, 2021)]
CELLS = st.tuples(
    st.integers(0, 1),
    st.sampled_from(BEAST_CELLS),
    st.sampled_from(AREA_CELLS),
    st.sampled_from(SPANS),
)


def name_place(cell):
    """Return what a row may be for, with the area by its id: 厦门 is xiamen."""
    edition, beast, area, _ = cell
    return edition, beast, area_chain(area)[0][-1] if area else area


def editions_of(cells):
    """Return two editions of rows (edition, beast, area, years), each with its place in the list as its value."""
    rows = [
        replace(
            row(value=float(place), years=years, line=place + 2),
            labels=(("beast", beast), ("area", area)),
        )
        for place, (_, beast, area, years) in enumerate(cells)
    ]
    return [
        KeyedEdition(
            f"e{number}",
            {
                "manure_factor": tuple(
                    one for one, cell in zip(rows, cells, strict=True) if cell[0] == number
                )
            },
            partitions,
        )
        for number, partitions in enumerate(PARTITIONS)
    ]


def rank(cell, area, year, beast):
    """Return how far a row is from what is asked, smaller for nearer; None where it is not for it."""
    edition, of_beast, of_area, (first, last) = cell
    beasts, places = BEASTS[beast][edition], PLACES[area][edition]
    if (
        of_beast not in beasts
        or of_area not in places
        or not (first or 0) <= year <= (last or 3000)
    ):
        return None
    return edition, beasts.index(of_beast), places.index(of_area), (first or last) is None


@given(
    st.lists(
        CELLS,
        min_size=1,
        max_size=9,
        unique_by=name_place,
    )
)
def test_the_nearest_row_serves_each_place_year_and_label(cells):
    """Of the first document that has any; by the beast, then by the place, then one with years; blank last."""
    asked = {"areas": list(PLACES), "years": YEARS, "labels": {"beast": list(BEASTS)}}
    chosen = choose_rows(MANURE, editions_of(cells), **asked)
    spread = np.broadcast_to(chosen.index, (len(PLACES), len(YEARS), len(BEASTS)))
    for a, area in enumerate(PLACES):
        for y, year in enumerate(YEARS):
            for b, beast in enumerate(BEASTS):
                fitting = [
                    one
                    for one in range(len(cells))
                    if rank(cells[one], area, year, beast) is not None
                ]
                expected = min(
                    fitting, key=lambda one: rank(cells[one], area, year, beast), default=-1
                )
                at = spread[a, y, b]
                assert (chosen.rows[at].value if at >= 0 else -1) == expected


@given(
    CELLS, st.sampled_from(sorted(PLACES)), st.sampled_from(YEARS), st.sampled_from(sorted(BEASTS))
)
def test_two_rows_alike_are_refused_where_they_serve_and_nowhere_else(cell, area, year, beast):
    """A tie that nobody asks for says nothing; one that is asked for names both rows."""
    editions = editions_of([cell, cell])
    asked = {"areas": [area], "years": [year], "labels": {"beast": [beast]}}
    if rank(cell, area, year, beast) is None:
        assert choose_rows(MANURE, editions, **asked).index.tolist() == [[[-1]]]
        return
    with pytest.raises(
        FactorDataError, match=r"manure_factor: made/\S+:2 and line 3 are equally near"
    ):
        choose_rows(MANURE, editions, **asked)


@given(
    st.lists(
        CELLS,
        min_size=1,
        max_size=6,
        unique_by=name_place,
    ),
    st.permutations(sorted(PLACES)),
)
def test_each_place_is_asked_by_itself(cells, areas):
    """The row of a place does not depend on the places beside it, nor on their order, nor on what is held once."""
    labels = {"beast": list(BEASTS)}
    whole = choose_rows(
        MANURE, editions_of(cells), areas=areas, years=YEARS, labels=labels, once=True
    )
    spread = np.broadcast_to(whole.index, (len(areas), len(YEARS), len(BEASTS)))
    for a, area in enumerate(areas):
        alone = choose_rows(MANURE, editions_of(cells), areas=[area], years=YEARS, labels=labels)
        assert alone.index[0].tolist() == spread[a].tolist()


@pytest.mark.parametrize(
    ("area", "chain"),
    [
        ("厦门", [("厦门", "xiamen"), ("fujian",), ("CN",)]),
        ("xiamen", [("xiamen",), ("fujian",), ("CN",)]),
        ("Fujian", [("Fujian", "fujian"), ("CN",)]),
        ("CN", [("CN",)]),
        ("Atlantis", [("Atlantis",)]),
    ],
)
def test_an_area_has_its_name_its_id_and_what_it_lies_in(area, chain):
    """As written and by its id, then the province, then the country; an unknown one is itself alone."""
    assert area_chain(area) == chain
