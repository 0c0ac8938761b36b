"""A round of the preview: what changed is read, checked, published into folders of its own, and shown.

Pages come from `build.prepare` and are written by `publish`, as in every build. Then the engine runs twice: on the
changed pages alone, so that they are seen soon (`quick.py`), and on all, with verification, as in every build
(`sites.build_site`). The second run is given up when a further change comes, and made up for afterwards.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

from briefbook import analyze, build, sites
from briefbook.check import check
from briefbook.compose import compose_articles
from briefbook.model import Analysis, Corpus, Page, Problem, Source
from briefbook.publish import PublishError, publish
from briefbook.render import render
from briefbook.serve import quick
from briefbook.serve.ahead import Ahead
from briefbook.serve.memo import Analyses, Rendered
from briefbook.serve.mirror import Mirror
from briefbook.serve.server import State
from briefbook.serve.spare import Spare
from briefbook.serve.watch import Watch
from briefbook.settings import Settings, SettingsError, load
from briefbook.sites.engines import environment
from briefbook.verify import PREVIEW, verify_folder

KEPT = "Not shown yet: the page is the last good one."
LEFT_OUT = "Shown without what is wrong:"
AT_ONCE = 3
"""Most articles whose pages are shown before all others that changed."""
_MARK = Page(PREVIEW, '{"preview": true}\n')
_PAGE_NAMES = re.compile(r"[^\s\"':,\[\]{}]+\.md")


class _Stale(Exception):
    """A further change came while the whole site was built."""


class Preview:
    """The preview of the site of `config`, with all that it knows from round to round; a context manager."""

    def __init__(
        self,
        config: Path,
        *,
        state: State,
        executor: Callable[[Settings], AbstractContextManager[Executor | None]],
        tell: Callable[[str], None],
        say: Callable[[str], None],
    ) -> None:
        self._config = config.resolve()
        self._state = state
        self._executor = executor
        self._tell = tell
        self._say = say
        cache = self._config.parent / ".cache" / "briefbook"
        self._folder = cache / "preview"
        self._docs = self._folder / "docs"
        self._part = self._folder / "part"
        self.site = self._folder / "site"
        """The folder that is served."""
        # Beside the settings, because paths in them are relative to their folder.
        self._overlay = self._config.with_name(".briefbook-preview.yml")
        self._analyses = Analyses(cache)
        self._rendered = Rendered()
        self._mirror = Mirror(self._docs)
        self._spare: Spare | None = None
        self._pages: dict[str, str] | None = None
        """The generated pages as they stand in the preview's docs; None before the first round."""
        self._standing: set[str] = set()
        """Those of them that are known to be whole."""
        self._frame = ""
        """A digest of settings and theme, which every page depends on."""
        self._waiting: set[str] = set()
        """Files of docs that changed and are not to be seen yet."""
        self._put: dict[str, str] = {}
        """Digests of the files that were laid over the site since it was last built as a whole."""
        self._ahead: Ahead | None = None
        self._articles: dict[str, tuple[Source, Analysis]] = {}
        """The articles as they were last shown, by slug."""
        self._whole = False
        """Whether the site was built as a whole since the last change."""
        self._tolerated: set[str] = set()
        """Errors that the shown site has been built in spite of."""
        self._told: tuple[str, ...] = ()

    def __enter__(self) -> Preview:
        # A thousand articles are millions of objects that live on: looking through them for cycles again and again took
        # half of a round. It is done once instead, when the whole site stands and nobody waits.
        gc.disable()
        self._folder.mkdir(parents=True, exist_ok=True)
        sites.restore(self.site)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        gc.enable()
        if self._ahead is not None:
            self._ahead.end()
        if self._spare is not None:
            self._spare.end()
        self._overlay.unlink(missing_ok=True)

    def round(self, watch: Watch, since: float | None) -> None:
        """Bring the preview up to date; `since` is when the change was made, None at the start.

        What goes wrong is told and shown as a bar, and the last good site stays.
        """
        try:
            watch.follow([self._config], [])
            settings = load(self._config)
            watch.follow([self._config], [settings.seeds, settings.docs_dir, *settings.theme_dirs])
            self._round(settings, watch, since)
        except _Stale:
            return
        except (SettingsError, PublishError, sites.SiteError, analyze.EncoderError) as error:
            self._trouble(str(error))
        except OSError as error:
            self._trouble(f"{error.filename or ''}: {error.strerror or error}".lstrip(": "))

    def _round(self, settings: Settings, watch: Watch, since: float | None) -> None:
        self._finish_ahead()
        frame = self._frame_digest(settings)

        def ahead(corpus: Corpus, problems: tuple[Problem, ...]) -> None:
            if self._pages is not None and frame == self._frame:
                self._start_ahead(settings, corpus, problems, since)

        with self._executor(settings) as executor:
            corpus, pages, problems, _ = build.prepare(
                settings,
                executor=executor,
                cache=self._analyses,
                say=self._say,
                everything=True,
                rendering=self._rendered,
                ahead=ahead,
            )
        self._finish_ahead()
        self._analyses.forget_unused()
        self._report(problems)
        errors = tuple(str(problem) for problem in problems if problem.severity == "error")
        if self._pages is not None and set(errors) - self._tolerated:
            self._state.problems(errors, KEPT)
            return
        self._tolerated = set(errors)
        self._articles = _by_slug(corpus)
        changed = self._mirror.update(settings.docs_dir)
        pages = (*pages, _MARK)
        now = {page.path: page.text for page in pages}
        if now != self._pages:
            changed |= _differing(self._pages or {}, now)
            # Where publishing fails, nobody knows what stands; the next round reads it all.
            standing, self._standing = self._standing - changed, set()
            publish(pages, self._docs, standing=standing)
            self._standing = set(now)
        first, self._pages = self._pages is None, now
        self._waiting |= changed
        self._whole = self._whole and not changed and frame == self._frame
        epoch = build.epoch(corpus.sources)
        if not first and frame == self._frame and self._waiting and (self.site / "index.html").is_file():
            self._look(epoch, since)
        if not self._whole:
            self._build(settings, epoch, watch, since)
            self._frame = frame
            gc.collect()
        self._state.problems(errors, LEFT_OUT if errors else "")

    def _start_ahead(
        self, settings: Settings, corpus: Corpus, problems: tuple[Problem, ...], since: float | None
    ) -> None:
        """Begin to build the pages of the articles that changed, if they are few and nothing is wrong."""
        now = _by_slug(corpus)
        slugs = {slug for slug, article in now.items() if self._articles.get(slug) != article}
        found = (*problems, *check(corpus, ()))
        errors = tuple(str(problem) for problem in found if problem.severity == "error")
        if not 0 < len(slugs) <= AT_ONCE or set(errors) - self._tolerated:
            return
        pages = tuple(render(compose_articles(corpus, slugs, page_bytes=settings.page_bytes)))
        docs, built = self._part / "ahead", self._part / "ahead-site"
        paths = [page.path for page in pages]
        epoch = build.epoch(corpus.sources)
        self._stage(docs, ())
        publish(pages, docs)

        def work(spare: Spare) -> dict[str, str]:
            if spare.build(self._config, docs, built, epoch=epoch) is not None:
                return {}
            self._spare = self._new_spare(epoch)
            put = quick.lay_over(docs, built, self.site, paths, _digest)
            self._state.reload()
            self._state.problems(errors, LEFT_OUT if errors else "")
            self._tell(f"first    {len(paths)} files of what was saved{_after(since)}; others follow")
            return put

        # Whatever comes of this round, the next one that is good puts these pages right.
        self._waiting |= set(paths)
        self._whole = False
        spare, self._spare = self._spare or self._new_spare(epoch), None
        self._ahead = Ahead(spare, work)

    def _finish_ahead(self) -> None:
        """Wait for what was begun; it is touched by two threads until then."""
        if self._ahead is not None:
            ahead, self._ahead = self._ahead, None
            self._put |= ahead.finish()

    def _stage(self, part: Path, changed: Collection[str]) -> None:
        named = set(_PAGE_NAMES.findall(self._config.read_text(encoding="utf-8")))
        by_hand = {path for path in self._mirror.paths if path not in (self._pages or {})}
        quick.stage(self._docs, part, changed, by_hand=by_hand, named=named)

    def _look(self, epoch: int, since: float | None) -> None:
        """Show the changed pages before all others; where that fails, building the whole says why."""
        self._stage(self._part / "docs", self._waiting)
        spare = self._spare or self._new_spare(epoch)
        self._spare = None
        self._say(f"building {len(self._waiting)} changed files")
        try:
            if spare.build(self._config, self._part / "docs", self._part / "site", epoch=epoch) is not None:
                return
        finally:
            spare.end()
        self._put |= quick.lay_over(self._docs, self._part / "site", self.site, self._waiting, _digest)
        count = len(self._waiting)
        self._waiting = set()
        self._state.reload()
        errors = self._state.status.problems
        self._state.problems(tuple(error for error in errors if error in self._tolerated), LEFT_OUT)
        self._tell(f"shown    {count} changed files{_after(since)}; search follows")

    def _build(self, settings: Settings, epoch: int, watch: Watch, since: float | None) -> None:
        """Build the whole site as every build does; raises _Stale when a further change comes."""

        def go_on() -> None:
            if watch.pending():
                raise _Stale

        def go_on_with(message: str) -> None:
            go_on()
            self._say(message)

        text = json.dumps({"INHERIT": self._config.name, "docs_dir": str(self._docs), "site_dir": str(self.site)})
        self._overlay.write_text(text, encoding="utf-8")
        if self._spare is None:
            self._spare = self._new_spare(epoch)
        built = sites.build_site(
            sites.SiteSettings(
                config=self._overlay,
                inputs=(self._docs, self._config, *settings.theme_dirs),
                site=self.site,
                epoch=epoch,
                cache=self._folder,
            ),
            verify=lambda folder: verify_folder(folder, progress=go_on_with, preview=True).problems,
            progress=go_on_with,
            beat=go_on,
        )
        self._say("")
        self._whole = True
        put, self._put = self._put, {}
        surprising = any(_digest(self.site / path) != digest for path, digest in put.items())
        if self._waiting or surprising or not put:
            self._state.reload()
        self._waiting = set()
        self._tell(f"built    {built.files} files, verified{_after(since)}")

    def _new_spare(self, epoch: int) -> Spare:
        return Spare(environment(epoch, os.environ), self._config.parent)

    def _frame_digest(self, settings: Settings) -> str:
        files = [self._config, *(place for top in settings.theme_dirs for place in sorted(top.rglob("*")))]
        digests = [(str(place), _digest(place)) for place in files if place.is_file()]
        return hashlib.sha256(json.dumps(digests).encode("ascii")).hexdigest()

    def _report(self, problems: Sequence[Problem]) -> None:
        """Tell what is wrong, once."""
        lines = tuple(f"{problem.severity}: {problem}" for problem in problems)
        self._say("")
        for line in lines:
            if line not in self._told:
                self._tell(line)
        if self._told and not lines:
            self._tell("mended   no problems")
        self._told = lines

    def _trouble(self, message: str) -> None:
        self._say("")
        self._tell(f"error: {message}")
        self._told = (f"error: {message}",)
        self._state.problems((message,), KEPT)


def _by_slug(corpus: Corpus) -> dict[str, tuple[Source, Analysis]]:
    articles = zip(corpus.sources, corpus.analyses, strict=True)
    return {source.slug: (source, analysis) for source, analysis in articles}


def _differing(before: dict[str, str], now: dict[str, str]) -> set[str]:
    """The paths whose text is another, or that are in one of the two alone."""
    return {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}


def _after(since: float | None) -> str:
    return "" if since is None else f", {time.monotonic() - since:.1f} s after the change"


def _digest(place: Path) -> str:
    return hashlib.sha256(place.read_bytes()).hexdigest() if place.is_file() else ""
