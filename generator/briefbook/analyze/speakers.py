"""Who the words that name a source mean: an entity of the article, where the article makes that clear, else nobody.

A wrong speaker is worse than none: every rule here needs one candidate that nothing speaks against.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from briefbook import lists
from briefbook.model import ArticleEntity, Mention, Role, Span

_WORD = re.compile(r"[^\W_]+(?:[-.][^\W_]+)*")
_APPOSITION = re.compile(r"\s*[,(]")
_DEPENDS = re.compile(r"\b(?:of|to|for|with|from|by|about|and|or)\s+(?:[^\W_]+\s+){0,3}\Z")
"""What stands before the name of somebody else than the source: "an adviser to (President) Harrow"."""
_IN_TITLE = re.compile(r"\b(?:of|for)\s+(?:[^\W_]+\s+)*[^\W_]*(?:minister|secretary|state)\w*\s+\Z")
"""A preposition that belongs to the title before the name: "Secretary of State Harrow"."""
NEAR = 3
"""Sentences back in which a pronoun or a title alone may find who it means, as in most coreference work: further back
the article may have turned to somebody else (see Lappin and Leass 1994 on recency)."""
WIDE = 300
"""Characters before and behind a source in which names may be joined to it: a list of ten names."""
Told = Mapping[str, Sequence[tuple[int, int, frozenset[str]]]]
"""By word: where it is first told of an entity, the entity, and all the words that are told of it there."""


class Who(NamedTuple):
    """The entity that a source's words mean (None: not clear), and the rule that told."""

    entity: int | None
    rule: str


NOBODY = Who(None, "none")


class Speakers:
    """The people and bodies of an article, asked by the words that name a source."""

    def __init__(
        self,
        text: str,
        mentions: Sequence[Mention],
        entities: Sequence[ArticleEntity],
        roles: Sequence[Role],
        sentences: Sequence[Span],
    ) -> None:
        self._text = text
        self._mentions = mentions
        self._entities = entities
        self._starts = [mention.start for mention in mentions]
        self._sentences = sorted(sentences)
        self._sentence_starts = [start for start, _ in self._sentences]
        self._offices = _offices(text, mentions, roles)
        self._bodies = _bodies(text, mentions)
        self._gender = _genders(text, mentions)

    def who(self, source: Span, before: Sequence[Who] = ()) -> Who:
        """Whom the words of `source` mean; `before` are the speakers of the statements before it, the nearest last."""
        words = [match[0].casefold() for match in _WORD.finditer(self._text, *source)]
        if not words:
            return NOBODY
        if (named := self._named(source)) is not None:
            return named
        told = lists.speakers()
        if len(words) == 1:
            if words[0] in told["he"] or words[0] in told["she"]:
                return self._person(source, "she" if words[0] in told["she"] else "he", before)
            if words[0] in told["it"]:
                return self._body_before(source)
            if words[0] in told["first"] or words[0] in told["they"]:
                return NOBODY
        if words[0] in told["he"] or words[0] in told["she"]:
            if words[-1] in told["products"]:
                return self._person(source, "she" if words[0] in told["she"] else "he", before)
            return NOBODY
        if words[0] in told["it"] and words[-1] in told["products"]:
            return self._body_before(source)
        return self._titled(source, [word for word in words if word not in told["less"]])

    def peers(self, source: Span, sources: Sequence[Span]) -> list[Span]:
        """What may be named together with a source, in order: `sources`, and names of the kind that it has."""
        kinds = {self._mentions[n].kind for n in self._inside(source)}
        near = Span(max(0, source.start - WIDE), source.end + WIDE)
        names = [
            Span(self._mentions[n].start, self._mentions[n].end)
            for n in self._inside(near)
            if kinds == {self._mentions[n].kind}
        ]
        rest = [name for name in names if not any(one.start < name.end and name.start < one.end for one in sources)]
        return sorted([*sources, *rest])

    def _inside(self, span: Span) -> Sequence[int]:
        """The mentions that share characters with a span."""
        at = bisect_left(self._starts, span.start)
        if at and self._mentions[at - 1].end > span.start:
            at -= 1
        return range(at, bisect_left(self._starts, span.end))

    def _named(self, source: Span) -> Who | None:
        """The entity that is named in the words: alone, with a title, an apposition, or what it issued; else None.

        NOBODY where a name is there, but not of the source ("an adviser to Harrow").
        """
        found = list(self._inside(source))
        if not found:
            return None
        told = lists.speakers()
        people = [n for n in found if self._mentions[n].kind == "person"]
        for n in people:
            mention = self._mentions[n]
            before = self._text[source.start : mention.start]
            after = self._text[mention.end : source.end].strip()
            owner = re.match(r"['’]s?\b", after)
            if owner:
                issued = [match[0].casefold() for match in _WORD.finditer(after, owner.end())]
                if issued and issued[-1] in told["products"] and not _WORD.search(before.replace("the", "")):
                    return Who(mention.entity, "owner")
                return NOBODY
            if _DEPENDS.search(before) and not _IN_TITLE.search(before.casefold()):
                continue
            return Who(mention.entity, "named")
        if people:
            return NOBODY
        first = self._mentions[found[0]]
        lead = [match[0].casefold() for match in _WORD.finditer(self._text, source.start, first.start)]
        lead = [word for word in lead if word not in told["less"]]
        tail = self._text[first.end : source.end]
        rest = [match[0].casefold() for match in _WORD.finditer(tail)]
        rest = [word for word in rest if word != "s"]
        body = first.kind in ("organization", "unit")
        if not lead and body:
            if not rest or _APPOSITION.match(tail) or rest[0] in ("of", "in", "at"):
                return Who(first.entity, "named")
            # "a Ministry spokesman" speaks for it; "the Ministry spokesman" may be somebody named elsewhere
            indefinite = self._text[source.start : source.start + 2].casefold() in ("a ", "an") or rest[-1].endswith(
                "s"
            )
            if rest[-1] in told["products"] or (rest[-1] in told["voices"] and len(rest) <= 2 and indefinite):
                return Who(first.entity, "owner")
            return NOBODY
        if not lead and first.kind == "place" and (not rest or _APPOSITION.match(tail)):
            return Who(first.entity, "named")
        if lead and body and lead[0] in (told["products"] | told["voices"]) and not rest and len(lead) <= 3:
            return Who(first.entity, "owner")
        if body and not rest and lead and all(word in told["less"] or word in lists.peoples() for word in lead):
            return Who(first.entity, "named")
        return NOBODY

    def _person(self, source: Span, pronoun: str, before: Sequence[Who]) -> Who:
        """The person a pronoun means: the only one in the last sentences, or the one that was said to speak last."""
        here = self._sentence(source.start)
        if here < 0:
            return NOBODY
        for back in range(NEAR + 1):
            if here - back < 0:
                break
            start, end = self._sentences[here - back]
            end = min(end, source.start)
            people = [
                self._mentions[n].entity
                for n in self._inside(Span(start, end))
                if self._mentions[n].kind == "person" and self._mentions[n].end <= end
            ]
            fitting = [entity for entity in dict.fromkeys(people) if self._gender.get(entity, pronoun) == pronoun]
            if len(fitting) == 1:
                return Who(fitting[0], "pronoun")
            if fitting:
                last = before[-1].entity if before else None
                if last in fitting:
                    return Who(last, "pronoun")
                # several: the one that the sentence begins with is its subject
                return Who(fitting[0], "pronoun") if back and self._begins(start, fitting[0]) else NOBODY
        latest = before[-1].entity if before else None
        if latest is not None and self._entities[latest].kind == "person":
            return Who(latest, "pronoun")
        return NOBODY

    def _begins(self, start: int, entity: int) -> bool:
        """Whether the first name from `start` on is of `entity`."""
        at = bisect_left(self._starts, start)
        return at < len(self._mentions) and self._mentions[at].entity == entity

    def _body_before(self, source: Span) -> Who:
        """The body that "it" means: the only one named in this sentence before it, or in the sentence before."""
        here = self._sentence(source.start)
        for back in (0, 1):
            if here - back < 0:
                break
            start, end = self._sentences[here - back]
            span = Span(start, min(end, source.start))
            bodies = {
                self._mentions[n].entity
                for n in self._inside(span)
                if self._mentions[n].kind in ("organization", "unit")
            }
            if len(bodies) == 1:
                return Who(bodies.pop(), "pronoun")
            if bodies:
                return NOBODY
        return NOBODY

    def _titled(self, source: Span, words: Sequence[str]) -> Who:
        """Whom "the governor" or "the ministry" means: the one entity named before that the words are said of."""
        if not words or self._text[source.start : source.start + 2].casefold() in ("a ", "an"):
            return NOBODY
        head = words[-1]
        told = lists.speakers()
        if head in told["products"]:
            return NOBODY
        if any(word in told["bodies"] for word in words[-1:]):
            return self._only(self._bodies, source, words)
        return self._only(self._offices, source, words)

    def _only(self, told: Told, source: Span, words: Sequence[str]) -> Who:
        """The one entity of which all `words` are told before `source`."""
        held = {
            entity for start, entity, all_ in told.get(words[-1], ()) if start < source.start and all_ >= set(words)
        }
        return Who(held.pop(), "title") if len(held) == 1 else NOBODY

    def _sentence(self, offset: int) -> int:
        return bisect_right(self._sentence_starts, offset) - 1


