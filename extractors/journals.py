"""Journal names where an article really names the journal of a paper.

Half of the best journals are called by ordinary words (Nature, Cell, 科学, Blood), so a name counts by
what stands around it: a label, 发表在, 《》, an impact factor, the title's ``Journal | …``, a reference's year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..models import Journal
from .folding import CJK, fold_width
from .lexicon import Entry
from .reading import Line, Reading

_PUBLISHED_BEFORE = re.compile(
    r"(?:发表|刊登|刊发|刊载|见刊|上线|登上|收录|接收|录用|published|appeared)[^。；\n]{0,12}?(?:在|于|到|至|in|on)?[^。；\n]{0,10}$"
    r"|(?:期刊|杂志|来源|发表于|发表在|登上|出处|刊物|Journal|国际(?:著名|知名|权威|顶级)?(?:学术)?(?:期刊|杂志)|子刊|顶刊|顶级期刊)(?:名称|名|标题)?\s*[:：]?\s*[《「“\"'*【\[]?\s*$",
    re.IGNORECASE,
)
_AFTER_STRONG = re.compile(
    r"^\s*[》」”\"'*】\]]?\s*(?:[(（,，]?\s*(?:IF|影响因子|最新IF|IF值|中科院|JCR|Q1|一区|1区)|杂志|期刊|子刊|正刊|上发表|上的|发表|上在线|在线发表|刊登|刊发|journal|上刊|主刊|\s*上$)",
    re.IGNORECASE,
)
_AFTER_REFERENCE = re.compile(
    r"^[.,，]?\s*(?:[(（]\s*)?(?:19|20)\d\d|^[.,]?\s*\d{1,4}\s*[(（:,]\s*\d|^\.\s*Published", re.IGNORECASE
)
_IN_BRACKETS = re.compile(r"[《「【\[“]\s*$")
_LABEL = re.compile(
    r"(?:发表期刊|期刊名称|期刊名|期刊|发表杂志|杂志名称|杂志|来源期刊|刊物|发表刊物|Journal|发表在|发表于|刊登在|刊登于)\s*[:：]?\s*[《「“\"【*]*\s*"
    r"(?P<name>[A-Z][A-Za-z&\-:.'’ ]{2,70}?)\s*(?=[》」”\"】*,，。;；（(|｜\n]|IF|影响因子|杂志|期刊|上|\d|$|[一-鿿])"
)
_TITLE_FORM = re.compile(r"^\W{0,3}$")
# How many words before and after a name its context is looked for in.
_REACH = 34


@dataclass(frozen=True, slots=True)
class JournalMention:
    """A journal named in the document.

    Attributes:
        strength: 3 labelled or beside a paper's data, 2 a title form or alone on its line,
            1 an unmistakable name without context.
    """

    journal: Journal
    start: int
    end: int
    strength: int
    line: Line


def find_journals(reading: Reading) -> Iterator[JournalMention]:
    """Every journal mention that counts, in order of place."""
    taken: set[int] = set()
    text = fold_width(reading.document_text)
    found: list[JournalMention] = []
    for match in reading.matches.get("journal", []):
        line = reading.line_at(match.start)
        strength = _strength(text, match.start, match.end, line, match.text)
        if strength:
            journal = _journal(match.candidates[0].entry, match.text)
            found.append(JournalMention(journal, match.start, match.end, strength, line))
            taken.update(range(match.start, match.end))
    for label in _LABEL.finditer(text):
        start, end = label.span("name")
        name = label["name"].strip(" .:'-")
        if start not in taken and end - 1 not in taken and _looks_like_journal(name):
            journal = Journal(name=name, as_written=name)
            found.append(JournalMention(journal, start, start + len(name), 3, reading.line_at(start)))
    yield from sorted(found, key=lambda mention: mention.start)


def _looks_like_journal(name: str) -> bool:
    words = name.split()
    return (
        1 <= len(words) <= 9 and len(name) > 3 and not re.search(r"(?i)^(?:IF|DOI|PMID|https?|DATA|TCGA|GEO)\b", name)
    )


def _journal(entry: Entry, written: str) -> Journal:
    return Journal(name=entry.name, as_written=written, abbreviation=entry.detail or None, issn=entry.id or None)


def _strength(text: str, start: int, end: int, line: Line, written: str) -> int:
    before = text[max(start - _REACH, line.start) : start]
    after = text[end : min(end + 24, line.end)]
    if _PUBLISHED_BEFORE.search(before) or _AFTER_STRONG.match(after):
        return 3
    if _AFTER_REFERENCE.match(after):
        return 2
    whole_line = text[line.start : line.end]
    if len(whole_line.strip(" *《》【】[]|｜:：")) == end - start:
        return 2
    if line.number == 0 and _is_title_form(text, start, end, line):
        return 2
    if _IN_BRACKETS.search(before) and re.match(r"\s*[》」】\]”]", after):
        return 2
    if " " in written.strip() and not re.search(f"[{CJK}]", written):
        return 1
    return 0


def _is_title_form(text: str, start: int, end: int, line: Line) -> bool:
    """``Nature | 标题``, ``标题 | Nature``, ``Nature：标题``, ``【Nature】标题``, ``Nature子刊``."""
    before, after = text[line.start : start].strip(), text[end : line.end].strip()
    opens = not before or before[-1] in "|｜【[！!。，,》:："
    closes = not after or after[0] in "|｜】]:：，,！!丨" or after.startswith(("子刊", "发文", "重磅", "最新"))
    return opens and (closes or not before) and bool(closes or not after)
