"""Names of what results hold: every id has one in both languages, and a plan's own name of a level goes first."""

from __future__ import annotations

import pandas as pd
import pytest

from carbonacct.analysis.result_names import add_names, result_names
from carbonacct.data import data_folder, read_rows

LEVELS = {
    row["id"]: row["kind"]
    for row in read_rows(data_folder() / "vocabulary" / "target_indicators.csv")
}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_id_has_a_name(lang):
    """States, classes, indicators, trends and statuses, in the same columns in both languages."""
    names = result_names(lang)
    assert set(names) >= {"state", "class", "indicator", "status", "trend"}
    assert all(name for held in names.values() for name in held.values())
    other = result_names("en" if lang == "zh" else "zh")
    assert {column: set(held) for column, held in names.items()} == {
        column: set(held) for column, held in other.items()
    }


def test_names_stand_at_the_right_end():
    """One column for each column of ids that is there; what has no name has none."""
    frame = pd.DataFrame(
        {"area": ["A", "B"], "trend": ["increasing", "?"], "state": ["weak_decoupling", ""]}
    )
    named = add_names(frame, "zh")
    assert list(named) == ["area", "trend", "state", "state_name", "trend_name"]
    assert named["trend_name"].tolist() == [result_names("zh")["trend"]["increasing"], ""]
    assert named["state_name"].tolist() == [result_names("zh")["state"]["weak_decoupling"], ""]
    assert named[list(frame)].equals(frame)


def test_a_plan_names_its_levels_itself():
    """Of a cut the list's name stays; of a level, or of an indicator that the list lacks, the plan's own is taken."""
    level = next(name for name, kind in LEVELS.items() if kind == "level")
    cut = next(name for name, kind in LEVELS.items() if kind == "cut")
    frame = pd.DataFrame({"indicator": [level, cut, "buses"]})
    plain = add_names(frame, "en")["indicator_name"].tolist()
    printed = add_names(frame, "en", indicators=dict.fromkeys((level, cut, "buses"), "as printed"))
    assert plain == [
        result_names("en")["indicator"][level],
        result_names("en")["indicator"][cut],
        "",
    ]
    assert printed["indicator_name"].tolist() == ["as printed", plain[1], "as printed"]
    assert add_names(frame, "en", indicators={"buses": "b"})["indicator_name"].tolist() == [
        plain[0],
        plain[1],
        "b",
    ]
