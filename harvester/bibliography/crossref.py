"""Crossref's REST API: works by DOI and by title (https://api.crossref.org/swagger-ui/index.html).

A mail address takes requests to the polite pool. Retractions and corrections, Retraction Watch's among them,
are in ``updated-by`` (https://www.crossref.org/documentation/retrieve-metadata/retraction-watch/).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...models import FetchError, Notice, NoticeKind, PublishedPaper
from .answer_values import checked_doi, json_object, objects, strings
from .comparison import same_title
from .service_client import Answer, ServiceClient, ServiceContext

NAME = "Crossref"
DOIS_AT_ONCE = 20
CANDIDATES = 5
_DELAY, _DELAY_POLITE = 1.0, 0.2
_NOTICES = {
    "retraction": NoticeKind.RETRACTION,
    "withdrawal": NoticeKind.RETRACTION,
    "removal": NoticeKind.RETRACTION,
    "partial_retraction": NoticeKind.RETRACTION,
    "expression_of_concern": NoticeKind.CONCERN,
    "correction": NoticeKind.ERRATUM,
    "corrigendum": NoticeKind.ERRATUM,
    "erratum": NoticeKind.ERRATUM,
}
_DATES = ("published", "published-print", "published-online", "issued", "posted")


class Crossref:
    """Looks papers up at Crossref.

    Args:
        contact: a mail address, for the polite pool; may be empty.
    """

    def __init__(self, *, address: str, contact: str, context: ServiceContext) -> None:
        self._client = ServiceClient(
            NAME,
            address=address,
            delay=_DELAY_POLITE if contact else _DELAY,
            parameters={"mailto": contact},
            context=context,
        )

    def close(self) -> None:
        self._client.close()

    def by_dois(self, dois: Sequence[str]) -> dict[str, Answer]:
        """The paper of each DOI; DOIs of other agencies lead to none."""
        kept = self._client.answers([f"doi:{doi}" for doi in dois], ask=self._fetch, batch=DOIS_AT_ONCE)
        return {question.removeprefix("doi:"): _papers(answer) for question, answer in kept.items()}

    def by_title(self, title: str) -> Answer:
        """The papers that have this title."""
        question = f"title:{title}"
        return _papers(self._client.answers([question], ask=self._search)[question])

    def _fetch(self, questions: Sequence[str]) -> dict[str, str]:
        names = ",".join(question for question in questions)  # each is "doi:10.…", which is Crossref's filter
        items = self._client.get("/works", {"filter": names, "rows": str(len(questions))}, parse=_items)
        by_doi = {f"doi:{checked_doi(item.get('DOI'))}": item for item in items}
        return {question: _kept([by_doi[question]]) for question in questions if question in by_doi}

    def _search(self, questions: Sequence[str]) -> dict[str, str]:
        title = questions[0].removeprefix("title:")
        found = self._client.get("/works", {"query.bibliographic": title, "rows": str(CANDIDATES)}, parse=_items)
        same = [item for item in found if any(same_title(title, each) for each in strings(item.get("title")))]
        return {questions[0]: _kept(same)} if same else {}


def _items(content: bytes) -> tuple[dict[str, Any], ...]:
    message = json_object(content).get("message")
    if not isinstance(message, dict) or not isinstance(message.get("items"), list):
        raise ValueError("no message.items")
    return objects(message["items"])


def _kept(items: Sequence[Mapping[str, Any]]) -> str:
    # The reference list is most of a work's size, and nothing here reads it.
    return json.dumps([{k: v for k, v in item.items() if k != "reference"} for item in items], ensure_ascii=False)


def _papers(answer: str | FetchError) -> Answer:
    if isinstance(answer, FetchError):
        return answer
    return tuple(map(read_work, objects(json.loads(answer)))) if answer else ()


def read_work(work: Mapping[str, Any]) -> PublishedPaper:
    """The paper that a work describes."""
    institutions = tuple(name for each in objects(work.get("institution")) for name in strings(each.get("name")))
    titles = strings(work.get("title"))
    subtitles = strings(work.get("subtitle"))
    return PublishedPaper(
        services=(NAME,),
        titles=(*(f"{title}: {subtitle}" for title in titles[:1] for subtitle in subtitles[:1]), *titles),
        # A preprint has no journal, but a server.
        journals=(*strings(work.get("container-title")), *strings(work.get("short-container-title")), *institutions),
        issns=strings(work.get("ISSN")),
        years=tuple(dict.fromkeys(_years(work))),
        doi=checked_doi(work.get("DOI")),
        abstract=" ".join(strings(work.get("abstract"))),
        notices=tuple(dict.fromkeys(_notices(work))),  # publishers and Retraction Watch tell the same one
    )


def _years(work: Mapping[str, Any]) -> Iterator[int]:
    for name in _DATES:
        date = work.get(name)
        parts = date.get("date-parts") if isinstance(date, dict) else None
        first = parts[0] if isinstance(parts, list) and parts else None
        if isinstance(first, list) and first and isinstance(first[0], int):
            yield first[0]


def _notices(work: Mapping[str, Any]) -> Iterator[Notice]:
    for update in objects(work.get("updated-by")):
        kind = _NOTICES.get(str(update.get("type", "")).lower().replace(" ", "_").replace("-", "_"))
        if kind is not None:
            doi = checked_doi(update.get("DOI"))
            yield Notice(kind=kind, reference=f"DOI {doi}" if doi else "")
