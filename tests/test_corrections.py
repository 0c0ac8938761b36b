"""`corrections.yml`: what an entry takes, what is wrong in one, and how the site shows and proves what it changed."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

import project
from briefbook import build, cli, correct, new, settings
from briefbook.cache import Cache
from briefbook.correct.entries import entries
from briefbook.edits import ALL, Correction, FigureEdit, MentionEdit, SectionEdit, StatementEdit
from briefbook.model import Figure, Statement
from briefbook.read import read
from briefbook.read.corrections import read_corrections
from briefbook.sites.manifest import write_manifest
from briefbook.verify import verify_folder
from test_rights import FERRY, SECRET, encodings
from test_rights import files as every_file

HEAD = "- source: a.txt\n  quote: Owl Corps\n"


def test_every_form() -> None:
    text = """
# what we put right
- {source: deep/a.txt, quote: "Owl\\n  Corps", nth: 2, mention: none}
- source: a.txt
  quote: Owl Corps
  nth: all
  mention: {kind: unit, entity: 2nd Owl Corps}
- {source: a.txt, quote: It snows, statement: {speaker: [Ivan Fell, Ann Lee], kind: denial, mode: direct, cue: none}}
- {source: a.txt, quote: It snows, statement: {speaker: Ivan Fell, words: he, cue: said}}
- {source: a.txt, quote: It snows, statement: {speaker: none}}
- {source: a.txt, quote: It snows, statement: none}
- {source: a.txt, quote: "300", figure: {value: 300, relation: at least, what: none}}
- {source: a.txt, quote: 2.5 to 3, figure: {value: 2.5, high: 3, relation: range, what: men}}
- {source: a.txt, quote: dozens, figure: {value: none}}
- {source: a.txt, quote: "5", figure: none}
- {source: a.txt, quote: It snows, section: other}
"""
    found, problems = read_corrections(text, "c.yml")
    assert problems == ()
    both = frozenset({"speaker", "kind", "mode", "cue"})
    assert [(one.source, one.quote, one.nth, one.edit) for one in found] == [
        ("deep/a.txt", "Owl Corps", 2, MentionEdit(remove=True)),
        ("a.txt", "Owl Corps", ALL, MentionEdit("unit", "2nd Owl Corps")),
        ("a.txt", "It snows", 1, StatementEdit(both, ("Ivan Fell", "Ann Lee"), kind="denial", mode="direct")),
        (
            "a.txt",
            "It snows",
            1,
            StatementEdit(frozenset({"speaker", "words", "cue"}), ("Ivan Fell",), words="he", cue="said"),
        ),
        ("a.txt", "It snows", 1, StatementEdit(frozenset({"speaker"}))),
        ("a.txt", "It snows", 1, StatementEdit(remove=True)),
        ("a.txt", "300", 1, FigureEdit(frozenset({"value", "relation", "what"}), 300.0, None, ">")),
        (
            "a.txt",
            "2.5 to 3",
            1,
            FigureEdit(frozenset({"value", "high", "relation", "what"}), 2.5, 3.0, "range", "men"),
        ),
        ("a.txt", "dozens", 1, FigureEdit(frozenset({"value"}))),
        ("a.txt", "5", 1, FigureEdit(remove=True)),
        ("a.txt", "It snows", 1, SectionEdit("other")),
    ]
    assert [one.where for one in found[:3]] == ["c.yml:3", "c.yml:4", "c.yml:8"]


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "[]", "{}"])
def test_nothing(text: str) -> None:
    assert read_corrections(text, "c.yml") == ((), ())


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("- source: a.txt\n  mention: none\n", 1, "lacks `quote`"),
        ("- mention: none\n", 1, "lacks `source` and `quote`"),
        (HEAD, 1, "give one of `mention`, `statement`, `figure`, `section`; it has none"),
        (HEAD + "  mention: none\n  figure: none\n", 1, "it has `mention` and `figure`"),
        (HEAD + "  mentions: none\n  section: other\n", 3, "unknown key `mentions`; did you mean `mention`?"),
        (HEAD + "  mention:\n", 3, "must be `none`, or some of kind, entity"),
        (HEAD + "  mention: {}\n", 3, "must be `none`, or some of kind, entity"),
        (HEAD + "  mention: {kind: town}\n", 3, "`mention` has a `kind` that must be one of person"),
        (HEAD + "  mention:\n    kind: unit\n    name: Owl\n", 5, "has an unknown key `name`"),
        (HEAD + "  mention:\n    kind: unit\n    kind: unit\n", 5, "has `kind` twice"),
        (HEAD + "  mention: {entity: [a]}\n", 3, "`entity` that must be text"),
        (HEAD + "  mention: none\n  mention: none\n", 4, "`mention` is given twice"),
        (HEAD + "  nth: 0\n  mention: none\n", 3, "`nth` must be a number from 1"),
        (HEAD + "  nth: yes\n  mention: none\n", 3, "`nth` must be a number from 1"),
        (HEAD + "  nth: 1.5\n  mention: none\n", 3, "`nth` must be a number from 1"),
        ("- source: 5\n  quote: a\n  mention: none\n", 1, "`source` must be the path of an article"),
        ("- source: a.txt\n  quote: 300\n  figure: none\n", 2, "`quote` must be text; put it in quotation marks"),
        (
            f"- source: a.txt\n  quote: {'a' * 5_001}\n  mention: none\n",
            2,
            "`quote` is 5,001 characters long",
        ),
        (f"- source: {'a' * 1_001}\n  quote: a\n  mention: none\n", 1, "`source` must be the path"),
        (HEAD + "  statement: {speaker: []}\n", 3, "must be `none`, a name, or a list of different names"),
        (HEAD + "  statement: {words: he}\n", 3, "name that one too"),
        (HEAD + "  statement: {kind: fact}\n", 3, "must be one of claim"),
        (HEAD + "  figure: {value: many}\n", 3, "must be a number such as"),
        (HEAD + "  figure: {value: 1.0e999}\n", 3, "must be a number such as"),
        (HEAD + "  figure: {value: yes}\n", 3, "must be a number such as"),
        (HEAD + "  figure: {relation: more}\n", 3, "must be one of exactly, about, at least, at most, range"),
        (HEAD + "  figure: {relation: range, value: 3}\n", 3, "give its two ends"),
        (HEAD + "  figure: {value: 3, high: 5}\n", 3, "say `relation: range`"),
        (HEAD + "  figure: {value: 3, high: 2, relation: range}\n", 3, "give a lower `value`"),
        (HEAD + "  section: front\n", 3, "must be one of front-status"),
        (HEAD + "  section: !!python/name:os.system x\n", 3, "the tag"),
        ("- text\n", 1, "key: value"),
        ("a: b\n", 1, "must be a list"),
        ("- [", 1, "not valid YAML"),
    ],
)
def test_what_is_wrong_is_named_and_left_out(text: str, line: int, part: str) -> None:
    found, problems = read_corrections(text, "c.yml")
    assert found == ()
    assert [problem.where for problem in problems] == [f"c.yml:{line}"]
    assert part in problems[0].message
    if "tag" not in part and text.startswith("- source"):
        found, _ = read_corrections(f"{HEAD}  mention: none\n{text}", "c.yml")
        assert len(found) == 1


@given(st.text(alphabet="-:[]{}&*!#'\" \nsourcequtmnkdl12,.|>\t", max_size=120))
def test_nothing_raises(text: str) -> None:
    found, _ = read_corrections(text, "c.yml")
    assert all(one.source and one.quote and one.where for one in found)


SEEDS: dict[str, str | bytes] = {
    "ferry.txt": FERRY,
    "ferry.yml": 'sections: {"Peace negotiations": other}',
    "some.txt": FERRY.replace(b"Orrin", b"Other").replace(b"Merrovia", b"Vastovia"),
    "some.yml": "publish: quotes",
    "secret.txt": SECRET,
    "secret.yml": "publish: none",
    "corrections.yml": """
