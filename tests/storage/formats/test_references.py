"""RIS, BibTeX and CSL-JSON, read back by rispy, bibtexparser and against CSL's schema."""

from __future__ import annotations

import io
import json

import bibtexparser
import jsonschema
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from wenzhai.storage.exporters import export
from wenzhai.storage.exporters.bibtex import latex
from wenzhai.storage.references import publication_date, references

from ..rich_examples import control_record, empty_record, rich_record

RECORDS = [rich_record("a"), empty_record(), control_record(), rich_record("b", url="https://example.org/b")]
REFERENCES = [reference for record in RECORDS for reference in references(record)]


def exported(name: str) -> str:
    out = io.StringIO()
    assert export(name, (record.model_dump_json() for record in RECORDS), out) == len(RECORDS)
    return out.getvalue()


def test_papers_without_title_and_identifier_are_no_references() -> None:
    assert [reference.key[-2:] for reference in REFERENCES] == ["-1", "-2"] * 2


def test_ris() -> None:
    entries = rispy.loads(exported("ris"))
    assert len(entries) == len(REFERENCES)
    assert len({entry["id"] for entry in entries}) == len(entries)
    for entry, reference in zip(entries, REFERENCES, strict=True):
        assert entry["type_of_reference"] == "JOUR"
        assert entry["title"] == reference.title
        assert entry.get("doi") == reference.paper.doi
        assert entry.get("accession_number") == reference.paper.pmid
        assert entry.get("year") == str(reference.date[0])
    assert entries[0]["secondary_title"] == "Nature"
    assert entries[0]["issn"] == "0028-0836"
    assert entries[0]["date"] == "2025/06/18"
    assert entries[0]["urls"] == ["https://example.org/paper?q={1}&r=50%25"]
    assert "@生信人" in entries[0]["notes"][0]
    assert not any("unknown_tag" in entry for entry in entries)


def test_bibtex() -> None:
    library = bibtexparser.parse_string(exported("bibtex"), append_middleware=[LatexDecodingMiddleware()])
    assert library.failed_blocks == []
    assert len(library.entries) == len(REFERENCES)
    for entry, reference in zip(library.entries, REFERENCES, strict=True):
        assert entry.entry_type == "article"
        fields = {field.key: field.value for field in entry.fields}
        assert fields["year"] == str(reference.date[0])
        assert fields["note"].strip() == reference.note
        if reference.paper.pmid:
            assert fields["pmid"] == reference.paper.pmid
            assert fields["title"].replace("ˆ", "^") == reference.title  # the decoder reads \\textasciicircum so
    raw = bibtexparser.parse_string(exported("bibtex"))
    first = {field.key: field.value for field in raw.entries[0].fields}
    assert first["doi"] == "10.1038/s41586_025(1)"
    assert first["url"] == "https://example.org/paper?q=%7B1%7D&r=50%25"
    assert first["month"] in ("jun", "6", "June")


@pytest.mark.parametrize("text", ["{", "}", "}{", "a{b}c}", "{{x}", "\\{"])
def test_lone_braces_do_not_end_an_entry(text: str) -> None:
    entry = f"@article{{a,\n title = {{{{{latex(text)}}}}}\n}}\n@article{{b,\n title = {{x}}\n}}"
    library = bibtexparser.parse_string(entry)
    assert [each.key for each in library.entries] == ["a", "b"]


# The properties used here as https://resource.citationstyles.org/schema/latest/input/json/csl-data.json types them.
_TEXT = {"type": "string"}
CSL = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["type", "id"],
        "additionalProperties": False,
        "properties": {
            "id": {"type": ["string", "number"]},
            "type": {"enum": ["article", "article-journal", "document", "webpage"]},
            "issued": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "date-parts": {
                        "type": "array",
                        "minItems": 1,
                        "maxItems": 2,
                        "items": {
                            "type": "array",
                            "minItems": 1,
                            "maxItems": 3,
                            "items": {"type": ["string", "number"]},
                        },
                    }
                },
            },
            **dict.fromkeys(("title", "container-title", "container-title-short"), _TEXT),
            **dict.fromkeys(("ISSN", "DOI", "PMID", "PMCID", "URL", "keyword", "note"), _TEXT),
        },
    },
}


def test_csl() -> None:
    items = json.loads(exported("csl"))
    jsonschema.validate(items, CSL)
    assert [item["id"] for item in items] == [reference.key for reference in REFERENCES]
    assert items[0]["issued"] == {"date-parts": [[2025, 6, 18]]}
    assert items[0]["title"] == RECORDS[0].papers[0].title
    assert items[0]["note"].startswith("CD274的调控\n")
    assert items[1]["issued"] == {"date-parts": [[2019]]}


def test_csl_is_cited_by_a_citation_processor() -> None:
    source = CiteProcJSON(json.loads(exported("csl")))
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, source, formatter.plain)
    for reference in REFERENCES:
        bibliography.register(Citation([CitationItem(reference.key)]))
    cited = [str(entry) for entry in bibliography.bibliography()]
    assert len(cited) == len(REFERENCES)
    assert any(RECORDS[0].papers[0].title in entry for entry in cited)


@pytest.mark.parametrize("name", ["ris", "bibtex", "csl"])
def test_no_records_make_a_file_that_parses(name: str) -> None:
    out = io.StringIO()
    assert export(name, [], out) == 0
    parse = {"ris": rispy.loads, "bibtex": lambda text: bibtexparser.parse_string(text).entries, "csl": json.loads}
    assert parse[name](out.getvalue()) == []


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2021年2月16日", (2021, 2, 16)),
        ("2021-02-16", (2021, 2, 16)),
        ("2021.2", (2021, 2)),
        ("发表于2021 年 12 月", (2021, 12)),
        ("2021年13月", (2021,)),
        ("2021年2月40日", (2021, 2)),
        ("Feb 2021", (2021,)),
        ("去年", ()),
        ("120215", ()),
        ("", ()),
    ],
)
def test_dates_as_articles_write_them(written: str, date: tuple[int, ...]) -> None:
    assert publication_date(written) == date
