"""Whole projects for tests: the repository's own settings and hand-written pages, with seeds of the test's choice."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from briefbook import build, settings
from briefbook.cache import Cache

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "tests" / "fixtures" / "seeds"
THEME = Path(str(files("briefbook"))) / "theme"


def make(folder: Path, seeds: Path | Mapping[str, str | bytes]) -> Path:
    """A project in `folder` with the files of `seeds`; returns its `mkdocs.yml`."""
    folder.mkdir(parents=True, exist_ok=True)
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    config = config.replace("custom_dir: generator/briefbook/theme", f"custom_dir: {THEME.as_posix()}")
    (folder / "mkdocs.yml").write_text(config, encoding="utf-8")
    for name in ("about", "guide"):
        shutil.copytree(ROOT / "docs" / name, folder / "docs" / name)
    if isinstance(seeds, Path):
        shutil.copytree(seeds, folder / "seeds")
    else:
        for path, content in seeds.items():
            place = folder / "seeds" / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder / "mkdocs.yml"


def build_it(config: Path, *, engine: str = "mkdocs", strict: bool = False, cached: bool = True) -> build.Built:
    """Build a project in this process."""
    loaded = settings.load(config)
    cache = Cache(build.cache_folder(loaded) if cached else None)
    return build.build(loaded, executor=None, cache=cache, strict=strict, engine=engine)  # type: ignore[arg-type]


def prepare(config: Path) -> build.Prepared:
    """Everything up to the pages, without writing any."""
    return build.prepare(settings.load(config), executor=None, cache=Cache(None), say=lambda _: None)
