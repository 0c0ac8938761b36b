"""Mentions of one article -> its entities: short forms follow long ones.

A surface has one reading in an article, save a surname or nickname that two entities share: there each mention follows
the nearest one before it. Nothing is joined across kinds, so a person and a village of one name stay two.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence

from briefbook import forms, lists
from briefbook.display import display_name
from briefbook.model import ArticleEntity, Kind, Mention
from briefbook.variants import Speller

_BRACKETED = re.compile(r"['’]?s?\s{0,2}[(\[]\s?[“\"]?")
_FEW = 60
"""A word that more names of an article share than this tells nobody apart; further ones are not looked at."""
_WATERS = frozenset({"river", "sea", "ocean", "islands", "gulf", "strait", "straits", "peninsula"})
_WATERS_BEFORE = frozenset({"lake", "mount", "river", "gulf of", "sea of"})


def cluster(
    text: str, readings: Iterable[tuple[int, int, Kind, str]]
) -> tuple[tuple[Mention, ...], tuple[ArticleEntity, ...]]:
    """The mentions of an article with the entity each one names, and the entities in the order of their first mention.

    `readings` are (start, end, kind, rule) as `names.document_pass` gives them; they must not overlap.
    """
    rows = sorted(readings)
    shown = [display_name(text[start:end]) for start, end, _, _ in rows]
    owned = [
        forms.with_owner(text, start, shown[at]) if kind == "organization" else shown[at]
        for at, (start, _, kind, _) in enumerate(rows)
    ]
    speller = Speller((kind, owned[at]) for at, (_, _, kind, _) in enumerate(rows))
    # from here on each word is spelled in one way; what is shown keeps its own spelling
    whole = [speller.spell(kind, owned[at]) for at, (_, _, kind, _) in enumerate(rows)]
    mentions_of: dict[tuple[Kind, str], list[int]] = defaultdict(list)
    for index, (_, _, kind, _) in enumerate(rows):
        mentions_of[kind, forms.key(kind, whole[index])].append(index)
    surface = {form: max((whole[i] for i in found), key=len) for form, found in mentions_of.items()}
    root = _Roots(mentions_of)
    _follow_brackets(text, rows, whole, root)
    floating: dict[tuple[Kind, str], tuple[tuple[Kind, str], ...]] = {}
    by_kind: dict[Kind, list[str]] = defaultdict(list)
    for kind, key in mentions_of:
        by_kind[kind].append(key)
    for kind, keys in by_kind.items():
        _follow_long_forms(kind, keys, surface, root, floating)
    relatives = {index for index, row in enumerate(rows) if row[2] == "person" and _is_relative(text, row[0], row[1])}
    owner = _owners(mentions_of, root, floating, relatives)
    return _numbered(rows, shown, owner)


class _Roots:
    """Union-find over forms of a name; the first form of a group is its root."""

    def __init__(self, forms_: Iterable[tuple[Kind, str]]) -> None:
        self._up = {form: form for form in forms_}

    def of(self, form: tuple[Kind, str]) -> tuple[Kind, str]:
        while self._up[form] != form:
            self._up[form] = self._up[self._up[form]]
            form = self._up[form]
        return form

    def join(self, short: tuple[Kind, str], full: tuple[Kind, str]) -> None:
        first, second = self.of(short), self.of(full)
        if first != second:
            self._up[first] = second


def _follow_brackets(text: str, rows: Sequence[tuple[int, int, Kind, str]], shown: Sequence[str], root: _Roots) -> None:
    """An acronym in brackets is the name it stands behind; so is a name in brackets behind its acronym."""
    for at in range(1, len(rows)):
        (_, end, kind, _), (start, _, other, _) = rows[at - 1], rows[at]
        if kind != other or not _BRACKETED.fullmatch(text, end, start):
            continue
        long, short = shown[at - 1], shown[at]
        if len(long) < len(short):
            long, short = short, long
        if forms.stands_for(short, long) or (
            short == shown[at]
            and set(filter(str.isdigit, short)) <= set(long)
            and forms.is_acronym(short)
            and len(long.split()) > 1
        ):
            root.join((kind, forms.key(kind, short)), (kind, forms.key(kind, long)))


def _follow_long_forms(
    kind: Kind,
    keys: Sequence[str],
    surface: dict[tuple[Kind, str], str],
    root: _Roots,
    floating: dict[tuple[Kind, str], tuple[tuple[Kind, str], ...]],
) -> None:
    """Join each short form to the one long form it can stand for; where there are several it floats."""
    ordered = sorted(keys, key=lambda key: (-_weight(kind, key, surface[kind, key]), -len(key)))
    shelf: dict[str, list[str]] = defaultdict(list)
    members: dict[tuple[Kind, str], list[str]] = defaultdict(list)
    for key in ordered:
        form = (kind, key)
        best: list[tuple[Kind, str]] = []
        strength = 0
        for other in _candidates(kind, surface[form], shelf):
            fits = _fits(kind, surface[form], surface[kind, other])
            if not fits or fits < strength:
                continue
            target = root.of((kind, other))
            if kind == "unit" and _contradicts(surface[form], members[target]):
                continue
            if fits > strength:
                best, strength = [], fits
            if target not in best:
                best.append(target)
        for mark in _marks(kind, surface[form]):
            if len(shelf[mark]) < _FEW:
                shelf[mark].append(key)
        if root.of(form) not in best:
            if len(best) == 1:
                root.join(form, best[0])
            elif best and kind in ("person", "unit"):
                floating[form] = tuple(best)
                continue
        members[root.of(form)].append(surface[form])


def _contradicts(name: str, others: Sequence[str]) -> bool:
    """Whether the name of a unit contradicts one of others that are one unit."""
    parts = forms.formation(name)
    return any(forms.contradict(parts, forms.formation(other)) for other in others[:_FEW])


def _candidates(kind: Kind, short: str, shelf: dict[str, list[str]]) -> list[str]:
    """The long forms that share a word with a short form, or begin with its first letter where it is an acronym."""
    found: dict[str, None] = {}
    if kind == "unit":
        for mark in _marks(kind, short):
            found.update(dict.fromkeys(shelf.get(mark, ())))
    else:
        # every word of a short form is in the long one, initials of given names aside, so the rarest will do
        rarest = [shelf.get(mark, ()) for mark in _marks(kind, short) if len(mark) > 1]
        found.update(dict.fromkeys(min(rarest, key=len, default=())))
    if kind != "person" and forms.is_acronym(short):
        found.update(dict.fromkeys(shelf.get(short[0].casefold(), ())))
    return list(found)


def _marks(kind: Kind, name: str) -> list[str]:
    """By what a form is found again: its words, of a unit number and nickname, and the letters it may begin with."""
    if kind == "person":
        return sorted(forms.signs(name))
    if kind == "unit":
        parts = forms.formation(name)
        marks = {f"#{parts.number}", *(f"={word}" for word in parts.nick)} - {"#"}
    else:
        marks = {f"={word}" for word in forms.content(name)}
    return sorted(marks | {word[0] for word in forms.content(name) if word})


def _weight(kind: Kind, key: str, name: str) -> int:
    if kind == "unit":
        parts = forms.formation(name)
        return 4 * bool(parts.head) + 2 * bool(parts.number) + bool(parts.branches) + len(parts.nick)
    return len(key.split())


def _fits(kind: Kind, short: str, full: str) -> int:
    """How well `short` may stand for `full`: 0 not at all, 2 better than 1."""
    if kind == "person":
        few, many = forms.person_words(short), forms.person_words(full)
        if not forms.is_short_person(few, many):
            many = forms.person_words(forms.nicknamed(full) or full)
            if few != many and not forms.is_short_person(few, many):
                return 0
        return 2 if many[-len(few) :] == few or len(few) > 1 else 1
    if kind == "unit":
        if forms.same_formation(forms.formation(short), forms.formation(full)):
            return 2
        return int(forms.stands_for(short, full))
    if forms.is_known(kind, short):
        short = forms.known_name(kind, short)
    elif forms.stands_for(short, full):
        return 2
    if kind == "organization" and forms.content(short) == forms.content(full):
        return 2
    few, many = forms.words(short), forms.words(full)
    if len(few) >= len(many):
        return 0
    head, tail = many[: len(few)] == few, many[-len(few) :] == few
    if kind == "organization":
        return int(_body(short, full, few, many, head=head, tail=tail))
    if kind == "place":
        rest = many[len(few) :] if head else many[: -len(few)]
        return int((head and len(rest) == 1 and rest[0] in _WATERS) or (tail and " ".join(rest) in _WATERS_BEFORE))
    if kind == "equipment":
        return int(tail or head)
    if kind == "event":
        return int(tail or (head and many[-1].isdigit()))
    return int(head or tail)


def _body(short: str, full: str, few: tuple[str, ...], many: tuple[str, ...], *, head: bool, tail: bool) -> bool:
    """Whether a body's short form leaves out only where it belongs, what it is for, or its legal form."""
    outside = forms.content(full) - forms.content(short)
    if forms.content(short) <= forms.content(full) and outside <= forms.countries_in(full):
        return True
    if _is_head(few, many):
        return True
    if tail:
        # what is left out before it must say whose body it is, not which other body
        rest = full.split()[: len(full.split()) - len(short.split())]
        return bool(rest) and rest[-1].casefold() not in ("of", "for", "to", "the", "and")
    if head and not forms.is_acronym(short):
        rest = list(many[len(few) :])
        tails = lists.body_tails()
        if rest[0] in ("of", "for", "in") and len(few) > 1:
            return True
        return all(word in tails for word in rest)
    return False


