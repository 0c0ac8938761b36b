"""The preview: its server, its watch, its memos, and the whole of it as a program with a real browser on it."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page as Tab

import project
from briefbook import build, cli, settings
from briefbook.cache import Cache
from briefbook.compose import compose_articles
from briefbook.model import Corpus, Page
from briefbook.publish import PublishError, publish
from briefbook.render import render
from briefbook.serve import quick
from briefbook.serve.memo import Analyses, Rendered
from briefbook.serve.mirror import Mirror
from briefbook.serve.server import Server, State, open_server
from briefbook.serve.watch import Watch
from briefbook.verify import PREVIEW
from browser import chromium
from browser import serve as served_folder

LONG = 120
"""Seconds after which a test gives up waiting."""
FERRY = "The ferry at Sarn sails again\n\nMara Okker opened the landing on Monday.\n\nThe first boat carried {} men.\n"
MILL = "The mill at Orvel stands still\n\nThe miller waits for grain.\n\nNobody knows when it comes.\n"


def until(true: Callable[[], bool], what: str) -> None:
    """Wait until `true()`, and fail with `what` where that takes too long."""
    end = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.05)


# The server


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (folder / "a").mkdir(parents=True)
    (folder / "empty").mkdir()
    (folder / "index.html").write_text("<html><body>home</body></html>")
    (folder / "a" / "index.html").write_text("<html><body>a</body></html>")
    (folder / "404.html").write_text("<html><body>nothing here</body></html>")
    (folder / "source.txt").write_text("</body>")
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "way-out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / ".hidden").write_text("hidden")
    return folder


@pytest.fixture
def served(site: Path) -> Iterator[Server]:
    with running(State(), site) as server:
        yield server


@contextmanager
def running(state: State, site: Path, site_url: str = "") -> Iterator[Server]:
    with open_server(state, site, site_url=site_url, port=0, tell=lambda _: None) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            state.close()
            server.shutdown()
            thread.join()


def ask(
    server: Server, path: str, *, method: str = "GET", host: str | None = None
) -> tuple[int, bytes, http.client.HTTPMessage]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=LONG)
    connection.request(method, path, headers={"Host": host} if host else {})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, content, answer.headers


def test_pages_get_the_script_and_files_stay_as_they_are(served: Server, site: Path) -> None:
    for path in ("/", "/a/", "/index.html"):
        status, content, headers = ask(served, path)
        assert status == 200
        assert content.count(b"<script") == 1
        assert content.endswith(b"></script></body></html>")
        assert headers["Cache-Control"] == "no-store"
    assert ask(served, "/source.txt")[1] == b"</body>"
    assert b"<script" not in (site / "index.html").read_bytes()
    assert ask(served, "/_briefbook/preview.js")[0] == 200


def test_head_has_no_content_and_other_methods_are_refused(served: Server) -> None:
    status, content, headers = ask(served, "/", method="HEAD")
    assert (status, content) == (200, b"")
    assert int(headers["Content-Length"]) > 0
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert ask(served, "/", method=method)[0] in (405, 501)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "localhost", "127.0.0.1:1", ""])
def test_a_request_under_another_name_is_refused(served: Server, host: str) -> None:
    for path in ("/", "/_briefbook/events", "/_briefbook/preview.js"):
        status, content, _ = ask(served, path, host=host or " ")
        assert status == 403
        assert b"home" not in content


def test_a_request_under_the_own_names_is_answered(served: Server) -> None:
    for name in ("127.0.0.1", "localhost", "LocalHost"):
        assert ask(served, "/", host=f"{name}:{served.server_port}")[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/a/..%2f..%2fsecret.txt",
        "/..%5csecret.txt",
        "//secret.txt",
        "/way-out.txt",
        "/.hidden",
        "/C:/secret.txt",
        "/%00",
        "/empty/",
        "/" + "x" * 5000,
        "/source.txt/x",
    ],
)
def test_nothing_outside_of_the_site_is_read_and_no_folder_listed(served: Server, path: str) -> None:
    status, content, _ = ask(served, path)
    assert status == 404
    assert b"nothing here" in content
    assert b"secret" not in content


def test_a_folder_without_its_slash_leads_to_it_on_this_server(served: Server) -> None:
    for path in ("/a", "//a", "///a"):
        status, _, headers = ask(served, path)
        assert (status, headers["Location"]) == (301, "/a/")


def test_the_path_of_the_published_site_leads_home_too(site: Path) -> None:
    with running(State(), site, "https://press.example/briefings/") as server:
        assert b"home" in ask(server, "/briefings/")[1]
        assert b"home" in ask(server, "/")[1]


def test_before_the_first_site_there_is_a_page_that_waits(tmp_path: Path) -> None:
    with running(State(), tmp_path / "none") as server:
        status, content, _ = ask(server, "/briefings/")
        assert status == 503
        assert b"preview.js" in content


def test_events_tell_the_status_and_end_with_the_server(site: Path) -> None:
    state = State()
    with running(state, site) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=LONG)
        connection.request("GET", "/_briefbook/events")
        answer = connection.getresponse()
        first = answer.readline()
        answer.readline()
        state.problems(("a.txt:1: </script>",), "note")
        assert b"a.txt:1: </script>" in answer.readline()
        answer.readline()
        state.reload()
        assert re.findall(rb'"version": "[^"]+"', answer.readline()) != re.findall(rb'"version": "[^"]+"', first)
        state.close()
        answer.readline()
        assert answer.read() == b""
        connection.close()


def test_a_taken_port_is_said_and_the_next_one_used(site: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told: list[str] = []
        with open_server(State(), site, site_url="", port=port, tell=told.append) as server:
            assert port < server.server_port <= port + 50
            assert told == [f"port {port} is taken or not allowed: using {server.server_port}"]


# The watch


@contextmanager
def watching(files: list[Path], folders: list[Path]) -> Iterator[Watch]:
    with Watch(lambda _: None) as watch:
        watch.follow(files, folders)
        yield watch


def test_changes_to_what_is_followed_are_seen_and_others_are_not(tmp_path: Path) -> None:
    seeds, config = tmp_path / "seeds", tmp_path / "mkdocs.yml"
    (seeds / "deep").mkdir(parents=True)
    config.write_text("a")
    with watching([config], [seeds]) as watch:
        (tmp_path / "other.txt").write_text("x")
        (seeds / "deep").stat()
        time.sleep(0.3)
        assert not watch.pending()
        (seeds / "deep" / "a.txt").write_text("x")
        watch.wait()
        assert not watch.pending()
        (tmp_path / "new").write_text("b")
        (tmp_path / "new").replace(config)  # as many editors save
        watch.wait()
        (seeds / "deep" / "a.txt").unlink()
        watch.wait()


def test_a_folder_that_is_made_later_or_anew_is_followed(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    with watching([], [seeds]) as watch:
        for _ in range(2):
            seeds.mkdir()
            watch.wait()
            watch.follow([], [seeds])
            (seeds / "a.txt").write_text("x")
            watch.wait()
            (seeds / "a.txt").unlink()
            seeds.rmdir()
            watch.wait()
            watch.follow([], [seeds])


def test_the_end_of_a_watch_leaves_no_thread(tmp_path: Path) -> None:
    before = threading.active_count()
    with watching([], [tmp_path]):
        assert threading.active_count() > before
    assert threading.active_count() == before


# The memos


def test_pages_out_of_the_memo_are_those_of_the_build(tmp_path: Path) -> None:
    loaded = settings.load(project.make(tmp_path, project.FIXTURES))
    cache, rendered = Analyses(tmp_path / "cache"), Rendered()

    def pages(memo: bool) -> tuple[Page, ...]:
        return build.prepare(
            loaded,
            executor=None,
            cache=cache if memo else Cache(None),
            say=lambda _: None,
            rendering=rendered if memo else render,
        ).pages

    first = pages(True)
    cache.forget_unused()
    again = pages(True)
    assert all(one is other for one, other in zip(first, again, strict=True))
    next(iter(loaded.seeds.rglob("*.txt"))).unlink()
    (loaded.seeds / "ferry-2.txt").write_text(FERRY.format("nine"))
    assert pages(True) == pages(False) != first


def test_the_pages_of_one_article_are_those_of_the_whole(tmp_path: Path) -> None:
    loaded = settings.load(project.make(tmp_path, project.FIXTURES))
    corpora: list[Corpus] = []
    prepared = build.prepare(
        loaded, executor=None, cache=Cache(None), say=lambda _: None, ahead=lambda corpus, _: corpora.append(corpus)
    )
    (corpus,) = corpora
    for source in corpus.sources:
        pages = list(render(compose_articles(corpus, {source.slug}, page_bytes=loaded.page_bytes)))
        assert len(pages) >= 4
        assert pages == [page for page in prepared.pages if page.path.split("/")[1:2] == [source.slug]]


def test_analyses_that_are_no_longer_used_are_forgotten(tmp_path: Path) -> None:
    loaded = settings.load(project.make(tmp_path, {"a.txt": FERRY.format("nine")}))
    cache = Analyses(None)
    build.prepare(loaded, executor=None, cache=cache, say=lambda _: None)
    cache.forget_unused()
    assert len(cache._known) == 1
    cache.forget_unused()
    assert cache._known == {}


# The mirror


def test_hand_written_files_are_mirrored_and_generated_ones_are_not(tmp_path: Path) -> None:
    docs, target = tmp_path / "docs", tmp_path / "target"
    publish([Page("index.md", "made")], docs)
    (docs / "about").mkdir()
    (docs / "about" / "us.md").write_text("we")
    target.mkdir()
    (target / "stale.md").write_text("left by an earlier preview")
    mirror = Mirror(target)
    assert mirror.update(docs) == {"about/us.md", "stale.md"}
    assert (target / "about" / "us.md").read_text() == "we"
    assert not (target / "index.md").exists()
    assert mirror.update(docs) == set()
    (docs / "about" / "us.md").unlink()
    assert mirror.update(docs) == {"about/us.md"}
    assert not (target / "about" / "us.md").exists()


def test_a_hand_written_file_in_the_place_of_a_page_is_refused(tmp_path: Path) -> None:
    docs, target = tmp_path / "docs", tmp_path / "target"
    docs.mkdir()
    mirror = Mirror(target)
    publish([Page("briefings/index.md", "made")], target)
    (docs / "briefings").mkdir()
    (docs / "briefings" / "index.md").write_text("by hand")
    with pytest.raises(PublishError, match=r"briefings/index\.md"):
        mirror.update(docs)
    assert (target / "briefings" / "index.md").read_text() == "made"


def test_where_a_file_of_docs_comes_to_stand() -> None:
    names = ["index.md", "a/index.md", "a/README.md", "a/b.md", "a/source.txt"]
    assert [quick.html_file(name) for name in names] == [
        "index.html",
        "a/index.html",
        "a/index.html",
        "a/b/index.html",
        "a/source.txt",
    ]


# The whole, as a program


class Running:
    """`briefbook serve` as a process, with what it tells."""

    def __init__(self, config: Path, *options: str) -> None:
        self.config = config
        self.seeds = config.parent / "seeds"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "briefbook.cli", "serve", "--config", str(config), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.lines += iter(self._line, "")

    def _line(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if line:
            self.lines.append(line)
        return line

    def told(self, start: str, since: int = 0) -> str:
        """The first line after `since` that begins with `start`, waited for."""
        found: list[str] = []

        def there() -> bool:
            found[:] = [line for line in self.lines[since:] if line.startswith(start)]
            return bool(found) or self.process.poll() is not None

        until(there, f"{start!r} was not told: {self.lines}")
        assert found, self.lines
        return found[0]

    @property
    def address(self) -> str:
        return self.told("preview ").split()[1]

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        code = self.process.wait(LONG)
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@contextmanager
def preview(config: Path, *options: str) -> Iterator[Running]:
    started = Running(config, *options)
    try:
        yield started
    finally:
        if started.process.poll() is None:
            started.stop(signal.SIGKILL)


def children(pid: int) -> list[int]:
    """The processes that a process started."""
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found.append(int(place.parent.name))
    return found


@pytest.fixture
def desk() -> Iterator[Tab]:
    with chromium() as opened:
        page = opened.new_page()
        page.set_default_timeout(LONG * 1000)
        yield page


def test_an_editor_at_work(tmp_path: Path, desk: Tab) -> None:
    config = project.make(tmp_path / "p", {"ferry.txt": FERRY.format("seven"), "mill.txt": MILL})
    (tmp_path / "p" / "docs" / "index.md").write_text("made by the last build")
    publish([Page("index.md", "made by the last build")], tmp_path / "p" / "docs")
    wrong: list[str] = []
    desk.on("pageerror", lambda error: wrong.append(str(error)))
    with preview(config, "--port", "0") as editor:
        desk.goto(editor.address)  # waits for the first site, and shows it by itself
        editor.told("built ")
        desk.wait_for_selector("h1")
        desk.locator("a", has_text="The ferry at Sarn sails again").first.click()
        desk.wait_for_selector("text=carried seven men")
        here = desk.url

        # a change shows by itself, and then the whole site is what a build makes
        at = len(editor.lines)
        (editor.seeds / "ferry.txt").write_text(FERRY.format("twelve"))
        desk.wait_for_selector("text=carried twelve men")
        assert desk.url == here
        editor.told("shown ", at)
        editor.told("built ", at)
        quickly = desk.locator("article").inner_html()
        desk.reload()
        assert desk.locator("article").inner_html() == quickly

        # an error keeps the page, and says so
        (editor.seeds / "ferry.txt").write_text("Only <b>a</b> title\n")
        bar = desk.locator("#briefbook-preview")
        bar.wait_for()
        assert "ferry.txt: it has a title and no text" in bar.inner_text()
        assert desk.locator("text=carried twelve men").count() > 0
        editor.told("error: ferry.txt: it has a title")
        desk.reload()
        bar.wait_for()
        assert desk.locator("text=carried twelve men").count() > 0

        # mending it recovers
        (editor.seeds / "ferry.txt").write_text(FERRY.format("thirty"))
        desk.wait_for_selector("text=carried thirty men")
        assert bar.count() == 0

        # the same with the settings
        good = config.read_text(encoding="utf-8")
        config.write_text(good.replace("seeds: seeds", "sedes: seeds"), encoding="utf-8")
        bar.wait_for()
        assert "did you mean `seeds`" in bar.inner_text()
        config.write_text(good.replace("site_name: Briefbook", "site_name: Another name"), encoding="utf-8")
        desk.wait_for_selector("text=Another name")
        bar.wait_for(state="detached")

        # hand-written pages are watched too
        desk.goto(f"{editor.address}about/")
        page = tmp_path / "p" / "docs" / "about" / "index.md"
        page.write_text(page.read_text(encoding="utf-8") + "\nA new line by hand.\n", encoding="utf-8")
        desk.wait_for_selector("text=A new line by hand.")

        # a new article, and one that goes
        desk.goto(editor.address)
        (editor.seeds / "new.txt").write_text(MILL.replace("mill at Orvel", "bridge at Orvel"))
        desk.wait_for_selector("text=The bridge at Orvel stands still")
        (editor.seeds / "new.txt").unlink()
        desk.locator("text=The bridge at Orvel stands still").first.wait_for(state="detached")

        assert editor.stop() == 0
    assert not wrong
    assert (tmp_path / "p" / "docs" / "index.md").read_text() == "made by the last build"
    assert not (tmp_path / "p" / "site").exists()
    assert not (tmp_path / "p" / ".briefbook-preview.yml").exists()


def test_the_preview_is_what_the_build_makes(tmp_path: Path) -> None:
    config = project.make(tmp_path / "p", project.FIXTURES)
    own = tmp_path / "p" / ".cache" / "briefbook" / "preview"
    with preview(config, "--port", "0") as editor:
        editor.told("built ")
        at = len(editor.lines)
        article = next(place for place in sorted(editor.seeds.rglob("*.txt")) if place.stem == "ferry")
        article.write_text(article.read_text(encoding="utf-8") + "\nMara Okker was not there.\n", encoding="utf-8")
        editor.told("first ", at)
        editor.told("shown ", at)
        laid = {p.relative_to(own / "part"): p for p in (own / "part").rglob("*.html")}
        assert laid
        shown = {p.relative_to(own / "site"): p.read_bytes() for p in (own / "site").rglob("index.html")}
        editor.told("built ", at)
        after = {p.relative_to(own / "site"): p.read_bytes() for p in (own / "site").rglob("index.html")}
        assert shown == after
        assert editor.stop() == 0
    built = project.build_it(config)
    assert built.site is not None
    for name in ("docs", "site"):
        mine, real = (
            {p.relative_to(top): p.read_bytes() for p in top.rglob("*") if p.is_file() and not p.name.startswith(".")}
            for top in (own / name, tmp_path / "p" / name)
        )
        assert mine.pop(Path(PREVIEW)) == b'{"preview": true}\n'
        assert mine.keys() == real.keys()
        assert [path.as_posix() for path in real if mine[path] != real[path]] == (
            ["manifest.json"] if name == "site" else []
        )


def test_a_preview_on_the_web_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = project.make(tmp_path / "p", {"ferry.txt": FERRY.format("seven"), "ferry.yml": "publish: none\n"})
    own = tmp_path / "p" / ".cache" / "briefbook" / "preview"
    with preview(config, "--port", "0") as editor:
        editor.told("built ")
        assert editor.stop() == 0
    assert "opened the landing" in (own / "site" / "index.html").read_text(encoding="utf-8")
    refused = "preview.json: this is a preview: it may hold text that may not be published."

    def says(*command: str) -> tuple[int, str]:
        code = cli.main(list(command))
        return code, capsys.readouterr().err

    code, err = says("verify", str(own / "site"))
    assert code == cli.PROBLEMS
    assert err.count(refused) == 1
    assert err.endswith("1 errors, 0 warnings\n"), "nothing else is wrong with it"
    with served_folder(own / "site") as address:
        code, err = says("verify", address)
        assert (code, refused in err) == (cli.PROBLEMS, True)

    assert cli.main(["build", "--workers", "1", "--config", str(config)]) == cli.GOOD
    assert says("check", "--deploy", "--config", str(config))[0] == cli.GOOD
    shutil.rmtree(tmp_path / "p" / "site")
    shutil.copytree(own / "site", tmp_path / "p" / "site")
    for options in (["--deploy"], ["--deploy", "--site"], ["--site"]):
        code, err = says("check", *options, "--config", str(config))
        assert (code, err.count(refused)) == (cli.PROBLEMS, 1)
    (tmp_path / "p" / "site" / PREVIEW).unlink()
    assert "preview.json: is missing, and the manifest lists it" in says("verify", str(tmp_path / "p" / "site"))[1]

    # its pages laid over docs/ by hand
    shutil.copyfile(own / "docs" / PREVIEW, tmp_path / "p" / "docs" / PREVIEW)
    code, err = says("build", "--workers", "1", "--config", str(config))
    assert (code, refused in err) == (cli.PROBLEMS, True)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads the table of processes in /proc")
@pytest.mark.parametrize("moment", ["at once", "while building", "while waiting"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_the_end_leaves_nothing_running(tmp_path: Path, moment: str, number: int) -> None:
    config = project.make(tmp_path / "p", {"ferry.txt": FERRY.format("seven")})
    with preview(config, "--port", "0") as editor:
        port = int(editor.address.rstrip("/").rpartition(":")[2])
        if moment == "while building":
            until(lambda: bool(children(editor.process.pid)), "no engine was started")
        elif moment == "while waiting":
            editor.told("built ")
        left = children(editor.process.pid)
        assert editor.stop(number) == 0
        assert editor.lines[-1] == "stopped\n"
        # the one that Python itself starts to look after semaphores sees the end a moment later
        until(lambda: not [pid for pid in left if Path(f"/proc/{pid}").exists()], "something goes on running")
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", port))
    assert not (tmp_path / "p" / ".briefbook-preview.yml").exists()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads the table of processes in /proc")
def test_even_a_killed_preview_leaves_no_waiting_engine(tmp_path: Path) -> None:
    config = project.make(tmp_path / "p", {"ferry.txt": FERRY.format("seven")})
    with preview(config, "--port", "0") as editor:
        editor.told("built ")
        left = children(editor.process.pid)
        assert left
        os.kill(editor.process.pid, signal.SIGKILL)
        until(lambda: not [pid for pid in left if Path(f"/proc/{pid}").exists()], "the waiting engine goes on")
        editor.stop(signal.SIGKILL)


def test_settings_that_cannot_be_used_end_the_command(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("site_name: [")
    done = subprocess.run(
        [sys.executable, "-m", "briefbook.cli", "serve", "--config", str(tmp_path / "mkdocs.yml")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "mkdocs.yml:1" in done.stderr


def test_an_error_from_the_start_does_not_hold_up_the_rest(tmp_path: Path) -> None:
    config = project.make(tmp_path / "p", {"ferry.txt": FERRY.format("seven"), "bad.txt": ""})
    with preview(config, "--port", "0") as editor:
        editor.told("error: bad.txt")
        editor.told("built ")
        at = len(editor.lines)
        (editor.seeds / "ferry.txt").write_text(FERRY.format("twelve"))
        editor.told("shown ", at)
        assert editor.stop() == 0
