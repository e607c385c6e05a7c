"""The query language: what is understood, what is refused, and where."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wenzhai.models import QueryError
from wenzhai.storage.matching import article_has, found_rows
from wenzhai.storage.migrations import migrate
from wenzhai.storage.query import MAX_QUERY_LENGTH, AllOf, AnyOf, Node, Term, parse_query
from wenzhai.storage.query_terms import highlight_patterns, match_expression, prominence_expression, without_exclusions


def show(node: Node | None) -> str:
    """A tree in brackets, to compare with what was typed."""
    match node:
        case None:
            return ""
        case Term():
            words = " ".join("-".join(part.pieces) for part in node.parts)
            quoted = f'"{words}"' if node.exact else words
            return f"{node.scope}{':' if node.scope else ''}{quoted}{'*' if node.prefix else ''}"
        case AnyOf():
            return f"({' | '.join(map(show, node.nodes))})"
        case AllOf():
            return f"({' & '.join([*map(show, node.nodes), *(f'-{show(each)}' for each in node.excluded)])})"


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("", ""),
        (" \n　", ""),
        ("肿瘤", "肿瘤"),
        ("肿瘤 RNA", "(肿瘤 & rna)"),
        ("肿瘤　AND RNA", "(肿瘤 & rna)"),
        ("a b OR c d", "((a & b) | (c & d))"),
        ("a|b", "(a | b)"),
        ("a -b NOT c", "(a & -b & -c)"),
        ("a NOT -b", "(a & b)"),
        ("a -(b c)", "(a & -(b & c))"),
        ("PD-L1", "pd-l1"),
        ("PD-L1抑制剂", "pd-l1 抑制剂"),
        ("IL-6/STAT3", "il-6 stat3"),
        ('"CD8+ T cell"', '"cd8 t cell"'),
        ("“肿瘤 微环境” 「b」", '("肿瘤 微环境" & "b")'),
        ("immuno*", "immuno*"),
        ("ＩＬ－１＊", "il-1*"),
        ("肿瘤*", "肿瘤"),
        ("title:a b", "(title:a & b)"),
        ("Title:(a OR text:b)", "(title:a | text:b)"),
        ("findings：免疫", "findings:免疫"),
        ("title: a", "(title & a)"),
        ("gene:TP53", "gene tp53"),
        ("http://a.b/c?d=e", "http a b c d e"),
        ("a + 。 - b", "(a & b)"),
        ("and or not", "(and & or & not)"),
        ("（肿瘤）RNA", "肿瘤 rna"),
        ("a\x00b", "a b"),
        ("a;DROP TABLE articles--", "(a drop & table & articles)"),
    ],
)
def test_understood(typed: str, tree: str) -> None:
    assert show(parse_query(typed)) == tree


@pytest.mark.parametrize(
    ("typed", "position"),
    [
        ('肿瘤 "RNA', 3),
        ("“肿瘤", 0),
        ("(a", 0),
        ("a)", 1),
        ("()", 1),
        ("a OR", 4),
        ("OR a", 0),
        ("a AND OR b", 6),
        ("NOT", 3),
        ("-a", 0),
        ("a OR -b", 5),
        ("。", 0),
        ("ab*", 0),
        ("a " * 33, 64),
        ("(" * 21 + "a" + ")" * 21, 21),
        ("a" * (MAX_QUERY_LENGTH + 1), MAX_QUERY_LENGTH),
    ],
)
def test_refused_at(typed: str, position: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(typed)
    assert caught.value.position == position


@pytest.fixture(scope="module")
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection)
        yield connection


HOSTILE = st.lists(
    st.one_of(
        st.sampled_from([*"\"'()|*-:^+{}[]“”「」%_\x00\\;,. 　癌肿瘤aILβ6é", " OR ", " NOT ", "title:", " AND "]),
        st.characters(),
        st.binary(max_size=4).map(lambda argument: argument.decode(errors="surrogateescape")),
    ),
    max_size=40,
).map("".join)


def refusal(typed: str) -> QueryError | None:
    try:
        parse_query(typed)
    except QueryError as error:
        return error
    return None


@given(HOSTILE)
def test_any_string_is_searched_or_refused_with_a_position(connection: sqlite3.Connection, typed: str) -> None:
    if (error := refusal(typed)) is not None:
        assert error.position is not None
        assert 0 <= error.position <= len(typed)
        return
    node = parse_query(typed)
    if node is None:
        return
    found, has = found_rows(node), article_has(node)
    assert connection.execute(found.sql, found.parameters).fetchall() == []
    assert connection.execute(f"SELECT 1 FROM articles WHERE {has.sql}", has.parameters).fetchall() == []  # noqa: S608
    for table, match in (
        ("lead_index", match_expression(node, "lead_index")),
        ("prominence_index", prominence_expression(without_exclusions(node), lowest=0, telling=list)),
    ):
        sql = f"SELECT count(*) FROM {table} WHERE {table} MATCH ?"  # noqa: S608
        assert connection.execute(sql, (match,)).fetchone() == (0,)
    for pattern in highlight_patterns(node, part="text"):
        pattern.search(typed)
