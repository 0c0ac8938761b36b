"""The command line: new, add, build, serve, check, analyze, explain, correct, verify. The only module that prints."""

from __future__ import annotations

import argparse
import errno
import os
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import NoReturn

from briefbook import add, analyze, build, jsonl, new, single, sites
from briefbook.cache import Cache
from briefbook.explain import explain
from briefbook.model import Problem, Source
from briefbook.publish import PublishError
from briefbook.read import read_files
from briefbook.serve import serve
from briefbook.settings import MAX_SOURCE_BYTES, Settings, SettingsError, load
from briefbook.suspect import questions, suspect
from briefbook.verify import preview_problems, remote, verify_address, verify_folder, verify_original

GOOD, PROBLEMS, USAGE = 0, 1, 2
"""Exit codes: nothing wrong, problems found, wrong usage or settings."""

_HINTS = {
    errno.ENOSPC: "free some space on this disk",
    errno.EDQUOT: "free some space on this disk",
    errno.EACCES: "make this file or folder writable",
    errno.EPERM: "make this file or folder writable",
    errno.EROFS: "make this file or folder writable",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; `argv` without the program's name. Returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    arguments = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], int] = arguments.command
    try:
        return command(arguments)
    except (SettingsError, analyze.EncoderError, new.NewError, add.AddError, remote.AddressError) as error:
        return _fail(str(error), USAGE)
    except (sites.SiteError, PublishError) as error:
        return _fail(str(error), PROBLEMS)
    except BrokenPipeError:
        # whoever read the output has enough; what is left of it must not fail at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return GOOD
    except OSError as error:
        return _fail(_told(error), PROBLEMS)
    except KeyboardInterrupt:
        return _fail("interrupted: the site is as it was", 130)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="briefbook",
        description="Turn source articles into a briefing site in which every sentence proves where it came from.",
        epilog="Exit codes: 0 good, 1 problems found, 2 wrong usage or settings.",
    )
    parser.add_argument("--version", action="version", version=f"briefbook {version('briefbook')}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    one = _command(commands, "new", _new, "make a site of your own in a new folder")
    one.add_argument("folder", type=Path, metavar="DIR", help="where to make it; must be new or empty")
    one.add_argument("--site-name", metavar="NAME", help="what the site is called (default: the folder's name)")
    one.add_argument(
        "--package", metavar="REQUIREMENT", help="where pip gets Briefbook (default: where this one came from)"
    )

    one = _command(commands, "add", _add, "file an article in the seeds, with what is known of it")
    _config_option(one)
    one.add_argument("file", metavar="FILE", help="a .txt or .md file, or - for standard input")
    for key, what in add.OPTIONS.items():
        one.add_argument(f"--{key}", metavar=key.upper(), help=what)

    one = _command(commands, "build", _build, "read the seeds, write docs/, build and verify site/")
    _config_option(one)
    one.add_argument("--strict", action="store_true", help="publish nothing if there is any problem, warnings included")
    one.add_argument("--engine", choices=sites.ENGINES, default="mkdocs", help="site engine (default: mkdocs)")
    one.add_argument("--workers", type=_positive, metavar="N", help="processes that analyze (default: one per core)")

    one = _command(commands, "serve", _serve, "build, show the site on this machine, and again after every change")
    _config_option(one)
    one.add_argument(
        "--port", type=_port, default=8000, metavar="N", help="first port to try (default: 8000); 0 is any free one"
    )

    one = _command(commands, "check", _check, "report problems in seeds and registry, without building")
    _config_option(one)
    one.add_argument("--site", action="store_true", help="also the built site: proofs, links, orphans, duplicate ids")
    one.add_argument("--deploy", action="store_true", help="also whether the site may go to the web")

    one = _command(commands, "analyze", _analyze, "print what is read out of articles, one JSON object per line")
    _config_option(one)
    one.add_argument("--json", action="store_true", required=True, help="as JSON (the one form there is)")
    one.add_argument("articles", nargs="+", type=Path, metavar="ARTICLE", help="a .txt or .md file")

    one = _command(commands, "explain", _explain, "show what each stage makes of one article, and why")
    _config_option(one)
    one.add_argument("article", type=Path, metavar="ARTICLE", help="a .txt or .md file")

    one = _command(commands, "correct", _correct, "print what is read in a sentence as entries of corrections.yml")
    _config_option(one)
    either = one.add_mutually_exclusive_group(required=True)
    either.add_argument("source", nargs="?", metavar="SOURCE", help="an article: its path below the seeds, or its file")
    either.add_argument(
        "--export", type=Path, metavar="DIR", help="write the corrected articles there as training data"
    )
    one.add_argument("words", nargs="*", metavar="WORDS", help="words of the sentence, or its number (default: all)")

    one = _command(commands, "verify", _verify, "re-check a published site: every file, every sentence")
    one.add_argument("site", metavar="SITE", help="the folder of the published site, or its https:// address")
    one.add_argument("--expect", metavar="ROOT", help="the root digest that the site must have, from elsewhere")
    one.add_argument(
        "--source",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="the original of a source, to be compared with what is published of it (again for each)",
    )
    limits = remote.Limits()
    one.add_argument(
        "--max-bytes",
        type=_positive,
        default=limits.all_bytes,
        metavar="N",
        help=f"of an address: most bytes fetched in all (default: {limits.all_bytes})",
    )
    one.add_argument(
        "--max-seconds",
        type=_positive,
        default=int(limits.all_seconds),
        metavar="N",
        help=f"of an address: most seconds in all (default: {limits.all_seconds})",
    )
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    function: Callable[[argparse.Namespace], int],
    what: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.")
    parser.set_defaults(command=function)
    return parser


def _config_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--config", type=Path, default=Path("mkdocs.yml"), metavar="FILE", help="the settings (default: mkdocs.yml)"
    )


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError("must be from 0 to 65535")
    return number


