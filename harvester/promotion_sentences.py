"""Cuts sentences of promotion off the beginning or the end of a paragraph that is content otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from ..models import Block, BlockKind

# A sentence with its closing marks; ~ ends sentences in chatty prose.
_SENTENCE = re.compile(r"[^。！？!?~～]+(?:[。！？!?~～]+[”」』）)\]】]*\s*|$)")
_CUTTABLE = frozenset({BlockKind.PARAGRAPH, BlockKind.QUOTE, BlockKind.LIST_ITEM})
# What remains of the content must still be a sentence.
_SHORTEST_REST = 12


def cut_sentences(block: Block, reason_of: Callable[[str], str]) -> tuple[Block, ...]:
    """The block in up to three pieces: promotion, content, promotion; just the block when there is nothing to cut.

    Args:
        block: a block of content.
        reason_of: why a sentence is promotion, empty for content.
    """
    if block.kind not in _CUTTABLE:
        return (block,)
    spans = [found.span() for found in _SENTENCE.finditer(block.text)]
    reasons = [reason_of(block.text[start:end].strip()) for start, end in spans]
    if len(spans) < 2 or not (reasons[0] or reasons[-1]):
        return (block,)
    first = next((n for n, reason in enumerate(reasons) if not reason), len(spans))
    last = next((n for n in range(len(spans) - 1, -1, -1) if not reasons[n]), -1)
    if first > last:
        return (block,)
    start, end = spans[first][0], spans[last][1]
    if end - start < _SHORTEST_REST:
        return (block,)
    pieces = (
        replace(block, text=block.text[:start].strip(), promotion=reasons[0], links=()),
        replace(block, text=block.text[start:end].strip()),
        replace(block, text=block.text[end:].strip(), promotion=reasons[-1], links=()),
    )
    return tuple(piece for piece in pieces if piece.text)
