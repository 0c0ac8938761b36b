"""What a published site cannot hide: each forgery is found, and the place named."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefbook import verify
from briefbook.analyze import Encoder, analyze
from briefbook.analyze.encoder import Marks
from briefbook.compose import compose
from briefbook.model import Kind, Name, SectionKey, Span
from briefbook.publish import publish
from briefbook.read import read
from briefbook.render import render
from briefbook.resolve import resolve
from briefbook.sites import SiteSettings, build_site
from briefbook.sites.manifest import write_manifest
from briefbook.verify import verify_folder

SEEDS = Path(__file__).parent / "fixtures" / "seeds"
THEME = Path(verify.__file__).parents[1] / "theme"
NAMES: dict[str, Kind] = {
    "4th Border Corps “Heron,”": "unit",
    "Heron Corps": "unit",
    "Ivo Tamm": "person",
    "Sarn": "place",
    "Velmora": "place",
    "Tarvia": "place",
    "Askel": "place",
    "Drunmore": "place",
}
CONFIG = f"""
site_name: Test
theme: {{name: material, font: false, custom_dir: {json.dumps(str(THEME))}}}
plugins: [search]
markdown_extensions: [attr_list, toc]
validation: {{nav: {{omitted_files: ignore}}}}
nav: [index.md, briefings/index.md, about/index.md]
"""
ABOUT = "# About\n\nWritten by hand, with *anything* in it.\n\n<p style='color:red'>x</p>\n"


class NamesOf:
    """Stands for the encoder: finds a few names of the fixtures."""

    def read(self, text: str, paragraphs: Sequence[Span]) -> Marks:
        pattern = "|".join(map(re.escape, NAMES))
        found = (Span(*match.span()) for match in re.finditer(rf"\b(?:{pattern})(?!\w)", text))
        names = tuple(
            Name(*span, NAMES[text[slice(*span)]])
            for span in found
            if any(start <= span.start and span.end <= end for start, end in paragraphs)
        )
        sections: list[SectionKey] = ["front-status" if start else "other" for start, _ in paragraphs]
        return Marks(names, (), (), (), (), tuple(sections))


def build(folder: Path, page_bytes: int) -> Path:
    """A site of the fixtures, by the real pipeline but for the model."""
    reading = read(SEEDS, max_bytes=1_000_000)
    encoder = cast(Encoder, NamesOf())
    analyses = [analyze(source.article, source.data, encoder) for source in reading.sources]
    corpus, _ = resolve(reading.sources, analyses, reading.registry)
    publish(render(compose(corpus, page_bytes=page_bytes)), folder / "docs")
    (folder / "docs" / "about").mkdir()
    (folder / "docs" / "about" / "index.md").write_text(ABOUT)
    (folder / "mkdocs.yml").write_text(CONFIG)
    site = folder / "site"
    build_site(
        SiteSettings(folder / "mkdocs.yml", (folder / "docs",), site, 0),
        verify=lambda place: verify_folder(place).problems,
    )
    for place in site.rglob("*.map"):
        place.unlink()
    write_manifest(site)
    return site


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("whole"), 200_000)


@pytest.fixture(scope="module")
def paged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("paged"), 3_000)


class Forger:
    """A copy of a site in the hands of someone who changes it and makes a manifest that fits."""

    def __init__(self, site: Path) -> None:
        self.site = site

    def slug(self, word: str = "ferry") -> str:
        """The slug of the source whose slug holds `word`."""
        return next(place.name for place in sorted((self.site / "sources").iterdir()) if word in place.name)

    def page(self, path: str) -> str:
        return (self.site / self.place(path)).read_text(encoding="utf-8")

    def place(self, path: str) -> str:
        return path.replace("FERRY", self.slug("ferry")).replace("QUIET", self.slug("quiet"))

    def write(self, path: str, text: str) -> None:
        place = self.site / self.place(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode("utf-8", "surrogateescape"))

    def edit(self, path: str, pattern: str, new: str | Callable[[re.Match[str]], str], count: int = 1) -> None:
        text, n = re.subn(pattern, new, self.page(path), count=count, flags=re.DOTALL)
        assert n, f"{pattern} is not in {path}"
        assert text != self.page(path)
        self.write(path, text)

    def remove(self, path: str) -> None:
        place = self.site / self.place(path)
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink()

    def problems(self) -> list[str]:
        """What `verify` finds once the manifest fits again."""
        write_manifest(self.site)
        return list(map(str, verify_folder(self.site).problems))


@pytest.fixture
def forger(built: Path, tmp_path: Path) -> Forger:
    return Forger(Path(shutil.copytree(built, tmp_path / "site")))


@pytest.fixture
def paged_forger(paged: Path, tmp_path: Path) -> Forger:
    return Forger(Path(shutil.copytree(paged, tmp_path / "site")))


def test_a_site_as_built_has_no_problems(built: Path, paged: Path) -> None:
    for site in (built, paged):
        found = verify_folder(site)
        assert found.problems == ()
        assert found.root == hashlib.sha256((site / "manifest.json").read_bytes()).hexdigest()
        assert found.files == sum(place.is_file() for place in site.rglob("*"))
        assert found.quotations > 50
    assert list(paged.glob("briefings/*/page-2/index.html"))
    assert list(paged.glob("sources/*/page-2/index.html"))
    assert list(paged.glob("front-status/page-2/index.html"))


def test_progress_is_told(built: Path) -> None:
    said: list[str] = []
    verify_folder(built, progress=said.append)
    assert said[0].startswith("verified 0 of ")


# Files and manifest


@pytest.fixture(scope="module")
def scratch(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    site = Path(shutil.copytree(built, tmp_path_factory.mktemp("bytes") / "site"))
    yield site
    assert verify_folder(site).problems == (), "every example puts back what it changed"


FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def all_files(site: Path) -> list[Path]:
    return sorted(place for place in site.rglob("*") if place.is_file() and place.stat().st_size)


@FEW
@given(data=st.data())
def test_any_byte_changed_is_found_and_the_file_named(scratch: Path, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(all_files(scratch)))
    content = place.read_bytes()
    at = data.draw(st.integers(0, len(content) - 1))
    flip = data.draw(st.integers(1, 255))
    place.write_bytes(content[:at] + bytes([content[at] ^ flip]) + content[at + 1 :])
    try:
        problems = verify_folder(scratch).problems
    finally:
        place.write_bytes(content)
    path = place.relative_to(scratch).as_posix()
    if path == "manifest.json":
        assert problems
    else:
        assert any(problem.where == path and "SHA-256" in problem.message for problem in problems)


@FEW
@given(data=st.data())
def test_any_byte_of_the_manifest_changed_added_or_removed_is_found(scratch: Path, data: st.DataObject) -> None:
    place = scratch / "manifest.json"
    content = place.read_bytes()
    at = data.draw(st.integers(0, len(content) - 1))
    new = data.draw(st.one_of(st.sampled_from([b"", b" ", b"\n", b"\t", b"\r"]), st.binary(min_size=1, max_size=1)))
    keep = data.draw(st.booleans())
    changed = content[:at] + new + content[at if keep else at + 1 :]
    if changed == content:
        return
    place.write_bytes(changed)
    try:
        found = verify_folder(scratch)
    finally:
        place.write_bytes(content)
    assert found.problems
    assert found.root == hashlib.sha256(changed).hexdigest()


def manifest(site: Path) -> dict[str, str]:
    return cast("dict[str, str]", json.loads((site / "manifest.json").read_bytes()))


def test_files_added_and_missing_are_named(forger: Forger) -> None:
    forger.write("assets/more.txt", "x")
    forger.remove("labels.json")
    problems = list(map(str, verify_folder(forger.site).problems))
    assert "assets/more.txt: is not in the manifest: it was added" in problems
    assert "labels.json: is missing, and the manifest lists it" in problems


def test_a_missing_manifest_is_named(forger: Forger) -> None:
    forger.remove("manifest.json")
    found = verify_folder(forger.site)
    assert found.root is None
    assert [problem.where for problem in found.problems] == ["manifest.json"]


def _compact(digests: dict[str, str]) -> str:
    return json.dumps(digests, ensure_ascii=False, sort_keys=True) + "\n"


def _form(digests: dict[str, str]) -> str:
    return json.dumps(digests, ensure_ascii=False, indent=0, sort_keys=True) + "\n"


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (lambda d: _form(d).rstrip("\n"), "not in the one form"),
        (lambda d: _form(d) + "\n", "not in the one form"),
        (lambda d: _form(d).replace("\n", "\r\n"), "not in the one form"),
        (lambda d: "\ufeff" + _form(d), "is not a manifest"),
        (lambda d: _compact(d), "not in the one form"),
        (lambda d: json.dumps(dict(reversed(d.items())), ensure_ascii=False, indent=0) + "\n", "not in the one form"),
        (lambda d: _form(d).replace("index.html", "inde\\u0078.html"), "not in the one form"),
        (lambda d: _form(d).replace("{\n", '{\n"404.html": "' + d["404.html"] + '",\n'), "a key stands twice"),
        (lambda d: _form(d | {"404.html": d["404.html"].upper()}), "has no SHA-256 digest"),
        (lambda d: _form(d | {"404.html": cast(str, 7)}), "has no SHA-256 digest"),
        (lambda d: _form(d | {"../x": "0" * 64}), "not a path that it may list"),
        (lambda d: _form(d | {"a/../404.html": "0" * 64}), "not a path that it may list"),
        (lambda d: _form(d | {"a//x": "0" * 64}), "not a path that it may list"),
        (lambda d: _form(d | {"/etc/x": "0" * 64}), "not a path that it may list"),
        (lambda d: _form(d | {"./404.html": "0" * 64}), "not a path that it may list"),
        (lambda d: _form(d | {"manifest.json": "0" * 64}), "not a path that it may list"),
        (lambda d: json.dumps(sorted(d)), "expected an object"),
        (lambda _: "[" * 100_000, "is not a manifest"),
        (lambda _: '{"404.html": NaN}', "is not a manifest"),
        (lambda _: "", "is not a manifest"),
        (lambda _: '{"\\ud800": "' + "0" * 64 + '"}', "not valid Unicode"),
    ],
)
def test_a_manifest_of_another_form_is_a_problem(
    forger: Forger, other: Callable[[dict[str, str]], str], message: str
) -> None:
    forger.write("manifest.json", other(manifest(forger.site)))
    assert any(
        problem.where == "manifest.json" and message in problem.message
        for problem in verify_folder(forger.site).problems
    )


def test_a_link_in_the_place_of_a_file_is_a_problem(forger: Forger, tmp_path: Path) -> None:
    (forger.site / "labels.json").rename(tmp_path / "labels.json")
    (forger.site / "labels.json").symlink_to(tmp_path / "labels.json")
    assert "labels.json: is a link or a device; a site has plain files alone" in forger.problems()


def test_a_linked_folder_is_a_problem(forger: Forger, tmp_path: Path) -> None:
    (forger.site / "assets").rename(tmp_path / "assets")
    (forger.site / "assets").symlink_to(tmp_path / "assets")
    problems = list(map(str, verify_folder(forger.site).problems))
    assert "assets: is a link or a device; a site has plain files alone" in problems
    assert any(problem.startswith("assets/briefbook.css: is missing") for problem in problems)


# Sentences


BRIEFING = "briefings/FERRY/index.html"
BODY = r'<span class="bb-quote bb-body-sentence"[^>]*>.*?</span> <a class="bb-proof"[^>]*>.*?</a>'


def found(forger: Forger, where: str, message: str) -> None:
    """Expect a problem at `where` (page, and element if given) with `message` in it."""
    problems = forger.problems()
    place = forger.place(where)
    assert any(problem.startswith(place) and message in problem for problem in problems), "\n".join(problems[:20])


CONTENT_PARTS = [
    ("index.html", '<p class="bb-excerpt-title">'),
    ("index.html", '<div class="bb-excerpt">'),
    (BRIEFING, '<div class="bb" data-part="section"[^>]*>'),
    (BRIEFING, '<p class="bb-paragraph">'),
    (BRIEFING, '<p class="bb-reason">'),
    (BRIEFING, "<dd>"),
    ("briefings/index.html", '<li class="bb-briefing-row">'),
    ("sources/FERRY/index.html", '<div class="bb" data-part="source-text">'),
    ("front-status/index.html", '<div class="bb-excerpt">'),
    ("entities/index.html", '<ul class="bb-rows">'),
    ("entities/places/index.html", "<li>"),
    ("entities/people/ivo-tamm/index.html", '<ul class="bb-list">\n<li>'),
    ("entities/people/ivo-tamm/index.html", "<article[^>]*>"),
]


@pytest.mark.parametrize(("page", "part"), CONTENT_PARTS)
@pytest.mark.parametrize("markup", ["Peace is near.", "<p>Peace is near.</p>", "<span>Peace <em>is</em> near.</span>"])
def test_a_sentence_added_to_a_content_part_is_found(forger: Forger, page: str, part: str, markup: str) -> None:
    forger.edit(page, part, lambda match: match[0] + markup)
    found(forger, f"{page}: ", "found the text 'Peace ")


@pytest.mark.parametrize("page", ["index.html", BRIEFING, "entities/places/index.html", "sources/FERRY/index.html"])
def test_a_sentence_added_in_a_label_is_found(forger: Forger, page: str) -> None:
    forger.edit(page, r'(<article.*?<[a-z0-9]+ (?:[^>]* )?data-label="[^>]*>)([^<]*)', r"\1\2 Peace is near.")
    found(forger, f"{page}: ", "is not the label")


@pytest.mark.parametrize(
    ("pattern", "new", "message"),
    [
        (
            r' data-label="card\.title-?"|data-label="part\.card"',
            'data-label="part.peace"',
            "expected a key of labels.json",
        ),
        (r"(<h2 data-label=\"part\.card\"[^>]*>)", r"\1<span></span>", "found an element in it"),
        (r'data-n="\d+"', 'data-n="1e3"', "not a whole number"),
        (r'data-n="\d+"', 'data-n="99"', "is not the label"),
        (r' data-n="\d+"', "", "the slot n is not given"),
    ],
)
def test_a_label_says_what_the_catalog_says(forger: Forger, pattern: str, new: str, message: str) -> None:
    forger.edit(BRIEFING, f"(<article.*?){pattern}", rf"\g<1>{new}" if r"\1" not in new else r"\1\2<span></span>")
    found(forger, f"{BRIEFING}: ", message)


def test_a_sentence_removed_is_found(forger: Forger) -> None:
    forger.edit(BRIEFING, BODY, "")
    found(forger, f"{BRIEFING}: ", "expected the body sentence ")


def test_a_sentence_removed_from_a_stream_is_found(forger: Forger) -> None:
    forger.edit("front-status/index.html", r'<p class="bb-sentence">.*?</p>', "")
    found(forger, "front-status/index.html: ", "expected once in this stream")


def test_a_sentence_removed_from_the_frozen_source_is_found(forger: Forger) -> None:
    page = "sources/FERRY/index.html"
    forger.edit(page, r'<span class="bb-quote bb-source-sentence".*?</p>', "</p>")
    found(forger, f"{page}: ", "expected the line of the source ")


def test_a_sentence_shown_twice_is_found(forger: Forger) -> None:
    forger.edit(BRIEFING, BODY, lambda match: f"{match[0]} {match[0]}")
    found(forger, f"{BRIEFING}: ", "expected every body sentence once")


def test_two_sentences_in_another_order_are_found(forger: Forger) -> None:
    forger.edit(BRIEFING, f"({BODY})(.*?)({BODY})", r"\3\2\1")
    found(forger, f"{BRIEFING}: ", "expected the order of the source")


def test_two_sentences_swapped_between_sources_are_found(forger: Forger) -> None:
    pages = {slug: forger.page(f"briefings/{slug}/index.html") for slug in (forger.slug("ferry"), forger.slug("quiet"))}
    one, other = pages
    first, second = (cast("re.Match[str]", re.search(BODY, text, re.DOTALL))[0] for text in pages.values())
    forger.write(f"briefings/{one}/index.html", pages[one].replace(first, second))
    forger.write(f"briefings/{other}/index.html", pages[other].replace(second, first))
    for slug, foreign in ((one, other), (other, one)):
        found(forger, f"briefings/{slug}/index.html: ", f"expected only in the sections of the briefing of {foreign}")


def test_the_words_of_two_sentences_swapped_between_sources_are_found(forger: Forger) -> None:
    inner = r'(<span class="bb-quote bb-body-sentence"[^>]*>)(.*?)(</span> <a class="bb-proof")'
    words = [
        cast("re.Match[str]", re.search(inner, forger.page(f"briefings/{name}/index.html"), re.DOTALL))[2]
        for name in ("FERRY", "QUIET")
    ]
    forger.edit(BRIEFING, inner, lambda match: match[1] + words[1] + match[3])
    forger.edit("briefings/QUIET/index.html", inner, lambda match: match[1] + words[0] + match[3])
    found(forger, f"{BRIEFING}: ", "is not characters ")
    found(forger, "briefings/QUIET/index.html: ", "is not characters ")


@pytest.mark.parametrize(
    ("page", "style"),
    [
        (BRIEFING, "body-sentence"),
        (BRIEFING, "repeat"),
        (BRIEFING, "title"),
        ("sources/FERRY/index.html", "source-sentence"),
        ("sources/FERRY/index.html", "heading"),
        ("front-status/index.html", "repeat"),
        ("entities/people/ivo-tamm/index.html", "fragment"),
        ("index.html", "title"),
    ],
)
@pytest.mark.parametrize(
    "change", [lambda words: words[:-1], lambda words: words + "!", lambda words: words.swapcase()]
)
def test_every_quotation_is_its_span(forger: Forger, page: str, style: str, change: Callable[[str], str]) -> None:
    quote = rf'(<(?:span|h1) class="bb-quote bb-{style}"[^>]*>)([^<&]+)'
    forger.edit(page, quote, lambda match: match[1] + change(match[2]))
    found(forger, f"{page}: ", "is not characters ")


def test_the_message_names_element_expected_and_found(forger: Forger) -> None:
    (start,) = re.findall(r'bb-body-sentence" id="(s\d+)"[^>]*>Velmoran', forger.page(BRIEFING))[:1]
    forger.edit(BRIEFING, r'(bb-body-sentence"[^>]*>)Velmoran', r"\1Tarvian")
    found(forger, f"{BRIEFING}: span#{start}: ", "expected 'Velmoran forces have ")
    found(forger, f"{BRIEFING}: span#{start}: ", "found 'Tarvian forces have ")


SPAN = r'(bb-body-sentence" id="s\d+" data-source="[^"]*") data-start="(\d+)" data-end="(\d+)"'


def stored(forger: Forger, name: str = "FERRY") -> tuple[str, dict[str, object]]:
    return forger.page(f"sources/{name}/source.txt"), json.loads(forger.page(f"sources/{name}/source.json"))


@pytest.mark.parametrize(
    ("style", "replaced"), [("body-sentence", "body-sentence"), ("repeat", "repeat"), ("fragment", "repeat")]
)
def test_a_quotation_across_sections_or_of_a_whole_article_is_found(forger: Forger, style: str, replaced: str) -> None:
    text, data = stored(forger)
    sections = cast("list[dict[str, int]]", data["sections"])
    for start, end in ((sections[0]["start"], sections[1]["end"]), (0, len(text.rstrip()))):
        forger.edit(
            BRIEFING,
            rf'<span class="bb-quote bb-{replaced}".*?</span>',
            f'<span class="bb-quote bb-{style}" id="s{start}" data-source="{forger.slug()}" data-start="{start}" '
            f'data-end="{end}" data-href="#s{start}">{text[start:end]}</span>',
        )
        found(forger, f"{BRIEFING}: span#s{start}", "expected a span within one sentence")


def test_a_part_of_a_sentence_is_no_sentence(forger: Forger) -> None:
    quote = r'(bb-body-sentence"[^>]* data-end=")(\d+)("[^>]*>)(.*?)\.?(?:&#46;)?(</span>)'
    forger.edit(BRIEFING, quote, lambda match: f"{match[1]}{int(match[2]) - 1}{match[3]}{match[4]}{match[5]}")
    found(forger, f"{BRIEFING}: ", "expected a whole sentence")


@pytest.mark.parametrize(
    ("pattern", "new", "message"),
    [
        (r'data-source="[^"]*"', 'data-source="nowhere"', "expected a source of this site"),
        (r'data-start="\d+"', 'data-start="-1"', "expected a span of the"),
        (r'data-start="\d+"', 'data-start="٣"', "expected a span of the"),
        (r'data-start="\d+"', "", "expected a span of the"),
        (r'data-end="\d+"', 'data-end="999999"', "expected a span of the"),
        (r'data-end="\d+"', 'data-end="0"', "expected a span of the"),
        (r"bb-body-sentence", "bb-body-sentence bb-repeat", "found 2"),
        (r"bb-body-sentence", "bb-other", "found 0"),
        (r"bb-quote", "bb-quotes", "expected the class bb-quote or bb-name"),
        (r'id="s\d+"', 'id="s0"', "expected the id s"),
        (r'class="bb-quote', 'data-label="mark.key" class="bb-quote', "expected one kind of evidence"),
    ],
)
def test_a_quotation_that_does_not_say_what_it_quotes_is_found(
    forger: Forger, pattern: str, new: str, message: str
) -> None:
    sentence = r'<span class="bb-quote bb-body-sentence"[^>]*>'
    forger.edit(BRIEFING, sentence, lambda match: re.sub(pattern, new, match[0]))
    found(forger, f"{BRIEFING}: ", message)


def test_a_sentence_in_the_wrong_section_is_found(forger: Forger) -> None:
    forger.edit(BRIEFING, 'data-section="front-status"', 'data-section="negotiations"')
    found(forger, f"{BRIEFING}: ", "expected in the section front-status, found in negotiations")


def test_a_section_under_the_wrong_heading_is_found(forger: Forger) -> None:
    old = r'<h2 data-label="section\.front-status" id="front-status">Front status</h2>'
    forger.edit(BRIEFING, old, '<h2 data-label="section.other" id="front-status">Other</h2>')
    found(forger, f"{BRIEFING}: div", "expected the heading section.front-status before it, found section.other")


def test_a_repeat_must_lead_to_its_sentence(forger: Forger) -> None:
    page = "front-status/index.html"
    forger.edit(page, r'data-href="([^"]*)#s\d+"', r'data-href="\1#s0"')
    found(forger, f"{page}: ", "data-href: expected a link to #s")


def test_a_repeat_must_lead_to_its_own_briefing(forger: Forger) -> None:
    page = "front-status/index.html"
    links = r'data-href="\.\./briefings/[^/]*/(#s\d+)"([^§]*?)<a class="bb-proof" href="[^"]*"'
    other = f"../briefings/{forger.slug('quiet')}/"
    forger.edit(page, links, rf'data-href="{other}\1"\2<a class="bb-proof" href="{other}\1"')
    found(forger, f"{page}: ", "but the sentence stands in")


def test_the_link_behind_a_repeat_is_the_one_it_names(forger: Forger) -> None:
    page = "front-status/index.html"
    forger.edit(page, '<a class="bb-proof" href="[^"]*"', '<a class="bb-proof" href="../about/"')
    found(forger, f"{page}: ", "expected a link bb-proof to")


# What is said about quotations


def label(key: str, text: str, slots: str = "") -> str:
    return f'<span data-label="{key}"{slots}>{text}</span>'


@pytest.mark.parametrize(
    ("page", "pattern", "new", "message"),
    [
        (
            BRIEFING,
            r'<span data-label="reason\.[a-z]+">[^<]*</span>',
            label("reason.editor", "Placed here by the editors of this site."),
            "expected under the reason ",
        ),
        (BRIEFING, r'<span data-label="reason\.[a-z]+">[^<]*</span>', "", "found none"),
        (BRIEFING, r'<p class="bb-under">.*?</p>', "", "expected under the heading 'Strategic context', found none"),
        (
            BRIEFING,
            r'<p class="bb-size">',
            label("section.front-status.empty", "This source has nothing on the front status.") + r"\g<0>",
            "expected no such label in front-status, which has ",
        ),
        (
            BRIEFING,
            r'(<p class="bb-size">).*?</p>',
            r"\1" + label("count.sentences.other", "99 sentences", ' data-n="99"') + "</p>",
            "sentences, found 99",
        ),
        (
            BRIEFING,
            r'(<span class="bb-key">)<span data-label="section\.front-status">Front status</span>',
            r"\1" + label("section.negotiations", "Negotiations"),
            "expected one sentence of section.negotiations",
        ),
        (
            BRIEFING,
            r'<p class="bb-lead">.*?</p>',
            f'<p class="bb-lead">{label("date.undated", "undated")}</p>',
            "expected the date 2026-02-03",
        ),
        (
            "front-status/index.html",
            r'(data-source="velmora[^>]*>[^<]*</span></a> <span class="bb-date">)<time .*?</time>',
            r"\1" + label("date.undated", "undated"),
            "expected the date 2026-02-03",
        ),
        (
            "entities/people/ivo-tamm/index.html",
            r'<h3 data-label="section\.front-status"([^>]*)>[^<]*',
            r'<h3 data-label="section.negotiations"\1>Negotiations',
            "expected under section.front-status, found under section.negotiations",
        ),
        (
            "index.html",
            r'(<p class="bb-excerpt-title">.*?</p>)(.*?)(<p class="bb-excerpt-title">.*?</p>)',
            r"\3\2\1",
            "expected one source, found ",
        ),
        (
            "front-status/index.html",
            r'(<a class="bb-title-link" href=")[^"]*',
            r"\1../briefings/",
            "expected the title of the briefing it leads to",
        ),
        (
            "index.html",
            r'<span data-label="count\.briefings\.[^<]*</span>',
            label("count.briefings.other", "99 briefings", ' data-n="99"'),
            "found 99",
        ),
        (
            "front-status/index.html",
            r'<span data-label="count\.sentences\.[^<]*</span>',
            label("count.sentences.other", "99 sentences", ' data-n="99"'),
            "found 99",
        ),
        (
            "entities/places/sarn/index.html",
            r'data-editor="entities\.yml"',
            'data-editor="somewhere.yml"',
            "data-editor: expected one of",
        ),
    ],
)
def test_a_label_or_title_that_is_wrong_where_it_stands_is_found(
    forger: Forger, page: str, pattern: str, new: str, message: str
) -> None:
    forger.edit(page, pattern, new)
    found(forger, f"{page}: ", message)


def test_source_data_of_another_source_in_the_card_is_found(forger: Forger) -> None:
    row = r'<dd><span class="bb-data" data-source="[^"]*" data-field="path".*?</dd>'
    (other,) = re.findall(row, forger.page("briefings/QUIET/index.html"), re.DOTALL)
    forger.edit(BRIEFING, row, lambda _: other)
    found(forger, f"{BRIEFING}: ", f"expected source data of {forger.slug()}")


def test_a_page_that_names_another_number_is_found(paged_forger: Forger) -> None:
    page = "front-status/page-2/index.html"
    paged_forger.edit(page, r'(data-label="paging\.page") data-page="2"([^>]*)>Page 2', r'\1 data-page="1"\2>Page 1')
    found(paged_forger, f"{page}: ", "expected 2, found 1")


def test_a_page_with_endless_problems_is_given_up(forger: Forger) -> None:
    forger.edit(BRIEFING, '<div class="bb" data-part="section"', lambda match: "<b>Peace</b>" * 5_000 + match[0])
    problems = forger.problems()
    assert forger.place(f"{BRIEFING}: has more than 200 problems; the rest is not looked at") in problems
    assert len(problems) < 500


# Names, source data, editors' words


def test_a_name_is_the_one_its_mention_gives(forger: Forger) -> None:
    page = "entities/people/index.html"
    forger.edit(page, r'(class="bb-name"[^>]*>)Ivo Tamm', r"\1Ivo Tammsaare")
    found(forger, f"{page}: ", "is not the name at")


def test_a_name_does_not_cross_sentences(forger: Forger) -> None:
    page = "entities/people/index.html"
    forger.edit(page, r'(class="bb-name"[^>]* data-end=")\d+"', r'\g<1>600"')
    found(forger, f"{page}: ", "expected a span within one sentence")


@pytest.mark.parametrize(
    ("pattern", "new", "message"),
    [
        (r'(data-field="publisher"[^>]*>)The Port', r"\1A Port", "is not the publisher of"),
        (r'data-field="publisher"', 'data-field="owner"', "expected a field of a source"),
        (r'(data-field="published" datetime=")2026-02-03', r"\g<1>2026-02-04", "datetime: expected '2026-02-03'"),
        (r'(data-field="url" href=")[^"]*', r"\1../", "href: expected 'https://courier.example"),
        (r'(data-field="url" href=")[^"]*', r"\1javascript:alert(1)", "href: expected a link within the site"),
    ],
)
def test_source_data_is_what_the_source_has(forger: Forger, pattern: str, new: str, message: str) -> None:
    forger.edit(BRIEFING, pattern, new)
    found(forger, f"{BRIEFING}: ", message)


def test_an_editors_word_is_marked(forger: Forger) -> None:
    page = "entities/places/sarn/index.html"
    assert "bb-editor" in forger.page(page)
    forger.edit(page, r'(<span class="bb-editor".*?)<span data-label="mark\.editor">[^<]*</span>', r"\1")
    found(forger, f"{page}: ", "expected the mark")


def test_the_title_of_a_briefing_is_that_of_its_source(forger: Forger) -> None:
    (h1,) = re.findall(r"<h1 .*?</h1>", forger.page("briefings/QUIET/index.html"))
    forger.edit(BRIEFING, r"<h1 .*?</h1>", lambda _: h1)
    found(forger, f"{BRIEFING}: ", f"h1:nth-of-type(1): expected the title of the source {forger.slug()}")
    forger.edit(BRIEFING, re.escape(h1), "")
    found(forger, f"{BRIEFING}: article", "expected one heading h1, found 0")


def test_a_dossier_in_the_place_of_another_is_found(forger: Forger) -> None:
    one, other = "entities/places/askel/index.html", "entities/places/drunmore/index.html"
    first, second = forger.page(one), forger.page(other)
    forger.write(one, second)
    forger.write(other, first)
    found(forger, f"{one}: h1", "expected the name that leads here, ['Askel'], found 'Drunmore'")


# Any text of any content part


WORDS = re.compile(r">([^<>]+)<")
EDITORS = re.compile(
    r'<h1[^>]* data-editor=.*?</h1>|<span[^>]* data-editor=.*?"mark.editor">[^<]*</span></span>', re.DOTALL
)


def words(html: str) -> list[tuple[int, int]]:
    """Where the texts of an article stand in a page, an editor's words apart."""
    start, end = html.index("<article"), html.index("</article>")
    editors = [match.span() for match in EDITORS.finditer(html)]
    return [
        match.span(1)
        for match in WORDS.finditer(html, start, end)
        if not any(a <= match.start(1) < b for a, b in editors)
    ]


