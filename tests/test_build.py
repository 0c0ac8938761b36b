"""The whole way from seeds to a site, on the first source and on articles of an invented country."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

import project
from briefbook import build, settings, sites
from briefbook.cache import Cache
from briefbook.model import SECTION_KEYS

FIRST = "000_0be6f8c388b5b39d.txt"


def page(site: Path, address: str) -> LexborNode:
    """The article element of a built page."""
    article = LexborHTMLParser((site / address / "index.html").read_text(encoding="utf-8")).css_first("article")
    assert article is not None
    return article


def texts(node: LexborNode, selector: str) -> list[str]:
    return [found.text() for found in node.css(selector)]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the first source article."""
    folder = tmp_path_factory.mktemp("first") / "project"
    text = (project.ROOT / "seeds" / FIRST).read_bytes()
    made = project.build_it(project.make(folder, {FIRST: text}))
    assert not made.problems
    return folder / "site"


@pytest.fixture(scope="module")
def briefing(first: Path) -> LexborNode:
    (folder,) = (place for place in (first / "briefings").iterdir() if place.is_dir())
    return page(first, f"briefings/{folder.name}")


def test_the_first_source_has_its_sections(briefing: LexborNode) -> None:
    title = briefing.css_first("h1")
    assert title is not None
    assert title.text() == "Ukraine regains ground in Kupiansk as Russian troops face encirclement"
    counts = {key: len(briefing.css(f'[data-section="{key}"] .bb-body-sentence')) for key in SECTION_KEYS}
    assert counts == {"front-status": 7, "strategic-context": 3, "negotiations": 4, "other": 0}
    negotiations = briefing.css_first('[data-section="negotiations"]')
    assert negotiations is not None
    assert texts(negotiations, ".bb-heading") == ["Peace negotiations"]
    assert texts(briefing, ".bb-date") == ["undated"]


def test_the_first_source_names_these_and_no_others(first: Path) -> None:
    def names(kinds: str) -> set[str]:
        found = page(first, f"entities/{kinds}").css("li:not(:has(.bb-leads)) > .bb-name")
        return {name.text() for name in found}

    assert names("people") == {"Ihor Obolienskyi", "Volodymyr Zelenskyy", "Vladimir Putin"}
    assert names("units") == {"2nd National Guard Corps “Khartia”"}
    assert names("places") == {
        "Kupiansk", "Kharkiv", "Kindrashivka", "Radkivka", "Donetsk", "Donbas",
        "Ukraine", "Russia", "Moscow", "Kyiv", "United States",
    }  # fmt: skip
    for kinds in ("organizations", "events", "documents", "equipment"):
        assert names(kinds) == set()


def test_the_first_source_is_read_right_in_every_layer(first: Path) -> None:
    (folder,) = (place for place in (first / "sources").iterdir() if place.is_dir())
    record = json.loads((folder / "source.json").read_text(encoding="utf-8"))
    text = (folder / "source.txt").read_text(encoding="utf-8")

    def words(span: list[int] | None) -> str:
        return "" if span is None else text[span[0] : span[1]]

    def said(part: str) -> tuple[str, str, str]:
        (one,) = [row for row in record["statements"] if part in text[row["start"] : row["end"]]]
        return one["mode"], one["kind"], words(one["speaker"])

    assert said("they did not realize") == ("direct", "claim", "Ihor Obolienskyi")
    assert said("“real results”") == ("mixed", "claim", "he")
    assert said("its troops had secured") == ("indirect", "claim", "Moscow")
    assert said("disinformation") == ("indirect", "denial", "Ukrainian officials")
    assert [(words(row["claim"]), words(row["answer"])) for row in record["replies"]] == [
        ("its troops had secured Kupiansk", "part of a broader disinformation campaign")
    ]
    assert {words(row["party"]) for row in record["positions"]} == {
        "the United States", "Zelenskyy", "Russian advisers", "Vladimir Putin",
    }  # fmt: skip
    figures = [(text[row["start"] : row["end"]], row["value"], row["relation"]) for row in record["figures"]]
    assert figures == [
        ("several hundred Russian soldiers", None, "~"),
        ("over a thousand enemy casualties", 1000.0, ">"),
    ]
    assert [text[row["start"] : row["end"]] for row in record["dates"]] == ["November", "late September"]


def test_a_dossier_shows_names_roles_and_mentions(first: Path) -> None:
    commander = page(first, "entities/people/ihor-obolienskyi")
    assert "commander of the Khartia Corps" in texts(commander, ".bb-fragment")
    unit = page(first, "entities/units/2nd-national-guard-corps-khartia")
    assert texts(unit, "#names ~ div .bb-list > li > .bb-name")[:2] == [
        "2nd National Guard Corps “Khartia”",
        "Khartia Corps",
    ]
    president = page(first, "entities/people/volodymyr-zelenskyy")
    assert len(president.css(".bb-excerpt .bb-repeat")) == 2
    for quote in president.css(".bb-excerpt .bb-repeat"):
        assert "Zelenskyy" in quote.text()
        target = (
            first / "entities/people/volodymyr-zelenskyy" / str(quote.attributes["data-href"]).split("#")[0]
        ).resolve()
        anchor = LexborHTMLParser((target / "index.html").read_text(encoding="utf-8")).css_first(
            f"#s{quote.attributes['data-start']}"
        )
        assert anchor is not None
        assert anchor.text() == quote.text()


