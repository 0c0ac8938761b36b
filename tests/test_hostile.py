"""Hostile text in every field, through the whole build, under every engine and in a real browser: it never acts."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from playwright.sync_api import Browser
from selectolax.lexbor import LexborHTMLParser, LexborNode

import hostile
import project
from briefbook import build, settings
from briefbook.analyze.encoder import Content, Fit, Marks
from briefbook.cache import Cache
from briefbook.escape import LINK_SCHEMES, linkable, visible
from briefbook.model import KINDS, Kind, Name, Page, Problem, SectionKey, Span
from briefbook.paths import FOLDER, slugify
from briefbook.publish import PublishError, path_problem, publish
from briefbook.read.fields import LONGEST
from briefbook.settings import SettingsError
from browser import Watched, chromium, serve

ENGINES = ("mkdocs", "properdocs", "zensical")
TITLES = [" ".join(text.split()) for text in hostile.STRINGS]
"""Every string as a field of source data has it, white space squeezed."""
COUNT = len(TITLES)
TAGS = frozenset(
    [
        "a",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "article",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "h1",
        "h2",
        "h3",
        "li",
        "mark",
        "nav",
        "p",
        "span",
        "time",
        "ul",
    ]
)
"""The elements that a generated page has in its article, and no others."""

FIELDS = {name: {"boost": 1.0} for name in ("title", "text", "tags")}
NO_INDEX = {"config": {"lang": ["en"], "separator": " ", "pipeline": [], "fields": FIELDS}, "docs": [], "items": []}
END = "So ended a long and quiet day at the river. " * 20
"""Enough of plain words that a text with control characters in it is no program."""


def quoted(text: str) -> str:
    """A string as YAML has it in double quotation marks, every character that is not plain as an escape."""
    return '"' + re.sub(r"[^ -!#-\[\]-~]", lambda match: f"\\U{ord(match[0]):08x}", text) + '"'


def escaped(text: str) -> str:
    """A string as a line of Markdown that reads as it is."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


class Marker:
    """A recognizer that takes every hostile string for a name: what it finds does not hang on a trained model.

    Of every second one it says that the string speaks, of the others that it is spoken.
    """

    digest = "marker"

    def read(self, text: str, paragraphs: Sequence[Span]) -> Marks:
        names, contents, sources, cues = [], [], [], []
        for start, end in paragraphs:
            for match in re.compile(r"Quill([a-z]+) Marsh with ⟦(.*?)⟧", re.DOTALL).finditer(text, start, end):
                n = number(match[1])
                who = Span(match.start(), match.end(1) + 6)
                names += [Name(*who, kind(n)), Name(*match.span(2), kind(n + 1))]
                source = Span(*match.span(2)) if n % 2 else who
                content = who if n % 2 else Span(*match.span(2))
                sources.append(source)
                contents.append(Content(*content, "indirect", "claim", (Fit(source, 5.0),)))
                cues.append(Span(match.end(1) + 7, match.end(1) + 11))
        sections: list[SectionKey] = ["front-status"] * len(paragraphs)
        return Marks(tuple(names), tuple(contents), tuple(sources), tuple(cues), (), tuple(sections))


MARKER = Marker()


def kind(n: int) -> Kind:
    return KINDS[n % len(KINDS)]


def word(n: int) -> str:
    """A number in letters, so that it is part of a name."""
    return "".join(chr(97 + int(digit)) for digit in str(n))


def number(letters: str) -> int:
    return int("".join(str(ord(letter) - 97) for letter in letters))


def at(n: int) -> str:
    return TITLES[n % COUNT]


def body(n: int) -> str:
    """The text of article `n` behind its title: its string in a sentence, in a paragraph of its own, and a block."""
    block = hostile.BLOCKS[n % len(hostile.BLOCKS)]
    text = hostile.STRINGS[n]
    return f"At the front line stood Quill{word(n)} Marsh with ⟦{text}⟧ on that day.\n\n{text}\n\n{block}\n\n{END}"


def said(n: int) -> str:
    """What of its text the page of article `n` must show."""
    return body(n) if n % 2 else hostile.STRINGS[n]


