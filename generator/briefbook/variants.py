"""One name in several spellings: romanizations of Cyrillic and Arabic, letters with marks, names of two languages.

Pure; general lists (`data/variants.yml`) and rules of spelling are all it knows.

A word gets keys; two words that share one are taken for one word in two spellings. The keys of Cyrillic and Arabic are
made only for names that look romanized from there, so that "Hart" and "Gart" stay two. The rules follow what the
romanizations named in the list write for one and the same letter; each says which.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from briefbook import forms, lists
from briefbook.model import Kind

Script = Literal["cyrillic", "arabic", ""]
"""Which alphabet a name looks romanized from; "" where it does not."""

_LONGEST = 40
"""Longer words have no spellings, only mistakes; rules are not tried on them."""
_SHORTEST = 4
"""Keys of fewer letters than this would make one of words that are two ("Lis", "Lys")."""
_PARTS = re.compile(r"(\s+|(?<=\w)[-‐‑–](?=\w))")
_ARABIC_Q = re.compile(r"q(?!u)")
_ARTICLE_BEFORE = re.compile(r"(?:^|\s)(?:al|el|ul|a[rsdzntl]|e[rsdznt]|ash|esh)[-‐‑\s](?=\w)", re.IGNORECASE)
_ARTICLES = frozenset(
    {"al", "el", "ul", "ar", "er", "as", "es", "ad", "ed", "az", "ez", "an", "en", "at", "et", "ash", "esh"}
)
_UMLAUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ø": "oe", "å": "aa"})

_CYRILLIC: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        ("shch|stch|sch", "1"),  # щ: shch (BGN/PCGN, 2010, ALA-LC), sch
        ("tsch|tch|ch|cz", "2"),  # ч: ch, tch in French copies, cz in Polish ones
        ("sh|sz", "3"),  # ш
        ("zgh|zh", "4"),  # ж: zh; Ukrainian зг is zgh
        ("ts|tz", "5"),  # ц: ts, tz
        ("kh|gh|g|h", "h"),  # х: kh, h; г: h in Ukrainian, g in Russian
        ("x", "ks"),  # кс
        ("ck|c|q", "k"),
        ("w", "v"),
        ("[iyj]+", "i"),  # и, і, й, ы, ї, ий: y, i, j, yi, yy, iy, ii (BGN/PCGN, 2010, ISO 9, ALA-LC)
        ("ie|io", "e"),  # є, е, ё: ie, ye, je, e; yo, io, e
        ("iu", "u"),  # ю: iu, yu, ju, and u behind a soft consonant
        (r"(.)\1+", r"\1"),  # doubled letters
    )
)
_PERSON_END: tuple[tuple[re.Pattern[str], str], ...] = ((re.compile("ev(a?)$"), r"ov\1"), (re.compile("aia$"), "a"))
# Ukrainian and Russian forms of one place: -iv/-ov/-ev, -ivka/-ovka, -ivsk/-ovsk, -ivtsi/-ovtsy, -pil/-pol, -ne/-noye
_PLACE_END: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile("[aeio]*[eio]v(?=(?:k[aei]|sk(?:e|i|o|oe|oi)?|5i|k|[eo])?$)"), "ov"),
    (re.compile("pil$"), "pol"),
    (re.compile("(?:oe|ee|o)$"), "e"),
    (re.compile("aia$"), "a"),
    (re.compile("oi$"), "i"),  # -yi, Russian -oy
    (re.compile("^vu"), "u"),  # Ukrainian puts a v before
)
_AFTER_GIVEN = re.compile(r"[aeioyj]{0,3}v(?:k[aeiy]|sk[aeioyj]*|[eo])?$")
_ARABIC: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        ("^e(zz|ss|rr|nn|tt|dd)(?=.)", r"\1"),  # the article run into the word: Ezzor
        ("kh", "4"),
        ("sh|ch", "3"),  # ش: sh, in French copies ch
        ("dh|dj", "d"),
        ("th", "t"),
        ("gh", "g"),
        ("[qkc]+", "k"),  # ق: q, k
        ("ou|oo|ow|aw|au|w(?![aeiou])|o|u", "u"),  # و: u, ou, oo, w, aw
        ("ee|ei|ai|ay|ey|y|i", "i"),  # ي: i, y, ee, ei, ay
        ("(?<=.)[ae]h?$", "a"),  # ة: a, ah, eh
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=65536)
def script_of(kind: Kind, name: str) -> Script:
    """Which alphabet a name looks romanized from, by its words, endings and given names."""
    table = lists.variants()
    found = forms.words(name)
    if kind in ("person", "place", "unit", "organization") and (
        _ARTICLE_BEFORE.search(name)
        or any(word in table.arabic_words or word in table.arabic_given for word in found)
        or (kind in ("person", "place") and any(_ARABIC_Q.search(word) for word in found))
    ):
        return "arabic"
    endings = table.slavic_endings["person" if kind == "person" else "other"]
    if any(len(word) >= _SHORTEST and word.endswith(endings) for word in found):
        return "cyrillic"
    if kind == "person" and any(word in table.slavic_given for word in found[:-1]):
        return "cyrillic"
    return ""


@lru_cache(maxsize=65536)
def keys(kind: Kind, word: str, script: Script) -> tuple[str, ...]:
    """What a folded word shares with its other spellings, in a name of a script.

    Every word has a light key: i, y and j count as one, of places and units doubled letters and a last h too. Words of
    romanized names have one of their script, Arabic ones up to two, for an e stands for a as well as for i.
    """
    if len(word) > _LONGEST:
        return ()
    plain = word.replace("'", "")
    found = []
    table = lists.variants()
    if kind == "person":
        if given := table.slavic_given.get(word) or table.arabic_given.get(word):
            # a given name is known by its list alone: what sounds alike may be another name
            return (f"given {given}",)
    elif kind != "equipment" and (other := table.place_words.get(word)):
        found.append(f"word {other}")
    light = re.sub("[iyj]+", "i", plain)
    if kind in ("place", "unit"):
        light = re.sub(r"(.)\1+", r"\1", re.sub("(?<=a)h$", "", light))
    if len(light) > _SHORTEST:
        found.append(light)
    if script == "cyrillic":
        found.append(f"c {_cyrillic(kind, plain)}")
    elif script == "arabic":
        found += [f"a {sound}" for sound in _arabic(plain)]
    return tuple(key for key in found if len(key.split()[-1]) >= _SHORTEST)


def _cyrillic(kind: Kind, word: str) -> str:
    if kind != "person":
        word = _of_given_name(word)
    for pattern, to in (*_CYRILLIC, *(_PERSON_END if kind == "person" else _PLACE_END)):
        word = pattern.sub(to, word)
    return word


def _of_given_name(word: str) -> str:
    """A place named after somebody, by the first form of the given name ("Aleksandrovka": "Oleksandrivka")."""
    stems = lists.variants().given_stems
    for length in range(len(word) - 1, _SHORTEST - 1, -1):
        stem = stems.get(word[:length])
        if stem and _AFTER_GIVEN.fullmatch(word, length):
            return stem + word[length:]
    return word


def _arabic(word: str) -> tuple[str, ...]:
    for pattern, to in _ARABIC:
        word = pattern.sub(to, word)
    return tuple(dict.fromkeys(re.sub(r"(.)\1+", r"\1", word.replace("e", vowel)) for vowel in "ai"))


class Speller:
    """Writes every word of many names in one of the spellings it has in them, the first that was met.

    Words are told apart by the kind of the name they stand in. Linear in the number of names.
    """

    def __init__(self, names: Iterable[tuple[Kind, str]]) -> None:
        self._first: dict[tuple[str, str], str] = {}
        self._up: dict[tuple[str, str], str] = {}
        self._raw: dict[tuple[str, str], str] = {}
        for kind, name in names:
            self._learn(kind, name)

    def _learn(self, kind: Kind, name: str) -> None:
        script = script_of(kind, name)
        for part in _PARTS.split(name):
            core = _core(part)
            word = forms.fold(core) if core else ""
            if not word or " " in word or word.isdigit():
                continue
            self._up.setdefault((kind, word), word)
            self._raw.setdefault((kind, word), core)
            shared = [*keys(kind, word, script)]
            if spelled := forms.fold(core.translate(_UMLAUT)):
                shared.append(f"u {spelled}")
            for key in shared:
                other = self._first.setdefault((kind, key), word)
                self._join(kind, other, word)

    def _join(self, kind: Kind, first: str, word: str) -> None:
        one, other = self._root(kind, first), self._root(kind, word)
        if one != other:
            self._up[kind, other] = one

    def _root(self, kind: Kind, word: str) -> str:
        while self._up[kind, word] != word:
            self._up[kind, word] = self._up[kind, self._up[kind, word]]
            word = self._up[kind, word]
        return word

    def spell(self, kind: Kind, name: str) -> str:
        """The name with each word as it was first spelled; the general lists' names of a place as the list has it."""
        if forms.is_known(kind, name):
            return name
        if kind == "place" and (listed := lists.variants().places.get(forms.fold(name))):
            return listed
        parts = _PARTS.split(name)
        article = kind != "person" and len(parts) > 1 and script_of(kind, name) == "arabic"
        for at, part in enumerate(parts):
            core = _core(part)
            word = forms.fold(core) if core else ""
            if article and word in _ARTICLES:
                parts[at] = part.replace(core, "al")
            elif (kind, word) not in self._up:
                continue
            elif kind not in ("person", "equipment") and (listed := lists.variants().places.get(word)):
                parts[at] = part.replace(core, listed)
            elif (root := self._root(kind, word)) != word:
                parts[at] = part.replace(core, self._raw[kind, root])
        return "".join(parts)


def _core(part: str) -> str:
    """A word without the marks around it and a possessive."""
    counted = [at for at, char in enumerate(part) if char.isalnum()]
    core = part[counted[0] : counted[-1] + 1] if counted else ""
    return core[:-2] if core.endswith(("'s", "’s")) else core


def is_patronymic(word: str) -> bool:
    """Whether a folded word is a father's name such as stands between given name and surname."""
    return len(word) > _SHORTEST and word.endswith(lists.variants().patronymics)
