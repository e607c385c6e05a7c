"""How good extraction is: floors on the gold of fixtures/, and on a larger one that cannot be published.

The larger one is a gold file named by WENZHAI_GOLD, and the folder of its articles (.md, the gold's id ends in
the file's stem) named by WENZHAI_ARTICLES.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from wenzhai.extractors.nlp import Extractor
from wenzhai.models import DigestRecord, FindingRole

from .examples import GOLD, archived_article, gold_rows

# A little below what is measured; the larger gold's are what the project promises.
FLOORS = {"genes": 0.80, "doi": 0.95, "pmid": 0.95, "findings": 0.35, "kind": 0.69}
LARGE_FLOORS = {"genes": 0.85, "doi": 0.95, "pmid": 0.93, "findings": 0.60, "kind": 0.80}
LARGE_GOLD, ARTICLES = os.environ.get("WENZHAI_GOLD", ""), os.environ.get("WENZHAI_ARTICLES", "")


@dataclass
class Tally:
    """True positives, false positives and false negatives over all articles."""

    right: int = 0
    extra: int = 0
    missed: int = 0

    def add(self, *, wanted: set[str], optional: Iterable[str] = (), found: set[str]) -> None:
        self.right += len(wanted & found)
        self.extra += len(found - wanted - set(optional))
        self.missed += len(wanted - found)

    @property
    def f1(self) -> float:
        return 2 * self.right / (2 * self.right + self.extra + self.missed or 1)


@dataclass
class Scores:
    """F1 of each field by sets of values, and the share of right kinds."""

    fields: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in FLOORS if name != "kind"})
    kinds: list[bool] = field(default_factory=list)

    def add(self, gold: dict[str, Any], record: DigestRecord) -> None:
        self.kinds.append(record.article.kind == gold["kind"])
        genes = {symbol(gene["symbol"]): gene["optional"] for gene in gold["genes"]}
        self.fields["genes"].add(
            wanted={name for name, optional in genes.items() if not optional},
            optional=genes,
            found={symbol(gene.symbol) for gene in record.genes if not gene.family or symbol(gene.symbol) in genes},
        )
        for name in ("doi", "pmid"):
            self.fields[name].add(
                wanted={paper[name].lower() for paper in gold["papers"] if paper[name]},
                found={value.lower() for paper in record.papers if (value := getattr(paper, name))},
            )
        wanted, stated = set(gold["findings"]), stated_sentences(gold["sentences"], record)
        self.fields["findings"].add(wanted=set(map(str, wanted)), found=set(map(str, stated)))

    def result(self) -> dict[str, float]:
        scores = {name: tally.f1 for name, tally in self.fields.items()}
        return {**scores, "kind": sum(self.kinds) / len(self.kinds)}


def symbol(text: str) -> str:
    plain = text.upper().translate(str.maketrans("ΑΒΓΚ", "ABGK"))
    return "".join(char for char in plain if char.isalnum())


def bare(text: str) -> str:
    return "".join(text.replace("|", "").split())


def stated_sentences(sentences: list[str], record: DigestRecord) -> set[int]:
    """The numbers of the gold's sentences that a finding overlaps by more than half of the shorter of the two.

    Both are cut from the same text, but not at the same places.
    """
    text, starts, place = bare(record.article.text), [], 0
    for sentence in sentences:
        found = text.find(bare(sentence), place)
        starts.append(found)
        place = found + len(bare(sentence)) if found >= 0 else place
    numbered = [(start, number) for number, start in enumerate(starts, 1) if start >= 0]
    stated: set[int] = set()
    for finding in record.findings:
        if finding.role is FindingRole.LIMITATION:
            continue
        begin = len(bare(record.article.text[: finding.start]))
        end = begin + len(bare(finding.text))
        first = max(bisect_right(numbered, (begin, 1 << 30)) - 1, 0)
        for start, number in numbered[first:]:
            length = len(bare(sentences[number - 1]))
            shared = min(end, start + length) - max(begin, start)
            if shared > 0.5 * min(length, end - begin):
                stated.add(number)
            if start >= end:
                break
    return stated


def shortfall(scores: dict[str, float], floors: dict[str, float]) -> dict[str, float]:
    return {name: round(score, 3) for name, score in scores.items() if score < floors[name]}


def test_fixtures(records: dict[str, DigestRecord]) -> None:
    scores = Scores()
    for row in gold_rows(GOLD):
        scores.add(row, records[row["id"].removeprefix("fixture-")])
    assert shortfall(scores.result(), FLOORS) == {}


@pytest.mark.skipif(not (LARGE_GOLD and ARTICLES), reason="WENZHAI_GOLD and WENZHAI_ARTICLES name no larger gold")
def test_larger_gold(extractor: Extractor) -> None:
    paths = list(Path(ARTICLES).glob("*.md"))
    scores = Scores()
    for row in gold_rows(Path(LARGE_GOLD)):
        [path] = [path for path in paths if row["id"].endswith(path.stem)]
        scores.add(row, extractor.extract(archived_article(path)))
    assert scores.kinds
    assert shortfall(scores.result(), LARGE_FLOORS) == {}


def test_the_scorer_can_tell_good_from_bad() -> None:
    tally = Tally()
    tally.add(wanted={"a", "b"}, optional={"c"}, found={"a", "c", "d"})
    assert (tally.right, tally.extra, tally.missed, tally.f1) == (1, 1, 1, 0.5)
    assert shortfall({"doi": 0.5}, {"doi": 0.6}) == {"doi": 0.5}