def seeds() -> dict[str, str | bytes]:
    """Every string in every field: title, text, heading, the data of a source, notes, reasons, names and aliases."""
    files: dict[str, str | bytes] = {}
    entries = []
    for n in range(COUNT):
        link = hostile.LINKS[n % len(hostile.LINKS)]
        data = [
            f"author: {quoted(at(n + 1))}",
            f"publisher: {quoted(at(n + 2))}",
            f"license: {quoted(at(n + 3))}",
            f"corrected: {{note: {quoted(at(n + 4))}, date: 2026-02-03}}",
            f"url: {quoted(link)}",
            "publish: full",
        ]
        if n % 2:
            files[f"a{n}.txt"] = f"{hostile.STRINGS[n]}\n\n{body(n)}\n".encode("utf-8", "surrogatepass")
        else:
            data.append(f"title: {quoted(at(n))}")
            heading = escaped(at(n))
            text = f"At the front line stood Quill{word(n)} Marsh with ⟦{heading}⟧ on that day."
            files[f"a{n}.md"] = f"## {heading}\n\n{text}\n\n~~~~~~~~\n{hostile.STRINGS[n]}\n~~~~~~~~\n"
        files[f"a{n}.yml"] = "\n".join(data) + "\n"
        web = [address for address in hostile.LINKS if address.lower().startswith("http")]
        entries.append(
            f"- id: quill{word(n)}-marsh\n  name: {quoted(at(n))}\n  kind: {kind(n)}\n"
            f"  aliases: [Quill{word(n)} Marsh, {quoted(at(n + 5) + ' ')}]\n  same_as: [{quoted(web[n % len(web)])}]\n"
        )
    files["entities.yml"] = "".join(entries)
    for n, reason in enumerate(reasons()):
        files[f"gone/w{n}.txt"] = f"Gone {n}\n\nThis was text number {n}."
        files[f"gone/w{n}.yml"] = f"publish: full\nwithdrawn: {{reason: {quoted(reason)}, date: 2026-02-03}}\n"
    return files


def reasons() -> list[str]:
    """Every string in a reason, as many in each as it takes."""
    found = [""]
    for text in TITLES:
        if len(found[-1]) + len(text) + 3 > LONGEST:
            found.append("")
        found[-1] = f"{found[-1]} ¦ {text}".removeprefix(" ¦ ")
    return found


def tree(path: Path) -> LexborHTMLParser:
    return LexborHTMLParser(path.read_text(encoding="utf-8"))


def one(article: LexborNode, selector: str) -> str:
    (node,) = article.css(selector)
    return node.text()


def addresses(node: LexborNode | LexborHTMLParser) -> Iterator[str]:
    for name in ("href", "src", "action", "formaction", "data", "poster", "srcset"):
        for found in node.css(f"[{name}]"):
            yield found.attributes[name] or ""


def generated(site: Path) -> Iterator[Path]:
    """Every page but the hand-written ones."""
    for path in sorted(site.rglob("index.html")):
        if path.relative_to(site).parts[0] not in ("about", "guide"):
            yield path


def nothing_on_any_page_can_act(site: Path) -> None:
    pages = list(generated(site))
    assert len(pages) > 5 * COUNT
    for path in pages:
        page = tree(path)
        article = page.css_first("article")
        assert article is not None
        foreign = {node.tag for node in article.css("*")} - TAGS
        assert not foreign, f"{path}: {foreign}"
        for node in page.css("*"):
            assert not any(str(name).lower().startswith(("on", "style")) for name in node.attributes), (
                f"{path}: {node.html}"
            )
        for script in page.css("script"):
            inline = script.attributes.get("src") is None
            assert not inline or script.attributes.get("type") == "application/json", f"{path}: {script.html}"
        assert not page.css("iframe, object, embed, base, meta[http-equiv=refresh i]")
        for address in addresses(page):
            scheme = urlsplit(address).scheme.lower()
            assert not scheme or scheme in LINK_SCHEMES, f"{path}: {address}"
            assert not address.startswith(("//", "\\")), f"{path}: {address}"


