"""Tells how alike two texts are from a few numbers each: bottom-k MinHash (Broder 1997).

Ours and not a library's, because its whole is a hash and a sort, while the index must be rows in SQLite:
datasketch keeps it in memory, Redis or Cassandra and brings SciPy, and simhash on PyPI has had no release
since 2022.
"""

from __future__ import annotations

import re

# Runs of so many characters are compared: about four Chinese words.
_SHINGLE = 8
SKETCH_SIZE = 128
# Short posts coincide by themselves.
SHORTEST_TEXT = 200
# What editors add to a repost, a greeting and a note on the source, leaves more than this in common.
LIKENESS = 0.8
# Odd numbers of 64 bits without a pattern: a polynomial of the shingle, then one round of mixing (Knuth's
# multiplicative hashing, The Art of Computer Programming, volume 3, 6.4). Stored sketches depend on them.
_FACTOR, _MIXER = 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93
_SEPARATORS = re.compile(r"[\s\W_]+")


def sketch(text: str) -> tuple[int, ...]:
    """The smallest hashes of a text's shingles, ascending; none of a text too short to compare.

    Blanks, punctuation and case do not count.
    """
    letters = _SEPARATORS.sub("", text).casefold()
    if len(letters) < SHORTEST_TEXT:
        return ()
    return _smallest_hashes(letters)


def _smallest_hashes(letters: str) -> tuple[int, ...]:
    import numpy as np  # here, because a search need not wait for it

    codes = np.frombuffer(letters.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    count = len(codes) - _SHINGLE + 1
    factor, mixer, half = np.uint64(_FACTOR), np.uint64(_MIXER), np.uint64(32)
    hashes = np.zeros(count, dtype=np.uint64)
    for offset in range(_SHINGLE):  # overflow is meant: modulo 2⁶⁴
        hashes = hashes * factor + codes[offset : offset + count]
    ascending = np.sort(((hashes ^ hashes >> half) * mixer >> half).astype(np.uint32))
    distinct = ascending[np.concatenate(([True], ascending[1:] > ascending[:-1]))]
    return tuple(distinct[:SKETCH_SIZE].tolist())


def likeness(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The share of shingles two texts have in common (Jaccard), estimated within about 0.04."""
    if not one or not other:
        return 0.0
    first, second = {*one}, {*other}
    union = sorted(first | second)[:SKETCH_SIZE]
    return len(first & second & {*union}) / len(union)
