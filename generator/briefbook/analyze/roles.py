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
_SMALL_END = re.compile(r"(?:[\s,.;:]|\b(?:the|an?|of|for|in|at|to|on|with|from|and)\b)*\Z")
_OF = re.compile(r"\b([^\W\d_]+(?:-[^\W\d_]+)*) (?:of|for) (?:the )?(?:[A-Z][\w'’-]* (?:(?:and|of) )?){1,4}\Z")
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
    if behind := _OF.search(text, max(sentence.start, start - _LONGEST), start):
        # "Secretary of State": the head noun stands before "of"
        if behind[1].casefold() not in heads:
            return None
        start, head = behind.start(), True
    while start > sentence.start and text[start - 1] == " ":
        at = start - 1
        if (named := ends.get(at)) is not None and head and named.start >= sentence.start and named.kind != "person":
            start = named.start
            continue
        word = _word_before(text, at, sentence.start)
        if word is None:
            break
        bare = word.rstrip(".").casefold()
        first = not head
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
    start, article = _without_lead(text, start, stop)
    if kind != "person" and not article:
        # without an article the phrase may as well be the next item of a list
        return None
    head = _head(text, start, stop, heads) if stop - start <= _LONGEST else None
    if head is None:
        return None
    for other in mentions[at + 1 : at + 6]:
        if other.start >= stop:
            break
        if other.start <= head < other.end:
            return None
        if entities[other.entity].kind == "person" and not _belongs(text, other):
            # a title before the next name of a list is that one's
            return None
    return Span(start, stop)


def _without_lead(text: str, start: int, stop: int) -> tuple[int, bool]:
    """Where a phrase begins behind its article, if it has one; an article behind "formerly" and the like stays."""
    for match in _TOKEN.finditer(text, start, stop):
        word = match[0].casefold()
        if word in ("a", "an", "the"):
            return (start if match.start() > start else min(match.end() + 1, stop)), True
        if word not in lists.lead_words():
            break
    return start, False


def _belongs(text: str, mention: Mention) -> bool:
    """Whether a person inside a phrase is a part of it: behind a preposition ("lawyer for"), or with a possessive."""
    before = _word_before(text, max(0, mention.start - 1), max(0, mention.start - _LONGEST))
    return text[mention.end : mention.end + 1] in ("'", "’") or (before or "").casefold() in lists.prepositions()


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
    if small := _SMALL_END.search(text, start, stop):
        stop = small.start()
    opened = sum(text.count(mark, start, stop) for mark in "“«") - sum(text.count(mark, start, stop) for mark in "”»")
    return start if opened or text.count('"', start, stop) % 2 else stop


def _clause_start(text: str, start: int, stop: int) -> int:
    """Where a clause of its own begins in a phrase: at "who", at a verb, at "and" with a verb close behind it."""
    clause = lists.clause_words()
    words = list(_TOKEN.finditer(text, start, stop))
    for at, match in enumerate(words):
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
