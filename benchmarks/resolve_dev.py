"""Serves the papers of a gold file from a loopback server, plants mistakes, and shows what `resolve` makes of each.

    python benchmarks/resolve_dev.py GOLD.jsonl

The services' answers are in their own formats, and some of them fail: 429, a cut connection, an error page. The
plants go in turn over the gold's primary papers; identifiers that the gold does not have are invented.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from wenzhai.config import Settings
from wenzhai.extractors.knowledge import Knowledge, load_knowledge
from wenzhai.harvester.clock import Clock
from wenzhai.models import (
    Article,
    ArticleInfo,
    ArticleKind,
    Block,
    BlockKind,
    DigestRecord,
    Journal,
    PageRef,
    PageState,
    Paper,
    PaperField,
    PaperResolution,
    PaperRole,
    Provenance,
    RawPage,
    Verdict,
    normalise_doi,
    normalise_pmid,
)
from wenzhai.resolving import Resolver, open_services
from wenzhai.storage import SearchQuery, open_store

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from bibliography_server import BibliographyServer, ServedPaper

PLANTS = ("as it is", "wrong PMID", "wrong journal", "swapped DOI", "retracted", "identifiers missing")
FAULTS = ("429", "cut", "html", "500", "limit")


@dataclass(frozen=True)
class Case:
    """A claimed paper, what was planted in it, and the paper it really is."""

    plant: str
    claimed: Paper
    real: ServedPaper


def gold_papers(path: Path) -> Iterator[dict[str, Any]]:
    """The primary papers with anything to go by, each once."""
    seen: set[str] = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        for paper in json.loads(line)["papers"]:
            keys = {str(paper[key]).casefold() for key in ("title", "doi", "pmid") if paper[key]}
            if paper["role"] == "primary" and keys and not keys & seen:
                seen |= keys
                yield paper


def served(gold: dict[str, Any], *, number: int, knowledge: Knowledge) -> tuple[ServedPaper, Journal | None]:
    """The paper as services would know it, and its journal as the extractor would claim it."""
    journal = claimed_journal(gold["journal"], knowledge) if gold["journal"] else None
    paper = ServedPaper(
        title=gold["title"] or f"An invented title for paper number {number} of this collection",
        journal=journal.name if journal else "Journal of Things Untold",
        abbreviation=(journal and journal.abbreviation) or "",
        issn=(journal and journal.issn) or "",
        pmid=checked(normalise_pmid, gold["pmid"]) or str(90_000_000 + number),
        doi=checked(normalise_doi, gold["doi"]) or f"10.99999/invented.{number}",
        year=2024,
    )
    return paper, journal


def checked(normalise: Any, value: str | None) -> str | None:
    try:
        return normalise(value) if value else None
    except ValueError:
        return None


def claimed_journal(written: str, knowledge: Knowledge) -> Journal:
    for match in knowledge.matcher.find(written):
        if match.group == "journal" and match.text == written:
            entry = match.candidates[0].entry
            return Journal(
                name=entry.name, as_written=written, abbreviation=entry.detail or None, issn=entry.id or None
            )
    return Journal(name=written, as_written=written)


def planted(papers: list[tuple[ServedPaper, Journal | None]], golds: list[dict[str, Any]]) -> Iterator[Case]:
    for number, ((real, journal), gold) in enumerate(zip(papers, golds, strict=True)):
        other, _ = papers[(number + 7) % len(papers)]
        claimed = Paper(
            role=PaperRole.PRIMARY, title=gold["title"], journal=journal, doi=real.doi, pmid=real.pmid, published="2024"
        )
        plant = PLANTS[number % len(PLANTS)]
        if not gold["title"] and plant in ("wrong PMID", "swapped DOI", "identifiers missing"):
            plant = "as it is"  # without a title nothing tells which of two identifiers is the wrong one
        changes: dict[str, Any] = {}
        if plant == "wrong PMID":
            changes = {"pmid": other.pmid}
        elif plant == "swapped DOI":
            changes = {"doi": other.doi}
        elif plant == "wrong journal":
            changes = {"journal": Journal(name="Annals of Planted Errors", as_written="Annals of Planted Errors")}
        elif plant == "retracted":
            pair = {"retraction_pmid": str(80_000_000 + number), "retraction_doi": f"10.99999/notice.{number}"}
            real = dataclasses.replace(real, **pair)  # noqa: PLW2901
        elif plant == "identifiers missing":
            changes = {"doi": None, "pmid": None}
        yield Case(plant, claimed.model_copy(update=changes), real)


def as_expected(case: Case, resolution: PaperResolution) -> bool:
    """Whether the verdict is the one that was planted, no more and no less."""
    mismatched = {check.field: check for check in resolution.fields if check.verdict is Verdict.MISMATCH}
    expected = {
        "wrong PMID": {PaperField.PMID: case.real.pmid},
        "swapped DOI": {PaperField.DOI: case.real.doi},
        "wrong journal": {PaperField.JOURNAL: case.real.journal},
    }.get(case.plant, {})
    if {field: check.found for field, check in mismatched.items()} != expected:
        return False
    if resolution.retracted is not (case.plant == "retracted") or resolution.unanswered:
        return False
    if case.plant == "identifiers missing":
        resolved = {check.found for check in resolution.fields if check.verdict is Verdict.RESOLVED}
        return {case.real.doi, case.real.pmid} <= resolved
    return resolution.verdict is (Verdict.MISMATCH if expected else Verdict.MATCH)


def store_records(store: Any, cases: list[Case]) -> None:
    with store.batch():
        for number, case in enumerate(cases):
            page = RawPage(PageRef(f"case:{number}", "gold"), b"x", f"case:{number}", "text/plain", NOW)
            article = Article(
                f"{number:012x}",
                "",
                case.plant,
                "",
                "",
                None,
                NOW,
                "gold",
                PageState.ARTICLE,
                (Block(BlockKind.PARAGRAPH, "x"),),
                (f"case:{number}",),
                page.sha256,
            )
            info = ArticleInfo(
                id=article.id,
                url="",
                title=article.title,
                account="",
                author="",
                published_at=None,
                harvested_at=NOW,
                source="gold",
                kind=ArticleKind.PAPER_DIGEST,
                text=article.text,
                text_sha256=article.text_sha256,
            )
            provenance = Provenance(wenzhai="0", extractors={}, lexicons={}, snapshot_sha256=page.sha256)
            store.put_article(article, page, DigestRecord(article=info, papers=(case.claimed,), provenance=provenance))


NOW = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    arguments = parser.parse_args()
    knowledge = load_knowledge()
    golds = list(gold_papers(arguments.gold))
    papers = [served(gold, number=number, knowledge=knowledge) for number, gold in enumerate(golds)]
    cases = list(planted(papers, golds))
    waited = [0.0]
    clock = Clock(monotonic=lambda: waited[0], sleep=lambda seconds: waited.__setitem__(0, waited[0] + seconds))
    began = time.perf_counter()
    with (
        tempfile.TemporaryDirectory() as folder,
        BibliographyServer(case.real for case in cases) as server,
        open_store(Path(folder) / "gold.db", create=True) as store,
    ):
        store_records(store, cases)
        server.faults.extend(FAULTS)
        settings = Settings(allow_private_hosts=True, **server.settings())
        with open_services(settings, cache=store, clock=clock) as services:
            resolver = Resolver(
                store=store,
                services=services,
                knowledge=lambda: knowledge,
                now=clock.now,
                max_age=timedelta(days=30),
            )
            found = {int(each.article_id, 16): each.papers[0] for each in resolver.resolve(SearchQuery())}
        asked = sum(server.asked.values())
    return report(
        cases,
        found,
        told=f"{asked} requests, {waited[0]:.0f} s of polite waiting (not waited), "
        f"{time.perf_counter() - began:.1f} s of work",
    )


def report(cases: list[Case], found: dict[int, PaperResolution], *, told: str) -> int:
    total: Counter[str] = Counter(case.plant for case in cases)
    right: Counter[str] = Counter()
    verdicts: Counter[tuple[str, str]] = Counter()
    for number, case in enumerate(cases):
        verdicts[case.plant, found[number].verdict] += 1
        if as_expected(case, found[number]):
            right[case.plant] += 1
        else:
            print(f"not as expected ({case.plant}): {case.claimed.model_dump_json(exclude_defaults=True)}")
            print(f"    {found[number].model_dump_json(exclude_defaults=True)}")
    print(f"{'planted':<22} papers  as expected  match  mismatch  unverifiable")
    for plant in PLANTS:
        columns = (verdicts[plant, verdict] for verdict in ("match", "mismatch", "unverifiable"))
        print("{:<22} {:>6}  {:>11}  {:>5}  {:>8}  {:>12}".format(plant, total[plant], right[plant], *columns))
    print(f"faults survived: {', '.join(FAULTS)}; {told}")
    return 0 if right == total else 1


if __name__ == "__main__":
    sys.exit(main())
