"""Finds every term of every lexicon in one pass over the text.

A trie over lexical pieces (`folding.PIECE`) is walked from each piece on; for each category the longest
term wins, from left to right. Terms are compared folded; whether the letters' case fits is decided
here too, because the same letters in another case are another word (``Met``, ``MET``, ``met``).
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from .folding import CJK, GREEK, PIECE, fold, fold_width, piece_spans, pieces
from .lexicon import Entry, Form
from .term_openings import Openings

# Genes and families compete for the same words: NF-κB must beat NFKB1's shorter neighbours.
_GROUP = {"family": "gene"}
_LETTER_DIGIT = re.compile(r"(?<=[a-z])(?=[0-9])")
_HAS_CJK = re.compile(rf"[{CJK}]")
_GREEK_LETTER = re.compile("[" + "".join(GREEK) + "]")
_SHORT_FORM_LENGTH = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that some words may name, and the form they are written in."""

    entry: Entry
    form: Form


class TermMatch(NamedTuple):
    """Words that may name one or several entries of one category group.

    A tuple, because 150 are made an article, and a frozen dataclass takes four times as long to make.

    Attributes:
        group: ``gene`` (families included), ``journal``, ``method``, ``tool`` or ``disease``.
        start, end: code points into the text searched, end exclusive.
        text: the words as written.
        candidates: at least one; more when several entries share the spelling.
    """

    group: str
    start: int
    end: int
    text: str
    candidates: tuple[Candidate, ...]


@dataclass(slots=True, eq=False)
class _Node:
    children: dict[str, _Node] = field(default_factory=dict)
    candidates: list[Candidate] = field(default_factory=list)


class TermMatcher:
    """An immutable index over lexicon entries.

    Args:
        entries: of any categories; the order is the order of preference among equal forms.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._root = _Node()
        # Articles name the same things again and again: of 100 words 95 have been judged before.
        self._fitting = lru_cache(maxsize=1 << 14)(_fitting)
        with _collector_at_rest():
            for entry in entries:
                for form in entry.forms:
                    candidate = Candidate(entry=entry, form=form)
                    for key in _keys(form.text, group=_GROUP.get(entry.category, entry.category)):
                        self._insert(key, candidate)
            self._openings = Openings(_openings(self._root))

    def _insert(self, key: tuple[str, ...], candidate: Candidate) -> None:
        node = self._root
        for piece in key:
            child = node.children.get(piece)
            if child is None:
                child = node.children[piece] = _Node()
            node = child
        if candidate not in node.candidates:
            node.candidates.append(candidate)

    def lookup_gene(self, term: str) -> tuple[Candidate, ...]:
        """The genes and families that the whole of a term names, in the case it is written in."""
        node: _Node | None = self._root
        for piece in pieces(term):
            node = node.children.get(piece) if node else None
        return self._fitting(node, term).get("gene", ()) if node else ()

    def find(self, text: str) -> Iterator[TermMatch]:
        """Every match in order of its start: longest first within a category group, never overlapping there."""
        plain = fold_width(text)
        folded = fold(text)
        pieces_start, pieces_end = piece_spans(plain)
        places = self._openings.places(folded, pieces_start, pieces_end)
        starts, ends = pieces_start.tolist(), pieces_end.tolist()
        free_from: dict[str, int] = {}
        for first in places:
            longest: dict[str, tuple[int, tuple[Candidate, ...]]] = {}
            for last, node in self._known_from(first, plain, folded, starts, ends):
                for group, fitting in self._fitting(node, plain[starts[first] : ends[last]]).items():
                    longest[group] = (last, fitting)
            for group, (last_piece, fitting) in longest.items():
                if first >= free_from.get(group, 0):
                    free_from[group] = last_piece + 1
                    start, end = starts[first], ends[last_piece]
                    yield TermMatch(group, start, end, text[start:end], fitting)

    def _known_from(
        self, first: int, plain: str, folded: str, starts: list[int], ends: list[int]
    ) -> Iterator[tuple[int, _Node]]:
        """The words from a piece on that the lexicons hold: their last piece, and their node."""
        node, last = self._root.children.get(folded[starts[first] : ends[first]]), first
        while node is not None:
            if node.candidates:
                yield last, node
            last += 1
            if last == len(starts) or not node.children:
                return
            between, start = ends[last - 1], starts[last]
            node = node.children.get(folded[start : ends[last]])
            if start > between and "\n" in plain[between:start]:
                return


def _openings(root: _Node) -> Iterator[tuple[str, ...]]:
    """The first pieces of every term, up to three: as many characters are looked at."""
    for piece, node in root.children.items():
        if node.candidates or len(piece) > 2:
            yield (piece,)
        if len(piece) > 2:
            continue
        for following, second in node.children.items():
            if second.candidates:
                yield piece, following
            for third in second.children:
                yield piece, following, third


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """No garbage is made here, only a million nodes that stay; looking for some took 2.6 of 4.4 s."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _fitting(node: _Node, surface: str) -> Mapping[str, tuple[Candidate, ...]]:
    """What the words of a node may name when they are written like this, by group."""
    groups: dict[str, tuple[Candidate, ...]] = {}
    for candidate in node.candidates:
        if case_fits(candidate, surface):
            group = _GROUP.get(candidate.entry.category, candidate.entry.category)
            groups[group] = (*groups.get(group, ()), candidate)
    return groups


