"""Journal names where an article really names the journal of a paper.

Half of the best journals are called by ordinary words (Nature, Cell, 科学, Blood), so a name counts by
what stands around it: a label, 发表在, 《》, an impact factor, the title's ``Journal | …``, a reference's year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from ..models import Journal
from .folding import CJK
from .lexicon import Entry
from .reading import Line, Reading

_PUBLISHED_BEFORE = re.compile(
    r"(?:发表|刊登|刊发|刊载|见刊|上线|登上|收录|接收|录用|published|appeared)[^。；\n]{0,12}?(?:在|于|到|至|in|on)?[^。；\n]{0,10}$"
    r"|(?:期刊|杂志|来源|发表于|发表在|登上|出处|刊物|Journal|子刊|顶刊)(?:名称|名|标题)?\s*[:：]?\s*[《「“\"'*【\[]?\s*$"
    r"|[一这该]篇\s*[《「“*\s]*$"
    r"|(?:团队|等人?|学者|课题组|研究者|研究人员|作者|大学|医院|近日|日前|旗下的?)[^。；，,\n]{0,14}[在于]\s*(?:国际\S{0,8})?[《「“*\s]*$",
    re.IGNORECASE,
)
_AFTER_STRONG = re.compile(
    r"^\s*[》」”\"'*】\]]?\s*(?:[(（,，;；]?\s*(?:IF|影响因子|最新IF|IF值|中科院|JCR|Q1|一区|1区)|[(（]\s?\d{1,3}(?:\.\d{1,3})?\s?(?:分|\+|[/,，]\s?(?:Q[1-4]|[1-4一二三四]区))|上[,，。]|杂志|期刊|正刊|上?(?:\S{0,4})?发表|上的|上?(?:在线|上线)"
    r"|刊登|刊发|上刊|主刊|恰好发|发文|发了|的?(?:一项|一篇|这项|这篇|最新)?(?:最新)?(?:研究(?!所|院|中心|人|团|者)|文章|论文|综述)"
    r"|上面?的?[一这][篇项]|\s*上$)",
    re.IGNORECASE,
)
# "Cell子刊", "Nature旗下", "Nature 系列" name another journal than the one they begin with.
_OTHER_JOURNAL = re.compile(
    r"^\s*[》”\"]?\s*(?:等\S{0,6}(?:期刊|杂志|刊物)|子刊|旗下|系列|大子刊|[一二三四]区|级别|同款|平台|官网|Index|出版)"
)
# Where a picture was taken from.
_CREDIT = re.compile(r"(?:引自|图源|图片来源|图片来自)[^。；\n]*$")
_LATIN_GOES_ON = re.compile(
    r"^-[A-Za-z]|^(?:\s|\s?&\s?|:\s)(?!IF\b|and\b|or\b|et\b|PMID|DOI|doi|in\b|on\b|is\b|Epub|journal\b|paper\b|article\b)[A-Za-z]{3,}"
)
# 自然通讯, 自然·医学, 新英格兰医学杂志: no ordinary words, as 癌症研究 and 细胞代谢 are.
_CHINESE_NAME = re.compile(r"(?:自然\W?|柳叶刀\W?|新英格兰)[\w·-]{2}")
_CHINESE_SURE = re.compile(r"^(?:杂志|期刊|正刊)(?!\s?[《“])")
# 生命科学期刊, 这些科学杂志: a kind of journals, none of them.
_CHINESE_KIND = re.compile(rf"(?<![在于至到登刊志。，、：:；;（(])[{CJK}]\s*$")
_LABELLED = re.compile(r"(?:期刊|杂志|来源|刊物)(?:名称|名)?\s*[:：]\s*$")
_BRACKETED = re.compile(r"[《「“]\s*$")
_BRACKET_CLOSES = re.compile(r"^\s*[》」”]")
_AFTER_REFERENCE = re.compile(
    r"^[.,，]?\s*(?:[(（]\s*)?(?:19|20)\d\d|^[.,]?\s*vol\.\s?\d|^[.,]?\s*\d{1,4}\s*[(（:,]\s*[\de]|^\.\s*Published|^\.\s?\d{1,4}\s?[:(]",
    re.IGNORECASE,
)
# "An intersegmental … formation | Nature Communications (nature.com)": the title of a publisher's page.
_BEHIND_BAR = re.compile(r"[A-Za-z)\]] [|｜] $")
_ENDS_HERE = re.compile(rf"\s*(?:$|\([a-z.]+\)|[|｜{CJK}])")
_IN_BRACKETS = re.compile(r"[《「【\[“]\s*$")
_LABEL = re.compile(
    r"(?:发表期刊|期刊名称|期刊名|期刊|发表杂志|杂志名称|杂志|来源期刊|刊物|发表刊物|Journal|发表在|发表于|刊登在|刊登于)\s*+(?:[:：]\s*+)?(?:[《「“\"【*]++\s*+)?"
    r"(?P<name>[A-Z][A-Za-z&\-:.'’ ]{2,70}?)\s*(?=[》」”\"】*,，。;；（(|｜\n]|IF|影响因子|杂志|期刊|上|\d|$|[一-鿿])"
)
# "在Quantitative Biology期刊上": a journal by what stands around it, whether a lexicon holds it or not.
_PUBLISHED_IN = re.compile(
    r"[在于]\s*[《“\"]?(?P<name>[A-Z][A-Za-z&\-:.'’ ]{5,60}?)[》”\"]?\s*(?:期刊|杂志|上(?:在线)?(?:发表|刊登))"
)
# "2022年 River Fog Lett 杂志刊登了", "近日River and Fog Letters（IF：5.9）的论文": so too without 在.
_BESIDE_ITS_DATA = re.compile(
    r"(?P<name>[A-Z](?<![A-Za-z&\-:.'’].)(?<![A-Za-z&\-:.'’]\s.)[A-Za-z&\-:.'’]* [A-Za-z&\-:.'’ ]{2,60}?)[》”\"]?\s*"
    r"(?:(?:期刊|杂志)\s?上?\s?(?:刊登|发表)|[(（]\s?(?:IF|影响因子)\s?[:：=为]?\s?\d)"
)
# The fuller forms of the National Library of Medicine: "Cancer immunology, immunotherapy : CII", "Molecular therapy :
# the journal of the …", "Science (New York, N.Y.)".
_ADDITION = re.compile(
    r"\s?:\s?(?:[A-Z]{2,8}(?![A-Za-z\d]|\s?[=:\d])"
    r"|(?:the |an? )?(?:official )?(?:journal|publication) of [^.;:,，。(（\n]{4,90})"
    r"|\s\((?:New York|Weinh|London|Bethesda|Baltimore|Berlin|Cambridge|Oxford)[^)\n]{0,40}\)"
)
# Behind the title of a paper, or behind the word for it, stands its journal: (Nature Methods), （Science Advances）.
_PAPER_WORDS = ("文章", "论文", "文献")
_CHINESE = re.compile(f"[{CJK}]")
_TWO_LETTERS = re.compile(r"[A-Za-z]{2}")
_SHORTEST_TITLE = 15  # characters, without Chinese, behind its first two letters
_BRACKET_ENDS = re.compile(r"\s*[)）,，]")
# A short name amid a Chinese word is a part of it: 单细胞RNA测序.
_WORD_GOES_ON = re.compile(rf"(?![在于至到登刊志年月日期的自篇和与及由是])[{CJK}]$")
# What stands between the journals of a list, and how many make one.
_LIST_GAP = re.compile(
    r"[\s》」”《「“*]*+(?>(?:[,，、;；/]|和|及|与|以及|and)"
    r"(?:[\s《「“*》」”]*[A-Za-z &]{2,24}(?=[,，、;；/]|$)\n?|[\s《「“*》」”]*+))+"
)
_LIST = 3
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
    text = reading.plain_text
    found: list[JournalMention] = []
    for match in reading.matches.get("journal", []):
        line = reading.line_at(match.start)
        addition = _ADDITION.match(text, match.end, line.end)
        end = addition.end() if addition else match.end
        strength = _strength(text, match.start, end, line, match.text)
        if strength == 1 and match.candidates[0].form.ambiguous:
            continue  # an ordinary phrase that some journal is called by
        if strength:
            journal = _journal(match.candidates[0].entry, reading.document_text[match.start : end])
            found.append(JournalMention(journal, match.start, end, strength, line))
            taken.update(range(match.start, end))
    for label in chain(_LABEL.finditer(text), _PUBLISHED_IN.finditer(text), _BESIDE_ITS_DATA.finditer(text)):
        start, end = label.span("name")
        name = label["name"].strip(" .:'-")
        other = _OTHER_JOURNAL.match(text[start + len(name) :][:_REACH])
        if start not in taken and end - 1 not in taken and not other and _looks_like_journal(name):
            taken.update(range(start, end))
            journal = Journal(name=name, as_written=name)
            found.append(JournalMention(journal, start, start + len(name), 3, reading.line_at(start)))
    yield from _without_lists(text, sorted(found, key=lambda mention: mention.start))


def _without_lists(text: str, found: list[JournalMention]) -> Iterator[JournalMention]:
    """The mentions but those of lists of journals: somebody's publications, not where the paper appeared."""
    group: list[JournalMention] = []
    for mention in found:
        if group and not _LIST_GAP.fullmatch(text, group[-1].end, mention.start):
            yield from group if len(group) < _LIST else ()
            group = []
        group.append(mention)
    yield from group if len(group) < _LIST else ()


