"""One walk over an HTML body: the words, in reading order, cut where a reader sees a cut.

The walk keeps its own stack, because bodies nest up to 251 deep in the wild and an adversary may
nest deeper. What the pieces mean is decided later, in `body_blocks`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from ..models import BlockKind
from .html_tags import Action, action_of, is_placeholder, promotes_by_itself
from .table_layout import is_grid

# Styles run to a kilobyte and there are thousands of them, so each pattern begins with a word to look for.
_UNDISPLAYED = re.compile(r"display\s*:\s*none")
_TRANSPARENT = re.compile(r"color\s*:\s*(?:transparent|rgba\([^)]*,\s*0(?:\.0+)?\s*\))")
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)")
_ZERO_WIDTH = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0e\ufe0f\ufeff]+")
# Not U+3000: the full-width space is a character people typed.
_SPACES = re.compile("[ \t\n\r\f\v\xa0\u2000-\u200a\u2028\u2029\u202f]+")
_CODE_SPACES = str.maketrans({"\xa0": " ", "\u2002": " ", "\u2003": " ", "\r": None})


@dataclass(slots=True)
class Draft:
    """A block before anyone has judged it.

    Attributes:
        kind, text, level, links, bold: as in `Block`.
        near_image: a picture stands directly before or after it.
        card: the kind of embedded card it is, empty for text.
        snippet: a code block that holds ``<code>``, not just preformatted prose.
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


def is_hidden(style: str) -> bool:
    """Whether a style hides an element's words; ``overflow: hidden`` only trims a box and hides nothing.

    Transparent letters over a background that is clipped to them are how WeChat writes in colour gradients.
    """
    if "display" in style and _UNDISPLAYED.search(style):
        return True
    if "transparent" not in style and "rgba(" not in style:
        return False
    return "background-clip" not in style and any(
        style[: found.start()].rstrip()[-1:] in ("", ";") for found in _TRANSPARENT.finditer(style)
    )


def walk_body(root: etree._Element) -> list[Draft]:
    """The drafts of everything visible below this element, in reading order."""
    walk = _Walk()
    # An element is opened, a string is text after an element, an Action is an element's end.
    stack: list[etree._Element | str | Action] = [root]
    pop, push = stack.pop, stack.append
    while stack:
        item = pop()
        if isinstance(item, str):
            walk.add(item)
            continue
        if isinstance(item, Action):
            walk.close(item)
            continue
        if item.tail and item is not root:
            push(item.tail)
        action = action_of(item.tag)
        if (style := item.get("style")) and item is not root:
            if is_hidden(style):
                continue
            if action is Action.INLINE and _BOLD.search(style):
                action = Action.BOLD
        if action is Action.SKIP:
            continue
        if action is not Action.INLINE:
            if not walk.open(action, item):
                continue
            push(walk.closing)
        elif is_placeholder(item):
            walk.add_placeholder(item)
        if len(item):
            stack.extend(reversed(item))
        if item.text:
            walk.add(item.text)
    walk.flush()
    return walk.drafts


