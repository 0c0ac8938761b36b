"""Single articles with the editor's word on them, for the commands that look at one."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

from briefbook import analyze, build
from briefbook.cache import Cache
from briefbook.correct import correct, of_source
from briefbook.correct.entries import entries
from briefbook.correct.gold import export
from briefbook.edits import Correction
from briefbook.model import Analysis, Problem, RegistryEntry, Source
from briefbook.read import read_files, read_side_files
from briefbook.settings import MAX_SOURCE_BYTES, Settings, SettingsError, load

Found = list[tuple[Source, analyze.Steps]]
"""A source with every value on the way to its analysis, which is as editors have it; none where it cannot be read."""


@dataclass(frozen=True, slots=True)
class Editor:
    """What editors wrote of the articles in a seeds folder; no folder, no word."""

    seeds: Path | None = None
    registry: tuple[RegistryEntry, ...] = ()
    corrections: tuple[Correction, ...] = ()
    problems: tuple[Problem, ...] = ()

    def holds(self, place: Path) -> bool:
        """Whether a file is there, below the seeds folder."""
        return self.seeds is not None and place.is_file() and place.resolve().is_relative_to(self.seeds)

    def in_seeds(self, place: Path, source: Source) -> Source:
        """The source in the file at `place`, with its path below the seeds folder where it lies there."""
        if self.seeds is None or not self.holds(place):
            return source
        return replace(source, path=place.resolve().relative_to(self.seeds).as_posix())

    def correct(self, place: Path, source: Source, analysis: Analysis) -> tuple[Analysis, tuple[Problem, ...]]:
        """The analysis of the source in the file at `place` as editors have it, and what could not be applied."""
        mine = of_source(self.in_seeds(place, source), self.corrections) if self.holds(place) else ()
        return correct(source.article, analysis, mine, self.registry)


def editor(config: Path) -> Editor:
    """What editors wrote in the seeds folder of the settings in `config`; nothing where there are no such settings."""
    if not config.is_file():
        return Editor()
    try:
        seeds = load(config).seeds
    except SettingsError as error:
        return Editor(problems=(Problem(str(config), f"no corrections are applied: {error}", "warning"),))
    if not seeds.is_dir():
        return Editor()
    return Editor(seeds.resolve(), *read_side_files(seeds))


def look(place: Path, word: Editor) -> tuple[Found, tuple[Problem, ...]]:
    """The article in the file at `place`, and what is wrong with it or with its corrections."""
    reading = read_files([place], max_bytes=MAX_SOURCE_BYTES)
    problems = reading.problems
    found: Found = []
    for source in reading.sources:
        steps = analyze.steps(source.article, source.data, build.encoder())
        analysis, wrong = word.correct(place, source, steps.analysis)
        problems += wrong
        found.append((source, steps._replace(analysis=analysis)))
    return found, problems


def ready(config: Path, settings: Settings, source: str, words: str) -> tuple[list[str], tuple[Problem, ...]]:
    """What is read in the sentences of an article that hold `words`, as entries to edit, and the problems of all.

    `source` is the article's path below the seeds folder, or that of its file.
    """
    word = editor(config)
    place = settings.seeds / source
    place = place if place.is_file() else Path(source)
    if not word.holds(place):
        return [], (Problem(source, f"is no article below {settings.seeds}; write its path below that folder"),)
    found, problems = look(place, word)
    lines = [line for one, steps in found for line in entries(word.in_seeds(place, one), steps.analysis, words)]
    if found and not lines:
        problems += (Problem(source, "no sentence holds these words; give some of a sentence, or its number"),)
    return lines, (*problems, *word.problems)


def export_corrected(
    settings: Settings, folder: Path, *, executor: Executor | None, say: build.Say
) -> tuple[list[str], tuple[Problem, ...]]:
    """Write every corrected article into `folder` as training data; what was done, in words, and the problems."""
    cache = Cache(build.cache_folder(settings))
    sources, analyses, problems = build.corrected(settings, executor=executor, cache=cache, say=say)
    files = list(export(sources, analyses))
    for file in files:
        target = folder / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(file.text, encoding="utf-8", newline="")
    return [f"exported {len(files) // 2} corrected articles to {folder}"], problems
