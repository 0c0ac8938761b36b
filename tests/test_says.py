"""Who says what, on pages with every layer: composed, built, verified; and each forgery of it is found."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

import layered
import test_verify
from briefbook.compose import compose
from briefbook.resolve import resolve
from briefbook.sites import SiteSettings, build_site
from briefbook.verify import verify_folder
from briefbook.views import Briefing, Cell, NameRef, Quote
from test_verify import Forger

BRIEFING = "briefings/layered/index.html"
DOSSIER = "entities/people/ivo-tamm/index.html"


class PlainForger(Forger):
    """A forger of a site whose slugs are known."""

    def place(self, path: str) -> str:
        return path


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
    return PlainForger(Path(shutil.copytree(built, tmp_path / "site")))


def test_a_site_with_every_layer_verifies(built: Path, paged: Path) -> None:
    for site in (built, paged):
        assert verify_folder(site).problems == ()
    assert (paged / "briefings" / "layered" / "page-2" / "index.html").is_file()


def test_who_says_what_reads_as_it_should() -> None:
    """The golden case: every mark and every row of the article, as a reader finds them."""
    docs: dict[str, str] = {}
    source, analysis = layered.source(), layered.analysis(layered.TEXT)
    corpus, _ = resolve([source], [analysis], ())
    for view in compose(corpus, page_bytes=200_000):
        if isinstance(view, Briefing):
            docs = {"marks": told_marks(view), "tables": told_tables(view)}
    assert docs == yaml.safe_load((Path(__file__).parent / "cases" / "says.yml").read_text(encoding="utf-8"))


def told(cell: Cell) -> str:
    """A cell as plain text: names in brackets, the source's words in quotation marks."""
    texts = []
    for part in cell:
        if isinstance(part, Quote):
            texts.append(f"“{''.join(piece.text for piece in part.parts)}” {part.href}")
        else:
            texts.append(f"[{part.text}]" if isinstance(part, NameRef) else part.text)
    return ", ".join(texts)


def told_marks(view: Briefing) -> Any:
    return [
        [said.voice.text, *map(told, said.sayers), " ".join(quote.anchor for quote in said.quotes)]
        for section in view.sections
        for run in section.runs
        for paragraph in run.paragraphs
        for said in paragraph
    ]


def told_tables(view: Briefing) -> Any:
    found = [(section.key, table) for section in view.sections for table in section.tables]
    found += [("", table) for table in view.tables]  # type: ignore[misc]
    return [[key, table.name, [list(map(told, row)) for row in table.rows]] for key, table in found]


def test_a_build_is_the_same_twice(tmp_path: Path) -> None:
    pair = layered.source(), layered.analysis(layered.TEXT)
    for name in ("one", "two"):
        layered.write(tmp_path / name, [pair], 20_000)
    files = [path.relative_to(tmp_path / "one") for path in sorted((tmp_path / "one").rglob("*")) if path.is_file()]
    assert len(files) > 20
    assert all((tmp_path / "one" / path).read_bytes() == (tmp_path / "two" / path).read_bytes() for path in files)


# Forged pages


def found(forger: Forger, where: str, message: str) -> None:
    """Expect a problem at `where` with `message` in it."""
    problems = forger.problems()
    assert any(problem.startswith(where) and message in problem for problem in problems), "\n".join(problems[:20])


def text(key: str, words: str, slots: str = "") -> str:
    return f'<span data-label="{key}"{slots}>{words}</span>'


