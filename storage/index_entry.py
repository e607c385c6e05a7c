"""What the search index holds of one article: its tokens, in the columns of four tables.

    search_index      text, title              with positions: phrases, and bm25 over the whole article
    lead_index        findings, title, key     with positions: what an article leads with, a tenth of the text
    character_index   characters               each character of title and text once
    prominence_index  tokens                   what stands out in the lead, each with how much: see `prominence`

Glued symbols stand behind the running text of their column, each behind a mark, so that a quoted spelling is
not taken for another one.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

from .prominence import prominent_tokens
from .search_text import fold, runs, segment, symbols

# Whoever changes what `index_entry` returns counts this up: indexes are then rebuilt. Python's Unicode
# tables are part of the name because they decide it too.
SEGMENTER = f"2 (Unicode {unicodedata.unidata_version})"

GLUED = "\ue001"  # for private use, hence no part of any word
_FENCE = "\ue000"  # a phrase must not begin in one finding and end in the next; no query holds this token

_SHORT = 400  # characters: up to here, loops take less time than the dozen arrays


@dataclass(frozen=True, slots=True)
class IndexedText:
    """What of an article can be searched, as it is stored.

    Attributes:
        key: its key findings, in order.
        findings: its other findings, in order.
    """

    title: str
    text: str
    key: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()


class IndexEntry(NamedTuple):
    """The tokens of an article, by column, joined by spaces."""

    title: str
    text: str
    key: str
    findings: str
    characters: str
    prominent: str


def index_entry(article: IndexedText) -> IndexEntry:
    """The tokens of an article; the same for the same text, which is what taking them out again relies on."""
    title, text = fold(article.title), fold(article.text)
    title_tokens = _column([title])
    key_tokens = _column([fold(each) for each in article.key])
    finding_tokens = _column([fold(each) for each in article.findings])
    text_tokens, characters = _of_few(title, text) if len(text) < _SHORT else _of_many(title, text)
    return IndexEntry(
        title=" ".join(title_tokens),
        text=text_tokens,
        key=" ".join(key_tokens),
        findings=" ".join(finding_tokens),
        characters=characters,
        prominent=" ".join(prominent_tokens(title=title_tokens, key=key_tokens, findings=finding_tokens)),
    )


def _of_few(title: str, text: str) -> tuple[str, str]:
    """The tokens of a text, and each Chinese character of text and title once."""
    characters = {character for run in runs(title + text) if run.is_cjk for character in run.text}
    return " ".join(_column([text])), " ".join(sorted(characters))


def _of_many(title: str, text: str) -> tuple[str, str]:
    """What `_of_few` gives."""
    from .code_points import CodePoints  # here, because it needs NumPy, which a search need not wait for

    whole = CodePoints(text)
    tokens = " ".join([whole.tokens(), *_glued_tokens(symbols(whole.words()))]).lstrip()
    return tokens, CodePoints(title + text).characters()


def _column(folded: list[str]) -> list[str]:
    tokens: list[str] = []
    for part in folded:
        if tokens:
            tokens.append(_FENCE)
        tokens += segment(part)
    return tokens + _glued_tokens(symbols("\n".join(folded))) if tokens else []


def _glued_tokens(symbols: list[str]) -> list[str]:
    return [GLUED + symbol for symbol in symbols]
