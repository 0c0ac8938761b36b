"""Fixtures that more than one test module uses."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

import project

settings.register_profile("briefbook", deadline=None, print_blob=True)
settings.load_profile("briefbook")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built project of the fixture articles (an invented country, one of them hostile); its folder."""
    folder = tmp_path_factory.mktemp("built") / "project"
    made = project.build_it(project.make(folder, project.FIXTURES))
    assert not made.problems
    assert made.site is not None
    return folder
