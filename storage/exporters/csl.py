"""CSL-JSON (https://docs.citationstyles.org), which Zotero, pandoc and citeproc read: one item a paper."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, TextIO

from ...models import DigestRecord
from ..references import Reference, references

NAME = "csl"
SUFFIX = ".csl.json"


def write(records: Iterable[DigestRecord], out: TextIO) -> int:
    number = 0
    before = "[\n"
    for number, record in enumerate(records, start=1):  # noqa: B007
        for reference in references(record):
            out.write(f"{before}{json.dumps(_item(reference), ensure_ascii=False)}")
            before = ",\n"
    out.write("[]\n" if before == "[\n" else "\n]\n")
    return number


def _item(reference: Reference) -> dict[str, Any]:
    paper, journal = reference.paper, reference.paper.journal
    told: dict[str, Any] = {
        "id": reference.key,
        "type": "article-journal",
        "title": reference.title,
        "container-title": journal and journal.name,
        "container-title-short": journal and journal.abbreviation,
        "ISSN": journal and journal.issn,
        "issued": {"date-parts": [list(reference.date)]} if reference.date else None,
        "DOI": paper.doi,
        "PMID": paper.pmid,
        "PMCID": paper.pmcid,
        "URL": paper.url,
        "keyword": ", ".join(reference.keywords),
        "note": _note(reference),
    }
    return {name: value for name, value in told.items() if value}


def _note(reference: Reference) -> str:
    """CSL has no variable for a title in another language than the paper's, so it stands here."""
    paper = reference.paper
    return "\n".join(filter(None, (paper.title_zh if paper.title else None, reference.note)))
