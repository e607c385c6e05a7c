"""Reads NLM's list of journals (J_Medline.txt, https://www.ncbi.nlm.nih.gov/books/NBK3827/#pubmedhelp.journal_lists).

Blocks of ``Key: value`` lines between rows of dashes. Many of its names are ordinary words (*Gene therapy*, *Cell
cycle*), so a name from here alone, without anything around it that speaks of a journal, is not taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ..models import LexiconError
from .lexicon import Entry, Form, merge_forms, read_plain_text

# NLM lists more than 30,000; a file with fewer is cut off.
MINIMUM_ROWS = 20_000
_RULE = re.compile(r"^-{10,}\s*$", re.MULTILINE)
_LINE = re.compile(
    r"^(JrId|JournalTitle|MedAbbr|ISSN \(Print\)|ISSN \(Online\)|IsoAbbr|NlmId):[ \t]*(.*?)\s*$", re.MULTILINE
)
_PLACE = re.compile(r"(?<!\s)\s*+\([^()]*+\)$")
_ISSN = re.compile(r"^\d{4}-\d{3}[\dX]$")


def is_journal_list(beginning: str) -> bool:
    """Whether a file that begins so is the list."""
    return bool(_RULE.match(beginning)) and "JournalTitle:" in beginning


def read_journal_list(path: Path, *, minimum_rows: int = MINIMUM_ROWS) -> list[Entry]:
    """The journals of the list, plain or gzipped, as entries; ids are ISSNs.

    Raises:
        LexiconError: the file cannot be read, has another form, or too few journals.
    """
    text = read_plain_text(path)
    if not is_journal_list(text[:4096]):
        raise LexiconError(
            "is not NLM's list of journals", subject=str(path), hint="expected J_Medline.txt as published by NLM"
        )
    entries = [_entry(dict(_LINE.findall(block)), path) for block in _RULE.split(text) if block.strip()]
    if len(entries) < minimum_rows:
        raise LexiconError(
            f"holds {len(entries)} journals where NLM's list has at least {minimum_rows}",
            subject=str(path),
            hint="download it again: it seems to be cut off",
        )
    return entries


def _entry(values: dict[str, str], path: Path) -> Entry:
    title = values.get("JournalTitle", "")
    if not title or "NlmId" not in values:
        raise LexiconError(
            f"has a journal without JournalTitle or NlmId (JrId {values.get('JrId', '?')})",
            subject=str(path),
            hint="download it again: it seems to be damaged",
        )
    name = _PLACE.sub("", title) or title
    issns = [values.get(f"ISSN ({edition})", "") for edition in ("Online", "Print")]
    return Entry(
        category="journal",
        name=name,
        id=next(filter(_ISSN.match, issns), ""),
        description=title,
        detail=values.get("MedAbbr", ""),
        forms=merge_forms(tuple(_forms(name, values))),
    )


def _forms(name: str, values: dict[str, str]) -> Iterator[Form]:
    yield Form(text=name, role="name", ambiguous=True)
    abbreviation = values.get("MedAbbr", "")
    if len(abbreviation) > 3:
        yield Form(text=abbreviation, role="abbreviation", ambiguous=True)