def _looks_like_journal(name: str) -> bool:
    words = name.split()
    return (
        1 <= len(words) <= 9
        and len(name) > 3
        and not re.search(r"(?i)^(?:IF|DOI|PMID|https?|DATA|TCGA|GEO|Club)\b", name)
    )


def _journal(entry: Entry, written: str) -> Journal:
    return Journal(name=entry.name, as_written=written, abbreviation=entry.detail or None, issn=entry.id or None)


def _strength(text: str, start: int, end: int, line: Line, written: str) -> int:
    before = text[max(start - _REACH, line.start) : start]
    after = text[end : min(end + 24, line.end)]
    if _OTHER_JOURNAL.match(after) or _CREDIT.search(before) or _goes_on(written, before, after):
        return 0
    if _AFTER_STRONG.match(after):
        return 3
    if " " not in written and _WORD_GOES_ON.search(before) and re.match(f"[{CJK}]", after):
        return 0
    if _PUBLISHED_BEFORE.search(before):
        return 3
    if written.islower() and " " not in written and written.isascii():
        return 0  # "…-related genes. (2023)": a common noun
    if _AFTER_REFERENCE.match(after):
        return 2
    if _stands_apart(text, start, end, line, before, after, written):
        return 2
    if " " in written.strip() and not re.search(f"[{CJK}]", written):
        return 1
    return 0