def _offices(text: str, mentions: Sequence[Mention], roles: Sequence[Role]) -> Told:
    """What the roles of the people of an article say."""
    people = {mention.entity for mention in mentions if mention.kind == "person"}
    return _told(text, [(Span(role.start, role.end), role.entity) for role in roles if role.entity in people])


def _bodies(text: str, mentions: Sequence[Mention]) -> Told:
    """What the names of the bodies of an article say."""
    bodies = [mention for mention in mentions if mention.kind in ("organization", "unit")]
    return _told(text, [(Span(mention.start, mention.end), mention.entity) for mention in bodies])


def _told(text: str, rows: Sequence[tuple[Span, int]]) -> Told:
    first: dict[tuple[int, frozenset[str]], int] = {}
    for span, entity in sorted(rows):
        words = frozenset(match[0].casefold() for match in _WORD.finditer(text, *span))
        first.setdefault((entity, words), span.start)
    told: dict[str, list[tuple[int, int, frozenset[str]]]] = {}
    for (entity, words), start in first.items():
        for word in words:
            told.setdefault(word, []).append((start, entity, words))
    return told


_HONORIFIC = re.compile(r"\b(Mrs?|Ms|Miss|Madam|Sir|Lord|Lady|Dame)\.?\s+\Z")


def _genders(text: str, mentions: Iterable[Mention]) -> dict[int, str]:
    """The pronoun of the people whose title tells it: "Mr" and "Mrs" alone, never a guess from a given name."""
    found: dict[int, str] = {}
    for mention in mentions:
        if mention.kind != "person":
            continue
        if title := _HONORIFIC.search(text, max(0, mention.start - 8), mention.start):
            found.setdefault(mention.entity, "he" if title[1] in ("Mr", "Sir", "Lord") else "she")
    return found
