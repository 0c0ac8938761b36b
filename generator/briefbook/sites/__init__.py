"""`docs/` to `site/`: the engine is run aside, the result verified, then swapped in.

What an engine is told (see `engines.environment`) leaves nothing to the clock, the locale or the hash seed, so the same
input gives the same bytes. Nothing of the output is rewritten: with `SOURCE_DATE_EPOCH` MkDocs and ProperDocs date the
sitemap and its compressed copy by it, and Zensical dates nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path
from typing import NamedTuple

from briefbook.model import Problem
from briefbook.sites.engines import ENGINES, Engine, SiteError, run_engine
from briefbook.sites.links import check_links
from briefbook.sites.manifest import MANIFEST, file_digest, files_below, intact, stored_root, write_manifest
from briefbook.sites.swap import aside, put_in_place, restore

__all__ = ["ENGINES", "Engine", "Site", "SiteError", "SiteSettings", "build_site", "check_links", "restore"]

_STATE = "site.json"
_SHOWN = 20
"""How many problems of a site that fails its verification an error shows."""


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """Where a site comes from and where it goes.

    `config` is the `mkdocs.yml`; `inputs` are all other files and folders the engine reads (docs, theme). `cache` is
    the folder that remembers the last build; without one, every build runs the engine. `epoch` is the time that the
    engine is told, in seconds since 1970. `held` is the descriptor of the build's lock: the engine holds it too, for
    where the build is killed, its engine still writes.
    """

    config: Path
    inputs: tuple[Path, ...]
    site: Path
    epoch: int
    cache: Path | None = None
    held: int | None = None


class Site(NamedTuple):
    """The published site: its root, how many files its manifest lists, and whether the engine had to run."""

    root: str
    files: int
    rebuilt: bool


def build_site(
    settings: SiteSettings,
    *,
    engine: Engine = "mkdocs",
    verify: Callable[[Path], Sequence[Problem]],
    progress: Callable[[str], None] | None = None,
    beat: Callable[[], None] = lambda: None,
) -> Site:
    """Build, verify and publish the site; whoever reads it meanwhile finds the old one or the new one, whole.

    If nothing that the site is made of changed since the last build, the site that stands is verified and kept. A
    rebuild with the same root leaves the published folder untouched. `beat` is called over and over while the engine
    runs; what it raises, like what `progress` raises, ends the build.

    Raises:
        SiteError: the engine failed, the new site did not verify, or the site's folder holds something else. The
            published site is then as it was.
    """
    say = progress or (lambda _: None)
    site = settings.site.resolve()
    _refuse_foreign(site, settings)
    restore(site)
    inputs = _inputs_digest(settings, engine)
    standing = stored_root(site)
    if standing is not None and _last_build(settings) == (inputs, standing):
        say("verifying the site")
        if not verify(site):
            return Site(root=standing, files=_count(site), rebuilt=False)

    new = aside(site)
    # Here and not by the engine, so that a disk that refuses is told in our words.
    new.mkdir(parents=True)
    say(f"building the site with {engine}")
    run_engine(engine, settings.config.resolve(), new, epoch=settings.epoch, held=settings.held, beat=beat)
    try:
        root = write_manifest(new)
    except ValueError as error:
        raise SiteError(str(error)) from None
    say("verifying the site")
    if problems := verify(new):
        raise SiteError("\n".join(["the new site does not verify and is not published:", *_lines(problems)]))
    if intact(site, root):
        restore(site)
    else:
        put_in_place(site)
    _remember(settings, inputs, root)
    return Site(root=root, files=_count(site), rebuilt=True)


def _refuse_foreign(site: Path, settings: SiteSettings) -> None:
    """Raise SiteError where swapping the site's folder would take away what no build of ours put there."""
    for place in (settings.config, *settings.inputs):
        there = place.resolve()
        if there.is_relative_to(site) or (there.is_dir() and site.is_relative_to(there)):
            raise SiteError(f"{site}: the site's folder and {place} lie one within the other: change site_dir")
    if not site.exists():
        return
    if not site.is_dir():
        raise SiteError(f"{site}: is a file, and the site goes there: move it away or change site_dir")
    names = {place.name for place in site.iterdir()}
    hidden = sorted(name for name in names if name.startswith("."))
    if hidden:
        raise SiteError(f"{site}: holds {hidden[0]}, which no build put there: move it away or change site_dir")
    if names and not names & {MANIFEST, "index.html", "404.html"}:
        raise SiteError(f"{site}: is not a built site, and a build replaces it: move it away or change site_dir")


def _inputs_digest(settings: SiteSettings, engine: Engine) -> str:
    """A digest of all that decides a site's bytes: files with their names, engine, time, Python and its packages."""
    folder = settings.config.resolve().parent
    files = {
        os.path.relpath(place, folder): file_digest(place)
        for top in (settings.config, *settings.inputs)
        for place in (files_below(top.resolve()) if top.is_dir() else [top.resolve()])
        if place.is_file()
    }
    code = {place.name: file_digest(place) for place in Path(__file__).parent.glob("*.py")}
    packages = sorted({f"{package.name}=={package.version}" for package in distributions()})
    everything = [files, code, packages, sys.version, engine, settings.epoch]
    return hashlib.sha256(json.dumps(everything, sort_keys=True).encode("ascii")).hexdigest()


def _last_build(settings: SiteSettings) -> tuple[str, str] | None:
    """Digest of the inputs and root of the last build, or None where it is not known."""
    if settings.cache is None:
        return None
    try:
        inputs, root = json.loads((settings.cache / _STATE).read_bytes())
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    return inputs, root


def _remember(settings: SiteSettings, inputs: str, root: str) -> None:
    if settings.cache is None:
        return
    # What cannot be remembered is built again; the site stands by now.
    with suppress(OSError):
        settings.cache.mkdir(parents=True, exist_ok=True)
        scratch = settings.cache / f"{_STATE}.tmp"
        scratch.write_text(json.dumps([inputs, root]), encoding="ascii")
        scratch.replace(settings.cache / _STATE)


def _count(site: Path) -> int:
    """How many files the manifest of a verified site lists."""
    return len(json.loads((site / MANIFEST).read_bytes()))


def _lines(problems: Sequence[Problem]) -> list[str]:
    lines = [str(problem) for problem in problems[:_SHOWN]]
    return lines if len(problems) <= _SHOWN else [*lines, f"and {len(problems) - _SHOWN} more"]