- {source: ferry.txt, quote: Pine Brigade, mention: {kind: unit, entity: own}}
- {source: ferry.txt, quote: captain of the ferry, mention: {kind: person, entity: Tove Marrick}}
- source: ferry.txt
  quote: The valley had been cut in two since the autumn
  section: front-status
- {source: ferry.txt, quote: eleven, figure: {value: 11, what: positions}}
- {source: ferry.txt, quote: no such words, mention: none}
- {source: some.txt, quote: delegation of Vastovia, mention: {kind: place}}
- {source: secret.txt, quote: The old mill at Osk, mention: {kind: place}}
- {source: secret.txt, quote: words nowhere to be found, mention: {kind: place}}
- {source: sercet.txt, quote: mill, mention: none}
- {source: ferry.txt, quote: "<script>alert(1)</script>", mention: {kind: place}}
""",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built project with corrections of sources of each right; its folder."""
    folder = tmp_path_factory.mktemp("corrections") / "project"
    made = project.build_it(project.make(folder, SEEDS))
    assert made.site is not None
    assert [(p.where, p.message.split(";")[0][:44]) for p in made.problems] == [
        ("corrections.yml:12", "`source` names sercet.txt, and there is no s"),
        ("corrections.yml:8", "“no such words” does not stand in ferry.txt"),
        ("corrections.yml:13", "“<script>alert(1)</script>” does not stand in"[:44]),
        ("corrections.yml:11", "“words nowhere to be found” does not stand in"[:44]),
    ]
    return folder


