"""A record as annotation tools want it: one text with typed spans over it.

The text is title, line break, text; offsets are code points from its beginning, end exclusive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..models import DigestRecord, Part
from .claims import named_mentions

# What XML 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets); the escapes of JSON are not needed for it either.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Annotation:
    """A span and what is said of it.

    Attributes:
        id: ``T1``, ``T2``, … within the record.
        type: ``Gene``, ``Method``, ``Tool``, ``Disease``, ``Accession``, ``Paper`` or ``Finding``.
        name: the standard name; of a finding its role.
        identifier: as in `NamedMention`.
        start, end: place in `document_text`.
        text: the words there.
        field: of a paper, which of its fields.
    """

    id: str
    type: str
    name: str
    identifier: str
    start: int
    end: int
    text: str
    field: str | None = None


def document_text(record: DigestRecord) -> str:
    """Title and text of the article, with a line break between them."""
    return f"{record.article.title}\n{record.article.text}"


def text_offset(record: DigestRecord) -> int:
    """Where the article's text begins in `document_text`."""
    return len(record.article.title) + 1


def annotated_spans(record: DigestRecord) -> Iterator[Annotation]:
    """Every mention and finding of a record as a span of `document_text`."""
    offset = text_offset(record)
    mentions = list(named_mentions(record))
    for number, named in enumerate(mentions, start=1):
        shift = 0 if named.mention.part is Part.TITLE else offset
        yield Annotation(
            id=f"T{number}",
            type=named.kind.title(),
            name=named.name,
            identifier=named.id,
            start=named.mention.start + shift,
            end=named.mention.end + shift,
            text=named.mention.text,
            field=named.field,
        )
    for number, finding in enumerate(record.findings, start=len(mentions) + 1):
        yield Annotation(
            id=f"T{number}",
            type="Finding",
            name=finding.role.value,
            identifier="",
            start=finding.start + offset,
            end=finding.end + offset,
            text=finding.text,
        )


def xml_text(text: str) -> str:
    """Text as XML 1.0 can hold it, as long as it was: what it cannot becomes U+FFFD."""
    return _NOT_XML.sub("\ufffd", text)
