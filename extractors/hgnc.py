"""Reads HGNC's complete set (https://www.genenames.org/download/): the whole human gene nomenclature.

The tool carries a smaller gene lexicon of its own; a complete set, once loaded, adds every approved
symbol, previous symbol and alias to it. Where both know a gene the built-in entry's forms come first,
because they were chosen by hand.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ..models import LexiconError
from .lexicon import Entry, Form, merge_forms, read_plain_text

REQUIRED_COLUMNS = ("hgnc_id", "symbol", "name", "status", "locus_group", "alias_symbol", "prev_symbol")
# HGNC has approved more than 40,000 symbols since 2018; a file with fewer rows is cut off.
MINIMUM_ROWS = 40_000
_HGNC_ID = re.compile(r"^HGNC:\d+$")
_DAY = re.compile(r"^\d{4}-\d\d-\d\d$")


def read_complete_set(path: Path, *, minimum_rows: int = MINIMUM_ROWS) -> list[Entry]:
    """The approved genes of a complete set, plain or gzipped, as entries.

    Raises:
        LexiconError: the file cannot be read, has another header, or has too few rows to be whole.
    """
    entries = [
        _entry(row)
        for row in csv.DictReader(io.StringIO(read_plain_text(path)), delimiter="\t")
        if _checked(row, path)["status"] == "Approved"
    ]
    if len(entries) < minimum_rows:
        raise LexiconError(
            f"holds {len(entries)} approved genes where a complete set has at least {minimum_rows}",
            subject=str(path),
            hint="download it again: it seems to be cut off",
        )
    return entries


def is_complete_set(beginning: str) -> bool:
    """Whether a file that begins so is the complete set."""
    return beginning.startswith("hgnc_id\tsymbol\t")


def complete_set_release(text: str) -> str:
    """The day of the last change that the set tells of: it names no release of its own. Empty without one."""
    rows = csv.DictReader(io.StringIO(text), delimiter="\t")
    days = (row.get("date_modified") or row.get("date_approved_reserved") or "" for row in rows)
    return max(filter(_DAY.match, days), default="")


def _checked(row: Mapping[str, str | None], path: Path) -> Mapping[str, str | None]:
    missing = [column for column in REQUIRED_COLUMNS if row.get(column) is None]
    if missing or not _HGNC_ID.match(row["hgnc_id"] or ""):
        raise LexiconError(
            f"is not HGNC's complete set: {'no ' + ', '.join(missing) if missing else 'a row has no HGNC id'}",
            subject=str(path),
            hint="expected hgnc_complete_set.txt as published by genenames.org",
        )
    return row


def _entry(row: Mapping[str, str | None]) -> Entry:
    symbol = row["symbol"] or ""
    return Entry(
        category="gene",
        name=symbol,
        id=row["hgnc_id"] or "",
        description=row["name"] or "",
        detail=row["locus_group"] or "",
        forms=merge_forms(
            (Form(text=symbol, role="symbol"),),
            _forms(row["prev_symbol"], role="previous"),
            _forms(row["alias_symbol"], role="hgnc_alias"),
        ),
    )


def _forms(cell: str | None, *, role: str) -> Iterator[Form]:
    for text in (cell or "").strip('"').split("|"):
        if len(text) > 1:
            yield Form(text=text, role=role)


def merge_genes(built_in: Iterable[Entry], complete: Iterable[Entry]) -> list[Entry]:
    """One list of genes: built-in forms first, then what the complete set adds."""
    by_symbol = {entry.name: entry for entry in complete}
    merged: list[Entry] = []
    for entry in built_in:
        official = by_symbol.pop(entry.name, None)
        if official is None:
            merged.append(entry)
        else:
            merged.append(
                Entry(
                    category="gene",
                    name=entry.name,
                    id=official.id,
                    description=official.description,
                    detail=official.detail,
                    forms=merge_forms(entry.forms, official.forms),
                )
            )
    return merged + list(by_symbol.values())
