"""Reads archived articles: Hugo markdown files with a YAML header and an HTML or markdown body.

The archive form is that of the mp_duty bridge::

    ---
    title: "…"            date: the time it was archived, tags: ["fetched", ACCOUNT]
    ---
    TITLE by ACCOUNT
    ------
    <div>the article's HTML</div>
    <hr>
    <a href="ADDRESS",target="_blank" …>原文链接</a>

Other Hugo files are read as far as they have the same pieces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import yaml

from ..models import Article, Block, PageProblem, PageState, RawPage, article_id
from .addresses import aliases, canonical_url
from .body_blocks import read_blocks
from .markdown_blocks import read_markdown
from .page_problems import problem
from .promotion import mark_promotion

# The C loader reads a header in 0.15 ms, the Python one in 1.3 ms.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_HEADER = re.compile(r"---[ \t]*\r?\n(.*?\n)?---[ \t]*(?:\r?\n|$)", re.DOTALL)
_ONE_LINE_STRING = re.compile(r'^([A-Za-z_]+: )"(.*)"[ \t]*$', re.MULTILINE)
_UNESCAPED = re.compile(r'\\(?!["\\])|(?<!\\)"')
_SOURCE_LINK = re.compile(r'<a href="([^"]+)"[^>]*>\s*(?:原文链接|原文地址|阅读原文)\s*</a>\s*$', re.IGNORECASE)
_RULE_ABOVE = re.compile(r"<hr\s*/?>\s*$", re.IGNORECASE)
_RULE = re.compile(r"-{3,}[ \t]*")
_DEEPEST = 50
_UNKNOWN_ACCOUNT = "作者未找到"
_ARCHIVE_TAGS = frozenset({"fetched", "duty"})
_HTML_START = re.compile(r"\s*<(?:div|section|p|article|h[1-6]|figure|table|blockquote|center|ul|ol|pre)\b", re.I)


@dataclass(frozen=True, slots=True)
class _Body:
    byline: str
    html: str
    url: str


def read_hugo_page(page: RawPage, text: str) -> Article | PageProblem:
    """The article in a Hugo file, or why there is none.

    Args:
        page: where the file came from.
        text: its decoded content.
    """
    found = _HEADER.match(text)
    header = read_header(found.group(1) or "") if found else {}
    if header is None:
        return problem(
            page,
            PageState.UNKNOWN,
            evidence=text[:60],
            detail="the front matter is not YAML; mend the lines between the two --- and harvest it again",
        )
    title = _string(header.get("title"))
    body = _split_body(text[found.end() :] if found else text)
    tags = tuple(tag for tag in _strings(header.get("tags")) if tag not in _ARCHIVE_TAGS)
    account = _account(body.byline, title, tags) or _string(header.get("author"))
    blocks = _body_blocks(body.html)
    title = title or _string_before_by(body.byline) or _first_heading(blocks)
    url = canonical_url(body.url) or canonical_url(_string(header.get("source") or header.get("url")))
    if not blocks or (body.url and not body.byline and not _HTML_START.match(body.html)):
        return problem(
            page,
            PageState.NOT_AN_ARTICLE,
            evidence=_evidence(body.html),
            detail="the file holds a remark or a link but no article; fetch the source address instead",
            follow=url,
            account=account,
        )
    keys = aliases(urls=(url,) if url else (), location=page.ref.location)
    return Article(
        id=article_id(keys[0]),
        url=url,
        title=title,
        account=account,
        author=_string(header.get("author")),
        published_at=_published(header.get("date")),
        harvested_at=page.fetched_at,
        source=page.ref.source,
        state=PageState.ARTICLE,
        blocks=mark_promotion(blocks, account=account, title=title),
        aliases=keys,
        snapshot_sha256=page.sha256,
        categories=_strings(header.get("categories")),
        tags=tags,
    )


def read_header(yaml_text: str) -> Mapping[str, object] | None:
    """The front matter's values, None when it cannot be read.

    Bridges write titles between double quotes without escaping the quotes inside (10 of 2,950 files);
    those are escaped and read once more.
    """
    for attempt in (yaml_text, _ONE_LINE_STRING.sub(_escape_inside, yaml_text)):
        try:
            if _is_too_deep(attempt):
                return None
            value = yaml.load(attempt, _LOADER)  # noqa: S506 - a safe loader, the C one where there is one
        except (yaml.YAMLError, ValueError, RecursionError, OverflowError):
            continue
        if value is None:
            return {}
        if isinstance(value, dict):
            return {str(name): content for name, content in value.items()}
    return None


def _is_too_deep(yaml_text: str) -> bool:
    """Whether values lie deeper in one another than in any header.

    The C loader calls itself for every level: 100,000 opening brackets end the process, not just the page.
    """
    # Every level begins with one of these; counting them takes 1 μs where the parser takes 120.
    if sum(map(yaml_text.count, "[{-:?")) <= _DEEPEST:
        return False
    depth = 0
    for event in yaml.parse(yaml_text, _LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                return True
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return False


def clip(text: str, longest: int = 80) -> str:
    """The beginning of a text on one line, as evidence."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _evidence(html: str) -> str:
    """What a body without an article holds."""
    if _HTML_START.match(html):
        return "pictures without words" if "<img" in html else "empty HTML"
    return clip(html) or "empty body"


def _escape_inside(match: re.Match[str]) -> str:
    inside = _UNESCAPED.sub(lambda found: "\\" + found.group(), match.group(2))
    return f'{match.group(1)}"{inside}"'


def _split_body(text: str) -> _Body:
    url = ""
    place = text.rfind("<a href=")
    if place >= 0 and (link := _SOURCE_LINK.match(text, place)):
        url, text = link.group(1), _RULE_ABOVE.sub("", text[:place])
    lines = text.lstrip("\r\n").split("\n", 2)
    if len(lines) > 1 and _RULE.fullmatch(lines[1].rstrip("\r")):
        return _Body(byline=lines[0].strip(), html=lines[2] if len(lines) > 2 else "", url=url)
    return _Body(byline="", html=text, url=url)


def _body_blocks(html: str) -> tuple[Block, ...]:
    return read_blocks(html) if _HTML_START.match(html) else read_markdown(html)


def _account(byline: str, title: str, tags: tuple[str, ...]) -> str:
    """The account in ``TITLE by ACCOUNT``; a title may hold " by " itself, an account may too."""
    account = ""
    if title and byline.startswith(f"{title} by "):
        account = byline[len(title) + 4 :]
    elif byline.endswith(tuple(f" by {tag}" for tag in tags)):
        account = next(tag for tag in tags if byline.endswith(f" by {tag}"))
    elif " by " in byline:
        account = byline.rpartition(" by ")[2]
    account = account.strip() or (tags[-1] if byline and tags else "")
    return "" if account == _UNKNOWN_ACCOUNT else account


def _string_before_by(byline: str) -> str:
    return byline.rpartition(" by ")[0].strip()


def _first_heading(blocks: tuple[Block, ...]) -> str:
    return next((block.text for block in blocks if block.level == 1), "")


def _published(value: object) -> datetime | None:
    """Hugo reads a date without an offset as UTC."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return None


def _string(value: object) -> str:
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _strings(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(text for item in values if (text := _string(item)))
