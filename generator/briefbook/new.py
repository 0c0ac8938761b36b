"""A site of one's own: the files of `starter/` in a new folder. The theme stays in the package."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import NamedTuple

STARTER = Path(__file__).parent / "starter"
"""The files of a new site; a name that begins with `dot-` begins with a dot there."""
NOWHERE = "briefbook @ https://where-briefbook-is.example/briefbook-{version}-py3-none-any.whl"
"""The requirement where nobody knows where others get this package: an address that never leads anywhere."""


class NewError(Exception):
    """The folder cannot be used; nothing was written."""


class New(NamedTuple):
    """How many files were written, the requirement for Briefbook, and whether it is known to work elsewhere."""

    files: int
    package: str
    known: bool


def new(folder: Path, *, site_name: str | None = None, package: str | None = None) -> New:
    """Make a site in `folder`, which must be absent, or empty but for `.git`.

    `site_name` is what it is called (default: the folder's name), `package` what pip installs Briefbook from (default:
    where this one was installed from). Raises NewError where the folder holds anything; nothing is ever overwritten.
    """
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise NewError(f"{folder}: is not a folder; choose a new one")
    if folder.is_dir() and (there := sorted(place.name for place in folder.iterdir() if place.name != ".git")):
        raise NewError(f"{folder}: is not empty, it holds {there[0]}; choose a new folder")
    name = " ".join((site_name or folder.resolve().name).split()) or "Briefings"
    if set(name) & set('<>"'):
        raise NewError(f"{name}: a site's name may not hold <, > or \"; give another with --site-name")
    requirement, known = (package, True) if package else _requirement()
    try:
        (name + requirement).encode("utf-8")
    except UnicodeEncodeError:
        raise NewError(f"{folder}: the name is not valid Unicode; give one with --site-name") from None
    if "\n" in requirement or "\r" in requirement:
        raise NewError("--package: must be one line")
    values = {"@SITE_NAME_YAML@": json.dumps(name, ensure_ascii=False), "@SITE_NAME@": name, "@PACKAGE@": requirement}
    files = sorted(place for place in STARTER.rglob("*") if place.is_file())
    for source in files:
        parts = source.relative_to(STARTER).parts
        target = folder.joinpath(*(f".{part[4:]}" if part.startswith("dot-") else part for part in parts))
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text(encoding="utf-8")
        if "seeds" not in parts:
            for mark, value in values.items():
                text = text.replace(mark, value)
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    return New(len(files), requirement, known)


def _requirement() -> tuple[str, bool]:
    """What pip installs this package from, by its own record (PEP 610), and whether that leads there from elsewhere."""
    try:
        package = distribution("briefbook")
    except PackageNotFoundError:
        return NOWHERE.format(version="0"), False
    record = package.read_text("direct_url.json")
    if record is None:
        return f"briefbook=={package.version}", True
    origin = json.loads(record)
    url = str(origin.get("url", ""))
    if "vcs_info" in origin and url.startswith("https://"):
        return f"briefbook @ {origin['vcs_info']['vcs']}+{url}@{origin['vcs_info']['commit_id']}", True
    if url.startswith("https://") and "dir_info" not in origin:
        return f"briefbook @ {url}", True
    return NOWHERE.format(version=package.version), False
