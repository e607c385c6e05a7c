"""Published lexicons: told apart, read, checked before anything is replaced, and laid between built-in and own."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from wenzhai.extractors import hgnc, nlm_journals, ontologies
from wenzhai.extractors.knowledge import Knowledge, lexicon_summary, lexicon_versions, load_knowledge
from wenzhai.extractors.lexicon import Form
from wenzhai.extractors.lexicon_updates import Installed, install, read_note, recognise
from wenzhai.extractors.named_genes import genes_named
from wenzhai.extractors.nlm_journals import read_journal_list
from wenzhai.extractors.nlp import Extractor
from wenzhai.extractors.ontologies import disease_release, read_assays, read_diseases
from wenzhai.models import LexiconError

from .examples import make_article
from .published_lexicons import ASSAYS, DISEASE_TABLE, GENES, JOURNALS, OBO

TODAY = date(2026, 3, 1)
Put = Callable[..., Installed]


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def _small_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    for read in (
        hgnc.read_complete_set,
        nlm_journals.read_journal_list,
        ontologies.read_diseases,
        ontologies.read_assays,
    ):
        monkeypatch.setattr(read, "__kwdefaults__", {"minimum_rows": 1})


@pytest.fixture
def put(tmp_path: Path, _small_is_whole: None) -> Put:
    """Puts a text in force, as if it had been downloaded."""

    def run(text: str, *, today: date = TODAY, released: str = "") -> Installed:
        source = write(tmp_path / "download", text)
        return install(
            source, data_folder=tmp_path / "data", origin="https://example.org/x", today=today, released=released
        )

    return run


def test_journals(tmp_path: Path) -> None:
    entries = read_journal_list(write(tmp_path / "J_Medline.txt", JOURNALS), minimum_rows=3)
    assert [(entry.name, entry.id, entry.detail) for entry in entries] == [
        ("Nature communications", "2041-1723", "Nat Commun"),
        ("Annals of fog and mist", "1234-5678", "Ann Fog Mist"),
        ("Fog chemistry", "8765-432X", "Fog Chem"),
    ]
    assert all(form.ambiguous for entry in entries for form in entry.forms)


def test_diseases_of_either_form(tmp_path: Path) -> None:
    from_obo = read_diseases(write(tmp_path / "doid.obo", OBO), minimum_rows=2)
    assert [(entry.id, entry.name) for entry in from_obo] == [
        ("DOID:1612", "breast cancer"),
        ("DOID:9000001", "misty fog syndrome"),
    ]
    assert from_obo[1].forms == (
        Form("misty fog syndrome", "name"),
        Form("MFS9", "alias", ambiguous=True),
        Form('say "fog" disease', "alias"),
    )
    assert disease_release(OBO) == "2025-09-30"
    from_table = read_diseases(write(tmp_path / "HumanDO.tsv", DISEASE_TABLE), minimum_rows=2)
    assert [(entry.id, entry.name) for entry in from_table] == [(entry.id, entry.name) for entry in from_obo]


def test_assays(tmp_path: Path) -> None:
    entries = read_assays(write(tmp_path / "assays.tsv", ASSAYS), minimum_rows=2)
    assert [(entry.id, entry.name, entry.category) for entry in entries] == [
        ("OBI:9000001", "fog scattering assay", "method"),
        ("CHMO:0000087", "fluorescence microscopy assay", "method"),
    ]
    assert [form.text for form in entries[0].forms] == ["fog scattering assay", "fog scatter", "FSA"]


@pytest.mark.parametrize(
    ("text", "name"),
    [(JOURNALS, "journals"), (OBO, "diseases"), (DISEASE_TABLE, "diseases"), (ASSAYS, "assays"), (GENES, "genes")],
)
@pytest.mark.parametrize("packed", [False, True])
def test_told_from_how_it_begins(tmp_path: Path, text: str, name: str, *, packed: bool) -> None:
    path = tmp_path / "anything"
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    assert recognise(path).name == name


@pytest.mark.parametrize("text", ["", "<html>503</html>", "id\tname\n", "symbol\thgnc_id\n", "-----\n"])
def test_other_files_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(LexiconError, match="none of the lexicons") as caught:
        recognise(write(tmp_path / "page", text))
    assert "HGNC's complete set" in caught.value.hint


@pytest.mark.parametrize("text", [JOURNALS, OBO, DISEASE_TABLE, ASSAYS, GENES])
def test_a_part_is_not_put_in_force(tmp_path: Path, text: str) -> None:
    source = write(tmp_path / "part", text)
    with pytest.raises(LexiconError, match=r"at least|cut off"):
        install(source, data_folder=tmp_path / "data", origin="x", today=TODAY)
    assert not (tmp_path / "data").exists()


def test_a_damaged_list_of_journals(tmp_path: Path) -> None:
    path = write(tmp_path / "J", JOURNALS.replace("NlmId: 2\n", "Nlm\n"))
    with pytest.raises(LexiconError, match="JrId 2"):
        read_journal_list(path, minimum_rows=1)


def test_a_much_smaller_one_does_not_replace(put: Put) -> None:
    kept = put(JOURNALS)
    smaller = JOURNALS[: JOURNALS.index("-----", 60)]
    with pytest.raises(LexiconError, match="holds 1 entries where the one in force has 3"):
        put(smaller)
    assert kept.path.read_text(encoding="utf-8") == JOURNALS
    assert read_note(kept.path) == kept.note


def test_another_kind_than_asked_for(tmp_path: Path, put: Put) -> None:
    kind = put(OBO).kind
    with pytest.raises(LexiconError, match="is NLM's list of journals, not the Disease Ontology"):
        install(write(tmp_path / "x", JOURNALS), data_folder=tmp_path / "data", origin="x", today=TODAY, kind=kind)


def test_dates_are_the_files_own_the_servers_or_todays(put: Put) -> None:
    assert put(OBO, released="2026-01-01").note.released == "2025-09-30"
    assert put(GENES, released="2026-01-01").note.released == "2026-02-03"
    assert put(JOURNALS, released="2026-01-01").note.released == "2026-01-01"
    assert put(ASSAYS).note.released == "2026-03-01"


def test_the_same_content_stays_what_it_was(put: Put, tmp_path: Path) -> None:
    assert put(ASSAYS).changed
    before = lexicon_versions(tmp_path / "data")
    again = put(ASSAYS, today=date(2027, 1, 1))
    assert not again.changed
    assert again.note.released == "2026-03-01"
    assert lexicon_versions(tmp_path / "data") == before, "or every record would count as outdated"


def test_version_and_date_are_shown_and_go_into_records(put: Put, tmp_path: Path) -> None:
    installed = put(OBO)
    version = f"2025-09-30 {installed.note.sha256}"
    [summary] = [item for item in lexicon_summary(tmp_path / "data") if item.note]
    assert (summary.name, summary.entries, summary.version) == ("disease_ontology.txt", 2, version)
    record = Extractor(version="1", data_folder=tmp_path / "data").extract(
        make_article("患者患有misty fog syndrome，也有乳腺癌（mammary cancer of fog）。")
    )
    assert {(disease.name, disease.id) for disease in record.diseases} == {
        ("misty fog syndrome", "DOID:9000001"),
        ("breast cancer", "DOID:1612"),
    }
    assert record.provenance.lexicons["own/disease_ontology.txt"] == version


def test_an_edited_file_loses_its_date(put: Put) -> None:
    path = put(ASSAYS).path
    path.write_text(ASSAYS + "\n", encoding="utf-8")
    assert read_note(path) is None
    (path.parent / "updates.json").write_text("[1]", encoding="utf-8")
    assert read_note(path) is None


def test_built_in_names_and_forms_stay(put: Put, tmp_path: Path, knowledge: Knowledge) -> None:
    put(JOURNALS)
    more = load_knowledge(tmp_path / "data")
    assert more.count("journal") == knowledge.count("journal") + 2
    before, after = (
        next(entry for entry in each.entries if entry.name == "Nature Communications") for each in (knowledge, more)
    )
    assert after.forms[: len(before.forms)] == before.forms


def test_the_users_own_table_wins(put: Put, tmp_path: Path) -> None:
    folder = put(OBO).path.parent
    put(GENES)
    header = "name\tid\taliases\tchinese"
    write(folder / "diseases.tsv", f"{header}\nmisty fog syndrome\tDOID:42\t\t晨雾综合征\n")
    write(folder / "genes.tsv", "symbol\thgnc_id\tname\taliases\tchinese\nFOGGY1\tHGNC:42\tmine\t\t\n")
    entries = {entry.name: entry for entry in load_knowledge(tmp_path / "data").entries}
    disease, gene = entries["misty fog syndrome"], entries["FOGGY1"]
    assert (disease.id, gene.id, gene.description) == ("DOID:42", "HGNC:42", "mine")
    assert {"晨雾综合征", "MFS9"} <= {form.text for form in disease.forms}
    assert "FGY1" in {form.text for form in gene.forms}


def test_journals_from_the_list_count_by_what_stands_around_them(put: Put, tmp_path: Path) -> None:
    put(JOURNALS)
    extractor = Extractor(version="1", data_folder=tmp_path / "data")
    named = extractor.extract(make_article("该研究发表在《Fog Chemistry》杂志上，DOI：10.1234/fog。"))
    assert [paper.journal and paper.journal.name for paper in named.papers] == ["Fog chemistry"]
    unnamed = extractor.extract(make_article("本文介绍fog chemistry的基本概念。"))
    assert unnamed.papers == ()


def test_genes_that_an_abstract_names(knowledge: Knowledge) -> None:
    named = genes_named("Loss of PD-L1 and p53 activates NF-κB; the cat sat.", knowledge=knowledge)
    assert {"CD274", "TP53"} <= named
    assert "CAT" not in named
