"""The words that name a source where the encoder marks none: the subject of a cue, or who "according to" names.

Only what is plain is taken: a name, or a noun that says who speaks (`role_words.yml`, `speakers.yml`) with its
article and adjectives, right before the cue but for adverbs and auxiliaries.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from briefbook import lists
from briefbook.model import Mention, Span

_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
_ACCORDING = re.compile(r"according\s+to\Z", re.IGNORECASE)
_LEAD = re.compile(r"\s+(?:(?:the|an?|its|their|his|her)\s+)?", re.IGNORECASE)
_ARTICLES = frozenset(["the", "a", "an"])
LONGEST = 6
"""Words of a noun phrase that names a source, its article included."""


def subject(text: str, cue: Span, sentence: Span, mentions: Sequence[Mention]) -> Span | None:
    """Who the words of `cue`, within `sentence`, say speaks; None where it is not plain.

    `mentions` are the names of the article, in order.
    """
    if _ACCORDING.search(text, cue.start, cue.end):
        return _behind(text, cue.end, sentence.end, mentions)
    between = lists.speakers()["between"]
    words = list(_WORD.finditer(text, sentence.start, cue.start))
    while words and words[-1][0].casefold() in between:
        words.pop()
    if not words:
        return None
    end = words[-1].end()
    at = bisect_left(mentions, end, key=lambda mention: mention.end)
    if at < len(mentions) and sentence.start <= mentions[at].start < end and mentions[at].end <= cue.start:
        named = Span(mentions[at].start, mentions[at].end)
        return None if _parted(text, named.end, cue.start) else named
    return None if _parted(text, end, cue.start) else _ending(words, text)


def _parted(text: str, start: int, end: int) -> bool:
    """Whether a mark stands between a subject and its cue that parts them."""
    return any(mark in text[start:end] for mark in '“”";:.')


def _ending(words: Sequence[re.Match[str]], text: str) -> Span | None:
    """The noun phrase that the words end with."""
    if not _speaks(words[-1][0]):
        return None
    first = len(words) - 1
    while first > 0 and len(words) - first < LONGEST:
        word = words[first - 1]
        if text[word.end() : words[first].start()] != " ":
            break
        if word[0].casefold() in _ARTICLES:
            first -= 1
            break
        if not (word[0][0].isupper() or _qualifies(word[0])):
            break
        first -= 1
    return Span(words[first].start(), words[-1].end())


def _behind(text: str, start: int, end: int, mentions: Sequence[Mention]) -> Span | None:
    """The name or noun phrase behind "according to"."""
    lead = _LEAD.match(text, start, end)
    if lead is None:
        return None
    at = bisect_left(mentions, lead.end(), key=lambda mention: mention.start)
    words: list[re.Match[str]] = []
    for word in _WORD.finditer(text, lead.end(), end):
        if len(words) == LONGEST or (words and text[words[-1].end() : word.start()] != " "):
            break
        words.append(word)
        if _speaks(word[0]) and word[0][0].islower():
            return Span(start + 1, word.end())
        if not (word[0][0].isupper() or _qualifies(word[0])):
            break
    if at < len(mentions) and mentions[at].start == lead.end() and mentions[at].end <= end:
        return Span(mentions[at].start, mentions[at].end)
    return None


def _speaks(word: str) -> bool:
    """Whether a noun says who speaks, in the singular or the plural."""
    bare = word.casefold()
    heads = lists.role_words()["person"]
    return bare in lists.speakers()["crowd"] or bare in heads or (bare.endswith("s") and bare[:-1] in heads)


def _qualifies(word: str) -> bool:
    bare = word.casefold()
    return bare in lists.speakers()["adjectives"] or bare in lists.titles().modifiers or word in lists.peoples()
