"""BioC as JSON (https://bioc.sourceforge.net, https://github.com/bionlplab/bioc): one collection.

Offsets are code points from the beginning of the document, also within passages.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, TextIO

from ...models import DigestRecord
from ..bioc_document import COLLECTION, BiocPassage, passages, record_infons

NAME = "bioc"
SUFFIX = ".bioc.json"


def write(records: Iterable[DigestRecord], out: TextIO) -> int:
    head = json.dumps({**COLLECTION, "infons": {}}, ensure_ascii=False)
    out.write(f'{head[:-1]}, "documents": [')
    number = 0
    for number, record in enumerate(records, start=1):
        out.write("\n" if number == 1 else ",\n")
        out.write(json.dumps(_document(record), ensure_ascii=False))
    out.write("\n]}\n")
    return number


def _document(record: DigestRecord) -> dict[str, Any]:
    return {
        "id": record.article.id,
        "infons": record_infons(record),
        "passages": [_passage(passage) for passage in passages(record)],
        "annotations": [],
        "relations": [],
    }


def _passage(passage: BiocPassage) -> dict[str, Any]:
    return {
        "infons": {"type": passage.type},
        "offset": passage.offset,
        "text": passage.text,
        "sentences": [],
        "annotations": [
            {
                "id": each.id,
                "infons": each.infons,
                "text": each.text,
                "locations": [{"offset": each.offset, "length": len(each.text)}],
            }
            for each in passage.annotations
        ],
        "relations": [],
    }
