"""Blocks on trial for promotion, each with what speaks against it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from ..models import Block, BlockKind
from .promotion_guards import is_guarded
from .promotion_lexicon import Line, Phrase, bare, phrase_places, promotion_lines

# A line of promotion is no longer than this, and its list is one of links under it.
LONGEST_LINE = 24
_LONGEST_SCORED = 400


@dataclass
class Candidate:
    """One block on trial; `position` is the share of the article's characters before it."""

    block: Block
    phrases: list[Phrase]
    line: Line | None
    score: int
    reason: str
    mark: str
    position: float

    @cached_property
    def guarded(self) -> bool:
        # Late, because most blocks are long prose that nobody accuses.
        return is_guarded(self.block)


def examine(blocks: Sequence[Block]) -> list[Candidate]:
    """The blocks with their phrases, guards and places; marks they carry are kept."""
    total = sum(len(block.text) for block in blocks if not block.promotion) or 1
    before = 0
    trial = []
    for block, phrases in _with_phrases(blocks):
        trial.append(_examine_one(block, phrases, before / total))
        before += 0 if block.promotion else len(block.text)
    return trial


def _with_phrases(blocks: Sequence[Block]) -> list[tuple[Block, list[Phrase]]]:
    """Each block with the phrases in it; those absent from the whole article are not tried on each block."""
    texts = [
        block.text if block.kind is not BlockKind.CODE and len(block.text) <= _LONGEST_SCORED else ""
        for block in blocks
    ]
    whole = "\n".join(texts)
    starts = [0, *accumulate(len(text) + 1 for text in texts)]
    found: list[list[Phrase]] = [[] for _ in blocks]
    for place, phrase in phrase_places(whole):
        number = bisect_right(starts, place) - 1
        if phrase not in found[number] and phrase.is_in(texts[number]):
            found[number].append(phrase)
    return list(zip(blocks, found, strict=True))


def _examine_one(block: Block, phrases: list[Phrase], position: float) -> Candidate:
    score, reason = weigh(phrases)
    return Candidate(
        block=block,
        phrases=phrases,
        line=_line(block),
        score=score,
        reason=reason,
        mark=block.promotion,
        position=position,
    )


def _line(block: Block) -> Line | None:
    if len(block.text) > LONGEST_LINE or block.kind is BlockKind.CODE:
        return None
    return promotion_lines().get(bare(block.text))


def weigh(phrases: Sequence[Phrase]) -> tuple[int, str]:
    """The weight of the phrases together, and the reason of the weightiest.

    A phrase within a longer one says nothing new: 联系 within 转载请联系.
    """
    if not phrases:
        return 0, ""
    words = [phrase.head + phrase.tail for phrase in phrases]
    telling = [
        phrase
        for phrase, own in zip(phrases, words, strict=True)
        if not any(own in other and own != other for other in words)
    ]
    heaviest = max(telling, key=lambda phrase: (phrase.weight, phrase.head))
    return sum(phrase.weight for phrase in telling), heaviest.reason
