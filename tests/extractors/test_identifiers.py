"""DOI, PMID and PMCID as articles write them, and the exact words they are in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wenzhai.extractors.identifiers import find_addresses, find_identifiers

DOI = "10.1016/j.cell.2011.02.013"


def values(text: str, field: str) -> list[str]:
    return [found.value for found in find_identifiers(text) if found.field == field]


@pytest.mark.parametrize(
    "text",
    [
        DOI,
        f"DOI：{DOI}",
        f"doi:{DOI.upper()}",
        f"DOI {DOI}。",
        f"（{DOI}）",
        f"({DOI}).",
        f"《{DOI}》",
        f"【{DOI}】",
        f"“{DOI}”",
        f"{DOI}.",
        f"{DOI},",
        f"{DOI};",
        f"{DOI}发表于三月",
        f"{DOI}\n下一行",
        f"{DOI}[3]",
        f"{DOI}.[3]",
        f"https://doi.org/{DOI}",
        f"https://dx.doi.org/{DOI}。",
        "https://doi.org/10.1016/ j.cell.2011.02.013",
        "https://doi.org/10.1016%2Fj.cell.2011.02.013",
        "https://doi.org/10.1016%2fj.cell.2011.02.013",
        f"{DOI}PMID: 21376230",
        f"{DOI}.PMID:21376230",
        f"{DOI}Epub 2011 Mar 4",
        f"{DOI}https://example.org/a",
        f"https://example.org/doi/{DOI}/full",
        f"https://example.org/doi/{DOI}.pdf",
        "ＤＯＩ：１０．１０１６／j.cell.2011.02.013",
    ],
)
def test_one_doi(text: str) -> None:
    assert values(text, "doi") == [DOI]


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("https://www.biorxiv.org/content/10.1101/2023.01.05.522941v1", "10.1101/2023.01.05.522941"),
        ("https://www.biorxiv.org/content/10.1101/2023.01.05.522941v2.full", "10.1101/2023.01.05.522941"),
        ("https://www.biorxiv.org/content/10.1101/2023.01.05.522941v1.full.pdf", "10.1101/2023.01.05.522941"),
        ("https://academic.oup.com/nar/advance-article/doi/10.1093/nar/gkad824/7308681", "10.1093/nar/gkad824"),
        ("10.1016/S0092-8674(00)81683-9", "10.1016/s0092-8674(00)81683-9"),
        ("（10.1016/S0092-8674(00)81683-9）", "10.1016/s0092-8674(00)81683-9"),
        ("(10.1016/S0092-8674(00)81683-9)", "10.1016/s0092-8674(00)81683-9"),
        ("10.1038/s41586–021–03819–2", "10.1038/s41586-021-03819-2"),
        ("10.1056/NEJMoa1606774", "10.1056/nejmoa1606774"),
        (
            "10.1002/(SICI)1097-0258(19980815/30)17:15<1661::AID-SIM968>3.0.CO;2-2",
            "10.1002/(sici)1097-0258(19980815/30)17:15<1661::aid-sim968>3.0.co;2-2",
        ),
    ],
)
def test_dois_of_other_forms(text: str, doi: str) -> None:
    assert values(text, "doi") == [doi]


def test_two_dois() -> None:
    text = f"{DOI}，10.1038/nature12345、{DOI},10.1038/nature12346"
    assert values(text, "doi") == [DOI, "10.1038/nature12345", DOI, "10.1038/nature12346"]


@pytest.mark.parametrize(
    "text", ["10.1038/nature12345；10.1038/nature12346", "10.1038/nature12345;10.1038/nature12346"]
)
def test_two_dois_and_a_semicolon(text: str) -> None:
    assert values(text, "doi") == ["10.1038/nature12345", "10.1038/nature12346"]


@pytest.mark.parametrize("text", ["10.1038/nature12345（2021年）", "10.1038/nature12345（IF=64.8）"])
def test_a_doi_before_a_full_width_bracket(text: str) -> None:
    assert values(text, "doi") == ["10.1038/nature12345"]


@pytest.mark.parametrize(
    "text",
    [
        "版本10.1234",
        "10.5/abc",
        "110.1016/abc",
        "10.1016/",
        "IP 10.0.0.1/24",
        "10.5281/zenodo.1234567",
        "10.6019/S-BIAD2208",
    ],
)
def test_no_doi(text: str) -> None:
    assert values(text, "doi") == []


@pytest.mark.parametrize(
    "text",
    [
        "PMID：12345678",
        "PMID:12345678",
        "PMID: 12345678;",
        "PMID12345678",
        "pmid 12345678",
        "看PMID12345678吧",
        "ＰＭＩＤ：１２３４５６７８",
        "https://pubmed.ncbi.nlm.nih.gov/12345678/",
        "https://www.ncbi.nlm.nih.gov/pubmed/12345678",
    ],
)
def test_one_pmid(text: str) -> None:
    assert values(text, "pmid") == ["12345678"]


@pytest.mark.parametrize(
    "text", ["12345678", "PMID: 123456789", "PMID：无", "XPMID12345678", "PMID: 1234", "PMC12345678"]
)
def test_no_pmid(text: str) -> None:
    assert values(text, "pmid") == []


def test_a_pmid_glued_to_a_doi() -> None:
    assert values("10.1038/s41586-021-03819-2PMID: 34265844", "pmid") == ["34265844"]


@pytest.mark.parametrize(
    "text",
    [
        "PMC8369998",
        "PMCID: PMC8369998",
        "PMC 8369998",
        "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC8369998/",
        "见PMC8369998。",
    ],
)
def test_one_pmcid(text: str) -> None:
    assert values(text, "pmcid") == ["PMC8369998"]


@pytest.mark.parametrize("text", ["PMC", "PMC12", "APMC8369998", "PMC1234567890"])
def test_no_pmcid(text: str) -> None:
    assert values(text, "pmcid") == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("arXiv:2301.01234v2", "arXiv:2301.01234v2"),
        ("https://arxiv.org/abs/2301.01234", "arXiv:2301.01234"),
        ("bioRxiv 2023.01.05.522941", "bioRxiv 2023.01.05.522941"),
    ],
)
def test_preprint_numbers(text: str, value: str) -> None:
    assert values(text, "other_id") == [value]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (
            "见https://www.nature.com/articles/s41586-021-03819-2。",
            "https://www.nature.com/articles/s41586-021-03819-2",
        ),
        (
            "（https://www.cell.com/cell/fulltext/S0092-8674(21)00583-3）",
            "https://www.cell.com/cell/fulltext/S0092-8674(21)00583-3",
        ),
        ("https://elifesciences.org/articles/12345,", "https://elifesciences.org/articles/12345"),
    ],
)
def test_addresses_of_papers(text: str, address: str) -> None:
    assert values(text, "url") == [address]


@pytest.mark.parametrize("text", ["https://example.org/articles", "https://github.com/a/b", "www.nature.com"])
def test_other_addresses(text: str) -> None:
    assert values(text, "url") == []


def test_spans_of_addresses() -> None:
    text = "先看https://a.org/x?y=1 和http://b.org/z。"
    assert [text[start:end] for start, end in find_addresses(text)] == ["https://a.org/x?y=1", "http://b.org/z"]


def test_an_address_ends_before_full_width_punctuation() -> None:
    text = "先看https://a.org/x，TP53在后面"
    assert [text[start:end] for start, end in find_addresses(text)] == ["https://a.org/x"]


@given(st.text(alphabet="10.638/aPMIDCdoi:：%2F v()<>[];,. \n河", max_size=60))
def test_words_are_at_their_place(text: str) -> None:
    for found in find_identifiers(text):
        assert text[found.start : found.end] == found.text
        assert found.text
