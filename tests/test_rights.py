"""What may not be published is nowhere: not on a page, not in a file, not in an index."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

import project
from briefbook import build, cli, rights, settings, sites
from briefbook.cache import Cache
from briefbook.model import Section, SourceData, Span
from briefbook.read import read
from briefbook.settings import Rights
from briefbook.sites.manifest import write_manifest
from briefbook.verify import verify_folder, verify_original

FERRY = """Orrin Valley ferry runs again as the shelling moves east
The ferry of the Orrin Valley ran again on Sunday after troops of the Pine Brigade pushed the guns out of range.
“We heard the last shell at noon, and nothing after that,” said Tove Marrick, captain of the ferry at Lakeside.
The brigade’s spokesman, Jun Hallow, said that eleven positions on the eastern shore had been taken since Friday.
Strategic context
The valley had been cut in two since the autumn, when the bridge at Ketterby was blown up by retreating forces.
Without the ferry, the road around the lake takes six hours, according to the Ministry of Roads of Astoveria.
Peace negotiations
President Lena Orsk said on Monday that the talks in Grandholm would go on, whatever happens at the lake.
A truce of ten days was proposed by the delegation of Merrovia, and was turned down within the hour by the other side.
""".encode()
TALKS = (project.FIXTURES / "wire" / "talks.md").read_text(encoding="utf-8")
SECRET = """The mill at Osk burns down as the night shift looks on
The old mill at Osk burned down on Monday, and nobody in the village was hurt by it.
“We could see it from the far side of the lake,” said Ruta Ambel, keeper of the Osk lighthouse.
A second fire broke out at the granary of Lower Pell, which belongs to the Marsh Company.
"""
ROWS = """The council of Pell votes on the dam
Pell's council voted for the dam on Tuesday evening, after a debate of five hours in the town hall.
The dam will cost more than the town earns in a year, according to the treasurer of the town.
"""
SEEDS: dict[str, str | bytes] = {
    "ferry.txt": FERRY,
    "ferry.yml": "publish: quotes\nurl: https://news.example/ferry\n"
    "corrected: {date: 2026-02-05, note: A number is put right}",
    "secret.txt": SECRET,
    "secret.yml": "publish: none",
    "gone.txt": ROWS,
    "gone.yml": "slug: gone\nwithdrawn: {reason: The author <b>asked</b> for it, date: 2026-02-06}",
    "talks.md": TALKS,
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built project with a source of each kind; its folder."""
    folder = tmp_path_factory.mktemp("rights") / "project"
    made = project.build_it(project.make(folder, SEEDS))
    assert made.problems == ()
    assert made.site is not None
    return folder