def case_fits(candidate: Candidate, surface: str) -> bool:
    """Whether the letters' case of the words allows this reading.

    Short forms must be written as the lexicon writes them, a plural s aside; gene symbols may also be in
    mouse case (``Trp53``, ``Mif``); long names may be in any case.
    """
    form = _bare(candidate.form.text)
    written = _bare(surface)
    if written == form or not form.isascii():
        return True
    if candidate.entry.category in ("gene", "family"):
        return _gene_case_fits(candidate, form, written)
    if written == form + "s" or (written == form.upper() and not _is_mixed_abbreviation(form)):
        return True
    return len(form) > _SHORT_FORM_LENGTH or (len(form) > 3 and not form.isupper())


def _is_mixed_abbreviation(form: str) -> bool:
    """PCa is prostate cancer, and PCA is principal component analysis."""
    return len(form) <= _SHORT_FORM_LENGTH and not form[1:].islower()


def _gene_case_fits(candidate: Candidate, form: str, written: str) -> bool:
    if candidate.form.role == "name":
        return len(form) > _SHORT_FORM_LENGTH and not written.isupper()
    has_digit = any(char.isdigit() for char in form)
    if candidate.form.role in ("previous", "hgnc_alias"):
        return has_digit and len(form) > 3 and written == form.capitalize()
    if has_digit and len(form) >= _SHORT_FORM_LENGTH - 1:
        # siglec-15, RNase7, P53-like slips: with a digit there is no other word it could be.
        return not written.islower() or len(form) >= _SHORT_FORM_LENGTH
    return len(form) > 2 and (written == form.capitalize() or (has_digit and written == form.upper()))


@lru_cache(maxsize=1 << 16)
def _bare(text: str) -> str:
    return fold_width(text).replace("-", "").replace(" ", "")


def _keys(text: str, *, group: str) -> set[tuple[str, ...]]:
    """The piece sequences under which a term is found: as written, glued, dashed, Greek letters spelled out."""
    spellings = {fold(text)}
    if _HAS_CJK.search(text) is None:
        spellings |= {spelling.replace("-", "") for spelling in spellings}
        if group == "gene" and " " not in text:
            spellings |= {_LETTER_DIGIT.sub("-", spelling) for spelling in spellings}
            spellings |= {_spell_greek(spelling) for spelling in spellings if _GREEK_LETTER.search(spelling)}
        elif group == "journal" and 1 < len(text.split()) <= 6:
            spellings |= {". ".join(spelling.split()) for spelling in spellings}
        elif group != "gene" and text[-1:].isalpha():
            spellings |= {spelling + "s" for spelling in spellings}
    # Every spelling is folded already; `pieces` would fold it again, 400,000 times with all published lexicons.
    return {tuple(PIECE.findall(spelling)) for spelling in spellings if spelling.strip()}


def _spell_greek(text: str) -> str:
    return _GREEK_LETTER.sub(lambda match: GREEK[match.group()], text)
