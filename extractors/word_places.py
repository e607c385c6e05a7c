"""Where a word stands by itself in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator


def word_places(text: str, word: str, *, before: re.Pattern[str], after: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """The (start, end) of each place of a word, in order, never overlapping.

    A regular expression for each word says the same, but making one takes 0.5 ms, and every article has new words.

    Args:
        word: not empty.
        before: what must match where the word starts, a look-behind.
        after: what must match where it ends; what it takes belongs to the place (a plural s).
    """
    place = text.find(word)
    while place >= 0:
        end = after.match(text, place + len(word)) if before.match(text, place) else None
        if end:
            yield place, end.end()
        place = text.find(word, end.end() if end else place + 1)