def page(folder: Path, part: str, word: str) -> Path:
    return next(p for p in (folder / "site" / part).iterdir() if word in p.name) / "index.html"


def test_the_page_marks_what_an_editor_put_right(site: Path) -> None:
    found = LexborHTMLParser(page(site, "briefings", "orrin").read_text(encoding="utf-8"))
    marked = {node.text() for node in found.css("a.bb-mention[data-editor]")}
    assert marked == {"Pine Brigade", "captain of the ferry"}
    assert {node.attributes["title"] for node in found.css("a.bb-mention[data-editor]")} == {"editor's word"}
    moved = next(n for n in found.css(".bb-run") if "cut in two" in n.text())
    (why,) = moved.css(".bb-reason [data-editor]")
    assert why.attributes["data-editor"] == "corrections.yml"
    assert "editor's word" in why.text()
    beside = next(n for n in found.css(".bb-run") if "President Lena Orsk" in n.text())
    assert beside.css(".bb-reason [data-editor]")[0].attributes["data-editor"] == "sections"
    dossier = LexborHTMLParser(page(site, "entities/units", "pine").read_text(encoding="utf-8"))
    assert "Pine Brigade" in {node.text() for node in dossier.css("mark[data-editor]")}


def test_a_correction_of_unpublished_text_is_nowhere(site: Path) -> None:
    stored = json.loads((page(site, "sources", "other").parent / "source.json").read_text(encoding="utf-8"))
    assert stored["edited"] == []
    words = (
        "The old mill at Osk",
        "delegation of Vastovia",
        "words nowhere to be",
        "no such words",
        "<script>alert(1)",
    )
    forms = {form for one in words for form in encodings(one)}
    for path in every_file(site / "docs", site / "site", site / ".cache"):
        content = path.read_bytes()
        assert not [form for form in forms if form in content], path


MARK = ' data-editor="corrections.yml" title="editor&#39;s word"'
NAMES = '<span data-label="mark.names">'


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        (MARK, "", "expected it marked as an editor's word"),
        (' title="editor&#39;s word"', ' title="source"', "or data-editor 'corrections.yml' and title"),
        ('<a class="bb-mention" href', f'<a class="bb-mention"{MARK} href', "no editor has the word on"),
        (f"{NAMES}Names underlined twice&#58;</span>", "", "behind a quotation"),
        (NAMES, f"Ask me! {NAMES}", "found the text 'Ask me!"),
        (' data-editor="sections">', ">", "expected it marked as an editor's word"),
    ],
)
def test_verify_takes_no_other_mark(site: Path, tmp_path: Path, old: str, new: str, part: str) -> None:
    broken = tmp_path / "site"
    shutil.copytree(site / "site", broken)
    place = page(site, "briefings", "orrin")
    target = broken / place.relative_to(site / "site")
    text = target.read_text(encoding="utf-8").replace("&#x27;", "&#39;")
    assert old in text
    target.write_text(text.replace(old, new, 1), encoding="utf-8")
    write_manifest(broken)
    assert any(part in problem.message for problem in verify_folder(broken).problems)


