"""Texts made to keep a reader busy: none takes more than a second, by whatever door it comes in."""

from __future__ import annotations

import random

import pytest
from wenzhai.extractors.nlp import Extractor

from .hostile_pages import DOORS, read
from .limits import TookTooLong, needs_timer, seconds_taken, within
from .pattern_attacks import attacks, patterns

# What once took minutes, and where.
KNOWN = {
    "comments before a page": ("bare markdown", "", "<!---->", 280, "\x01"),
    "comments behind a feed": ("tail of a feed", "", "<!---->", 500, "\x01"),
    "words for an impact factor": ("words of a page", "", "IF达", 200, ""),
    "impact factor that reaches and reaches": ("words of a page", "IF", "达", 60, ""),
    "half a title in full-width spaces": ("words with full-width spaces", "", "题目 ", 3_000, ""),
    "labels of a journal": ("words with full-width spaces", "期刊", " ", 3_000, ""),
    "capitals that are no author": ("words of a page", "!", "Aa", 10_000, ""),
    "quartiles without a number": ("words of a page", "", "医学", 10_000, ""),
    "pictures without an end": ("markdown", "", "![", 20_000, ""),
    "links without an end": ("markdown", "", "[](", 20_000, ""),
    "shortcodes without an end": ("markdown", "", "{{<", 20_000, ""),
    "tags without an end": ("tags of a page", "", "<body", 20_000, ""),
    "scripts without an end": ("failure page", "", "<script", 40_000, ""),
    "assignments without a value": ("script of a page", "", "var msg_title = 1; ", 10_000, ""),
    "strings of escaped quotes": ("script of a page", '"', '\\"', 30_000, ""),
    "digits in a title": ("title of a page", "", "1", 20_000, ""),
}


@pytest.fixture(autouse=True)
def _warm(extractor: Extractor) -> None:
    """Reading the lexicons takes two seconds, which are no text's fault."""
    read(DOORS["markdown"]("正文"), extract=extractor.extract)


@needs_timer
@pytest.mark.parametrize(("door", "before", "repeated", "times", "after"), KNOWN.values(), ids=KNOWN)
def test_known_explosions(extractor: Extractor, door: str, before: str, repeated: str, times: int, after: str) -> None:
    with within(2.0):
        read(DOORS[door](before + repeated * times + after), extract=extractor.extract)


@pytest.mark.campaign
@needs_timer
@pytest.mark.parametrize("door", DOORS)
def test_no_attack_on_a_pattern_takes_a_second_by_any_door(
    extractor: Extractor, door: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """20,000 characters of each; a plain text of that length takes up to half a second."""
    found = sorted({attack for used in patterns() for attack in attacks(used.pattern)}, key=repr)
    random.Random(7).shuffle(found)  # noqa: S311 - a sample that can be repeated
    slow, longest = [], 0.0
    for attack in found[:400]:
        with seconds_taken() as taken:
            try:
                with within(3.0):
                    read(DOORS[door](attack.text(20_000)), extract=extractor.extract)
            except TookTooLong:
                slow.append(attack)
        longest = max(longest, *taken)
    with capsys.disabled():
        print(f"\n{door}: 400 attacks, {len(slow)} too slow, the longest took {longest:.2f} s")  # noqa: T201
    assert slow == []
