"""The words of promotion, read from this folder's tables."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import resources

# What `…` stands for between the two halves of a phrase.
_GAP = 16
_NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of promotion: `head` before the gap, `tail` after it (empty without a gap).

    `letters` are all of its characters, because comparing sets rules out most phrases at once.
    """

    head: str
    tail: str
    weight: int
    reason: str
    letters: frozenset[str]

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


def phrases_in(text: str) -> list[Phrase]:
    """The phrases of ``promotion_phrases.tsv`` that may be in a text: their first halves are."""
    letters = set(text)
    index = _phrases_by_letter()
    return [
        phrase
        for letter in letters & index.keys()
        for phrase in index[letter]
        if phrase.letters <= letters and phrase.head in text
    ]


@cache
def _phrases_by_letter() -> dict[str, list[Phrase]]:
    """The phrases under the letter each shares with the fewest others, so that few are tried on a text."""
    phrases = promotion_phrases()
    counts = Counter(letter for phrase in phrases for letter in phrase.letters)
    index: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        index.setdefault(min(phrase.letters, key=lambda letter: (counts[letter], letter)), []).append(phrase)
    return index


@cache
def promotion_phrases() -> tuple[Phrase, ...]:
    """The rows of ``promotion_phrases.tsv``."""
    phrases = []
    for words, weight, reason in _rows("promotion_phrases.tsv"):
        head, _, tail = words.partition("…")
        phrases.append(Phrase(head, tail, int(weight), reason, frozenset(head + tail)))
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
