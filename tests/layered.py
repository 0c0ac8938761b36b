"""Articles from an invented country with every layer read out of them by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from briefbook.analyze.sections import route
from briefbook.analyze.sentences import split
from briefbook.model import (
    Analysis,
    ArticleEntity,
    DateExpression,
    Figure,
    Hedge,
    Kind,
    Mention,
    PlaceReport,
    Position,
    Reply,
    Source,
    SourceData,
    Span,
    Statement,
)
from briefbook.publish import publish
from briefbook.read.text import read_text
from briefbook.render import render
from briefbook.resolve import resolve
from briefbook.settings import Rights
from marked import unread

TITLE = "Velmora takes Drunmore & holds <Askel>"
TEXT = f"""{TITLE}

Front status

Velmoran forces have retaken Drunmore, said Mara Okker, the president. About 1,200.5 tonnes of grain burned there on Tuesday. The mill of Askel was probably hit by three to five shells.

“We came over the ice in the night. Nobody saw us, not even the dogs. By dawn the landing was ours. The river froze in late January, and it will hold us until March,” Ivo Tamm told reporters.

“You will hear more of us,” one of them shouted. Dozens of people left the town.

The bridge at Sarn was blown up, <b>officials</b> `said` {{{{ 7*7 }}}} on Friday.

Strategic context

Tarvia had announced that the whole river was secured. Okker called that “a **fairy** tale”.

Peace negotiations

