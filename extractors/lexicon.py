"""Lexicons as tables: reading tidy TSV files, and the entries they hold.

A lexicon file begins with comment lines (``# …``: what it is, where it is from), then a header, then one
entry a line; lists within a cell are joined by ``|``. A form that ends in ``?`` often means
something else, so it counts only with a second cue.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..models import LexiconError

LEXICON_FOLDER = Path(__file__).parent / "lexicons"


@dataclass(frozen=True, slots=True)
class Form:
    """One way an entry is written.

    Attributes:
        text: the spelling.
        role: ``name``, ``symbol``, ``alias``, ``previous``, ``abbreviation`` or ``chinese``.
        ambiguous: it often means something else.
    """

    text: str
    role: str
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One concept of a lexicon.

    Attributes:
        category: ``gene``, ``family``, ``journal``, ``method``, ``tool`` or ``disease``.
        name: the standard name; for genes the approved symbol.
        id: its CURIE (``HGNC:11998``, ``DOID:1612``), an ISSN for journals, or empty.
        description: the full name, where `name` is a symbol or abbreviation.
        forms: every spelling, the name included.
        detail: what else the category needs (a journal's abbreviation, a tool's kind).
    """

    category: str
    name: str
    id: str
    description: str
    forms: tuple[Form, ...]
    detail: str = ""


def read_table(path: Path, *, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """The rows of a TSV file as dictionaries.

    Raises:
        LexiconError: the file cannot be read, lacks one of the columns, or a row has another number of cells.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError("cannot be read", subject=str(path), hint=str(error)) from error
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    header = next(rows, [])
    missing = [column for column in columns if column not in header]
    if missing:
        raise LexiconError(
            f"has no column {', '.join(missing)}",
            subject=str(path),
            hint=f"the header must be: {' '.join(columns)}",
        )
    for row in rows:
        if len(row) != len(header):
            raise LexiconError(
                f"has a row of {len(row)} cells where the header has {len(header)}",
                subject=str(path),
                hint=f"the row begins with {row[0]!r}",
            )
        yield dict(zip(header, row, strict=True))


def read_plain_text(path: Path) -> str:
    """The text of a file, unpacked if it is gzipped.

    Raises:
        LexiconError: it cannot be read, or is not UTF-8.
    """
    try:
        data = path.read_bytes()
        return (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise LexiconError("cannot be read", subject=str(path), hint=str(error)) from error


def split_forms(cell: str, *, role: str) -> Iterator[Form]:
    """The forms of one cell: ``A|B?`` is a plain A and an ambiguous B."""
    for part in cell.split("|"):
        text = part.strip()
        if text:
            yield Form(text=text.removesuffix("?"), role=role, ambiguous=text.endswith("?"))


def merge_forms(*groups: Iterator[Form] | tuple[Form, ...]) -> tuple[Form, ...]:
    """Forms in order without repeats; a form marked ambiguous anywhere is ambiguous."""
    merged: dict[str, Form] = {}
    for group in groups:
        for form in group:
            known = merged.get(form.text)
            if known is None:
                merged[form.text] = form
            elif form.ambiguous and not known.ambiguous:
                merged[form.text] = Form(text=known.text, role=known.role, ambiguous=True)
    return tuple(merged.values())


def read_terms(path: Path, *, category: str) -> list[Entry]:
    """The entries of a methods, tools, diseases or journals file.

    Raises:
        LexiconError: the file is not such a table.
    """
    id_column = {"journal": "issn", "tool": "", "method": "id", "disease": "id"}[category]
    detail_column = {"journal": "abbreviation", "tool": "kind"}.get(category, "")
    columns = tuple(column for column in ("name", detail_column, id_column, "aliases", "chinese") if column)
    return [
        Entry(
            category=category,
            name=row["name"],
            id=row.get(id_column, ""),
            description=row["name"],
            detail=row.get(detail_column, ""),
            forms=_term_forms(row),
        )
        for row in read_table(path, columns=columns)
    ]


def _term_forms(row: Mapping[str, str]) -> tuple[Form, ...]:
    return merge_forms(
        (Form(text=row["name"], role="name"),),
        split_forms(row.get("abbreviation", ""), role="abbreviation"),
        split_forms(row["aliases"], role="alias"),
        split_forms(row["chinese"], role="chinese"),
    )


def read_genes(path: Path) -> list[Entry]:
    """The entries of a genes file.

    Raises:
        LexiconError: the file is not such a table.
    """
    return [
        Entry(
            category="gene",
            name=row["symbol"],
            id=row["hgnc_id"],
            description=row["name"],
            forms=merge_forms(
                (Form(text=row["symbol"], role="symbol"),),
                split_forms(row["aliases"], role="alias"),
                (Form(text=row["name"], role="name"),) if row["name"] else (),  # rarer genes: the symbol alone
                split_forms(row["chinese"], role="chinese"),
            ),
        )
        for row in read_table(path, columns=("symbol", "hgnc_id", "name", "aliases", "chinese"))
    ]


def read_families(path: Path) -> list[Entry]:
    """The entries of a gene families file.

    Raises:
        LexiconError: the file is not such a table.
    """
    return [
        Entry(
            category="family",
            name=row["name"],
            id="",
            description=row["name"],
            detail=row["members"],
            forms=merge_forms(
                (Form(text=row["name"], role="symbol"),),
                split_forms(row["aliases"], role="alias"),
                split_forms(row["chinese"], role="chinese"),
            ),
        )
        for row in read_table(path, columns=("name", "members", "aliases", "chinese"))
    ]


def file_version(path: Path) -> str:
    """The first 12 hex digits of the file's SHA-256: changes when, and only when, the file does."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
