"""A published site re-checked over HTTP, against local servers that are right, wrong, slow, dying and leading away."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from briefbook import cli
from briefbook.verify import Verification, verify_address, verify_folder
from briefbook.verify.remote import AddressError, Fetched, Limits, address_of


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder below `/base/`, with the faults that a test sets on the server."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        server: Any = self.server
        server.asked += 1
        path = self.path.split("?")[0].removeprefix("/base/")
        if server.dies_after is not None and server.asked > server.dies_after:
            self.connection.close()
            self.close_connection = True
            return
        if path in server.redirects:
            self.send_response(301)
            self.send_header("Location", server.redirects[path])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if path in server.drips:
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            for _ in range(100):
                try:
                    self.wfile.write(b"x")
                except OSError:
                    return
                if server.over.wait(0.05):
                    return
            return
        if path in server.short:
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"x")
            self.close_connection = True
            return
        self.path = self.path.removeprefix("/base")
        super().do_GET()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def server(built: Path, tmp_path: Path) -> Iterator[Any]:
    site = tmp_path / "site"
    shutil.copytree(built / "site", site)
    made: Any = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(site)))
    made.daemon_threads = True
    made.block_on_close = False
    made.site, made.url = site, f"http://127.0.0.1:{made.server_port}/base/"
    made.asked, made.dies_after = 0, None
    made.redirects, made.drips, made.short = {}, set(), set()
    made.over = threading.Event()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.over.set()
    made.shutdown()
    made.server_close()
    thread.join()


def check(server: Any, **limits: Any) -> tuple[Verification, Fetched]:
    return verify_address(server.url, limits=Limits(**limits))


def lines(found: Verification) -> str:
    return "\n".join(map(str, found.problems))


def test_a_site_as_it_was_built_is_verified_as_its_folder_is(server: Any) -> None:
    said: list[str] = []
    found, fetched = verify_address(server.url, progress=said.append)
    assert found == verify_folder(server.site)
    assert not found.problems
    assert fetched.files == found.files
    assert fetched.size == sum(place.stat().st_size for place in server.site.rglob("*") if place.is_file())
    assert any(line.startswith("fetched ") for line in said)


def test_the_command_says_what_it_did_and_cannot_see(server: Any, capsys: pytest.CaptureFixture[str]) -> None:
    (server.site / "added.html").write_text("added", encoding="utf-8")
    assert cli.main(["verify", server.url.removesuffix("/")]) == cli.GOOD
    out = capsys.readouterr().out
    assert "a file added beside it cannot be seen" in out
    assert "root     " in out
    assert cli.main(["verify", server.url, "--expect", "0" * 64]) == cli.PROBLEMS
    assert cli.main(["verify", server.url, "--max-bytes", "5000"]) == cli.PROBLEMS
    assert "limit of 5000 bytes" in capsys.readouterr().err


def test_a_changed_byte_is_named(server: Any) -> None:
    place = server.site / "index.html"
    place.write_bytes(place.read_bytes().replace(b"<p", b"<b", 1))
    found, _ = check(server)
    assert "index.html: is not the file that was built" in lines(found)


def test_a_missing_file_is_named_once_with_its_reason(server: Any) -> None:
    (server.site / "assets" / "briefbook.css").unlink()
    found, fetched = check(server)
    assert [str(problem) for problem in found.problems] == [
        "assets/briefbook.css: is not served: expected HTTP 200, found 404 File not found"
    ]
    assert fetched.stopped is None


def test_a_redirect_on_the_host_is_followed_and_counted(server: Any) -> None:
    shutil.copy(server.site / "index.html", server.site / "moved.html")
    server.redirects["index.html"] = "/base/moved.html"
    found, fetched = check(server)
    assert not found.problems
    assert fetched.redirected == 1


@pytest.mark.parametrize(
    "target", ["http://localhost:1/x", "//other.example/x", "ftp://127.0.0.1/x", "http://127.0.0.1:1/"]
)
def test_a_redirect_to_elsewhere_is_refused_and_named(server: Any, target: str) -> None:
    server.redirects["index.html"] = target
    found, _ = check(server)
    assert f"index.html: is redirected to another host, which is not followed: {target}" in lines(found)


def test_a_circle_of_redirects_ends(server: Any) -> None:
    server.redirects["index.html"] = "/base/index.html"
    found, _ = check(server)
    assert "index.html: is redirected more than 5 times" in lines(found)


def test_a_file_that_drips_is_given_up(server: Any) -> None:
    server.drips.add("index.html")
    begin = time.monotonic()
    found, _ = check(server, request_seconds=0.6)
    assert "index.html: did not come within 0.6 seconds" in lines(found)
    assert time.monotonic() - begin < 60


def test_a_slow_site_is_given_up_in_all(server: Any) -> None:
    server.drips.add("index.html")
    found, fetched = check(server, all_seconds=1.5)
    assert fetched.stopped is not None
    assert "more than 1.5 seconds passed" in found.problems[0].message
    assert "no page verified" in found.problems[0].message


def test_an_answer_cut_short_is_named(server: Any) -> None:
    server.short.add("labels.json")
    found, _ = check(server)
    assert "labels.json: cannot be fetched" in lines(found)


def test_a_dying_server_is_left_alone(server: Any) -> None:
    server.dies_after = 20
    found, fetched = check(server)
    assert fetched.stopped is not None
    assert "12 times in a row" in found.problems[0].message
    assert server.asked < 80


def test_nobody_there_is_a_problem(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify", "http://127.0.0.1:1/"]) == cli.PROBLEMS
    assert "manifest.json: cannot be fetched" in capsys.readouterr().err


def test_sizes_have_limits(server: Any) -> None:
    size = (server.site / "manifest.json").stat().st_size
    found, fetched = check(server, file_bytes=size)
    assert f"is larger than the limit of {size} bytes" in lines(found)
    assert "manifest.json" not in {problem.where for problem in fetched.problems}
    found, fetched = check(server, all_bytes=size + 1)
    assert fetched.stopped is not None
    assert "bytes in all" in found.problems[0].message


@pytest.mark.parametrize("path", ["../out.txt", "/etc/out", "a/../../out", "a\\\\b"])
def test_a_manifest_that_leads_out_of_the_site_is_none(server: Any, path: str) -> None:
    (server.site / "manifest.json").write_text(f'{{\n"{path}": "{"0" * 64}"\n}}\n', encoding="utf-8")
    found, _ = check(server)
    assert "manifest.json: is not a manifest" in lines(found)
    assert server.asked == 1


@pytest.mark.parametrize(
    "text",
    [
        "ftp://a.example/",
        "file:///etc/passwd",
        "https://",
        "http://u:p@a.example/",
        "http://a.example/?q",
        "http://[x/",
    ],
)
def test_an_address_that_is_none_of_a_site_is_exit_code_2(text: str) -> None:
    assert cli.main(["verify", text]) == cli.USAGE
    with pytest.raises(AddressError):
        address_of(text)


def test_an_address_may_name_the_home_page() -> None:
    assert address_of("https://a.example/b/index.html").geturl() == "https://a.example/b/"
    assert address_of("https://a.example").geturl() == "https://a.example/"