def every_string_is_shown_in_every_field(site: Path) -> None:
    sources = {}
    for path in (site / "sources").glob("*/source.json"):
        told = json.loads(path.read_text(encoding="utf-8"))
        sources[told["path"]] = told
    assert len(sources) == COUNT
    shown: dict[str, set[str]] = {}
    for n in range(COUNT):
        told = sources[f"a{n}.txt" if n % 2 else f"a{n}.md"]
        fields = {"author": at(n + 1), "publisher": at(n + 2), "license": at(n + 3)}
        fields["url"] = hostile.LINKS[n % len(hostile.LINKS)]
        for page in ("briefings", "sources"):
            parsed = tree(site / page / told["slug"] / "index.html")
            article = parsed.css_first("article")
            assert article is not None
            title = hostile.STRINGS[n].strip() if n % 2 else at(n)
            assert one(article, "h1") == visible(title)
            head = parsed.css_first("title")
            assert head is not None
            assert " ".join(head.text().split()).startswith(" ".join(visible(title)[:200].split())), title
            for field, value in fields.items():
                assert one(article, f"[data-field={field}]") == visible(value), field
                assert told["fields"][field] == value
            assert one(article, ".bb-corrected .bb-editor > span:first-child") == visible(at(n + 4))
            links = [node.attributes["href"] for node in article.css("[data-field=url]")]
            assert links == [fields["url"]]
            quotes = article.css("[data-part] .bb-quote:not(.bb-fragment)")
            words = "".join("".join(node.text() for node in quotes).split())
            # a heading with nothing below it stands on the page of the source alone
            lines = said(n).split("\n") if page == "sources" else [f"⟦{hostile.STRINGS[n] if n % 2 else at(n)}⟧"]
            for line in lines:
                line = line if n % 2 else line.replace("\0", "\ufffd")  # CommonMark has no NUL
                assert "".join(visible(line).split()) in words, f"{page} {n}"
    for where, selector in {
        "briefings": ".bb-briefing-link",
        "front-status": ".bb-excerpt-title .bb-title-link",
        "corrections": ".bb-editor > span:first-child",
    }.items():
        shown[where] = set()
        for path in (site / where).rglob("index.html"):
            shown[where] |= {" ".join(node.text().split()) for node in tree(path).css(selector)}
    for n in range(COUNT):
        title = " ".join(visible(hostile.STRINGS[n].strip() if n % 2 else at(n)).split())
        assert title in shown["briefings"]
        assert title in shown["front-status"]
        assert " ".join(visible(at(n)).split()) in shown["corrections"]
    for reason in reasons():
        assert " ".join(visible(reason).split()) in shown["corrections"]
    tombstones = {
        node.text()
        for path in (site / "briefings").rglob("index.html")
        for node in tree(path).css(".bb-withdrawn .bb-editor > span:first-child")
    }
    assert tombstones == {visible(reason) for reason in reasons()}


def every_string_is_shown_as_a_name(site: Path) -> None:
    for n in range(COUNT):
        dossier = tree(site / "entities" / FOLDER[kind(n)] / f"quill{word(n)}-marsh" / "index.html")
        assert dossier.css_first("article h1").text() == visible(at(n))  # type: ignore[union-attr]
        names = [" ".join(node.text().split()) for node in dossier.css("#names ~ .bb .bb-editor > :first-child")]
        assert " ".join(visible(at(n + 5)).split()) in names, n
    heads: dict[str, set[str]] = {of: set() for of in KINDS}
    listed: dict[str, set[str]] = {of: set() for of in KINDS}
    for of in KINDS:
        for path in (site / "entities" / FOLDER[of]).rglob("index.html"):
            page = tree(path)
            heads[of] |= {" ".join(node.text().split()) for node in page.css("article h1")}
            listed[of] |= {
                " ".join(node.text().split()) for node in page.css("li > .bb-name, li > .bb-editor > :first-child")
            }
    for n in range(COUNT):
        name = " ".join(visible(at(n)).split())
        assert name in heads[kind(n)]
        assert name in listed[kind(n)]
    found = sum(any(" ".join(visible(at(n)).split()) == head for head in heads[kind(n + 1)]) for n in range(COUNT))
    assert found > COUNT // 2, "most strings are names in the texts, too"


def every_file_of_data_is_what_it_says(site: Path) -> None:
    parsed = [json.loads(path.read_text(encoding="utf-8")) for path in site.rglob("*.json")]
    assert len(parsed) > COUNT
    withdrawn = json.loads((site / "withdrawn.json").read_text(encoding="utf-8"))
    assert {row["reason"] for row in withdrawn.values()} == set(reasons())
    for path in site.rglob("*.xml"):
        ElementTree.parse(path)
    for path in (site / "sources").glob("*/source.txt"):
        assert path.read_bytes().decode("utf-8")


