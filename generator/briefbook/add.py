"""An article and what is known of it -> a file in the seeds and its sidecar; nothing there is ever overwritten."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from briefbook.paths import slugify
from briefbook.read import read_files
from briefbook.read.decode import Undecodable, decode
from briefbook.read.fields import read_fields

OPTIONS = {
    "title": "its title, where the text does not begin with it",
    "publisher": "who published it",
    "author": "who wrote it",
    "url": "its address at the publisher",
    "published": "day of its publication, such as 2026-02-03",
    "license": "the license it is under, such as CC BY 4.0",
    "publish": "how much of it may be published: full, quotes or none",
    "name": "name of the file, without extension, folders allowed (default: from date and title)",
}
"""What may be given, and what it means; all but `name` are fields of a source."""
ASKED = {
    "title": "Title (empty: the first line of the text)",
    "publisher": "Publisher",
    "url": "Address (https://...)",
    "published": "Date (year-month-day)",
    "license": "License",
}
"""What is asked for on a terminal, and how."""
_TRIES = 999
"""Articles of one date and title that get a numbered name."""
_SUFFIXES = (".txt", ".md", ".yml", ".yaml")


class AddError(Exception):
    """Nothing was filed; the message says why and how to mend it."""


def ask(given: Mapping[str, str], answer: Callable[[str], str], complain: Callable[[str], None]) -> dict[str, str]:
    """What is not `given` yet, asked for one by one; a wrong answer is asked for again, an empty one left out."""
    found: dict[str, str] = {}
    for key, question in ASKED.items():
        while key not in given and (value := answer(f"{question}: ")):
            try:
                _sidecar({key: value})
            except AddError as error:
                complain(str(error))
                continue
            found[key] = value
            break
    return found


def add(seeds: Path, data: bytes, given: Mapping[str, str], *, file_name: str = "", max_bytes: int) -> tuple[Path, ...]:
    """File an article below `seeds`: `data` are the bytes of its text, `given` its fields; returns the files written.

    A text of a `.md` file stays one, any other becomes `.txt`. A title that the text does not begin with is put in
    front of it (in Markdown: into the sidecar); otherwise the bytes stay as they are. A name made from date and title
    that is taken gets a number; a `name` that is taken is an error. Raises AddError for values, a name or a text that
    the seeds do not take; nothing is written then.
    """
    if len(data) > max_bytes:
        raise AddError(f"the text is over {max_bytes} bytes; raise `max_source_bytes` or part it")
    fields = {key: value for key in OPTIONS if key != "name" and (value := given.get(key, "").strip())}
    suffix = ".md" if file_name.lower().endswith(".md") else ".txt"
    try:
        text = decode(data).text
    except Undecodable as error:
        raise AddError(f"{file_name or 'standard input'}: {error}") from None
    _sidecar(fields)
    if suffix == ".txt":
        data = _titled(data, text, fields.pop("title", ""))
    sidecar = _sidecar(fields)
    title = _tried(data, sidecar, suffix)
    if name := given.get("name"):
        return _write(seeds, _plain(name), suffix, data, sidecar)
    stem = f"{fields.get('published', 'undated')}-{slugify(title)}"
    for number in range(1, _TRIES + 1):
        try:
            return _write(seeds, stem if number == 1 else f"{stem}-{number}", suffix, data, sidecar)
        except FileExistsError:
            continue
    raise AddError(f"{stem}: {_TRIES} articles have this name; give one with --name")


def _titled(data: bytes, text: str, title: str) -> bytes:
    """The bytes with the title as their first line; as they are where it stands there already."""
    title = " ".join(title.split())
    first = next((line for line in text.split("\n") if line.strip()), "")
    if not title or " ".join(first.split()) == title:
        return data
    body = text.strip("\n")
    # A blank line anywhere makes blank lines part the paragraphs: one more must not change how the text is read.
    gap = "\n\n" if any(not line.strip() for line in body.split("\n")) else "\n"
    return f"{title}{gap}{body}\n".encode()


def _sidecar(fields: Mapping[str, str]) -> str:
    """The fields as YAML that reads back as what was given. Raises AddError for a value that a source does not take."""
    values: dict[str, Any] = {}
    for key, value in fields.items():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise AddError(f"--{key}: is not valid Unicode") from None
        values[key] = " ".join(value.split())
    text = yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=1 << 30) if values else ""
    problems = read_fields(text, file="").problems
    if problems:
        raise AddError("; ".join(problem.message for problem in problems))
    if "published" in values:
        values["published"] = date.fromisoformat(values["published"])
        text = yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=1 << 30)
    return text


def _tried(data: bytes, sidecar: str, suffix: str) -> str:
    """The title of the article as the seeds would read it. Raises AddError where they would refuse it."""
    with TemporaryDirectory(prefix="briefbook-add-") as folder:
        place = Path(folder, f"article{suffix}")
        place.write_bytes(data)
        if sidecar:
            place.with_suffix(".yml").write_bytes(sidecar.encode())
        reading = read_files([place], max_bytes=len(data) + 1)
    errors = [problem.message for problem in reading.problems if problem.severity == "error"]
    if errors or not reading.sources:
        raise AddError("; ".join(errors) or "it cannot be read as an article")
    (source,) = reading.sources
    span = source.article.title
    return source.data.title or (source.article.text[span.start : span.end] if span else "")


def _plain(name: str) -> str:
    for segment in name.split("/"):
        if not re.fullmatch(r"[a-z0-9-]+", segment) or slugify(segment) != segment:
            hint = "/".join(slugify(part) for part in name.split("/") if part.strip("."))
            raise AddError(
                f"--name: small letters, digits and hyphens, folders parted by /, such as {hint or 'article'}"
            )
    return name


def _write(seeds: Path, stem: str, suffix: str, data: bytes, sidecar: str) -> tuple[Path, ...]:
    """Write both files. Raises FileExistsError where the name is taken, with any extension."""
    place = seeds / f"{stem}{suffix}"
    if not place.parent.resolve().is_relative_to(seeds.resolve()):
        raise AddError(f"{place}: a link leads out of the seeds folder")
    place.parent.mkdir(parents=True, exist_ok=True)
    for taken in (place.with_name(place.name.removesuffix(suffix) + other) for other in _SUFFIXES):
        if taken.exists() or taken.is_symlink():
            raise FileExistsError(17, "is there already; give another --name", str(taken))
    written: list[Path] = []
    try:
        # The sidecar first: an article without it could be published against what it says.
        for target, content in ((place.with_suffix(".yml"), sidecar.encode()), (place, data)):
            if content:
                with target.open("xb") as file:
                    written.append(target)
                    file.write(content)
    except BaseException:
        for target in written:
            target.unlink()
        raise
    return tuple(reversed(written))