@FEW
@given(data=st.data())
def test_any_word_added_or_letter_removed_in_content_is_found(scratch: Path, data: st.DataObject) -> None:
    pages = [path.relative_to(scratch).as_posix() for path in sorted(scratch.rglob("index.html"))]
    path = data.draw(st.sampled_from([page for page in pages if not page.startswith("about/")]))
    html = (scratch / path).read_text(encoding="utf-8")
    start, end = data.draw(st.sampled_from(words(html)))
    at = data.draw(st.integers(start, end))
    if data.draw(st.booleans()):
        changed = html[:at] + data.draw(st.sampled_from(["Peace", " not ", "!", "1", "\u2060", "&#112;"])) + html[at:]
    else:
        letters = [n for n in range(start, end) if html[n].isalnum()]
        if not letters:
            return
        at = data.draw(st.sampled_from(letters))
        changed = html[:at] + html[at + 1 :]
    try:
        (scratch / path).write_text(changed, encoding="utf-8")
        write_manifest(scratch)
        problems = verify_folder(scratch).problems
    finally:
        (scratch / path).write_text(html, encoding="utf-8")
        write_manifest(scratch)
    assert any(problem.where.startswith(path) for problem in problems)


# What may stand in a content part


@pytest.mark.parametrize(
    ("markup", "message"),
    [
        ("<script>document.title</script>", "the element script has no place"),
        ("<style>p{}</style>", "the element style has no place"),
        ("<template>Peace</template>", "the element template has no place"),
        ("<noscript>Peace</noscript>", "the element noscript has no place"),
        ("<svg><text>Peace</text></svg>", "the element svg has no place"),
        ('<img src="../../assets/images/favicon.png" alt="Peace">', "the element img has no place"),
        ('<iframe src="../"></iframe>', "the element iframe has no place"),
        ('<input value="Peace">', "the element input has no place"),
        ("<object>Peace</object>", "the element object has no place"),
        ("<button>Peace</button>", "the element button has no place"),
        ("<pre>Peace</pre>", "the element pre has no place"),
        ("<x-peace></x-peace>", "the element x-peace has no place"),
        ('<p title="Peace is near"></p>', "title: expected a label, found 'Peace is near'"),
        ('<p aria-label="Peace is near"></p>', "aria-label: expected a label"),
        ('<p aria-description="Peace"></p>', "the attribute aria-description has no place"),
        ('<p style="color:red"></p>', "the attribute style has no place"),
        ('<p onclick="alert(1)"></p>', "the attribute onclick has no place"),
        ("<p hidden></p>", "the attribute hidden has no place"),
        ('<p class="md-hidden"></p>', "the class md-hidden has no place"),
        ('<p data-Ü="1"></p>', "has no place in the content of a page"),
        ('<a href="https://elsewhere.example/"></a>', "expected the address of a source"),
        ('<a href="https://elsewhere.example/#:~:text=x"></a>', "expected the address of a source"),
        ('<a href="//elsewhere.example/"></a>', "expected a link within the site"),
        ('<a href="javascript:alert(1)"></a>', "expected a link within the site"),
        ('<a href="data:text/html,x"></a>', "expected a link within the site"),
        ('<a href="nowhere/"></a>', "which is not there"),
        ('<a class="headerlink" href="#x" title="Permanent link">Peace</a>', "expected a link ¶ to its heading"),
        ('<a class="headerlink" href="#x" title="Peace">¶</a>', "expected a link ¶ to its heading"),
        ('<a class="headerlink" href="#x">¶<b></b></a>', "expected a link ¶ to its heading"),
        ('<time datetime="2026-01-01"></time>', "datetime: expected ''"),
        ('<p id="front-status"></p>', "expected the id once"),
        ("<span>" * 45, "levels deep"),
        ("</article><p>Peace is near.</p><article>", "expected one article, found 2"),
    ],
)
def test_what_has_no_place_in_content_is_found(forger: Forger, markup: str, message: str) -> None:
    forger.edit(BRIEFING, '<div class="bb" data-part="section"', lambda match: markup + match[0])
    found(forger, forger.place(BRIEFING), message)