MARK = r'<span class="bb-who">'
NUMBER = 'data-number="1200.5">about 1&#44;200&#46;5'
DAY = 'data-date="2026-02-03">2026&#45;02&#45;03'
ROW = r"<tr><td>.*?</tr>"
MORE = text("count.same.one", "and 1 more source", ' data-n="1"')
FORGED_PAGES = [
    # the voice of a sentence
    (r'data-voice="attributed"', 'data-voice="reporter"', "data-voice: expected attributed, found reporter"),
    (r' data-voice="quoted"', "", "data-voice: expected quoted, found none"),
    (r'<span data-label="voice.quoted">[^<]*</span>', text("voice.attributed", "Attributed"), "expected voice.quoted"),
    (r'<span data-label="voice.attributed">[^<]*</span>', text("voice.reporter", "Reporter’s voice"), "voice.reporter"),
    (rf"{MARK}.*?</span> (<span class=\"bb-words\")", r"\1", "one mark of who says them, found 1 and 0"),
    (r'class="bb-said"', 'class="bb-excerpt"', "expected a mark of who says this"),
    (r'(<span class="bb-repeat|<span class="bb-quote bb-repeat")', r'\1 data-voice="quoted"', "data-voice: expected"),
    # the speaker
    (r'(bb-sayer"><a class="bb-name" href="[^"]*/)mara-okker/', r"\1ivo-tamm/", "expected voice.attributed | people/"),
    (r'(bb-sayer">)<a class="bb-name".*?</a>', rf"\1{text('voice.unnamed', 'speaker not named')}", "found voice.attr"),
    (r'(bb-sayer">)<a class="bb-quote[^>]*>one of them</a>', r"\1", "expected voice.quoted | 'one of them', 'shouted'"),
    (r'<span class="bb-sayer">.*?</span></span> (<span class="bb-words")', r"</span> \1", "expected voice.attributed"),
    (r" <a class=\"bb-quote[^>]*>said</a>", "", "'said', found"),
    (
        r'(bb-sayer"><a class="bb-name" href="[^"]*/mara-okker/" data-source="layered" data-start=")98" data-end="108'
        r'"([^>]*)>Mara Okker',
        r'\g<1>669" data-end="674"\2>Okker',
        "expected the name 'Mara Okker' of entities/people/mara-okker/index.html",
    ),
    # tables
    (ROW, "", "expected the row of the table places 'Drunmore'"),
    (ROW, lambda m: m[0] * 2, "expected the row of the table places 'The mill of Askel'"),
    (rf"({ROW})\n({ROW})", r"\2\n\1", "expected the row of the table places 'Drunmore'"),
    (r'<span data-label="happening.reclaimed">Reclaimed', '<span data-label="happening.lost">Lost', "happening.lost"),
    (r'<span data-label="cell.none">not stated</span>', text("voice.reporter", "Reporter’s voice"), "cell.none"),
    (r'(<span class="bb-cell">)<a [^>]*>Velmoran forces</a>', rf"\1{text('cell.none', 'not stated')}", "found 'Drun"),
    (r'<span data-label="position.demand">Demand', '<span data-label="position.offer">Offer', "position.offer"),
    (r'data-table="replies"', 'data-table="places"', "expected the columns column.place"),
    (r'data-table="replies"', 'data-table="figures"', "expected a table that has its place here"),
    (r'<p class="bb-table-title">.*?</p>', "", "expected the title of the table places"),
    (r'(<p class="bb-table-title">)', rf"\1{text('table.positions', 'What each party holds')}</p>\1", "a table behind"),
    (r'<span data-label="column.side">Side', '<span data-label="column.place">Place', "expected the columns"),
    (r'(<td>)<span class="bb-column">.*?</span></span>', r"\1", "expected the columns"),
    (r'<table class="bb-table" data-table="hedges">.*?</table>', "", "expected the row of the table hedges 'probably'"),
    (r'(>retaken</a>)', rf"\1 {text('rung.likely', 'ICD 203&#58; likely')}", "found 'Drunmore'"),
    # numbers, days, hedges
    (NUMBER, 'data-number="1300.5">about 1&#44;300&#46;5', "figure.about number 1300.5"),
    (NUMBER, 'data-number="1200.50">about 1&#44;200&#46;50', "not a number"),
    (NUMBER, 'data-number="1200.5">about 1&#44;300&#46;5', "the label figure.about"),
    (r'<span data-label="figure.about"', '<span data-label="figure.more"', "is not the label figure.more"),
    (r'data-high="5">3 to 5', 'data-high="50">3 to 50', "figure.range number 3 high 50"),
    (r'<span data-label="figure.none">no number given', '<span data-label="cell.none">not stated', "figure.none"),
    (DAY, 'data-date="2026-02-04">2026&#45;02&#45;04', "when.day date 2026-02-04"),
    (r' <span data-label="when.inferred">[^<]*</span>', "", "when.inferred"),
    (r'<span data-label="when.unknown">[^<]*</span>', text("when.day", "2026-02-06", ' data-date="2026-02-06"'), "unk"),
    (r'<span data-label="rung.likely">ICD 203&#58; likely', '<span data-label="hedge.intent">planned only', "intent"),
    # words, links, places
    (r'(<a class="bb-quote bb-fragment"[^>]*>)said</a>', r"\1says</a>", "is not characters"),
    (r'(<a class="bb-quote bb-fragment" href=")#s54"', r'\1#s125"', "href: expected a link to #s54"),
    (r'(<a class="bb-quote bb-fragment") href="#s54"', r"\1", "href: expected a link to #s54"),
    (r'(bb-fragment"[^>]*data-start="54" data-end=")69("[^>]*>)[^<]*', r"\g<1>200\2x", "a span within one sentence"),
    (r'(<p class="bb-size">)', rf"\1{text('voice.quoted', 'Direct quote')} ", "has no place outside of a mark"),
    # the same text elsewhere
    (r'<p class="bb-same">.*?</p>', "", "expected a word on the sources with the same text, copy-1, copy-2"),
    (r'<span class="bb-same-title">.*?</time></span></span> ', "", "expected 2 of copy-1, copy-2"),
    (r'(<p class="bb-same">.*?)</p>', rf"\1{MORE}</p>", "and 0 more"),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "new", "message"), FORGED_PAGES)
