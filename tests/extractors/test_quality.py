"""How good extraction is: floors on the gold of fixtures/, and on a larger one that cannot be published.

The larger one is a gold file named by WENZHAI_GOLD, and the folder of its articles (.md, the gold's id ends in
the file's stem) named by WENZHAI_ARTICLES. `python benchmarks/quality.py` measures the same.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from extraction_scores import Scores
from quality import FIXTURES_NAME, LARGE_NAME, measure, read_gold
from quality_floors import FLOORS, read_floors, shortfalls
from wenzhai.extractors.nlp import Extractor
from wenzhai.models import DigestRecord

from .examples import GOLD

LARGE_GOLD, ARTICLES = os.environ.get("WENZHAI_GOLD", ""), os.environ.get("WENZHAI_ARTICLES", "")


def fallen(scores: Scores, gold_name: str) -> list[str]:
    return [str(each) for each in shortfalls(scores.f1(), read_floors(FLOORS)[gold_name])]


def test_fixtures(records: dict[str, DigestRecord]) -> None:
    scores = Scores()
    for row in read_gold(GOLD):
        scores.add(row, records[row["id"].removeprefix("fixture-")])
    assert fallen(scores, FIXTURES_NAME) == []


@pytest.mark.skipif(not (LARGE_GOLD and ARTICLES), reason="WENZHAI_GOLD and WENZHAI_ARTICLES name no larger gold")
def test_larger_gold(extractor: Extractor) -> None:
    scores = measure(read_gold(Path(LARGE_GOLD)), Path(ARTICLES), extractor)
    assert scores.articles
    assert fallen(scores, LARGE_NAME) == []
