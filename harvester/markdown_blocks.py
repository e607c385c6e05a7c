"""Markdown bodies to blocks: the constructs that articles use, not the whole of CommonMark."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..models import Block, BlockKind
from .block_builder import clean_code, clean_line
from .body_blocks import read_blocks

_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*)$")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s+(.*)$")
_RULE = re.compile(r"\s*+(?:[-*_]\s*+){3,}+$")
_TABLE_RULE = re.compile(r"\|\s*+:?--.*")
_HTML_LINE = re.compile(
    r"\s{0,3}</?(?:div|section|p|article|figure|table|blockquote|center|ul|ol|pre|h[1-6]|img|br|hr)\b", re.I
)
_IMAGE = re.compile(r"!\[[^\[\]]*+\]\((?:[^()]++|\([^()]*+\))*+\)")
_LINK = re.compile(r"\[([^\[\]]*+)\]\(\s*+<?((?:[^()\s>]++|\([^()\s>]*+\))++)>?(?:\s++[\"'][^()]*+)?\)")
_AUTOLINK = re.compile(r"<(https?://[^<>\s]++)>")
_EMPHASIS = re.compile(r"(\*\*|__|(?<!\w)[*_]|[*_](?!\w)|~~|`)")
_SHORTCODE = re.compile(r"\{\{[<%](?:(?!\{\{|[%>]\}\}).)*+[%>]\}\}")
_ALL_BOLD = re.compile(r"\s*(\*\*|__)(?!\s)(?:(?!\1).)+\1\s*")


def read_markdown(text: str) -> tuple[Block, ...]:
    """The blocks of a markdown text; HTML inside it is read as HTML. Never raises."""
    return tuple(_blocks(text.replace("\r\n", "\n").split("\n")))


def _blocks(lines: list[str]) -> Iterator[Block]:
    paragraph: list[str] = []
    position = 0
    while position < len(lines):
        line = lines[position]
        if fence := _FENCE.match(line):
            yield from _paragraph(paragraph)
            end = _fence_end(lines, position, fence.group(1))
            if code := clean_code("\n".join(lines[position + 1 : end])):
                yield Block(BlockKind.CODE, code)
            position = end + 1
        elif _HTML_LINE.match(line):
            yield from _paragraph(paragraph)
            end = next((n for n in range(position, len(lines)) if not lines[n].strip()), len(lines))
            yield from read_blocks("\n".join(lines[position:end]))
            position = end
        else:
            single = _single_line_block(line)
            if single is not None or not line.strip() or _RULE.match(line):
                yield from _paragraph(paragraph)
                yield from single or ()
            else:
                paragraph.append(line)
            position += 1
    yield from _paragraph(paragraph)


def _fence_end(lines: list[str], start: int, mark: str) -> int:
    for number in range(start + 1, len(lines)):
        if lines[number].strip().startswith(mark):
            return number
    return len(lines)


def _single_line_block(line: str) -> list[Block] | None:
    """The blocks of a line that is one by itself, None for a line of running text."""
    if heading := _HEADING.match(line):
        return _block(BlockKind.HEADING, heading.group(2).rstrip().rstrip("#"), level=len(heading.group(1)))
    stripped = line.strip()
    if stripped.startswith(">"):
        return _block(BlockKind.QUOTE, stripped.lstrip("> "))
    if stripped.startswith("|") and stripped.count("|") > 1:
        if _TABLE_RULE.fullmatch(stripped):
            return []
        cells = [_plain(cell) for cell in stripped.strip("|").split("|")]
        return [Block(BlockKind.TABLE_ROW, "\t".join(cells).rstrip("\t"))] if any(cells) else []
    if not _RULE.match(line) and (item := _ITEM.match(line)):
        return _block(BlockKind.LIST_ITEM, item.group(1))
    return None


def _paragraph(lines: list[str]) -> Iterator[Block]:
    """The paragraph of the lines so far, which it takes away."""
    text = _join(lines)
    lines.clear()
    yield from _block(BlockKind.PARAGRAPH, text)


def _join(lines: list[str]) -> str:
    """Lines of one paragraph: a break between Chinese characters is no space."""
    return re.sub(r"(?<=[^\x00-\xff])\n(?=[^\x00-\xff])", "", "\n".join(line.strip() for line in lines))


def _block(kind: BlockKind, source: str, *, level: int = 0) -> list[Block]:
    text = _plain(source)
    if not text:
        return []
    links = tuple(match.group(2) for match in _LINK.finditer(_IMAGE.sub("", source)))
    return [Block(kind, text, level=level, links=links, bold=bool(_ALL_BOLD.fullmatch(source)))]


def _plain(source: str) -> str:
    text = _SHORTCODE.sub("", _IMAGE.sub("", source))
    text = _AUTOLINK.sub(r"\1", _LINK.sub(r"\1", text))
    return clean_line(_EMPHASIS.sub("", text))
