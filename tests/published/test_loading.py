"""Published tables load as described, and every row says where it stands."""

from __future__ import annotations

import shutil
import tomllib

import pytest

import carbonacct as ca
from carbonacct import published
from carbonacct.data import data_folder
from carbonacct.errors import FactorDataError, TableNotFoundError
from carbonacct.factors import edition_ids
from carbonacct.vocabulary import areas

FOLDER = data_folder() / "published"
TABLES = list(ca.published_tables()[["document", "table"]].itertuples(index=False, name=None))
NATION_AND_PROVINCES = {"全国", *ca.load_published("regions-2011", "provinces")["area"]}


def test_every_file_is_described_and_every_description_has_a_file():
    """The tables that source.toml names are the CSV files of its folder."""
    assert sorted(TABLES) == sorted(
        (path.parent.name, path.stem) for path in FOLDER.glob("*/*.csv")
    )


@pytest.mark.parametrize(("document", "table"), TABLES)
def test_a_table_has_its_place_and_its_columns(document, table):
    """Every row names its section (and its table, where there is the column), and no row is there twice."""
    frame = ca.load_published(document, table)
    assert len(frame)
    assert not frame.duplicated().any()
    assert list(frame.columns[-2:]) == ["section", "note"]
    assert (frame["section"] != "").all()
    assert "table" not in frame or frame["table"].str.fullmatch(r"\d+").all()


@pytest.mark.parametrize(("document", "table"), TABLES)
def test_what_is_missing_is_said(document, table):
    """A number that is not printed has a note, or a range in its place."""
    frame = ca.load_published(document, table)
    for column in {"value", "co2_per_head", "peak_year", "mean_score_rate"} & set(frame.columns):
        missing = frame[frame[column].isna()]
        assert (missing["note"] != "").all()


@pytest.mark.parametrize(("document", "table"), TABLES)
def test_names_are_in_both_languages(document, table):
    """A column of Chinese names of statements, targets or domains has its English beside it, never empty."""
    frame = ca.load_published(document, table)
    if "name_en" in frame:
        assert (frame["name_en"] != "").all()
    assert "name_zh" not in frame or (frame["name_zh"] != "").all()
    assert frame.attrs["title"].isascii()


def test_every_city_has_its_province_and_a_name_of_its_own():
    """Each area of each table is a province, the nation or a listed city; no two cities have one English name."""
    cities = ca.load_published("divisions-2022", "cities")
    assert cities["area"].is_unique
    assert cities["name_en"].is_unique
    assert set(cities["province"]) <= NATION_AND_PROVINCES
    known = NATION_AND_PROVINCES | set(cities["area"])
    for document, table in TABLES:
        frame = ca.load_published(document, table)
        assert "area" not in frame or not set(frame["area"]) - known, (document, table)


def test_names_are_those_of_the_vocabulary():
    """Provinces are spelt as in the vocabulary of areas; so are cities, with the province where names repeat."""
    known = {area.name_zh: area.name_en for area in areas().values()}
    assert set(ca.load_published("regions-2011", "provinces")["area"]) <= set(known)
    cities = ca.load_published("divisions-2022", "cities").set_index("area")["name_en"]
    assert {
        city: name
        for city, name in cities.items()
        if city in known and name not in {known[city], known[city].split(" (")[0]}
    } == {}


def test_provinces_have_one_region_each():
    """东西中部和东北地区划分方法 (国家统计局 2011): 10 provinces in the east, 6 central, 12 west, 3 northeast."""
    provinces = ca.load_published("regions-2011", "provinces")
    assert provinces["area"].is_unique
    assert provinces["region"].value_counts().to_dict() == {
        "west": 12,
        "east": 10,
        "central": 6,
        "northeast": 3,
    }


def test_tiers_have_the_sizes_of_the_list():
    """2022 城市商业魅力排行榜: 4, 15, 30 and 70 cities in the first four tiers, each once."""
    tiers = ca.load_published("city-tiers-2022", "tiers")
    assert tiers["area"].is_unique
    assert tiers["tier"].value_counts(sort=False).to_dict() == {
        "first": 4,
        "new_first": 15,
        "second": 30,
        "third": 70,
    }


def test_units_of_columns_and_the_reference_travel_with_the_table():
    """A table says the units of its columns and the document it comes from."""
    pilots = ca.load_published("pilots-2013", "pilots")
    assert pilots.attrs["units"]["gdp"] == "10^8 yuan"
    assert "国家应对气候变化战略研究和国际合作中心" in pilots.attrs["reference"]
    assert str(pilots["population"].dtype) == "Int64"
    assert pilots["co2_per_head"].dtype == "float64"


@pytest.mark.parametrize(
    ("document", "table", "message"),
    [
        ("ccni-2023", "scores", "no published document 'ccni-2023'; did you mean ccni-2022"),
        ("ccni-2022", "score", "no published table of ccni-2022 'score'; did you mean scores"),
        ("regions-2011", "xx", "no published table of regions-2011 'xx'; known: provinces"),
    ],
)
def test_a_wrong_name_gets_near_names(document, table, message):
    """An unknown document or table is one line with near names."""
    with pytest.raises(TableNotFoundError, match=message):
        ca.load_published(document, table)


def test_a_cell_that_is_no_number_is_named(tmp_path, monkeypatch):
    """Text in a column of numbers is an error with file and line, not a missing number."""
    shutil.copytree(FOLDER / "ccni-2022", tmp_path / "published" / "ccni-2022")
    path = tmp_path / "published" / "ccni-2022" / "scores.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("71.8", "71,8".replace(",", "o")), encoding="utf-8"
    )
    monkeypatch.setattr(published, "data_folder", lambda: tmp_path)
    with pytest.raises(FactorDataError, match=r"scores.csv:3: score is '71o8', not a number"):
        ca.load_published("ccni-2022", "scores")


def test_published_results_are_no_factor_edition():
    """The folder of published results is not taken for an edition of factors."""
    assert "published" not in edition_ids()


def test_sources_are_complete():
    """Every document has titles in both languages, publisher, date, reference and what may be done with it."""
    for path in FOLDER.glob("*/source.toml"):
        source = tomllib.loads(path.read_text(encoding="utf-8"))
        assert all(
            source[key] for key in ("title", "title_zh", "publisher", "date", "reference", "rights")
        )
        assert all(about["title"] and about["title_zh"] for about in source["tables"].values())
