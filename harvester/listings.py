"""What sources that list articles page by page have in common: asking for a page of the list, knowing when to stop."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol

from ..models import FetchError, PageProblem, PageRef, PageState, RawPage, SourceError
from .page_state import is_wechat_page, read_state


class Fetches(Protocol):
    """The one way to the network: `HttpFetcher`."""

    def fetch(self, ref: PageRef) -> RawPage: ...


def fetch_listing(http: Fetches, address: str, *, source: str) -> RawPage:
    """One page of a list.

    Raises:
        SourceError: it did not come; the cause tells whether another try can help.
    """
    try:
        return http.fetch(PageRef(location=address, source=source))
    except FetchError as error:
        raise SourceError(
            f"the list did not come: {error.message}", subject=address, hint=error.hint, problem=error
        ) from error


def read_json(page: RawPage) -> Any:
    """The value a listing page holds.

    Raises:
        SourceError: it is no JSON; where it is a failure page of WeChat's, the error names its state.
    """
    try:
        return json.loads(page.content)
    except (ValueError, RecursionError) as error:
        raise not_a_listing(page, wanted="JSON") from error


def not_a_listing(page: RawPage, *, wanted: str) -> SourceError:
    """The error for a page that came in place of a list."""
    subject = page.ref.location
    if is_wechat_page(page.content, page.final_url):
        reading = read_state(page.content, page.final_url)
        if reading.state is not PageState.UNKNOWN:
            problem = PageProblem(ref=page.ref, state=reading.state, evidence=reading.evidence)
            return SourceError(
                f"the list did not come: {reading.state} ({reading.evidence})", subject=subject, problem=problem
            )
    return SourceError(
        f"not {wanted}: {page.content[:40]!r}", subject=subject, hint="open the address and see what it answers"
    )


def unknown_refs(
    pages: Iterable[Sequence[PageRef]], *, known: Callable[[str], bool], complete: bool
) -> Iterator[PageRef]:
    """What a list, newest first, has that is not known yet; asks for no more of its pages than needed.

    Args:
        pages: the pages of the list; each is asked for when it is reached.
        known: whether nothing is to be done about a location.
        complete: whether an earlier listing came to its end. Only then does a page of nothing but known
            articles mean that the rest is known too: after a run that was cut short it is not.
    """
    listed: set[str] = set()
    for page in pages:
        new = [ref for ref in dict.fromkeys(page) if ref.location not in listed]
        listed.update(ref.location for ref in new)
        unknown = [ref for ref in new if not known(ref.location)]
        yield from unknown
        # A server that ignores the cursor answers with the same page for ever.
        if page and (not new or (complete and not unknown)):
            return
