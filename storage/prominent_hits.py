"""Ranking words that very many articles lead with: candidates by prominence, then bm25 over what they lead with."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .filters import Condition
from .prominence import LEAD_WEIGHTS, LEVELS, saturated
from .query import Node, Term
from .query_terms import match_expression, matches, prominence_expression, term_pattern, terms_of, without_exclusions
from .search_text import fold

# Candidates for one article that is shown: a level is coarse, and a phrase rarer than its words.
_FEWEST, _MOST = 4, 8
_COUNTED = 100_000  # articles; beyond that a word says nothing about which article is better

Passing = Callable[[Condition], Condition]


def prominent_scores(connection: sqlite3.Connection, node: Node, passing: Passing, *, most: int) -> dict[int, float]:
    """Articles in whose lead the words stand out, with their scores: about ``most`` of them, or a few times that.

    Args:
        passing: leaves out of a SELECT of rowids what the filters exclude.
    """
    wanted = without_exclusions(node)
    candidates = _candidates(connection, wanted, passing, most=most)
    terms = terms_of(wanted)
    rarity = [1.0] if len(terms) == 1 else [_rarity(connection, term) for term in terms]
    leads = {rowid: _read_lead(connection, rowid) for rowid in candidates}
    return {
        rowid: _score(lead, terms, rarity)
        for rowid, lead in leads.items()
        if lead is not None and matches(wanted, lead.by_scope)
    }


def _candidates(connection: sqlite3.Connection, node: Node, passing: Passing, *, most: int) -> list[int]:
    """Rowids from the highest level that has enough, the newest first, found by halving."""
    too_high, low, found = LEVELS, 0, list[int]()
    while low < too_high:
        level = (low + too_high) // 2
        at_level = _at_level(connection, node, passing, lowest=level, most=most * _MOST)
        if len(at_level) < most * _FEWEST:
            too_high = level
            found = found or at_level
        else:
            found, low = at_level, level + 1
    return found


def _at_level(connection: sqlite3.Connection, node: Node, passing: Passing, *, lowest: int, most: int) -> list[int]:
    match = prominence_expression(node, lowest=lowest)
    rows = passing(Condition("SELECT rowid FROM prominence_index WHERE prominence_index MATCH ?", (match,)))
    return [row[0] for row in connection.execute(f"{rows.sql} ORDER BY rowid DESC LIMIT ?", (*rows.parameters, most))]


@dataclass(frozen=True, slots=True)
class _Lead:
    """What an article leads with, folded; findings are lines."""

    title: str
    key: str
    findings: str

    @property
    def by_scope(self) -> dict[str, str]:
        findings = f"{self.key}\n{self.findings}"
        return {
            "": f"{self.title}\n{findings}",
            "title": self.title,
            "key": self.key,
            "findings": findings,
            "text": findings,
        }


def _read_lead(connection: sqlite3.Connection, rowid: int) -> _Lead | None:
    row = connection.execute("SELECT id, title FROM articles WHERE rowid = ?", (rowid,)).fetchone()
    if row is None:
        return None
    findings = connection.execute("SELECT key, text FROM findings WHERE article_id = ?", (row[0],)).fetchall()
    return _Lead(
        title=fold(row[1]),
        key=fold("\n".join(text for is_key, text in findings if is_key)),
        findings=fold("\n".join(text for is_key, text in findings if not is_key)),
    )


def _score(lead: _Lead, terms: Sequence[Term], rarity: Sequence[float]) -> float:
    length = len(lead.title) + len(lead.key) + len(lead.findings)
    return sum(
        rare * saturated(_weighted_count(lead, term), length=length) for term, rare in zip(terms, rarity, strict=True)
    )


def _weighted_count(lead: _Lead, term: Term) -> float:
    pattern = term_pattern(term)
    parts = {"title": (lead.title, LEAD_WEIGHTS.title), "key": (lead.key, LEAD_WEIGHTS.key)} | {
        "findings": (lead.findings, LEAD_WEIGHTS.findings)
    }
    scopes = {"": set(parts), "text": {"key", "findings"}, "findings": {"key", "findings"}}.get(
        term.scope, {term.scope}
    )
    return sum(len(pattern.findall(text)) * weight for scope, (text, weight) in parts.items() if scope in scopes)


def _rarity(connection: sqlite3.Connection, term: Term) -> float:
    """The inverse document frequency of a term, as bm25 has it, among what articles lead with."""
    everything = connection.execute("SELECT max(rowid) FROM articles").fetchone()[0]
    having = connection.execute(
        "SELECT count(*) FROM (SELECT 1 FROM lead_index WHERE lead_index MATCH ? LIMIT ?)",
        (match_expression(term, "lead_index"), _COUNTED),
    ).fetchone()[0]
    return max(math.log((everything - having + 0.5) / (having + 0.5)), 1e-6)
