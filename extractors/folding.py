"""Folding of characters that mean the same, one code point to one code point, so that offsets stay true.

NFKC is not used: it changes lengths (``…`` becomes three characters, ``Ⅱ`` two) and leaves the
en dash and the minus sign apart.
"""

from __future__ import annotations

import re
import sys

import numpy as np
import numpy.typing as npt

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_DASHES: dict[int, int | str] = dict.fromkeys(map(ord, "‐‑‒–—−－﹣"), ord("-"))
_SIGNS: dict[int, int | str] = {
    0x3000: " ",
    0x00A0: " ",
    ord("⁺"): "+",
    ord("⁻"): "-",
    ord("µ"): "μ",
    ord("⁄"): "/",
    ord("∕"): "/",
    ord("ϰ"): "κ",
    ord("ϕ"): "φ",
}
_SAME_WIDTH: dict[int, int | str] = {**_FULL_WIDTH, **_DASHES, **_SIGNS}

# Full-width letters, digits and the marks inside identifiers; brackets, commas and semicolons stay, because
# a Chinese one ends an identifier that a plain one could belong to: 10.1038/nature12345（2021）.
_IDENTIFIER_WIDTH: dict[int, int | str] = {
    code: plain for code, plain in _SAME_WIDTH.items() if code not in map(ord, "（），；！？“”［］｛｝＜＞＂＇＊＋＝　")
}

GREEK = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "ζ": "zeta",
    "η": "eta",
    "θ": "theta",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "σ": "sigma",
    "ω": "omega",
}

# One lexical piece: a run of Latin or Greek letters and digits, or any other single character.
# CJK characters are word characters to Python, so `\b` never stands between 蛋白 and p53: pieces do.
ALNUM = r"0-9A-Za-zÀ-ÖØ-öø-ɏͰ-Ͽ０-９Ａ-Ｚａ-ｚ"
PIECE = re.compile(rf"[{ALNUM}]+|\S")
CJK = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"


_CODES = f"utf-32-{'le' if sys.byteorder == 'little' else 'be'}"


def code_points(text: str) -> npt.NDArray[np.uint32]:
    """The code points of a text; the array cannot be written to."""
    return np.frombuffer(text.encode(_CODES, "surrogatepass"), dtype=np.uint32)


class _CharacterTable:
    """Replaces single characters by single characters.

    An array looks up the characters of an article 18 times as fast as `str.translate` (13 μs against 227).
    """

    def __init__(self, replacements: dict[int, int | str]) -> None:
        self._plain = np.arange(sys.maxunicode + 1, dtype=np.uint32)
        for code, plain in replacements.items():
            self._plain[code] = plain if isinstance(plain, int) else ord(plain)

    def replace(self, text: str) -> str:
        """The text with its characters replaced; same length as the input."""
        if text.isascii():  # most calls are for single Latin words, and nothing in ASCII is replaced
            return text
        return self._plain[code_points(text)].tobytes().decode(_CODES, "surrogatepass")


_SAME_WIDTH_TABLE = _CharacterTable(_SAME_WIDTH)
_IDENTIFIER_TABLE = _CharacterTable(_IDENTIFIER_WIDTH)


def fold_width(text: str) -> str:
    """Full-width forms, dashes and superscript signs in their plain form; same length as the input."""
    return _SAME_WIDTH_TABLE.replace(text)


def fold_identifiers(text: str) -> str:
    """`fold_width` for reading identifiers: Chinese brackets, commas and semicolons stay what they are."""
    return _IDENTIFIER_TABLE.replace(text)


def fold(text: str) -> str:
    """`fold_width` and lower case, same length as the input; each character by itself, whatever stands around it.

    The handful of characters whose lower case is longer (``İ``) are left as they are.
    """
    folded = fold_width(text)
    lowered = folded.lower()
    if len(lowered) != len(folded):
        lowered = "".join(low if len(low := char.lower()) == 1 else char for char in folded)
    return lowered.replace("ς", "σ")  # the lower case of Σ is the one or the other by where it stands


def pieces(text: str) -> list[str]:
    """The folded lexical pieces of a term: the key under which a matcher knows it."""
    return PIECE.findall(fold(text))


_BLANK, _ALONE, _IN_RUN = range(3)


def _kinds_of_characters() -> npt.NDArray[np.uint8]:
    """Of each code point whether it is blank, a piece by itself, or part of a run."""
    kinds = np.full(sys.maxunicode + 1, _ALONE, dtype=np.uint8)
    characters = "".join(map(chr, range(0x10000)))  # there are no blanks and no letters of ours beyond
    for pattern, kind in ((r"\s", _BLANK), (rf"[{ALNUM}]", _IN_RUN)):
        kinds[[found.start() for found in re.finditer(pattern, characters)]] = kind
    return kinds


_PIECE_KINDS = _kinds_of_characters()


def piece_spans(text: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Where the lexical pieces of a text start and end, as `PIECE` would find them in five times the time."""
    kinds = _PIECE_KINDS[code_points(text)]
    starts = kinds != _BLANK
    ends = starts.copy()
    inside = (kinds[1:] == _IN_RUN) & (kinds[:-1] == _IN_RUN)
    starts[1:] &= ~inside
    ends[:-1] &= ~inside
    return np.flatnonzero(starts), np.flatnonzero(ends) + 1
