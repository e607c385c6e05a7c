"""All services together: what each claimed paper leads to, asked in batches and no more often than needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from ...models import FetchError, Paper, PaperResolution, PublishedPaper
from .crossref import Crossref
from .europe_pmc import EuropePmc
from .pubmed import PubMed
from .service_client import Answer, ServiceContext
from .verdicts import Candidate, best_candidate, has_title, merge_candidates, searchable_title, verdict_on


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAddresses:
    """Where the services are, and who asks.

    Attributes:
        contact: a mail address; empty to give none.
        ncbi_api_key: empty for none.
    """

    ncbi: str
    crossref: str
    europe_pmc: str
    contact: str = ""
    ncbi_api_key: str = ""


@dataclass(slots=True)
class _Search:
    """What one claimed paper has led to so far."""

    claimed: Paper
    candidates: list[Candidate] = field(default_factory=list)
    unanswered: dict[str, str] = field(default_factory=dict)
    pubmed_knows_pmid: bool | None = None

    def take(self, led_by: str, service: str, answer: Answer) -> bool:
        """Adds what a service said; whether it led to a paper."""
        if isinstance(answer, FetchError):
            self.unanswered[service] = answer.message
            return False
        self.candidates = merge_candidates((*self.candidates, *(Candidate(led_by, paper) for paper in answer)))
        return bool(answer)


class BibliographicServices:
    """PubMed, Crossref and Europe PMC; a context manager, which closes the connections."""

    def __init__(self, addresses: ServiceAddresses, *, context: ServiceContext) -> None:
        contact = addresses.contact
        self._pubmed = PubMed(address=addresses.ncbi, api_key=addresses.ncbi_api_key, contact=contact, context=context)
        self._crossref = Crossref(address=addresses.crossref, contact=contact, context=context)
        self._europe_pmc = EuropePmc(address=addresses.europe_pmc, contact=contact, context=context)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pubmed.close()
        self._crossref.close()
        self._europe_pmc.close()

    def check(self, papers: Sequence[Paper]) -> list[tuple[PaperResolution, PublishedPaper | None]]:
        """Each claimed paper checked, with the paper that was found; positions are those in the sequence.

        Whatever fails is told in `PaperResolution.unanswered`.
        """
        searches = [_Search(paper) for paper in papers]
        self._by_numbers(searches)
        for search in searches:
            self._by_other_service(search)
            self._by_title(search)
        return [_resolution(search, position) for position, search in enumerate(searches)]

    def _by_numbers(self, searches: Sequence[_Search]) -> None:
        pmids = self._pubmed.by_pmids([each.claimed.pmid for each in searches if each.claimed.pmid])
        dois = [each.claimed.doi for each in searches if each.claimed.doi]
        pubmed_dois, crossref_dois = self._pubmed.by_dois(dois), self._crossref.by_dois(dois)
        for search in searches:
            # Of two equals the first counts: a number slips more easily than a DOI, which is copied.
            if search.claimed.doi:
                search.take("doi", "PubMed", pubmed_dois[search.claimed.doi])
                search.take("doi", "Crossref", crossref_dois[search.claimed.doi])
            if search.claimed.pmid:
                answer = pmids[search.claimed.pmid]
                found = search.take("pmid", "PubMed", answer)
                search.pubmed_knows_pmid = None if isinstance(answer, FetchError) else found

    def _by_other_service(self, search: _Search) -> None:
        """Europe PMC knows PubMed's papers when PubMed does not answer, and preprints when nobody does."""
        if search.candidates and not search.unanswered:
            return
        claimed = search.claimed
        if claimed.doi:
            search.take("doi", "Europe PMC", self._europe_pmc.by_doi(claimed.doi))
        if claimed.pmid and not search.pubmed_knows_pmid:
            search.take("pmid", "Europe PMC", self._europe_pmc.by_pmid(claimed.pmid))

    def _by_title(self, search: _Search) -> None:
        title = searchable_title(search.claimed)
        if title is None or has_title(search.claimed, search.candidates):
            return
        for name, by_title in (
            ("PubMed", self._pubmed.by_title),
            ("Europe PMC", self._europe_pmc.by_title),
            ("Crossref", self._crossref.by_title),
        ):
            if search.take("title", name, by_title(title)):
                self._complete(search)
                return

    def _complete(self, search: _Search) -> None:
        """Asks Crossref about what the title led to: it knows retractions before PubMed does."""
        best = best_candidate(search.claimed, search.candidates)
        if best is not None and best.paper.doi and "Crossref" not in best.paper.services:
            search.take("title", "Crossref", self._crossref.by_dois([best.paper.doi])[best.paper.doi])


def _resolution(search: _Search, position: int) -> tuple[PaperResolution, PublishedPaper | None]:
    best = best_candidate(search.claimed, search.candidates)
    resolution = verdict_on(
        search.claimed,
        best,
        position=position,
        no_such_pmid=search.pubmed_knows_pmid is False and not _knows_pmid(search),
        unanswered=tuple(f"{service}: {reason}" for service, reason in search.unanswered.items()),
    )
    return resolution, best.paper if best else None


def _knows_pmid(search: _Search) -> bool:
    return any(candidate.paper.pmid == search.claimed.pmid for candidate in search.candidates)
