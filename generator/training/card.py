"""The model card: what the model is, what it was made from, how good it is, where it fails."""

from __future__ import annotations

from typing import Any

import layers
from measure import MERGED

from briefbook.model import KINDS

_CARD = """\
# Model card: the encoder of Briefbook

Reads English news and reports in one pass: names of seven kinds ({kinds}); what is said, in which mode and of which
kind, the words that name who says it, and the cues; figures; and the section that each paragraph belongs to. One small
transformer encoder, run by `onnxruntime` on one thread, no network, no score of it on any page.

- SHA-256 of `model.onnx`: `{digest}` ({size:,} bytes)
- Made by `generator/training/train.py` from the base model `all-MiniLM-L6-v2` (22 M parameters; `model.safetensors`
  SHA-256 `{base}`), an embedding of word shape added, fine-tuned, 8-bit weights with one scale per output column
- Recipe: {recipe}; {seeds}
- Read in chunks of at most {chunk} word pieces (see `briefbook/analyze/encoder/`)

## Figures

In percent, by the scorer that comes with the annotations; the rules on top (document pass, quotation marks, speakers,
numbers, headings) are in these figures. The names alone, without the document pass, read {alone:.1f} on `dev` (exact
F1, a unit taken for an organization).

{figures}

{speed}

## Data and licenses

| what | license | attribution |
|---|---|---|
| base model all-MiniLM-L6-v2 | Apache-2.0 | the sentence-transformers authors, from MiniLM by Microsoft |
| annotations of all articles below | CC BY 4.0 | the Briefbook project |
| 212 English Wikinews articles of 2019 and 2020 | CC BY 2.5 | the Wikinews contributors, by way of \
vanatteveldt/wikinews |
| 62 statements and reference articles on Syria and Iraq, 2011 to 2016 | public domain (US Central Command, \
US State Department); Open Government Licence v3.0 (UK Government); CC BY 3.0 AU (Australian Department of Foreign \
Affairs); CC BY-SA 3.0 (Wikipedia) | the publishers named, by way of dstl/re3d |
| 40 synthetic articles in the manner of front-line reporting | CC BY 4.0 | the Briefbook project |
| 120 articles of our own, written for this, set in invented countries | CC BY 4.0 | the Briefbook project |
| 48 excerpts of English Wikipedia articles on battles | CC BY-SA 4.0 (3.0 until June 2023) | the Wikipedia \
contributors, by way of front-lines-org/website |
| Wikigold (Balasuriya et al. 2009) | CC BY 4.0 | its authors |
| CrossNER politics (Liu et al. 2021) | MIT; text CC BY-SA | its authors; the Wikipedia contributors |
| Universal NER, English EWT, development part | CC BY-SA 4.0 | its authors |

Some of the sources are ShareAlike: `model.onnx` may be passed on under CC BY-SA 4.0 with this table. The files of the
data are no part of Briefbook.

## Limits

- English prose in the manner of news. Poems, tables, chat, other languages and other alphabets were not in the data.
- Texts all in capitals or all in small letters are read worse; there were few of them.
- Trained mostly on news of 2019 to 2023: newer names are read by their form and what stands around them.
- Left out, as in the annotations: creative works, awards, diseases, species, currencies, demonyms, dates.
- `document`, `event` and `equipment` are read less surely than the other kinds.
- Of nested statements the longest is read; a retold statement is taken to lie in one sentence.
- `negotiations` is the rarest section, and the one most often missed.
- A name, a speaker, a kind are readings, not facts. Short forms, acronyms and nicknames are joined by later rules.
- The 8-bit sums are the same on all processors, the 32-bit ones around them may differ in the last place: the same
  article gives the same reading on the same platform.
"""


def write(figures: dict[str, Any], size: int, base: str) -> str:
    """The card's text, from the figures that stand beside it."""
    sets = {"dev": figures["dev"]}
    validated = figures.get("cross_validation")
    if validated:
        sets |= {f"{name}, cross-validated": rows for name, rows in validated["sets"].items()}
    lines = [
        layers.table(sets),
        "",
        "Nothing was trained on `dev`, and no rule was tuned to it. The rules on top of the statements were written "
        "while errors in the articles of the first fold were read, so that their cross-validated figures are a little "
        "kind.",
    ]
    if validated:
        lines.append(
            f"Cross-validation: {validated['folds']} by article over the training sets, one network per fold, in "
            f"floats, recipe: {validated['recipe']}."
        )
    return _CARD.format(
        kinds=", ".join(KINDS),
        digest=figures["digest"],
        size=size,
        base=base,
        recipe=figures["recipe"],
        seeds=figures["seeds"],
        chunk=figures["chunk"],
        alone=figures["names alone"][MERGED]["f1"],
        figures="\n".join(lines),
        speed=f"Speed: about {figures['words_per_second']:,.0f} words per second on one core where it was made, all "
        "layers.",
    )
