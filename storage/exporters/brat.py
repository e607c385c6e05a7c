"""brat standoff (https://brat.nlplab.org/standoff.html): a folder with a .txt and an .ann a record.

Identifiers are notes on their annotation: ``N1  Reference T1 HGNC:10618  CCL19``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from ...models import DigestRecord
from ..annotated_text import Annotation, annotated_spans, document_text

NAME = "brat"
SUFFIX = ".ann"
# brat shows only types that its configuration in the folder names.
_CONFIGURATION = """[entities]
Gene
Method
Tool
Disease
Accession
Paper
Finding
[relations]
[events]
[attributes]
"""
_REFERENCE = re.compile(r"[A-Za-z][^\s:]*+:\S++")


def write_folder(records: Iterable[DigestRecord], folder: Path) -> int:
    _write(folder / "annotation.conf", _CONFIGURATION)
    number = 0
    for number, record in enumerate(records, start=1):  # noqa: B007
        _write(folder / f"{record.article.id}.txt", document_text(record))
        _write(folder / f"{record.article.id}.ann", "".join(_lines(record)))
    return number


def _lines(record: DigestRecord) -> Iterator[str]:
    notes = 0
    for each in annotated_spans(record):
        yield f"{each.id}\t{each.type} {_fragments(each)}\t{_flat(each.text)}\n"
        if _REFERENCE.fullmatch(each.identifier):
            notes += 1
            yield f"N{notes}\tReference {each.id} {each.identifier}\t{_flat(each.name)}\n"


def _fragments(annotation: Annotation) -> str:
    """The span, in pieces where it goes on over a line break, which brat does not allow within one."""
    pieces = (match.span() for match in re.finditer(r"[^\n]+", annotation.text))
    return ";".join(f"{annotation.start + start} {annotation.start + end}" for start, end in pieces)


def _flat(text: str) -> str:
    return re.sub(r"[\t\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", " ", text)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
