"""Wires the checking of claimed papers: records → services → verdicts, stored beside the claims.

    iterate_with_resolutions ─▶ is it due? ─▶ services.check ─▶ genes of the abstract ─▶ put_resolution

What could not be asked is noted in the resolution, which makes it due again in the next run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from .config import Settings
from .extractors.knowledge import Knowledge
from .extractors.named_genes import genes_named
from .harvester.bibliography.service_client import AnswerCache, ServiceContext
from .harvester.bibliography.services import BibliographicServices, ServiceAddresses
from .harvester.bibliography.verdicts import is_sure
from .harvester.clock import Clock
from .models import DigestRecord, PaperResolution, PublishedPaper, RecordResolution, claims_sha256
from .pipeline import fetch_options
from .storage import SearchQuery, Store

# Records whose papers are asked for together: services take many PMIDs and DOIs in one request.
BATCH_SIZE = 40


def open_services(
    settings: Settings, *, cache: AnswerCache, clock: Clock | None = None, offline: bool = False
) -> BibliographicServices:
    """The services at the addresses of the settings; use it as a context manager."""
    addresses = ServiceAddresses(
        ncbi=settings.ncbi_address,
        crossref=settings.crossref_address,
        europe_pmc=settings.europe_pmc_address,
        contact=settings.contact,
        ncbi_api_key=settings.ncbi_api_key,
    )
    context = ServiceContext(
        options=fetch_options(settings),
        cache=cache,
        clock=clock or Clock(),
        max_age=timedelta(days=settings.resolve_again_days),
        offline=offline,
    )
    return BibliographicServices(addresses, context=context)


class Resolver:
    """Checks the papers of stored records.

    Args:
        store: open for writing.
        services: to be asked.
        knowledge: with the matcher that the records' genes were found with.
        now: dates the resolutions.
        max_age: an older resolution is made again.
    """

    def __init__(
        self,
        *,
        store: Store,
        services: BibliographicServices,
        knowledge: Callable[[], Knowledge],
        now: Callable[[], datetime],
        max_age: timedelta,
    ) -> None:
        self._store = store
        self._services = services
        self._knowledge = knowledge
        self._now = now
        self._max_age = max_age

    def resolve(self, query: SearchQuery, *, limit: int | None = None) -> Iterator[RecordResolution]:
        """Checks the records a query finds that are due, newest first; each is stored when it is yielded.

        Stopped and run again, it goes on with what is left.

        Args:
            limit: at most so many records; None for all.

        Raises:
            StorageError, QueryError, LexiconError: nothing else could be done, either.
        """
        due = (
            record for record, earlier in self._store.iterate_with_resolutions(query) if self.is_due(record, earlier)
        )
        wanted = islice(due, limit)
        while batch := list(islice(wanted, BATCH_SIZE)):
            yield from self._resolve_batch(batch)

    def is_due(self, record: DigestRecord, earlier: RecordResolution | None) -> bool:
        """Whether a record was never checked, not wholly, long ago, or claims something else now."""
        if earlier is None or not earlier.complete or not earlier.is_about(record):
            return True
        return self._now() - earlier.checked_at > self._max_age

    def _resolve_batch(self, records: Sequence[DigestRecord]) -> Iterator[RecordResolution]:
        checked = iter(self._services.check([paper for record in records for paper in record.papers]))
        for record in records:
            papers = tuple(
                self._confirmed(record, resolution.model_copy(update={"position": position}), found)
                for position, (resolution, found) in enumerate(islice(checked, len(record.papers)))
            )
            resolution = RecordResolution(
                article_id=record.article.id,
                claims_sha256=claims_sha256(record),
                checked_at=self._now(),
                papers=papers,
            )
            self._store.put_resolution(resolution)
            yield resolution

    def _confirmed(
        self, record: DigestRecord, resolution: PaperResolution, found: PublishedPaper | None
    ) -> PaperResolution:
        """With the genes that the abstract names, too."""
        if found is None or not is_sure(resolution) or not record.genes:
            return resolution
        named = genes_named(" ".join((*found.titles, found.abstract)), knowledge=self._knowledge())
        confirmed = tuple(gene.symbol for gene in record.genes if gene.symbol in named)
        return resolution.model_copy(update={"confirmed_genes": confirmed})