def test_a_forged_mark_table_or_label_is_found(
    forger: Forger, pattern: str, new: str | Callable[[re.Match[str]], str], message: str
) -> None:
    forger.edit(BRIEFING, pattern, new)
    found(forger, BRIEFING, message)


STATEMENT = r'<p class="bb-statement">.*?</p>'


@pytest.mark.parametrize(
    ("pattern", "new", "message"),
    [
        (STATEMENT, "", "expected the statement in layered said.claim"),
        (STATEMENT, lambda m: m[0] * 2, "expected the statement in layered none"),
        (r'data-label="said.claim">Claim', 'data-label="said.denial">Denial', "found said.denial"),
        (r'data-n="1">and 1 more sentence<', 'data-n="1">and 2 more sentences<', "is not the label"),
        (r" <a class=\"bb-quote bb-fragment\"[^>]*>Nobody[^<]*</a>", "", "'Nobody saw us, not even the dogs.'"),
        (r'data-part="statements"', 'data-part="other"', "has a place among the statements of a dossier alone"),
        (r"(<h2[^>]*>Mentions)", r"<table><tr><td></td></tr></table>\1", "on the briefing of a source alone"),
        (r'(bb-repeat")', r'\1 data-voice="quoted"', "on the briefing of a source alone"),
    ],
)
def test_a_forged_statement_on_a_dossier_is_found(
    forger: Forger, pattern: str, new: str | Callable[[re.Match[str]], str], message: str
) -> None:
    forger.edit(DOSSIER, pattern, new)
    found(forger, DOSSIER, message)


# Forged sources


