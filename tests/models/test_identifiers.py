"""Identifiers: noise around them is taken off, anything else is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wenzhai.models import normalise_doi, normalise_pmcid, normalise_pmid


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("10.1016/j.cell.2011.02.013", "10.1016/j.cell.2011.02.013"),
        ("https://doi.org/10.1016/J.CELL.2011.02.013", "10.1016/j.cell.2011.02.013"),
        ("http://dx.doi.org/10.1000/182.", "10.1000/182"),
        ("DOI: 10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2",
         "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2"),
        (" doi:10.1038/s41467-021-21246-9 ", "10.1038/s41467-021-21246-9"),
    ],
)  # fmt: skip
def test_doi(written: str, expected: str) -> None:
    assert normalise_doi(written) == expected


@pytest.mark.parametrize("written", ["", "10.1016", "10.1016/", "11.1016/a", "see 10.1016/a", "10.1016/a b", "10.12/a"])
def test_no_doi(written: str) -> None:
    with pytest.raises(ValueError, match="not a DOI"):
        normalise_doi(written)


@pytest.mark.parametrize(("written", "expected"), [("33597522", "33597522"), ("PMID：1", "1"), ("pmid: 42 ", "42")])
def test_pmid(written: str, expected: str) -> None:
    assert normalise_pmid(written) == expected


@pytest.mark.parametrize("written", ["", "0", "012", "123456789", "12a", "１２", "PMC12"])
def test_no_pmid(written: str) -> None:
    with pytest.raises(ValueError, match="not a PMID"):
        normalise_pmid(written)


@pytest.mark.parametrize(("written", "expected"), [("PMC123", "PMC123"), ("PMCID: pmc9", "PMC9")])
def test_pmcid(written: str, expected: str) -> None:
    assert normalise_pmcid(written) == expected


@pytest.mark.parametrize("written", ["", "123", "PMC", "PMC0", "PMC1234567890"])
def test_no_pmcid(written: str) -> None:
    with pytest.raises(ValueError, match="not a PMCID"):
        normalise_pmcid(written)


@given(st.one_of(st.text(), st.from_regex(r"10\.\d{4}/[-._;()/:a-zA-Z0-9]+")))
def test_normalising_twice_changes_nothing(text: str) -> None:
    for normalise in (normalise_doi, normalise_pmid, normalise_pmcid):
        try:
            once = normalise(text)
        except ValueError:
            continue
        assert normalise(once) == once
