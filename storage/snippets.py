"""Passages of the original text around what a query found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from .search_text import FoldedText

Span = tuple[int, int]
SNIPPET_LENGTH = 120  # Chinese characters: three lines of a terminal
_MATCHES_LOOKED_AT = 50  # of a pattern; some articles say a word five hundred times


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage of an article.

    Attributes:
        text: the passage, exactly as in the article, line breaks included.
        start: where it begins in the article's text, in code points.
        highlights: spans of `text` that the query found, in order, apart; code points, end exclusive.
        cut: the article's text goes on behind it.
    """

    text: str
    start: int
    highlights: tuple[Span, ...] = ()
    cut: bool = False


def find_highlights(text: str, patterns: Sequence[re.Pattern[str]]) -> tuple[Span, ...]:
    """The spans of ``text`` where any pattern over folded text matches, in order, overlaps joined."""
    folded = FoldedText(text)
    return tuple((start, end) for start, end, _ in _joined(_found(folded, patterns)))


def make_snippet(text: str, patterns: Sequence[re.Pattern[str]], *, length: int = SNIPPET_LENGTH) -> Snippet:
    """The passage of about ``length`` code points where the most different patterns match.

    Without a match it is the beginning of the text.
    """
    found = _found(FoldedText(text), patterns, most=_MATCHES_LOOKED_AT)
    if not found:
        return _passage(text, 0, length, [])
    first = _densest(found, length)
    return _passage(text, _begin(text, found[first][0], length), length, found)


def _found(
    folded: FoldedText, patterns: Sequence[re.Pattern[str]], *, most: int | None = None
) -> list[tuple[int, int, int]]:
    """Matches as (start, end, number of the pattern) in the original, by start; of each pattern the first ``most``."""
    return sorted(
        (*folded.original_span(*match.span()), number)
        for number, pattern in enumerate(patterns)
        for match in islice(pattern.finditer(folded.folded), most)
    )


def _densest(found: list[tuple[int, int, int]], length: int) -> int:
    """Index of the match that begins the best window: most patterns, then most matches, then first."""
    best, best_score = 0, (0, 0)
    inside: dict[int, int] = {}
    last = 0
    for first, (start, _, number) in enumerate(found):
        while last < len(found) and (last <= first or found[last][1] <= start + length):
            inside[found[last][2]] = inside.get(found[last][2], 0) + 1
            last += 1
        score = (len(inside), last - first)
        if score > best_score:
            best, best_score = first, score
        inside[number] -= 1
        if not inside[number]:
            del inside[number]
    return best


_SENTENCE_END = re.compile(r"[。！？!?\n]\s*|\.\s+")


def _begin(text: str, start: int, length: int) -> int:
    """Where to cut so that a passage with a match at ``start`` begins with its sentence, if that is near."""
    earliest = max(0, start - length // 3)
    begin = 0 if earliest == 0 else earliest
    for match in _SENTENCE_END.finditer(text, earliest, start):
        begin = match.end()
    return begin


def _passage(text: str, begin: int, length: int, found: list[tuple[int, int, int]]) -> Snippet:
    end = min(len(text), begin + length)
    within = [
        (max(start, begin) - begin, min(stop, end) - begin)
        for start, stop, _ in _joined(found)
        if stop > begin and start < end
    ]
    return Snippet(text[begin:end], begin, tuple(within), cut=end < len(text))


def _joined(found: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    joined: list[tuple[int, int, int]] = []
    for start, end, number in found:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]), joined[-1][2])
        else:
            joined.append((start, end, number))
    return joined
