"""How records, outcomes and counts look on a terminal. Everything that articles say is made harmless first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from rich.console import Console
from rich.text import Text

from ..models import (
    DigestRecord,
    Failed,
    Finding,
    FindingRole,
    Mention,
    Outcome,
    PageState,
    Paper,
    RecordResolution,
    Skipped,
    Stored,
)
from ..models.correction import Correction
from ..storage import StatusReport
from .hit_lines import origin
from .resolution_lines import confirmed_line, paper_lines
from .screen import plain

_HIGHLIGHT = "bold yellow"
_READABLE = frozenset(state.value for state in PageState if state.readable)


def highlighted(console: Console, text: str, spans: Sequence[tuple[int, int]]) -> Text:
    """Text with the spans set off: by colour on a terminal, by « » elsewhere."""
    shown = Text()
    place = 0
    for start, end in spans:
        shown.append(plain(text[place:start]))
        inside = plain(text[start:end])
        shown.append(inside if console.is_terminal else f"«{inside}»", style=_HIGHLIGHT)
        place = end
    shown.append(plain(text[place:]))
    return shown


def show_record(console: Console, record: DigestRecord, resolution: RecordResolution | None = None) -> None:
    """A record for reading: what it is, its papers, what it names, and the evidence of its findings.

    Args:
        resolution: what services said of its papers.
    """
    article = record.article
    console.print(Text(plain(article.title), style="bold"))
    console.print(Text(origin(article.id, article.account, article.published_at) + f" · {article.kind}", style="dim"))
    if article.url:
        console.print(Text(plain(article.url), style="dim"))
    checks = {each.position: each for each in resolution.papers} if resolution else {}
    for position, paper in enumerate(record.papers):
        for line in _paper_lines(paper):
            console.print(Text(plain(line)))
        for line in paper_lines(checks[position]) if position in checks else ():
            console.print(Text(f"    {plain(line)}", style="dim"))
    for label, names in _named(record):
        if names:
            console.print(Text(f"{label}: ", style="bold").append(plain(", ".join(names))))
    if resolution and resolution.confirmed_genes:
        console.print(Text(plain(confirmed_line(resolution)), style="dim"))
    if record.findings:
        console.print(Text("findings:", style="bold"))
    for finding in record.findings:
        console.print(_finding_line(console, record, finding))


def show_corrections(console: Console, corrections: Sequence[Correction]) -> None:
    """What curators said of a record's claims."""
    if corrections:
        console.print(Text("curated:", style="bold"))
    for each in corrections:
        console.print(Text(f"  {plain(str(each))} ({plain(each.curator)}, {each.curated_at:%Y-%m-%d})"))


def _paper_lines(paper: Paper) -> Iterator[str]:
    journal = paper.journal.name if paper.journal else None
    factor = f"IF {paper.impact_factor:g}" if paper.impact_factor is not None else None
    yield f"{paper.role} paper: {paper.title or paper.title_zh or journal or '(no title)'}"
    if paper.title and paper.title_zh:
        yield f"    {paper.title_zh}"
    facts = (
        journal,
        paper.published,
        factor,
        paper.quartile,
        paper.doi and f"DOI {paper.doi}",
        paper.pmid and f"PMID {paper.pmid}",
        paper.pmcid,
        paper.other_id,
        paper.url,
    )
    told = " · ".join(filter(None, facts))
    if told:
        yield f"    {told}"


def _named(record: DigestRecord) -> Iterator[tuple[str, list[str]]]:
    central = [gene.symbol for gene in record.genes if gene.central]
    yield "central genes", central
    yield "other genes", [gene.symbol for gene in record.genes if not gene.central and not gene.family]
    yield "gene families", [gene.symbol for gene in record.genes if gene.family and not gene.central]
    yield "methods", [method.name for method in record.methods]
    yield "tools", [tool.name for tool in record.tools]
    yield "diseases", [disease.name for disease in record.diseases]
    yield "accessions", [f"{accession.kind} {accession.value}" for accession in record.accessions]


def _finding_line(console: Console, record: DigestRecord, finding: Finding) -> Text:
    spans = sorted(
        {
            (max(mention.start, finding.start) - finding.start, mention.end - finding.start)
            for mention in _named_mentions(record)
            if mention.part == "text" and finding.start <= mention.start < mention.end <= finding.end
        }
    )
    mark = "*" if finding.key else "-"
    role = "" if finding.role is FindingRole.FINDING else f"[{finding.role}] "
    place = Text(f" ({finding.start}-{finding.end})", style="dim")
    sentence = highlighted(console, finding.text, _apart(spans))
    return Text(f"  {mark} {role}").append_text(sentence).append_text(place)


def _named_mentions(record: DigestRecord) -> Iterator[Mention]:
    for gene in record.genes:
        yield from gene.mentions
    for disease in record.diseases:
        yield from disease.mentions


def _apart(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, end in spans:
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def outcome_line(outcome: Outcome) -> str:
    """One outcome as a line of a log."""
    if isinstance(outcome, Stored):
        return f"{outcome.change}: {plain(outcome.ref.location)} {plain(outcome.title)}".rstrip()
    if isinstance(outcome, Skipped):
        return f"skipped: {plain(outcome.ref.location)}: {plain(outcome.reason)}"
    return f"failed: {plain(outcome.ref.location)}: {plain(_without_location(outcome))}"


def _without_location(outcome: Failed) -> str:
    return outcome.reason.removeprefix(f"{outcome.ref.location}: ")


def show_status(console: Console, report: StatusReport) -> None:
    """What is in the database and what failed."""
    kinds = ", ".join(f"{count} {kind}" for kind, count in report.articles_by_kind.items())
    console.print(f"articles: {report.articles}" + (f" ({kinds})" if kinds else ""))
    for source, count in report.articles_by_source.items():
        last = report.last_harvests.get(source)
        when = f", last harvest {local_time(last)}" if last else ""
        console.print(f"source {source}: {count} articles{when}")
    states = ", ".join(f"{count} {state}" for state, count in report.pages_by_state.items())
    console.print(f"pages: {states or 'none'}")
    console.print(f"database: {report.database_bytes / 1e6:.1f} MB")
    for page in report.failed:
        when = f"next try {local_time(page.next_try_at)}" if page.next_try_at else "not tried again"
        line = f"  {page.state}: {plain(page.location)}: {plain(page.reason)} (failed {page.attempts}×, {when})"
        console.print(Text(line))
    untold = sum(count for state, count in report.pages_by_state.items() if state not in _READABLE)
    if untold > len(report.failed):
        console.print(f"  … and {untold - len(report.failed)} more")


def local_time(moment: datetime) -> str:
    """A moment in the time of this machine, to the minute."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
