"""GitHub issues used as an archive, in the form of the mp_duty bridge.

Each issue is one article: its body is the address, and a comment holds the article as it was fetched::

    TITLE by ACCOUNT
    ------
    <div>…</div>
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from ...models import FetchError, PageRef, RawPage, SourceError
from ..addresses import canonical_url
from ..listings import fetch_listing, not_a_listing, read_json, unknown_refs
from . import Source, SourceContext

_API = "https://api.github.com/repos/"
_TARGET = re.compile(r"(?:github:|https?://github\.com/)([\w.-]+/[\w.-]+?)(?:\.git)?(?:/issues)?/?", re.IGNORECASE)
# The REST address of a repository on a server of one's own.
_PREFIX = re.compile(r"github\+(?=https?://)", re.IGNORECASE)
_NEXT = re.compile(r'<([^<>]++)>\s*+;[^,<>]*?\brel="?next"?', re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+")
_BYLINE = re.compile(r"\s*+[^\n]++\n-{3,}+[ \t]*+\r?\n\s*+<")


@dataclass(frozen=True, slots=True)
class _Issue:
    """What a list says of one issue, as far as it matters here."""

    location: str
    address: str
    title: str
    created: str
    labels: tuple[str, ...]
    comments: str


class GithubSource(Source):
    """The articles of a repository's issues, newest first.

    An issue is asked for its comments only when its article is wanted; one without the article in a comment
    stands for the page at its address.
    """

    name: ClassVar[str] = "github"
    takes: ClassVar[str] = "github:OWNER/REPOSITORY, whose issues are articles (github+https://HOST/api/v3/repos/…)"
    priority: ClassVar[int] = 2
    listing: ClassVar[bool] = True

    def __init__(self, target: str, context: SourceContext) -> None:
        self._target = target.strip()
        named = _TARGET.fullmatch(self._target)
        self._repository = _API + named[1] if named else _PREFIX.sub("", self._target).rstrip("/")
        self._context = context
        self._issues: dict[str, _Issue] = {}
        self._refused: FetchError | None = None

    @classmethod
    def accepts(cls, target: str) -> bool:
        target = target.strip()
        return _TARGET.fullmatch(target) is not None or _PREFIX.match(target) is not None

    def discover(self) -> Iterator[PageRef]:
        found = unknown_refs(self._pages(), known=self._context.known, complete=self._context.listed(self._target))
        for ref in found:
            yield ref
            if self._refused is not None:
                # Without this every further issue would be asked for, refused, and noted as a failure of its own.
                raise SourceError(
                    f"GitHub answers no more: {self._refused.message}",
                    subject=self._target,
                    hint="it allows 60 requests an hour; the rest is read in later runs",
                    problem=self._refused,
                ) from self._refused

    def fetch(self, ref: PageRef) -> RawPage:
        issue = self._issues.pop(ref.location, None)
        text = self._archived(issue) if issue is not None and issue.comments else ""
        if issue is not None and text:
            return RawPage(
                ref=ref,
                content=_hugo_page(issue, text),
                final_url=ref.location,
                media_type="text/markdown",
                charset="utf-8",
                fetched_at=self._context.clock.now(),
            )
        if issue is not None and not issue.address:
            raise SourceError("an issue with neither an article nor an address", subject=ref.location)
        return self._context.http.fetch(ref)

    def close(self) -> None:
        self._issues.clear()

    def _pages(self) -> Iterator[list[PageRef]]:
        address = f"{self._repository}/issues?state=all&sort=created&direction=desc&per_page=100"
        asked: set[str] = set()
        while address and address not in asked:
            asked.add(address)
            page = fetch_listing(self._context.http, address, source=self.name)
            # A list of issues holds the pull requests too.
            issues = [_issue(item) for item in _items(page) if "pull_request" not in item]
            self._issues = {issue.location: issue for issue in issues if issue.location}
            yield [
                PageRef(location=issue.location, source=self.name, held=bool(issue.comments))
                for issue in self._issues.values()
            ]
            address = _next_page(page)

    def _archived(self, issue: _Issue) -> str:
        """The comment that holds the article, empty when none does."""
        ref = PageRef(location=f"{issue.comments}?per_page=100", source=self.name)
        try:
            page = self._context.http.fetch(ref)
        except FetchError as error:
            if error.status in (403, 429):
                self._refused = error
            raise SourceError(
                f"the comments did not come: {error.message}", subject=issue.location, problem=error
            ) from error
        bodies = (_string(comment, "body") for comment in _items(page))
        return next((body for body in bodies if _BYLINE.match(body)), "")


def _items(page: RawPage) -> list[dict[str, Any]]:
    items = read_json(page)
    if not isinstance(items, list):
        raise not_a_listing(page, wanted="a list of GitHub's")
    return [item for item in items if isinstance(item, dict)]


def _next_page(page: RawPage) -> str:
    """The address of the next page by the Link header (RFC 8288), empty on the last one."""
    found = _NEXT.search(page.headers.get("link", ""))
    return found[1] if found else ""


def _issue(item: dict[str, Any]) -> _Issue:
    found = _ADDRESS.search(_string(item, "body")) or _ADDRESS.search(_string(item, "title"))
    address = found.group() if found else ""
    labels = (label.get("name") if isinstance(label, dict) else label for label in item.get("labels") or ())
    return _Issue(
        location=address or _string(item, "html_url"),
        address=address,
        title=_string(item, "title"),
        created=_string(item, "created_at"),
        labels=tuple(label for label in labels if isinstance(label, str)),
        comments=_string(item, "comments_url") if item.get("comments") else "",
    )


def _hugo_page(issue: _Issue, text: str) -> bytes:
    """The article in the form in which such archives are published, which the page reader knows."""
    title = "" if _ADDRESS.match(issue.title) else issue.title
    # JSON's strings and lists are YAML's too.
    header = {"title": title, "date": issue.created, "tags": list(issue.labels)}
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in header.items() if value]
    url = canonical_url(issue.address)
    link = f'\n<hr>\n<a href="{url}",target="_blank">原文链接</a>' if url else ""
    return "\n".join(["---", *lines, "---", text.rstrip() + link, ""]).encode("utf-8", "replace")


def _string(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return value.strip() if isinstance(value, str) else ""