@pytest.fixture(scope="module", params=sites.ENGINES)
def by_any_engine(site: Path, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same project, built with each engine."""
    if request.param == "mkdocs":
        return site
    pytest.importorskip(request.param)
    folder = tmp_path_factory.mktemp(request.param) / "project"
    shutil.copytree(site, folder, ignore=shutil.ignore_patterns("site", ".cache"))
    assert project.build_it(folder / "mkdocs.yml", engine=request.param).site is not None
    return folder


def unpublished(folder: Path) -> set[str]:
    """Sentences of 40 characters and more that no source of the site publishes."""
    loaded = settings.load(folder / "mkdocs.yml")
    reading = read(loaded.seeds, max_bytes=loaded.max_source_bytes)
    analyses = build.analyze_all(reading.sources, executor=None, cache=Cache(None), say=lambda _: None)
    whole = {
        source.article.text[slice(*sentence)]
        for source, analysis in zip(reading.sources, analyses, strict=True)
        for sentence in analysis.sentences
    }
    allowed = rights.allow(reading.sources, analyses, loaded.rights)
    shown = " ".join(source.article.text for source in allowed.sources)
    return {sentence for sentence in whole if len(sentence) >= 40 and sentence not in shown}


def files(*folders: Path) -> Iterable[Path]:
    return (path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())


def stored(folder: Path, word: str) -> Path:
    return next(path for path in (folder / "site" / "sources").iterdir() if word in path.name)


def encodings(text: str) -> list[bytes]:
    """The forms in which a text can stand in a file: itself, in our encoding, in HTML, in JSON."""
    ours = "".join(c if c.isalnum() or c == " " or not c.isascii() else f"&#{ord(c)};" for c in text)
    html = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    json_ = json.dumps(text)[1:-1]
    return [form.encode() for form in {text, ours, html, json_, html.replace('"', "&quot;")}]


def test_no_unpublished_sentence_stands_in_any_file(by_any_engine: Path) -> None:
    site = by_any_engine
    sentences = unpublished(site)
    assert len(sentences) >= 8
    # The words in between need no encoding, whatever the file: they are looked for too.
    words = {
        max(sentence.replace("’", "“").replace("”", "“").replace(",", "“").split("“"), key=len)
        for sentence in sentences
    }
    found = [
        (path, form)
        for path in files(site / "docs", site / "site", site / ".cache")
        for content in [path.read_bytes()]
        for form in [*(f for s in sentences for f in encodings(s)), *(w.encode() for w in words if len(w) >= 25)]
        if form in content
    ]
    assert found == []


def test_names_of_unpublished_sentences_have_no_page(by_any_engine: Path) -> None:
    for path in files(by_any_engine / "docs", by_any_engine / "site"):
        content = path.read_bytes()
        for name in (
            b"Ruta Ambel",
            b"ruta-ambel",
            b"Marsh Company",
            b"Lower Pell",
            b"Ketterby",
            b"Merrovia",
            b"merrovia",
        ):
            assert name not in content, path


def test_offsets_hold_and_what_is_not_published_is_blank(site: Path) -> None:
    folder = stored(site, "ferry")
    text = (folder / "source.txt").read_text(encoding="utf-8")
    whole = FERRY.decode()
    record = json.loads((folder / "source.json").read_text(encoding="utf-8"))
    assert len(text) == len(whole)
    assert all(a == b or (a == " " and b != "\n") for a, b in zip(text, whole, strict=True))
    sentences = [span for section in record["sections"] for span in section["sentences"]]
    assert sentences
    assert all(text[start:end] == whole[start:end] for start, end in sentences)
    assert record["unpublished"] > 0
    assert record["publish"] == "quotes"


def page(folder: Path, address: str) -> LexborHTMLParser:
    return LexborHTMLParser((folder / "site" / address / "index.html").read_text(encoding="utf-8"))


def test_pages_say_how_much_is_not_published_and_since_when_it_differs(site: Path) -> None:
    slug = stored(site, "ferry").name
    record = json.loads((stored(site, "ferry") / "source.json").read_text(encoding="utf-8"))
    for kind in ("briefings", "sources"):
        article = page(site, f"{kind}/{slug}").css_first("article")
        assert article is not None
        (rest,) = article.css(".bb-rest a")
        assert rest.text() == f"{record['unpublished']} more sentences at the publisher"
        assert rest.attributes["href"] == "https://news.example/ferry"
        (corrected,) = article.css(".bb-corrected")
        assert "2026-02-05" in corrected.text()
        assert "A number is put right editor's word" in corrected.text()
        assert "title and selected sentences" in article.text()


def test_a_withdrawn_source_leaves_tombstones(site: Path) -> None:
    assert not (site / "site" / "sources" / "gone" / "source.txt").exists()
    for address in ("briefings/gone", "sources/gone", "corrections"):
        article = page(site, address).css_first("article")
        assert article is not None
        assert "The author <b>asked</b> for it" in article.text()
        assert "Withdrawn on 2026-02-06." in article.text()
        assert not article.css("b")
    listed = page(site, "corrections").css("li.bb-excerpt, li.bb-withdrawn")
    assert [("bb-withdrawn" in (row.attributes["class"] or "")) for row in listed] == [True, False]


def test_a_long_list_of_corrections_is_paged(tmp_path: Path) -> None:
    seeds: dict[str, str | bytes] = {}
    for n in range(12):
        seeds[f"{n:02}.txt"] = f"The dam at Pell, part {n}\nThe dam at Pell was looked at on day {n} of the month.\n"
        what = "withdrawn: {reason" if n % 2 else "corrected: {note"
        seeds[f"{n:02}.yml"] = f"{what}: Number {n} {'is put right again ' * 25}, date: 2026-02-{n + 1:02}}}\n"
    config = project.make(tmp_path / "p", seeds)
    config.write_text(config.read_text(encoding="utf-8") + "    page_bytes: 10000\n", encoding="utf-8")
    made = project.build_it(config)
    assert made.problems == ()
    assert made.site is not None
    count = 1 + len(list((tmp_path / "p" / "site" / "corrections").glob("page-*/index.html")))
    assert count > 2
    addresses = ["corrections", *(f"corrections/page-{n}" for n in range(2, count + 1))]
    seen = []
    for n, address in enumerate(addresses, 1):
        article = page(tmp_path / "p", address).css_first("article")
        assert article is not None
        assert f"Page {n} of {count}" in article.text()
        links = article.css(".bb-pages")[0].css("a")
        assert [link.text() for link in links] == [str(number) for number in range(1, count + 1)]
        assert [link.text() for link in links if "bb-current" in (link.attributes.get("class") or "")] == [str(n)]
        seen += [int(row.text().split("Number ")[1].split()[0]) for row in article.css("ul.bb-list > li")]
    assert seen == list(range(11, -1, -1)), "each once, the latest first"
    assert not list(sites.check_links(tmp_path / "p" / "site"))


def test_the_original_proves_the_whole(site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    original = tmp_path / "mine.txt"
    original.write_bytes(FERRY)
    assert cli.main(["verify", str(site / "site"), "--source", str(original)]) == 0
    assert "mine.txt" in capsys.readouterr().out
    original.write_bytes(FERRY.replace(b"noon", b"dusk"))
    assert cli.main(["verify", str(site / "site"), "--source", str(original)]) == 1
    assert "no source of this site comes from this file" in capsys.readouterr().err
    digest = json.loads((stored(site, "ferry") / "source.json").read_text(encoding="utf-8"))["digest"]
    problems = verify_original(site / "site", "mine.txt", digest, FERRY.decode().replace("ferry", "Ferry"))
    assert any("differ" in problem.message for problem in problems)
    assert any("digest of the whole text" in problem.message for problem in problems)


def test_a_forged_right_correction_or_withdrawal_is_found(site: Path, tmp_path: Path) -> None:
    slug = stored(site, "ferry").name
    forgeries = [
        (f"sources/{slug}/source.json", '"unpublished": ', '"unpublished": 1', "number of unpublished"),
        (f"briefings/{slug}/index.html", "title and selected sentences", "the whole text", "label card.publish"),
        (f"briefings/{slug}/index.html", "A number is", "No number is", "editor's words"),
        (f"sources/{slug}/index.html", 'data-date="2026-02-05"', 'data-date="2026-02-04"', "corrected.since"),
        ("sources/gone/index.html", "for it", "for us", "editor's words"),
        ("corrections/index.html", "bb-withdrawn", "bb-other", "for 'gone' as withdrawn"),
        ("corrections/index.html", 'class="bb-excerpt"', 'class="bb-other"', "as corrected"),
        ("withdrawn.json", "2026-02-06", "2026-02-07", "withdrawn.since"),
        ("withdrawn.json", "gone", "went", "is missing: a withdrawn source"),
    ]
    for n, (path, old, new, said) in enumerate(forgeries):
        forged = Path(shutil.copytree(site / "site", tmp_path / str(n)))
        text = (forged / path).read_text(encoding="utf-8")
        assert old in text, path
        (forged / path).write_bytes(text.replace(old, new).encode())
        write_manifest(forged)
        assert said in "\n".join(map(str, verify_folder(forged).problems)), (path, new)


def test_text_that_is_neither_published_nor_blank_is_found(site: Path, tmp_path: Path) -> None:
    forged = Path(shutil.copytree(site / "site", tmp_path / "site"))
    folder = forged / "sources" / stored(site, "ferry").name
    text = (folder / "source.txt").read_text(encoding="utf-8")
    old = hashlib.sha256(text.encode()).hexdigest()
    text = text.replace("   ", " x ", 1)
    (folder / "source.txt").write_bytes(text.encode())
    record = (folder / "source.json").read_text(encoding="utf-8")
    (folder / "source.json").write_bytes(record.replace(old, hashlib.sha256(text.encode()).hexdigest()).encode())
    write_manifest(forged)
    assert any("stand in no sentence" in str(problem) for problem in verify_folder(forged).problems)


def test_deploying_needs_a_word_for_every_source(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = project.make(tmp_path / "p", {"ferry.txt": FERRY})
    assert cli.main(["check", "--config", str(config)]) == 0
    assert cli.main(["check", "--deploy", "--config", str(config)]) == 1
    assert "ferry.txt: nothing says how much of it may be published" in capsys.readouterr().err
    config.write_text(config.read_text() + "    publish: {default: quotes}\n")
    assert cli.main(["check", "--deploy", "--config", str(config)]) == 0


def test_a_preview_of_everything_shows_all_but_the_withdrawn(site: Path) -> None:
    loaded = settings.load(site / "mkdocs.yml")
    prepared = build.prepare(loaded, executor=None, cache=Cache(None), say=lambda _: None, everything=True)
    assert {source.path for source in prepared.corpus.sources} == {"ferry.txt", "secret.txt", "talks.md"}
    assert not any(source.unpublished for source in prepared.corpus.sources)


def test_what_is_said_of_a_source_goes_before_its_publisher_and_that_before_the_default() -> None:
    said = Rights(default="none", publishers=(("velm post", "quotes"),)).said
    assert said(SourceData()) == "none"
    assert said(SourceData(publisher="Velm  Post")) == "quotes"
    assert said(SourceData(publisher="Velm Post", publish="full")) == "full"
    assert Rights().said(SourceData(publisher="Velm Post")) is None


def test_key_sentences_are_chosen_first_and_what_does_not_fit_is_passed_over() -> None:
    text = "aa bb cc dd ee. " * 6
    spans = tuple(Span(n * 16, n * 16 + 15) for n in range(6))
    sections = (
        Section("other", "furniture", None, 0, 15, spans[:1]),
        Section("front-status", "lede", None, 16, 63, spans[1:4]),
        Section("negotiations", "model", None, 64, 95, spans[4:]),
    )
    assert rights.chosen(text, sections, Rights(share=34, sentences=10)) == (spans[1], spans[4])
    assert rights.chosen(text, sections, Rights(share=100, sentences=3)) == (spans[1], spans[2], spans[4])
    assert rights.chosen(text, sections, Rights(share=100, sentences=9)) == spans
    assert rights.chosen(text, sections, Rights(share=16, sentences=9)) == ()


def test_withdrawn_and_corrected_need_words_and_a_day(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Title\nText stands here.")
    for wrong in ("withdrawn:", "withdrawn: yes", "withdrawn: {reason: x}", "corrected: {note: x, date: 2026-02-31}"):
        (tmp_path / "a.yml").write_text(wrong)
        reading = read(tmp_path, max_bytes=1000)
        assert reading.sources == ()
        assert [problem.where for problem in reading.problems] == ["a.yml:1"]
    (tmp_path / "a.yml").write_text("withdrawn: {reason: x, date: 2026-02-03}")
    (source,) = read(tmp_path, max_bytes=1000).sources
    assert source.data.withdrawn == ("x", date(2026, 2, 3))


def test_a_copy_of_a_file_that_may_not_be_published_is_not_either(tmp_path: Path) -> None:
    text = "Title\nText stands here."
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(text)
    (tmp_path / "a.yml").write_text("publisher: Velm Post\nlicense: CC BY 4.0")
    (tmp_path / "b.yml").write_text("publish: none")
    (source,) = read(tmp_path, max_bytes=1000).sources
    assert (source.path, source.data.publish) == ("a.txt", "none")
    assert replace(source.data, publish=None).license == "CC BY 4.0"
