"""Collects the words of a walk over a page into blocks, cut where a reader sees a cut."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from ..models import BlockKind
from .html_tags import Action, card_reason
from .table_layout import is_grid

_ZERO_WIDTH = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0e\ufe0f\ufeff]+")
# Not U+3000: the full-width space is a character people typed.
_SPACES = re.compile("[ \t\n\r\f\v\x1c-\x1f\x85\xa0\u2000-\u200a\u2028\u2029\u202f]+")
_CODE_SPACES = str.maketrans({"\xa0": " ", "\u2002": " ", "\u2003": " ", "\r": None, "\u2028": "\n", "\u2029": "\n"})
_KIND_OF = {
    Action.HEADING: BlockKind.HEADING,
    Action.LIST_ITEM: BlockKind.LIST_ITEM,
    Action.QUOTE: BlockKind.QUOTE,
    Action.PRE: BlockKind.CODE,
    Action.CAPTION: BlockKind.CAPTION,
}
_PRECEDENCE = (BlockKind.CAPTION, BlockKind.HEADING, BlockKind.LIST_ITEM, BlockKind.QUOTE)


@dataclass(slots=True)
class Draft:
    """A block before anyone has judged it.

    Attributes:
        kind, text, level, links, bold: as in `Block`.
        near_image: a picture stands directly before or after it.
        card: why an embedded card is not content, empty for text.
        snippet: it holds ``<code>``, so it is code and not preformatted prose.
    """

    kind: BlockKind
    text: str
    level: int = 0
    links: tuple[str, ...] = ()
    bold: bool = False
    near_image: bool = False
    card: str = ""
    snippet: bool = False


def clean_line(text: str) -> str:
    """One line of visible text: blanks become single spaces, zero-width characters vanish."""
    return _SPACES.sub(" ", _ZERO_WIDTH.sub("", text)).strip(" \u3000")


def clean_code(text: str) -> str:
    """Lines of code with their indentation, without blank lines at either end."""
    lines = _ZERO_WIDTH.sub("", text).translate(_CODE_SPACES).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


class BlockBuilder:
    """What is open at this point of the walk, and the drafts so far.

    `open` and `close` are called once for every element that is more than inline, `add` for every text.
    """

    __slots__ = (
        "_bold",
        "_bold_seen",
        "_cells",
        "_code_seen",
        "_image_before",
        "_image_here",
        "_level",
        "_links",
        "_open_kinds",
        "_parts",
        "_plain_seen",
        "_tables",
        "drafts",
    )

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self._parts: list[str] = []
        self._links: list[str] = []
        self._cells: list[str] = []
        self._tables: list[bool] = []
        self._open_kinds = dict.fromkeys(BlockKind, 0)
        self._level = self._bold = 0
        self._bold_seen = self._plain_seen = self._code_seen = False
        self._image_before = self._image_here = False

    def add(self, text: str) -> None:
        """Takes in words as they stand in the page."""
        self._parts.append(text)
        if not text.isspace():
            if self._bold:
                self._bold_seen = True
            else:
                self._plain_seen = True

    def add_placeholder(self, element: etree._Element) -> None:
        """Puts back an author's ``<words>`` that became a tag."""
        name = f"<{' '.join(map(str, (element.tag, *element.attrib)))}>"
        # Some archives carry both the words and the tag that a browser made of them.
        if not (self._parts and self._parts[-1].rstrip().endswith(name)):
            self.add(name)

    def open(self, action: Action, element: etree._Element) -> None:
        """Enters an element; a skipped one leaves no trace."""
        if action is Action.BLOCK:
            self._cut()
        elif action is Action.BREAK:
            self._break_line()
        elif action is Action.BOLD:
            self._bold += 1
        elif action is Action.LINK:
            self._links.extend(filter(None, (element.get("href"),)))
        elif action in _KIND_OF:
            self._open_kind(action, element)
        elif action is Action.CODE:
            self._code_seen = True
        elif action is not Action.SKIP:
            self._open_rare(action, element)

    def close(self, action: Action) -> None:
        """Leaves an element that `open` entered."""
        if action is Action.BLOCK:
            self._cut()
        elif action is Action.BOLD:
            self._bold -= 1
        elif action in _KIND_OF:
            self._close_kind(_KIND_OF[action])
        elif action is Action.CODE:
            # WeChat's own code box: one <code> a line, and no line break anywhere.
            if self._open_kinds[BlockKind.CODE]:
                self._parts.append("\n")
        elif action in (Action.TABLE, Action.ROW, Action.CELL):
            self._close_table_part(action)

    def flush(self) -> None:
        """Ends the block that is being collected, if it has words."""
        if not self._parts:
            return
        raw = "".join(self._parts)
        self._parts.clear()
        if self._open_kinds[BlockKind.CODE]:
            kind, text = BlockKind.CODE, clean_code(raw)
        else:
            text = clean_line(raw)
            kind = next((kind for kind in _PRECEDENCE if self._open_kinds[kind]), BlockKind.PARAGRAPH)
        if text:
            self._store(kind, text)

    def _in_grid(self) -> bool:
        return bool(self._tables) and self._tables[-1]

    def _open_kind(self, action: Action, element: etree._Element) -> None:
        self._cut()
        if action is Action.HEADING:
            self._level = int(element.tag[1])
        self._open_kinds[_KIND_OF[action]] += 1

    def _close_kind(self, kind: BlockKind) -> None:
        self._cut()
        if kind is BlockKind.CODE and self._open_kinds[kind] == 1:
            self.flush()
        self._open_kinds[kind] -= 1

    def _open_rare(self, action: Action, element: etree._Element) -> None:
        if action is Action.IMAGE:
            self._see_image()
        elif action is Action.CARD:
            self._add_card(element)
        elif action is Action.TABLE:
            if not self._in_grid():
                self.flush()
            self._tables.append(is_grid(element))
        elif not self._in_grid():
            self._cut()

    def _close_table_part(self, action: Action) -> None:
        if not self._in_grid():
            self._cut()
        elif action is Action.CELL:
            self._cells.append(clean_line("".join(self._parts)))
            self._parts.clear()
        else:
            self._end_row()
        if action is Action.TABLE and self._tables:
            self._tables.pop()

    def _end_row(self) -> None:
        cells, self._cells = self._cells, []
        if any(cells):
            self._parts.clear()
            self._store(BlockKind.TABLE_ROW, "\t".join(cells).rstrip("\t"))

    def _break_line(self) -> None:
        if self._open_kinds[BlockKind.CODE]:
            self._parts.append("\n")
        else:
            self._cut()

    def _cut(self) -> None:
        """A block ends here: a new line in code, a space in a cell, a new block elsewhere."""
        if not self._parts:
            return
        if self._open_kinds[BlockKind.CODE]:
            if not self._parts[-1].endswith("\n"):
                self._parts.append("\n")
        elif self._in_grid():
            self._parts.append(" ")
        else:
            self.flush()

    def _see_image(self) -> None:
        if any(not part.isspace() for part in self._parts):
            self._image_here = True
        elif self.drafts:
            self.drafts[-1].near_image = True
        self._image_before = True

    def _add_card(self, element: etree._Element) -> None:
        self._cut()
        name = element.get("data-nickname") or element.get("data-title") or element.get("data-name") or ""
        text = clean_line(f"{name} {element.get('data-signature') or ''}")
        if text and not self._in_grid() and not self._open_kinds[BlockKind.CODE]:
            self.drafts.append(Draft(BlockKind.PARAGRAPH, text, card=card_reason(element.tag)))

    def _store(self, kind: BlockKind, text: str) -> None:
        self.drafts.append(
            Draft(
                kind,
                text,
                level=self._level if kind is BlockKind.HEADING else 0,
                links=tuple(self._links),
                bold=self._bold_seen and not self._plain_seen,
                near_image=self._image_before or self._image_here,
                snippet=self._code_seen,
            )
        )
        self._links.clear()
        self._image_before = self._image_here
        self._bold_seen = self._plain_seen = self._code_seen = self._image_here = False