@pytest.mark.parametrize(
    ("markup", "message"),
    [
        ("<b>Peace</b>", "the element b has no place in a quotation"),
        ("<br>", "the element br has no place in a quotation"),
        ('<span title="Peace"></span>', "the element span has no place in a quotation"),
        ('<mark title="Peace"></mark>', "expected a plain mark or a link"),
        ('<a class="bb-mention" href="../nowhere/"></a>', "which is not there"),
        ('<a class="bb-mention" href="https://elsewhere.example/"></a>', "expected the address of a source"),
        ('<a class="bb-proof" href="../"></a>', "expected a plain mark or a link"),
        ("<script>Peace</script>", "the element script has no place in a quotation"),
    ],
)
def test_what_has_no_place_in_a_quotation_is_found(forger: Forger, markup: str, message: str) -> None:
    forger.edit(BRIEFING, r'(bb-body-sentence"[^>]*>)', lambda match: match[1] + markup)
    found(forger, forger.place(BRIEFING), message)


def test_a_comment_is_no_text(forger: Forger) -> None:
    forger.edit(BRIEFING, '<div class="bb" data-part="section"', lambda match: "<!-- Peace is near. -->" + match[0])
    assert forger.problems() == []


@pytest.mark.parametrize(
    ("markup", "message"),
    [
        ('<div id="__skip" tabindex="-1"></div>', ""),
        ('<div id="__skip" tabindex="-1">Peace</div>', "the attribute tabindex has no place"),
        ('<div id="__skip" tabindex="-1" title="Peace"></div>', "the attribute tabindex has no place"),
    ],
)
def test_the_target_for_skipping_the_navigation_is_furniture(forger: Forger, markup: str, message: str) -> None:
    forger.edit(BRIEFING, "<article[^>]*>", lambda match: match[0] + markup)
    if message:
        found(forger, f"{BRIEFING}: ", message)
    else:
        assert forger.problems() == []


