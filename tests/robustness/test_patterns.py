"""No regular expression of the package takes more than time in proportion to a text, whoever wrote the text."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from .limits import TookTooLong, needs_timer, seconds_taken, within
from .pattern_attacks import Attack, Used, attacks, patterns

# Where a text is short whatever a stranger writes, the pattern need not be linear: how long it can be.
BOUNDED = {
    "extractors.definitions._ENGLISH_TAIL": 120,  # what stands before a bracket
    "extractors.identifiers._DOI_GLUED": 420,  # one DOI
    "extractors.journals._AFTER_STRONG": 24,  # what stands after a name
    "extractors.journals._CREDIT": 34,  # what stands before a name
    "extractors.journals._OTHER_JOURNAL": 34,
    "extractors.journals._PUBLISHED_BEFORE": 34,
    "harvester.feed_entries._END_OF_FEED": 4_096,  # a feed's last bytes
    "harvester.page_reader._META_CHARSET": 4_000,  # a page's first bytes
}
# A pattern that goes back takes four times as long for twice the text, one that does not twice.
QUADRATIC = 3.0
# Shorter times say nothing: they are the machine's.
SECONDS = 0.04
_ALL = patterns()


def _seconds(used: Used, text: str) -> float:
    with within(0.5), seconds_taken() as taken:
        used.run(text)
    return taken[0]


def _explodes(used: Used, attack: Attack, *, lengths: Iterable[int]) -> str:
    """What length of text takes how much longer than the one before it; empty when no length does."""
    before, shorter = 0.0, 1
    for length in lengths:
        try:
            taken = _seconds(used, attack.text(length))
            if taken > SECONDS:  # twice, for the first time may have been the machine's
                taken = min(taken, _seconds(used, attack.text(length)))
        except TookTooLong:
            return f"{length} characters take more than half a second"
        if taken > SECONDS and taken > before * QUADRATIC * length / shorter / 2:
            return f"{length} characters take {taken:.2f} s, {shorter} take {before:.3f} s"
        before, shorter = taken, length
    return ""


def _check(used: Used, lengths: Iterable[int]) -> None:
    longest = BOUNDED.get(used.place)
    lengths = [length for length in lengths if longest is None or length <= longest]
    for attack in attacks(used.pattern):
        told = _explodes(used, attack, lengths=lengths)
        assert not told, f"{used.place}, used by {used.method}: {attack}: {told}"


@needs_timer
def test_no_pattern_explodes() -> None:
    for used in _ALL:
        _check(used, (32, 256, 2_048, 4_096))


@pytest.mark.campaign
@needs_timer
@pytest.mark.parametrize("used", _ALL, ids=lambda used: used.place)
def test_time_grows_with_the_text_and_not_faster(used: Used) -> None:
    _check(used, [1 << power for power in range(5, 17)])


def test_patterns_are_found_where_they_are() -> None:
    places = {used.place for used in _ALL}
    assert {"harvester.page_state._TAG", "extractors.references._TITLE_CUTS", "storage.query._TOKEN"} <= places
    assert any("(re." in place for place in places)
    # Those that are tried only where they can fit, and those that a function compiles.
    assert {"extractors.paper_data._DATE", "storage.search_text (re.finditer)"} <= places


def test_attacks_find_what_explodes() -> None:
    """The classics, and the same made harmless."""
    lengths = [1 << power for power in range(5, 15)]
    for source, method, explodes in (
        (r"(?:a|a)*b", "match", True),
        (r"<[^>]*>", "search", True),
        (r"\s*\(", "search", True),
        (r"\s*\(", "match", False),
        (r"<[^<>]*+>", "search", False),
        (r"(?:ab?)*+c", "match", False),
    ):
        used = Used("here", re.compile(source), method)
        assert any(_explodes(used, attack, lengths=lengths) for attack in attacks(used.pattern)) is explodes, source
