"""What readers see: the built site of the fixtures in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

import project
from briefbook.policy import POLICY
from browser import Watched, chromium, serve

SIZES = [(360, "dark"), (1440, "light")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def address(built: Path) -> Iterator[str]:
    with serve(built / "site") as served:
        yield served


@pytest.fixture
def desk(browser: Browser, address: str) -> Iterator[Watched]:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    yield Watched(page, address)
    page.close()


def pages(built: Path) -> list[str]:
    """One page of each type, and every page of the hostile article."""
    site = built / "site"
    found = [
        "",
        "briefings/",
        "front-status/",
        "entities/",
        "entities/people/",
        "entities/places/sarn/",
        "about/verify/",
    ]
    found += [f"entities/people/{name}/" for name in ("mara-okker", "ivo-tamm", "okker")]
    for folder in ("briefings", "sources"):
        found += sorted(f"{folder}/{place.name}/" for place in (site / folder).iterdir() if place.is_dir())
    return [path for path in found if (site / path / "index.html").is_file()]


MATERIAL = ("aria-dialog-name", "landmark-unique")
"""Rules that Material's own frame breaks: its search dialog and its nested navigation have no names of their own."""


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_every_page_type_is_accessible(browser: Browser, address: str, built: Path, width: int, scheme: str) -> None:
    # the checker is a script from outside, which the pages' own policy would not let in
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=True,
    )
    page = context.new_page()
    for path in pages(built):
        page.goto(f"{address}{path}")
        page.wait_for_load_state("load")
        found = [one for one in Axe().run(page).response["violations"] if one["id"] not in MATERIAL]
        told = [(one["id"], [node["target"] for node in one["nodes"]]) for one in found]
        assert not told, f"{path}: {told}"
    context.close()


def search(desk: Watched, query: str) -> None:
    """Type a query as a reader does, and wait for its results."""
    desk.go("")
    desk.page.locator("[data-md-toggle=search]").evaluate("box => box.click()")
    desk.page.locator("input.md-search__input").press_sequentially(query)
    desk.page.wait_for_selector(".md-search-result__item", timeout=60_000)
    desk.page.wait_for_function("document.querySelector('.md-search-result__meta').innerText.includes('matching')")


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_every_page_type_is_sound(browser: Browser, address: str, built: Path, width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    watched = Watched(page, address)
    seen = pages(built)
    assert len(seen) > 12
    for path in seen:
        watched.go(path)
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0, f"{path} scrolls sideways by {overflow} pixels"
        assert page.locator("h1:visible").count() == 1, path
        assert not watched.wrong, f"{path}: {watched.wrong}"
    page.close()


@pytest.mark.parametrize("engine", ["mkdocs", "properdocs", "zensical"])
def test_hostile_text_and_title_are_shown_and_do_not_act(
    browser: Browser, by_engine: dict[str, Path], built: Path, engine: str
) -> None:
    (hostile,) = [path for path in pages(built) if path.startswith("briefings/script")]
    source = (built / "seeds" / "hostile.txt").read_text(encoding="utf-8")
    with serve(by_engine[engine]) as address:
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        watched = Watched(page, address)
        watched.go(hostile)
        assert page.locator("article h1").inner_text() == source.splitlines()[0]
        assert page.title().startswith('<script>alert("title")</script> & {{ config.site_name }}')
        shown = page.locator("[data-part=section] .bb-body-sentence").all_inner_texts()
        assert "".join("".join(shown).split()) == "".join("".join(source.splitlines()[1:]).split())
        assert page.locator("article img, article svg, article script, article b").count() == 0
        for path in ("", "briefings/", "front-status/", "entities/people/ivo-tamm/"):
            watched.go(path)
            page.wait_for_timeout(200)
        assert not watched.wrong
        page.close()


@pytest.mark.parametrize("engine", ["mkdocs", "properdocs", "zensical"])
def test_the_theme_works_and_no_script_in_a_page_runs(
    browser: Browser, by_engine: dict[str, Path], engine: str
) -> None:
    assert POLICY in (project.THEME / "main.html").read_text(encoding="utf-8")
    with serve(by_engine[engine]) as address:
        page = browser.new_page(viewport={"width": 1440, "height": 1000}, color_scheme="light")
        watched = Watched(page, address)
        watched.go("")
        scheme = "document.body.getAttribute('data-md-color-scheme')"
        assert page.evaluate(scheme) == "default"
        page.locator("label[for=__palette_1]:visible").click()
        page.wait_for_function(f"{scheme} === 'slate'")
        page.locator(".md-tabs__link", has_text="Briefings").click()
        page.wait_for_url("**/briefings/")
        assert page.evaluate(scheme) == "slate", "the choice is kept from page to page"
        assert not watched.wrong
        for inline in (
            "script.textContent = 'window.ran = true'",
            "script.src = 'data:text/javascript,window.ran=true'",
        ):
            page.evaluate(
                f"() => {{ const script = document.createElement('script'); {inline}; document.head.append(script); }}"
            )
        page.evaluate(
            "() => { document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran=true\">'); }"
        )
        page.wait_for_timeout(300)
        assert page.evaluate("window.ran") is None
        assert sum("Content Security Policy" in wrong for wrong in watched.wrong) >= 3
        page.close()


def test_a_title_from_the_search_index_does_not_act(desk: Watched) -> None:
    search(desk, "alert")
    assert desk.page.locator(".md-search-result img, .md-search-result script").count() == 0
    assert "<script>" in desk.page.locator(".md-search-result").inner_text()
    assert not desk.wrong


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("Heron Corps", "entities/units/"),
        ("Okker", "entities/people/"),
        ("Negotiations ferry Tarvian envoys", "briefings/velmora-retakes"),
        ("Strategic context Askel landing", "briefings/velmora-retakes"),
    ],
)
def test_the_search_finds_sections_and_aliases(desk: Watched, query: str, where: str) -> None:
    search(desk, query)
    links = desk.page.locator(".md-search-result__link").evaluate_all("links => links.map(link => link.href)")
    assert any(where in link for link in links), links


def test_a_source_link_arrives_at_the_same_words(desk: Watched, built: Path) -> None:
    (briefing,) = [path for path in pages(built) if path.startswith("briefings/velmora")]
    desk.go(briefing)
    sentence = desk.page.locator("[data-section=negotiations] .bb-body-sentence").first
    words = sentence.inner_text()
    sentence.locator("xpath=following-sibling::a[1]").click()
    desk.page.wait_for_url("**/sources/**")
    target = desk.page.locator(":target")
    assert target.inner_text() == words
    plain = desk.page.locator(".bb-source-sentence:not(:target)").first
    color = "element => getComputedStyle(element).backgroundColor"
    assert target.evaluate(color) != plain.evaluate(color)
    publisher = target.locator("xpath=following-sibling::a[2]").get_attribute("href") or ""
    assert publisher.startswith("https://courier.example/2026/02/03/ferry#:~:text=")
    first, last = unquote(publisher.split("text=")[1]).split(",", 1)
    assert words.startswith(first)
    assert words.endswith(last)


def test_everything_is_within_three_clicks_by_hand(desk: Watched) -> None:
    desk.go("")
    desk.page.locator(".md-tabs__link", has_text="Entities").click()
    desk.page.locator("article a", has_text="People").first.click()
    desk.page.locator("article a", has_text="Mara Okker").first.click()
    assert desk.page.locator("article h1").inner_text() == "Mara Okker"
    assert not desk.wrong