def test_the_link_behind_a_heading_is_furniture(forger: Forger) -> None:
    link = '<a class="headerlink" href="#source" title="Permanent link">&para;</a>'
    forger.edit(BRIEFING, "(<h2[^>]*>[^<]*)</h2>", rf"\1{link}</h2>")
    assert forger.problems() == []


@pytest.mark.parametrize(
    ("markup", "message"),
    [
        ('<base href="https://elsewhere.example/">', "has no place on a generated page"),
        ('<meta http-equiv="refresh" content="0;url=https://elsewhere.example/">', "has no place on a generated page"),
        ('<meta charset="utf-16">', "expected the encoding utf-8"),
    ],
)
def test_what_makes_a_browser_see_another_page_is_found(forger: Forger, markup: str, message: str) -> None:
    forger.edit(BRIEFING, "<head>", f"<head>{markup}")
    found(forger, forger.place(BRIEFING), message)


@pytest.mark.parametrize("page", ["index.html", BRIEFING, "about/index.html", "404.html"])
@pytest.mark.parametrize(
    ("pattern", "markup"),
    [
        (r'<meta http-equiv="Content-Security-Policy"[^>]*>', ""),
        (r'(<meta http-equiv="Content-Security-Policy"[^>]*>)', r"\1\1"),
        (r"(<head>)", r'\1<link rel="icon" href="https://elsewhere.example/x.png">'),
        (r"script-src 'self'", "script-src 'self' 'unsafe-inline'"),
    ],
)
def test_a_page_without_its_policy_is_found(forger: Forger, page: str, pattern: str, markup: str) -> None:
    forger.edit(page, pattern, markup)
    found(forger, page, "olicy")


