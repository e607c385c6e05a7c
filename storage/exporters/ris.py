"""RIS (https://en.wikipedia.org/wiki/RIS_(file_format)), which reference managers read: one reference a paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TextIO

from ...models import DigestRecord
from ..references import Reference, one_line, references

NAME = "ris"
SUFFIX = ".ris"


def write(records: Iterable[DigestRecord], out: TextIO) -> int:
    number = 0
    for number, record in enumerate(records, start=1):  # noqa: B007
        for reference in references(record):
            out.writelines(f"{tag}  - {one_line(value)}\n" for tag, value in _tags(reference) if value)
            out.write("ER  - \n\n")
    return number


def _tags(reference: Reference) -> Iterator[tuple[str, str | None]]:
    paper, journal = reference.paper, reference.paper.journal
    yield "TY", "JOUR"
    yield "ID", reference.key
    yield "TI", reference.title
    if paper.title and paper.title_zh:
        yield "TT", paper.title_zh
    if journal:
        yield "T2", journal.name
        yield "J2", journal.abbreviation
        yield "SN", journal.issn
    if reference.date:
        yield "PY", str(reference.date[0])
        yield "DA", "/".join(f"{part:02}" for part in reference.date)
    yield "DO", paper.doi
    yield "AN", paper.pmid
    yield "C2", paper.pmcid  # where PubMed's own export puts it
    yield "UR", paper.url or (f"https://doi.org/{paper.doi}" if paper.doi else None)
    for keyword in reference.keywords:
        yield "KW", keyword
    yield "N1", reference.note
