"""One walk over an HTML body, in reading order.

The walk keeps its own stack, because bodies nest up to 251 deep in the wild and an adversary may nest deeper.
"""

from __future__ import annotations

import re

from lxml import etree

from .block_builder import BlockBuilder, Draft
from .html_tags import ACTIONS, Action, is_placeholder, known_action

# Styles run to a kilobyte and there are thousands of them, so each pattern begins with a word to look for.
_UNDISPLAYED = re.compile(r"display\s*:\s*none")
_TRANSPARENT = re.compile(r"color\s*:\s*(?:transparent|rgba\([^()]{0,60},\s*+0(?:\.0++)?\s*+\))")
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)")
# Nothing is read inside these.
_LEAVES = frozenset({Action.SKIP, Action.BREAK, Action.IMAGE, Action.CARD})


def walk_body(root: etree._Element) -> list[Draft]:
    """The drafts of everything visible below this element."""
    builder = BlockBuilder()
    # An element is opened, a string is text after an element, an Action is an element's end.
    stack: list[etree._Element | str | Action] = [root]
    pop, push = stack.pop, stack.append
    while stack:
        item = pop()
        if isinstance(item, str):
            builder.add(item)
        elif isinstance(item, Action):
            builder.close(item)
        else:
            if tail := item.tail:
                push(tail)
            action = ACTIONS.get(item.tag)
            style = item.get("style", "")
            if style or action is None:
                action = _look_closer(item, style, known_action(item.tag), builder)
            if action in _LEAVES:
                builder.open(action, item)
                continue
            if action is not Action.INLINE:
                builder.open(action, item)
                push(action)
            if len(item):
                stack.extend(reversed(item))
            if text := item.text:
                builder.add(text)
    builder.flush()
    return builder.drafts


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


def _look_closer(element: etree._Element, style: str, action: Action | None, builder: BlockBuilder) -> Action:
    """What to do at an element that has a style or is unknown; gives back an author's words that became a tag."""
    if is_hidden(style):
        return Action.SKIP
    if action is None:
        if is_placeholder(element):
            builder.add_placeholder(element)
        action = Action.INLINE
    return Action.BOLD if action is Action.INLINE and "font-weight" in style and _BOLD.search(style) else action