FRAME = "expected around the article what other pages have too"


@pytest.mark.parametrize("page", ["index.html", BRIEFING, "entities/places/index.html", "sources/FERRY/index.html"])
@pytest.mark.parametrize(
    ("pattern", "markup"),
    [
        (r"(<article)", r"<p>Peace is near.</p>\1"),
        (r"(</article>)", r"\1Peace is near."),
        (r"(<title>)", r"\1Peace is near. "),
        (r"(</nav>)", r"<ul><li><a href='#'>Peace is near.</a></li></ul>\1"),
        (r"(</body>)", r"<script>document.body.append('Peace is near.')</script>\1"),
        (r"(</body>)", r"<script src='https://elsewhere.example/x.js'></script>\1"),
        (r"(</head>)", r"<link rel='stylesheet' href='https://elsewhere.example/x.css'>\1"),
        (r"(</head>)", r"<style>p { display: none }</style>\1"),
        (r"<body", r"<body onload='alert(1)'"),
        (r"<main", r"<main style='display: none'"),
        (r'(<meta name="description" content=")', r"\1Peace is near. "),
        (r'"md-header__title"', r'"md-header__title" title="Peace is near."'),
    ],
)
def test_what_is_added_around_the_article_is_found(forger: Forger, page: str, pattern: str, markup: str) -> None:
    forger.edit(page, pattern, markup)
    found(forger, f"{page}: ", FRAME)