def _new(arguments: argparse.Namespace) -> int:
    made = new.new(arguments.folder, site_name=arguments.site_name, package=arguments.package)
    print(f"made     {made.files} files in {arguments.folder}")
    print(f"package  {made.package}")
    if not made.known:
        print("This Briefbook was installed from a folder: say in requirements.txt where others get it.")
    print(f"next     cd {shlex.quote(str(arguments.folder))} && briefbook build")
    return GOOD


def _add(arguments: argparse.Namespace) -> int:
    settings = load(arguments.config)
    given = {key: value for key in add.OPTIONS if (value := getattr(arguments, key)) is not None}
    if arguments.file == "-":
        data, name = sys.stdin.buffer.read(settings.max_source_bytes + 1), ""
    else:
        place = Path(arguments.file)
        with place.open("rb") as file:
            data, name = file.read(settings.max_source_bytes + 1), place.name
        if sys.stdin.isatty() and sys.stderr.isatty():
            given |= add.ask(given, _answer, _complain)
    filed = add.add(settings.seeds, data, given, file_name=name, max_bytes=settings.max_source_bytes)
    for one in filed:
        print(f"filed    {one}")
    return GOOD


def _answer(question: str) -> str:
    print(question, end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    if not line:
        raise add.AddError("the answers ended early; nothing was filed")
    return line.strip()


def _complain(message: str) -> None:
    print(message, file=sys.stderr)


def _build(arguments: argparse.Namespace) -> int:
    settings = load(arguments.config)
    with _progress() as say, _executor(settings, arguments.workers) as executor:
        built = build.build(
            settings,
            executor=executor,
            cache=Cache(build.cache_folder(settings)),
            strict=arguments.strict,
            engine=arguments.engine,
            say=say,
            tell=_tell,
        )
    _report(built.problems)
    if built.published is None or built.site is None:
        print("nothing published: mend the problems above, or build without --strict")
        return PROBLEMS
    written, removed, kept = built.published
    print(f"pages    {written + kept} ({written} written, {removed} removed, {kept} as they were)")
    print(f"site     {built.site.files} files, {'built' if built.site.rebuilt else 'nothing changed'} and verified")
    print(f"root     {built.site.root}")
    print(f"look at  {(settings.site_dir / 'index.html').resolve().as_uri()}")
    return _exit_code(built.problems)


def _serve(arguments: argparse.Namespace) -> int:
    with _progress() as say:

        def tell(line: str) -> None:
            say("")
            print(line, flush=True)

        serve(
            arguments.config,
            port=arguments.port,
            executor=lambda settings: _executor(settings, None),
            tell=tell,
            say=say,
        )
    return GOOD


def _check(arguments: argparse.Namespace) -> int:
    settings = load(arguments.config)
    with _progress() as say, _executor(settings, None) as executor:
        prepared = build.prepare(settings, executor=executor, cache=Cache(build.cache_folder(settings)), say=say)
        problems = prepared.problems
        if arguments.deploy:
            problems += prepared.unsaid + preview_problems(settings.site_dir)
        if arguments.site:
            say("checking the built site")
            problems += verify_folder(settings.site_dir, preview=arguments.deploy).problems
            problems += tuple(sites.check_links(settings.site_dir, site_url=settings.site_url))
    _report(problems)
    if not problems:
        print("no problems")
    for line in questions(suspect(prepared.corpus)):
        print(line)
    return _exit_code(problems)


def _analyze(arguments: argparse.Namespace) -> int:
    word = single.editor(arguments.config)
    problems = word.problems
    with _progress() as say:
        for n, place in enumerate(arguments.articles, 1):
            say(f"analyzing {n} of {len(arguments.articles)} articles")
            found, wrong = single.look(place, word)
            problems += wrong
            for source, steps in found:
                print(jsonl.line(source, steps.analysis))
    _report(problems)
    return _exit_code(problems)


def _explain(arguments: argparse.Namespace) -> int:
    word = single.editor(arguments.config)
    found, problems = single.look(arguments.article, word)
    for source, steps in found:
        for line in explain(source, steps):
            print(line)
    problems += word.problems
    _report(problems)
    return _exit_code(problems)


def _correct(arguments: argparse.Namespace) -> int:
    settings = load(arguments.config)
    if arguments.export is None:
        lines, problems = single.ready(arguments.config, settings, arguments.source, " ".join(arguments.words))
    else:
        with _progress() as say, _executor(settings, None) as executor:
            lines, problems = single.export_corrected(settings, arguments.export, executor=executor, say=say)
    for line in lines:
        print(line)
    _report(problems)
    return _exit_code(problems)


def _verify(arguments: argparse.Namespace) -> int:
    fetched: remote.Fetched | None = None
    with _progress() as say:
        if remote.is_address(arguments.site):
            if arguments.source:
                return _fail("--source compares with a folder, not with an address", USAGE)
            limits = remote.Limits(all_bytes=arguments.max_bytes, all_seconds=arguments.max_seconds)
            found, fetched = verify_address(arguments.site, expect=arguments.expect, limits=limits, progress=say)
        elif Path(arguments.site).is_dir():
            found = verify_folder(Path(arguments.site), expect=arguments.expect, progress=say)
        else:
            return _fail(f"{arguments.site}: is not a folder", USAGE)
    originals, problems = _read(arguments.source)
    for source in originals:
        problems += verify_original(Path(arguments.site), source.path, source.digest, source.article.text)
    problems = (*found.problems, *problems)
    _report(problems)
    if fetched is not None:
        print(f"fetched  {fetched.files} files, {fetched.size} bytes, {fetched.redirected} by a redirect on the host")
        print("Only what the manifest lists was fetched: a file added beside it cannot be seen from outside.")
    print(f"root     {found.root or 'none'}")
    if problems:
        print(f"verified {found.files} files: {len(problems)} problems")
        return PROBLEMS
    for source in originals:
        print(f"original {source.path}: what is published of it is as it stands there, and its digests are the same")
    print(f"verified {found.files} files, {found.quotations} quotations: each stands in its stored source")
    if arguments.expect is None:
        print("The site is whole in itself. That it is the site that was built, only a root from elsewhere can show: ")
        print("compare the root above, or give it with --expect.")
    return GOOD


def _read(articles: Sequence[Path]) -> tuple[tuple[Source, ...], tuple[Problem, ...]]:
    reading = read_files(articles, max_bytes=MAX_SOURCE_BYTES)
    return reading.sources, reading.problems


@contextmanager
def _executor(settings: Settings, wanted: int | None) -> Iterator[Executor | None]:
    """The processes that analyze; None where one is enough. They start when the first article is handed to them."""
    number = wanted or settings.workers or os.cpu_count() or 1
    if number == 1:
        yield None
        return
    with ProcessPoolExecutor(number, mp_context=get_context("spawn")) as executor:
        yield executor


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """A line on the terminal that says what is going on; silent where nobody watches."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    yield lambda message: print(f"\r\x1b[K{message}", end="", file=sys.stderr, flush=True)
    print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _report(problems: Sequence[Problem]) -> None:
    for problem in problems:
        print(f"{problem.severity}: {problem}", file=sys.stderr)
    errors = sum(problem.severity == "error" for problem in problems)
    if problems:
        print(f"{errors} errors, {len(problems) - errors} warnings", file=sys.stderr)


def _tell(message: str) -> None:
    """Say something on a line of its own, whoever watches."""
    print(message, file=sys.stderr, flush=True)


def _told(error: OSError) -> str:
    """What the system refused, for which file, and what to do."""
    what = f"{error.filename or ''}: {error.strerror or error}".lstrip(": ")
    hint = _HINTS.get(error.errno or 0)
    return f"{what}: {hint}, and run the command again; the published site is whole, as it was" if hint else what


def _exit_code(problems: Sequence[Problem]) -> int:
    return PROBLEMS if any(problem.severity == "error" for problem in problems) else GOOD


def _fail(message: str, code: int) -> int:
    print(f"error: {message}", file=sys.stderr)
    return code


def run() -> NoReturn:
    """The console script."""
    sys.exit(main())


if __name__ == "__main__":
    run()
