"""HGNC's complete set: the file's own form, cut short, and what it adds to the built-in genes."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest
from wenzhai.extractors import hgnc
from wenzhai.extractors.hgnc import merge_genes, read_complete_set
from wenzhai.extractors.lexicon import Entry, Form
from wenzhai.extractors.lexicon_updates import install
from wenzhai.extractors.nlp import Extractor
from wenzhai.models import LexiconError

from .examples import make_article

# The columns of the real file, in its order as far as they matter, and invented genes.
HEADER = (
    "hgnc_id",
    "symbol",
    "name",
    "locus_group",
    "locus_type",
    "status",
    "location",
    "alias_symbol",
    "alias_name",
    "prev_symbol",
    "prev_name",
    "date_approved_reserved",
)


def row(id_: str, symbol: str, name: str, *, status: str = "Approved", aliases: str = "", previous: str = "") -> str:
    cells = dict.fromkeys(HEADER, "") | {
        "hgnc_id": id_,
        "symbol": symbol,
        "name": name,
        "locus_group": "protein-coding gene",
        "status": status,
        "alias_symbol": aliases,
        "prev_symbol": previous,
        "date_approved_reserved": "1999-01-01",
    }
    return "\t".join(cells.values())


LINES = (
    "\t".join(HEADER),
    row("HGNC:900001", "FOGGY1", "foggy one", aliases='"FGY1|FG-1|F"', previous="MISTY7"),
    row("HGNC:900002", "FOGGY2", "foggy two"),
    row("HGNC:900003", "FOGGY3~withdrawn", "symbol withdrawn", status="Entry Withdrawn"),
    row("HGNC:11998", "TP53", "tumor protein p53", aliases="p53|LFS1"),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "hgnc_complete_set.txt"
    path.write_text("\n".join(LINES) + "\n", encoding="utf-8")
    return path


def test_approved_genes_are_read(path: Path) -> None:
    entries = read_complete_set(path, minimum_rows=3)
    assert [(entry.name, entry.id, entry.description) for entry in entries] == [
        ("FOGGY1", "HGNC:900001", "foggy one"),
        ("FOGGY2", "HGNC:900002", "foggy two"),
        ("TP53", "HGNC:11998", "tumor protein p53"),
    ]
    assert entries[0].forms == (
        Form("FOGGY1", "symbol"),
        Form("MISTY7", "previous"),
        Form("FGY1", "hgnc_alias"),
        Form("FG-1", "hgnc_alias"),
    )


def test_gzipped(path: Path) -> None:
    packed = path.with_suffix(".gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert read_complete_set(packed, minimum_rows=3) == read_complete_set(path, minimum_rows=3)


def test_gzipped_and_cut_off(path: Path) -> None:
    packed = path.with_suffix(".gz")
    packed.write_bytes(gzip.compress(path.read_bytes())[:-40])
    with pytest.raises(LexiconError, match="cannot be read"):
        read_complete_set(packed, minimum_rows=3)


def test_too_few_rows(path: Path) -> None:
    with pytest.raises(LexiconError, match="holds 3 approved genes") as caught:
        read_complete_set(path)
    assert "40000" in str(caught.value)
    assert caught.value.subject == str(path)


def test_cut_off_within_a_row(path: Path) -> None:
    path.write_text("\n".join(LINES)[: -len(LINES[-1]) + 20], encoding="utf-8")
    with pytest.raises(LexiconError):
        read_complete_set(path, minimum_rows=1)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("\n".join(LINES).replace("prev_symbol", "previous"), "no prev_symbol"),
        ("\n".join(LINES).replace("HGNC:900002", "900002"), "a row has no HGNC id"),
        ("<html>\n<body>503</body>\n</html>\n", "no hgnc_id"),
    ],
)
def test_another_file(path: Path, content: str, message: str) -> None:
    path.write_text(content, encoding="utf-8")
    with pytest.raises(LexiconError, match=message) as caught:
        read_complete_set(path, minimum_rows=1)
    assert caught.value.subject == str(path)


def test_empty_and_missing_files(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    with pytest.raises(LexiconError, match="holds 0"):
        read_complete_set(tmp_path / "empty.txt", minimum_rows=1)
    with pytest.raises(LexiconError, match="cannot be read"):
        read_complete_set(tmp_path / "none.txt", minimum_rows=1)


def test_merging_keeps_our_forms_first_and_adds_theirs(path: Path) -> None:
    ours = Entry("gene", "TP53", "", "old name", (Form("TP53", "symbol"), Form("p53", "alias")))
    merged = merge_genes([ours], read_complete_set(path, minimum_rows=3))
    assert [entry.name for entry in merged] == ["TP53", "FOGGY1", "FOGGY2"]
    assert (merged[0].id, merged[0].description) == ("HGNC:11998", "tumor protein p53")
    assert merged[0].forms == (Form("TP53", "symbol"), Form("p53", "alias"), Form("LFS1", "hgnc_alias"))


def test_an_installed_set_is_used(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hgnc.read_complete_set, "__kwdefaults__", {"minimum_rows": 3})
    folder = tmp_path / "data"
    installed = install(path, data_folder=folder, origin=path.name, today=date(2026, 3, 1))
    target = installed.path
    assert installed.entries == 3
    assert target.read_text(encoding="utf-8") == path.read_text(encoding="utf-8")
    assert sorted(item.name for item in target.parent.iterdir()) == [target.name, "updates.json"]
    article = make_article("敲除FOGGY2基因之后，MISTY7基因也降低，而F和p53不变。")
    record = Extractor(version="1", data_folder=folder).extract(article)
    assert [gene.symbol for gene in record.genes] == ["FOGGY2", "FOGGY1", "TP53"]
    assert record.provenance.lexicons.keys() > {"genes.tsv", "own/hgnc_complete_set.txt"}