def test_a_page_that_is_no_utf8_is_found(forger: Forger) -> None:
    forger.write(BRIEFING, forger.page(BRIEFING) + "\udcff")
    found(forger, BRIEFING, "is not a page in UTF-8")


# Pages


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("index.html", "every site has this page"),
        ("briefings/index.html", "every site has this page"),
        ("negotiations/index.html", "every site has this page"),
        ("entities/events/index.html", "every site has this page"),
        ("briefings/FERRY/index.html", "is missing: every source has a briefing"),
        ("sources/FERRY/index.html", "is missing: every source has a briefing"),
        ("sources/FERRY/source.txt", "is missing: every source has a briefing"),
        ("sources/FERRY/source.json", "is missing: every source has a briefing"),
        ("labels.json", "is missing"),
    ],
)
def test_a_page_dropped_is_found(forger: Forger, path: str, message: str) -> None:
    forger.remove(path)
    found(forger, path, message)


def test_a_source_dropped_with_its_briefing_is_found(forger: Forger) -> None:
    slug = forger.slug()
    for folder in ("sources", "briefings"):
        shutil.rmtree(forger.site / folder / slug)
    assert any(f"leads to briefings/{slug}/index.html, which is not there" in problem for problem in forger.problems())


def test_a_dossier_dropped_is_found(forger: Forger) -> None:
    forger.remove("entities/people/ivo-tamm")
    found(forger, "entities/people/index.html: ", "leads to entities/people/ivo-tamm/index.html, which is not there")