def rewrite(forger: Forger, change: Callable[[dict[str, Any]], object]) -> None:
    data = json.loads(forger.page("sources/layered/source.json"))
    change(data)
    forger.write("sources/layered/source.json", json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


@pytest.mark.parametrize(
    ("change", "where", "message"),
    [
        (lambda d: d["statements"].pop(0), BRIEFING, "data-voice: expected reporter, found attributed"),
        (lambda d: d["statements"][1].update(mode="indirect"), BRIEFING, "data-voice: expected attributed, found quot"),
        (lambda d: d["statements"][0].update(entity=1), BRIEFING, "expected voice.attributed | people/ivo-tamm"),
        (lambda d: d["statements"][0].update(cue=None), BRIEFING, "expected voice.attributed | people/mara-okker, f"),
        (lambda d: d["statements"][0].update(kind="denial"), "entities/people/mara-okker/", "said.denial"),
        (lambda d: d["statements"][2].update(speaker=None), BRIEFING, "voice.unnamed"),
        (lambda d: d["figures"][0].update(value=7.0), BRIEFING, "expected the row of the table figures"),
        (lambda d: d["figures"][0].update(relation=">"), BRIEFING, "figure.more number 1200.5"),
        (lambda d: d["figures"][0].update(what=None), BRIEFING, "cell.none"),
        (lambda d: d["dates"][0].update(first="2026-02-02"), BRIEFING, "when.from date 2026-02-02"),
        (lambda d: d["dates"][0].update(inferred=False), BRIEFING, "expected the row of the table dates"),
        (lambda d: d["hedges"][0].update(rung="very-likely"), BRIEFING, "rung.very-likely"),
        (lambda d: d["hedges"].append(d["hedges"][0]), BRIEFING, "expected the row of the table hedges"),
        (lambda d: d["places"][0].update(happening="lost"), BRIEFING, "happening.lost"),
        (lambda d: d["places"][0].update(side=None), BRIEFING, "cell.none"),
        (lambda d: d["replies"].clear(), BRIEFING, "expected the row of the table replies none"),
        (lambda d: d["positions"][0].update(kind="offer"), BRIEFING, "position.offer"),
        (lambda d: d["speakers"][0].update(page="people/ivo-tamm"), BRIEFING, "people/ivo-tamm"),
        (lambda d: d["speakers"][0].update(mention=[54, 69]), "", ""),
        (lambda d: d["speakers"][1].update(mention=[54, 69]), "sources/layered/", "expected the mention [54, 69]"),
        (lambda d: d.update(origin=None), BRIEFING, "expected no word on the same text"),
        (lambda d: d.update(origin="other"), "sources/layered/", "origin: expected one of several sources"),
    ],
)
def test_a_page_that_differs_from_its_source_is_found(
    forger: Forger, change: Callable[[dict[str, Any]], object], where: str, message: str
) -> None:
    rewrite(forger, change)
    if message:
        found(forger, where, message)
    else:
        assert forger.problems() == [], "another mention of the same sentence proves the speaker as well"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d["statements"][0].update(mode="loud"), "statements 1: unknown mode 'loud'"),
        (lambda d: d["statements"][0].update(kind="song"), "unknown kind"),
        (lambda d: d["statements"][0].update(entity=9), "entity: 9 is not one of the speakers"),
        (lambda d: d["statements"][0].update(speaker=[54, 300]), "does not lie in one sentence"),
        (lambda d: d["statements"][0].update(start=10, end=20), "lies in no sentence"),
        (lambda d: d["statements"][0].update(rule="x"), "expected the keys"),
        (lambda d: d["figures"][0].update(value=True), "value: True is no number"),
        (lambda d: d["figures"][0].update(start=0, end=10), "does not lie in one sentence"),
        (lambda d: d["figures"][0].update(relation="!"), "unknown relation"),
        (lambda d: d["dates"][0].update(first="2026-02-30"), "dates 1: "),
        (lambda d: d["dates"][0].update(first="20260203"), "is no ISO date"),
        (lambda d: d["dates"][0].update(last=None), "are none"),
        (lambda d: d["dates"][0].update(first="2027-01-01"), "are none"),
        (lambda d: d["dates"][0].update(inferred=1), "neither true nor false"),
        (lambda d: d["hedges"][0].update(rung="sure"), "unknown rung"),
        (lambda d: d["places"][0].update(happening="seen"), "unknown happening"),
        (lambda d: d["places"][0].update(place=[1, 999999]), "does not lie in the text"),
        (lambda d: d["replies"][0].update(claim=[0, 3]), "lies in no sentence"),
        (lambda d: d["positions"].append(7), "positions 3: expected the keys"),
        (lambda d: d.update(places={}), "places: expected a list"),
        (lambda d: d["speakers"][0].update(page="../x"), "is no page of an entity"),
        (lambda d: d["speakers"][0].update(mention=[30, 60]), "does not lie in one sentence, title or heading"),
        (lambda d: d.update(origin=7), "origin: 7 is no slug"),
        (lambda d: d.pop("hedges"), "does not have the keys"),
    ],
)
def test_layers_must_be_as_a_build_writes_them(
    forger: Forger, change: Callable[[dict[str, Any]], object], message: str
) -> None:
    rewrite(forger, change)
    found(forger, "sources/layered/source.json: is not a stored source: ", message)
