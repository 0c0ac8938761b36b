"""Fixtures that more than one test module uses."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import settings

import project

settings.register_profile("briefbook", deadline=None, print_blob=True)
settings.load_profile("briefbook")


@pytest.fixture(scope="session")
def by_engine(built: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The site of the fixture articles as each engine builds it."""
    found = {"mkdocs": built / "site"}
    for engine in ("properdocs", "zensical"):
        folder = tmp_path_factory.mktemp(engine) / "project"
        shutil.copytree(built, folder, ignore=shutil.ignore_patterns("site", ".cache"))
        assert project.build_it(folder / "mkdocs.yml", engine=engine).site is not None
        found[engine] = folder / "site"
    return found


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built project of the fixture articles (an invented country, one of them hostile); its folder."""
    folder = tmp_path_factory.mktemp("built") / "project"
    made = project.build_it(project.make(folder, project.FIXTURES))
    assert not made.problems
    assert made.site is not None
    return folder
