"""Sources of one origin and copied sentences: what counts, what does not, and that the work grows with the words."""

from __future__ import annotations

import random
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from briefbook.model import Analysis, Article, Copy, Section, Source, SourceData
from briefbook.resolve.origins import ALIKE, LEAST, origins
from marked import sentences

WORDS = [
    f"{a}{b}{c}"
    for a in ("ve", "sa", "or", "ty", "ka")
    for b in ("lm", "rn", "li", "sn")
    for c in ("a", "o", "en", "ik")
]


def told(seed: int, lines: int = 8) -> list[str]:
    """Sentences of twelve made-up words."""
    dice = random.Random(seed)
    return [f"{' '.join(dice.choices(WORDS, k=12)).capitalize()}." for _ in range(lines)]


def found(texts: Sequence[str]) -> tuple[tuple[int, ...], tuple[Copy, ...]]:
    """Origins and copies of texts, newest first."""
    sources = [Source(f"{n}.txt", (), "", f"{n}", SourceData(), Article(text, ())) for n, text in enumerate(texts)]
    analyses = [
        Analysis((Section("other", "none", None, 0, len(text), tuple(sentences(text))),), (), (), ()) for text in texts
    ]
    return origins(sources, analyses)


def test_a_copy_is_of_one_origin_with_the_oldest() -> None:
    wire = told(1)
    edited = [line.replace(line.split()[3], "edited") if at % 2 else line for at, line in enumerate(wire)]
    got, copies = found([" ".join(edited), " ".join(told(2)), " ".join(wire), " ".join(wire[:6] + told(3, 5))])
    assert got == (3, 1, 3, 3)
    assert {copy.source for copy in copies} == {0, 2}


def test_a_wire_inside_a_longer_article_is_found() -> None:
    wire = told(1)
    got, copies = found([" ".join(told(4, 20) + wire + told(5, 20)), " ".join(wire)])
    assert got == (1, 1)
    text = " ".join(told(4, 20) + wire + told(5, 20))
    assert [text[copy.start : copy.end] for copy in copies] == wire
    assert [copy.older.start for copy in copies] == sorted(copy.older.start for copy in copies)


def test_a_shared_passage_is_no_common_origin() -> None:
    got, copies = found([" ".join(told(1, 10) + told(9, 3)), " ".join(told(2, 10) + told(9, 3))])
    assert got == (0, 1)
    assert len(copies) == 3


def test_one_sentence_of_a_few_words_is_chance() -> None:
    got, copies = found([" ".join([*told(1, 10), *told(9, 1)]), " ".join([*told(2, 10), *told(9, 1)])])
    assert got == (0, 1)
    assert copies == ()


def test_a_speech_that_two_quote_is_no_copy() -> None:
    speech = "“" + " ".join(told(9, 6)) + "”"
    got, copies = found([" ".join([*told(1, 6), speech]), " ".join([*told(2, 6), speech])])
    assert got == (0, 1)
    assert copies == ()


def test_a_footer_that_all_share_makes_them_no_one() -> None:
    footer = told(9, 3)
    got, _ = found([" ".join(told(seed, 10) + footer) for seed in range(30)])
    assert got == tuple(range(30))


@given(st.lists(st.integers(0, 3), min_size=1, max_size=6), st.integers(0, 9))
def test_an_origin_is_its_own_origin_and_never_newer(seeds: list[int], drop: int) -> None:
    texts = [" ".join(told(seed)[drop % 3 :]) if at % 2 else " ".join(told(seed)) for at, seed in enumerate(seeds)]
    got, copies = found(texts)
    assert all(got[origin] == origin >= at for at, origin in enumerate(got))
    assert all(seeds[at] == seeds[origin] for at, origin in enumerate(got))
    assert all(copy.older.source > copy.source for copy in copies)
    assert list(copies) == sorted(copies)


def test_empty_and_short_texts() -> None:
    assert found(["", "Velm.", "Velm.", " "]) == ((0, 1, 2, 3), ())
    assert ALIKE * LEAST > 1
