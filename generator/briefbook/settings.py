"""`mkdocs.yml` -> Settings: what the site is called and where its folders are, and our own keys in `extra: briefbook:`.

Tags and aliases (`!!python/name`, `!ENV`) stand in many a `mkdocs.yml`; they are passed over and never executed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from briefbook.model import Publish, SourceData
from briefbook.strict_yaml import Item, YamlFault, parse

MAX_SOURCE_BYTES = 5_000_000
"""Largest source file that is read unless the settings say otherwise, in bytes: about 800,000 words of English."""

OWN_THEME = "briefbook"
"""The name under which the package's theme is known to the engines (entry point `mkdocs.themes`)."""


QUOTES_SHARE = 15
"""Most of a text that `publish: quotes` publishes, in percent of the characters of its sentences."""
QUOTES_SENTENCES = 10
"""Most sentences that `publish: quotes` publishes."""


class SettingsError(Exception):
    """The settings cannot be used; the message names file, line and key, and what is allowed."""


@dataclass(frozen=True, slots=True)
class Rights:
    """How much of a source may be published where the source itself does not say."""

    default: Publish | None = None
    publishers: tuple[tuple[str, Publish], ...] = ()
    """(publisher as `publisher_key` writes it, what may be published of theirs)."""
    share: int = QUOTES_SHARE
    """Most of a text that `quotes` publishes, in percent of the characters of its sentences."""
    sentences: int = QUOTES_SENTENCES
    """Most sentences that `quotes` publishes."""

    def said(self, data: SourceData) -> Publish | None:
        """What has been said of a source: by itself, else for its publisher, else for all; None if nothing."""
        by_publisher = dict(self.publishers).get(publisher_key(data.publisher)) if data.publisher else None
        return data.publish or by_publisher or self.default


def publisher_key(name: str) -> str:
    """A publisher as names of publishers are compared: without case, white space squeezed."""
    return " ".join(name.split()).casefold()


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a site. Paths are absolute."""

    path: Path
    """The `mkdocs.yml` they come from."""
    site_name: str
    site_url: str
    """Address of the published site, with a final slash, or ""."""
    docs_dir: Path
    site_dir: Path
    theme_dirs: tuple[Path, ...]
    """The folders laid over Material: the package's own (`theme: name: briefbook`), and `theme: custom_dir:`."""
    seeds: Path
    """The folder of the articles."""
    max_source_bytes: int
    """Largest source file that is read, in bytes."""
    workers: int
    """Processes that read articles at once; 0 is one for each core."""
    page_bytes: int
    """Content of one page, in bytes of its text; what is longer is paged."""
    rights: Rights
    """How much of each source may be published."""


