"""A summary as Markdown (CommonMark, with GitHub's tables)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import quote

from ..models.addresses import web_address
from .summary import ArticleFindings, Change, Summary

# Every ASCII punctuation character may be escaped (https://spec.commonmark.org/0.31.2/#backslash-escapes);
# these are the ones that could mean something within a line, tables included. HTML is left to `html.escape`.
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~$])")
# What an article says stays on its line.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_FACET_NAMES = {"gene": "gene", "method": "method", "digested_journal": "journal"}


def markdown_page(summary: Summary, *, made_at: datetime) -> str:
    """The text. Whatever articles say is escaped."""
    return "\n".join(_lines(summary, made_at)) + "\n"


def escaped(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    line = html.escape(_SPECIAL.sub(r"\\\1", _CONTROL.sub(" ", text).strip()), quote=False)
    # A list or a heading's underline begins at the start of a line only: "PD-L1" may stay as it is.
    return re.sub(r"^(\d*)([-=.])", r"\1\\\2", line)


def _lines(summary: Summary, made_at: datetime) -> Iterator[str]:
    yield f"# wenzhai 文摘: {summary.period}"
    yield ""
    kinds = ", ".join(f"{kind.count} {kind.value.replace('_', ' ')}" for kind in summary.kinds)
    yield f"{summary.articles} articles{f' ({kinds})' if kinds else ''}; the {summary.period.days} days before had"
    yield f"{summary.articles_before}. Made {made_at:%Y-%m-%d %H:%M}."
    yield from _table("Rising", summary.rising, of_kind=True)
    yield from _table("Journals digested", summary.journals)
    yield from _table("Genes named", summary.genes)
    yield from _table("Methods named", summary.methods)
    if summary.accounts:
        yield from ("", "## Accounts", "", "| Account | Articles |", "|---|--:|")
        yield from (f"| {escaped(each.value)} | {each.count} |" for each in summary.accounts)
    if summary.findings:
        yield from ("", "## Key findings")
    for article in summary.findings:
        yield from _article(article)
    if summary.untold:
        yield from ("", f"… and {summary.untold} more articles with key findings.")


def _table(heading: str, changes: Sequence[Change], *, of_kind: bool = False) -> Iterator[str]:
    if not changes:
        return
    yield from ("", f"## {heading}", "", "| | Articles | Before |", "|---|--:|--:|")
    for change in changes:
        kind = f" ({_FACET_NAMES[change.facet]})" if of_kind else ""
        yield f"| {escaped(change.value)}{kind} | {change.now} | {change.before} |"


def _article(article: ArticleFindings) -> Iterator[str]:
    url = web_address(article.url)
    title = escaped(article.title)
    yield ""
    # Quoted once more, so that nothing in an address can end the link.
    yield f"### [{title}](<{quote(url, safe=_URL_CHARACTERS)}>)" if url else f"### {title}"
    yield ""
    day = f" · {article.published_on}" if article.published_on else ""
    yield f"{escaped(article.account)}{day} · {article.article_id}"
    yield ""
    for sentence in article.sentences:
        genes = f" ({escaped(', '.join(sentence.genes))})" if sentence.genes else ""
        yield f"- {escaped(sentence.text)}{genes}"


_URL_CHARACTERS = "%/:?#[]@!$&'()*+,;=-._~"
