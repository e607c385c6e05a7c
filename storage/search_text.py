"""One way of reading text for index, query and highlighter: fold it, then cut it into tokens.

Folding makes spellings alike that readers take for the same: full and half width, case, accents of
Latin letters, kinds of hyphen. Chinese is not written in words, and every dictionary cuts some
words differently in text and in query, so runs of it are cut into overlapping pairs and a last
single character, which makes any substring findable as a phrase:

    肿瘤微环境RNA  ->  肿瘤 瘤微 微环 环境 境 rna

Latin words, numbers and Greek are kept whole. Compounds (PD-L1, IL-6, NF-κB) are cut at their hyphens
and also kept glued together as *symbols* (pdl1, il6, nfκb), Greek letters also as Latin ones (nfkb).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

# Whoever changes what `fold`, `segment`, `symbols` or `characters` return counts this up: indexes are then
# rebuilt. Python's Unicode tables are part of the name because they decide it too.
SEGMENTER = f"1 (Unicode {unicodedata.unidata_version})"

_CJK = (
    r"\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    r"\uac00-\ud7a3\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003fffd"
)
WORD = rf"[^\W_{_CJK}]"  # one character of a Latin, Greek or other word, or a digit
_RUN = re.compile(rf"(?P<cjk>[{_CJK}]+)|{WORD}+")
_COMPOUND = re.compile(rf"{WORD}+(?:-{WORD}+)*")
_CJK_CHARACTER = re.compile(rf"[{_CJK}]")

_LATIN_FOR_GREEK = str.maketrans("αβγδεζκλστω", "abgdezklsto")
GREEK_FOR_LATIN = {"a": "α", "b": "β", "g": "γ", "d": "δ", "e": "ε", "z": "ζ"} | {
    "k": "κ", "l": "λ", "s": "σ", "t": "τ", "o": "ω"
}  # fmt: skip
_HYPHENS = frozenset("‐‑‒–−﹣－")
_MAX_COMPOUND_PARTS = 4  # SARS-CoV-2 has three; longer chains are English phrases or numbers
_MAX_SYMBOL_LENGTH = 20


class _Folding(dict[int, str]):
    """What each character becomes, worked out when first met; a table for `str.translate`."""

    def __missing__(self, code_point: int) -> str:
        folded = self[code_point] = _fold_character(chr(code_point))
        return folded


def _fold_character(character: str) -> str:
    if character in _HYPHENS:
        return "-"
    folded = unicodedata.normalize("NFKC", character).casefold()
    return "".join(_without_accent(letter) for letter in unicodedata.normalize("NFKC", folded))


def _without_accent(letter: str) -> str:
    if unicodedata.category(letter) in {"Cf", "Mn"}:
        return ""  # zero-width marks and free-standing accents
    if letter < "\u0250" or "\u1e00" <= letter <= "\u1eff":
        return unicodedata.normalize("NFD", letter)[0]
    return letter


_FOLDING = _Folding()


def fold(text: str) -> str:
    """The text with spellings made alike; may be shorter or longer than the original."""
    return text.translate(_FOLDING)


@dataclass(frozen=True)
class FoldedText:
    """A text, its folded form, and the way back from offsets in the one to offsets in the other."""

    original: str

    @cached_property
    def folded(self) -> str:
        return fold(self.original)

    @cached_property
    def _origins(self) -> list[int]:
        """For every character of `folded`, the offset of the original character it came from."""
        return [at for at, character in enumerate(self.original) for _ in _FOLDING[ord(character)]]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original behind a non-empty span of `folded`; code points, end exclusive."""
        return self._origins[start], self._origins[end - 1] + 1


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of folded text without spaces or marks, all Chinese (Japanese, Korean) or none of it."""

    text: str
    start: int
    end: int
    is_cjk: bool


def runs(folded: str) -> Iterator[Run]:
    """The runs of a folded text, in order, with offsets into it."""
    for match in _RUN.finditer(folded):
        yield Run(match[0], match.start(), match.end(), match["cjk"] is not None)


def cjk_tokens(run: str, *, open_end: bool = False) -> list[str]:
    """Overlapping pairs of a run, then its last character unless more may follow (``open_end``)."""
    pairs = [run[at : at + 2] for at in range(len(run) - 1)]
    return pairs if open_end and pairs else [*pairs, run[-1]]


def segment(text: str) -> str:
    """The tokens of a text, joined by spaces, in order."""
    tokens: list[str] = []
    for match in _RUN.finditer(fold(text)):
        if match.lastgroup is None:
            tokens.append(match[0])
        else:
            tokens.extend(cjk_tokens(match[0]))
    return " ".join(tokens)


def symbols(text: str) -> str:
    """The glued forms of a text's compounds and Greek-lettered names, each once, sorted."""
    found: set[str] = set()
    for match in _COMPOUND.finditer(fold(text)):
        compound = match[0]
        if "-" not in compound and compound.isascii():
            continue
        for glued in _glued(compound.split("-")):
            latin = to_latin(glued)
            found.update({glued, latin} if "-" in compound else {latin})
    return " ".join(sorted(found))


def _glued(parts: list[str]) -> Iterator[str]:
    # PD-L1 is to be found within anti-PD-L1-high, so every chain of neighbours counts.
    shortest = min(2, len(parts))
    for first in range(len(parts)):
        for last in range(first + shortest, min(first + _MAX_COMPOUND_PARTS, len(parts)) + 1):
            glued = "".join(parts[first:last])
            if len(glued) <= _MAX_SYMBOL_LENGTH:
                yield glued


def characters(text: str) -> str:
    """The Chinese characters of a text, each once, sorted: for queries of a single character."""
    return " ".join(sorted(set(_CJK_CHARACTER.findall(fold(text)))))


def to_latin(folded: str) -> str:
    """Greek letters of a folded name as the Latin letters they are commonly replaced with."""
    return folded.translate(_LATIN_FOR_GREEK)


def compact(name: str) -> str:
    """A name without case, hyphens, spaces and Greek, to compare names by: ``TNF-α`` is ``tnfa``."""
    return to_latin("".join(run.text for run in runs(fold(name))))
