"""The site engines, each run as a program of its own on the same `mkdocs.yml`."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, get_args

Engine = Literal["mkdocs", "properdocs", "zensical"]
"""What turns `docs/` into HTML. MkDocs is the default; the other two read the same settings."""
ENGINES: tuple[Engine, ...] = get_args(Engine)

_TELLING = re.compile(r"^\s*(?:WARNING|ERROR|CRITICAL|Error|Warning|error|warning|Aborted|\w*(?:Error|Exception):)")
"""Lines of an engine's output that say what went wrong."""
_THEME = Path(__file__).parents[1] / "theme"
_THEME_ONLY = ("__init__.py", "mkdocs_theme.yml")
"""What makes the theme's folder a theme, and is no part of a site. Zensical copies it, the other engines do not."""
_BEAT = 0.1
"""Seconds between two calls of `beat`."""
_SHOWN = 40
"""How many lines of an engine's output an error shows."""


class SiteError(Exception):
    """The site was not built, and the published one is as it was."""


def run_engine(
    engine: Engine,
    config: Path,
    target: Path,
    *,
    epoch: int,
    held: int | None = None,
    beat: Callable[[], None] = lambda: None,
) -> None:
    """Build the site of `config` (a `mkdocs.yml`) into the folder `target`, which the engine empties first.

    `epoch` (seconds since 1970) is the only time that the engine is told. Warnings are errors. The engine keeps the
    descriptor `held` open until it ends. `beat` is called over and over meanwhile; where it raises, the engine is
    stopped.

    Raises:
        SiteError: the engine is not installed or failed, with its own messages.
    """
    if find_spec(engine) is None:
        raise SiteError(f"{engine} is not installed: pip install {engine}")
    # -P keeps modules that happen to lie beside the settings from being taken for the engine's own.
    command = [sys.executable, "-P", "-m", engine, "build", "--strict"]
    if engine == "zensical":
        overlay = _overlay(config, target)
        try:
            _run([*command, "--clean", "--config-file", str(overlay)], engine, config.parent, epoch, held, beat)
        finally:
            overlay.unlink()
        _remove_theme_files(target)
    else:
        command += ["--config-file", str(config), "--site-dir", str(target)]
        _run(command, engine, config.parent, epoch, held, beat)


def environment(epoch: int, outer: Mapping[str, str]) -> dict[str, str]:
    """`outer` without what could change an engine's output: hash seed, time zone, locale, clock."""
    return {
        **{name: value for name, value in outer.items() if not name.startswith("LC_")},
        "SOURCE_DATE_EPOCH": str(epoch),
        "NO_MKDOCS_2_WARNING": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "TZ": "UTC",
        "LANG": "C.UTF-8",
        "LANGUAGE": "C",
        "LC_ALL": "C.UTF-8",
    }


def _overlay(config: Path, target: Path) -> Path:
    """Settings that say `config`, but for the folder to build into: Zensical has no option for that."""
    overlay = config.with_name(".briefbook-zensical.yml")
    # JSON is YAML, and quotes what a path may hold.
    overlay.write_text(json.dumps({"INHERIT": config.name, "site_dir": str(target)}), encoding="utf-8")
    return overlay


def _remove_theme_files(target: Path) -> None:
    """Take the theme's own files out of a site; a hand-written file of the same name stays."""
    for name in _THEME_ONLY:
        copied = target / name
        if copied.is_file() and copied.read_bytes() == (_THEME / name).read_bytes():
            copied.unlink()


def _run(
    command: list[str], engine: Engine, folder: Path, epoch: int, held: int | None, beat: Callable[[], None]
) -> None:
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment(epoch, os.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        pass_fds=() if held is None or os.name == "nt" else (held,),
    ) as process:
        try:
            output = _output(process, beat)
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        lines = [line for line in output.splitlines() if line.strip()]
        telling = [line for line in lines if _TELLING.match(line)] or lines
        raise SiteError("\n".join([f"{engine} could not build the site:", *telling[-_SHOWN:]]))


def _output(process: subprocess.Popen[str], beat: Callable[[], None]) -> str:
    """All that the process writes until its end."""
    while True:
        try:
            return process.communicate(timeout=_BEAT)[0]
        except subprocess.TimeoutExpired:
            beat()
