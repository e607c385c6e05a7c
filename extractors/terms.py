"""Methods, tools and diseases: lexicon matches, grouped by concept, with the short forms an article defines."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc

from ..models import Disease, Mention, Method, Tool
from .knowledge import Knowledge
from .lexicon import Entry
from .method_names import find_method_names
from .reading import Reading, overlaps, reading_of
from .term_matcher import TermMatch
from .tool_names import find_tool_names
from .word_places import word_places

# A second cue for words that often mean something else, by category.
_CUES = {
    "tool": re.compile(
        r"(?:R\s?包|软件|工具|数据库|平台|网站|算法|程序|函数|包|流程|语言|插件|脚本|database|package|software|tool|algorithm"
        r"|(?:使用|利用|通过|采用|借助|运用|基于|如|包括|用)了?\s?\||\|\s?(?:分析|富集|进行|方法|评分|整合|预测|推断|和KEGG|/KEGG|、KEGG|terms?\b))",
        re.IGNORECASE,
    ),
    "method": re.compile(r"(?:实验|检测|分析|染色|法|测序|技术|结果|验证|方法|assay|analysis|staining)", re.IGNORECASE),
    "disease": re.compile(
        r"(?:患者|病人|疾病|病|症|癌|瘤|组|模型|小鼠|诊断|发病|风险|patients?|disease)", re.IGNORECASE
    ),
}
_CUE_REACH = 8
_SHORT_STARTS, _SHORT_ENDS = re.compile(r"(?<![A-Za-z0-9])"), re.compile(r"s?(?![A-Za-z0-9])")
# Instruments and languages are in the lexicon so that their names are not taken for something else.
_NOT_TOOLS = frozenset({"platform", "language"})


def find_terms(reading: Reading, category: str) -> Iterator[tuple[Entry, int, int]]:
    """(entry, start, end) of every accepted mention of one category, in order of place."""
    text = reading.document_text
    defined = _defined_terms(reading, category)
    for match in reading.matches.get(category, []):
        candidate = match.candidates[0]
        if overlaps(match.start, match.end, reading.addresses):
            continue
        if reading.line_at(match.start).number in reading.reference_lines:
            continue
        doubtful = candidate.form.ambiguous and match.text not in defined and not _stands_out(match, text)
        if doubtful and not _has_cue(match, text, category):
            continue
        yield candidate.entry, match.start, match.end
    for short, entry in defined.items():
        for start, end in word_places(reading.plain_text, short, before=_SHORT_STARTS, after=_SHORT_ENDS):
            yield entry, start, end


def _stands_out(match: TermMatch, text: str) -> bool:
    """Whether a tool's name stands capitalised among Chinese words, where an English word would hardly stand."""
    if match.group != "tool" or len(match.text) < 4 or not match.text[0].isupper():
        return False
    if match.text != match.candidates[0].form.text:
        return False
    before, after = (
        text[max(match.start - 3, 0) : match.start].rstrip(" ")[-1:],
        text[match.end : match.end + 3].lstrip(" ")[:1],
    )
    return not (before.isascii() and before.isalpha()) and not (after.isascii() and after.isalpha())


def _has_cue(match: TermMatch, text: str, category: str) -> bool:
    # The bar stands for the word itself, so that a cue can say on which side of it it must stand.
    around = text[max(match.start - _CUE_REACH, 0) : match.start] + "|" + text[match.end : match.end + _CUE_REACH]
    return bool(_CUES[category].search(around))


def _defined_terms(reading: Reading, category: str) -> dict[str, Entry]:
    """Short forms whose long form, as the article spells it out, ends in a known term."""
    defined: dict[str, Entry] = {}
    by_end = {match.end: match for match in reading.matches.get(category, [])}
    plain = reading.plain_text
    for definition in reading.definitions:
        before = len(plain[: definition.start].rstrip())
        inside = plain.find(definition.long, definition.start)
        match = by_end.get(before)
        if match is None and inside >= 0:
            match = by_end.get(inside + len(definition.long))
        if match is not None:
            defined[definition.short] = match.candidates[0].entry
    return defined


def group_mentions(reading: Reading, category: str) -> Iterator[tuple[Entry, tuple[Mention, ...]]]:
    """Each concept once, with all its mentions in order of place."""
    spans: dict[str, set[tuple[int, int]]] = defaultdict(set)
    entries: dict[str, Entry] = {}
    for entry, start, end in find_terms(reading, category):
        entries.setdefault(entry.name, entry)
        spans[entry.name].add((start, end))
    for name, found in spans.items():
        yield entries[name], tuple(reading.mention(start, end) for start, end in sorted(found))


class LexiconComponent:
    """Fills `Reading.matches`: every term of every lexicon, found in one pass."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def __call__(self, doc: Doc) -> Doc:
        reading = reading_of(doc)
        for match in self.knowledge.matcher.find(reading.document_text):
            reading.matches.setdefault(match.group, []).append(match)
        return doc


def _tools(reading: Reading) -> Iterator[Tool]:
    for entry, mentions in group_mentions(reading, "tool"):
        if entry.detail not in _NOT_TOOLS:
            yield Tool(name=entry.name, mentions=mentions)
    for name, spans in find_tool_names(reading).items():
        yield Tool(name=name, mentions=tuple(reading.mention(start, end) for start, end in spans))


def _methods(reading: Reading) -> Iterator[Method]:
    known: set[str] = set()
    for entry, mentions in group_mentions(reading, "method"):
        known.add(entry.name.casefold())
        yield Method(name=entry.name, id=entry.id or None, mentions=mentions)
    for name, spans in find_method_names(reading).items():
        if name.casefold() not in known:
            yield Method(name=name, mentions=tuple(reading.mention(start, end) for start, end in spans))


@Language.component("wenzhai_terms")
def terms_component(doc: Doc) -> Doc:
    """Fills `Reading.methods`, `Reading.tools` and `Reading.diseases`."""
    reading = reading_of(doc)
    reading.methods = tuple(_methods(reading))
    reading.tools = tuple(_tools(reading))
    reading.diseases = tuple(
        Disease(name=entry.name, id=entry.id or None, mentions=mentions)
        for entry, mentions in group_mentions(reading, "disease")
    )
    return doc
