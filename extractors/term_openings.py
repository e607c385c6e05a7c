"""Which places of a text a term can begin at, from three characters there: one place in fifteen is left to look at."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from .folding import code_points

Integers = npt.NDArray[np.int64]

_BUCKETS = 1 << 21
_MULTIPLIER = 40503  # odd, so that neighbouring characters come far apart
_LENGTH = 3


class Openings:
    """The first three characters of every term, blanks left out.

    They are kept as marks in a table: those of no term may share the mark of others, so a place may be offered
    where no term begins, but none is missed.

    Args:
        keys: the folded lexical pieces of each term, none empty; the first three do.
    """

    def __init__(self, keys: Iterable[tuple[str, ...]]) -> None:
        openings = {"".join(key[:_LENGTH])[:_LENGTH] for key in keys}
        self._marks = tuple(np.zeros(_BUCKETS, dtype=np.bool_) for _ in range(_LENGTH - 1))
        for length, marks in enumerate(self._marks, 2):
            codes = code_points("".join(opening for opening in openings if len(opening) == length)).astype(np.int64)
            marks[_bucket([codes[place::length] for place in range(length)])] = True
        self._alone = frozenset(opening for opening in openings if len(opening) == 1)

    def places(self, folded: str, starts: Integers, ends: Integers) -> list[int]:
        """The numbers of the pieces that a term may begin with, in order.

        Args:
            folded: the text, folded.
            starts, ends: where its pieces are, from `folding.piece_spans`.
        """
        if not len(starts):
            return []
        codes = code_points(folded).astype(np.int64)
        # The characters of the pieces one after the other, and where in that row each piece starts.
        inside = np.zeros(len(codes) + 1, dtype=np.int64)
        inside[starts] += 1
        inside[ends] -= 1
        row = np.append(codes[np.cumsum(inside[:-1]) > 0], np.zeros(_LENGTH, dtype=np.int64))
        places = np.cumsum(ends - starts) - (ends - starts)
        characters = [row[places + number] for number in range(_LENGTH)]
        possible = np.zeros(len(starts), dtype=np.bool_)
        for length, marks in enumerate(self._marks, 2):
            possible |= marks[_bucket(characters[:length])]
        for character in self._alone:
            possible |= characters[0] == ord(character)
        found: list[int] = np.flatnonzero(possible).tolist()
        return found


def _bucket(characters: list[Integers]) -> Integers:
    mixed = characters[0]
    for following in characters[1:]:
        mixed = mixed * _MULTIPLIER + following
    return (mixed ^ (mixed >> 21)) & (_BUCKETS - 1)
