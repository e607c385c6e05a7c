"""Composite and affixed gene names: TLR1/2/3, IL-1/6/8, S100A8/9, siTP53, KRASG12D, CD44high."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from .folding import fold_width
from .needful_pattern import NeedfulPattern
from .term_matcher import Candidate, TermMatch

Lookup = Callable[[str], tuple[Candidate, ...]]

# A stem, its first number or letter, and further ones after slashes: SMAD | 2 | /3.
_SERIES = NeedfulPattern(
    r"(?<![A-Za-z0-9])(?P<stem>[A-Za-z][A-Za-z0-9]*?(?:-[A-Za-z]*)?)(?P<first>\d{1,2}|[A-DβαγR])"
    r"(?P<rest>(?:\s?/\s?-?(?:\d{1,2}|[A-Dαβγ])(?![A-Za-z0-9]))+)",
    needs=("/",),
)
_AFFIXED = re.compile(
    r"(?<![A-Za-z0-9])(?:si|sh|sg|oe|OE|Lv|rh|r)?-?(?P<stem>[A-Z][A-Z0-9]{2,9}?)"
    r"(?:hi|high|High|lo|low|Low|int|pos|neg|mut|wt|s|[A-Z]\d{2,4}[A-Z])?(?![A-Za-z0-9])"
)


def series_matches(text: str, lookup: Lookup) -> Iterator[TermMatch]:
    """One match for each member of a slashed series, all with the words of the whole series."""
    plain = fold_width(text)
    for match in _SERIES.finditer(plain):
        members = [
            match["first"],
            *(part.strip(" -") for part in match["rest"].split("/") if part.strip(" -")),
        ]
        found = [lookup(match["stem"] + member) for member in members]
        if sum(map(bool, found)) < 2:
            continue
        for candidates in found:
            if candidates:
                yield TermMatch("gene", match.start(), match.end(), text[slice(*match.span())], candidates)


def affixed_matches(text: str, lookup: Lookup, taken: Callable[[int, int], bool]) -> Iterator[TermMatch]:
    """Symbols with a construct prefix or a level or mutation suffix, where nothing else was found."""
    plain = fold_width(text)
    for match in _AFFIXED.finditer(plain):
        start, end = match.span()
        if match["stem"] != match.group() and not taken(start, end):
            candidates = lookup(match["stem"])
            if candidates:
                yield TermMatch("gene", *match.span("stem"), text[slice(*match.span("stem"))], candidates)
