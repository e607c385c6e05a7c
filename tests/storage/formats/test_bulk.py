"""Bulk requests: an action before each record, which is the record as stored."""

from __future__ import annotations

import io
import json

from wenzhai.storage import Store
from wenzhai.storage.exporters import export, exporter

from ..examples import put_text


def test_bulk_requests(store: Store) -> None:
    for name in range(3):
        put_text(store, f"肿瘤\u2028\n{name}", name=str(name))
    stored, out, again = list(store.iterate_record_json()), io.StringIO(), io.StringIO()
    assert export("opensearch", stored, out) == 3
    lines = out.getvalue().split("\n")
    assert lines.pop() == ""  # the form asks for a line feed at the end
    assert lines[1::2] == stored
    ids = [json.loads(record)["article"]["id"] for record in stored]
    assert list(map(json.loads, lines[::2])) == [{"index": {"_id": article_id}} for article_id in ids]
    assert exporter("opensearch").write(store.iterate_records(), again) == 3
    assert again.getvalue() == out.getvalue()
