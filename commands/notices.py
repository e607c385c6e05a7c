"""What the webhook is told: that there are new digests, and that a source keeps failing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ..models import ArticleKind, DigestRecord, SourceHistory
from ..storage import Store
from .logs import log_event

_LISTED = 20
_DIGESTS = {ArticleKind.PAPER_DIGEST, ArticleKind.MULTI_PAPER_DIGEST}

Send = Callable[[str, Mapping[str, object]], str]


def _send(url: str, payload: Mapping[str, object]) -> str:
    from ..harvester.webhook import send_webhook

    return send_webhook(url, payload)


@dataclass(frozen=True)
class Notices:
    """Sends notices, if the settings name a webhook; a failure to send is logged and no more.

    Attributes:
        url: the webhook; empty for none.
        after_failures: a source is told of when it has failed so often in a row.
        send: posts a payload to an address, and returns why that failed.
    """

    url: str
    after_failures: int
    send: Send = field(default=_send)

    def new_articles(self, run_id: int, article_ids: Sequence[str], *, store: Store) -> None:
        """Tells of the digests among the new articles of a run, the first of them by title."""
        if not self.url or not article_ids:
            return
        records = (store.read_record(article_id) for article_id in dict.fromkeys(article_ids))
        digests = [_summary(record) for record in records if record.article.kind in _DIGESTS]
        if digests:
            self._tell(
                run_id,
                {"event": "new_digests", "run": run_id, "count": len(digests), "digests": digests[:_LISTED]},
            )

    def source_failed(self, run_id: int, history: SourceHistory) -> None:
        """Tells of a source when its failures have just become too many: once, until it has worked again."""
        if not self.url or history.failures != self.after_failures:
            return
        self._tell(
            run_id,
            {
                "event": "source_failing",
                "run": run_id,
                "source": history.name,
                "failures": history.failures,
                "failing_since": history.failing_since and history.failing_since.isoformat(),
                "next_try_at": history.next_try_at and history.next_try_at.isoformat(),
                "error": history.error,
            },
        )

    def _tell(self, run_id: int, payload: Mapping[str, object]) -> None:
        problem = self.send(self.url, payload)
        if problem:
            log_event(logging.WARNING, "webhook_failed", f"webhook: {problem}", run=run_id, error=problem)


def _summary(record: DigestRecord) -> dict[str, object]:
    article = record.article
    return {
        "id": article.id,
        "title": article.title,
        "account": article.account,
        "url": article.url,
        "papers": [
            {"title": paper.title or paper.title_zh, "doi": paper.doi, "pmid": paper.pmid} for paper in record.papers
        ],
    }
