"""The registry: what an entry takes, and what is wrong in one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefbook.model import RegistryEntry
from briefbook.read.registry import read_registry

GOOD = "- id: velm\n  name: Velm\n  kind: place\n"


def test_every_key() -> None:
    text = """
# what we know
- id: velm
  name: Velm
  kind: place
  aliases: [Welm, "Velm-on-Sea"]
  coordinates: [49.71, -37]
  same_as: [https://example.org/velm]
  never: [norwold]
- id: norwold
  name: Norwold
  kind: place
  only_in:
    - deep/a.txt
"""
    entries, problems = read_registry(text, "entities.yml")
    assert problems == ()
    assert entries == (
        RegistryEntry(
            id="velm",
            name="Velm",
            kind="place",
            aliases=("Welm", "Velm-on-Sea"),
            coordinates=(49.71, -37.0),
            same_as=("https://example.org/velm",),
            never=("norwold",),
            line=3,
        ),
        RegistryEntry(id="norwold", name="Norwold", kind="place", only_in=("deep/a.txt",), line=10),
    )


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "[]"])
def test_nothing(text: str) -> None:
    assert read_registry(text, "entities.yml") == ((), ())


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("- id: a\n  name: A\n", 1, "lacks `kind`"),
        ("- id: a\n  name: A\n  kind: town\n", 3, "must be one of person"),
        ("- id: A b\n  name: A\n  kind: place\n", 1, "such as a-b"),
        ("- id: a\n  name: 5\n  kind: place\n", 2, "must be text"),
        ("- id: a\n  name: A\n  kind: place\n  alias: [B]\n", 4, "unknown key `alias`; did you mean `aliases`?"),
        ("- id: a\n  name: A\n  kind: place\n  aliases: B\n", 4, "must be a list"),
        ("- id: a\n  name: A\n  kind: place\n  aliases: [B, B]\n", 4, "the same value twice"),
        ("- id: a\n  name: A\n  kind: place\n  aliases: [[B]]\n", 4, "must be text"),
        ("- id: a\n  name: A\n  kind: place\n  coordinates: [91, 0]\n", 4, "latitude 91.0"),
        ("- id: a\n  name: A\n  kind: place\n  coordinates: [0, -181]\n", 4, "longitude -181.0"),
        ("- id: a\n  name: A\n  kind: place\n  coordinates: [1]\n", 4, "two numbers"),
        ("- id: a\n  name: A\n  kind: place\n  coordinates: [yes, 1]\n", 4, "two numbers"),
        ("- id: a\n  name: A\n  kind: place\n  same_as: [mailto:a@example.org]\n", 4, "https://"),
        ("- id: a\n  name: A\n  name: B\n  kind: place\n", 3, "given twice"),
        ("- id: velm\n  name: A\n  kind: place\n", 4, "is taken by the entry at entities.yml:1"),
        ("- just text\n", 1, "key: value"),
        ("- [a]\n", 1, "key: value"),
        ("- id: a\n  name: !!python/name:os.system x\n  kind: place\n", 2, "tag"),
        ("- id: a\n  name: &n A\n  kind: place\n", 2, "anchor"),
    ],
)
def test_what_is_wrong_is_named_and_left_out(text: str, line: int, part: str) -> None:
    entries, problems = read_registry(text, "entities.yml")
    if "is taken" in part:
        entries, problems = read_registry(GOOD + text, "entities.yml")
        assert [entry.line for entry in entries] == [1]
    else:
        assert entries == ()
    assert [problem.where for problem in problems] == [f"entities.yml:{line}"]
    assert part in problems[0].message


def test_one_wrong_entry_leaves_the_others() -> None:
    entries, problems = read_registry(f"- id: a\n{GOOD}", "entities.yml")
    assert [entry.id for entry in entries] == ["velm"]
    assert len(problems) == 1


@pytest.mark.parametrize(("never", "part"), [("nowhere", "no entry has that id"), ("velm", "the entry itself")])
def test_never_names_another_entry(never: str, part: str) -> None:
    _, problems = read_registry(f"{GOOD}  never: [{never}]\n", "entities.yml")
    assert len(problems) == 1
    assert part in problems[0].message


@pytest.mark.parametrize("text", ["a: b", "text", "- id: [", "- id: \x07", "--- \n- id: a\n---\n- id: b", "[" * 1_000])
def test_a_file_that_is_no_registry_is_one_problem(text: str) -> None:
    entries, problems = read_registry(text, "entities.yml")
    assert entries == ()
    assert len(problems) == 1
    assert problems[0].where.startswith("entities.yml:")


@given(st.text(alphabet="-:[]{}&*!#'\" \nidnameknp12,.|>\t", max_size=120))
def test_nothing_raises_and_nothing_is_half_read(text: str) -> None:
    entries, _ = read_registry(text, "entities.yml")
    assert len({entry.id for entry in entries}) == len(entries)
    assert all(entry.id and entry.name and entry.line for entry in entries)