def test_a_briefing_out_of_the_index_is_found(forger: Forger) -> None:
    page = "briefings/index.html"
    forger.edit(page, r'<li class="bb-briefing-row">.*?</li>', "")
    found(forger, f"{page}: ", "expected one entry in the index for briefings/")


def test_a_briefing_listed_twice_is_found(forger: Forger) -> None:
    page = "briefings/index.html"
    forger.edit(page, r'<li class="bb-briefing-row">.*?</li>', lambda match: match[0] * 2)
    found(forger, f"{page}: ", "found 2")


def test_the_index_lists_briefings_alone(forger: Forger) -> None:
    page = "briefings/index.html"
    forger.edit(page, '(bb-briefing-link.*? href=)"[^"]*"', r'\1"../about/"')
    found(forger, f"{page}: ", "lists about/index.html, which is not a briefing")


@pytest.mark.parametrize(
    "path",
    [
        "briefings/FERRY/more/index.html",
        "briefings/peace.html",
        "briefings/page-1/index.html",
        "sources/FERRY/peace.txt",
        "entities/peace/index.html",
        "entities/peace.htm",
        "front-status/peace/index.html",
    ],
)
def test_a_file_that_no_build_writes_is_found(forger: Forger, path: str) -> None:
    forger.write(path, forger.page(BRIEFING))
    found(forger, path, "does not belong here")


@pytest.mark.parametrize("path", ["briefings/new/index.html", "sources/new/index.html", "sources/new/source.json"])
def test_a_page_without_a_source_is_found(forger: Forger, path: str) -> None:
    forger.write(path, forger.page("index.html"))
    found(forger, "sources/new/source.txt", "is missing: every source has a briefing")


@pytest.mark.parametrize("path", ["entities/people/peace/index.html", "negotiations/page-2/index.html"])
def test_a_page_that_nothing_leads_to_is_found(forger: Forger, path: str) -> None:
    forger.write(path, forger.page(BRIEFING))
    found(forger, path, "no other page leads to this page")


@pytest.mark.parametrize(
    "path", ["peace/index.html", "about/peace.html", "peace.htm", "PEACE.HTML", "about/peace.xhtml"]
)
def test_a_page_added_elsewhere_must_be_marked_as_hand_written(forger: Forger, path: str) -> None:
    forger.write(path, "<!doctype html><meta charset=utf-8><article>Peace is near.</article>")
    found(forger, path, "of a hand-written page")


def test_a_hand_written_page_keeps_its_mark(forger: Forger) -> None:
    forger.edit("about/index.html", r'data-label="page\.hand-written"', 'data-label="page.home"')
    found(forger, "about/index.html", "of a hand-written page")


def test_the_page_for_missing_pages_says_that_alone(forger: Forger) -> None:
    forger.edit("404.html", "404 - Not found</h1>", "404 - Not found</h1><p>Peace is near.</p>")
    found(forger, "404.html", "expected '404 - Not found' alone")


