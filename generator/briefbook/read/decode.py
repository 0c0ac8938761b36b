"""Bytes of a file -> its text, with line ends normalized, or the reason why it has none."""

from __future__ import annotations

import re
from typing import NamedTuple

from charset_normalizer import from_bytes

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"{\\rtf", "a rich-text document"),
    (b"\x89PNG", "an image"),
    (b"GIF8", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"\x7fELF", "a program"),
    (b"\x1f\x8b", "a compressed file"),
)
_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\f\r\x1b")) + b"\x7f"
_CONTROL_CHARACTERS = _CONTROLS.decode("ascii")
_WORD = re.compile(r"[^\W\d_]+")
_ESCAPED = re.compile("[\udc80-\udcff]+")
_TYPOGRAPHY = frozenset("“”‘’„‚‹›«»–—…•·€£¥§°©®™²³½¼¾ªº¿¡×±\xa0\xad")

BINARY_SHARE = 0.05
"""Share of control characters (tab, line ends, form feed and escape aside) above which a file is binary: articles have
none, random bytes one in nine."""
WESTERN_SHARE = 0.05
"""Share of letters beyond ASCII up to which text is taken to be Western: English has next to none, French 0.04; Polish
has 0.07, Czech 0.14, Russian 0.8."""


class Undecodable(Exception):
    """The file has no text; the message says why, and how to mend it."""


class Decoded(NamedTuple):
    """The text, with every line end a line feed, and the encoding where it was guessed (else "")."""

    text: str
    guess: str


def decode(data: bytes) -> Decoded:
    """The text of a file: UTF-8, UTF-16 or UTF-32 by its mark, UTF-8 without one, else by a guess.

    Control characters stay, NUL too; the text never holds a lone surrogate. Raises Undecodable for a binary file, for
    damaged UTF-8, and where no guess holds.
    """
    text, guess = _decode(data)
    if _surrogate(text):
        raise Undecodable("it cannot be read as text; save it as UTF-8")
    return Decoded(text.replace("\r\n", "\n").replace("\r", "\n"), guess)


def _decode(data: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _exactly(data[len(mark) :], encoding), ""
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise Undecodable(f"it is {what}, not text; save its text as a .txt file in UTF-8")
    if wide := _wide(data):
        return _exactly(data, wide), wide
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _guess(data)
    if _binary(data):
        raise Undecodable("it is binary, not text; save its text as a .txt file in UTF-8")
    return text, ""


def _exactly(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Undecodable(
            f"it says it is {encoding.upper()} but is not from byte {error.start + 1} on; save it as UTF-8"
        ) from None
    if sum(map(text.count, _CONTROL_CHARACTERS)) > BINARY_SHARE * len(text):
        raise Undecodable("it is binary, not text; save its text as a .txt file in UTF-8")
    return text


def _binary(data: bytes) -> bool:
    return len(data) - len(data.translate(None, _CONTROLS)) > BINARY_SHARE * len(data)


def _wide(data: bytes) -> str:
    """UTF-16 without a mark, told by the zero that every second byte is in text of mostly Latin letters."""
    if len(data) % 2 or not data:
        return ""
    half = len(data) // 2
    even, odd = data[::2].count(0), data[1::2].count(0)
    if odd > 0.6 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.05 * half:
        return "utf-16-be"
    return ""


def _guess(data: bytes) -> tuple[str, str]:
    """The text of a file that is not UTF-8, and the encoding guessed.

    charset-normalizer takes short English text with curly quotation marks for Central European or Chinese, so text that
    is nearly all ASCII is decided between the two Western encodings first.
    """
    if _binary(data):
        raise Undecodable("it is binary, not text; save its text as a .txt file in UTF-8")
    _refuse_damaged(data)
    if western := _western(data):
        return data.decode(western), western
    best = from_bytes(data, cp_exclusion=["utf_7"]).best()
    if best is None:
        raise Undecodable("its encoding cannot be told; save it as UTF-8")
    try:
        return data.decode(best.encoding), best.encoding
    except (UnicodeDecodeError, LookupError):
        raise Undecodable("its encoding cannot be told; save it as UTF-8") from None


def _refuse_damaged(data: bytes) -> None:
    """Raise Undecodable for UTF-8 with a few broken bytes: any guess would garble the rest."""
    text = data.decode("utf-8", "surrogateescape")
    broken = [match.start() for match in _ESCAPED.finditer(text)]
    good = len(text) - len(text.encode("ascii", "ignore")) - sum(map(len, _ESCAPED.findall(text)))
    if good > 3 * len(broken):
        line = text.count("\n", 0, broken[0]) + 1
        raise Undecodable(f"it is UTF-8 with a broken character in line {line}; mend that character")


def _western(data: bytes) -> str:
    """The Western encoding in which the fewest characters are odd, or "" where the text is not Western."""
    readings = [
        (odd, encoding) for encoding in ("cp1252", "mac_roman") if (odd := _oddities(data, encoding)) is not None
    ]
    return min(readings, key=lambda reading: reading[0])[1] if readings else ""


def _oddities(data: bytes, encoding: str) -> int | None:
    """How many words and signs beyond ASCII are none that Western text has; None where the text is not Western.

    Odd are a word with a capital beyond ASCII that is neither capitalized nor all capitals ("ItÕs"), or is that letter
    alone, and a sign that is neither letter nor typography.
    """
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    beyond = [char for char in text if char > "\x7f"]
    letters = [char for char in beyond if char.isalpha()]
    if len(letters) > WESTERN_SHARE * len(text):
        return None
    odd = sum(not (char.isalpha() or char in _TYPOGRAPHY) for char in beyond)
    for match in _WORD.finditer(text) if any(map(str.isupper, letters)) else ():
        word = match[0]
        if not word.isascii() and any(char > "\x7f" and char.isupper() for char in word):
            odd += len(word) == 1 or not (word.istitle() or word.isupper())
    return odd


def _surrogate(text: str) -> bool:
    return any("\ud800" <= char <= "\udfff" for char in set(text))
