"""Reading corrections from a file: JSON lines, or a table with the columns of the table export and the curator's own.

Columns (docs/curation.md): ``record``, ``field``, ``value``, ``pmid`` as exported; ``action``, ``new_value``,
``new_id``, ``by``, ``at`` from the curator. A row without an action says nothing; other columns are passed over.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from ..models import StorageError
from ..models.correction import Correction, NotCurated, Verdict
from .claim_table import as_written

_DELIMITERS = {".tsv": "\t", ".csv": ",", ".jsonl": "", ".json": "", ".ndjson": ""}


def read_corrections(path: Path, *, curator: str, now: datetime) -> Iterator[Correction | NotCurated]:
    """What a file says, a row at a time.

    Args:
        path: .jsonl, .tsv or .csv, UTF-8.
        curator: who says it where the file does not tell; empty for nobody.
        now: when, where the file does not tell.

    Raises:
        StorageError: the file cannot be read, is of another kind, or lacks a column.
    """
    if path.suffix.lower() not in _DELIMITERS:
        raise StorageError(
            "is not a kind of file that can be read", subject=str(path), hint="give .jsonl, .tsv or .csv"
        )
    delimiter = _DELIMITERS[path.suffix.lower()]
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:  # spreadsheets write a byte order mark
            rows = _table_rows(file, delimiter, path) if delimiter else _json_rows(file)
            for number, row in rows:
                if isinstance(row, str):
                    yield NotCurated(f"line {number}", row)
                elif row.get("action", "").strip():
                    yield _correction(row, number=number, curator=curator, now=now)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise StorageError(f"cannot be read: {error}", subject=str(path)) from error


def _table_rows(file: TextIO, delimiter: str, path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(file, delimiter=delimiter)
    missing = {"record", "field", "value", "action"} - set(reader.fieldnames or ())
    if missing:
        raise StorageError(
            f"has no column {', '.join(sorted(missing))}", subject=str(path), hint="see docs/curation.md"
        )
    for row in reader:
        cells = {name: as_written(cell) for name, cell in row.items() if isinstance(cell, str) and name}
        yield reader.line_num, cells


def _json_rows(file: TextIO) -> Iterator[tuple[int, dict[str, str] | str]]:
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            yield number, f"is not JSON: {error}"
            continue
        if isinstance(row, dict):
            yield number, {str(key): str(value) for key, value in row.items() if value is not None}
        else:
            yield number, "is not a JSON object"


def _correction(row: Mapping[str, str], *, number: int, curator: str, now: datetime) -> Correction | NotCurated:
    subject = f"line {number}"
    try:
        verdict = Verdict(row["action"].strip().lower())
    except ValueError:
        return NotCurated(subject, f"{row['action']!r} is no action: accept, reject or change")
    missing = [name for name in ("record", "field", "value") if not row.get(name)]
    if missing:
        return NotCurated(subject, f"has no {', '.join(missing)}")
    who = row.get("by", "").strip() or curator
    if not who:
        return NotCurated(subject, "does not say by whom: fill in the column by, or give --by")
    try:
        when = datetime.fromisoformat(row["at"].strip()) if row.get("at", "").strip() else now
    except ValueError:
        return NotCurated(subject, f"{row['at']!r} is no time: write it as 2025-06-18 or 2025-06-18T12:30+08:00")
    return Correction(
        record=row["record"],
        field=row["field"],
        value=row["value"],
        verdict=verdict,
        curator=who,
        curated_at=when if when.tzinfo else when.replace(tzinfo=UTC),
        new_value=row.get("new_value", "") if verdict is Verdict.CHANGE else "",
        new_id=row.get("new_id", "") if verdict is Verdict.CHANGE else "",
        pmid=row.get("pmid", ""),
    )
