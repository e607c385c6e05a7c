"""JSON Lines: one record a line, as in https://jsonlines.org."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from ...models import DigestRecord

NAME = "jsonl"
SUFFIX = ".jsonl"


def write(records: Iterable[DigestRecord], out: TextIO) -> int:
    return write_json((record.model_dump_json() for record in records), out)


def write_json(records_json: Iterable[str], out: TextIO) -> int:
    number = 0
    for number, record_json in enumerate(records_json, start=1):  # noqa: B007
        out.write(record_json)
        out.write("\n")
    return number
