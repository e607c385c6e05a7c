"""Which published paper a claimed one is, and what that says of each claimed field: pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ...models import (
    FieldCheck,
    NoticeKind,
    Paper,
    PaperField,
    PaperResolution,
    PublishedPaper,
    Verdict,
)
from .comparison import claimed_year, is_chinese, same_journal, same_title

# What a field tells about the identity of a paper, (when it agrees, when it does not). A title is worth more
# than a number: a slip in a number leads to another paper, a slip in a title to none.
_WEIGHTS = {
    PaperField.TITLE: (4, -3),
    PaperField.DOI: (2, -1),
    PaperField.PMID: (2, -1),
    PaperField.JOURNAL: (1, -1),
    PaperField.YEAR: (1, 0),
}
_SEVERITY = {NoticeKind.RETRACTION: 0, NoticeKind.CONCERN: 1, NoticeKind.ERRATUM: 2}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper that one of the claims led to: ``pmid``, ``doi`` or ``title``."""

    led_by: str
    paper: PublishedPaper


def merge_candidates(candidates: Iterable[Candidate]) -> list[Candidate]:
    """One candidate a paper: what several services say of the same PMID or DOI is put together."""
    merged: list[Candidate] = []
    for candidate in candidates:
        for index, known in enumerate(merged):
            if _same_paper(known.paper, candidate.paper):
                merged[index] = Candidate(known.led_by, _merged(known.paper, candidate.paper))
                break
        else:
            merged.append(candidate)
    return merged


def _same_paper(first: PublishedPaper, second: PublishedPaper) -> bool:
    if first.pmid and second.pmid:
        return first.pmid == second.pmid
    return bool(first.doi) and first.doi == second.doi


def _merged(first: PublishedPaper, second: PublishedPaper) -> PublishedPaper:
    known = {(notice.kind, notice.reference[-12:]) for notice in first.notices}
    return PublishedPaper(
        services=_union(first.services, second.services),
        titles=_union(first.titles, second.titles),
        journals=_union(first.journals, second.journals),
        issns=_union(first.issns, second.issns),
        years=tuple(dict.fromkeys((*first.years, *second.years))),
        doi=first.doi or second.doi,
        pmid=first.pmid or second.pmid,
        pmcid=first.pmcid or second.pmcid,
        abstract=first.abstract or second.abstract,
        notices=(
            *first.notices,
            *(each for each in second.notices if (each.kind, each.reference[-12:]) not in known),
        ),
    )


