"""Gets a published lexicon from its address: a large file that comes seldom, so with more patience than a page."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from ..models import FetchError, PageRef
from .clock import Clock
from .fetch import HttpFetcher
from .fetch_options import MEBIBYTE, FetchOptions
from .hosts import Resolve, resolve_host

# HGNC's complete set is 16 MiB, the Disease Ontology 8, NLM's list 5; none has less than a tenth of one.
LARGEST = 128 * MEBIBYTE
SMALLEST = 20_000
_PATIENCE_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Download:
    """A file as it came.

    Attributes:
        modified: ISO date of the last change, as the server gives it; empty when it does not.
    """

    content: bytes
    modified: str


def download_lexicon(
    address: str,
    *,
    options: FetchOptions,
    clock: Clock | None = None,
    resolve: Resolve = resolve_host,
    smallest: int = SMALLEST,
) -> Download:
    """The file at an address.

    Raises:
        FetchError: no answer, or one that is too large or too small to be a lexicon.
    """
    patient = dataclasses.replace(options, total_timeout=_PATIENCE_SECONDS, max_page_bytes=LARGEST)
    fetcher = HttpFetcher(options=patient, clock=clock, resolve=resolve)
    try:
        page = fetcher.fetch(PageRef(address, "lexicon"))
    finally:
        fetcher.close()
    if len(page.content) < smallest:
        raise FetchError(
            f"only {len(page.content):,} bytes, too few for a lexicon", subject=address, hint="check the address"
        )
    return Download(page.content, _day(page.headers.get("last-modified", "")))


def _day(header: str) -> str:
    try:
        return parsedate_to_datetime(header).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