def load(path: Path) -> Settings:
    """The settings in the file at `path`; paths in it are relative to its folder.

    Raises SettingsError where the file cannot be read, is not YAML, has no `site_name`, or holds an unknown key or a
    value of the wrong type under `extra: briefbook:`, and where the folders of seeds, docs and site overlap.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SettingsError(f"{path}: it cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: it is not UTF-8; save it as UTF-8") from None
    try:
        root = parse(text, lenient=True)
    except YamlFault as fault:
        raise SettingsError(f"{path}:{fault.line}: {fault.message}") from None
    site = _mapping(root, "the file", path)
    _value(site, "site_description", _plain, "", path)
    own = _own(site, path)
    folder = path.resolve().parent
    settings = Settings(
        path=path.resolve(),
        site_name=_value(site, "site_name", _plain, None, path),
        site_url=_value(site, "site_url", _url, "", path),
        docs_dir=folder / _value(site, "docs_dir", _text, "docs", path),
        site_dir=folder / _value(site, "site_dir", _text, "site", path),
        theme_dirs=_theme_dirs(site, folder, path),
        seeds=folder / _value(own, "seeds", _text, "seeds", path),
        max_source_bytes=_value(own, "max_source_bytes", _whole(1), MAX_SOURCE_BYTES, path),
        workers=_value(own, "workers", _whole(0), 0, path),
        page_bytes=_value(own, "page_bytes", _whole(10_000), 200_000, path),
        rights=Rights(
            **_value(own, "publish", _publish, {}, path),
            share=_value(own, "quotes_share", _whole(0, 100), QUOTES_SHARE, path),
            sentences=_value(own, "quotes_sentences", _whole(0), QUOTES_SENTENCES, path),
        ),
    )
    _refuse_overlap(settings)
    return settings


OWN_KEYS = ("seeds", "max_source_bytes", "workers", "page_bytes", "publish", "quotes_share", "quotes_sentences")
"""The keys allowed under `extra: briefbook:`."""


def _theme_dirs(site: dict[str, Item], folder: Path, path: Path) -> tuple[Path, ...]:
    theme = site.get("theme")
    if theme is None:
        return ()
    values = theme.value if isinstance(theme.value, dict) else {"name": theme}
    own = (Path(__file__).parent / "theme",) if "name" in values and values["name"].value == OWN_THEME else ()
    if "custom_dir" not in values:
        return own
    return (*own, folder / _value(values, "custom_dir", _text, None, path))


def _own(site: dict[str, Item], path: Path) -> dict[str, Item]:
    """The mapping under `extra: briefbook:`, its keys checked."""
    extra = _mapping(site.get("extra"), "`extra`", path)
    item = extra.get("briefbook")
    own = _mapping(item, "`extra: briefbook:`", path)
    for key, line in item.duplicates if item else ():
        raise SettingsError(f"{path}:{line}: `{key}` is given twice under `extra: briefbook:`; keep one")
    for key, value in own.items():
        if key not in OWN_KEYS:
            near = get_close_matches(key, OWN_KEYS, n=1)
            hint = f"; did you mean `{near[0]}`?" if near else "."
            raise SettingsError(
                f"{path}:{value.key_line}: unknown key `{key}` under `extra: briefbook:`{hint} "
                f"Allowed are {', '.join(OWN_KEYS)}."
            )
    return own


def _mapping(item: Item | None, what: str, path: Path) -> dict[str, Item]:
    if item is None or (item.value is None and not item.special):
        return {}
    if not isinstance(item.value, dict):
        raise SettingsError(f"{path}:{item.key_line or item.line}: {what} must be lines of `key: value`")
    return item.value


def _value(mapping: dict[str, Item], key: str, reader: Callable[[Item], Any], default: Any, path: Path) -> Any:
    """The value of `key`, or `default` where it is left out; None as default means that it must be there."""
    item = mapping.get(key)
    if item is None or (item.value is None and not item.special):
        if default is None:
            raise SettingsError(f"{path}: `{key}` is missing; add `{key}: ...`")
        return default
    where = f"{path}:{item.key_line}: `{key}`"
    if item.special:
        raise SettingsError(f"{where} has {item.special}, which is not read here; write the value out")
    try:
        return reader(item)
    except ValueError as error:
        raise SettingsError(f"{where} must be {error}") from None


def _text(item: Item) -> str:
    if not isinstance(item.value, str) or not item.value.strip():
        raise ValueError('text, such as "seeds"; put it in quotation marks')
    return item.value.strip()


def _plain(item: Item) -> str:
    """A text that the engines' theme writes into the page as it is."""
    text = _text(item)
    if set(text) & set('<>"'):
        raise ValueError('text without <, > and " (but “ ” will do), for the theme writes it into every page as it is')
    return text


def _url(item: Item) -> str:
    text = _text(item)
    if not text.startswith(("https://", "http://")):
        raise ValueError("an address that begins with https:// or http://")
    return f"{text.rstrip('/')}/"


def _whole(least: int, most: int | None = None) -> Callable[[Item], int]:
    def read(item: Item) -> int:
        if isinstance(item.value, bool) or not isinstance(item.value, int) or item.value < least:
            raise ValueError(f"a whole number of at least {least}")
        if most is not None and item.value > most:
            raise ValueError(f"a whole number of at most {most}")
        return item.value

    return read


def _publish(item: Item) -> dict[str, Any]:
    """The arguments of `Rights` in a mapping of publishers, and `default`, to what may be published of theirs."""
    if not isinstance(item.value, dict) or item.duplicates:
        raise ValueError("lines of `publisher: full`, `quotes` or `none`, each once, and `default:` for the rest")
    for name, value in item.value.items():
        if value.special or value.value not in get_args(Publish):
            raise ValueError(f"{', '.join(get_args(Publish))} for each publisher, and is not for {name!r}")
    said = {name: value.value for name, value in item.value.items()}
    default = said.pop("default", None)
    return {"default": default, "publishers": tuple((publisher_key(name), value) for name, value in said.items())}


def _refuse_overlap(settings: Settings) -> None:
    """Raise SettingsError where one folder lies in another: nothing is generated among what people wrote."""
    folders = {
        "seeds": settings.seeds.resolve(),
        "docs_dir": settings.docs_dir.resolve(),
        "site_dir": settings.site_dir.resolve(),
    }
    for key, folder in folders.items():
        for other, there in folders.items():
            if key != other and (folder == there or there in folder.parents):
                raise SettingsError(
                    f"{settings.path}: `{key}` lies in `{other}` ({there}); give it a folder of its own"
                )
