"""Sources of one text: each says which others have it, and no others do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from selectolax.lexbor import LexborNode

from briefbook.model import Problem
from briefbook.tables import SAME_TEXT
from briefbook.verify.places import Place, resolve
from briefbook.verify.stored import Stored
from briefbook.verify.tree import describe


class Origins:
    """The sources of each origin, as `source.json` tells it, and the notices of them on briefings."""

    def __init__(self, sources: Mapping[str, Stored]) -> None:
        self._members: dict[str, set[str]] = defaultdict(set)
        for slug, source in sources.items():
            if source.origin is not None:
                self._members[source.origin].add(slug)
        self._sources = sources

    def check(self, page: str, place: Place, article: LexborNode) -> Iterator[Problem]:
        """Problems of one generated page."""
        source = self._sources.get(place.slug) if place.sort == "briefing" else None
        origin = None if source is None else source.origin
        others = self._members[origin] - {place.slug} if origin is not None else set()
        notices = article.css('.bb-same, [data-label="same.text"], [data-label^="count.same."]')
        notice = article.css_first(".bb-same")
        if not others or notice is None:
            for node in notices:
                yield Problem(f"{page}: {describe(node)}", "expected no word on the same text: no source has it")
            if others:
                yield Problem(page, f"expected a word on the sources with the same text, {', '.join(sorted(others))}")
            return
        targets = [resolve(page, link.attributes.get("href") or "") for link in notice.css("a.bb-title-link")]
        named = [target[0].removeprefix("briefings/").removesuffix("/index.html") for target in targets if target]
        more = [node.attributes.get("data-n") for node in notice.css('[data-label^="count.same."]')]
        rest = len(others) - SAME_TEXT
        right = set(named) <= others and len(named) == len(set(named)) == min(SAME_TEXT, len(others))
        if not right or more != ([str(rest)] if rest > 0 else []) or len(article.css(".bb-same")) != 1:
            expected = f"{min(SAME_TEXT, len(others))} of {', '.join(sorted(others))}, and {max(rest, 0)} more"
            yield Problem(f"{page}: {describe(notice)}", f"expected {expected}; found {', '.join(named)}, and {more}")

    def problems(self) -> Iterator[Problem]:
        """Origins that are none."""
        for origin, members in sorted(self._members.items()):
            if len(members) < 2 or origin not in members:
                for slug in sorted(members):
                    yield Problem(f"sources/{slug}/source.json", f"origin: expected one of several sources, {origin!r}")
