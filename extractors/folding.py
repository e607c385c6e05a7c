"""Folding of characters that mean the same, one code point to one code point, so that offsets stay true.

NFKC is not used: it changes lengths (``…`` becomes three characters, ``Ⅱ`` two) and leaves the
en dash and the minus sign apart.
"""

from __future__ import annotations

import re

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


def fold_width(text: str) -> str:
    """Full-width forms, dashes and superscript signs in their plain form; same length as the input."""
    # Most calls are for single Latin words, and translate is slow: a sixth of all extraction time without this.
    return text if text.isascii() else text.translate(_SAME_WIDTH)


def fold_identifiers(text: str) -> str:
    """`fold_width` for reading identifiers: Chinese brackets, commas and semicolons stay what they are."""
    return text.translate(_IDENTIFIER_WIDTH)


def fold(text: str) -> str:
    """`fold_width` and lower case, same length as the input.

    The handful of characters whose lower case is longer (``İ``) are left as they are.
    """
    folded = fold_width(text)
    lowered = folded.lower()
    if len(lowered) == len(folded):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in folded)


def pieces(text: str) -> list[str]:
    """The folded lexical pieces of a term: the key under which a matcher knows it."""
    return PIECE.findall(fold(text))
