"""JSON: all records as one array, one record a line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from ...models import DigestRecord

NAME = "json"
SUFFIX = ".json"


def write(records: Iterable[DigestRecord], out: TextIO) -> int:
    return write_json((record.model_dump_json() for record in records), out)


def write_json(records_json: Iterable[str], out: TextIO) -> int:
    number = 0
    for number, record_json in enumerate(records_json, start=1):
        out.write("[\n" if number == 1 else ",\n")
        out.write(record_json)
    out.write("\n]\n" if number else "[]\n")
    return number
