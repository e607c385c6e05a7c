"""The words of promotion, read from this folder's tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

# What `…` stands for between the two halves of a phrase.
_GAP = 16
# Marks for pairs of characters; two pairs may share one.
_BUCKETS = 1 << 16
_NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of promotion: `head`, two characters or more, before the gap, `tail` after it (empty without a gap)."""

    head: str
    tail: str
    weight: int
    reason: str

    def is_in(self, text: str) -> bool:
        place = text.find(self.head)
        if not self.tail:
            return place >= 0
        while place >= 0:
            start = place + len(self.head)
            if text.find(self.tail, start, start + _GAP + len(self.tail)) >= 0:
                return True
            place = text.find(self.head, place + 1)
        return False


@dataclass(frozen=True, slots=True)
class Line:
    """A whole block of promotion; `follows` says what comes after it: list, zone, end or nothing."""

    reason: str
    follows: str


def phrase_places(text: str) -> Iterator[tuple[int, Phrase]]:
    """Where the first halves of the phrases of ``promotion_phrases.tsv`` stand in a text, in order of place.

    Only places are looked at where two characters open some phrase: 0.03 ms for an article, where looking for
    each of 600 phrases took 0.4.
    """
    marks, index = _openings()
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    for place in np.flatnonzero(marks[_bucket(codes[:-1], codes[1:])]).tolist():
        for phrase in index.get(text[place : place + 2], ()):
            if text.startswith(phrase.head, place):
                yield place, phrase


@cache
def _openings() -> tuple[npt.NDArray[np.bool_], dict[str, list[Phrase]]]:
    """The phrases under their first two characters, and a table with a mark for each such pair."""
    index: dict[str, list[Phrase]] = {}
    for phrase in promotion_phrases():
        index.setdefault(phrase.head[:2], []).append(phrase)
    marks = np.zeros(_BUCKETS, dtype=np.bool_)
    firsts, seconds = np.array([[ord(character) for character in opening] for opening in index], dtype=np.uint32).T
    marks[_bucket(firsts, seconds)] = True
    return marks, index


def _bucket(first: npt.NDArray[np.uint32], second: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    return (first * np.uint32(40503) + second) & np.uint32(_BUCKETS - 1)


@cache
def promotion_phrases() -> tuple[Phrase, ...]:
    """The rows of ``promotion_phrases.tsv``."""
    phrases = []
    for words, weight, reason in _rows("promotion_phrases.tsv"):
        head, _, tail = words.partition("…")
        phrases.append(Phrase(head, tail, int(weight), reason))
    return tuple(phrases)


@cache
def promotion_lines() -> dict[str, Line]:
    """The rows of ``promotion_lines.tsv`` by their bare letters."""
    return {
        line: Line(reason, "" if follows == "-" else follows) for line, reason, follows in _rows("promotion_lines.tsv")
    }


def bare(text: str) -> str:
    """Only the letters and digits of a text, to recognise a line whatever surrounds it (``— END —``)."""
    return _NOT_LETTERS.sub("", text)


def _rows(name: str) -> list[list[str]]:
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return [row.split("\t") for row in text.splitlines()[3:]]
