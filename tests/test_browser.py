"""What readers see: the built site of the fixtures in a real browser."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

import project
from briefbook.policy import POLICY
from briefbook.render import PAGES
from browser import Watched, chromium, serve


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


RIGHTS = {
    "shortened.txt": (project.FIXTURES / "ferry.txt")
    .read_text(encoding="utf-8")
    .replace("Velmora", "Velmora’s army", 1),
    "shortened.yml": "slug: shortened\npublish: quotes\nurl: https://courier.example/shortened\n"
    "corrected: {date: 2026-02-05, note: A number is put right}\n",
    "gone.txt": "The dam at Pell\nThe dam at Pell was looked at on Monday.\n",
    "gone.yml": "slug: gone\nwithdrawn: {reason: The author <b>asked</b> for it, date: 2026-02-06}\n",
}
"""Sources that are published in part, corrected, withdrawn."""


@pytest.fixture(scope="module")
def every_type(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built site that has a page of every type, and more than one of each that can be paged."""
    folder = tmp_path_factory.mktemp("types") / "project"
    config = project.make(folder, project.FIXTURES)
    for name, text in RIGHTS.items():
        (folder / "seeds" / name).write_text(text, encoding="utf-8")
    config.write_text(config.read_text(encoding="utf-8") + "    page_bytes: 10000\n", encoding="utf-8")
    assert project.build_it(config).site is not None
    return folder


NEEDED = re.compile("script|shortened|gone")
MATERIAL = {"landmark-unique"}
"""What Material's own frame breaks: on narrow screens axe finds no names for the folded parts of its navigation."""


def ours(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What axe finds but for what Material's own frame breaks; its sidebar may scroll by a pixel with nothing in it."""
    return [
        one
        for one in found
        if one["id"] not in MATERIAL and not all(".md-sidebar" in str(node["target"]) for node in one["nodes"])
    ]


def by_type(folder: Path) -> dict[str, list[str]]:
    """The addresses of the pages of each type, by the template that the page names, and of those without one."""
    found: dict[str, list[str]] = defaultdict(list)
    for place in sorted((folder / "docs").rglob("*.md")):
        front = re.search(r"^briefbook: (\w+)$", place.read_text(encoding="utf-8"), re.MULTILINE)
        path = place.relative_to(folder / "docs").as_posix().removesuffix(".md").removesuffix("index")
        found[front[1] if front else "by hand"].append(path if not path or path.endswith("/") else f"{path}/")
    return {**found, "not found": ["404.html"]}


def chosen(folder: Path) -> list[str]:
    """Of each type a first page, a further one where there is one, and the longest; all of the hostile article's."""
    pages = []
    for found in by_type(folder).values():
        further = [path for path in found if "/page-" in path]
        longest = (
            max(found, key=lambda path: (folder / "site" / path / "index.html").stat().st_size if path else 0)
            if (found != ["404.html"])
            else found[0]
        )
        pages += [found[0], *further[:1], longest, *(path for path in found if NEEDED.search(path))]
    return list(dict.fromkeys(pages))


def test_every_page_type_is_among_the_chosen(every_type: Path) -> None:
    types = by_type(every_type)
    assert types.keys() == {*(name for _, name in PAGES), "by hand", "not found"}
    pages = chosen(every_type)
    assert all(set(found) & set(pages) for found in types.values())
    assert any("/page-2/" in path for path in pages)
    shown = "".join(
        (every_type / "site" / path / "index.html").read_text("utf-8") for path in pages if path[-4:] != "html"
    )
    for name in ("bb-corrected", "bb-rest", "bb-withdrawn"):
        assert f'class="{name}"' in shown


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_every_page_type_is_sound_and_accessible(browser: Browser, every_type: Path, width: int, scheme: str) -> None:
    with serve(every_type / "site") as address:
        view = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
        plain = browser.new_context(**view)  # type: ignore[arg-type]
        # the checker is a script from outside, which the pages' own policy would not let in
        checked = browser.new_context(**view, bypass_csp=True)  # type: ignore[arg-type]
        watched, page = Watched(plain.new_page(), address), checked.new_page()
        for path in chosen(every_type):
            watched.go(path)
            overflow = watched.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert overflow <= 0, f"{path} scrolls sideways by {overflow} pixels"
            assert watched.page.locator("h1:visible").count() == 1, path
            assert not watched.wrong, f"{path}: {watched.wrong}"
            page.goto(f"{address}{path}", timeout=120_000)
            page.wait_for_load_state("load")
            found = Axe().run(page).response["violations"]
            told = [(one["id"], [node["target"] for node in one["nodes"]]) for one in ours(found)]
            assert not told, f"{path}: {told}"
        plain.close()
        checked.close()


def search(desk: Watched, query: str) -> None:
    """Type a query as a reader does, and wait for its results."""
    desk.go("")
    desk.page.locator("[data-md-toggle=search]").evaluate("box => box.click()")
    desk.page.locator("input.md-search__input").press_sequentially(query)
    desk.page.wait_for_selector(".md-search-result__item", timeout=60_000)
    desk.page.wait_for_function("document.querySelector('.md-search-result__meta').innerText.includes('matching')")


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
        # by section on the page, in the order of the text here
        shown = page.locator("[data-part=section] .bb-body-sentence").evaluate_all(
            "all => all.sort((one, other) => one.dataset.start - other.dataset.start).map(one => one.innerText)"
        )
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