def nothing_acts_in_a_browser(site: Path, browser: Browser, step: int) -> None:
    """Every list, and of every other page type each `step`-th page."""
    lists = ["", "briefings/", "front-status/", "strategic-context/", "entities/", "corrections/"]
    lists += [f"entities/{FOLDER[of]}/" for of in KINDS]
    slugs = sorted(path.parent.name for path in (site / "sources").glob("*/source.json"))
    lists += [f"{where}/{slugs[n]}/" for where in ("briefings", "sources") for n in range(0, COUNT, step)]
    lists += [f"entities/{FOLDER[kind(n)]}/quill{word(n)}-marsh/" for n in range(0, COUNT, step)]
    with serve(site) as address:
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        # every page would read the search's whole index; `the_search_shows_text` does
        page.route(re.compile(r"search(_index)?\.json"), lambda route: route.fulfill(json=NO_INDEX))
        watched = Watched(page, address)
        for path in lists:
            watched.go(path)
            assert page.evaluate("window.ran") is None, path
            assert page.evaluate("document.styleSheets.length && getComputedStyle(document.body).display") != "none"
            assert not watched.wrong, f"{path}: {watched.wrong}"
        page.close()


def the_search_shows_text(site: Path, browser: Browser) -> None:
    with serve(site) as address:
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        watched = Watched(page, address)
        watched.go("corrections/")
        page.locator("[data-md-toggle=search]").evaluate("box => box.click()")
        for query in ("onerror", "script"):
            page.locator("input.md-search__input").fill(query)
            page.locator(".md-search-result__meta", has_text="matching").wait_for(timeout=120_000)
            found = page.locator(".md-search-result__list")
            assert query in found.inner_text().lower()
            assert found.locator("script, img, svg[onload], iframe").count() == 0
            assert page.evaluate("window.ran") is None
        assert not watched.wrong
        page.close()


@pytest.mark.parametrize("engine", ENGINES)
def test_every_string_in_every_field_is_shown_and_never_acts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    # one test for each engine: the site is built, and verified as it is built, once
    monkeypatch.setattr(build, "encoder", lambda: MARKER)
    made = project.build_it(project.make(tmp_path, seeds()), engine=engine, strict=True)
    assert not made.problems, [str(problem) for problem in made.problems]
    site = tmp_path / "site"
    nothing_on_any_page_can_act(site)
    every_string_is_shown_in_every_field(site)
    every_string_is_shown_as_a_name(site)
    every_file_of_data_is_what_it_says(site)
    with chromium() as browser:
        nothing_acts_in_a_browser(site, browser, 13 if engine == "mkdocs" else 41)
        if engine == "mkdocs":
            the_search_shows_text(site, browser)


def write(folder: Path, files: dict[str, str | bytes]) -> list[str]:
    """Write the files that this file system takes; their names as it keeps them."""
    for name, content in files.items():
        place = folder / name
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content if isinstance(content, bytes) else content.encode())
        except OSError:
            continue
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str], build.Built]:
    """A project of hostile file names, links that lead out, and sidecars that are refused; its files and its build."""
    patch = pytest.MonkeyPatch()
    patch.setattr(build, "encoder", lambda: MARKER)
    outer = tmp_path_factory.mktemp("odd")
    folder = outer / "project"
    config = project.make(folder, {})
    files: dict[str, str | bytes] = {
        name: f"File {n} \n\nAt the front line it was a day of number {n}.\n"
        for n, name in enumerate(hostile.FILE_NAMES)
    }
    for n, text in enumerate(hostile.UNREADABLE_YAML):
        files[f"refused/r{n}.txt"] = f"Refused {n}\n\nThis text was refused {n} times.\n"
        files[f"refused/r{n}.yml"] = text.encode("utf-8", "surrogatepass")
        if "\n---" not in text and "title: x" not in text:
            files[f"refused/m{n}.md"] = f"---\n{text}\n---\n# Refused {n}\n\nThis text was refused {n} times, too.\n"
    for n, address in enumerate(hostile.ADDRESSES):
        files[f"refused/u{n}.txt"] = f"Refused address {n}\n\nThis text was refused {n} times.\n"
        files[f"refused/u{n}.yml"] = f"url: {quoted(address)}\n"
    names = write(folder / "seeds", files)
    secret = outer / "secret.txt"
    secret.write_text("Secret\n\nThis secret stands outside of the seeds.\n", encoding="utf-8")
    (outer / "outside").mkdir()
    (outer / "outside" / "inner.txt").write_text("Inner\n\nThis secret stands outside.\n", encoding="utf-8")
    for link, target in {
        "out.txt": secret,
        "out": outer / "outside",
        "out.yml": secret,
        "abs.md": Path("/etc/passwd"),
    }.items():
        (folder / "seeds" / "links").mkdir(exist_ok=True)
        (folder / "seeds" / "links" / link).symlink_to(target)
    made = project.build_it(config)
    patch.undo()
    return folder, names, made