def test_an_alias_is_an_address_that_leads_to_the_dossier(first: Path) -> None:
    alias = page(first, "entities/units/khartia-corps")
    (link,) = alias.css("ul .bb-name")
    assert link.text() == "2nd National Guard Corps “Khartia”"
    assert link.attributes["href"] == "../../../entities/units/2nd-national-guard-corps-khartia/"


def test_every_mention_of_the_fixtures_stands_in_its_quotation(built: Path) -> None:
    dossiers = sorted((built / "site" / "entities").glob("*/*/index.html"))
    assert len(dossiers) > 20
    quoted = 0
    for path in dossiers:
        article = LexborHTMLParser(path.read_text(encoding="utf-8")).css_first("article")
        assert article is not None
        for quote in article.css(".bb-excerpt .bb-repeat"):
            quoted += 1
            assert quote.css_first("mark") is not None, f"{path.parent.name}: {quote.text()}"
    assert quoted > 30


def test_two_articles_of_one_title_have_two_briefings(built: Path) -> None:
    found = [place.name for place in (built / "site" / "briefings").iterdir() if place.name.startswith("a-quiet-day")]
    assert len(found) == 2


def test_a_second_build_writes_nothing(built: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (built / "site").rglob("*")}
    again = project.build_it(built / "mkdocs.yml")
    assert again.published is not None
    assert again.site is not None
    assert (again.published.written, again.published.removed) == (0, 0)
    assert not again.site.rebuilt
    assert before == {path: path.stat().st_mtime_ns for path in (built / "site").rglob("*")}


def test_one_more_article_moves_no_address(tmp_path: Path, built: Path) -> None:
    config = project.make(tmp_path / "more", project.FIXTURES)
    new = "A visit to Askel\n\nIvo Tamm met Mara Okker in Askel on Tuesday. Lena Tamm was there too.\n"
    (tmp_path / "more" / "seeds" / "visit.txt").write_text(new, encoding="utf-8")
    addresses = {path.path for path in project.prepare(config).pages}
    before = {path.path for path in project.prepare(built / "mkdocs.yml").pages}
    assert before <= addresses


def test_an_empty_folder_makes_an_empty_site(tmp_path: Path) -> None:
    config = project.make(tmp_path, {})
    (tmp_path / "seeds").mkdir()
    made = project.build_it(config)
    assert made.site is not None
    assert "No briefing yet" in page(tmp_path / "site", "").text()


def test_a_bad_source_is_named_and_the_rest_is_built(tmp_path: Path) -> None:
    seeds = {
        "good.txt": "A title\n\nIvo Tamm went to Sarn. He stayed.\n",
        "bad.md": "---\npublished: soon\n---\n# T\n\nText.\n",
    }
    config = project.make(tmp_path, seeds)
    made = project.build_it(config)
    assert [problem.where for problem in made.problems] == ["bad.md:2"]
    assert made.site is not None
    assert len(list((tmp_path / "site" / "sources").iterdir())) == 1
    root = made.site.root
    (tmp_path / "seeds" / "more.txt").write_text("Another\n\nMara Okker spoke.\n", encoding="utf-8")
    strict = project.build_it(config, strict=True)
    assert strict.site is None
    assert len(list((tmp_path / "site" / "sources").iterdir())) == 1
    assert root == project.build_it(project.make(tmp_path / "b", seeds)).site.root  # type: ignore[union-attr]


def test_long_articles_and_lists_are_paged(tmp_path: Path) -> None:
    names = [
        f"{first}{last}" for first in ("Ar", "Bel", "Cor", "Dan", "Em") for last in ("vik", "mund", "rich", "stan")
    ]
    sentences = (
        f"{names[n % 20]} {names[(n // 20) % 20]} of the {n + 1}th Border Brigade saw Mara Okker in Sarn on day {n}."
        for n in range(1500)
    )
    text = "A long day\n\n" + "\n\n".join(sentences) + "\n"
    config = project.make(tmp_path, {"long.txt": text})
    made = project.build_it(config)
    assert made.site is not None
    assert not made.problems
    large = {
        path.name: path.stat().st_size for path in (tmp_path / "site").rglob("*.html") if path.stat().st_size > 300_000
    }
    assert not large
    assert (tmp_path / "site" / "entities" / "people" / "mara-okker" / "page-2" / "index.html").is_file()
    assert list(sites.check_links(tmp_path / "site", clicks=None)) == []


@pytest.mark.parametrize("engine", ["properdocs", "zensical"])
def test_every_engine_builds_the_same_pages(by_engine: dict[str, Path], engine: str) -> None:
    ours, theirs = ({p.relative_to(s): p for p in s.rglob("*.html")} for s in (by_engine["mkdocs"], by_engine[engine]))
    assert ours.keys() == theirs.keys()
    for path, place in ours.items():
        assert _words(place) == _words(theirs[path]), path


@pytest.mark.parametrize("engine", ["mkdocs", "properdocs", "zensical"])
def test_raw_html_links_hold_under_each_engine(by_engine: dict[str, Path], engine: str) -> None:
    assert list(sites.check_links(by_engine[engine])) == []


def _words(path: Path) -> list[str]:
    article = LexborHTMLParser(path.read_text(encoding="utf-8")).css_first("article")
    assert article is not None
    for link in article.css("a.headerlink"):
        link.decompose()
    return article.text().split()


def test_settings_and_cache_are_where_the_documentation_says(built: Path) -> None:
    loaded = settings.load(built / "mkdocs.yml")
    assert build.cache_folder(loaded) == built / ".cache" / "briefbook"
    assert Cache(build.cache_folder(loaded)).get("0" * 64) is None
    assert json.loads((built / "site" / "labels.json").read_text(encoding="utf-8"))["page.home"] == "What is new"
