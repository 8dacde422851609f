"""Two labels of one meaning: which is asked, what it may be, and the line that settles them. `` / `` between rows."""

from __future__ import annotations

import csv

import pytest

import carbonacct as ca

HEAD = "重庆能源消费 2019"
FUELS = "项目|原煤(万吨)|焦炭(万吨)|柴油(万吨)"
POWER = "项目|电力(万千瓦时)|电力(TJ)"


def write(folder, text):
    """Write a table below its title; every cell is a text of the file."""
    path = folder / "t.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(line.split("|") for line in f"{HEAD} / {text}".split(" / "))
    return path


def ask(folder, text):
    """Return what is asked of labels of one meaning: kind, text, cell, ids, why; and the messages."""
    stops = ca.read_tables(write(folder, text)).stops
    asked = [
        (
            f"{one.label.kind} {one.label.text} "
            + " ".join(f"{chr(65 + j)}{i + 1}" for i, j in one.label.cells),
            " | ".join(one.ids),
            str(one.why),
        )
        for stop in stops
        for one in stop.answers
    ]
    return asked, [str(stop.error) for stop in stops]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        # One that is never more than the other, in three numbers at least, lies within it: it is passed over first.
        (
            f"{FUELS} / 工业|10|20|30 / 工业合计|8|20|30",
            "flow 工业合计 A4: pass over | industry; 工业 (A3)",
        ),
        (
            f"{FUELS} / 工业合计|10|20|30 / 工业|11|20|31",
            "flow 工业合计 A3: pass over | industry; 工业 (A4)",
        ),
        (
            f"{FUELS} / 工业|-10|20|30 / 工业合计|-8|20|30",
            "flow 工业合计 A4: pass over | industry; 工业 (A3)",
        ),
        # Neither is: both count, or the second does not. Two numbers say too little.
        (
            f"{FUELS} / 工业合计|10|20|30 / 工业|11|19|31",
            "flow 工业 A4: industry | pass over; 工业合计 (A3)",
        ),
        (
            f"{FUELS} / 工业合计|10|20| / 工业|11|21|",
            "flow 工业 A4: industry | pass over; 工业合计 (A3)",
        ),
        # One text twice is told by its number, and no id of one makes it another thing.
        (f"{FUELS} / 工业|10|20|30 / 工业|8|20|30", "flow 工业#2 A4: pass over; 工业 (A3)"),
        (
            f"{FUELS} / 工业|1|2|3 / 农业|1|1|1 / 工业|2|3|4 / 工业|||",
            "flow 工业#2 A5: pass over; 工业 (A3)",
        ),
        # Columns, and labels beside a column of codes.
        (
            "品种|工业(万吨)|工业合计(万吨) / 原煤|10|8 / 焦炭|5|4 / 柴油|4|3",
            "flow 工业合计 C2: pass over | industry; 工业 (B2)",
        ),
        (
            "编码|项目|原煤(万吨) / a|工业|1 / b|工业合计|2",
            "flow 工业合计 B4: industry | pass over; 工业 (B3)",
        ),
    ],
)
def test_which_of_two_labels_is_asked_and_what_it_may_be(tmp_path, text, asked):
    """The smaller where one lies within the other, else the second; with the other's cell."""
    label, _, rest = asked.partition(": ")
    ids, _, other = rest.partition("; ")
    name, _, cell = other.partition(" ")
    found, _ = ask(tmp_path, text)
    assert found[-1] == (label, ids, f"means the same as {name!r} {cell}")


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        # 10 x 1e4 kWh are 0.36 TJ: 360 is that in GJ, whichever column stands first.
        (
            f"{POWER} / 工业|10|360 / 建筑业|5|180 / 农业|4|144",
            ("unit TJ C3", "1e-3 TJ", "1e3 times those in 1e4 kWh"),
        ),
        (
            "项目|电力(TJ)|电力(万千瓦时) / 工业|360|10 / 建筑业|180|5 / 农业|144|4",
            ("unit 1e4 kWh C3", "1e3 1e4 kWh", "1e-3 times those in TJ"),
        ),
        (
            f"{POWER} / 工业|-10|-360 / 建筑业|5|180.5 / 农业|4|144.4",
            ("unit TJ C3", "1e-3 TJ", "1e3 times those in 1e4 kWh"),
        ),
        # Fewer than three numbers, or three of which one is zero, a middle ratio half a percent off, or another sign.
        (f"{POWER} / 工业|10|360 / 建筑业|5|180", None),
        (f"{POWER} / 工业|10|360 / 建筑业|5|180 / 农业|4|0", None),
        (f"{POWER} / 工业|10|363 / 建筑业|5|182 / 农业|4|146", None),
        (f"{POWER} / 工业|10|-360 / 建筑业|5|-180 / 农业|4|-144", None),
        # No power of ten between them.
        (f"{POWER} / 工业|10|0.5 / 建筑业|5|0.25 / 农业|4|0.2", None),
    ],
)
def test_a_unit_that_lacks_a_power_of_ten_is_named(tmp_path, text, asked):
    """Where all pairs of numbers in two units differ by the same one; else the second label is asked."""
    found, _ = ask(tmp_path, text)
    label, ids, why = found[-1]
    if asked is None:
        assert (label.split(" ")[0], ids) == ("product", "pass over")
    else:
        assert (label, ids, why) == (*asked[:2], f"its numbers are {asked[2]}")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{FUELS} / 工业|1|2|3 / 工业|4|5|6", "flow,工业#2,pass over,,why"),
        (f"{FUELS} / 工业|1|2|3 / 工业合计|4|5|6", "flow,工业合计,pass over,,why"),
        (f"{POWER} / 工业|10|1", "product,电力#2,pass over,,why"),
    ],
)
def test_the_line_that_is_offered_settles_them(tmp_path, text, line):
    """Written into a mapping file as it stands, the table reads with the first of the two alone."""
    path = write(tmp_path, text)
    _, (*_, message) = ask(tmp_path, text)
    assert message.endswith(line)
    own = tmp_path / "own.csv"
    own.write_text(f"kind,name,id,sign,note\n{line}\n", encoding="utf-8")
    balance = ca.read_balance(path, mapping=own)
    first = 10e4 if "电力" in text else 1e4
    assert balance.amounts.sel(flow="industry").values.ravel()[0] == pytest.approx(first)
