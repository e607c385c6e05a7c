"""Ranking words that very many articles lead with: candidates by prominence, then bm25 over what they lead with."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial

from .filters import Condition
from .matching import estimated_rows, rows_of
from .prominence import LEAD_WEIGHTS, LEVELS, saturated
from .query import AllOf, AnyOf, Node, Term
from .query_terms import (
    is_single_character,
    match_expression,
    matches,
    prominence_expression,
    term_pattern,
    terms_of,
    without_exclusions,
)
from .search_text import fold

# Candidates for one article that is shown: a level is coarse, and a phrase rarer than its words. Of the first page, .82
# is that of exact bm25 with 2 to 5 of them, .84 with 3 to 8, which takes a quarter longer.
_FEWEST, _MOST = 2, 5
_FREQUENT = 5_000  # articles that lead with a single character; how many it is takes long to tell
# Pairs of one word that are asked for: those at most so many times as frequent as the rarest one. 空间转录组 stands
# out where 间转 does, which took 2 ms in a million articles; with 空间, 转录 and 录组 as well it took 40 for the same.
_AS_RARE, _TELLING = 2.0, 2

Passing = Callable[[Condition], Condition]


def prominent_scores(connection: sqlite3.Connection, node: Node, passing: Passing, *, most: int) -> dict[int, float]:
    """Articles in whose lead the words stand out, with their scores: about ``most`` of them, or a few times that.

    Args:
        passing: leaves out of a SELECT of rowids what the filters exclude.
    """
    wanted = without_exclusions(node)
    candidates = _candidates(connection, wanted, passing, most=most)
    if isinstance(wanted, AnyOf):  # what stands out for one of the words may hide what has all of them
        having_all = _candidates(connection, AllOf(wanted.nodes), passing, most=most)
        candidates = list(dict.fromkeys([*having_all, *candidates]))
    terms = terms_of(wanted)
    rarity = [1.0] if len(terms) == 1 else _rarities(connection, terms)
    average = _average_length(connection)
    leads = {rowid: _read_lead(connection, rowid) for rowid in candidates}
    return {
        rowid: _score(lead, terms, rarity, average=average)
        for rowid, lead in leads.items()
        if lead is not None and matches(wanted, lead.by_scope)
    }


def _candidates(connection: sqlite3.Connection, node: Node, passing: Passing, *, most: int) -> list[int]:
    """Rowids from the highest level that has enough, and from the next one above, which has all the better ones."""
    expression = partial(prominence_expression, node, telling=_Telling(connection))
    too_high, low = LEVELS, 0
    found: list[int] = []
    above: list[int] = []
    while low < too_high:
        level = (low + too_high) // 2
        match = expression(lowest=level)
        at_level = _newest(connection, passing, "prominence_index", match, most=most * _MOST)
        if len(at_level) < most * _FEWEST:
            too_high, above = level, at_level
            continue
        low, found = level + 1, at_level
        if len(at_level) < most * _MOST:  # all of this level and above, and no more than can be ranked
            break
    candidates = list(dict.fromkeys([*above, *found]))
    if len(candidates) < most * _FEWEST and not any(map(is_single_character, terms_of(node))):
        match = match_expression(node, "lead_index")
        candidates += _newest(connection, passing, "lead_index", match, most=most * _FEWEST)
    return list(dict.fromkeys(candidates))


def _newest(connection: sqlite3.Connection, passing: Passing, table: str, match: str, *, most: int) -> list[int]:
    rows = passing(rows_of(table, match))
    return [row[0] for row in connection.execute(f"{rows.sql} ORDER BY rowid DESC LIMIT ?", (*rows.parameters, most))]


class _Telling:
    """Chooses the pairs of a Chinese word that tell most about where it stands: the rarest."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._frequency = cache(lambda token: estimated_rows(connection, rows_of("lead_index", f'"{token}"')))

    def __call__(self, tokens: list[str]) -> list[str]:
        if len(tokens) <= _TELLING:
            return tokens
        rarest = min(map(self._frequency, tokens))
        telling = [token for token in tokens if self._frequency(token) <= _AS_RARE * rarest]
        return sorted(telling, key=self._frequency)[:_TELLING]


@dataclass(frozen=True, slots=True)
class _Lead:
    """What an article leads with, folded; findings are lines."""

    title: str
    key: str
    findings: str
    length: int  # tokens

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
    row = connection.execute(
        """SELECT articles.id, title, sz FROM articles JOIN lead_index_docsize ON lead_index_docsize.id = articles.rowid
            WHERE articles.rowid = ?""",
        (rowid,),
    ).fetchone()
    if row is None:
        return None
    findings = connection.execute("SELECT key, text FROM findings WHERE article_id = ?", (row[0],)).fetchall()
    return _Lead(
        title=fold(row[1]),
        key=fold("\n".join(text for is_key, text in findings if is_key)),
        findings=fold("\n".join(text for is_key, text in findings if not is_key)),
        length=sum(_numbers(row[2])),
    )


def _numbers(packed: bytes) -> Iterator[int]:
    """Of a ``docsize`` row, tokens in each column (https://www.sqlite.org/fts5.html#the_docsize_table), and the like.

    SQLite's varints: seven bits a byte, the highest bit says that another one follows.
    """
    number = 0
    for byte in packed:
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            yield number
            number = 0


def _average_length(connection: sqlite3.Connection) -> float:
    """Tokens of a lead on average, as FTS5 keeps count of them: articles, then tokens column by column."""
    row = connection.execute("SELECT block FROM lead_index_data WHERE id = 1").fetchone()
    articles, *tokens = _numbers(row[0]) if row else [0]
    return sum(tokens) / articles if articles else 1.0


def _score(lead: _Lead, terms: Sequence[Term], rarity: Sequence[float], *, average: float) -> float:
    counts = (_weighted_count(lead, term) for term in terms)
    parts = (saturated(count, length=lead.length, average=average) for count in counts)
    return sum(rare * part for rare, part in zip(rarity, parts, strict=True))


def _weighted_count(lead: _Lead, term: Term) -> float:
    pattern = term_pattern(term)
    parts = {"title": (lead.title, LEAD_WEIGHTS.title), "key": (lead.key, LEAD_WEIGHTS.key)} | {
        "findings": (lead.findings, LEAD_WEIGHTS.findings)
    }
    scopes = {"": set(parts), "text": {"key", "findings"}, "findings": {"key", "findings"}}.get(
        term.scope, {term.scope}
    )
    return sum(len(pattern.findall(text)) * weight for scope, (text, weight) in parts.items() if scope in scopes)


def _rarities(connection: sqlite3.Connection, terms: Sequence[Term]) -> list[float]:
    everything = connection.execute("SELECT max(rowid) FROM articles").fetchone()[0]
    return [_rarity(connection, term, everything=everything) for term in terms]


def _rarity(connection: sqlite3.Connection, term: Term, *, everything: int) -> float:
    """The inverse document frequency of a term, as bm25 has it, among what so many articles lead with."""
    if is_single_character(term):  # in running text it begins too many pairs to count
        return max(math.log(everything / _FREQUENT), 1e-6)
    having = estimated_rows(connection, rows_of("lead_index", match_expression(term, "lead_index")))
    return max(math.log((everything - having + 0.5) / (having + 0.5)), 1e-6)
