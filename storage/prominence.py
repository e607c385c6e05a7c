"""How much a word stands out in what an article leads with: its title, key findings and findings.

Ranking by bm25 reads the whole list of every word, which for 单细胞 in a million digests takes most of a second.
But the first page of such a search only holds articles in which the word stands out. So each article is
also indexed under its prominent words, with a level: the term frequency part of bm25 (Robertson and Zaragoza
2009, doi:10.1561/1500000019), which for one word decides the order, on a logarithmic scale. A search asks for the
highest level first and goes down until it has enough to rank.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple


class LeadWeights(NamedTuple):
    """What a word counts in the title, a key finding and a finding; in running text it counts 1.

    Title 10: of 800 known articles looked for by two words of their title, the reciprocal rank was .52, .65, .75 and
    .78 with a title weight of 1, 3, 10 and 20; more than 10 lets a passing word in a title beat whole digests on it.
    Findings 3: a digest states what it found about a thing in few of its sentences, and names it in many.
    Key findings 5: they say in one sentence what the paper is about, but less surely than the title.
    """

    title: float = 10.0
    key: float = 5.0
    findings: float = 3.0


LEAD_WEIGHTS = LeadWeights()
LEVELS = 32
_LOWEST = 4.0  # a word said once among the findings (3) of an average article does not stand out
_STEPS_PER_DOUBLING = 4
_USUAL_LENGTH = 400  # tokens of title and findings; a round number, because levels of stored articles must not move
_K1, _B = 1.2, 0.75  # as SQLite's bm25() has them (https://www.sqlite.org/fts5.html#the_bm25_function)
_FIRST_MARK = 0xE010  # levels are marked by characters for private use, which are no part of any word


def prominent_tokens(*, title: Sequence[str], key: Sequence[str], findings: Sequence[str]) -> Iterator[str]:
    """The tokens that stand out, each with the mark of its level; characters of Chinese pairs count by themselves."""
    weights: dict[str, float] = {}
    for tokens, weight in zip((title, key, findings), LEAD_WEIGHTS, strict=True):
        for token, occurrences in Counter(tokens).items():
            weights[token] = weights.get(token, 0.0) + weight * occurrences
            if len(token) == 2 and "\u2e80" <= token < "\ue000":  # the last character of a run is a token already
                weights[token[0]] = weights.get(token[0], 0.0) + weight * occurrences
    length = len(title) + len(key) + len(findings)
    fewest = _LOWEST * _relative_length(length)
    marks: dict[float, str] = {}  # few weights are different
    for token in sorted([token for token, weight in weights.items() if weight >= fewest]):
        weight = weights[token]
        mark = marks.get(weight)
        if mark is None:
            level = level_of(weight, length=length)
            mark = marks[weight] = "" if level is None else level_mark(level)
        if mark:
            yield token + mark


def level_of(weighted_count: float, *, length: int) -> int | None:
    """The level, from 0 to `LEVELS` - 1, of a word with this weighted count in a lead of so many tokens."""
    standing = weighted_count / _relative_length(length)
    if standing < _LOWEST:
        return None
    return min(LEVELS - 1, int(_STEPS_PER_DOUBLING * math.log2(standing / _LOWEST)))


def level_mark(level: int) -> str:
    """The character that marks a level."""
    return chr(_FIRST_MARK + level)


def saturated(weighted_count: float, *, length: int, average: float) -> float:
    """The term frequency part of bm25, for a lead of so many tokens where they have so many on average."""
    return weighted_count * (_K1 + 1) / (weighted_count + _K1 * _relative_length(length, average))


def _relative_length(length: int, average: float = _USUAL_LENGTH) -> float:
    """How long a lead is beside an average one, as far as bm25 takes that into account."""
    return 1 - _B + _B * length / average
