"""Reading lexicons: what is wrong with a file is said by name, and layers add and override."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from wenzhai.extractors.knowledge import (
    Knowledge,
    lexicon_summary,
    lexicon_versions,
    load_knowledge,
)
from wenzhai.extractors.lexicon import Form, file_version, read_families, read_genes, read_table, read_terms
from wenzhai.extractors.nlp import Extractor
from wenzhai.models import LexiconError

from .examples import make_article

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a personal lexicon into a data folder, which it returns."""

    def run(name: str, *lines: str) -> Path:
        path = tmp_path / "lexicons" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("# Mine.\n" + "\n".join(lines) + "\n", encoding="utf-8")
        return tmp_path

    return run


GENES_HEADER = "symbol\thgnc_id\tname\taliases\tchinese"
TERMS_HEADER = "name\tid\taliases\tchinese"


def test_rows_are_dictionaries(write: Write) -> None:
    path = write("methods.tsv", TERMS_HEADER, "fog imaging\t\tFI?|fogging\t雾成像") / "lexicons" / "methods.tsv"
    assert list(read_table(path, columns=("name",))) == [
        {"name": "fog imaging", "id": "", "aliases": "FI?|fogging", "chinese": "雾成像"}
    ]
    [entry] = read_terms(path, category="method")
    assert entry.forms == (
        Form("fog imaging", "name"),
        Form("FI", "alias", ambiguous=True),
        Form("fogging", "alias"),
        Form("雾成像", "chinese"),
    )


def test_quotes_are_ordinary_characters(write: Write) -> None:
    path = write("methods.tsv", TERMS_HEADER, '5" probing\t\t"P"\t') / "lexicons" / "methods.tsv"
    assert [entry.name for entry in read_terms(path, category="method")] == ['5" probing']


def test_a_missing_column_is_named(write: Write) -> None:
    path = write("genes.tsv", "symbol\thgnc_id\tname\tchinese", "A1\tHGNC:5\ta\t") / "lexicons" / "genes.tsv"
    with pytest.raises(LexiconError, match="aliases") as caught:
        read_genes(path)
    assert caught.value.subject == str(path)
    assert "symbol hgnc_id name aliases chinese" in caught.value.hint


def test_a_row_with_too_few_cells_is_named(write: Write) -> None:
    path = write("genes.tsv", GENES_HEADER, "FOG1\tHGNC:5\tfog one") / "lexicons" / "genes.tsv"
    with pytest.raises(LexiconError, match="3 cells where the header has 5") as caught:
        read_genes(path)
    assert caught.value.subject == str(path)
    assert "FOG1" in caught.value.hint


def test_a_row_with_too_many_cells_is_named(write: Write) -> None:
    path = write("gene_families.tsv", "name\tmembers\taliases\tchinese", "FOG\t\t\t\t") / "lexicons"
    with pytest.raises(LexiconError, match="5 cells"):
        read_families(path / "gene_families.tsv")


@pytest.mark.parametrize("content", [b"", b"# only a comment\n", b"\n\n"])
def test_a_file_without_a_header(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "genes.tsv"
    path.write_bytes(content)
    with pytest.raises(LexiconError, match="has no column symbol"):
        read_genes(path)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="cannot be read"):
        read_genes(tmp_path / "none.tsv")
    (tmp_path / "gbk.tsv").write_bytes("基因\t名字\n".encode("gbk"))
    with pytest.raises(LexiconError, match="cannot be read"):
        read_genes(tmp_path / "gbk.tsv")


def test_loading_names_the_personal_file_that_is_wrong(write: Write) -> None:
    folder = write("tools.tsv", "name\taliases", "FogScope\t")
    with pytest.raises(LexiconError, match="kind") as caught:
        load_knowledge(folder)
    assert caught.value.subject == str(folder / "lexicons" / "tools.tsv")


def test_a_personal_gene_is_added(write: Write, knowledge: Knowledge) -> None:
    folder = write("genes.tsv", GENES_HEADER, "FOGGY1\tHGNC:999999\tfoggy one\tFGY-1\t雾蛋白")
    more = load_knowledge(folder)
    assert more.count("gene") == knowledge.count("gene") + 1
    assert [match.candidates[0].entry.name for match in more.matcher.find("雾蛋白和FGY-1")] == ["FOGGY1", "FOGGY1"]
    assert list(knowledge.matcher.find("雾蛋白和FGY-1")) == []


