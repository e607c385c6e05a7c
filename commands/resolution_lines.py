"""What services said of a paper, as lines to read."""

from __future__ import annotations

from collections.abc import Iterator

from ..models import FieldCheck, PaperField, PaperResolution, RecordResolution, Verdict

_NAMES = {PaperField.DOI: "DOI", PaperField.PMID: "PMID"}


def paper_lines(resolution: PaperResolution) -> Iterator[str]:
    """The verdict, what does not fit, what was filled in, notices, and what could not be asked."""
    fields = {verdict: [] for verdict in Verdict}  # type: dict[Verdict, list[FieldCheck]]
    for check in resolution.fields:
        fields[check.verdict].append(check)
    agreeing = ", ".join(map(_name, fields[Verdict.MATCH]))
    yield f"{resolution.verdict}" + (f": {agreeing}" if agreeing else "") + _by(resolution)
    for notice in resolution.notices:
        yield f"{notice.kind.upper()} {notice.reference}".rstrip()
    for check in fields[Verdict.MISMATCH]:
        told = check.found or "no service knows it"
        yield f"{_name(check)}: the article says {check.claimed}; found: {told}"
    resolved = [f"{_name(check)} {check.found}" for check in fields[Verdict.RESOLVED]]
    if resolved:
        yield f"resolved: {' · '.join(resolved)}"
    yield from (f"not answered: {reason}" for reason in resolution.unanswered)


def confirmed_line(resolution: RecordResolution) -> str:
    """The genes that abstracts name, too; empty when there are none."""
    return f"confirmed by an abstract: {', '.join(resolution.confirmed_genes)}" if resolution.confirmed_genes else ""


def _name(check: FieldCheck) -> str:
    return _NAMES.get(check.field, check.field.value)


def _by(resolution: PaperResolution) -> str:
    return f" ({', '.join(resolution.services)})" if resolution.services else ""
