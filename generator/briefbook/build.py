"""The build, on one screen: sources are read, analyzed, resolved, composed, rendered, checked, published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from datetime import UTC, datetime
from functools import cache as once
from pathlib import Path
from typing import NamedTuple

from briefbook import analyze, sites, verify
from briefbook.cache import Cache, analysis_key
from briefbook.check import check
from briefbook.compose import compose
from briefbook.correct import correct_all, of_source
from briefbook.lock import alone
from briefbook.model import Analysis, Corpus, Page, Problem, Source
from briefbook.publish import Published, publish
from briefbook.read import read
from briefbook.render import render
from briefbook.resolve import resolve
from briefbook.rights import allow, unsaid
from briefbook.settings import Settings
from briefbook.views import Asset, View

NO_DATE = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp())
"""The time the engine is told where no source has a publication date: a fixed day, never the clock."""

FEW = 8
"""Below so many articles the executor is not asked: each of its processes would load the model first."""

LOCK = "build.lock"
"""In the cache's folder; held while a build runs."""

Say = Callable[[str], None]


class Prepared(NamedTuple):
    """All that is known before anything is written."""

    corpus: Corpus
    pages: tuple[Page, ...]
    problems: tuple[Problem, ...]
    unsaid: tuple[Problem, ...] = ()
    """The sources of which nobody has said how much may be published: no problem but for deploying."""


class Built(NamedTuple):
    """What a build did; `site` and `published` are None where nothing was published."""

    problems: tuple[Problem, ...]
    published: Published | None
    site: sites.Site | None


def prepare(
    settings: Settings,
    *,
    executor: Executor | None,
    cache: Cache,
    say: Say,
    everything: bool = False,
    rendering: Callable[[Iterable[View | Asset]], Iterable[Page]] = render,
    ahead: Callable[[Corpus, tuple[Problem, ...]], None] = lambda _corpus, _problems: None,
) -> Prepared:
    """Everything up to the pages and what is wrong with them; writes nothing but the cache.

    With `everything` also what may not be published, withdrawn sources apart: for a preview that nobody else sees.
    `rendering` is `render`, or a memo of it. `ahead` is told the corpus before its pages are made, and what is wrong so
    far.
    """
    say("reading the sources")
    reading = read(settings.seeds, max_bytes=settings.max_source_bytes)
    read_alone = analyze_all(reading.sources, executor=executor, cache=cache, say=say)
    analyses, unmatched = correct_all(reading.sources, read_alone, reading.corrections, reading.registry)
    say("resolving the entities")
    allowed = allow(reading.sources, analyses, settings.rights, everything=everything)
    corpus, doubts = resolve(allowed.sources, allowed.analyses, reading.registry)
    if allowed.less:
        # The registry is checked against all that was read: an entry for unpublished text is none too many.
        _, doubts = resolve(reading.sources, analyses, reading.registry)
    ahead(corpus, (*reading.problems, *doubts))
    say("writing the pages")
    pages = tuple(rendering(compose(corpus, page_bytes=settings.page_bytes, withdrawn=allowed.withdrawn)))
    problems = (*reading.problems, *unmatched, *doubts, *check(corpus, pages))
    return Prepared(corpus, pages, problems, tuple(unsaid(reading.sources, settings.rights)))


def build(
    settings: Settings,
    *,
    executor: Executor | None,
    cache: Cache,
    strict: bool = False,
    engine: sites.Engine = "mkdocs",
    say: Say = lambda _: None,
    tell: Say = lambda _: None,
) -> Built:
    """Build and publish the site.

    `executor` analyzes the articles (None: in this process). Sources with problems are left out and named; with
    `strict` nothing is published then. Raises `SiteError` where the engine or the verification fails, `PublishError`
    where `docs/` cannot be written; the published site then stays as it was. A second build in the same folder waits
    for the first, and `tell` is told so.
    """
    lock = cache_folder(settings) / LOCK
    with alone(lock, lambda: tell("another build runs in this folder: waiting for it")) as held:
        sites.restore(settings.site_dir)
        return _build(settings, held, executor=executor, cache=cache, strict=strict, engine=engine, say=say)


def _build(
    settings: Settings,
    held: int,
    *,
    executor: Executor | None,
    cache: Cache,
    strict: bool,
    engine: sites.Engine,
    say: Say,
) -> Built:
    corpus, pages, problems, _ = prepare(settings, executor=executor, cache=cache, say=say)
    if strict and problems:
        return Built(problems, None, None)
    published = publish(pages, settings.docs_dir)
    site = sites.build_site(
        sites.SiteSettings(
            config=settings.path,
            inputs=(settings.docs_dir, *settings.theme_dirs),
            site=settings.site_dir,
            epoch=epoch(corpus.sources),
            cache=cache_folder(settings),
            held=held,
        ),
        engine=engine,
        verify=lambda folder: verify.verify_folder(folder).problems,
        progress=say,
    )
    return Built(problems, published, site)


def analyze_all(
    sources: Sequence[Source], *, executor: Executor | None, cache: Cache, say: Say
) -> tuple[Analysis, ...]:
    """The analysis of every source, in their order; what the cache knows is not read again."""
    model = encoder().digest if sources else ""
    keys = [
        analysis_key(source.article, model, repr((source.data.sections, source.data.published))) for source in sources
    ]
    known = {n: analysis for n, key in enumerate(keys) if (analysis := cache.get(key)) is not None}
    missing = [n for n in range(len(sources)) if n not in known]
    jobs = [sources[n] for n in missing]
    results = map(_analyze, jobs) if executor is None or len(jobs) < FEW else executor.map(_analyze, jobs)
    for done, (n, analysis) in enumerate(zip(missing, results, strict=True), 1):
        cache.put(keys[n], analysis)
        known[n] = analysis
        say(f"analyzed {done} of {len(missing)} articles")
    return tuple(known[n] for n in range(len(sources)))


def corrected(
    settings: Settings, *, executor: Executor | None, cache: Cache, say: Say
) -> tuple[tuple[Source, ...], tuple[Analysis, ...], tuple[Problem, ...]]:
    """The sources that editors corrected, their analyses as corrected, and what is wrong in the seeds."""
    reading = read(settings.seeds, max_bytes=settings.max_source_bytes)
    sources = tuple(source for source in reading.sources if of_source(source, reading.corrections))
    analyses = analyze_all(sources, executor=executor, cache=cache, say=say)
    analyses, problems = correct_all(sources, analyses, reading.corrections, reading.registry)
    return sources, analyses, (*reading.problems, *problems)


def _analyze(source: Source) -> Analysis:
    return analyze.analyze(source.article, source.data, encoder())


@once
def encoder(folder: Path | None = None) -> analyze.Encoder:
    """The recognizer, loaded once in each process."""
    return analyze.Encoder.load(folder)


def cache_folder(settings: Settings) -> Path:
    """Where analyses and the state of the last build are kept; safe to delete."""
    return settings.path.parent / ".cache" / "briefbook"


def epoch(sources: Sequence[Source]) -> int:
    """The newest publication date, in seconds since 1970 (UTC); a fixed day where there is none."""
    dates = [source.data.published for source in sources if source.data.published is not None]
    if not dates:
        return NO_DATE
    newest = max(dates)
    return max(0, int(datetime(newest.year, newest.month, newest.day, tzinfo=UTC).timestamp()))
