"""Settings: what `mkdocs.yml` says, and what is wrong in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefbook.settings import OWN_KEYS, SettingsError, load


def write(folder: Path, text: str) -> Path:
    path = folder / "mkdocs.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults(tmp_path: Path) -> None:
    settings = load(write(tmp_path, "site_name: Velm Briefings\n"))
    folder = tmp_path.resolve()
    assert (settings.site_name, settings.site_url) == ("Velm Briefings", "")
    assert (settings.docs_dir, settings.site_dir, settings.seeds) == (
        folder / "docs",
        folder / "site",
        folder / "seeds",
    )
    assert (settings.max_source_bytes, settings.workers, settings.page_bytes) == (5_000_000, 0, 200_000)
    assert settings.path == folder / "mkdocs.yml"


def test_every_key_and_what_stands_around_it(tmp_path: Path) -> None:
    settings = load(
        write(
            tmp_path,
            """
site_name: &name Velm
site_url: https://example.org/velm
docs_dir: pages
theme:
  name: !ENV [THEME, material]
  custom_dir: overlay
markdown_extensions:
  - emoji: {emoji_index: !!python/name:material.extensions.emoji.twemoji }
plugins: !!python/object/apply:os.system ["touch executed"]
extra:
  other: *name
  briefbook:
    seeds: ../articles
    max_source_bytes: 1_000
    workers: 2
    page_bytes: 10000
""",
        )
    )
    assert settings.site_url == "https://example.org/velm/"
    assert settings.docs_dir == tmp_path.resolve() / "pages"
    assert settings.theme_dirs == (tmp_path.resolve() / "overlay",)
    assert settings.seeds == tmp_path.resolve() / "../articles"
    assert (settings.max_source_bytes, settings.workers, settings.page_bytes) == (1_000, 2, 10_000)
    assert not Path("executed").exists()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("docs_dir: docs", ["`site_name` is missing"]),
        ("site_name: 5", [":1: `site_name` must be text"]),
        ("site_name: V\nsite_name: [", [":2: not valid YAML"]),
        ("- a", [":1: the file must be lines"]),
        ("site_name: V\nsite_url: example.org", [":2: `site_url` must be an address"]),
        ("site_name: !ENV NAME", [":1: `site_name` has the tag !ENV"]),
        (
            "site_name: V\nextra:\n  briefbook:\n    seed: a",
            [":4: unknown key `seed`", "did you mean `seeds`?", "workers"],
        ),
        (
            "site_name: V\nextra:\n  briefbook:\n    zebra: a",
            [":4: unknown key `zebra` under `extra: briefbook:`. Allowed are"],
        ),
        (
            "site_name: V\nextra:\n  briefbook:\n    workers: many",
            [":4: `workers` must be a whole number of at least 0"],
        ),
        ("site_name: V\nextra:\n  briefbook:\n    workers: true", [":4: `workers` must be a whole number"]),
        ("site_name: V\nextra:\n  briefbook:\n    workers: -1", [":4: `workers` must be a whole number"]),
        (
            "site_name: V\nextra:\n  briefbook:\n    page_bytes: 9",
            [":4: `page_bytes` must be a whole number of at least 10000"],
        ),
        ("site_name: V\nextra:\n  briefbook:\n    seeds: a\n    seeds: b", [":5: `seeds` is given twice"]),
        ("site_name: V\nextra:\n  briefbook: seeds", [":3: `extra: briefbook:` must be lines"]),
        ("site_name: V\nextra: [a]", [":2: `extra` must be lines"]),
        ("site_name: V\nextra:\n  briefbook:\n    seeds: docs/seeds", ["`seeds` lies in `docs_dir`"]),
        ("site_name: V\nsite_dir: docs", ["lies in"]),
        ("site_name: V\nsite_dir: .", ["lies in `site_dir`"]),
    ],
)
def test_what_is_wrong_names_file_line_and_key(tmp_path: Path, text: str, parts: list[str]) -> None:
    path = write(tmp_path, text)
    with pytest.raises(SettingsError) as error:
        load(path)
    assert str(error.value).startswith(str(path)) or str(error.value).startswith(str(path.resolve()))
    for part in parts:
        assert part in str(error.value)


def test_no_file_and_no_text(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path / "mkdocs.yml")
    (tmp_path / "mkdocs.yml").write_bytes(b"site_name: \xff")
    with pytest.raises(SettingsError, match="not UTF-8"):
        load(tmp_path / "mkdocs.yml")


@given(key=st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=12).filter(lambda key: key not in OWN_KEYS))
def test_no_unknown_key_passes(tmp_path_factory: pytest.TempPathFactory, key: str) -> None:
    path = write(tmp_path_factory.mktemp("site"), f"site_name: V\nextra:\n  briefbook:\n    '{key}': 1")
    with pytest.raises(SettingsError, match=f":4: unknown key `{key}`"):
        load(path)
