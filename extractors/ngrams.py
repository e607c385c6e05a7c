"""Texts as bags of hashed character n-grams: small, fast, and the same on every machine.

Chinese needs no word segmentation for this: characters, bigrams and trigrams carry what words would.
All sentences of a document are hashed in one vectorised pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .folding import fold

Integers = npt.NDArray[np.int64]

_BITS = 18
BUCKETS = 1 << _BITS
# Odd multipliers of Knuth's multiplicative hashing, one for each place of the n-gram.
_MULTIPLIERS = (2654435761, 2246822519, 3266489917)
_DIGIT = ord("0")


@dataclass(frozen=True)
class Bags:
    """The distinct n-grams of several texts, text by text.

    Attributes:
        buckets: the hashed n-grams, ascending within a text.
        owners: for each of them the number of its text, ascending.
        count: how many texts there are; one of them may have no n-grams.
    """

    buckets: Integers
    owners: Integers
    count: int

    def part(self, start: int, end: int) -> Bags:
        """The texts from start to before end, numbered anew."""
        first, last = np.searchsorted(self.owners, [start, end])
        return Bags(self.buckets[first:last], self.owners[first:last] - start, end - start)

    def keep(self, known: npt.NDArray[np.bool_]) -> Bags:
        """Only the n-grams marked in `known`, which has one entry for each of ours."""
        return Bags(self.buckets[known], self.owners[known], self.count)

    @property
    def sizes(self) -> Integers:
        """How many n-grams each text has."""
        return np.bincount(self.owners, minlength=self.count)


def hash_ngrams(texts: Sequence[str]) -> Bags:
    """The buckets of all 1-, 2- and 3-grams of each text; case, width and digits make no difference."""
    # Folding keeps the length, so that lengths still tell where each text is in the whole.
    codes = np.frombuffer(fold("".join(texts)).encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64)
    codes = np.where((codes >= _DIGIT) & (codes <= _DIGIT + 9), _DIGIT, codes)
    owners = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    keys = []
    mixed = np.zeros_like(codes)
    for size, multiplier in enumerate(_MULTIPLIERS, 1):
        if len(codes) < size:
            break
        count = len(codes) - size + 1
        mixed = mixed[:count] * 31 + codes[size - 1 :] * multiplier
        buckets = ((mixed >> 7) ^ (mixed >> 23)) & (BUCKETS - 1)
        whole = owners[:count] == owners[size - 1 :]  # else it would run from one text into the next
        keys.append((owners[:count][whole] << _BITS) | buckets[whole])
    joined = _distinct(np.concatenate(keys), greatest=len(texts) << _BITS) if keys else np.zeros(0, dtype=np.int64)
    return Bags(joined & (BUCKETS - 1), joined >> _BITS, len(texts))


def _distinct(keys: Integers, *, greatest: int) -> Integers:
    """The keys in ascending order, each once.

    Sorting the 15,000 keys of an article takes 0.13 ms in 32 bits and 0.25 in 64; `np.unique` takes 0.9.
    """
    ordered = np.sort(keys.astype(np.uint32) if greatest < 1 << 32 else keys)
    first = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first].astype(np.int64)