def _is_head(few: tuple[str, ...], many: tuple[str, ...]) -> bool:
    """Whether a short form is what stands before "of" in the long one ("House" of "U.S. House of Representatives")."""
    if "of" not in many:
        return False
    head = many[: many.index("of")]
    return head[-len(few) :] == few and (len(few) > 1 or few[0] in lists.generic_names())


def _owners(
    mentions_of: dict[tuple[Kind, str], list[int]],
    root: _Roots,
    floating: dict[tuple[Kind, str], tuple[tuple[Kind, str], ...]],
    relatives: set[int],
) -> dict[int, tuple[Kind, str]]:
    """The root each mention belongs to; a floating form's mention follows the nearest candidate before it.

    Whoever is introduced as a relative of another (`relatives`, by mention) is not meant by the surname alone.
    """
    owner: dict[int, tuple[Kind, str]] = {}
    places: dict[tuple[Kind, str], list[int]] = defaultdict(list)
    for form, found in mentions_of.items():
        if form not in floating:
            for index in found:
                owner[index] = root.of(form)
            places[root.of(form)].extend(found)
    for found in places.values():
        found.sort()
    for form, candidates in floating.items():
        roots = [candidate for candidate in dict.fromkeys(map(root.of, candidates)) if places[candidate]]
        roots = [candidate for candidate in roots if not relatives.intersection(places[candidate])] or roots
        for index in mentions_of[form]:
            before = [(places[r][at - 1], r) for r in roots if (at := bisect_left(places[r], index))]
            after = [(places[r][0], r) for r in roots]
            owner[index] = max(before)[1] if before else min(after)[1] if after else form
    return owner


