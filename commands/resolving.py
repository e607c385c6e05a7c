"""`resolve`: claimed papers against PubMed, Crossref and Europe PMC."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Annotated

import typer

from ..models import PaperResolution, RecordResolution, Verdict
from ..storage import SearchQuery, open_store
from .common import EXIT_NOTHING_DONE, EXIT_SOME_FAILED, Config, Database, counted_noun, settings_from
from .filter_options import takes_filters
from .resolution_lines import paper_lines
from .screen import harmless_json, plain

_VERDICTS = (Verdict.MATCH, Verdict.MISMATCH, Verdict.UNVERIFIABLE)


@takes_filters
def resolve(
    filters: SearchQuery,
    limit: Annotated[int | None, typer.Option("--limit", "-n", min=1, help="Check at most so many records.")] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Answer from what services said earlier.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a record.")] = False,
    db: Database = None,
    config: Config = None,
) -> None:
    """Check the papers that records name against PubMed, Crossref and Europe PMC.

    What the services say is stored beside the claims: match, mismatch or unverifiable for each field, identifiers
    that were missing, retractions and errata, and which genes the abstract names as well. Stopped or cut off, it
    goes on where it was when run again.
    """
    from datetime import timedelta

    from ..extractors.knowledge import load_knowledge
    from ..harvester.clock import Clock
    from ..resolving import Resolver, open_services

    settings = settings_from(config, database=db)
    clock, counts = Clock(), _Counts()
    with open_store(settings.database) as store, open_services(settings, cache=store, offline=offline) as services:
        resolver = Resolver(
            store=store,
            services=services,
            knowledge=cache(lambda: load_knowledge(settings.data_folder)),  # a second, and only with genes to confirm
            now=clock.now,
            max_age=timedelta(days=settings.resolve_again_days),
        )
        for resolution in resolver.resolve(filters, limit=limit):
            counts.add(resolution)
            if as_json:
                typer.echo(harmless_json(resolution.model_dump_json()))
            else:
                _show(resolution)
    if not as_json:
        typer.echo(counts.told())
    for reason, number in counts.unanswered.most_common():
        typer.echo(f"not answered for {counted_noun(number, 'paper')}: {plain(reason)}; run it again later", err=True)
    if counts.unanswered:
        raise typer.Exit(EXIT_SOME_FAILED if counts.answered else EXIT_NOTHING_DONE)


class _Counts:
    """What a run came to."""

    def __init__(self) -> None:
        self.records = 0
        self.answered = 0
        self.verdicts: Counter[Verdict] = Counter()
        self.retracted = 0
        self.unanswered: Counter[str] = Counter()

    def add(self, resolution: RecordResolution) -> None:
        self.records += 1
        for paper in resolution.papers:
            self.verdicts[paper.verdict] += 1
            self.retracted += paper.retracted
            self.answered += bool(paper.services) or not paper.unanswered
            self.unanswered.update(paper.unanswered)

    def told(self) -> str:
        if not self.records:
            return "nothing to check: every record that was found is checked, or names no paper"
        verdicts = [f"{self.verdicts[verdict]} {verdict}" for verdict in _VERDICTS if self.verdicts[verdict]]
        if self.retracted:
            verdicts.append(f"{self.retracted} retracted")
        papers = counted_noun(self.verdicts.total(), "paper")
        return f"checked {papers} of {counted_noun(self.records, 'record')}: {', '.join(verdicts)}"


def _show(resolution: RecordResolution) -> None:
    """Nothing of papers that agree, so that what needs a look stands out."""
    telling = [paper for paper in resolution.papers if _needs_a_look(paper)]
    if not telling:
        return
    typer.echo(f"{resolution.article_id}")
    for paper in telling:
        for indent, line in zip(("  ", *["      "] * 20), paper_lines(paper), strict=False):
            typer.echo(f"{indent}{plain(line)}")


def _needs_a_look(paper: PaperResolution) -> bool:
    return paper.verdict is Verdict.MISMATCH or bool(paper.notices)
