"""The editor's preview: build, serve on this machine only, watch, show what changed.

What a page shows comes from the stages of the build, through the same functions; only the order of the last steps is
another (see `preview.py`).
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import FrameType

from briefbook.serve.preview import Preview
from briefbook.serve.server import Server, State, open_server
from briefbook.serve.watch import Watch
from briefbook.settings import Settings, load

__all__ = ["serve"]

Tell = Callable[[str], None]


def serve(
    config: Path,
    *,
    port: int,
    executor: Callable[[Settings], AbstractContextManager[Executor | None]],
    tell: Tell,
    say: Tell,
) -> None:
    """Serve a preview of the site of `config` until Ctrl-C (or SIGTERM), then leave nothing running.

    `port` is tried first, then the ones after it; 0 is any free one. `executor` gives the processes that analyze,
    for one round. `tell` takes lines that stay, `say` takes what is going on. Raises SettingsError where the settings
    cannot be used at the start, and OSError where no port is free.
    """
    settings = load(config)
    state = State()
    preview = Preview(config, state=state, executor=executor, tell=tell, say=say)
    with (
        _stopped_by_signals(),
        open_server(state, preview.site, site_url=settings.site_url, port=port, tell=tell) as server,
        _running(server, state),
        Watch(tell) as watch,
        preview,
    ):
        tell(f"preview  {server.address} (Ctrl-C stops it)")
        since = None
        try:
            while True:
                preview.round(watch, since)
                since = watch.wait()
        except KeyboardInterrupt:
            tell("stopped")


@contextmanager
def _running(server: Server, state: State) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, name="preview server")
    thread.start()
    try:
        yield
    finally:
        state.close()
        server.shutdown()
        thread.join()


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """SIGTERM ends the preview as Ctrl-C does, and Ctrl-C does even where a shell started it with SIGINT ignored."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
