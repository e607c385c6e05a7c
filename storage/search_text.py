"""One way of reading text for index, query and highlighter: fold it, then cut it into tokens.

Folding makes spellings alike that readers take for the same: full and half width, case, accents of
Latin letters, kinds of hyphen, traditional and simplified characters. Chinese is not written in words, and
every dictionary cuts some words differently in text and in query, so runs of it are cut into overlapping
pairs and a last single character, which makes any substring findable as a phrase:

    肿瘤微环境RNA  ->  肿瘤 瘤微 微环 环境 境 rna

Latin words, numbers and Greek are kept whole. Compounds (PD-L1, IL-6, NF-κB) are cut at their hyphens
and also kept glued together as *symbols* (pdl1, il6, nfκb), Greek letters and their names also as Latin ones
(nfkb; TNF-α, TNF-alpha and TNFalpha are all tnfa).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import add
from pathlib import Path

_TRADITIONAL = Path(__file__).with_name("traditional.tsv")

_CJK = (
    r"\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    r"\uac00-\ud7a3\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003fffd"
)
WORD = rf"[^\W_{_CJK}]"  # one character of a Latin, Greek or other word, or a digit
_RUN = re.compile(rf"(?P<cjk>[{_CJK}]+)|{WORD}+")

_LATIN_FOR_GREEK = str.maketrans("αβγδεζκλστω", "abgdezklsto")
GREEK_FOR_LATIN = {"a": "α", "b": "β", "g": "γ", "d": "δ", "e": "ε", "z": "ζ"} | {
    "k": "κ", "l": "λ", "s": "σ", "t": "τ", "o": "ω"
}  # fmt: skip
# Names of Greek letters at the end of a part, but for digits: TNF-alpha, IFNgamma, TGF-beta1.
GREEK_NAMES = {"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ"} | {
    "kappa": "κ", "lambda": "λ", "sigma": "σ", "omega": "ω"
}  # fmt: skip
GREEK_NAME_AT_END = re.compile(rf"({'|'.join(GREEK_NAMES)})(?=[0-9]*$)")
_LONG = 64  # characters, from where on a text is folded the quicker way, once
_MUCH = 100_000  # characters have been folded: what it takes to pay for its 5 ms, which a single search does not
_HYPHENS = frozenset("‐‑‒–−﹣－")
_MAX_COMPOUND_PARTS = 4  # SARS-CoV-2 has three; longer chains are English phrases or numbers
_MAX_SYMBOL_LENGTH = 20


class _Folding(dict[int, str]):
    """What each character becomes, worked out when first met; a table for `str.translate`."""

    def __init__(self) -> None:
        super().__init__()
        self.uneven: set[str] = set()  # those met that become none or several
        self.work = 0  # characters folded one by one

    def __missing__(self, code_point: int) -> str:
        folded = self[code_point] = _fold_character(chr(code_point))
        if len(folded) != 1:
            self.uneven.add(chr(code_point))
        return folded


def _fold_character(character: str) -> str:
    if "\u4e00" <= character <= "\u9fff":  # nothing else changes the unified ideographs
        return _simplified().get(character, character)
    if character in _HYPHENS:
        return "-"
    folded = unicodedata.normalize("NFKC", character).casefold()
    plain = "".join(_without_accent(letter) for letter in unicodedata.normalize("NFKC", folded))
    if plain and not any(letter.isalnum() for letter in plain) and plain != "*":
        return character  # marks stay as they are, so that few characters of a text change, and fewer its length
    return _simplified().get(plain, plain)


@lru_cache(maxsize=1)
def _simplified() -> dict[str, str]:
    """The simplified character of every traditional one."""
    lines = _TRADITIONAL.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if not line.startswith(("#", "traditional\t")))


def _without_accent(letter: str) -> str:
    if unicodedata.category(letter) in {"Cf", "Mn"}:
        return ""  # zero-width marks and free-standing accents
    if letter < "\u0250" or "\u1e00" <= letter <= "\u1eff":
        return unicodedata.normalize("NFD", letter)[0]
    return letter


_FOLDING = _Folding()


def fold(text: str) -> str:
    """The text with spellings made alike; may be shorter or longer than the original."""
    if len(text) < _LONG or _FOLDING.work < _MUCH:
        _FOLDING.work += len(text)
        return text.translate(_FOLDING)
    # Most characters stay, and the capitals fall in one go: a quarter of the time.
    return _changing().sub(_fold_run, text.lower())


def _fold_run(match: re.Match[str]) -> str:
    return match[0].translate(_FOLDING)


@lru_cache(maxsize=1)
def _changing() -> re.Pattern[str]:
    """Runs of the characters of a lower-case text that folding may change; making it takes 5 ms."""
    staying = ["\x00-\x7f", *"。、《》“”‘’·…—　，：；！？（）【】"]
    traditional = (ord(character) for character in _simplified())
    first, last = 0x4E00, 0x9FFF  # the unified ideographs
    start = first
    for changing in [*(each for each in sorted(traditional) if first <= each <= last), last + 1]:
        if changing > start:
            staying.append(f"{chr(start)}-{chr(changing - 1)}")
        start = changing + 1
    return re.compile(f"[^{''.join(staying)}]+")


@dataclass(frozen=True)
class FoldedText:
    """A text, its folded form, and the way back from offsets in the one to offsets in the other."""

    original: str

    @cached_property
    def folded(self) -> str:
        return fold(self.original)

    @cached_property
    def _shifts(self) -> tuple[list[int], list[int]]:
        """Where characters begin behind one that became none or several: in `folded`, and in the original."""
        folded_starts, original_starts = [0], [0]
        if self.folded and any(character in self.original for character in _FOLDING.uneven):
            length = 0
            for at, character in enumerate(self.original):
                if character in _FOLDING.uneven:
                    for _ in _FOLDING[ord(character)]:
                        folded_starts.append(length)
                        original_starts.append(at)
                        length += 1
                    folded_starts.append(length)
                    original_starts.append(at + 1)
                else:
                    length += 1
        return folded_starts, original_starts

    def _origin(self, offset: int) -> int:
        """The offset of the original character that the one at this offset of `folded` came from."""
        folded_starts, original_starts = self._shifts
        last = bisect_right(folded_starts, offset) - 1
        return original_starts[last] + offset - folded_starts[last]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original behind a non-empty span of `folded`; code points, end exclusive."""
        return self._origin(start), self._origin(end - 1) + 1


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
    pairs = list(map(add, run, run[1:]))
    return pairs if open_end and pairs else [*pairs, run[-1]]


