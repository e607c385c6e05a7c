"""From an HTML fragment to the typed blocks a reader sees."""

from __future__ import annotations

import re

from lxml import etree

from ..models import Block, BlockKind
from .block_builder import Draft, clean_line
from .body_walk import walk_body

# libxml2 keeps 2,048 levels and silently drops what lies deeper.
_DEEPEST = 2000
_INLINE_TAG = re.compile(rb"</?(?:span|font|strong|b|em|i|u|a)\b[^<>]*+>", re.IGNORECASE)
_BLOCK_TAG = re.compile(rb"</?(?:div|section|p|blockquote|article|center|ul|ol|li|table|tbody|tr|td)\b[^<>]*+>", re.I)

_CAPTION = re.compile(
    r"(?:(?:补充|附|扩展)?[图表]\s*S?\d{1,2}[a-zA-Z]?|"
    r"(?:supplementary |extended data )?(?:fig(?:ure)?|table)\.?\s*S?\d{1,2}[a-z]?)"
    r"(?:\s*[|｜:：.。、,，\-—)）]|\s+\S|$)",
    re.IGNORECASE,
)
_LONGEST_HEADING = 60
_LONE_NUMBER = re.compile(
    r"(?:0?\d{1,2}|[一二三四五六七八九十]{1,2}|part\s*+(?:\.\s*+)?\d{1,2}|no\.?\s*+\d{1,2})\s*+[.、．:：/|｜]?",
    re.IGNORECASE,
)
_CHINESE = re.compile("[\u4e00-\u9fff]")
_ADDRESS = re.compile(r"https?://\S+")
_CODE_SIGN = re.compile(r"<-|%>%|[=(]\s*[\"']|\w\(|^\s*(?:#|>|\$)|[{};]\s*$|\|>|::|\bimport\b|^library", re.MULTILINE)


def read_blocks(html: str | bytes) -> tuple[Block, ...]:
    """The blocks of an HTML fragment; none when it holds no words. Never raises on any input."""
    root = parse_html(html)
    if root is None:
        return ()
    drafts = [piece for draft in walk_body(root) for piece in _judge(draft)]
    return tuple(
        Block(draft.kind, draft.text, draft.level, draft.card, draft.links, draft.bold)
        for draft in _merge_lone_numbers(drafts)
    )


def parse_html(html: str | bytes) -> etree._Element | None:
    """The root of the parsed bytes (UTF-8) or text, None when nothing is there to parse."""
    data = html.encode("utf-8", "replace") if isinstance(html, str) else html
    data = data.replace(b"\0", b"")
    if not data.strip():
        return None
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    root = _parse(data, parser)
    if data.count(b"<") > _DEEPEST and any("depth" in entry.message for entry in parser.error_log):
        flat = _BLOCK_TAG.sub(b"<br>", _INLINE_TAG.sub(b"", data))
        root = _parse(flat, parser)
    return root


def _parse(data: bytes, parser: etree.HTMLParser) -> etree._Element | None:
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _judge(draft: Draft) -> list[Draft]:
    """Puts right what the tags got wrong about one draft."""
    if draft.kind is BlockKind.CODE:
        is_address = _ADDRESS.fullmatch(draft.text.strip()) is not None
        return [draft] if not is_address and (draft.snippet or _is_code(draft.text)) else _prose_lines(draft)
    if draft.kind is BlockKind.HEADING and (len(draft.text) > _LONGEST_HEADING or draft.text.endswith(("。", "；"))):
        draft.kind, draft.level = BlockKind.PARAGRAPH, 0
    if draft.near_image and draft.kind is BlockKind.PARAGRAPH and _CAPTION.match(draft.text):
        draft.kind = BlockKind.CAPTION
    return [draft]


def _is_code(text: str) -> bool:
    """Whether preformatted text is code: editors also paste prose as <pre>, mostly Chinese and without signs."""
    chinese = len(_CHINESE.findall(text))
    return chinese * 4 < len(text) or len(_CODE_SIGN.findall(text)) * 40 > len(text)


def _prose_lines(draft: Draft) -> list[Draft]:
    lines = [line for line in map(clean_line, draft.text.split("\n")) if line]
    return [
        Draft(
            BlockKind.PARAGRAPH,
            line,
            links=draft.links if number == 0 else (),
            bold=draft.bold,
            near_image=draft.near_image,
        )
        for number, line in enumerate(lines)
    ]


def _merge_lone_numbers(drafts: list[Draft]) -> list[Draft]:
    """Joins a number that decorates the next block (``01`` above 研究背景; 420 of 5,175 articles) to it."""
    merged: list[Draft] = []
    number: Draft | None = None
    for draft in drafts:
        if number is not None:
            if _takes_number(draft):
                draft.text = f"{number.text} {draft.text}"
                draft.level = draft.level or number.level
                draft.kind = BlockKind.HEADING if draft.level else draft.kind
                draft.near_image = False
            else:
                merged.append(number)
            number = None
        if draft.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING) and _LONE_NUMBER.fullmatch(draft.text):
            number = draft
        else:
            merged.append(draft)
    if number is not None:
        merged.append(number)
    return merged


def _takes_number(draft: Draft) -> bool:
    return (
        draft.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)
        and not draft.card
        and len(draft.text) <= _LONGEST_HEADING
        and not _LONE_NUMBER.fullmatch(draft.text)
    )
