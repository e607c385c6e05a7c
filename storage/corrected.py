"""Applying corrections to a record: pure, and all at once, so that one never meets what another made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from ..models import DigestRecord
from ..models.correction import Correction, Verdict
from .claims import PAPER_FIELDS, claims, paper_value

_Key = tuple[str, str, str]
_CONCEPTS = {
    "genes": ("gene", "symbol", "hgnc_id"),
    "methods": ("method", "name", "id"),
    "tools": ("tool", "name", None),
    "diseases": ("disease", "name", "id"),
    "accessions": ("accession", "value", None),
}


def corrected(record: DigestRecord, corrections: Iterable[Correction]) -> DigestRecord:
    """The record as its curators want it; corrections of claims it does not make have no effect.

    Raises:
        ValidationError: a new value does not fit its field.
    """
    said = {(each.field, each.value, each.pmid): each for each in corrections}
    data = record.model_dump()
    kind = said.get(("article.kind", record.article.kind.value, ""))
    if kind and kind.verdict is Verdict.CHANGE:
        data["article"]["kind"] = kind.new_value
    data["papers"] = [_paper(said, paper, row) for paper, row in zip(record.papers, data["papers"], strict=True)]
    data["papers"] = [row for row in data["papers"] if any(row[field] is not None for field in PAPER_FIELDS)]
    for name, (field, key, id_key) in _CONCEPTS.items():
        kept = [_concept(said.get((field, row[key], "")), row, key, id_key) for row in data[name]]
        data[name] = _merged([row for row in kept if row is not None], key)
    rows = [_finding(said, row, record.article.text) for row in data["findings"]]
    data["findings"] = [row for row in rows if row is not None]
    return DigestRecord.model_validate(data)


def reason_against(record: DigestRecord, correction: Correction) -> str:
    """Why a correction cannot be applied to a record, empty if it can."""
    if correction.verdict is Verdict.CHANGE and not correction.new_value:
        return "a change needs a new value"
    if correction.field == "article.kind" and correction.verdict is Verdict.REJECT:
        return "the kind of an article can be changed, not rejected"
    found = [claim for claim in claims(record) if (claim.field, claim.value) == (correction.field, correction.value)]
    if not found:
        return "the record makes no such claim"
    # A PMID only tells papers with the same value apart: it may itself have been corrected since.
    is_narrowed = correction.pmid and correction.field.startswith("paper.") and len(found) > 1
    if is_narrowed and correction.pmid not in {claim.pmid for claim in found}:
        return f"no paper with PMID {correction.pmid} has this value"
    is_sentence = correction.verdict is Verdict.CHANGE and _is_finding(correction.field)
    if is_sentence and correction.new_value not in record.article.text:
        return "a sentence can only be changed into words of the article's text"
    try:
        corrected(record, [correction])
    except ValidationError as error:
        return f"the new value does not fit: {error.errors()[0]['msg']}"
    return ""


def narrowed_pmid(record: DigestRecord, correction: Correction) -> str:
    """The PMID a correction keeps: none unless several papers of the record have the same value."""
    same = [claim for claim in claims(record) if (claim.field, claim.value) == (correction.field, correction.value)]
    return correction.pmid if correction.field.startswith("paper.") and len(same) > 1 else ""


def _paper(said: Mapping[_Key, Correction], paper: Any, row: dict[str, Any]) -> dict[str, Any]:
    for field in PAPER_FIELDS:
        value = paper_value(paper, field)
        name = f"paper.{field}"
        correction = None
        if value is not None:
            correction = said.get((name, value, paper.pmid or "")) or said.get((name, value, ""))
        if correction is None or correction.verdict is Verdict.ACCEPT:
            continue
        if correction.verdict is Verdict.REJECT:
            row[field] = None
            row["mentions"] = [mention for mention in row["mentions"] if mention["field"] != field]
        elif field == "journal":
            row["journal"] |= {"name": correction.new_value, "abbreviation": None, "issn": correction.new_id or None}
        else:
            row[field] = correction.new_value
    return row


def _concept(correction: Correction | None, row: dict[str, Any], key: str, id_key: str | None) -> dict[str, Any] | None:
    if correction is None or correction.verdict is Verdict.ACCEPT:
        return row
    if correction.verdict is Verdict.REJECT:
        return None
    row[key] = correction.new_value
    if id_key:
        row[id_key] = correction.new_id or None
    if key == "symbol":
        row["name"] = None  # it was the other gene's
    if key == "value" and ":" in correction.new_id:
        row["kind"] = correction.new_id.split(":", 1)[0]
    return row


def _merged(rows: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    """Rows that came to have one name, as one."""
    merged: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        first = merged.setdefault((row.get("kind", ""), row[key]), row)
        if first is row:
            continue
        mentions = {(each["part"], each["start"], each["end"]): each for each in (*first["mentions"], *row["mentions"])}
        first["mentions"] = [mentions[place] for place in sorted(mentions)]
        for name in ("central", "score"):
            if name in row:
                first[name] = max(first[name], row[name])
        for name in ("hgnc_id", "id", "name"):
            if name in row:
                first[name] = first[name] or row[name]
    return list(merged.values())


def _finding(said: Mapping[_Key, Correction], row: dict[str, Any], text: str) -> dict[str, Any] | None:
    row["genes"] = list(dict.fromkeys(filter(None, map(_renamed_by(said), row["genes"]))))
    correction = said.get((row["role"].value, row["text"], ""))
    if correction is None or correction.verdict is Verdict.ACCEPT:
        return row
    if correction.verdict is Verdict.REJECT:
        return None
    start = _nearest(text, correction.new_value, row["start"])
    return {**row, "text": correction.new_value, "start": start, "end": start + len(correction.new_value)}


def _renamed_by(said: Mapping[_Key, Correction]) -> Callable[[str], str | None]:
    def renamed(symbol: str) -> str | None:
        correction = said.get(("gene", symbol, ""))
        if correction is None or correction.verdict is Verdict.ACCEPT:
            return symbol
        return None if correction.verdict is Verdict.REJECT else correction.new_value

    return renamed


def _nearest(text: str, words: str, place: int) -> int:
    """Where the words are, nearest to a place; 0 when nowhere, which the record then refuses."""
    before, after = text.rfind(words, 0, place + len(words)), text.find(words, place)
    found = [start for start in (before, after) if start >= 0]
    return min(found, key=lambda start: abs(start - place), default=0)


def _is_finding(field: str) -> bool:
    return field in ("finding", "conclusion", "limitation")
