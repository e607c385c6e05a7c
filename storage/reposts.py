"""Articles that are copies of another account's article: linked, never merged.

A page that names its original is believed (``by`` = ``copyright``); else near-equal texts tell (``text``).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from .locating import find_article_id
from .near_copies import LIKENESS, likeness, sketch

# Texts that share none of their smallest hashes are not alike: the chance is below 10⁻⁶ at `LIKENESS`.
_INDEXED = 12
# Of copies at `LIKENESS`, one pair in 200,000 shares fewer of them.
_SHARED = 3
# Articles that are looked at for one hash: what whole accounts say in every article tells nothing.
_MOST_OF_A_HASH = 100
_MOST_CANDIDATES = 50


@dataclass(frozen=True, slots=True)
class Repost:
    """One article that copies another.

    Attributes:
        article_id: the copy; where only texts tell, the later one.
        of_article_id: the original.
        by: ``copyright`` when the page says so, ``text`` when the texts are near-equal.
        score: how alike the texts are, from 0 to 1; 1 when the page says so.
    """

    article_id: str
    of_article_id: str
    by: str
    score: float


def link_reposts(
    connection: sqlite3.Connection, article_id: str, *, original_aliases: Iterable[str], aliases: Iterable[str]
) -> None:
    """Links a stored article with its original and its copies, as far as they are stored.

    Args:
        connection: within a transaction.
        article_id: the article, just written.
        original_aliases: keys of the article it says it copies, the strongest first; the original may come later.
        aliases: its own keys, which copies may have named before it came.
    """
    named = tuple(original_aliases)
    connection.execute("DELETE FROM named_originals WHERE article_id = ?", (article_id,))
    connection.executemany(
        "INSERT OR IGNORE INTO named_originals (article_id, alias) VALUES (?, ?)", [(article_id, key) for key in named]
    )
    if (original := find_article_id(connection, named)) is not None:
        _write(connection, Repost(article_id, original, "copyright", 1.0))
    for alias in aliases:
        for (copy,) in connection.execute(
            "SELECT article_id FROM named_originals WHERE alias = ?", (alias,)
        ).fetchall():
            _write(connection, Repost(copy, article_id, "copyright", 1.0))
    _link_near_copies(connection, article_id)


def read_reposts(connection: sqlite3.Connection, article_id: str) -> list[Repost]:
    """The links an article has to its original and to its copies."""
    rows = connection.execute(
        """SELECT article_id, of_article_id, "by", score FROM reposts WHERE article_id = ?1 OR of_article_id = ?1
            ORDER BY article_id, of_article_id""",
        (article_id,),
    )
    return [Repost(*row) for row in rows]


def _link_near_copies(connection: sqlite3.Connection, article_id: str) -> None:
    text, account, published = connection.execute(
        "SELECT text, account, published_utc FROM articles WHERE id = ?", (article_id,)
    ).fetchone()
    ours = sketch(text)
    write_sketch(connection, article_id, ours)
    connection.execute(
        """DELETE FROM reposts WHERE "by" = 'text' AND (article_id = ?1 OR of_article_id = ?1)""", (article_id,)
    )
    for other, theirs, other_account, other_published in _candidates(connection, article_id, ours):
        score = likeness(ours, theirs)
        if score < LIKENESS or (account and account.casefold() == other_account.casefold()):
            continue
        # Without both dates, the one that was here first is taken for the original.
        is_later = not (published and other_published) or published >= other_published
        copy, original = (article_id, other) if is_later else (other, article_id)
        _write(connection, Repost(copy, original, "text", round(score, 2)))


def _candidates(
    connection: sqlite3.Connection, article_id: str, ours: tuple[int, ...]
) -> list[tuple[str, tuple[int, ...], str, str | None]]:
    """Articles that share indexed hashes, those with most of them first: id, sketch, account, time."""
    if not ours:
        return []
    smallest = ours[:_INDEXED]  # fewer of a text that repeats itself
    one = f"SELECT * FROM (SELECT article_id FROM sketch_hashes WHERE hash = ? LIMIT {_MOST_OF_A_HASH})"  # noqa: S608 - a number
    rows = connection.execute(
        f"""SELECT sketches.article_id, sketches.hashes, account, published_utc
            FROM (SELECT article_id, count(*) AS shared FROM ({" UNION ALL ".join([one] * len(smallest))})
                WHERE article_id <> ? GROUP BY article_id HAVING shared >= ?
                ORDER BY shared DESC LIMIT {_MOST_CANDIDATES}) AS found
            JOIN sketches ON sketches.article_id = found.article_id
            JOIN articles ON articles.id = found.article_id ORDER BY shared DESC""",  # noqa: S608 - question marks
        (*smallest, article_id, min(_SHARED, len(smallest))),
    ).fetchall()
    return [(other, tuple(json.loads(hashes)), account, published) for other, hashes, account, published in rows]


def write_sketch(connection: sqlite3.Connection, article_id: str, hashes: tuple[int, ...]) -> None:
    """Keeps what an article's text is compared by."""
    connection.execute("DELETE FROM sketches WHERE article_id = ?", (article_id,))
    connection.execute("DELETE FROM sketch_hashes WHERE article_id = ?", (article_id,))
    if hashes:
        connection.execute("INSERT INTO sketches VALUES (?, ?)", (article_id, json.dumps(hashes)))
        connection.executemany(
            "INSERT INTO sketch_hashes VALUES (?, ?)", [(each, article_id) for each in hashes[:_INDEXED]]
        )


def _write(connection: sqlite3.Connection, repost: Repost) -> None:
    """Notes a link; what a page says of itself stays when texts tell as well."""
    if repost.article_id == repost.of_article_id:
        return
    connection.execute(
        """INSERT INTO reposts (article_id, of_article_id, "by", score) VALUES (?, ?, ?, ?)
            ON CONFLICT (article_id, of_article_id) DO UPDATE SET "by" = excluded."by", score = excluded.score
            WHERE excluded."by" = 'copyright' OR reposts."by" = 'text'""",
        (repost.article_id, repost.of_article_id, repost.by, repost.score),
    )
