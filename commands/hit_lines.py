"""How hits of a search look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from .screen import Screen, plain

if TYPE_CHECKING:
    from ..storage import FindingHit, RelatedArticle, SearchHit

_INDENT = 3  # what hangs below a number


def show_hits(screen: Screen, hits: Iterable[SearchHit], *, first: int = 1) -> None:
    """A numbered list: title, where and when, and the passage that fits."""
    for number, hit in enumerate(hits, first):
        screen.show((f"{number}. ", "bold"), *screen.highlighted(hit.title, hit.title_highlights), indent=_INDENT)
        show_below(screen, origin(hit.article_id, hit.account, hit.published_at, hit.journals))
        if hit.snippet.text:
            passage = screen.highlighted(hit.snippet.text, hit.snippet.highlights)
            screen.show(("   ", ""), *passage, ("…" if hit.snippet.cut else "", ""), indent=_INDENT)


def show_finding_hits(screen: Screen, hits: Iterable[FindingHit], *, first: int = 1) -> None:
    """A numbered list of sentences, each with the article it is from."""
    for number, hit in enumerate(hits, first):
        screen.show((f"{number}. ", "bold"), *screen.highlighted(hit.text, hit.highlights), indent=_INDENT)
        show_below(screen, f"{plain(hit.title)} · {origin(hit.article_id, hit.account, hit.published_at)}")


def show_related(screen: Screen, found: Iterable[RelatedArticle]) -> None:
    """A numbered list of articles, each with what ties it to the one that was asked about."""
    for number, each in enumerate(found, 1):
        screen.show((f"{number}. ", "bold"), (plain(each.title), ""), indent=_INDENT)
        show_below(screen, origin(each.article_id, each.account, each.published_at))
        genes = ", ".join(f"{gene.symbol} ({gene.articles})" for gene in each.shared_genes)
        ties = (f"same paper: {', '.join(each.same_paper)}" if each.same_paper else "", genes and f"genes: {genes}")
        screen.show((f"   {plain(' · '.join(filter(None, ties)))}", ""), indent=_INDENT)


def show_below(screen: Screen, text: str) -> None:
    """A line that belongs to the numbered one above."""
    screen.show((f"   {text}", "dim"), indent=_INDENT)


def origin(article_id: str, account: str, published_at: datetime | None, journals: Sequence[str] = ()) -> str:
    """Where an article is from, in one line without control characters: account, date, journals, id."""
    date = published_at.strftime("%Y-%m-%d") if published_at else ""
    return " · ".join(filter(None, (plain(account), date, plain(", ".join(journals[:2])), article_id)))
