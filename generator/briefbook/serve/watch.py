"""Waiting for a change to a file that the site is made of."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch
from watchdog.observers.polling import PollingObserver

QUIET = 0.06
"""Seconds without a further change after which a change counts as saved: editors write a file in several steps."""
LONGEST = 1.0
"""Seconds after which changes that go on and on are looked at all the same."""
# Without the events of opening and reading: a round reads thousands of files, and its own reading would overflow the
# system's queue of events.
_EVENTS: list[type[FileSystemEvent]] = [
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]


class Watch(FileSystemEventHandler):
    """Follows files and folders; a context manager that ends its threads."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._observer: BaseObserver = Observer()
        self._watches: dict[tuple[Path, int, bool], ObservedWatch] = {}
        self._files: frozenset[Path] = frozenset()
        self._folders: tuple[Path, ...] = ()
        self._news = threading.Condition()
        self._first = self._last = 0.0

    def __enter__(self) -> Watch:
        self._observer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        # An event that comes while the threads end is told as an error of watchdog's own: nobody can mend that.
        logging.getLogger("watchdog").setLevel(logging.CRITICAL)
        self._observer.stop()
        self._observer.join()

    def follow(self, files: Iterable[Path], folders: Iterable[Path]) -> None:
        """From now on, report changes to these `files` and to anything in these `folders`; each may be missing."""
        self._files, self._folders = frozenset(files), tuple(folders)
        # A folder that is not there, or is made anew, is seen by watching the one it lies in.
        parents = {place.parent for place in (*self._files, *self._folders)}
        wanted = [(place, True) for place in self._folders] + [(place, False) for place in sorted(parents)]
        keys = {(place, place.stat().st_ino, deep) for place, deep in wanted if place.is_dir()}
        for key in self._watches.keys() - keys:
            self._observer.unschedule(self._watches.pop(key))
        for key in sorted(keys - self._watches.keys()):
            self._watches[key] = self._schedule(key[0], deep=key[2])

    def _schedule(self, place: Path, *, deep: bool) -> ObservedWatch:
        try:
            return self._observer.schedule(self, str(place), recursive=deep, event_filter=_EVENTS)
        except OSError as error:
            if isinstance(self._observer, PollingObserver):
                raise
            self._tell(f"the system does not report changes ({error.strerror}): looking every second instead")
        # An event that comes while the threads end is told as an error of watchdog's own: nobody can mend that.
        logging.getLogger("watchdog").setLevel(logging.CRITICAL)
        self._observer.stop()
        self._observer.join()
        self._observer = PollingObserver(timeout=1)
        self._observer.start()
        for key in self._watches:
            self._watches[key] = self._observer.schedule(self, str(key[0]), recursive=key[2], event_filter=_EVENTS)
        return self._observer.schedule(self, str(place), recursive=deep, event_filter=_EVENTS)

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Take note of a change (called by the observer's thread)."""
        places = [Path(os.fsdecode(path)) for path in (event.src_path, event.dest_path) if path]
        if any(place in self._files or self._inside(place) for place in places):
            with self._news:
                self._last = time.monotonic()
                self._first = self._first or self._last
                self._news.notify_all()

    def _inside(self, place: Path) -> bool:
        return any(place.is_relative_to(folder) for folder in self._folders)

    def pending(self) -> bool:
        """Whether something changed since `wait` returned."""
        return self._first > 0

    def wait(self) -> float:
        """Wait until something changed and the change is whole; when it began, by `time.monotonic`."""
        with self._news:
            while not self._ripe():
                # Not without end: a wait without a limit cannot be interrupted on Windows.
                self._news.wait(QUIET / 2 if self._first else 0.5)
            first, self._first = self._first, 0.0
            return first

    def _ripe(self) -> bool:
        now = time.monotonic()
        return self._first > 0 and (now - self._last >= QUIET or now - self._first >= LONGEST)