class _Walk:
    """What is open at this point of the walk, and the drafts so far."""

    __slots__ = (
        "bold",
        "bold_seen",
        "cells",
        "closing",
        "code",
        "code_seen",
        "drafts",
        "grid",
        "image_before",
        "image_here",
        "level",
        "links",
        "open_kinds",
        "parts",
        "plain_seen",
    )

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.parts: list[str] = []
        self.links: list[str] = []
        self.cells: list[str] = []
        self.open_kinds: dict[BlockKind, int] = dict.fromkeys(BlockKind, 0)
        self.closing = Action.INLINE
        self.level = self.bold = self.code = self.grid = 0
        self.bold_seen = self.plain_seen = self.code_seen = False
        self.image_before = self.image_here = False

    def add(self, text: str) -> None:
        self.parts.append(text)
        if not text.isspace():
            if self.bold:
                self.bold_seen = True
            else:
                self.plain_seen = True

    def add_placeholder(self, element: etree._Element) -> None:
        name = f"<{' '.join([str(element.tag), *element.keys()])}>"
        # Some archives carry both the words and the tag that a browser made of them.
        if not (self.parts and self.parts[-1].rstrip().endswith(name)):
            self.add(name)

    def open(self, action: Action, element: etree._Element) -> bool:
        """Enters an element; False when there is nothing more to do with it."""
        self.closing = action
        if action is Action.BLOCK:
            if self.parts:
                self.cut()
            return True
        match action:
            case Action.BREAK:
                self.cut(line=True)
                return False
            case Action.IMAGE:
                self.see_image()
                return False
            case Action.BOLD:
                self.bold += 1
            case Action.LINK:
                if href := element.get("href"):
                    self.links.append(href)
            case Action.CODE:
                self.code_seen = True
            case Action.CARD:
                self.add_card(element)
                return False
            case Action.TABLE | Action.ROW | Action.CELL:
                self.open_table_part(action, element)
            case _:
                self.cut()
                if action is Action.HEADING:
                    self.level = int(element.tag[1])
                self.open_kinds[KIND_OF[action]] += 1
        return True

    def open_table_part(self, action: Action, element: etree._Element) -> None:
        if action is Action.TABLE and not self.grid:
            self.flush()
            if is_grid(element):
                self.grid = 1
                self.closing = Action.GRID
        elif not self.grid:
            self.flush()

    def close(self, action: Action) -> None:
        if action is Action.BLOCK:
            if self.parts:
                self.cut()
            return
        match action:
            case Action.BOLD:
                self.bold -= 1
            case Action.CODE:
                # WeChat's own code box: one <code> a line, and no line break anywhere.
                if self.open_kinds[BlockKind.CODE]:
                    self.parts.append("\n")
            case Action.CELL if self.grid:
                self.cells.append(clean_line("".join(self.parts)))
                self.parts.clear()
            case Action.ROW if self.grid:
                self.close_row()
            case Action.GRID:
                self.close_row()
                self.grid = 0
            case Action.TABLE | Action.ROW | Action.CELL:
                self.cut()
            case Action.LINK:
                pass
            case _:
                self.cut()
                kind = KIND_OF[action]
                if kind is BlockKind.CODE and self.open_kinds[kind] == 1:
                    self.flush()
                self.open_kinds[kind] -= 1

    def close_row(self) -> None:
        cells, self.cells = self.cells, []
        if any(cells):
            self.parts.clear()
            self.store(BlockKind.TABLE_ROW, "\t".join(cells).rstrip("\t"))

    def cut(self, *, line: bool = False) -> None:
        """A block ends here: a new line in code, a space in a cell, a new block elsewhere."""
        if not self.parts:
            if line and self.open_kinds[BlockKind.CODE]:
                self.parts.append("\n")
        elif self.open_kinds[BlockKind.CODE]:
            if line or not self.parts[-1].endswith("\n"):
                self.parts.append("\n")
        elif self.grid:
            self.parts.append(" ")
        else:
            self.flush()

    def see_image(self) -> None:
        if any(not part.isspace() for part in self.parts):
            self.image_here = True
        elif self.drafts:
            self.drafts[-1].near_image = True
        self.image_before = True

    def add_card(self, element: etree._Element) -> None:
        name = element.get("data-nickname") or element.get("data-title") or element.get("data-name") or ""
        signature = element.get("data-signature") or ""
        text = clean_line(f"{name} {signature}")
        self.cut()
        if text and not self.grid and not self.open_kinds[BlockKind.CODE]:
            self.drafts.append(Draft(BlockKind.PARAGRAPH, text, card=promotes_by_itself(str(element.tag))))

    def flush(self) -> None:
        if not self.parts:
            return
        raw = "".join(self.parts)
        self.parts.clear()
        kinds = self.open_kinds
        if kinds[BlockKind.CODE]:
            text = clean_code(raw)
            kind = BlockKind.CODE
        else:
            text = clean_line(raw)
            kind = next((kind for kind in _PRECEDENCE if kinds[kind]), BlockKind.PARAGRAPH)
        if text:
            self.store(kind, text)

    def store(self, kind: BlockKind, text: str) -> None:
        self.drafts.append(
            Draft(
                kind,
                text,
                level=self.level if kind is BlockKind.HEADING else 0,
                links=tuple(self.links),
                bold=self.bold_seen and not self.plain_seen,
                near_image=self.image_before or self.image_here,
                snippet=self.code_seen,
            )
        )
        self.links.clear()
        self.image_before = self.image_here
        self.bold_seen = self.plain_seen = self.code_seen = self.image_here = False


KIND_OF = {
    Action.HEADING: BlockKind.HEADING,
    Action.LIST_ITEM: BlockKind.LIST_ITEM,
    Action.QUOTE: BlockKind.QUOTE,
    Action.PRE: BlockKind.CODE,
    Action.CAPTION: BlockKind.CAPTION,
}
_PRECEDENCE = (BlockKind.CAPTION, BlockKind.HEADING, BlockKind.LIST_ITEM, BlockKind.QUOTE)


def clean_code(text: str) -> str:
    """Lines of code with their indentation, without blank lines at either end."""
    lines = _ZERO_WIDTH.sub("", text).translate(_CODE_SPACES).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")