def _is_relative(text: str, start: int, end: int) -> bool:
    """Whether a word of kinship stands close before or behind a name in its sentence."""
    before = re.split(r"[.!?;]\s|\n", text[max(0, start - 40) : start])[-1]
    behind = re.split(r"[.!?;]\s|\n", text[end : end + 30])[0] if text[end : end + 2] == ", " else ""
    return any(word in lists.kinship() for word in re.findall(r"[a-z]+", f"{before} {behind}"))


def _numbered(
    rows: Sequence[tuple[int, int, Kind, str]], shown: Sequence[str], owner: dict[int, tuple[Kind, str]]
) -> tuple[tuple[Mention, ...], tuple[ArticleEntity, ...]]:
    number: dict[tuple[Kind, str], int] = {}
    members: list[list[int]] = []
    mentions = []
    for index, (start, end, kind, rule) in enumerate(rows):
        entity = number.setdefault(owner[index], len(members))
        if entity == len(members):
            members.append([])
        members[entity].append(index)
        mentions.append(Mention(start, end, kind, entity, rule))
    entities = tuple(
        ArticleEntity(kind, max(found, key=lambda i: (forms.fullness(kind, shown[i]), -i)), tuple(found))
        for found in members
        for kind in (mentions[found[0]].kind,)
    )
    return tuple(mentions), entities
