"""Tells how alike two texts are from a few numbers each: bottom-k MinHash (Broder 1997).

Ours and not a library's, because its whole is a hash and a sort, while the index must be rows in SQLite:
datasketch keeps it in memory, Redis or Cassandra and brings SciPy, and simhash on PyPI has had no release
since 2022.
"""

from __future__ import annotations

import heapq
import re
import zlib

# Runs of so many characters are compared: about four Chinese words.
_SHINGLE = 8
SKETCH_SIZE = 128
# Short posts coincide by themselves.
SHORTEST_TEXT = 200
# What editors add to a repost, a greeting and a note on the source, leaves more than this in common.
LIKENESS = 0.8
_SEPARATORS = re.compile(r"[\s\W_]+")


def sketch(text: str) -> tuple[int, ...]:
    """The smallest hashes of a text's shingles, ascending; none of a text too short to compare.

    Blanks, punctuation and case do not count.
    """
    letters = _SEPARATORS.sub("", text).casefold()
    if len(letters) < SHORTEST_TEXT:
        return ()
    shingles = {letters[start : start + _SHINGLE] for start in range(len(letters) - _SHINGLE + 1)}
    hashes = {zlib.crc32(shingle.encode("utf-8", "replace")) for shingle in shingles}
    return tuple(heapq.nsmallest(SKETCH_SIZE, hashes))


def likeness(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The share of shingles two texts have in common (Jaccard), estimated within about 0.04."""
    if not one or not other:
        return 0.0
    union = heapq.nsmallest(SKETCH_SIZE, {*one, *other})
    return len({*union} & {*one} & {*other}) / len(union)
