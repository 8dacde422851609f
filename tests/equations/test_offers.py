"""A factor that another document has, for a compiler to take."""

from __future__ import annotations

import csv
import re
from fractions import Fraction

import pytest

from carbonacct.data import data_folder
from carbonacct.equations import load_sector, sector_ids
from carbonacct.equations.offers import offer_factor

OFFER = re.compile(
    r"(\S+) has (\S+) (.*) \((?:.*, )?(\S+\.csv):(\d+)\): to use it, add the row (.*) to a table"
)


@pytest.mark.parametrize(
    "sector", ["provincial-2011/processes", "provincial-2011/waste", "provincial-2011/agriculture"]
)
def test_what_is_offered_is_a_sound_row_of_another_document(sector):
    """The number is corroborated and at the named line; the row to add has the same number and unit."""
    own = load_sector(sector)
    offered = 0
    for parameter in own.parameters.values():
        if parameter.dims:
            continue
        text = str(offer_factor(own, parameter, {"area": "重庆"}, 2020))
        if not text:
            continue
        offered += 1
        edition, value, unit, file, line, row = OFFER.match(text).groups()
        assert not sector.startswith(edition)
        with (data_folder() / file).open(encoding="utf-8", newline="") as stream:
            printed = list(csv.DictReader(stream))[int(line) - 2]
        number = float(Fraction(printed["value"]))
        assert (printed["status"], printed["unit"]) == ("corroborated", unit)
        assert float(value) == pytest.approx(number, rel=1e-5)
        name, item, to_add, of = row.split(",", 3)
        assert (name, item, of) == (parameter.id, "", unit)
        assert float(to_add) == pytest.approx(number, rel=1e-14)
    assert offered or sector != "provincial-2011/processes"


def test_a_parameter_of_one_document_alone_is_offered_by_none():
    """As long as no sector file of its kind has one of that name."""
    for identifier in sector_ids():
        own = load_sector(identifier)
        name = identifier.rpartition("/")[2]
        others = [
            load_sector(one)
            for one in sector_ids()
            if one != identifier and one.rpartition("/")[2] == name
        ]
        for parameter in own.parameters.values():
            if not parameter.dims and not any(parameter.id in one.parameters for one in others):
                assert offer_factor(own, parameter, {"area": "重庆"}, 2020) == ""
