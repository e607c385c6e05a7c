"""Which words name which entry: letters' case, spellings, borders, the longest of several."""

from __future__ import annotations

import pytest
from wenzhai.extractors.knowledge import Knowledge
from wenzhai.extractors.lexicon import Entry, Form
from wenzhai.extractors.term_matcher import TermMatcher


def entry(name: str, *aliases: str, category: str = "gene") -> Entry:
    role = "symbol" if category in ("gene", "family") else "name"
    forms = (Form(name, role), *(Form(alias, "alias") for alias in aliases))
    return Entry(category, name, "", name, forms)


def found(matcher: TermMatcher, text: str) -> list[tuple[str, str]]:
    return [(match.text, match.candidates[0].entry.name) for match in matcher.find(text)]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("MET", ["MET"]),
        ("Met", ["MET"]),
        ("met", []),
        ("mEt", []),
        ("Trp53", ["TP53"]),
        ("TP53", ["TP53"]),
        ("Tp53", ["TP53"]),
        ("smad4蛋白", ["SMAD4"]),
        ("Mif", ["MIF"]),
        ("mif", []),
        ("PD-L1", ["CD274"]),
        ("PDL1", ["CD274"]),
        ("PD‐L1", ["CD274"]),
        ("PD–L1", ["CD274"]),
        ("TNF-α", ["TNF"]),
        ("TNFα", ["TNF"]),
        ("TNF-alpha", ["TNF"]),
        ("TNF－α", ["TNF"]),
        ("ＴＰ５３", ["TP53"]),
        ("IL-6", ["IL6"]),
        ("IL6", ["IL6"]),
        ("Il6", ["IL6"]),
        ("NF-κB", ["NF-κB"]),
        ("NF-kappaB", ["NF-κB"]),
        ("白细胞介素6", ["IL6"]),
    ],
)
def test_spellings_of_genes(knowledge: Knowledge, written: str, expected: list[str]) -> None:
    names = [match.candidates[0].entry.name for match in knowledge.matcher.find(written) if match.group == "gene"]
    assert names == expected


def test_the_words_are_those_of_the_text(knowledge: Knowledge) -> None:
    text = "检测了ＴＮＦ－α和PD‐L1。"
    matches = [match for match in knowledge.matcher.find(text) if match.group == "gene"]
    assert [match.text for match in matches] == ["ＴＮＦ－α", "PD‐L1"]
    assert all(text[match.start : match.end] == match.text for match in matches)


def test_the_longest_term_wins() -> None:
    matcher = TermMatcher([entry("IL1"), entry("IL1R", "IL1 receptor"), entry("receptor kinase")])
    assert found(matcher, "IL1 receptor kinase IL1") == [("IL1 receptor", "IL1R"), ("IL1", "IL1")]


def test_categories_do_not_take_words_from_one_another() -> None:
    matcher = TermMatcher([entry("FOG1"), entry("FOG1 assay", category="method")])
    assert {(match.group, match.text) for match in matcher.find("FOG1 assay")} == {
        ("gene", "FOG1"),
        ("method", "FOG1 assay"),
    }


def test_families_and_genes_compete() -> None:
    matcher = TermMatcher([entry("FOG1"), entry("FOG1/2", category="family")])
    assert found(matcher, "FOG1/2") == [("FOG1/2", "FOG1/2")]


def test_never_across_a_line_feed() -> None:
    matcher = TermMatcher([entry("fog imaging", category="method"), entry("雾成像", category="method")])
    assert found(matcher, "fog imaging") == [("fog imaging", "fog imaging")]
    assert found(matcher, "fog\nimaging") == []
    assert found(matcher, "雾\n成像") == []


@pytest.mark.parametrize("text", ["XTP53", "TP53INP", "aTP53b", "TP531", "éTP53", "TP53Ａ"])
def test_never_inside_a_longer_latin_word(text: str) -> None:
    assert found(TermMatcher([entry("TP53")]), text) == []


@pytest.mark.parametrize("text", ["抑癌基因TP53突变", "(TP53)", "TP53/KRAS", "TP53_KO", "TP53，", "TP53-KO"])
def test_chinese_and_signs_are_borders(text: str) -> None:
    assert found(TermMatcher([entry("TP53")]), text) == [("TP53", "TP53")]


def test_equal_forms_keep_all_their_entries() -> None:
    matcher = TermMatcher([entry("FOG1", "P40"), entry("MIST1", "P40")])
    [match] = matcher.find("P40")
    assert [candidate.entry.name for candidate in match.candidates] == ["FOG1", "MIST1"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Western blot", ["western blot"]),
        ("western blots", ["western blot"]),
        ("WESTERN BLOT", ["western blot"]),
        ("ELISA", ["ELISA"]),
        ("elisa", []),
        ("Elisa", []),
    ],
)
def test_case_of_other_terms(written: str, expected: list[str]) -> None:
    matcher = TermMatcher([entry("western blot", category="method"), entry("ELISA", category="method")])
    assert [name for _, name in found(matcher, written)] == expected


def test_abbreviated_journals_with_and_without_stops() -> None:
    matcher = TermMatcher([entry("Nat Commun", category="journal")])
    assert found(matcher, "Nat Commun") == [("Nat Commun", "Nat Commun")]
    assert found(matcher, "Nat. Commun.") == [("Nat. Commun", "Nat Commun")]


def test_lookup_of_a_whole_term(knowledge: Knowledge) -> None:
    assert {candidate.entry.name for candidate in knowledge.matcher.lookup_gene("TLR4")} == {"TLR4"}
    assert knowledge.matcher.lookup_gene("tlr") == ()
    assert knowledge.matcher.lookup_gene("Seurat") == ()


@pytest.mark.parametrize(
    ("written", "symbol"), [("mTOR", "MTOR"), ("ApoE", "APOE"), ("cGAS", "CGAS"), ("RhoA", "RHOA"), ("EpCAM", "EPCAM")]
)
def test_an_alias_that_differs_from_the_symbol_by_case_alone(knowledge: Knowledge, written: str, symbol: str) -> None:
    assert found(knowledge.matcher, written) == [(written, symbol)]


def test_every_spelling_of_the_lexicons_is_found(knowledge: Knowledge) -> None:
    lost = [
        (item.name, form.text)
        for item in knowledge.entries
        for form in item.forms
        if not any(
            match.text == form.text and any(candidate.entry is item for candidate in match.candidates)
            for match in knowledge.matcher.find(form.text)
        )
    ]
    assert lost == []
