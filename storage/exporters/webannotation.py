"""W3C Web Annotations (https://www.w3.org/TR/annotation-model/), one a line.

Positions are code points into title, line break, text as wenzhai reads the page; the quote with the words around it
finds the place in the page itself.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from typing import Any, TextIO

from ...models import DigestRecord
from ..annotated_text import Annotation, annotated_spans, document_text

NAME = "webannotation"
SUFFIX = ".jsonl"
CONTEXT = 32  # code points before and after the quote, as annotation clients commonly keep


def write(records: Iterable[DigestRecord], out: TextIO) -> int:
    number = 0
    for number, record in enumerate(records, start=1):  # noqa: B007
        text = document_text(record)
        source = record.article.url or record_urn(record.article.id)
        for annotation in annotated_spans(record):
            out.write(json.dumps(_annotation(record, annotation, text=text, source=source), ensure_ascii=False))
            out.write("\n")
    return number


def record_urn(name: str) -> str:
    """The same URN for the same name, whoever makes it (RFC 9562, version 5)."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"wenzhai:{name}").urn


def _annotation(record: DigestRecord, annotation: Annotation, *, text: str, source: str) -> dict[str, Any]:
    start, end = annotation.start, annotation.end
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": record_urn(f"{record.article.id}/{annotation.id}"),
        "type": "Annotation",
        "motivation": "identifying",
        "body": _bodies(annotation),
        "target": {
            "source": source,
            "selector": [
                {
                    "type": "TextQuoteSelector",
                    "exact": annotation.text,
                    "prefix": text[max(0, start - CONTEXT) : start],
                    "suffix": text[end : end + CONTEXT],
                },
                {"type": "TextPositionSelector", "start": start, "end": end},
            ],
        },
    }


def _bodies(annotation: Annotation) -> list[dict[str, str]]:
    told = [("classifying", annotation.type), ("identifying", annotation.identifier), ("tagging", annotation.name)]
    return [{"type": "TextualBody", "purpose": purpose, "value": value} for purpose, value in told if value]
