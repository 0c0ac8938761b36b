"""Roles: the words by which a source says what somebody or something is.

Two shapes alone, each within one sentence: a title directly before a name, and an apposition behind it. The head noun
must stand in `role_words.yml`; where the phrase is in doubt there is no role.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from briefbook import lists
from briefbook.model import ArticleEntity, Mention, Role, Span

_TOKEN = re.compile(r"[^\W_]+(?:[-.'’][^\W_]+)*['’]?")
_END = re.compile(r"(?<!\d)[,.]|[,.](?!\d)|[;:!?()\[\]“”\"«»—–]|\s-\s|\n")
_STOPPED = re.compile(r"(?:\b[^\W\d_]|\b(?:Mr|Mrs|Ms|Dr|St|Gen|Col|Lt|Sgt|Maj|Capt|No|Jr|Sr))\.$")
_ARTICLE = re.compile(r"(?:an?|the)\s")
_AGE = re.compile(r"\s?\d{1,3}(?:\syears old)?,")
_LONGEST = 120
"""Longest role in characters: longer phrases are clauses, not what somebody is."""


def roles(
    text: str, mentions: Sequence[Mention], entities: Sequence[ArticleEntity], sentences: Sequence[Span]
) -> tuple[Role, ...]:
    """The roles of an article's entities, in the order of the text, each phrase once.

    `mentions` and `entities` are those of the article's analysis, `sentences` its sentences in order.
    """
    bounds = sorted(sentences)
    starts = [start for start, _ in bounds]
    ends = {mention.end: mention for mention in mentions}
    found: dict[tuple[int, int, int], Role] = {}
    for at, mention in enumerate(mentions):
        index = bisect_right(starts, mention.start) - 1
        if index < 0 or mention.end > bounds[index].end:
            continue
        sentence = bounds[index]
        spans = []
        if entities[mention.entity].kind == "person":
            spans.append(_title(text, mention, sentence, ends))
        spans.append(_apposition(text, at, sentence, mentions, entities))
        for span in spans:
            if span is not None:
                found.setdefault((*span, mention.entity), Role(*span, mention.entity))
    return tuple(sorted(found.values()))


def _title(text: str, mention: Mention, sentence: Span, ends: dict[int, Mention]) -> Span | None:
    """The title directly before a name, names inside it ("Kremlin spokesman") included."""
    titles, heads, peoples = lists.titles(), lists.role_words()["person"], lists.peoples()
    start, stop = mention.start, mention.start
    head = False
    while start > sentence.start and text[start - 1] == " ":
        at = start - 1
        if (named := ends.get(at)) is not None and head and named.start >= sentence.start and named.kind != "person":
            start = named.start
            continue
        word = _word_before(text, at, sentence.start)
        if word is None:
            break
        bare = word.rstrip(".").casefold()
        first = start == mention.start
        is_head = bare in heads or bare in titles.offices or bare in titles.ranks
        if first and (not is_head or (bare in titles.honorifics and bare not in heads)):
            break
        if not first and not (is_head or bare in titles.modifiers or word in peoples or _compound(bare, heads)):
            break
        head = True
        start = at - len(word)
    if not head or start == stop:
        return None
    return Span(start, stop - 1)


def _word_before(text: str, end: int, floor: int) -> str | None:
    start = end
    while start > floor and (text[start - 1].isalnum() or text[start - 1] in "-."):
        start -= 1
    word = text[start:end]
    return word if any(char.isalpha() for char in word) and not (word.endswith(".") and len(word) < 2) else None


def _compound(word: str, heads: frozenset[str]) -> bool:
    return "-" in word and (word.split("-")[-1] in heads or word.split("-")[0] in ("vice", "ex", "then"))


def _apposition(
    text: str, at: int, sentence: Span, mentions: Sequence[Mention], entities: Sequence[ArticleEntity]
) -> Span | None:
    """The apposition behind mention `at` and a comma, up to the end of the phrase."""
    mention = mentions[at]
    kind = entities[mention.entity].kind
    heads = lists.role_words().get(kind)
    if heads is None or text[mention.end : mention.end + 2] != ", ":
        return None
    start = mention.end + 2
    if age := _AGE.match(text, start, sentence.end):
        start = age.end() + 1
    stop = _phrase_end(text, start, sentence.end)
    article = _ARTICLE.match(text, start, stop)
    if article:
        start = article.end()
    elif kind != "person":
        # without an article the phrase may as well be the next item of a list
        return None
    head = _head(text, start, stop, heads) if stop - start <= _LONGEST else None
    if head is None:
        return None
    inside = [mention for mention in mentions[at + 1 : at + 6] if mention.start < stop]
    if any(mention.start <= head < mention.end for mention in inside):
        return None
    if inside and inside[0].kind == "person" and text[head : inside[0].start].count(" ") == 1:
        # a title before the next name of a list is that one's
        return None
    return Span(start, stop)


def _phrase_end(text: str, start: int, floor: int) -> int:
    """Where a phrase ends: at a comma, stop, dash or clause word; `start` where a bracket or quotation breaks it."""
    stop = floor
    for match in _END.finditer(text, start, floor):
        if match[0] == "." and _STOPPED.search(text, start, match.end()):
            continue
        if match[0] in "([":
            return start
        if match[0] in '“”"«»':
            continue
        stop = match.start()
        break
    stop = _clause_start(text, start, stop)
    while stop > start and (text[stop - 1].isspace() or text[stop - 1] in ",.;:"):
        stop -= 1
    opened = sum(text.count(mark, start, stop) for mark in "“«") - sum(text.count(mark, start, stop) for mark in "”»")
    return start if opened or text.count('"', start, stop) % 2 else stop


def _clause_start(text: str, start: int, stop: int) -> int:
    """Where a clause of its own begins in a phrase: at "who", at a verb, at "and" with a verb close behind it."""
    clause = lists.clause_words()
    words = list(_TOKEN.finditer(text, start, stop))
    for at, match in enumerate(words[1:], 1):
        word = match[0].casefold()
        if word in clause or (word == "and" and any(w[0].casefold() in clause for w in words[at + 1 : at + 4])):
            return match.start()
    return stop


def _head(text: str, start: int, stop: int, heads: frozenset[str]) -> int | None:
    """Where the head noun of a phrase stands: its last word before the first preposition, if that is in `heads`."""
    head = None
    prepositions = lists.prepositions()
    for count, match in enumerate(_TOKEN.finditer(text, start, stop)):
        word = match[0].casefold()
        if head is not None and (word in prepositions or word in ("and", "or")):
            break
        if count > 8 or word in prepositions or (head is None and word in ("and", "or", "but")):
            return None
        head = match
    if head is None:
        return None
    word = head[0].casefold()
    return head.start() if word in heads or _compound(word, heads) else None
