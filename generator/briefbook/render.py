"""Views -> pages: one Jinja template per page type, all text through the one encoder.

A page is front matter, Markdown headings that hold labels alone, and raw HTML blocks for everything else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from briefbook import escape, paths
from briefbook.labels import label
from briefbook.model import Page
from briefbook.views import (
    AliasPage,
    Asset,
    Briefing,
    BriefingIndex,
    Corrections,
    Dossier,
    FrozenSource,
    Home,
    KindIndex,
    Overview,
    Stream,
    Tombstone,
    View,
)

PAGES: tuple[tuple[type[View], str], ...] = (
    (Home, "home"),
    (BriefingIndex, "briefing_index"),
    (Briefing, "briefing"),
    (FrozenSource, "frozen_source"),
    (Stream, "stream"),
    (Overview, "overview"),
    (KindIndex, "kind_index"),
    (Dossier, "dossier"),
    (AliasPage, "alias_page"),
    (Tombstone, "tombstone"),
    (Corrections, "corrections"),
)
"""Every page type and its template in `templates/`."""

TITLE_LENGTH = 200
"""Longest title in a page's front matter, in characters; the page itself shows the whole."""

_BLANK = re.compile(r"\n{3,}")


def render(views: Iterable[View | Asset]) -> Iterator[Page]:
    """The file of each view, in the order given."""
    environment = _environment()
    templates = {view: (name, environment.get_template(f"{name}.md.jinja")) for view, name in PAGES}
    for view in views:
        if isinstance(view, Asset):
            yield Page(view.address, view.text)
        else:
            name, template = templates[type(view)]
            text = template.render(view=view, kind=name)
            yield Page(paths.page_file(view.frame.address), _BLANK.sub("\n\n", text).rstrip("\n") + "\n")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("briefbook"),
        autoescape=True,
        finalize=_finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["attr"] = lambda value: Markup(escape.encode_address(str(value)))
    environment.globals |= {
        "labels": label,
        "meta": _meta,
        "marks": {name: label(f"mark.{name}") for name in ("source", "briefing", "publisher", "editor")},
    }
    return environment


def _finalize(value: Any) -> Any:
    return value if isinstance(value, Markup) else Markup(escape.encode(str(value)))


def _meta(text: str) -> Markup:
    short = text if len(text) <= TITLE_LENGTH else f"{text[:TITLE_LENGTH].rstrip()}…"
    return Markup(json.dumps(escape.encode_meta(short), ensure_ascii=False))
