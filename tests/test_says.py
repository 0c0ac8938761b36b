"""Who says what, on pages with every layer: composed, built, verified; and each forgery of it is found."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import layered
import test_verify
from briefbook.sites import SiteSettings, build_site
from briefbook.verify import verify_folder
from test_verify import Forger

BRIEFING = "briefings/layered/index.html"
DOSSIER = "entities/people/ivo-tamm/index.html"


def build(folder: Path, page_bytes: int) -> Path:
    """A site of the article with every layer, of the same text at two others, and of one with nothing read out."""
    whole = layered.source(), layered.analysis(layered.TEXT)
    copies = [layered.plain(f"copy-{n}.txt", f"Copy {n}", "Some words stand here.") for n in (1, 2)]
    layered.write(folder / "docs", [whole, *copies], page_bytes, origins=(7, 7, 7))
    (folder / "docs" / "about").mkdir()
    (folder / "docs" / "about" / "index.md").write_text(test_verify.ABOUT)
    (folder / "mkdocs.yml").write_text(test_verify.CONFIG)
    site = folder / "site"
    build_site(
        SiteSettings(folder / "mkdocs.yml", (folder / "docs",), site, 0),
        verify=lambda place: verify_folder(place).problems,
    )
    return site


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("whole"), 200_000)


@pytest.fixture(scope="module")
def paged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("paged"), 10_000)


@pytest.fixture
def forger(built: Path, tmp_path: Path) -> Forger:
    return Forger(Path(shutil.copytree(built, tmp_path / "site")))


def test_a_site_with_every_layer_verifies(built: Path, paged: Path) -> None:
    for site in (built, paged):
        assert verify_folder(site).problems == ()
    assert (paged / "briefings" / "layered" / "page-2" / "index.html").is_file()
