"""The lexicon files as data: form, order, identifiers, and enough of them."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from wenzhai.extractors.folding import fold
from wenzhai.extractors.knowledge import Knowledge, load_knowledge
from wenzhai.extractors.lexicon import LEXICON_FOLDER, read_families, read_genes, read_terms

COLUMNS = {
    "ambiguous_genes.tsv": ["form", "meaning"],
    "diseases.tsv": ["name", "id", "aliases", "chinese"],
    "gene_families.tsv": ["name", "members", "aliases", "chinese"],
    "genes.tsv": ["symbol", "hgnc_id", "name", "aliases", "chinese"],
    "journals.tsv": ["name", "abbreviation", "issn", "aliases", "chinese"],
    "methods.tsv": ["name", "id", "aliases", "chinese"],
    "not_tool_names.tsv": ["form", "meaning"],
    "tools.tsv": ["name", "kind", "aliases", "chinese"],
}
FILES = [pytest.param(LEXICON_FOLDER / name, id=name) for name in COLUMNS]
# The least that reads most digests; a file below it has lost something.
LEAST = {"gene": 1500, "journal": 300, "method": 250, "tool": 200, "disease": 200}


def rows(name: str) -> list[dict[str, str]]:
    lines = (LEXICON_FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [dict(zip(COLUMNS[name], line.split("\t"), strict=True)) for line in lines[3:]]


def cells(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[3:]]


def test_every_file_is_known() -> None:
    assert sorted(path.name for path in LEXICON_FOLDER.glob("*.tsv")) == sorted(COLUMNS)


@pytest.mark.parametrize("path", FILES)
def test_two_comment_lines_and_the_header(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line[:2] for line in lines[:2]] == ["# ", "# "]
    assert lines[2].split("\t") == COLUMNS[path.name]
    assert not [line for line in lines[3:] if line.startswith("#")]


@pytest.mark.parametrize("path", FILES)
def test_text_is_tidy(path: Path) -> None:
    data = path.read_bytes()
    assert b"\r" not in data
    assert data.endswith(b"\n")
    assert not data.endswith(b"\n\n")
    untidy = [row for row in cells(path) for cell in row if cell != cell.strip() or '"' in cell or "\u200b" in cell]
    assert untidy == []


@pytest.mark.parametrize("path", FILES)
def test_every_row_has_all_cells_and_a_name(path: Path) -> None:
    assert [row for row in cells(path) if len(row) != len(COLUMNS[path.name]) or not row[0]] == []


@pytest.mark.parametrize("path", FILES)
def test_sorted_and_unique(path: Path) -> None:
    names = [row[0] for row in cells(path)]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert names == sorted(names)


@pytest.mark.parametrize("path", FILES)
def test_lists_have_no_empty_and_no_repeated_parts(path: Path) -> None:
    listed = [name for name in COLUMNS[path.name] if name in ("aliases", "chinese", "members")]
    for row in rows(path.name):
        for column in listed:
            parts = row[column].split("|") if row[column] else []
            assert all(part.strip("? ") for part in parts), row
            assert len(parts) == len(set(parts)), row


@pytest.mark.parametrize(
    ("name", "column", "pattern"),
    [
        ("genes.tsv", "hgnc_id", r"HGNC:[1-9]\d*"),
        ("diseases.tsv", "id", r"(?:DOID:\d+)?"),
        ("methods.tsv", "id", r"(?:OBI:\d{7}|EDAM:(?:operation|topic|data|format)_\d{4})?"),
        ("journals.tsv", "issn", r"(?:\d{4}-\d{3}[\dX])?"),
    ],
)
def test_identifiers_are_well_formed(name: str, column: str, pattern: str) -> None:
    values = [row[column] for row in rows(name)]
    assert any(values)
    assert [value for value in values if not re.fullmatch(pattern, value)] == []


def test_two_genes_have_two_ids() -> None:
    assert [id_ for id_, count in Counter(row["hgnc_id"] for row in rows("genes.tsv")).items() if count > 1] == []


def test_issn_check_digits() -> None:
    wrong = []
    for row in rows("journals.tsv"):
        digits = row["issn"].replace("-", "")
        if digits:
            total = sum(int(digit) * weight for digit, weight in zip(digits[:7], range(8, 1, -1), strict=True))
            if "0123456789X"[-total % 11] != digits[7]:
                wrong.append((row["name"], row["issn"]))
    assert wrong == []


def test_two_journals_have_two_issns() -> None:
    known = Counter(row["issn"] for row in rows("journals.tsv") if row["issn"])
    assert [issn for issn, count in known.items() if count > 1] == []


def test_no_form_names_two_genes() -> None:
    """In the case it is written in: a spelling that two genes share cannot be grounded."""
    owners: dict[str, set[str]] = {}
    for entry in read_genes(LEXICON_FOLDER / "genes.tsv"):
        for form in entry.forms:
            owners.setdefault(form.text, set()).add(entry.name)
    assert {text: names for text, names in owners.items() if len(names) > 1} == {}


def test_no_form_names_two_journals() -> None:
    owners: dict[str, set[str]] = {}
    for entry in read_terms(LEXICON_FOLDER / "journals.tsv", category="journal"):
        for form in entry.forms:
            owners.setdefault(fold(form.text), set()).add(entry.name)
    assert {text: names for text, names in owners.items() if len(names) > 1} == {}


def test_members_of_families_are_symbols() -> None:
    for entry in read_families(LEXICON_FOLDER / "gene_families.tsv"):
        for member in filter(None, entry.detail.split("|")):
            assert re.fullmatch(r"[A-Z][A-Za-z0-9-]*", member), (entry.name, member)


def test_symbols_look_like_symbols() -> None:
    wrong = [row["symbol"] for row in rows("genes.tsv") if not re.fullmatch(r"[A-Z][A-Za-z0-9-]*", row["symbol"])]
    assert wrong == []


@pytest.mark.parametrize(("category", "least"), LEAST.items())
def test_there_are_enough_entries(knowledge: Knowledge, category: str, least: int) -> None:
    assert knowledge.count(category) >= least


def test_chinese_cells_hold_chinese() -> None:
    """Except of methods, where the column also has the Latin words that Chinese texts use alone."""
    for name in ("diseases.tsv", "gene_families.tsv", "genes.tsv", "journals.tsv", "tools.tsv"):
        for row in rows(name):
            for part in filter(None, row["chinese"].split("|")):
                assert re.search("[\u4e00-\u9fff]", part), (name, part)


def test_all_of_it_loads() -> None:
    assert load_knowledge().ambiguous_genes >= {"CAR", "IF", "MET", "REST"}
