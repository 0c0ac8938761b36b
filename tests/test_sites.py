"""From `docs/` to the published folder: engines, manifest, swap, links."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefbook.model import Problem
from briefbook.sites import Engine, SiteError, SiteSettings, build_site, engines, swap
from briefbook.sites.links import check_links
from briefbook.sites.manifest import intact, stored_root, write_manifest

THEME = engines._THEME.as_posix()
EPOCH = 1_700_000_000
CONFIG = """
site_name: Test
site_url: https://briefings.example/base/
theme: {name: material, font: false}
plugins: [search]
nav:
- index.md
- briefings/index.md
"""
DOCS = {
    "index.md": '# Home\n\n<div><a href="briefings/">all</a></div>\n',
    "briefings/index.md": '# Briefings\n\n<div><a href="a/#one">a</a></div>\n',
    "briefings/a/index.md": '---\ntitle: A\n---\n# A\n\n## One\n\n<p>&#60;b&#62;</p>\n\n<a href="text.txt">text</a>\n',
    "briefings/a/text.txt": "text\n",
}


def lay(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode())


def project(folder: Path) -> SiteSettings:
    lay(folder, {"mkdocs.yml": CONFIG, **{f"docs/{path}": text for path, text in DOCS.items()}})
    return SiteSettings(
        config=folder / "mkdocs.yml",
        inputs=(folder / "docs",),
        site=folder / "site",
        epoch=EPOCH,
        cache=folder / ".cache",
    )


def good(_: Path) -> Sequence[Problem]:
    return ()


def beside(settings: SiteSettings) -> list[str]:
    return sorted(place.name for place in settings.site.parent.iterdir())


def never(*_: object, **__: object) -> None:
    raise AssertionError("the engine must not run")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = project(tmp_path_factory.mktemp("project"))
    build_site(settings, verify=good)
    return settings.config.parent


@pytest.fixture
def copy(built: Path, tmp_path: Path) -> SiteSettings:
    shutil.copytree(built, tmp_path / "project")
    folder = tmp_path / "project"
    return SiteSettings(folder / "mkdocs.yml", (folder / "docs",), folder / "site", EPOCH, folder / ".cache")


def test_a_built_site_has_a_manifest_of_every_file(built: Path) -> None:
    site = built / "site"
    listed = json.loads((site / "manifest.json").read_bytes())
    there = {place.relative_to(site).as_posix(): place for place in site.rglob("*") if place.is_file()}
    assert {"index.html", "briefings/a/index.html", "briefings/a/text.txt", "404.html", "sitemap.xml"} <= listed.keys()
    assert listed.keys() == there.keys() - {"manifest.json"}
    assert all(hashlib.sha256(there[path].read_bytes()).hexdigest() == digest for path, digest in listed.items())
    assert sorted(place.name for place in built.iterdir()) == [".cache", "docs", "mkdocs.yml", "site"]


def test_the_manifest_has_one_form(tmp_path: Path) -> None:
    lay(tmp_path, {"b/ü.html": "1", "B.txt": "2", "a b": "3", "\U0001f30d": "4", "\uff21": "5"})
    root = write_manifest(tmp_path)
    content = (tmp_path / "manifest.json").read_bytes()
    lines = content.decode("utf-8").split("\n")
    assert lines[0] == "{"
    assert lines[-2:] == ["}", ""]
    assert [line.split('": "')[0] for line in lines[1:-2]] == ['"B.txt', '"a b', '"b/ü.html', '"\uff21', '"\U0001f30d']
    assert root == hashlib.sha256(content).hexdigest() == stored_root(tmp_path)
    assert write_manifest(tmp_path) == root, "the manifest does not list itself"


def test_the_same_input_gives_the_same_bytes_elsewhere(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "5")
    settings = project(tmp_path / "another folder, ünd deeper")
    site = build_site(settings, verify=good)
    assert (settings.site / "manifest.json").read_bytes() == (built / "site" / "manifest.json").read_bytes()
    assert site.root == stored_root(built / "site")
    assert "<lastmod>2023-11-14</lastmod>" in gzip.decompress((settings.site / "sitemap.xml.gz").read_bytes()).decode()


def test_nothing_changed_nothing_built(copy: SiteSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("briefbook.sites.run_engine", never)
    before = {place: place.stat().st_mtime_ns for place in copy.site.rglob("*")}
    looked: list[Path] = []

    def verify(site: Path) -> Sequence[Problem]:
        looked.append(site)
        return ()

    site = build_site(copy, verify=verify)
    assert not site.rebuilt
    assert site.root == stored_root(copy.site)
    assert looked == [copy.site]
    assert {place: place.stat().st_mtime_ns for place in copy.site.rglob("*")} == before


@pytest.mark.parametrize(
    "change",
    [
        lambda settings: lay(settings.site.parent, {"docs/index.md": "# Another home\n"}),
        lambda settings: (settings.site.parent / "docs/briefings/a/text.txt").rename(
            settings.site.parent / "docs/t.txt"
        ),
        lambda settings: lay(settings.site.parent, {"mkdocs.yml": CONFIG.replace("Test", "Best")}),
        lambda settings: (settings.cache / "site.json").unlink(),
        lambda settings: (settings.cache / "site.json").write_bytes(b"[[["),
        lambda settings: shutil.rmtree(settings.site),
        lambda settings: (settings.site / "manifest.json").write_bytes(b"{}\n"),
    ],
)
def test_any_change_is_built(copy: SiteSettings, change: object) -> None:
    assert callable(change)
    change(copy)
    assert build_site(copy, verify=good).rebuilt


def test_another_version_of_a_package_is_built(copy: SiteSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("briefbook.sites.distributions", lambda: ())
    assert build_site(copy, verify=good).rebuilt


def test_a_rebuild_with_the_same_root_leaves_the_folder_untouched(copy: SiteSettings) -> None:
    assert copy.cache
    (copy.cache / "site.json").unlink()
    before = copy.site.stat().st_ino, {place: place.stat().st_mtime_ns for place in copy.site.rglob("*")}
    assert build_site(copy, verify=good).rebuilt
    assert (copy.site.stat().st_ino, {place: place.stat().st_mtime_ns for place in copy.site.rglob("*")}) == before
    assert beside(copy) == [".cache", "docs", "mkdocs.yml", "site"]


@pytest.mark.parametrize("remembered", [True, False])
def test_a_damaged_site_is_replaced(copy: SiteSettings, remembered: bool) -> None:
    assert copy.cache
    if not remembered:
        (copy.cache / "site.json").unlink()
    root = stored_root(copy.site)
    (copy.site / "index.html").write_text("damaged")
    (copy.site / "more.html").write_text("added")

    def verify(site: Path) -> Sequence[Problem]:
        return () if intact(site, root or "") else (Problem("index.html", "damaged"),)

    assert build_site(copy, verify=verify).root == root
    assert intact(copy.site, root or "")


def test_a_site_that_does_not_verify_is_not_published(copy: SiteSettings) -> None:
    root = stored_root(copy.site)
    lay(copy.site.parent, {"docs/index.md": "# Another home\n"})
    with pytest.raises(SiteError, match=r"not published:\nindex.html: wrong"):
        build_site(copy, verify=lambda _: [Problem("index.html", "wrong")])
    assert intact(copy.site, root or "")
    with pytest.raises(SiteError, match=r"and 5 more$"):
        build_site(copy, verify=lambda _: [Problem("index.html", "wrong")] * 25)


def test_an_engine_that_fails_says_why_and_leaves_the_site(copy: SiteSettings) -> None:
    root = stored_root(copy.site)
    lay(copy.site.parent, {"docs/index.md": "# Home\n\n[broken](nowhere.md)\n"})
    with pytest.raises(SiteError, match=r"(?s)mkdocs could not build the site:.*nowhere\.md"):
        build_site(copy, verify=good)
    assert intact(copy.site, root or "")
    lay(copy.site.parent, {"docs/index.md": DOCS["index.md"]})
    assert build_site(copy, verify=good).root == root
    assert beside(copy) == [".cache", "docs", "mkdocs.yml", "site"]


def test_an_engine_that_is_not_installed_is_named(copy: SiteSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "find_spec", lambda _: None)
    with pytest.raises(SiteError, match="zensical is not installed: pip install zensical"):
        build_site(copy, engine="zensical", verify=good)


@pytest.mark.parametrize("engine", ["properdocs", "zensical"])
def test_the_other_engines_build_the_same_pages(copy: SiteSettings, engine: Engine) -> None:
    pytest.importorskip(engine)
    pages = {place.relative_to(copy.site) for place in copy.site.rglob("*.html")}
    site = build_site(copy, engine=engine, verify=good)
    assert site.rebuilt
    assert {place.relative_to(copy.site) for place in copy.site.rglob("*.html")} == pages
    assert not list(check_links(copy.site, site_url="https://briefings.example/base/"))
    assert beside(copy) == [".cache", "docs", "mkdocs.yml", "site"]


@pytest.mark.parametrize("theme", ["{name: briefbook, font: false}", f"{{name: material, custom_dir: {THEME}}}"])
@pytest.mark.parametrize("engine", engines.ENGINES)
def test_the_files_that_make_a_theme_are_no_part_of_a_site(copy: SiteSettings, engine: Engine, theme: str) -> None:
    pytest.importorskip(engine)
    lay(copy.site.parent, {"mkdocs.yml": CONFIG.replace("{name: material, font: false}", theme)})
    assert build_site(copy, engine=engine, verify=good).rebuilt
    assert (copy.site / "assets" / "briefbook.css").is_file()
    found = {place.relative_to(copy.site).as_posix() for place in copy.site.rglob("*") if place.is_file()}
    assert not {path for path in found if path.endswith((".py", ".yml", ".yaml", ".jinja"))}
    assert not {path.removeprefix("assets/") for path in found} & {"main.html", "partials/javascripts/base.html"}


def test_a_hand_written_file_named_like_a_theme_file_stays(tmp_path: Path) -> None:
    lay(tmp_path, {"__init__.py": "by hand\n", "mkdocs_theme.yml": "by: hand\n"})
    engines._remove_theme_files(tmp_path)
    assert (tmp_path / "__init__.py").is_file()
    assert (tmp_path / "mkdocs_theme.yml").is_file()


def test_a_module_beside_the_settings_does_not_run(copy: SiteSettings) -> None:
    lay(copy.site.parent, {"jinja2.py": "raise SystemExit('taken')", "docs/index.md": "# Another home\n"})
    assert build_site(copy, verify=good).rebuilt


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_file_name_that_no_manifest_can_list_is_named(copy: SiteSettings) -> None:
    root = stored_root(copy.site)
    (copy.inputs[0] / os.fsdecode(b"pea\xffce.txt")).write_text("x")
    with pytest.raises(SiteError, match=r"pea.*ce\.txt.*not valid Unicode"):
        build_site(copy, verify=good)
    assert intact(copy.site, root or "")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"site/thesis.doc": ""}, "is not a built site"),
        ({"site/index.html": "", "site/.git/HEAD": ""}, "holds .git"),
        ({"site": ""}, "is a file"),
    ],
)
def test_a_folder_that_no_build_made_is_not_replaced(tmp_path: Path, files: dict[str, str], message: str) -> None:
    settings = project(tmp_path)
    lay(tmp_path, files)
    with pytest.raises(SiteError, match=message):
        build_site(settings, verify=good)
    assert all((tmp_path / path).is_file() for path in files)


@pytest.mark.parametrize("site", [".", "docs", "docs/site"])
def test_a_site_in_its_own_input_is_refused(tmp_path: Path, site: str) -> None:
    made = project(tmp_path)
    settings = SiteSettings(made.config, made.inputs, tmp_path / site, EPOCH)
    with pytest.raises(SiteError, match="lie one within the other"):
        build_site(settings, verify=good)
    assert (tmp_path / "docs/index.md").is_file()


def stand(site: Path, word: str) -> None:
    lay(site, {"index.html": word, "404.html": word})


def word(site: Path) -> str | None:
    return (site / "index.html").read_text() if site.is_dir() else None


@pytest.mark.parametrize("one_step", [True, False])
@pytest.mark.parametrize("standing", [True, False])
def test_swap_puts_the_new_site_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, one_step: bool, standing: bool
) -> None:
    site = tmp_path / "site"
    if standing:
        stand(site, "old")
    stand(swap.aside(site), "new")
    if not one_step:
        monkeypatch.setattr(swap, "exchange", lambda *_: False)
    swap.put_in_place(site)
    assert word(site) == "new"
    assert list(tmp_path.iterdir()) == [site]


@pytest.mark.skipif(sys.platform != "linux", reason="renameat2 is a call of Linux")
def test_linux_exchanges_in_one_step(tmp_path: Path) -> None:
    one, other = tmp_path / "öne", tmp_path / "other"
    stand(one, "1")
    stand(other, "2")
    assert swap.exchange(one, other)
    assert (word(one), word(other)) == ("2", "1")
    assert not swap.exchange(one, tmp_path / "nowhere")


class KilledError(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("one_step", [True, False])
@pytest.mark.parametrize("after", range(4))
def test_a_kill_at_any_step_of_the_swap_is_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, one_step: bool, after: int
) -> None:
    site = tmp_path / "site"
    stand(site, "old")
    stand(swap.aside(site), "new")
    steps = 0

    def step() -> None:
        nonlocal steps
        if steps == after:
            raise KilledError
        steps += 1

    rename, rmtree, exchange = Path.rename, shutil.rmtree, swap.exchange

    def killed_exchange(one: Path, other: Path) -> bool:
        step()
        return exchange(one, other)

    def killed_rename(self: Path, target: Path) -> Path:
        step()
        return rename(self, target)

    def killed_rmtree(place: Path) -> None:
        step()
        rmtree(place)

    with monkeypatch.context() as patch:
        patch.setattr(swap, "exchange", killed_exchange if one_step else lambda *_: False)
        patch.setattr(Path, "rename", killed_rename)
        patch.setattr(shutil, "rmtree", killed_rmtree)
        if after < (2 if one_step else 3):
            with pytest.raises(KilledError):
                swap.put_in_place(site)
        else:
            swap.put_in_place(site)
    if one_step:
        assert word(site) in ("old", "new"), "whoever looks finds one or the other, whole"
    swap.restore(site)
    assert word(site) == ("old" if after < (1 if one_step else 2) else "new")
    assert list(tmp_path.iterdir()) == [site]


def test_links_of_a_built_site_hold(built: Path) -> None:
    assert list(check_links(built / "site", site_url="https://briefings.example/base/")) == []


def page(*links: str, ids: str = "") -> str:
    anchors = "".join(f'<a href="{link}">x</a>' for link in links)
    return f"<!doctype html><title>x</title>{anchors}{ids}"


@pytest.mark.parametrize(
    ("link", "message"),
    [
        ("b/", None),
        ("b/index.html", None),
        ("./b/?q=1#here", None),
        ("b/#%68ere", None),
        ("b/#here:~:text=x", None),
        ("#top", None),
        ("#:~:text=x", None),
        ("/base/b/", None),
        ("/base/", None),
        ("https://x.example/base/b/#here", None),
        ("https://elsewhere.example/base/nowhere", None),
        ("mailto:x@x.example", None),
        ("//elsewhere.example/x", None),
        ("b", "leads to b, which is not there"),
        ("c/", "leads to c/index.html, which is not there"),
        ("../", "leads out of the site's folder"),
        ("b/../../x", "leads out of the site's folder"),
        ("/b/", "leads out of the site's folder"),
        ("https://x.example/base/c/", "leads to c/index.html, which is not there"),
        ("https://x.example/b/", "leads out of the site's folder"),
        ("b/#there", "no element of that page has this id"),
        ("#here", "no element of that page has this id"),
        ("javascript:alert(1)", "is a script"),
        ("JavaScript:alert(1)", "is a script"),
    ],
)
def test_each_link_leads_somewhere(tmp_path: Path, link: str, message: str | None) -> None:
    lay(tmp_path, {"index.html": page("b/", link), "b/index.html": page(ids="<p id=here>")})
    problems = list(check_links(tmp_path, site_url="https://x.example/base/"))
    if message is None:
        assert problems == []
    else:
        (problem,) = problems
        assert message in problem.message
        assert problem.where.startswith("index.html: ")


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="no.png">',
        '<link rel=stylesheet href="no.css">',
        '<script src="no.js"></script>',
        '<img src="yes.png" srcset="yes.png 1x, no.png 2x">',
        '<video poster="no.png"></video>',
        '<form action="no/"></form>',
    ],
)
def test_every_kind_of_link_is_looked_at(tmp_path: Path, markup: str) -> None:
    lay(tmp_path, {"index.html": markup, "yes.png": ""})
    (problem,) = check_links(tmp_path)
    assert "no" in problem.where


def test_a_link_broken_on_many_pages_is_one_problem(tmp_path: Path) -> None:
    lay(tmp_path, {"index.html": page(*(f"{i}/" for i in range(9)))})
    lay(tmp_path, {f"{i}/index.html": page("../no/", "../no/") for i in range(9)})
    (problem,) = check_links(tmp_path)
    assert problem.where == "0/index.html, 1/index.html, 2/index.html and 6 more: ../no/"


def test_the_page_for_missing_pages_links_from_the_root_of_the_server(tmp_path: Path) -> None:
    lay(tmp_path, {"index.html": "", "404.html": page("/base/", "/base/x.css")})
    problems = list(check_links(tmp_path, site_url="https://x.example/base/"))
    assert [problem.where for problem in problems] == ["404.html: /base/x.css"]


def test_orphans_and_far_pages_are_named(tmp_path: Path) -> None:
    chain = {f"{i}/index.html": page(f"../{i + 1}/") for i in range(1, 5)}
    lay(tmp_path, {"index.html": page("1/"), **chain, "5/index.html": "", "alone/index.html": page("../")})
    assert [str(problem) for problem in check_links(tmp_path)] == [
        "4/index.html: is 4 clicks from home; at most 3 are wanted",
        "5/index.html: is 5 clicks from home; at most 3 are wanted",
        "alone/index.html: no way leads to this page from home",
    ]
    assert len(list(check_links(tmp_path, clicks=None))) == 1


def test_an_id_twice_in_a_page_is_named(tmp_path: Path) -> None:
    lay(tmp_path, {"index.html": "<p id=x><p id=y><p id=x>"})
    assert [str(problem) for problem in check_links(tmp_path)] == ["index.html: #x: this id stands 2 times in the page"]


@given(st.dictionaries(st.text("ab/é ", min_size=1, max_size=6), st.binary(max_size=3), max_size=4))
def test_any_other_folder_has_another_root(tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]) -> None:
    one, other = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("other")
    names = {f"{path.replace('/', '-')}.x": content for path, content in files.items()}
    for folder in (one, other):
        for name, content in names.items():
            (folder / name).write_bytes(content)
    root = write_manifest(one)
    assert write_manifest(other) == root
    for name, content in names.items():
        (other / name).write_bytes(content + b"x")
        assert not intact(other, root)
        assert write_manifest(other) != root
        (other / name).write_bytes(content)
    assert write_manifest(other) == root
    assert intact(other, root)
