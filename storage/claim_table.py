"""Claims as a table, one row a claim, harmless in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TextIO

from ..models import DigestRecord
from .claims import claims

COLUMNS = ("record", "url", "field", "value", "id", "quote", "part", "start", "end", "pmid")
# A spreadsheet takes such a cell for a formula (https://owasp.org/www-community/attacks/CSV_Injection).
# The full-width signs count too: East Asian spreadsheets take them for the others.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_claim_table(records: Iterable[DigestRecord], out: TextIO, *, delimiter: str) -> int:
    """Write a header and one row a claim; returns the number of records."""
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(COLUMNS)
    number = 0
    for number, record in enumerate(records, start=1):  # noqa: B007
        writer.writerows(_rows(record))
    return number


def harmless(cell: str) -> str:
    """The cell, after an apostrophe if a spreadsheet would run it."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def as_written(cell: str) -> str:
    """What `harmless` was given."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell


def _rows(record: DigestRecord) -> Iterable[list[str]]:
    article = record.article
    for claim in claims(record):
        quote = claim.quote
        place = (quote.text, quote.part.value, str(quote.start), str(quote.end)) if quote else ("", "", "", "")
        cells = (article.id, article.url, claim.field, claim.value, claim.id, *place, claim.pmid)
        yield [harmless(cell) for cell in cells]