def segment(folded: str) -> list[str]:
    """The tokens of a folded text, in order."""
    tokens: list[str] = []
    for match in _RUN.finditer(folded):
        run = match[0]
        if match.lastgroup is None:
            tokens.append(run)
        else:
            tokens.extend(map(add, run, run[1:]))
            tokens.append(run[-1])
    return tokens


@lru_cache(maxsize=1)
def _symbol_patterns() -> tuple[re.Pattern[str], ...]:
    """Compounds, words with a Greek letter, other words; made when first needed, as searches do not need them."""
    greek = "αβγδεζκλστω"
    return (
        # From the first letter of a word only: a text may be one word, as encoded data are.
        re.compile(rf"{WORD}(?<!{WORD}{WORD}){WORD}*+(?:-{WORD}++)++"),
        re.compile(rf"(?<!{WORD})[^\W_{_CJK}{greek}]*+[{greek}]{WORD}*+"),
        re.compile(r"[a-z0-9]{4,}"),
    )


def symbols(folded: str) -> list[str]:
    """The glued forms of a folded text's compounds and Greek-lettered names, each once, sorted."""
    compound, greek_word, word_pattern = _symbol_patterns()
    found: set[str] = set()
    for match in compound.finditer(folded):
        parts = match[0].split("-")
        found.update(_glued(parts))
        found.update(map(to_latin, _glued([with_greek_letters(part) for part in parts])))
    if any(letter in folded for letter in GREEK_FOR_LATIN.values()):
        found.update(map(to_latin, greek_word.findall(folded)))
    if any(name in folded for name in GREEK_NAMES):
        words = set(word_pattern.findall(folded))
        spelled = ((word, to_latin(with_greek_letters(word, alone=True))) for word in words)
        found.update(latin for word, latin in spelled if latin != word)
    return sorted(found)


def with_greek_letters(part: str, *, alone: bool = False) -> str:
    """A part of a compound with the name of a Greek letter it ends in replaced by the letter.

    Args:
        alone: the part is all there is, so that ``alpha`` or ``beta`` by itself is a word.
    """
    match = GREEK_NAME_AT_END.search(part)
    if match is None or (alone and match.start() < 2):
        return part
    return part[: match.start()] + GREEK_NAMES[match[0]] + part[match.end() :]


def _glued(parts: list[str]) -> Iterator[str]:
    # PD-L1 is to be found within anti-PD-L1-high, so every chain of neighbours counts.
    shortest = min(2, len(parts))
    for first in range(len(parts)):
        for last in range(first + shortest, min(first + _MAX_COMPOUND_PARTS, len(parts)) + 1):
            glued = "".join(parts[first:last])
            if len(glued) <= _MAX_SYMBOL_LENGTH:
                yield glued


def to_latin(folded: str) -> str:
    """Greek letters of a folded name as the Latin letters they are commonly replaced with."""
    return folded.translate(_LATIN_FOR_GREEK)


def compact(name: str) -> str:
    """A name without case, hyphens, spaces and Greek, to compare names by: ``TNF-α`` is ``tnfa``."""
    return to_latin("".join(run.text for run in runs(fold(name))))
