"""The record refuses to exist when a quotation is not where it says; the committed schema is the record's."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError
from wenzhai.models import DigestRecord
from wenzhai.models.schema import SCHEMA_FILE, schema_text

TITLE = "CCL19 与皮炎"
TEXT = "炎性成纤维细胞发出𝛼信号。CCL19 升高。"


def record(**fields: Any) -> dict[str, Any]:
    """The smallest record there is, with some fields set."""
    article = {
        "id": "0123456789ab",
        "url": "",
        "title": TITLE,
        "account": "",
        "author": "",
        "published_at": None,
        "harvested_at": datetime(2025, 1, 1, tzinfo=UTC),
        "source": "archive",
        "kind": "other",
        "text": TEXT,
        "text_sha256": "",
    }
    provenance = {"wenzhai": "1.0", "extractors": {}, "lexicons": {}, "snapshot_sha256": ""}
    return {"article": article, "provenance": provenance, **fields}


def mention(words: str, start: int, **more: Any) -> dict[str, Any]:
    return {"text": words, "start": start, "end": start + len(words), **more}


# What quotes, as the field it stands in with a mention or a sentence in it.
QUOTING = {
    "papers": lambda found: {"papers": [{"role": "primary", "mentions": [{**found, "field": "title"}]}]},
    "genes": lambda found: {"genes": [{"symbol": "CCL19", "mentions": [found]}]},
    "methods": lambda found: {"methods": [{"name": "m", "mentions": [found]}]},
    "tools": lambda found: {"tools": [{"name": "t", "mentions": [found]}]},
    "diseases": lambda found: {"diseases": [{"name": "d", "mentions": [found]}]},
    "accessions": lambda found: {"accessions": [{"kind": "GEO", "value": "v", "mentions": [found]}]},
    "findings": lambda found: {"findings": [{**found, "role": "finding"}]},
}


@pytest.mark.parametrize("field", QUOTING)
def test_quotation_must_be_at_its_offsets(field: str) -> None:
    start = TEXT.index("CCL19")  # code points: the letter before is outside the BMP
    DigestRecord.model_validate(record(**QUOTING[field](mention("CCL19", start))))
    for wrong in (mention("CCL19", start + 1), mention("CCL20", start), mention("CCL19", len(TEXT))):
        with pytest.raises(ValidationError, match="not at its offsets"):
            DigestRecord.model_validate(record(**QUOTING[field](wrong)))


def test_mention_may_be_in_the_title() -> None:
    genes = [{"symbol": "CCL19", "mentions": [mention("CCL19", 0, part="title")]}]
    DigestRecord.model_validate(record(genes=genes))
    genes[0]["mentions"] = [mention("CCL19", 0)]
    with pytest.raises(ValidationError, match="not at its offsets"):
        DigestRecord.model_validate(record(genes=genes))


@pytest.mark.parametrize(
    "fields",
    [
        {"surprise": 1},
        {"schema_version": "2"},
        {"papers": [{"role": "primary", "doi": "nonsense"}]},
        {"papers": [{"role": "primary", "pmid": "0"}]},
        {"papers": [{"role": "secondary"}]},
        {"genes": [{"symbol": "TP53", "hgnc_id": "11998", "mentions": []}]},
        {"genes": [{"symbol": "TP53", "score": 2, "mentions": []}]},
        {"methods": [{"name": "m", "id": "no curie", "mentions": []}]},
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        DigestRecord.model_validate(record(**fields))


def test_record_is_immutable() -> None:
    made = DigestRecord.model_validate(record())
    with pytest.raises(ValidationError):
        made.schema_version = "1"  # type: ignore[misc]


def test_record_survives_json() -> None:
    made = DigestRecord.model_validate(record(**QUOTING["genes"](mention("CCL19", TEXT.index("CCL19")))))
    assert DigestRecord.model_validate_json(made.model_dump_json()) == made
    jsonschema.validate(json.loads(made.model_dump_json()), json.loads(schema_text()))


def test_every_field_is_explained() -> None:
    schema = json.loads(schema_text())
    explained = (SCHEMA_FILE.parent / "record.md").read_text(encoding="utf-8")
    for part in (schema, *schema["$defs"].values()):
        for field in part.get("properties", {}):
            assert re.search(rf"`{field}`|^## .*\b{field}\b", explained, re.MULTILINE), f"docs/record.md lacks {field}"


def test_committed_schema_is_current() -> None:
    committed = SCHEMA_FILE.read_text(encoding="utf-8")
    assert committed == schema_text(), "run: python -m wenzhai.models.schema"
    jsonschema.Draft202012Validator.check_schema(json.loads(committed))