def _union(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def best_candidate(claimed: Paper, candidates: Sequence[Candidate]) -> Candidate | None:
    """The candidate that agrees best with all that is claimed; the earlier one of equals."""
    return max(candidates, key=lambda candidate: _agreement(claimed, candidate.paper), default=None)


def _agreement(claimed: Paper, found: PublishedPaper) -> int:
    points = {Verdict.MATCH: 0, Verdict.MISMATCH: 1}
    return sum(
        _WEIGHTS[check.field][points[check.verdict]] for check in _claimed(claimed, found) if check.verdict in points
    )


def has_title(claimed: Paper, candidates: Iterable[Candidate]) -> bool:
    """Whether one of the candidates has the claimed title."""
    title = claimed.title
    return title is not None and any(
        same_title(title, other) for candidate in candidates for other in candidate.paper.titles
    )


def searchable_title(claimed: Paper) -> str | None:
    """The title to search services for: none when it is Chinese or too short to tell papers apart."""
    title = claimed.title
    return title if title and not is_chinese(title) and len(title.split()) >= 3 else None


def verdict_on(
    claimed: Paper,
    chosen: Candidate | None,
    *,
    position: int,
    no_such_pmid: bool = False,
    unanswered: tuple[str, ...] = (),
) -> PaperResolution:
    """The resolution of a claimed paper.

    Args:
        chosen: what the claims led to; None when they led to nothing.
        no_such_pmid: PubMed answered that it does not know the claimed PMID.
        unanswered: services that could not be asked.
    """
    found = chosen.paper if chosen else PublishedPaper(services=())
    checks = list(_claimed(claimed, found))
    if no_such_pmid:
        checks = [_unknown_pmid(check) if check.field is PaperField.PMID else check for check in checks]
    if chosen is not None and _is_sure(checks):
        checks += _resolved(found, {check.field for check in checks})
    return PaperResolution(
        position=position,
        verdict=_overall(checks),
        fields=tuple(sorted(checks, key=lambda check: list(PaperField).index(check.field))),
        found_by=chosen.led_by if chosen else None,
        services=found.services,
        pmcid=found.pmcid if _is_sure(checks) else None,
        notices=tuple(sorted(found.notices, key=lambda notice: _SEVERITY[notice.kind])),
        unanswered=unanswered,
    )


def is_sure(resolution: PaperResolution) -> bool:
    """Whether the paper that was found is the one the article means, whatever slips it made."""
    return _is_sure(resolution.fields)


def _is_sure(checks: Iterable[FieldCheck]) -> bool:
    verdicts = {check.field: check.verdict for check in checks}
    if verdicts.get(PaperField.TITLE) is Verdict.MATCH:
        return True
    identified = Verdict.MATCH in (verdicts.get(PaperField.DOI), verdicts.get(PaperField.PMID))
    verdicts.pop(PaperField.YEAR, None)  # papers appear online in one year and in print in another
    return identified and Verdict.MISMATCH not in verdicts.values()


def _overall(checks: Sequence[FieldCheck]) -> Verdict:
    if any(check.verdict is Verdict.MISMATCH for check in checks):
        return Verdict.MISMATCH
    return Verdict.MATCH if _is_sure(checks) else Verdict.UNVERIFIABLE


def _unknown_pmid(check: FieldCheck) -> FieldCheck:
    return check if check.found is not None else check.model_copy(update={"verdict": Verdict.MISMATCH})


def _claimed(claimed: Paper, found: PublishedPaper) -> Iterator[FieldCheck]:
    """A check of every field that the article gives."""
    title = claimed.title or claimed.title_zh
    if title:
        same = any(same_title(title, other) for other in found.titles)
        comparable = claimed.title is not None and not is_chinese(title)
        yield _check(PaperField.TITLE, title, found.titles[:1], same=same or (None if not comparable else False))
    if claimed.journal is not None:
        same_name = same_journal(claimed.journal, names=found.journals, issns=found.issns)
        yield _check(PaperField.JOURNAL, claimed.journal.name, found.journals[:1], same=same_name)
    year = claimed_year(claimed.published)
    if year is not None:
        years = tuple(map(str, found.years))
        yield _check(PaperField.YEAR, str(year), years[:1], same=year in found.years)
    if claimed.doi is not None:
        yield _check(PaperField.DOI, claimed.doi, _one(found.doi), same=claimed.doi == found.doi)
    if claimed.pmid is not None:
        yield _check(PaperField.PMID, claimed.pmid, _one(found.pmid), same=claimed.pmid == found.pmid)


def _check(field: PaperField, claimed: str, found: tuple[str, ...], *, same: bool | None) -> FieldCheck:
    if not found or same is None:
        return FieldCheck(field=field, verdict=Verdict.UNVERIFIABLE, claimed=claimed, found=next(iter(found), None))
    return FieldCheck(field=field, verdict=Verdict.MATCH if same else Verdict.MISMATCH, claimed=claimed, found=found[0])


def _resolved(found: PublishedPaper, claimed: set[PaperField]) -> Iterator[FieldCheck]:
    values = {
        PaperField.TITLE: next(iter(found.titles), None),
        PaperField.JOURNAL: next(iter(found.journals), None),
        PaperField.YEAR: str(found.years[0]) if found.years else None,
        PaperField.DOI: found.doi,
        PaperField.PMID: found.pmid,
    }
    for field, value in values.items():
        if value is not None and field not in claimed:
            yield FieldCheck(field=field, verdict=Verdict.RESOLVED, found=value)


def _one(value: str | None) -> tuple[str, ...]:
    return () if value is None else (value,)
