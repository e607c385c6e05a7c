"""Which genes an English text names: for an abstract that is to confirm what an article says."""

from __future__ import annotations

from .knowledge import Knowledge


def genes_named(text: str, *, knowledge: Knowledge) -> frozenset[str]:
    """The symbols of all genes and families that the text may name.

    Every reading of an ambiguous spelling counts: the caller asks about genes that are already claimed.
    """
    return frozenset(
        candidate.entry.name
        for match in knowledge.matcher.find(text)
        if match.group == "gene"
        for candidate in match.candidates
    )
