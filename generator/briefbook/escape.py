"""The one encoder between text and a page. Nothing else may write source text.

In a raw HTML block of a Markdown page every ASCII character other than letters, digits and space is written as a
numeric reference, so that neither Markdown nor HTML ever sees a character it could act on.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

_ACTIVE = re.compile(r"[\x00-\x1f!-/:-@\[-`{-~]")
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17))
    + "]"
)
_REFERENCE = {chr(code): f"&#{code};" for code in range(0x80)}
_PLAIN = re.compile(r"[A-Za-z0-9/.#_-]*")
LINK_SCHEMES = frozenset({"http", "https", "mailto"})
"""The only schemes that become a link."""


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def visible(text: str) -> str:
    """`text` as a page can show it: what HTML forbids is replaced by a visible character, one for one.

    Control characters become their Unicode control pictures, all else forbidden (C1 controls, noncharacters, unpaired
    surrogates) U+FFFD; see the HTML standard, "Preprocessing the input stream". Length does not change.
    """
    return _FORBIDDEN.sub(_picture, text)


def encode(text: str) -> str:
    """`text` for a raw HTML block or an attribute in one, and for a Markdown heading."""
    return _ACTIVE.sub(lambda match: _REFERENCE[match[0]], visible(text))


def size(text: str) -> int:
    """Bytes of `text` on a page: encoded, in UTF-8."""
    return len(encode(text).encode())


def encode_address(text: str) -> str:
    """`text` for an attribute: as it is where it holds letters, digits and `/ . # - _` alone, else encoded."""
    return text if _PLAIN.fullmatch(text) else encode(text)


def encode_meta(text: str) -> str:
    """`text` for the front matter of a page (title, description): on one line, HTML-escaped once.

    The engines put these into `<title>`, attributes and the search index; only the four characters that could act
    there are escaped, so that the text reads well wherever it is shown.
    """
    line = " ".join(visible(text).split())
    for character, reference in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        line = line.replace(character, reference)
    return line


def linkable(url: str) -> bool:
    """Whether an address may become a link: http, https or mailto, and without white space or control characters."""
    if not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    scheme = parts.scheme.lower()
    return scheme in LINK_SCHEMES and bool(parts.path if scheme == "mailto" else parts.netloc)


def text_fragment(url: str, text: str) -> str:
    """`url` with a text fragment that leads a browser to `text` at the publisher.

    Long texts are given by their first and last words (WICG, "URL Fragment Text Directives": textStart,textEnd).
    """
    words = text.split()
    ends = (words,) if len(words) <= 8 else (words[:4], words[-4:])
    directive = ",".join(quote(" ".join(part), safe="").replace("-", "%2D") for part in ends)
    return f"{url.split('#', 1)[0]}#:~:text={directive}"
