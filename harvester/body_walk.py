"""One walk over an HTML body, in reading order.

The walk keeps its own stack, because bodies nest up to 251 deep in the wild and an adversary may nest deeper.
"""

from __future__ import annotations

import re

from lxml import etree

from .block_builder import BlockBuilder, Draft
from .html_tags import Action, is_placeholder, known_action

# Styles run to a kilobyte and there are thousands of them, so each pattern begins with a word to look for.
_UNDISPLAYED = re.compile(r"display\s*:\s*none")
_TRANSPARENT = re.compile(r"color\s*:\s*(?:transparent|rgba\([^)]*,\s*0(?:\.0+)?\s*\))")
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
            if item.tail:
                push(item.tail)
            action = _enter(item, builder)
            if action in _LEAVES:
                continue
            if action is not Action.INLINE:
                push(action)
            if len(item):
                stack.extend(reversed(item))
            if item.text:
                builder.add(item.text)
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


def _enter(element: etree._Element, builder: BlockBuilder) -> Action:
    """Opens an element and says what it is, its style considered."""
    action = known_action(element.tag)
    if action is None:
        action = Action.INLINE
        if is_placeholder(element):
            builder.add_placeholder(element)
    if style := element.get("style"):
        if is_hidden(style):
            return Action.SKIP
        if action is Action.INLINE and _BOLD.search(style):
            action = Action.BOLD
    if action is not Action.INLINE and action is not Action.SKIP:
        builder.open(action, element)
    return action
