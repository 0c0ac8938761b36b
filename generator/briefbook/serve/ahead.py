"""The pages of what was just saved, built by a waiting engine while all other pages are still being composed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from briefbook.serve.spare import Spare


class Ahead:
    """Work with one waiting engine, on a thread of its own."""

    def __init__(self, spare: Spare, work: Callable[[Spare], dict[str, str]]) -> None:
        self._spare = spare
        self._work = work
        self._done: dict[str, str] = {}
        self._thread = threading.Thread(target=self._run, name="ahead")
        self._thread.start()

    def _run(self) -> None:
        # Whatever goes wrong here goes wrong again, and is told, when all changed pages are built.
        with suppress(OSError, ValueError):
            self._done = self._work(self._spare)

    def finish(self) -> dict[str, str]:
        """Wait for the work; what it gave, nothing where it failed."""
        self._thread.join()
        return self._done

    def end(self) -> None:
        """Give the work up."""
        self._spare.end()
        self._thread.join()
