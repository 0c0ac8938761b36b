"""One build at a time in a checkout.

The lock is the operating system's, on an open file: it ends with the process that holds it, however that ends, so a
killed build leaves a file that locks nothing.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_PAUSE = 0.2
"""Seconds between two tries."""


@contextmanager
def alone(place: Path, waiting: Callable[[], None]) -> Iterator[int]:
    """Hold the lock on the file `place`; waits for whoever holds it, and calls `waiting` once before it does.

    Gives the file's descriptor: a program that inherits it holds the lock too, until it ends (not on Windows).

    Raises OSError where the file cannot be made.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.is_dir():
        shutil.rmtree(place)
    with place.open("a+b") as file:
        if not _try(file):
            waiting()
            while not _try(file):
                time.sleep(_PAUSE)
        yield file.fileno()


def _try(file: IO[bytes]) -> bool:
    """Take the lock, if nobody has it. It is given back when the file is closed."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
