"""Titles, journals and years that are the same however they are written, and those that are not."""

from __future__ import annotations

import pytest
from wenzhai.harvester.bibliography.comparison import claimed_year, same_journal, same_title, title_words
from wenzhai.models import Journal


@pytest.mark.parametrize(
    ("claimed", "found"),
    [
        ("TGF-β signalling in fog", "TGF-beta Signalling in Fog."),
        ("Mist, rain – and snow", "Mist, Rain - and Snow"),
        ("Ångström fields of a naïve cloud", "Angstrom fields of a naive cloud"),
        ("A retracted study of rain", "RETRACTED: A retracted study of rain"),
        (
            "Fog protein one drives the formation of mist",
            "Fog protein one drives the formation of mist: a cohort study",
        ),
        (
            "Fog protein one drives the formaton of mist in lungs",
            "Fog protein one drives the formation of mist in lungs",
        ),
    ],
)
def test_same_title(claimed: str, found: str) -> None:
    assert same_title(claimed, found)
    assert same_title(found, claimed)


@pytest.mark.parametrize(
    ("claimed", "found"),
    [
        ("Fog", "Fog and mist"),
        ("", ""),
        ("An atlas of invented tissues, part 1: the fog", "An atlas of invented tissues, part 2: the fog"),
        ("Fog protein one drives the formation of mist", "Rain protein two prevents the growth of clouds"),
    ],
)
def test_other_title(claimed: str, found: str) -> None:
    assert not same_title(claimed, found)


def journal(name: str, *, abbreviation: str | None = None, issn: str | None = None) -> Journal:
    return Journal(name=name, as_written=name, abbreviation=abbreviation, issn=issn)


@pytest.mark.parametrize(
    ("claimed", "names", "issns", "same"),
    [
        (journal("Nat Commun"), ("Nature communications",), (), True),
        (journal("Nature Communications"), ("Nat. Commun.",), (), True),
        (journal("PNAS", abbreviation="Proc Natl Acad Sci U S A"), ("Proc. Natl Acad. Sci. U.S.A.",), (), True),
        (journal("Science"), ("Science (New York, N.Y.)",), (), True),
        (journal("The Lancet"), ("Lancet (London, England)",), (), True),
        (journal("Cell Discovery"), ("Cell discovery", "Cell Discov"), (), True),
        (journal("Signal Transduct. & Target. Ther."), ("Signal transduction and targeted therapy",), (), True),
        (journal("renamed", issn="2041-1723"), ("Nature communications",), ("2041-1723",), True),
        (journal("Nature"), ("Nature communications",), (), False),
        (journal("Cell"), ("Cellulose",), (), False),
        (journal("Nature Medicine", issn="1078-8956"), ("Nature methods",), ("1548-7091",), False),
        (journal("自然·通讯"), ("Nature communications",), (), None),
        (journal("Nature"), (), (), None),
    ],
)
def test_journals(claimed: Journal, names: tuple[str, ...], issns: tuple[str, ...], *, same: bool | None) -> None:
    assert same_journal(claimed, names=names, issns=issns) is same


@pytest.mark.parametrize(
    ("published", "year"),
    [("2021年2月", 2021), ("2025.09", 2025), ("2024 Feb 20", 2024), ("昨日", None), (None, None), ("20210203", None)],
)
def test_years(published: str | None, year: int | None) -> None:
    assert claimed_year(published) == year


def test_words_to_search_for() -> None:
    assert title_words("RETRACTED: The role of FOG-1 in the mist") == ["role", "FOG", "mist"]
