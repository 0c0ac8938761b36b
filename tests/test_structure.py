"""The shape of the package: imports go one way, and every module says what it is."""

from __future__ import annotations

import ast
from importlib.resources import files
from pathlib import Path

import pytest

PACKAGE = Path(str(files("briefbook")))
LEVELS = (
    {"model"},
    {"voices"},
    {"paths", "escape", "display", "labels", "lists", "lock", "policy", "strict_yaml", "tables"},
    {"forms", "keys", "views", "settings", "cache", "edits", "naming"},
    {"variants"},
    {
        "read",
        "analyze",
        "correct",
        "rights",
        "resolve",
        "compose",
        "render",
        "check",
        "publish",
        "sites",
        "verify",
        "jsonl",
        "suspect",
    },
    {"explain", "build", "new", "add", "theme"},
    {"serve", "single"},
    {"cli"},
)
"""A module imports from lower levels only; those of one level do not import each other."""
LEVEL = {name: level for level, names in enumerate(LEVELS) for name in names}


def modules() -> list[tuple[str, Path]]:
    """(first name below the package, file) of every module."""
    return [
        (path.relative_to(PACKAGE).parts[0].removesuffix(".py"), path)
        for path in sorted(PACKAGE.rglob("*.py"))
        if path != PACKAGE / "__init__.py"
    ]


def imported(path: Path) -> set[str]:
    """First names below the package of all that a module imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "briefbook":
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("briefbook."):
            names.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            names |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("briefbook.")}
    return names


@pytest.mark.parametrize(("name", "path"), modules(), ids=lambda value: str(value).removeprefix(str(PACKAGE)))
def test_imports_go_one_way(name: str, path: Path) -> None:
    assert name in LEVEL, f"{name} has no level yet"
    for other in imported(path) - {name}:
        assert LEVEL[other] < LEVEL[name], f"{path.name} imports {other}"


def test_verify_needs_nothing_of_the_stages() -> None:
    for name, path in modules():
        if name == "verify":
            assert imported(path) - {"verify"} <= LEVELS[0] | LEVELS[1] | LEVELS[2]


@pytest.mark.parametrize("path", [path for _, path in modules()], ids=lambda path: path.name)
def test_every_module_and_public_name_is_documented(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), f"{path.name} does not say what it is"
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{path.name}: {node.name} has no docstring"


@pytest.mark.parametrize("path", [path for _, path in modules()], ids=lambda path: path.name)
def test_no_module_is_a_house_of_its_own(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 420, f"{path.name} wants to become a folder"
