"""Which article is meant: by a key it is known by, its id or the beginning of it, or its address."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qs, urlsplit

from ..models.errors import ArticleNotFoundError

_MIN_PREFIX_LENGTH = 4


def find_article_id(connection: sqlite3.Connection, aliases: Iterable[str]) -> str | None:
    """The id of the article known by the first of these keys that is known at all."""
    for alias in aliases:
        row = connection.execute("SELECT article_id FROM aliases WHERE alias = ?", (alias,)).fetchone()
        if row is not None:
            found: str = row[0]
            return found
    return None


def locate_article(connection: sqlite3.Connection, key: str) -> str:
    """The id of the article meant by an id, the beginning of one, an address, or a WeChat short token.

    Raises:
        ArticleNotFoundError: there is none, or more than one id begins so.
    """
    key = key.strip().encode(errors="replace").decode()
    if connection.execute("SELECT 1 FROM articles WHERE id = ?", (key.lower(),)).fetchone():
        return key.lower()
    found = find_article_id(connection, _possible_aliases(key)) or _by_address(connection, key)
    return found or _by_prefix(connection, key.lower())


def _possible_aliases(key: str) -> Iterator[str]:
    yield from (key, f"url:{key}", f"file:{key}", f"id:{key.lower()}", f"wx:s/{key}")
    try:
        address = urlsplit(key)
    except ValueError:  # an unclosed bracket, say: then it is no address
        return
    if address.hostname == "mp.weixin.qq.com":
        yield f"wx:{address.path.strip('/')}"
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        if {"__biz", "mid", "idx"} <= query.keys():
            yield f"wx:{query['__biz']}/{query['mid']}/{query['idx']}"


def _by_address(connection: sqlite3.Connection, key: str) -> str | None:
    row = connection.execute(
        """SELECT id FROM articles WHERE url = ?1
            UNION ALL SELECT article_id FROM pages WHERE location = ?1 AND article_id IS NOT NULL LIMIT 1""",
        (key,),
    ).fetchone()
    return None if row is None else str(row[0])


def _by_prefix(connection: sqlite3.Connection, key: str) -> str:
    found: list[str] = []
    if re.fullmatch(rf"[0-9a-f]{{{_MIN_PREFIX_LENGTH},}}", key):
        rows = connection.execute("SELECT id FROM articles WHERE id >= ? AND id < ? LIMIT 6", (key, f"{key}g"))
        found = [row[0] for row in rows]
    if len(found) == 1:
        return found[0]
    if found:
        raise ArticleNotFoundError(
            "several articles have an id that begins so",
            subject=key,
            hint=f"write more of it: {', '.join(found[:5])}{', …' if len(found) > 5 else ''}",
        )
    raise ArticleNotFoundError(
        "there is no such article",
        subject=key,
        hint=f"give its id, {_MIN_PREFIX_LENGTH} or more digits an id begins with, or its address",
    )