def test_the_cache_knows_nothing_of_corrections(site: Path) -> None:
    loaded = settings.load(site / "mkdocs.yml")
    reading = read(loaded.seeds, max_bytes=loaded.max_source_bytes)
    cache = Cache(build.cache_folder(loaded))
    before = build.analyze_all(reading.sources, executor=None, cache=cache, say=lambda _: None)
    assert all(analysis.edited == () for analysis in before)
    after, _ = correct.correct_all(reading.sources, before, reading.corrections)
    assert [len(analysis.edited) for analysis in after] == [4, 1, 1]


def test_analyze_and_explain_have_the_editors_word(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = ["--config", str(site / "mkdocs.yml")]
    ferry = str(site / "seeds" / "ferry.txt")
    assert cli.main(["analyze", "--json", *config, ferry]) == cli.PROBLEMS
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert "no such words" in err
    assert [edit["layer"] for edit in told["edited"]] == ["mention", "mention", "figure", "section"]
    assert {m["rule"] for m in told["mentions"] if told["text"][m["start"] : m["end"]] == "Pine Brigade"} == {"editor"}
    assert [told["text"][f["start"] : f["end"]] for f in told["figures"] if f["value"] == 11] == ["eleven"]
    assert cli.main(["explain", *config, ferry]) == cli.PROBLEMS
    assert "[editor]" in capsys.readouterr().out
    assert cli.main(["analyze", "--json", "--config", "no-such.yml", ferry]) == cli.GOOD
    assert json.loads(capsys.readouterr().out)["edited"] == []


def test_correct_prints_what_can_be_kept_as_it_is(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = ["--config", str(site / "mkdocs.yml")]
    assert cli.main(["correct", "ferry.txt", "spokesman,", "Jun", "Hallow", *config]) == cli.PROBLEMS
    out, err = capsys.readouterr()
    assert "no such words" in err
    assert "# Sentence 3, under front-status" in out
    found, problems = read_corrections(out, "c.yml")
    assert problems == ()
    assert "Jun Hallow" in [one.quote for one in found]
    assert "# in corrections.yml already" in out
    assert cli.main(["correct", str(site / "seeds" / "ferry.txt"), "3", *config]) == cli.PROBLEMS
    assert capsys.readouterr().out == out
    for words, part in ((["ferry.txt", "nobody", "said"], "no sentence holds"), (["x.txt"], "is no article below")):
        assert cli.main(["correct", *words, *config]) == cli.PROBLEMS
        assert part in capsys.readouterr().err


def test_entries_put_in_as_they_are_change_nothing_but_whose_word_it_is(site: Path) -> None:
    loaded = settings.load(site / "mkdocs.yml")
    reading = read(loaded.seeds, max_bytes=loaded.max_source_bytes)
    analyses = build.analyze_all(
        reading.sources, executor=None, cache=Cache(build.cache_folder(loaded)), say=lambda _: None
    )
    for source, analysis in zip(reading.sources, analyses, strict=True):
        one, two = analysis.sentences[:2]
        statement = Statement(*two, "mixed", "denial", None, None, analysis.mentions[0].entity, "model")
        word = source.article.text.index(" ", one.start)
        figure = Figure(one.start, word, 2.5, 3.0, "range", None)
        analysis = replace(analysis, statements=(statement,), figures=(figure,))
        found, problems = read_corrections("\n".join(entries(source, analysis)), "c.yml")
        assert problems == ()
        kept = [one for one in found if not isinstance(one.edit, SectionEdit)]
        after, problems = correct.correct(source.article, analysis, kept)
        assert problems == ()
        plain = replace(
            after,
            edited=(),
            mentions=tuple(
                new._replace(rule=old.rule) for new, old in zip(after.mentions, analysis.mentions, strict=True)
            ),
            statements=tuple(new._replace(rule="model") for new in after.statements),
        )
        assert plain == analysis
        assert len(after.edited) == len(analysis.mentions) + 2
        again, problems = correct.correct(source.article, analysis, found)
        # the sentences of one paragraph each name its section
        assert all("for this paragraph already" in problem.message for problem in problems)
        assert {section.reason for section in again.sections} == {"editor"}


def test_quotes_of_any_characters_come_back(tmp_path: Path) -> None:
    name = 'a\u200b"b\\c\U000e0041 #x: {y}'
    text = f"Title\nFirst there was {name} here.\n"
    (tmp_path / "odd.txt").write_text(text, encoding="utf-8")
    (source,) = read(tmp_path, max_bytes=9_999).sources
    (analysis,) = build.analyze_all([source], executor=None, cache=Cache(None), say=lambda _: None)
    start = source.article.text.index(name)
    put = Correction("odd.txt", name, 1, MentionEdit("place", "own"), "c")
    analysis, problems = correct.correct(source.article, analysis, [put])
    assert problems == ()
    lines = "\n".join(entries(source, replace(analysis, edited=())))
    found, problems = read_corrections(lines, "c.yml")
    assert problems == ()
    assert name in [one.quote for one in found]
    assert (start, start + len(name)) in [(m.start, m.end) for m in analysis.mentions]


def test_corrected_articles_are_exported_as_training_reads_them(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["correct", "--export", str(tmp_path), "--config", str(site / "mkdocs.yml")]) == cli.PROBLEMS
    assert "exported 3 corrected articles" in capsys.readouterr().out
    names = sorted(path.name for path in (tmp_path / "gold" / "editor").iterdir())
    assert len(names) == 3
    (ferry,) = (name for name in names if "orrin" in name)
    annotations = json.loads((tmp_path / "gold" / "editor" / ferry).read_text(encoding="utf-8"))
    text = (tmp_path / "corpus" / "editor" / ferry.replace(".json", ".txt")).read_text(encoding="utf-8")
    assert ["unit", "Pine Brigade"] in [[kind, text[a:b]] for a, b, kind, _ in annotations["mentions"]]
    assert [text[row["start"] : row["end"]] for row in annotations["figures"] if row["value"] == 11] == ["eleven"]
    assert [text[a:b].split()[0] for a, b, _ in annotations["sections"]][:3] == ["The", "“We", "The"]
    assert {label for *_, label in annotations["sections"]} <= {"front", "context", "negotiations", "other"}
    assert [layer for layer, *_ in annotations["edited"]] == ["mention", "mention", "figure", "section"]
    assert "\n\n" in text


def test_the_starter_has_a_file_for_corrections_without_any() -> None:
    text = (new.STARTER / "seeds" / "corrections.yml").read_text(encoding="utf-8")
    assert read_corrections(text, "c.yml") == ((), ())
    # what is commented out is a correction
    example = "\n".join(line[2:] for line in text.split("\n") if line.startswith("# - ") or line.startswith("#   "))
    found, problems = read_corrections(example, "c.yml")
    assert problems == ()
    assert found


def test_every_form_of_the_guide_is_one() -> None:
    text = (project.ROOT / "docs" / "guide" / "corrections.md").read_text(encoding="utf-8")
    block = "\n".join(line[4:] for line in text.split("\n") if line.startswith(("    - ", "      ")))
    rows = yaml.safe_load(block)
    found, problems = read_corrections(block, "corrections.md")
    assert problems == ()
    assert len(found) == len(rows)
    assert {one.layer for one in found} == {"mention", "statement", "figure", "section"}