Envoys of Tarvia demand a buffer zone. Mara Okker has ruled out any zone without a referendum, and Tarvia will hardly give in.
"""  # noqa: E501
PEOPLE: dict[str, tuple[Kind, tuple[str, ...]]] = {
    "Mara Okker": ("person", ("Mara Okker", "Okker")),
    "Ivo Tamm": ("person", ("Ivo Tamm",)),
    "Drunmore": ("place", ("Drunmore",)),
    "Askel": ("place", ("Askel",)),
    "Sarn": ("place", ("Sarn",)),
    "Tarvia": ("place", ("Tarvia",)),
}
PUBLISHED = date(2026, 2, 5)


def span(text: str, words: str, nth: int = 1) -> Span:
    """Where `words` stand in `text` for the `nth` time."""
    at = -1
    for _ in range(nth):
        at = text.index(words, at + 1)
    return Span(at, at + len(words))


def _mentions(text: str) -> tuple[tuple[Mention, ...], tuple[ArticleEntity, ...]]:
    taken: list[tuple[Span, Kind, int]] = []
    for entity, (kind, forms) in enumerate(PEOPLE.values()):
        for form in forms:
            at = text.find(form)
            while at >= 0:
                if not any(start <= at < end for (start, end), _, _ in taken):
                    taken.append((Span(at, at + len(form)), kind, entity))
                at = text.find(form, at + 1)
    taken.sort()
    mentions = tuple(Mention(*where, kind, entity, "model") for where, kind, entity in taken)
    entities = tuple(
        ArticleEntity(
            kind,
            next(n for n, m in enumerate(mentions) if text[m.start : m.end] == name),
            tuple(n for n, m in enumerate(mentions) if m.entity == entity),
        )
        for entity, (name, (kind, _)) in enumerate(PEOPLE.items())
    )
    return mentions, entities


def analysis(text: str) -> Analysis:
    """Everything that is to be read out of `TEXT`."""
    article = read_text(text)
    text = article.text

    def at(words: str, nth: int = 1) -> Span:
        return span(text, words, nth)

    def said(words: str, mode: str, kind: str, speaker: Span | None, cue: Span | None, entity: int | None) -> Statement:
        return Statement(*at(words), mode, kind, speaker, cue, entity, "test")  # type: ignore[arg-type]

    speech = Span(at("We came over").start, at("until March").end)
    sentences = split(text, article.blocks)
    mentions, entities = _mentions(text)
    bridge = at("The bridge at Sarn was blown up")
    return Analysis(
        route(article, sentences, SourceData(), unread(article)),
        mentions,
        entities,
        (),
        statements=(
            said("Velmoran forces have retaken Drunmore", "indirect", "claim", at("Mara Okker"), at("said"), 0),
            Statement(*speech, "direct", "claim", at("Ivo Tamm"), at("told reporters"), 1, "test"),
            said("You will hear more of us", "direct", "promise", at("one of them"), at("shouted"), None),
            said("The bridge at Sarn was blown up", "indirect", "claim", at("<b>officials</b>"), at("`said`"), None),
            said("the whole river was secured", "indirect", "claim", at("Tarvia"), at("announced"), 5),
            said("that “a **fairy** tale", "mixed", "denial", at("Okker", 2), at("called"), 0),
            said("a buffer zone", "indirect", "demand", None, at("demand"), None),
            said("any zone without a referendum", "indirect", "denial", at("Mara Okker", 2), at("ruled out"), 0),
        ),
        figures=(
            Figure(*at("About 1,200.5 tonnes"), 1200.5, None, "~", at("grain")),
            Figure(*at("three to five"), 3.0, 5.0, "range", at("shells")),
            Figure(*at("Dozens"), None, None, "=", at("people")),
        ),
        dates=(
            DateExpression(*at("on Tuesday"), date(2026, 2, 3), date(2026, 2, 3), "day", True),
            DateExpression(*at("in late January"), date(2026, 1, 21), date(2026, 1, 31), "week", True),
            DateExpression(*at("until March"), date(2026, 3, 1), date(2026, 3, 31), "month", False),
            DateExpression(*at("on Friday"), None, None, "day", False),
        ),
        hedges=(
            Hedge(*at("probably"), "likelihood", "likely"),
            Hedge(*at("hardly"), "belief", None),
        ),
        places=(
            PlaceReport(at("Drunmore", 2), at("retaken"), "reclaimed", at("Velmoran forces")),
            PlaceReport(at("The mill of Askel"), at("hit"), "struck", None),
            PlaceReport(at("Sarn"), Span(bridge.end - len("was blown up"), bridge.end), "struck", None),
        ),
        replies=(
            Reply(at("the whole river was secured"), at("a **fairy** tale")),
            Reply(speech, at("Dozens of people")),
        ),
        positions=(
            Position(at("Envoys of Tarvia"), at("a buffer zone"), "demand"),
            Position(at("Mara Okker", 2), at("any zone without a referendum"), "refusal"),
        ),
    )


def repeated(times: int) -> tuple[str, Analysis]:
    """`TEXT` with its body so many times, and everything that is to be read out of that."""
    title, _, body = TEXT.partition("\n\n")
    text = f"{title}\n\n" + "\n".join([body] * times)
    article, once = read_text(text), analysis(TEXT)
    mentions, entities = _mentions(article.text)
    known = {"mentions": mentions, "entities": entities, "roles": ()}
    known["sections"] = route(article, split(article.text, article.blocks), SourceData(), unread(article))
    length = len(body) + 1
    for name in ("statements", "figures", "dates", "hedges", "places", "replies", "positions"):
        known[name] = tuple(_shifted(one, n * length) for n in range(times) for one in getattr(once, name))
    return text, Analysis(**known)  # type: ignore[arg-type]


def _shifted(layer: Any, by: int) -> Any:
    """A value of a layer `by` characters further on."""
    moved = {}
    for name, value in layer._asdict().items():
        if isinstance(value, Span):
            moved[name] = Span(value.start + by, value.end + by)
        elif name in ("start", "end"):
            moved[name] = value + by
    return layer._replace(**moved)


def source(path: str = "layered.txt", text: str = TEXT, **data: object) -> Source:
    """A source of `text`, with a publication date."""
    known = SourceData(published=PUBLISHED, publisher="The Port Ellery Courier", **data)  # type: ignore[arg-type]
    slug = path.removesuffix(".txt")
    return Source(path, (), "0" * 64, slug, known, read_text(text))


def plain(path: str, title: str, body: str) -> tuple[Source, Analysis]:
    """A source without any layer."""
    article = read_text(f"{title}\n\n{body}\n")
    known = SourceData(published=date(2026, 2, 1))
    sections = route(article, split(article.text, article.blocks), known, unread(article))
    return Source(path, (), "1" * 64, path.removesuffix(".txt"), known, article), Analysis(sections, (), (), ())


def write(docs: Path, found: Iterable[tuple[Source, Analysis]], page_bytes: int, origins: tuple[int, ...] = ()) -> None:
    """The pages of some articles, by the real stages from rights on."""
    from briefbook.compose import compose
    from briefbook.rights import allow

    pairs = list(found)
    allowed = allow([one for one, _ in pairs], [one for _, one in pairs], Rights(default="full"))
    corpus, _ = resolve(allowed.sources, allowed.analyses, ())
    corpus = replace(corpus, origins=origins or corpus.origins)
    publish(render(compose(corpus, page_bytes=page_bytes)), docs)
