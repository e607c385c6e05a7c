"""Formats: found by name, and exact."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
from wenzhai.models import ConfigError, DigestRecord
from wenzhai.storage import Store
from wenzhai.storage.exporters import Exporter, export, exporter, exporter_names

from .examples import make_article, make_record, put_text


def test_formats_are_found_by_name() -> None:
    assert {"json", "jsonl"} <= set(exporter_names())
    for name in exporter_names():
        assert isinstance(exporter(name), Exporter)
        assert name == exporter(name).NAME


def test_an_unknown_format_is_told() -> None:
    with pytest.raises(ConfigError, match="jsonl"):
        exporter("docx")


@pytest.mark.parametrize("number", [0, 1, 3])
def test_json_and_json_lines(store: Store, number: int) -> None:
    for name in range(number):
        put_text(store, f"肿瘤\u2028\n{name}", name=str(name))
    expected = [json.loads(text) for text in store.iterate_record_json()]
    array, lines = io.StringIO(), io.StringIO()
    assert export("json", store.iterate_record_json(), array) == number
    assert export("jsonl", store.iterate_record_json(), lines) == number
    assert json.loads(array.getvalue()) == expected
    assert [json.loads(line) for line in lines.getvalue().split("\n") if line] == expected
    assert number == 0 or "肿瘤" in array.getvalue()


@pytest.mark.parametrize("name", ["json", "jsonl"])
def test_records_are_written_as_stored_ones(store: Store, name: str) -> None:
    put_text(store, "肿瘤")
    verbatim, written = io.StringIO(), io.StringIO()
    export(name, store.iterate_record_json(), verbatim)
    exporter(name).write(store.iterate_records(), written)
    assert verbatim.getvalue() == written.getvalue()


@pytest.mark.parametrize("name", ["json", "jsonl"])
def test_records_are_written_as_they_come(name: str) -> None:
    out = io.StringIO()

    def records() -> Iterator[DigestRecord]:
        for number in range(3):
            assert out.getvalue().count("schema_version") == number
            yield make_record(make_article())

    assert exporter(name).write(records(), out) == 3
