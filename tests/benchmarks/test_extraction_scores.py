"""What counts as right, too much and missed, on articles of a sentence or two made for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from extraction_scores import FIGURES, Gold, Scores, Tally, bare, covers, match_concepts, plain_number, same_title
from hypothesis import given
from hypothesis import strategies as st
from wenzhai.extractors.nlp import Extractor
from wenzhai.models import (
    ArticleKind,
    DigestRecord,
    Finding,
    FindingRole,
    Gene,
    Journal,
    Mention,
    Method,
    Paper,
    PaperRole,
)

from ..extractors.examples import make_article

SENTENCES = (
    "敲除CCR7以后，树突状细胞不再向淋巴结迁移。",
    "CCL19处理AKT缺失的细胞也没有效果。",
    "本研究只用了小鼠。",
    "扫码关注我们。",
)
STATED = "敲除CCR7以后，树突状细胞不再向淋巴结迁移"
LINES = st.text(alphabet="迁移ABab12，。 -", max_size=12)
MakeRecord = Callable[..., DigestRecord]


def gold_row(**fields: Any) -> Gold:
    lists = ("papers", "genes", "methods", "tools", "diseases", "accessions", "findings", "key_findings", "limitations")
    row: Gold = {"id": "one", "kind": "paper_digest", "boilerplate": [4], "sentences": list(SENTENCES)}
    return {**row, **{name: [] for name in lists}, **fields}


def gold_gene(symbol: str, *, optional: bool = False, central: bool = False) -> dict[str, Any]:
    return {"symbol": symbol, "mentions": [symbol], "central": central, "optional": optional}


@pytest.fixture
def make_record(extractor: Extractor) -> MakeRecord:
    """A record of the three sentences that are no promotion, with these fields and no others."""
    plain = extractor.extract(make_article(*SENTENCES[:3]))
    nothing = dict.fromkeys(("papers", "genes", "methods", "tools", "diseases", "accessions", "findings"), ())

    def make(**fields: Any) -> DigestRecord:
        article = plain.article.model_copy(update={"kind": ArticleKind(fields.pop("kind", "paper_digest"))})
        return DigestRecord.model_validate({**plain.model_dump(), **nothing, "article": article, **fields})

    return make


def mention(record: DigestRecord, text: str) -> Mention:
    start = record.article.text.index(text)
    return Mention(text=text, start=start, end=start + len(text))


def counts(row: Gold, record: DigestRecord, figure: str) -> tuple[int, int, int]:
    scores = Scores()
    scores.add(row, record)
    tally = scores.tallies[figure]
    assert tally.extra + tally.missed == len(tally.errors)
    return tally.right, tally.extra, tally.missed


def test_rates() -> None:
    tally = Tally()
    assert (tally.precision, tally.recall, tally.f1) == (0, 0, 0)
    tally.add("one", wanted={"a", "b", "e"}, optional={"c"}, found={"a", "c", "d"})
    assert (tally.right, tally.extra, tally.missed) == (1, 1, 2)
    assert (tally.precision, tally.recall, tally.f1) == (1 / 2, 1 / 3, 2 / 5)
    assert tally.errors == [("one", "+", "d"), ("one", "-", "b"), ("one", "-", "e")]


def test_every_figure_is_scored(make_record: MakeRecord) -> None:
    scores = Scores()
    scores.add(gold_row(), make_record())
    assert tuple(scores.f1()) == FIGURES


def test_kinds(make_record: MakeRecord) -> None:
    scores = Scores()
    for wanted, found in (
        ("tutorial", "tutorial"),
        ("multi_paper_digest", "paper_digest"),
        ("other", "tutorial"),
        ("tutorial", "paper_digest"),
    ):
        scores.add(gold_row(kind=wanted), make_record(kind=found))
    assert scores.f1()["kind accuracy"] == 1 / 4
    assert scores.f1()["digest or not accuracy"] == 3 / 4


def test_optional_genes_count_neither_way(make_record: MakeRecord) -> None:
    plain = make_record()
    record = make_record(
        genes=[
            Gene(symbol="CCR7", mentions=(mention(plain, "CCR7"),), central=True),
            Gene(symbol="AKT1", mentions=(mention(plain, "AKT"),), central=True),
        ]
    )
    akt, ccr7 = gold_gene("AKT", optional=True), gold_gene("CCR7", central=True)
    assert counts(gold_row(genes=[ccr7, akt]), record, "genes") == (1, 0, 0)
    assert counts(gold_row(genes=[ccr7]), record, "genes") == (1, 1, 0)
    assert counts(gold_row(genes=[ccr7, gold_gene("AKT")]), record, "genes") == (1, 1, 1)
    assert counts(gold_row(genes=[ccr7, akt]), record, "central genes") == (1, 1, 0)
    assert counts(gold_row(genes=[gold_gene("CCR7"), gold_gene("AKT1")]), record, "central genes") == (0, 2, 0)
    assert counts(gold_row(genes=[ccr7, akt]), plain, "genes") == (0, 0, 1)


def test_families_are_no_genes(make_record: MakeRecord) -> None:
    family = Gene(symbol="AKT", family=True, central=True, mentions=(mention(make_record(), "AKT"),))
    record = make_record(genes=[family])
    assert counts(gold_row(), record, "genes") == (0, 0, 0)
    assert counts(gold_row(genes=[gold_gene("AKT", central=True)]), record, "central genes") == (0, 0, 1)


@pytest.mark.parametrize(
    ("wanted", "found", "expected"),
    [
        (["RNA-seq"], ["rna seq"], (1, 0, 0)),
        (["scRNA-seq"], ["RNA-seq"], (1, 0, 0)),
        (["scRNA-seq"], ["RNA-seq", "scRNA-seq"], (1, 0, 0)),  # the equal one is taken, the broader one forgiven
        (["RNA-seq", "scRNA-seq"], ["scRNA-seq"], (1, 0, 1)),  # one group pairs with one
        (["R"], ["Seurat"], (0, 1, 1)),  # a letter is no part of a word
        (["ELISA"], ["Western blot"], (0, 1, 1)),
        ([], ["ELISA"], (0, 1, 0)),
    ],
)
def test_grouped_mentions(wanted: list[str], found: list[str], expected: tuple[int, int, int]) -> None:
    tally = Tally()
    concepts = [[(name, {bare(name)}) for name in names] for names in (wanted, found)]
    match_concepts(tally, "one", wanted=concepts[0], found=concepts[1])
    assert (tally.right, tally.extra, tally.missed) == expected


def test_a_group_is_known_by_any_mention(make_record: MakeRecord) -> None:
    wanted = {"name": "gene knockout", "mentions": ["基因剔除", "敲除"]}
    method = Method(name="knock-out technique", mentions=(mention(make_record(), "敲除"),))
    assert counts(gold_row(methods=[wanted]), make_record(methods=[method]), "methods") == (1, 0, 0)


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        (STATED, True),
        ("结果：" + STATED + "，这说明它不可缺少。", True),  # the sentence within a longer text
        ("树突状细胞不再向淋巴结迁移", True),  # most of the sentence
        ("不再向淋巴结迁移", False),  # less than half of it
        (STATED.replace("不再", "没有"), True),  # four fifths the same
        ("因" + STATED.removeprefix("敲除"), False),  # its beginning is not there
        ("迁移", False),
        ("", False),
    ],
)
def test_sentence_overlap(text: str, *, stated: bool) -> None:
    assert covers(bare(text), bare(STATED)) is stated


@given(LINES, LINES, LINES)
def test_a_sentence_is_covered_by_whatever_holds_it(sentence: str, before: str, after: str) -> None:
    sentence, before, after = bare(sentence), bare(before), bare(after)
    assert covers(before + sentence + after, sentence) is (len(sentence) >= 4)


def test_findings_by_role(make_record: MakeRecord) -> None:
    text = make_record().article.text
    roles = zip(SENTENCES, (FindingRole.FINDING, FindingRole.CONCLUSION, FindingRole.LIMITATION), strict=False)
    found = [
        Finding(
            text=each, start=text.index(each), end=text.index(each) + len(each), role=role, key=each in SENTENCES[0]
        )
        for each, role in roles
    ]
    row = gold_row(findings=[1], key_findings=[1, 2], limitations=[3])
    record = make_record(findings=found)
    assert counts(row, record, "findings") == (1, 1, 0)
    assert counts(row, record, "key findings") == (1, 0, 1)
    assert counts(row, record, "limitations") == (1, 0, 0)


def test_text_kept(make_record: MakeRecord) -> None:
    assert counts(gold_row(), make_record(), "text kept") == (3, 0, 0)
    assert counts(gold_row(boilerplate=[3, 4]), make_record(), "text kept") == (2, 1, 0)
    assert counts(gold_row(boilerplate=[]), make_record(), "text kept") == (3, 0, 1)


def test_papers(make_record: MakeRecord) -> None:
    title = "Dendritic cells migrate to lymph nodes by CCR7"
    journal = Journal(name="Nature Communications", as_written="NC", abbreviation="Nat Commun")
    primary = Paper(
        role=PaperRole.PRIMARY, title=title, journal=journal, impact_factor=16.60, doi="10.1000/a", pmid="12345678"
    )
    cited = Paper(role=PaperRole.CITED, title="Another paper", doi="10.1000/b", impact_factor=3)
    empty = {"title": None, "journal": None, "impact_factor": None, "doi": None, "pmid": None}
    wanted = {
        **empty,
        "role": "primary",
        "title": title.replace("migrate", "migrating").upper(),
        "journal": "Nat. Commun.",
        "impact_factor": "IF 16.6",
        "doi": "10.1000/A",
    }
    row = gold_row(papers=[wanted, {**empty, "role": "cited", "title": "Another paper"}])
    record = make_record(papers=[primary, cited])
    assert counts(row, record, "primary title") == (1, 0, 0)
    assert counts(row, record, "primary journal") == (1, 0, 0)
    assert counts(row, record, "impact factor") == (1, 0, 0)
    assert counts(row, record, "doi") == (1, 1, 0)
    assert counts(row, record, "pmid") == (0, 1, 0)
    assert counts(row, make_record(papers=[primary, primary]), "primary title") == (1, 1, 0)


def test_comparing_by_letters() -> None:
    assert bare("ＴＮＦ-α（人）_2") == "tnfα人2"
    assert bare(None) == ""
    assert [plain_number(value) for value in (16.0, "IF=16.60", "暂无", None)] == ["16", "16.6", "", ""]
    assert not same_title("", "")
    assert not same_title("Dendritic cells migrate", "Dendritic cells rest at home")
