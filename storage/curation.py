"""Corrections in the database: kept beside the extraction, winning over it wherever records are read.

``records`` and the claim tables hold what is in force. Of an article with corrections ``extracted_records``
keeps what the extraction said, so that corrections can be applied to it again.
"""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from ..models import ArticleNotFoundError, DigestRecord
from ..models.correction import Correction, Curated, CurationOutcome, NotCurated, Verdict
from . import articles, locating, record_json, records
from .corrected import corrected, narrowed_pmid, reason_against

if TYPE_CHECKING:
    from sqlite_utils import Database

_COLUMNS = "field, value, pmid, verdict, new_value, new_id, curator, curated_at"


def corrections_of(connection: sqlite3.Connection, article_id: str) -> tuple[Correction, ...]:
    """The corrections in force for an article, oldest first."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM corrections WHERE article_id = ? ORDER BY curated_at, id",  # noqa: S608
        (article_id,),
    )
    return tuple(
        Correction(
            record=article_id,
            field=field,
            value=value,
            pmid=pmid,
            verdict=Verdict(verdict),
            new_value=new_value,
            new_id=new_id,
            curator=curator,
            curated_at=datetime.fromisoformat(curated_at),
        )
        for field, value, pmid, verdict, new_value, new_id, curator, curated_at in rows
    )


def extracted_json(connection: sqlite3.Connection, article_id: str) -> str:
    """The record as the extraction made it, whatever curators said. Raises ArticleNotFoundError."""
    row = connection.execute("SELECT json FROM extracted_records WHERE article_id = ?", (article_id,)).fetchone()
    return str(row[0]) if row else record_json.read_record_json(connection, article_id)


def import_corrections(
    database: Database, corrections: Iterable[Correction], *, overrule: bool, now: datetime
) -> Iterator[CurationOutcome]:
    """Take corrections in one by one, within the caller's transaction.

    Args:
        overrule: they win over what other curators said.
    """
    touched: set[str] = set()
    for correction in corrections:
        outcome = _take_in(database.conn, correction, overrule=overrule, now=now)
        if isinstance(outcome, Curated) and outcome.is_new:
            touched.add(outcome.correction.record)
        yield outcome
    for article_id in sorted(touched):
        before = record_json.read_record_json(database.conn, article_id)
        apply_corrections(database, article_id)
        if record_json.read_record_json(database.conn, article_id) != before:
            database.conn.execute("UPDATE articles SET updated_at = ? WHERE id = ?", (now.isoformat(), article_id))


def apply_corrections(database: Database, article_id: str) -> None:
    """Make the corrections of an article count in its record, its claims and the index; nothing if it has none.

    Call it when the corrections have changed, or when the extraction has just been written.
    """
    connection = database.conn
    said = corrections_of(connection, article_id)
    if not said or articles.stored_state(connection, article_id) is None:
        return
    extracted = extracted_json(connection, article_id)
    made = DigestRecord.model_validate_json(extracted)
    # A newer extraction may have other values, and another text that a corrected sentence is not in.
    record = corrected(made, [each for each in said if not reason_against(made, each)])
    connection.execute(
        "INSERT OR REPLACE INTO extracted_records (article_id, json) VALUES (?, ?)", (article_id, extracted)
    )
    connection.execute("UPDATE records SET json = ? WHERE article_id = ?", (record.model_dump_json(), article_id))
    connection.execute("UPDATE articles SET kind = ? WHERE id = ?", (record.article.kind.value, article_id))
    records.write_claims(database, record)


def forget_extracted(connection: sqlite3.Connection, article_id: str) -> None:
    """A newer extraction has come: the record that is stored now is what it made."""
    connection.execute("DELETE FROM extracted_records WHERE article_id = ?", (article_id,))


def _take_in(
    connection: sqlite3.Connection, correction: Correction, *, overrule: bool, now: datetime
) -> CurationOutcome:
    subject = f"{correction.record}: {correction}"
    try:
        article_id = locating.locate_article(connection, correction.record)
    except ArticleNotFoundError as error:
        return NotCurated(subject, str(error))
    record = DigestRecord.model_validate_json(extracted_json(connection, article_id))
    said = corrections_of(connection, article_id)
    meant = _of_extraction(dataclasses.replace(correction, record=article_id), record, said)
    reason = reason_against(record, meant)
    if reason:
        return NotCurated(subject, reason)
    meant = dataclasses.replace(meant, pmid=narrowed_pmid(record, meant))
    earlier = next((each for each in said if _claim(each) == _claim(meant)), None)
    if earlier is not None:
        if earlier.says_the_same(meant):
            return Curated(earlier, is_new=False)
        if earlier.curator != meant.curator and not overrule:
            return NotCurated(subject, f"conflict: {earlier.curator} said: {earlier}")
        if earlier.curator == meant.curator and meant.curated_at < earlier.curated_at:
            return NotCurated(subject, f"conflict: {earlier.curator} said later: {earlier}")
    _write(connection, meant, now=now)
    return Curated(meant, is_new=True)


def _of_extraction(correction: Correction, record: DigestRecord, said: Iterable[Correction]) -> Correction:
    """The correction in terms of what was extracted, if it speaks of a value that another correction made."""
    if not reason_against(record, dataclasses.replace(correction, verdict=Verdict.ACCEPT)):
        return correction
    for earlier in said:
        made = (earlier.field, earlier.new_value) == (correction.field, correction.value)
        if made and earlier.verdict is Verdict.CHANGE:
            meant = dataclasses.replace(correction, value=earlier.value, pmid=earlier.pmid)
            if correction.verdict is not Verdict.ACCEPT:
                return meant
            return dataclasses.replace(
                meant, verdict=Verdict.CHANGE, new_value=earlier.new_value, new_id=earlier.new_id
            )
    return correction


def _claim(correction: Correction) -> tuple[str, str, str]:
    return correction.field, correction.value, correction.pmid


def _write(connection: sqlite3.Connection, correction: Correction, *, now: datetime) -> None:
    connection.execute(
        f"INSERT OR REPLACE INTO corrections (article_id, {_COLUMNS}, imported_at) VALUES (?,?,?,?,?,?,?,?,?,?)",  # noqa: S608
        (
            correction.record,
            correction.field,
            correction.value,
            correction.pmid,
            correction.verdict.value,
            correction.new_value,
            correction.new_id,
            correction.curator,
            correction.curated_at.isoformat(),
            now.isoformat(),
        ),
    )
