"""Records in BioC's terms: documents of two passages, title and text, with annotations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..models import DigestRecord
from .annotated_text import Annotation, annotated_spans, text_offset

# The date stays empty: the same records make the same file.
COLLECTION = {"source": "wenzhai", "date": "", "key": "wenzhai.key"}


@dataclass(frozen=True, slots=True)
class BiocAnnotation:
    """An annotation: ``offset`` counts code points from the beginning of the document."""

    id: str
    infons: dict[str, str]
    offset: int
    text: str


@dataclass(frozen=True, slots=True)
class BiocPassage:
    """A passage: ``offset`` counts code points from the beginning of the document."""

    type: str
    offset: int
    text: str
    annotations: tuple[BiocAnnotation, ...]


def record_infons(record: DigestRecord) -> dict[str, str]:
    """What is said of the document as a whole."""
    article = record.article
    told = {
        "url": article.url,
        "account": article.account,
        "published_at": article.published_at.isoformat() if article.published_at else "",
        "kind": article.kind.value,
        "offset_unit": "code points",
    }
    return {key: value for key, value in told.items() if value}


def passages(record: DigestRecord) -> Iterator[BiocPassage]:
    """Title and text, each with its annotations."""
    offset = text_offset(record)
    found = list(annotated_spans(record))
    yield BiocPassage("title", 0, record.article.title, tuple(_annotation(each) for each in found if each.end < offset))
    yield BiocPassage(
        "text", offset, record.article.text, tuple(_annotation(each) for each in found if each.start >= offset)
    )


def _annotation(annotation: Annotation) -> BiocAnnotation:
    infons = {
        "type": annotation.type,
        "name": annotation.name,
        "identifier": annotation.identifier,
        "field": annotation.field or "",
    }
    told = {key: value for key, value in infons.items() if value}
    return BiocAnnotation(annotation.id, told, annotation.start, annotation.text)
