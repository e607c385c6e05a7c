"""Which places of a text a term can begin at, from two characters there: one place in seven is left to look at."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from .folding import code_points

Integers = npt.NDArray[np.int64]

_BUCKETS = 1 << 20
_MULTIPLIER = 40503  # odd, so that neighbouring characters come far apart


class Openings:
    """The first two characters of every term, blanks left out.

    Pairs are kept as marks in a table: a pair of no term may share the mark of one, so a place may be offered
    where no term begins, but none is missed.

    Args:
        keys: the folded lexical pieces of each term, none empty.
    """

    def __init__(self, keys: Iterable[tuple[str, ...]]) -> None:
        openings = {"".join(key[:2])[:2] for key in keys}
        self._pairs = np.zeros(_BUCKETS, dtype=np.bool_)
        pairs = code_points("".join(opening for opening in openings if len(opening) == 2)).astype(np.int64)
        self._pairs[_bucket(pairs[::2], pairs[1::2])] = True
        self._alone = frozenset(opening for opening in openings if len(opening) == 1)

    def places(self, folded: str, starts: list[int], ends: list[int]) -> list[int]:
        """The numbers of the pieces that a term may begin with, in order.

        Args:
            folded: the text, folded.
            starts, ends: where its pieces are, from `folding.piece_spans`.
        """
        if not starts:
            return []
        codes = code_points(folded).astype(np.int64)
        first, end = np.array(starts), np.array(ends)
        second = np.where(end - first > 1, first + 1, np.append(first[1:], 0))
        possible = self._pairs[_bucket(codes[first], codes[second])]
        for character in self._alone:
            possible |= codes[first] == ord(character)
        found: list[int] = np.flatnonzero(possible).tolist()
        return found


def _bucket(first: Integers, second: Integers) -> Integers:
    return (first * _MULTIPLIER + second) & (_BUCKETS - 1)
