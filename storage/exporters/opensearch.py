"""Bulk requests of OpenSearch, Elasticsearch and Quickwit: an action and a record, a line each.

The form of https://docs.opensearch.org/latest/api-reference/document-apis/bulk/. The id is the article's, so sending
a record again replaces it; the index is named by the address it is sent to: ``POST /INDEX/_bulk``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TextIO

from ...models import DigestRecord

NAME = "opensearch"
SUFFIX = ".ndjson"


def write(records: Iterable[DigestRecord], out: TextIO) -> int:
    return write_json((record.model_dump_json() for record in records), out)


def write_json(records_json: Iterable[str], out: TextIO) -> int:
    number = 0
    for number, record_json in enumerate(records_json, start=1):  # noqa: B007
        action = {"index": {"_id": json.loads(record_json)["article"]["id"]}}
        out.write(f"{json.dumps(action)}\n{record_json}\n")
    return number
