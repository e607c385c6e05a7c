"""BioC, PubAnnotation, brat and Web Annotation: offsets hold in other programs' hands."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import jsonschema
import pytest
from bioc import biocjson, biocxml
from bioc import brat as brat_reader
from wenzhai.storage.annotated_text import annotated_spans, document_text
from wenzhai.storage.exporters import brat, export, pubannotation

from ..rich_examples import control_record, empty_record, rich_record

RECORDS = [rich_record("a"), empty_record(), control_record(), rich_record("b")]


def exported(name: str) -> str:
    out = io.StringIO()
    assert export(name, (record.model_dump_json() for record in RECORDS), out) == len(RECORDS)
    return out.getvalue()


@pytest.mark.parametrize("package", [biocjson, biocxml], ids=["bioc", "biocxml"])
def test_bioc_goes_through_the_bioc_package_and_back(package: object) -> None:
    name = package.__name__.rsplit(".", 1)[1].replace("json", "")
    loads, dumps = package.loads, package.dumps  # type: ignore[attr-defined]
    text = exported(name)
    collection = loads(text)
    again = dumps(collection)
    assert dumps(loads(again)) == again
    assert [document.id for document in collection.documents] == [record.article.id for record in RECORDS]
    for document, record in zip(collection.documents, RECORDS, strict=True):
        title, body = document.passages
        assert (title.offset, body.offset) == (0, len(record.article.title) + 1)
        if record is not RECORDS[2]:
            assert (title.text, body.text) == (record.article.title, record.article.text)
        assert len(body.text) == len(record.article.text)
        found = [(passage, each) for passage in document.passages for each in passage.annotations]
        assert len(found) == len(list(annotated_spans(record)))
        for passage, annotation in found:
            (location,) = annotation.locations
            start = location.offset - passage.offset
            assert passage.text[start : start + location.length] == annotation.text
    (gene, *_) = (
        each
        for passage in collection.documents[0].passages
        for each in passage.annotations
        if each.infons["type"] == "Gene"
    )
    assert gene.infons == {"type": "Gene", "name": "CD274", "identifier": "HGNC:1"}


def test_an_empty_bioc_collection() -> None:
    for name, loads in (("bioc", biocjson.loads), ("biocxml", biocxml.loads)):
        out = io.StringIO()
        assert export(name, [], out) == 0
        assert loads(out.getvalue()).documents == []


PUBANNOTATION = {
    "type": "object",
    "required": ["text", "denotations"],
    "additionalProperties": False,
    "properties": {
        "sourcedb": {"type": "string"},
        "sourceid": {"type": "string"},
        "text": {"type": "string"},
        "denotations": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "span", "obj"],
                "properties": {
                    "span": {
                        "type": "object",
                        "required": ["begin", "end"],
                        "properties": {"begin": {"type": "integer"}, "end": {"type": "integer"}},
                    },
                    "obj": {"type": "string"},
                },
            },
        },
        "attributes": {"type": "array", "items": {"type": "object", "required": ["id", "subj", "pred", "obj"]}},
    },
}


def test_pubannotation(tmp_path: Path) -> None:
    documents = [json.loads(line) for line in exported("pubannotation").split("\n") if line]
    assert pubannotation.write_folder(iter(RECORDS), tmp_path) == len(RECORDS)
    for document, record in zip(documents, RECORDS, strict=True):
        jsonschema.validate(document, PUBANNOTATION)
        assert json.loads((tmp_path / f"{record.article.id}.json").read_text(encoding="utf-8")) == document
        quotes = [document["text"][each["span"]["begin"] : each["span"]["end"]] for each in document["denotations"]]
        assert quotes == [each.text for each in annotated_spans(record)]
        known = {each["id"] for each in document["denotations"]}
        assert {each["subj"] for each in document["attributes"]} <= known
    assert {("name", "CD274"), ("identifier", "HGNC:1")} <= {(a["pred"], a["obj"]) for a in documents[0]["attributes"]}


def test_brat_is_read_by_the_bioc_package(tmp_path: Path) -> None:
    brat.write_folder(iter(RECORDS), tmp_path)
    for record in RECORDS:
        files = (tmp_path / f"{record.article.id}.{suffix}" for suffix in ("txt", "ann"))
        text, annotations = (file.read_bytes().decode() for file in files)
        document = brat_reader.loads(text, annotations)
        assert document.text == text
        assert len(list(document.entities)) == len(list(annotated_spans(record)))


def test_brat(tmp_path: Path) -> None:
    assert brat.write_folder(iter(RECORDS), tmp_path) == len(RECORDS)
    configured = (tmp_path / "annotation.conf").read_text().split()
    for record in RECORDS:
        text = (tmp_path / f"{record.article.id}.txt").read_bytes().decode()
        assert text == document_text(record)
        lines = (tmp_path / f"{record.article.id}.ann").read_bytes().decode().splitlines()
        spans = [line.split("\t") for line in lines if line.startswith("T")]
        assert len(spans) == len(list(annotated_spans(record)))
        for _, place, quote in spans:
            kind, fragments = place.split(" ", 1)
            assert kind in configured
            pieces = [text[slice(*map(int, each.split()))] for each in fragments.split(";")]
            assert re.sub(r"\s", " ", " ".join(pieces)) == quote
            assert not any("\n" in piece for piece in pieces)
        for line in lines:
            assert line.startswith("T") or re.fullmatch(r"N\d+\tReference T\d+ \S+:\S+\t[^\t]+", line)
    methods = [
        line for line in (tmp_path / f"{RECORDS[0].article.id}.ann").read_text("utf-8").splitlines() if "Method" in line
    ]
    assert any(re.match(r"T\d+\tMethod \d+ \d+;\d+ \d+\t单细胞RNA 测序$", line) for line in methods)


# The parts of https://www.w3.org/TR/annotation-model/ that are used here.
WEB_ANNOTATION = {
    "type": "object",
    "required": ["@context", "id", "type", "target"],
    "properties": {
        "@context": {"const": "http://www.w3.org/ns/anno.jsonld"},
        "id": {"type": "string", "format": "uri"},
        "type": {"const": "Annotation"},
        "motivation": {"enum": ["identifying", "classifying", "tagging"]},
        "body": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "value"],
                "properties": {"type": {"const": "TextualBody"}, "purpose": {"type": "string"}},
            },
        },
        "target": {
            "type": "object",
            "required": ["source", "selector"],
            "properties": {
                "source": {"type": "string", "minLength": 1},
                "selector": {
                    "type": "array",
                    "prefixItems": [
                        {
                            "required": ["type", "exact", "prefix", "suffix"],
                            "properties": {"type": {"const": "TextQuoteSelector"}},
                        },
                        {
                            "required": ["type", "start", "end"],
                            "properties": {
                                "type": {"const": "TextPositionSelector"},
                                "start": {"type": "integer", "minimum": 0},
                            },
                        },
                    ],
                },
            },
        },
    },
}


def test_web_annotations() -> None:
    lines = [json.loads(line) for line in exported("webannotation").split("\n") if line]
    expected = [(record, each) for record in RECORDS for each in annotated_spans(record)]
    assert len({line["id"] for line in lines}) == len(lines) == len(expected)
    for line, (record, annotation) in zip(lines, expected, strict=True):
        jsonschema.validate(line, WEB_ANNOTATION)
        quote, position = line["target"]["selector"]
        text = document_text(record)
        assert text[position["start"] : position["end"]] == quote["exact"] == annotation.text
        assert quote["prefix"] + quote["exact"] + quote["suffix"] in text
        assert line["target"]["source"].startswith("https://example.org/")
