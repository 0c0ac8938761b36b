"""Texts with marked names for golden cases: `{Velm:place}` is a name of kind place, the braces are not in the text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, cast

import yaml

from briefbook.model import KINDS, Article, Kind, Name, SectionKey, Span

CASES = Path(__file__).parent / "cases"
_MARK = re.compile(r"\{([^{}]*):(\w+)\}")
_SENTENCE = re.compile(r"\S[^\n]*?(?:[.!?][”\"’)]*(?=\s+[“\"]?[A-Z]|\s*$|\n)|(?=\n|$))")


def cases(file: str) -> list[dict[str, Any]]:
    """The cases of a file below `tests/cases/`."""
    return cast("list[dict[str, Any]]", yaml.safe_load((CASES / file).read_text(encoding="utf-8")))


def pieces(key: str) -> list[str]:
    """What made-up articles are put together of (`cases/pieces.yml`)."""
    return cast("list[str]", yaml.safe_load((CASES / "pieces.yml").read_text(encoding="utf-8"))[key])


def unmarked(marked: str) -> tuple[str, list[Name]]:
    """The text without marks, and the names that were marked, with offsets into it."""
    text, names, at = "", [], 0
    for match in _MARK.finditer(marked):
        assert match[2] in KINDS
        text += marked[at : match.start()]
        names.append(Name(len(text), len(text) + len(match[1]), cast(Kind, match[2])))
        text += match[1]
        at = match.end()
    return text + marked[at:], names


def sentences(text: str) -> list[Span]:
    """A plain division into sentences, enough for short cases."""
    return [Span(*match.span()) for match in _SENTENCE.finditer(text)]


def unread(article: Article, key: SectionKey = "front-status") -> list[SectionKey]:
    """What the encoder reads in each block, for tests that do without it: one section everywhere."""
    return [key] * len(article.blocks)