def test_a_page_dropped_from_a_series_is_found(paged_forger: Forger) -> None:
    for page in ("front-status/page-2", "briefings/FERRY/page-2", "sources/FERRY/page-2"):
        paged_forger.remove(page)
        found(paged_forger, f"{page}/index.html: ", "is missing: there is a page ")


def test_two_pages_of_a_series_swapped_are_found(paged_forger: Forger) -> None:
    one, other = "briefings/FERRY/page-2/index.html", "briefings/FERRY/page-3/index.html"
    first, second = paged_forger.page(one), paged_forger.page(other)
    paged_forger.write(one, second)
    paged_forger.write(other, first)
    found(paged_forger, other, "expected the order of the source")


# Stored sources and labels


def rewrite(forger: Forger, change: Callable[[dict[str, object]], object], name: str = "FERRY") -> None:
    _, data = stored(forger, name)
    change(data)
    text = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    forger.write(f"sources/{name}/source.json", text)


def sections(data: dict[str, object]) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", data["sections"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.update(text_digest="0" * 64), "text_digest is not that of source.txt"),
        (lambda d: d.update(slug="peace"), "expected slug"),
        (lambda d: d.update(digest="0" * 64), "fields: digest is not the digest"),
        (lambda d: d.update(more=1), "does not have the keys"),
        (lambda d: d.pop("headings"), "does not have the keys"),
        (lambda d: d["fields"].update(owner="x"), "'owner' is not known"),
        (lambda d: d["fields"].update(published="3 February"), "not an ISO date"),
        (lambda d: d["fields"].update(author=7), "expected a text"),
        (lambda d: d.update(title=None), "stand in no sentence"),
        (lambda d: d.update(title=[5, 2]), "does not lie in the text"),
        (lambda d: d["headings"].clear(), "is not one of the headings"),
        (lambda d: sections(d).pop(), "stand in no sentence"),
        (lambda d: sections(d)[0].update(key="peace"), "unknown key"),
        (lambda d: sections(d)[0].update(reason="peace"), "unknown reason"),
        (lambda d: sections(d)[1].update(start=sections(d)[0]["start"]), "within the one before"),
        (lambda d: sections(d)[0].update(end=cast(int, sections(d)[0]["end"]) - 3), "crosses its bounds"),
        (lambda d: cast(list[object], sections(d)[0]["sentences"]).pop(), "stand in no sentence"),
        (lambda d: cast(list[object], sections(d)[0]["sentences"]).insert(0, [True, 5]), "is no span"),
    ],
)
def test_a_stored_source_must_hold_together(
    forger: Forger, change: Callable[[dict[str, object]], object], message: str
) -> None:
    rewrite(forger, change)
    found(forger, "sources/FERRY/source.json: is not a stored source: ", message)


def test_a_whole_article_is_no_sentence(forger: Forger) -> None:
    """Even where source and page agree that it is."""
    text, data = stored(forger, "QUIET")
    title = cast("list[int]", data["title"])
    start = next(n for n in range(title[1], len(text)) if not text[n].isspace())
    whole = [start, len(text.rstrip())]

    def one(data: dict[str, object]) -> None:
        first = {**sections(data)[0], "heading": None, "start": whole[0], "end": whole[1], "sentences": [whole]}
        data.update(sections=[first], headings=[])

    rewrite(forger, one, "QUIET")
    found(forger, "sources/QUIET/source.json: is not a stored source: ", "holds a blank line")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text.replace("\n", "\r\n"), "text_digest is not that of source.txt"),
        (lambda text: text + "Peace is near.", "text_digest is not that of source.txt"),
        (lambda text: text + "\udcff", "is not a stored source"),
    ],
)
def test_a_stored_text_must_be_the_one_that_was_stored(
    forger: Forger, change: Callable[[str], str], message: str
) -> None:
    forger.write(
        "sources/FERRY/source.txt", change((forger.site / forger.place("sources/FERRY/source.txt")).read_text())
    )
    found(forger, "sources/FERRY/source.json", message)


@pytest.mark.parametrize("text", ["{}", "[" * 99_999, '{"a": 1, "a": 2}', "\udcff", ""])
def test_json_that_is_none_is_a_problem(forger: Forger, text: str) -> None:
    forger.write("sources/FERRY/source.json", text)
    forger.write("labels.json", text + " ")
    problems = forger.problems()
    assert any(
        problem.startswith(forger.place("sources/FERRY/source.json: is not a stored source")) for problem in problems
    )
    assert any(problem.startswith("labels.json: is not a catalog") for problem in problems)


def test_the_catalog_of_labels_has_one_form(forger: Forger) -> None:
    labels = json.loads(forger.page("labels.json"))
    forger.write("labels.json", json.dumps(labels))
    found(forger, "labels.json: ", "not in the one form")
    forger.write(
        "labels.json", json.dumps(labels | {"x": "{text}"}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    )
    found(forger, "labels.json: ", "unknown slot")


# A forgery that is consistent in itself


def forge(forger: Forger) -> None:
    """Change a word everywhere: source, text, spans, pages, manifest."""
    for place in forger.site.rglob("*"):
        if place.is_file() and place.suffix in (".html", ".txt", ".json") and place.name != "manifest.json":
            text = place.read_text(encoding="utf-8")
            place.write_text(text.replace("12 men", "92 men"), encoding="utf-8")
    changed = (forger.site / forger.place("sources/FERRY/source.txt")).read_bytes()
    assert b"92 men" in changed
    old = cast(str, stored(forger)[1]["text_digest"])
    for place in forger.site.rglob("*"):
        if place.suffix in (".html", ".json") and place.name != "manifest.json":
            new = hashlib.sha256(changed).hexdigest()
            place.write_text(place.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_a_consistent_forgery_passes_without_a_root_and_fails_with_it(built: Path, forger: Forger) -> None:
    root = verify_folder(built).root
    assert root
    forge(forger)
    assert forger.problems() == []
    assert verify_folder(built, expect=root).problems == ()
    assert verify_folder(built, expect=f" {root.upper()}\n").problems == ()
    (problem,) = verify_folder(forger.site, expect=root).problems
    assert problem.where == "manifest.json"
    assert root in problem.message


def test_a_folder_that_is_no_site_is_no_error(tmp_path: Path) -> None:
    assert verify_folder(tmp_path).problems
    assert verify_folder(tmp_path / "nowhere").problems
    (tmp_path / "index.html").write_bytes(b"\x00<article>" * 3)
    (tmp_path / "manifest.json").mkdir()
    assert verify_folder(tmp_path, expect="0" * 64).problems