def _stands_apart(text: str, start: int, end: int, line: Line, before: str, after: str, written: str) -> bool:
    """Whether a name is alone on its line, in brackets, in a headline's place for it, or behind a title's bar."""
    whole_line = text[line.start : line.end]
    if len(whole_line.strip(" *《》【】[]|｜:：")) == end - start:
        return True
    if line.number == 0 and _is_title_form(text, start, end, line):
        return True
    if _BEHIND_BAR.search(before) and _ENDS_HERE.match(after):
        return True
    if " " in written and _is_bracket_behind_title(before) and _BRACKET_ENDS.match(after):
        return True
    return bool(_IN_BRACKETS.search(before) and re.match(r"\s*[》」】\]”]", after))


def _is_bracket_behind_title(before: str) -> bool:
    """Whether a text ends in a bracket that opens behind the title of a paper, or behind a word for it."""
    before = before.rstrip()
    if not before.endswith(("(", "（")):
        return False
    before = before[:-1]
    if before.rstrip().endswith(_PAPER_WORDS):
        return True
    title = _CHINESE.split(before)[-1]
    letters = _TWO_LETTERS.search(title)
    return letters is not None and len(title) - letters.end() >= _SHORTEST_TITLE


def _goes_on(written: str, before: str, after: str) -> bool:
    """Whether the name is only a part of what is written: ``Nature`` of *Nature Food*, 细胞 of 细胞研究."""
    if re.search(f"[{CJK}]", written):
        return not (
            (_BRACKETED.search(before) and _BRACKET_CLOSES.match(after))
            or (_CHINESE_SURE.match(after) and not _CHINESE_KIND.search(before))
            or _LABELLED.search(before)
            or (_CHINESE_NAME.match(written) and (_PUBLISHED_BEFORE.search(before) or _AFTER_STRONG.match(after)))
        )
    if _AFTER_REFERENCE.match(after):
        return False
    return bool(_LATIN_GOES_ON.match(after)) or bool(re.search(r"[A-Za-z]{2}\s$", before) and " " not in written)


def _is_title_form(text: str, start: int, end: int, line: Line) -> bool:
    """``Nature | 标题``, ``标题 | Nature``, ``Nature：标题``, ``【Nature】标题``."""
    before, after = text[line.start : start].strip(), text[end : line.end].strip()
    opens = not before or before[-1] in "|｜【[！!。，,》:："
    closes = not after or after[0] in "|｜】]:：，,！!丨" or after.startswith(("发文", "重磅", "最新", "发表"))
    return opens and (closes or not before) and bool(closes or not after)
