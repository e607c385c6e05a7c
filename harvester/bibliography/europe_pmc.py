"""Europe PMC's search (https://europepmc.org/RestfulWebService): what PubMed has, and preprints besides."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...models import FetchError, Notice, NoticeKind, PublishedPaper
from .answer_values import (
    checked_doi,
    checked_pmcid,
    checked_pmid,
    json_object,
    objects,
    plain_text,
    printed_title,
    strings,
    years_in,
)
from .comparison import same_title, title_words
from .service_client import Answer, ServiceClient, ServiceContext

NAME = "Europe PMC"
CANDIDATES = 5
_DELAY = 0.2
_NOTICES = {
    "retraction in": NoticeKind.RETRACTION,
    "expression of concern in": NoticeKind.CONCERN,
    "erratum in": NoticeKind.ERRATUM,
    "corrected and republished in": NoticeKind.ERRATUM,
}


class EuropePmc:
    """Looks papers up at Europe PMC.

    Args:
        contact: a mail address, sent as Europe PMC asks heavy users to; may be empty.
    """

    def __init__(self, *, address: str, contact: str, context: ServiceContext) -> None:
        self._client = ServiceClient(
            NAME, address=address, delay=_DELAY, parameters={"email": contact}, context=context
        )

    def close(self) -> None:
        self._client.close()

    def by_pmid(self, pmid: str) -> Answer:
        """The paper of a PMID."""
        return self._answer(f"EXT_ID:{pmid} AND SRC:MED")

    def by_doi(self, doi: str) -> Answer:
        """The paper of a DOI."""
        return self._answer(f'DOI:"{doi}"')

    def by_title(self, title: str) -> Answer:
        """The papers that have this title."""
        found = self._answer(" AND ".join(f"TITLE:{word}" for word in title_words(title)))
        if isinstance(found, FetchError):
            return found
        return tuple(paper for paper in found if any(same_title(title, each) for each in paper.titles))

    def _answer(self, query: str) -> Answer:
        kept = self._client.answers([query], ask=self._search)[query]
        if isinstance(kept, FetchError):
            return kept
        return tuple(map(read_result, objects(json.loads(kept)))) if kept else ()

    def _search(self, questions: Sequence[str]) -> dict[str, str]:
        wanted = {"query": questions[0], "format": "json", "resultType": "core", "pageSize": str(CANDIDATES)}
        results = self._client.get("/search", wanted, parse=_results)
        return {questions[0]: json.dumps(results, ensure_ascii=False)} if results else {}


def _results(content: bytes) -> tuple[dict[str, Any], ...]:
    answer = json_object(content)
    result_list = answer.get("resultList")
    if not isinstance(result_list, dict):
        raise ValueError(str(answer.get("errMsg") or "no resultList"))
    return objects(result_list.get("result"))


def read_result(result: Mapping[str, Any]) -> PublishedPaper:
    """The paper that a search result of type ``core`` describes."""
    info = _object(result.get("journalInfo"))
    journal = _object(info.get("journal"))
    publisher = _object(result.get("bookOrReportDetails")).get("publisher")  # of a preprint: its server
    dates = (result.get("pubYear"), info.get("yearOfPublication"), result.get("firstPublicationDate"))
    names = (journal.get("title"), journal.get("isoabbreviation"), journal.get("medlineAbbreviation"), publisher)
    pmid = result.get("pmid") or (result.get("id") if result.get("source") == "MED" else None)
    return PublishedPaper(
        services=(NAME,),
        titles=tuple(map(printed_title, strings(result.get("title")))),
        journals=tuple(dict.fromkeys(name for each in names for name in strings(each))),
        issns=(*strings(journal.get("issn")), *strings(journal.get("essn"))),
        years=tuple(dict.fromkeys(year for date in dates if date for year in years_in(str(date)))),
        doi=checked_doi(result.get("doi")),
        pmid=checked_pmid(pmid),
        pmcid=checked_pmcid(result.get("pmcid")),
        abstract=plain_text(str(result.get("abstractText") or "")),
        notices=tuple(_notices(result)),
    )


def _notices(result: Mapping[str, Any]) -> Iterator[Notice]:
    told = False
    for each in objects(_object(result.get("commentCorrectionList")).get("commentCorrection")):
        kind = _NOTICES.get(str(each.get("type", "")).strip().lower())
        if kind is not None:
            told = told or kind is NoticeKind.RETRACTION
            pmid = checked_pmid(each.get("id")) if each.get("source") == "MED" else None
            words = (*strings(each.get("reference")), f"PMID {pmid}" if pmid else "")
            yield Notice(kind=kind, reference=" ".join(filter(None, words)))
    types = {each.lower() for each in strings(_object(result.get("pubTypeList")).get("pubType"))}
    if "retracted publication" in types and not told:
        yield Notice(kind=NoticeKind.RETRACTION)


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
