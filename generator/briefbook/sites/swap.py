"""Putting a finished site in the place of the published one, so that no reader ever meets half a site."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def aside(site: Path) -> Path:
    """Where a new site is built: beside the published one, so that renaming stays within one file system."""
    return site.with_name(f"{site.name}.briefbook-new")


def _old(site: Path) -> Path:
    """Where the published site waits while two renames are under way."""
    return site.with_name(f"{site.name}.briefbook-old")


def restore(site: Path) -> None:
    """Mend what a kill left behind: the published site is back in its place, and no folder stands beside it.

    Every command that reads or writes the site calls this first.
    """
    if _old(site).exists() and not site.exists():
        _old(site).rename(site)
    for leftover in (_old(site), aside(site)):
        if leftover.exists():
            shutil.rmtree(leftover)


def put_in_place(site: Path) -> None:
    """Put the site built in `aside(site)` in the place of `site`, and remove the one that stood there.

    On Linux one system call exchanges the two: whoever looks finds the old site or the new one. Elsewhere it takes two
    renames; a kill between them leaves no site until the next command calls `restore`.
    """
    new = aside(site)
    if not site.exists():
        new.rename(site)
    elif exchange(new, site):
        shutil.rmtree(new)
    else:
        old = _old(site)
        site.rename(old)
        new.rename(site)
        shutil.rmtree(old)


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step (renameat2(2), RENAME_EXCHANGE); False where the system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return bool(renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0)