@pytest.mark.skipif(os.name == "nt", reason="needs links")
def test_names_of_files_are_shown_as_text(odd: tuple[Path, list[str], build.Built]) -> None:
    folder, names, made = odd
    assert made.site is not None
    good = [name for name in names if not name.startswith("refused/") and not hidden(name)]
    paths = set()
    for path in (folder / "site" / "sources").glob("*/index.html"):
        article = tree(path).css_first("article")
        assert article is not None
        assert not {node.tag for node in article.css("*")} - TAGS
        paths.add(one(article, "[data-field=path]"))
        briefing = tree(folder / "site" / "briefings" / path.parent.name / "index.html").css_first("article")
        assert briefing is not None
        assert one(briefing, "[data-field=path]") == one(article, "[data-field=path]")
    assert paths == {visible(" ".join(name.split())) for name in good}
    assert len(good) > 30


def hidden(name: str) -> bool:
    """Whether a file is one of those that editors and systems leave behind."""
    return any(part.startswith((".", "~$")) for part in name.split("/"))


@pytest.mark.skipif(os.name == "nt", reason="needs links")
def test_what_is_refused_is_named_and_the_rest_is_built(odd: tuple[Path, list[str], build.Built]) -> None:
    folder, names, made = odd
    told: dict[str, Problem] = {}
    for problem in made.problems:
        told.setdefault(problem.where.partition(":")[0], problem)
        assert problem.where.isprintable(), problem
        assert problem.message.isprintable(), problem
        assert len(str(problem)) < 600, problem
    expected = {name for name in names if re.fullmatch(r"refused/[ru]\d+\.yml|refused/m\d+\.md", name)}
    assert expected - told.keys() == set()
    for name in expected:
        assert re.fullmatch(re.escape(name) + r":\d+", told[name].where) or "binary" in told[name].message, told[name]
    for link in ("out.txt", "out", "out.yml", "abs.md"):
        assert "it is not followed" in told[f"links/{link}"].message
    assert not (folder / "ran").exists()


@pytest.mark.skipif(os.name == "nt", reason="needs links")
def test_no_link_leads_out_of_the_seeds(odd: tuple[Path, list[str], build.Built]) -> None:
    folder, _, made = odd
    assert made.site is not None
    for path in (folder / "site").rglob("*"):
        assert not path.is_symlink(), path
        assert path.is_dir() or b"secret stands outside" not in path.read_bytes(), path


@pytest.mark.skipif(os.name == "nt", reason="needs links")
@pytest.mark.parametrize("link", ["leads-out.txt", "guide/leads-out.md", "about/folder"])
def test_no_link_leads_out_of_the_pages(tmp_path: Path, link: str) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "docs" / link).parent.mkdir(parents=True)
    (tmp_path / "docs" / link).symlink_to(tmp_path / "secret")
    with pytest.raises(PublishError, match=f"{link}: is a link that leads out of docs/"):
        publish([Page("index.md", "# Home")], tmp_path / "docs")
    assert not (tmp_path / "docs" / "index.md").exists()


@pytest.mark.parametrize("where", ["sources", "briefings", "entities/people"])
def test_generated_pages_go_through_no_link(tmp_path: Path, where: str) -> None:
    config = project.make(tmp_path / "project", {"a.txt": "Title\n\nIt was a quiet day.\n"})
    (tmp_path / "elsewhere").mkdir()
    place = tmp_path / "project" / "docs" / where
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    with pytest.raises(PublishError, match="is a link"):
        project.build_it(config)
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_name_of_the_site_that_could_act_is_refused(tmp_path: Path) -> None:
    config = project.make(tmp_path, {})
    plain = config.read_text(encoding="utf-8")
    for text in (text for text in hostile.HTML if set(text) & set('<>"')):
        for key in ("site_name", "site_description"):
            config.write_text(re.sub(rf"(?m)^{key}: .*", lambda _: f"{key}: {quoted(text)}", plain), encoding="utf-8")  # noqa: B023
            with pytest.raises(SettingsError, match=rf":\d: `{key}` must be"):
                settings.load(config)


