"""A briefing with every layer in a real browser: it reads well, narrow and wide, and nothing in it acts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

import layered
import project
from briefbook.sites import SiteSettings, build_site
from briefbook.verify import verify_folder
from browser import Watched, chromium, serve
from test_browser import ours

PAGES = ("briefings/layered/", "entities/people/mara-okker/")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("says") / "project"
    config = project.make(folder, {})
    layered.write(
        folder / "docs", [(layered.source(), layered.analysis(layered.TEXT)), layered.plain("b.txt", "B", "C d.")],
        200_000, (1, 1),
    )  # fmt: skip
    build_site(
        SiteSettings(config, (folder / "docs", project.THEME), folder / "site", 0),
        verify=lambda place: verify_folder(place).problems,
    )
    with serve(folder / "site") as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (360, "light"), (1300, "light"), (1300, "dark")])
def test_marks_and_tables_read_well(browser: Browser, address: str, width: int, scheme: str, tmp_path: Path) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=True,
    )
    page = context.new_page()
    watched = Watched(page, address)
    for path in PAGES:
        watched.go(path)
        page.screenshot(path=tmp_path / f"{path.strip('/').replace('/', '-')}-{width}-{scheme}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, path
        found = ours(Axe().run(page).response["violations"])
        assert not [(one["id"], [node["target"] for node in one["nodes"]]) for one in found], path
        assert page.locator("article b").count() == 0
        assert not watched.wrong
    watched.go(PAGES[0])
    marks = page.locator(".bb-said:visible")
    assert marks.count() == 10
    beside = page.locator(".bb-said").first.locator(".bb-words").bounding_box()
    mark = page.locator(".bb-who").first.bounding_box()
    assert beside is not None
    assert mark is not None
    if width > 1000:
        assert mark["x"] + mark["width"] <= beside["x"]
    else:
        assert mark["y"] + mark["height"] <= beside["y"] + 1
    row = page.locator("[data-table=places] tbody tr").first
    told = [cell.strip() for cell in row.locator(".bb-cell").all_inner_texts()]
    assert told == ["Drunmore", "Reclaimed retaken", "Velmoran forces", "Mara Okker"]
    assert row.locator(".bb-column:visible").count() == (0 if width > 1000 else 4)
    row.locator("a", has_text="retaken").click()
    page.wait_for_url("**#s54")
    assert "said Mara Okker" in page.locator(":target").inner_text()
    context.close()
