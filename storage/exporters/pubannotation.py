"""PubAnnotation JSON (https://www.pubannotation.org/docs/annotation-format/): one object a record.

PubAnnotation takes one object a file: into a folder each record is a file. As one text they are JSON lines.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

from ...models import DigestRecord
from ..annotated_text import annotated_spans, document_text

NAME = "pubannotation"
SUFFIX = ".jsonl"


def write(records: Iterable[DigestRecord], out: TextIO) -> int:
    number = 0
    for number, record in enumerate(records, start=1):  # noqa: B007
        out.write(json.dumps(_document(record), ensure_ascii=False))
        out.write("\n")
    return number


def write_folder(records: Iterable[DigestRecord], folder: Path) -> int:
    number = 0
    for number, record in enumerate(records, start=1):  # noqa: B007
        text = json.dumps(_document(record), ensure_ascii=False, indent=1)
        (folder / f"{record.article.id}.json").write_text(f"{text}\n", encoding="utf-8", newline="\n")
    return number


def _document(record: DigestRecord) -> dict[str, Any]:
    found = list(annotated_spans(record))
    said = [(each.id, key, value) for each in found for key, value in _attributes(each.name, each.identifier)]
    return {
        "sourcedb": "wenzhai",
        "sourceid": record.article.id,
        "text": document_text(record),
        "denotations": [
            {"id": each.id, "span": {"begin": each.start, "end": each.end}, "obj": each.type} for each in found
        ],
        "attributes": [
            {"id": f"A{number}", "subj": subject, "pred": key, "obj": value}
            for number, (subject, key, value) in enumerate(said, start=1)
        ],
    }


def _attributes(name: str, identifier: str) -> list[tuple[str, str]]:
    return [(key, value) for key, value in (("name", name), ("identifier", identifier)) if value]