@pytest.mark.parametrize("what", sorted(hostile.LONG))
@pytest.mark.parametrize("ending", ["txt", "md"])
def test_ten_thousand_of_a_kind_are_a_page_or_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, ending: str
) -> None:
    monkeypatch.setattr(build, "encoder", lambda: MARKER)
    prepared = prepare_bytes(tmp_path, f"a.{ending}", f"# Title\n\n{hostile.LONG[what]}\n\nAn end.\n".encode())
    assert [problem for problem in prepared.problems if "too deep" not in problem.message] == []
    assert len(prepared.corpus.sources) + len(prepared.problems) == 1


def prepare_bytes(folder: Path, name: str, data: bytes) -> build.Prepared:
    """A project of one article and a file of some bytes, up to its pages."""
    seeds = folder / "seeds"
    seeds.mkdir(exist_ok=True)
    for place in seeds.iterdir():
        place.unlink()
    (seeds / name).write_bytes(data)
    config = folder / "mkdocs.yml"
    config.write_text("site_name: Briefbook\n", encoding="utf-8")
    return build.prepare(settings.load(config), executor=None, cache=Cache(None), say=lambda _: None)


PIECES = st.sampled_from(
    [
        *hostile.STRINGS[:60],
        *hostile.BLOCKS,
        *hostile.UNREADABLE_YAML,
        "\n\n",
        "\n",
        "# ",
        "- ",
        "title: ",
        "---\n",
        "  ",
    ]
)
BYTES = st.one_of(
    st.binary(max_size=400),
    st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(PIECES, max_size=8).map(lambda pieces: "".join(pieces).encode("utf-8", "surrogatepass")),
    st.text(max_size=200).map(lambda text: f"Title\n\n{text}\n\nAn end.\n".encode("utf-8", "surrogatepass")),
)


@given(data=BYTES, name=st.sampled_from(["a.txt", "a.md"]))
@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_a_page_or_a_named_problem(tmp_path: Path, data: bytes, name: str) -> None:
    prepared = prepare_bytes(tmp_path, name, data)
    errors = [problem for problem in prepared.problems if problem.severity == "error"]
    assert all(problem.where.startswith((name, "briefings", "sources", "entities")) for problem in prepared.problems)
    assert bool(prepared.corpus.sources) != bool(errors), errors
    for page in prepared.pages:
        page.text.encode()


@given(data=BYTES, name=st.sampled_from(["a.yml", "a.yaml", "entities.yml", "corrections.yml"]))
@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_beside_an_article_stop_nothing(tmp_path: Path, data: bytes, name: str) -> None:
    seeds = tmp_path / "seeds"
    prepare_bytes(tmp_path, "a.txt", b"Title\n\nIvo Tamm was in Sarn.\n")
    (seeds / name).write_bytes(data)
    prepared = project.prepare(tmp_path / "mkdocs.yml")
    assert all(problem.where.startswith((name, "entities.yml")) for problem in prepared.problems)
    assert prepared.corpus.sources or prepared.problems
    if name in ("entities.yml", "corrections.yml"):
        assert len(prepared.corpus.sources) == 1


@given(data=BYTES)
@hypothesis_settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_as_settings_are_settings_or_a_named_problem(tmp_path: Path, data: bytes) -> None:
    config = tmp_path / "mkdocs.yml"
    config.write_bytes(data)
    try:
        settings.load(config)
    except SettingsError as wrong:
        error = str(wrong)
    else:
        error = ""
    assert not error or error.startswith(str(config))


@given(url=st.one_of(st.text(max_size=60), st.sampled_from(hostile.ADDRESSES)))
def test_no_other_scheme_is_linkable(url: str) -> None:
    assert not linkable(url) or urlsplit(url).scheme.lower() in LINK_SCHEMES


@pytest.mark.parametrize("address", hostile.ADDRESSES)
def test_no_hostile_address_becomes_a_link(address: str) -> None:
    assert not linkable(address)


@pytest.mark.parametrize("text", hostile.STRINGS)
def test_a_slug_of_any_string_is_a_plain_name(text: str) -> None:
    assert path_problem(f"briefings/{slugify(text)}/index.md") is None
    assert re.fullmatch(r"[a-z0-9-]{1,74}", slugify(text))
