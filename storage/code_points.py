"""A folded text as an array of code points: cut into tokens in a fifth of the time, for indexing.

The same tokens as `search_text.segment` gives, which searches use: they cut a few words, and must not wait for
NumPy to be imported.
"""

from __future__ import annotations

import sys
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from .search_text import runs

_WORD, _CJK = 1, 2
_SPACE = ord(" ")
_SURROGATES = slice(0xD800, 0xE000)

Codes = npt.NDArray[np.uint32]
Flags = npt.NDArray[np.bool_]


class CodePoints:
    """A text in its folded form.

    Args:
        folded: what `search_text.fold` returned.
    """

    def __init__(self, folded: str) -> None:
        self._codes: Codes = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        kinds = _kinds()[self._codes]
        self._is_word, self._is_cjk = kinds == _WORD, kinds == _CJK

    @cached_property
    def _before_cjk(self) -> Flags:
        """Whether the next character is a Chinese one."""
        return _shifted(self._is_cjk)

    def tokens(self) -> str:
        """The tokens of `segment`, joined by spaces."""
        pairs = self._is_cjk & self._before_cjk
        last = (self._is_cjk & ~pairs) | (self._is_word & ~_shifted(self._is_word))
        # A pair takes both characters and a space, what ends a token itself and a space.
        lengths = np.where(pairs, 3, 0) + np.where(last, 2, 0) + (self._is_word & ~last)
        ends = np.cumsum(lengths)
        written: Codes = np.full(int(ends[-1]) if len(ends) else 0, _SPACE, dtype=np.uint32)
        starts = ends - lengths
        kept = np.flatnonzero(lengths)
        written[starts[kept]] = self._codes[kept]
        firsts = np.flatnonzero(pairs)
        written[starts[firsts] + 1] = self._codes[firsts + 1]
        return _text(written[:-1])

    def characters(self) -> str:
        """The Chinese characters, each once, ascending, joined by spaces: for queries of a single character."""
        every = np.sort(self._codes[self._is_cjk])  # np.unique takes four times as long
        found = every[np.diff(every, prepend=0) > 0]
        written: Codes = np.full(2 * len(found), _SPACE, dtype=np.uint32)
        written[::2] = found
        return _text(written[:-1])

    def words(self) -> str:
        """The text with one character for each Chinese run: all that matters to `symbols`, in a third of its length."""
        return _text(self._codes[~(self._is_cjk & self._before_cjk)])


def _shifted(flags: Flags) -> Flags:
    """The flag of the next character; the last one has none."""
    following = np.zeros_like(flags)
    following[:-1] = flags[1:]
    return following


def _text(codes: Codes) -> str:
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


@lru_cache(maxsize=1)
def _kinds() -> npt.NDArray[np.uint8]:
    """For each code point whether it is a Chinese character, part of another word, or neither."""
    every: Codes = np.arange(sys.maxunicode + 1, dtype=np.uint32)
    every[_SURROGATES] = _SPACE
    kinds = np.zeros(len(every), dtype=np.uint8)
    for run in runs(_text(every)):
        kinds[run.start : run.end] = _CJK if run.is_cjk else _WORD
    return kinds