def test_a_personal_entry_overrides_and_keeps_the_earlier_forms(write: Write, knowledge: Knowledge) -> None:
    folder = write("diseases.tsv", TERMS_HEADER, "breast cancer\tDOID:42\tmammary fog\t")
    before = next(entry for entry in knowledge.entries if entry.name == "breast cancer")
    after = next(entry for entry in load_knowledge(folder).entries if entry.name == "breast cancer")
    assert (before.id, after.id) == ("DOID:1612", "DOID:42")
    assert {form.text for form in after.forms} == {form.text for form in before.forms} | {"mammary fog"}


def test_an_empty_cell_does_not_override(write: Write) -> None:
    folder = write("diseases.tsv", TERMS_HEADER, "breast cancer\t\tmammary fog\t")
    after = next(entry for entry in load_knowledge(folder).entries if entry.name == "breast cancer")
    assert after.id == "DOID:1612"


def test_ambiguous_spellings_add_up(write: Write, knowledge: Knowledge) -> None:
    folder = write("ambiguous_genes.tsv", "form\tmeaning", "STAT9\ta street")
    assert load_knowledge(folder).ambiguous_genes == knowledge.ambiguous_genes | {"STAT9"}


def test_extraction_uses_the_personal_lexicon(write: Write) -> None:
    folder = write("genes.tsv", GENES_HEADER, "FOGGY1\tHGNC:999999\tfoggy one\tFGY-1\t雾蛋白")
    extractor = Extractor(version="1", data_folder=folder)
    record = extractor.extract(make_article("雾蛋白在清晨升高，TP53没有变化。"))
    assert [(gene.symbol, gene.hgnc_id) for gene in record.genes] == [
        ("FOGGY1", "HGNC:999999"),
        ("TP53", "HGNC:11998"),
    ]
    assert "own/genes.tsv" in record.provenance.lexicons
    assert "genes.tsv" in record.provenance.lexicons


def test_a_new_extractor_reads_a_lexicon_that_changed_since_the_last(write: Write) -> None:
    """As `watch` does after ``lexicon update``: the names its records give as provenance are those it used."""
    article = make_article("雾蛋白和霭蛋白在清晨升高。")
    folder = write("genes.tsv", GENES_HEADER, "FOGGY1\tHGNC:999999\tfoggy one\t\t雾蛋白")
    before = Extractor(version="0", data_folder=folder).extract(article)
    write("genes.tsv", GENES_HEADER, "HAZY1\tHGNC:999998\thazy one\t\t霭蛋白")
    after = Extractor(version="0", data_folder=folder).extract(article)
    assert [gene.symbol for gene in before.genes] == ["FOGGY1"]
    assert [gene.symbol for gene in after.genes] == ["HAZY1"]
    assert before.provenance.lexicons["own/genes.tsv"] != after.provenance.lexicons["own/genes.tsv"]


def test_versions_follow_the_content(write: Write) -> None:
    folder = write("tools.tsv", "name\tkind\taliases\tchinese", "FogScope\tpackage\t\t")
    first = lexicon_versions(folder)
    path = folder / "lexicons" / "tools.tsv"
    assert first["own/tools.tsv"] == file_version(path)
    assert lexicon_versions(folder) == first
    path.write_text(path.read_text(encoding="utf-8").replace("FogScope", "MistScope"), encoding="utf-8")
    second = lexicon_versions(folder)
    assert {name for name in first if first[name] != second[name]} == {"own/tools.tsv"}


def test_summary_counts_entries_of_each_file(write: Write) -> None:
    folder = write("tools.tsv", "name\tkind\taliases\tchinese", "FogScope\tpackage\t\t", "MistScope\tpackage\t\t")
    found = [(item.name, item.entries) for item in lexicon_summary(folder) if item.path.is_relative_to(folder)]
    assert found == [("tools.tsv", 2)]
