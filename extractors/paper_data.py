"""Impact factor, quartile and date of a paper, as digests write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .needful_pattern import NeedfulPattern
from .reading import Reading

_IMPACT_FACTOR = NeedfulPattern(
    r"(?:(?<![A-Za-z])(?:IF|if|影响因子|最新影响因子|(?i:impact\sfactor))|(?<=[a-z])IF(?=\s?:))(?:\s*+[(（]\s*+(?:\d{4}(?:-\d{4})?年?|IF)\s*+[)）]|\d{4}|值)?\s*+(?:[=:：为是≈~约高已达到|｜]++\s*+)?(?:[1-4一二三四]区\s*+(?:[,，;；/]\s*+)?)?(?P<a>\d{1,3}(?:\.\d{1,3})?)(?![\d%]|\.\d|\s?[区组个])"
    # "Gut(23.0/Q1)": a number beside a quartile in brackets
    r"|[(（]\s?(?P<c>\d{1,3}\.\d{1,3})\s?[/,，、|]\s?(?:(?:JCR|中科院|SCI|医学)?\s?(?:Q[1-4]|[1-4一二三四]\s?区))"
    r"|(?<![\d.])(?P<b>\d{1,3}(?:\.\d{1,3})?)\s?(?:\+\s?分|分\s?\+|分(?=[的,，。文杂期\sA-Z]))",
    needs=("IF", "if", "影响因子", "actor", "ACTOR", "分", "区", "Q"),
)
# In a headline the number alone says it: "9+的易复现单基因泛癌研究", "IF10+".
_HEADLINE_FACTOR = re.compile(
    r"(?<![\d.A-Za-z])(?P<a>\d{1,2}(?:\.\d{1,3})?)\s?\+(?=的|分|纯|SCI|生信|文章|论文|思路|期刊|杂志|突破|\s|[，,！!|｜：:。、]|$)"
)
# Not the journal's own factor of this year: a firm's average, a sum over many papers, a mean of five years.
_NOT_ITS_FACTOR = re.compile(
    r"(?:平均|累计|累积|总|合计|五年|5年|均)\s?(?:影响因子|IF)?\s*+(?:(?:值|[=:：>＞约达为]|超过?)++\s*+)?$",
    re.IGNORECASE,
)
_QUARTILE = NeedfulPattern(
    r"(?:双|中科院|中国科学院|JCR|SCI|医学|生物学?|小类|大类){0,6}\s?(?:大类|小类|分区)?\s?(?:[一二三四1-4]\s?区|Q[1-4](?:区)?)(?:\s?TOP)?(?:期刊)?",
    needs=("区", "q1", "q2", "q3", "q4"),
    ignore_case=True,
)
_DATE = NeedfulPattern(
    r"(?:19|20)\d{2}\s?年\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?[日号])?|(?<![\d./-])(?:19|20)\d{2}[./-]\d{1,2}(?:[./-]\d{1,2})?(?![./-]?\d)"
    r"|(?:19|20)\d{2}\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*(?:\s\d{1,2})?"
    r"|[今去]年\s?\d{1,2}\s?月(?:\s?份)?(?:\s?\d{1,2}\s?[日号])?|(?<!\d)\d{1,2}\s?月\s?\d{1,2}\s?[日号]",
    needs=("19", "20", "月"),
)
# An impact factor above this is a slip: CA: A Cancer Journal for Clinicians, the highest, had 503 in 2022.
_HIGHEST = 520.0


@dataclass(frozen=True, slots=True)
class DataMention:
    """A value of one field (``impact_factor``, ``quartile``, ``published``) in document coordinates."""

    field: str
    value: str
    start: int
    end: int
    labelled: bool


def find_paper_data(reading: Reading) -> Iterator[DataMention]:
    """Every impact factor, quartile and date outside reference lists."""
    for line in reading.lines:
        if line.number in reading.reference_lines:
            continue
        plain = line.plain
        yield from find_impact_factors(plain, line.start)
        if line.number == 0:
            for match in _HEADLINE_FACTOR.finditer(plain):
                yield DataMention("impact_factor", match["a"], match.start("a"), match.end("a"), labelled=False)
        for field, pattern in (("quartile", _QUARTILE), ("published", _DATE)):
            for match in pattern.finditer(plain):
                start, end = match.span()
                start += len(match.group()) - len(match.group().lstrip())
                yield DataMention(field, line.text[start:end], line.start + start, line.start + end, labelled=True)


def find_impact_factors(plain: str, offset: int) -> Iterator[DataMention]:
    """Every impact factor of a piece of text that begins at the offset; full-width forms are folded before."""
    for match in _IMPACT_FACTOR.finditer(plain):
        group = str(match.lastgroup)
        start, end = match.span(group)
        if not 0 < float(match[group]) < _HIGHEST:
            continue
        if not _NOT_ITS_FACTOR.search(plain, max(match.start() - 12, 0), start):
            yield DataMention("impact_factor", match[group], offset + start, offset + end, group != "b")
