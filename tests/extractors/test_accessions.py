"""Accessions of each archive, repositories, and data with a DOI."""

from __future__ import annotations

import pytest
from wenzhai.extractors.accessions import find_accessions
from wenzhai.models import Part

from .examples import Read

CASES = [
    ("GEO", "GSE123456"),
    ("GEO", "GSM1234567"),
    ("GEO", "GPL570"),
    ("BioProject", "PRJNA123456"),
    ("BioProject", "PRJEB12345"),
    ("GSA BioProject", "PRJCA001234"),
    ("GSA", "HRA001234"),
    ("GSA", "CRA001234"),
    ("OMIX", "OMIX001234"),
    ("CNGB", "CNP0001234"),
    ("NODE", "OEP001234"),
    ("SRA", "SRR1234567"),
    ("SRA", "SRP123456"),
    ("SRA", "ERR123456"),
    ("SRA", "DRX123456"),
    ("BioSample", "SAMN12345678"),
    ("BioSample", "SAMEA1234567"),
    ("ArrayExpress", "E-MTAB-1234"),
    ("EGA", "EGAS00001000123"),
    ("dbGaP", "phs000123.v1.p1"),
    ("dbGaP", "phs000123"),
    ("NCT", "NCT02142738"),
    ("ChiCTR", "ChiCTR2000012345"),
    ("ChiCTR", "ChiCTR-TRC-12345678"),
    ("ISRCTN", "ISRCTN12345678"),
    ("PROSPERO", "CRD42021234567"),
    ("ProteomeXchange", "PXD012345"),
    ("ProteomeXchange", "IPX0001234000"),
    ("MetaboLights", "MTBLS123"),
    ("GWAS Catalog", "GCST001234"),
    ("EMDB", "EMD-12345"),
    ("DOI", "10.5281/zenodo.1234567"),
    ("DOI", "10.6084/m9.figshare.1234567"),
    ("DOI", "10.17632/abcd1234.1"),
    ("DOI", "10.5061/dryad.abc12"),
    ("DOI", "10.7910/DVN/ABCDEF"),
]


def found(text: str) -> list[tuple[str, str]]:
    return [(kind, value) for kind, value, _, _ in find_accessions(text)]


@pytest.mark.parametrize(("kind", "value"), CASES)
@pytest.mark.parametrize("frame", ["{}", "数据在{}中。", "（{}）", "{}、", "登记号：{}；", "a {}, b"])
def test_each_archive(kind: str, value: str, frame: str) -> None:
    text = frame.format(value)
    assert found(text) == [(kind, value)]
    [(_, _, start, end)] = find_accessions(text)
    assert text[start:end] == value


@pytest.mark.parametrize(("kind", "value"), [case for case in CASES if case[0] not in ("DOI", "dbGaP")])
def test_never_inside_a_longer_word(kind: str, value: str) -> None:
    assert found(f"A{value}") == []
    assert found(f"7{value}") == []
    assert found(f"{value}x") == []


@pytest.mark.parametrize(
    "text", ["GSE", "GSE1", "NCT1234567", "NCT123456789", "nct02142738", "PRJNA12", "PMID12345678", "E-coli-1"]
)
def test_none(text: str) -> None:
    assert found(text) == []


def test_full_width() -> None:
    assert found("ＧＳＥ１２３４５６") == [("GEO", "GSE123456")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("https://github.com/sqjin/CellChat", "sqjin/CellChat"),
        ("github.com/sqjin/CellChat.git", "sqjin/CellChat"),
        ("https://github.com/sqjin/CellChat/issues/3", "sqjin/CellChat"),
        ("代码在https://www.github.com/sqjin/CellChat。", "sqjin/CellChat"),
        ("GitHub.com/fog-lab/mist_scope.", "fog-lab/mist_scope"),
    ],
)
def test_repositories(text: str, value: str) -> None:
    assert found(text) == [("GitHub", value)]


@pytest.mark.parametrize(
    "text", ["https://github.com/features/actions", "https://github.com/sqjin", "https://github.com"]
)
def test_pages_that_are_no_repository(text: str) -> None:
    assert found(text) == []


def test_a_data_doi_is_no_paper(read: Read) -> None:
    reading = read("数据存放于Zenodo（10.5281/zenodo.1234567），可以下载。")
    assert [(item.kind, item.value) for item in reading.accessions] == [("DOI", "10.5281/zenodo.1234567")]
    assert reading.papers == ()


def test_the_address_of_a_data_doi_is_no_paper(read: Read) -> None:
    assert read("数据存放于https://doi.org/10.5281/zenodo.1234567，可以下载。").papers == ()


def test_one_accession_with_all_its_mentions(read: Read) -> None:
    reading = read("先下载GSE113854。", "再把GSE113854和GSE99254放在一起。", title="GSE113854的故事")
    assert [item.value for item in reading.accessions] == ["GSE113854", "GSE99254"]
    assert [mention.part for mention in reading.accessions[0].mentions] == [Part.TITLE, Part.TEXT, Part.TEXT]
    assert all(mention.text == "GSE113854" for mention in reading.accessions[0].mentions)
