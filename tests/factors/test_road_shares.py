"""Shares of motor fuels that burn on the road: each with its source, the nearest flow and product first."""

from __future__ import annotations

import pytest

from carbonacct.errors import FactorDataError
from carbonacct.factors.road_shares import MotorFuelShare, find_share, read_motor_fuels

HEAD = "flow,product,share,source\n"


def read(folder, *lines, head=HEAD):
    """Return the shares of a file of these lines."""
    path = folder / "road.csv"
    path.write_text(head + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return read_motor_fuels(path)


def test_a_file_of_shares(tmp_path):
    """Flows and products by their ids or names; 0 and 1 are shares."""
    found = read(
        tmp_path, "工业,汽油,0.8,a survey", "wholesale_retail,diesel,0,b", "construction,diesel,1,c"
    )
    assert found == (
        MotorFuelShare("industry", "gasoline", 0.8, "a survey"),
        MotorFuelShare("wholesale_retail", "diesel", 0, "b"),
        MotorFuelShare("construction", "diesel", 1, "c"),
    )


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (
            "indstry,diesel,0.5,s",
            "road.csv:2: flow 'indstry' does not exist; did you mean industry",
        ),
        (",diesel,0.5,s", "road.csv:2: flow '' does not exist; name a row of final consumption"),
        ("industry,desel,0.5,s", "road.csv:2: product 'desel' does not exist; did you mean diesel"),
        ("industry,,0.5,s", "road.csv:2: product '' does not exist; name a fuel"),
        (
            "thermal_power,diesel,0.5,s",
            "road.csv:2: thermal_power is no row of final consumption outside transport",
        ),
        (
            "transport,diesel,0.5,s",
            "road.csv:2: transport is no row of final consumption outside transport",
        ),
        ("industry,electricity,0.5,s", "road.csv:2: electricity is no motor fuel; leave it out"),
        ("industry,heat,0.5,s", "road.csv:2: heat is no motor fuel; leave it out"),
        (
            "industry,diesel,90,s",
            "road.csv:2: share '90' is no fraction from 0 to 1; write 0.9 for 90 %",
        ),
        ("industry,diesel,-0.1,s", "road.csv:2: share '-0.1' is no fraction"),
        ("industry,diesel,nan,s", "road.csv:2: share 'nan' is no fraction"),
        ("industry,diesel,most,s", "road.csv:2: share 'most' is no fraction"),
        ("industry,diesel,0.5,", "road.csv:2: no source; name the document that says so"),
        (
            "industry,diesel,0.5,s\n工业,柴油,0.6,s",
            "road.csv:3: industry x diesel stands in line 2",
        ),
    ],
)
def test_a_line_that_says_no_share(tmp_path, line, fault):
    """File, line, what is wrong and what to write."""
    with pytest.raises(FactorDataError) as caught:
        read(tmp_path, line)
    (said,) = str(caught.value).splitlines()
    assert said.startswith(fault)


def test_all_faults_at_once(tmp_path):
    """Of each line; two lines about nothing are not the same thing twice."""
    with pytest.raises(FactorDataError) as caught:
        read(
            tmp_path,
            "x1,zz9,2,",
            "x1,zz9,0.5,s",
            "industry,diesel,0.5,s",
            "industry,diesel,0.5,s",
            "industry,diesel,0.4,s",
        )
    lines = [line.split(": ")[0] for line in str(caught.value).splitlines()]
    assert lines == [*["road.csv:2"] * 4, *["road.csv:3"] * 2, "road.csv:5", "road.csv:6"]
    assert str(caught.value).splitlines()[-1].endswith("stands in line 4")


def test_lines_about_what_is_not_known_are_not_alike(tmp_path):
    """Two flows that do not exist are no flow twice."""
    with pytest.raises(FactorDataError) as caught:
        read(
            tmp_path,
            "x1,diesel,0.5,s",
            "x2,diesel,0.5,s",
            "industry,zz8,0.5,s",
            "industry,zz9,0.5,s",
        )
    assert "stands in line" not in str(caught.value)


@pytest.mark.parametrize(
    ("head", "lines", "said"),
    [
        (HEAD, (), "road.csv: no line; write a CSV flow,product,share,source"),
        (
            "flow,share,source\n",
            ("industry,0.5,s",),
            "road.csv: no column 'product'; write a CSV flow,product",
        ),
        ("", (), "road.csv: "),
    ],
)
def test_a_file_that_is_none(tmp_path, head, lines, said):
    """Without lines, without a column, or without anything."""
    with pytest.raises(FactorDataError) as caught:
        read(tmp_path, *lines, head=head)
    assert str(caught.value).startswith(said)
    with pytest.raises(
        FactorDataError,
        match=r"absent\.csv: shares of motor fuels: No such file or directory; name a CSV",
    ):
        read_motor_fuels(tmp_path / "absent.csv")


WHOLE, GASOLINE, DIESEL = (
    MotorFuelShare(flow, product, 0.5, "s")
    for flow, product in (
        ("final_consumption", "diesel"),
        ("industry", "gasoline"),
        ("industry", "diesel"),
    )
)


@pytest.mark.parametrize(
    ("flow", "product", "found"),
    [
        ("industry", "diesel", DIESEL),
        ("industry.nonmetal_minerals", "diesel", DIESEL),
        ("construction", "diesel", WHOLE),
        ("industry", "gasoline", GASOLINE),
        ("industry", "diesel.remainder", DIESEL),
        ("construction", "gasoline", None),
        ("thermal_power", "diesel", None),
    ],
)
def test_the_nearest_share_holds(flow, product, found):
    """That of the flow itself before what it is a part of, then of the product; whatever their order."""
    for shares in ((WHOLE, GASOLINE, DIESEL), (DIESEL, GASOLINE, WHOLE)):
        assert find_share(shares, flow, product) == found
    assert find_share((), flow, product) is None
