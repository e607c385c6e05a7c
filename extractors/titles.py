"""English and Chinese titles of papers outside reference lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .folding import CJK, fold_width
from .needful_pattern import NeedfulPattern
from .reading import Line, Reading, overlaps
from .references import FUNCTION_WORD, is_reference, looks_like_authors

# A run of Latin text: no Chinese character or Chinese punctuation inside.
_RUN = re.compile(rf"[A-Za-z0-9α-ωΑ-Ω\"“(\[][^{CJK}。！？；、，（）《》【】「」\n|｜￥]{{11,}}")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’\-‐–]*")
_LABEL_BEFORE = re.compile(
    r"(?:题目|标题|题名|论文名|文章名|文题|英文题|题为|名为|篇名|原文|文献|论文|文章|综述|paper|title)(?:名称|信息|题目|标题|为|是|叫|叫做)?\s*+(?:[是为:：]++\s*+)?(?:[《“\"'‘「【(（]\s*+)?$"
    r"|(?:研究|工作|成果)\s*:\s*$",
    re.IGNORECASE,
)
# The label of a field: what follows it is the title, be it as short as "GFF Utilities".
_FIELD_LABEL = re.compile(r"(?:题目|标题|title)\s*+:\s*+(?:[《“\"'‘「【]\s*+)?$", re.IGNORECASE)
# 题为"泛素化级联…(A ubiquitination cascade …)": the English of a title, not of a term.
_TRANSLATED = re.compile(r"(?:[》”]|(?:题为|题目为?|标题为?)\s*[“\"《「][^。\n”》」]{6,90})\s*[(（]\s*$")
_TITLE_AFTER = re.compile(
    r"^\s*+(?:[》”\"'’」】)）]\s*+)?(?:[.。]\s*+)?(?:的(?:研究|文章|论文|综述|最新|重要|成果|长文|评论|预印本|学术|工作)|为?(?:题|标题)|一文|这篇|研究论文"
    r"|的在线|[,，]\s?(?:即|意为|译为|中文)|[(（]\s?(?:IF|影响因子|[A-Z][A-Za-z ]+[,，]|\d{4}|PMID|DOI|doi)|\n|$|》|”)"
)
# "Korsunsky 等，…，Nat Methods 2019, PMID: …": authors before it, a journal with its year or an identifier behind.
_AUTHORS_BEFORE = re.compile(r"(?:等人?|et al\.?)\s*[,，.。:：]\s*$")
_CITED_AFTER = re.compile(
    r"^\s*[,.，。;]\s*(?:[A-Z][A-Za-z&. ]{2,50}?[,.，(（\s]\s*(?:19|20)\d\d|[^\n]{0,40}(?:PMID|DOI|doi))"
)
_QUOTE_PAIRS = {"《": "》", "“": "”", "「": "」", "‘": "’", '"': '"', "'": "'"}
# "…, Cell 2019 fig2D", ". Genome Biol, 2021": the journal and its year, behind a full stop whatever its name.
_TRAILING_JOURNAL = re.compile(r"\.\s+[A-Z][A-Za-z&. ]{3,40}[,.]?\s\(?(?:19|20)\d\d\b.*$")
_YEAR_BEHIND = re.compile(r"[,.]?\s*\(?(?:(?:19|20)\d\d\b|\d{1,4}[(:,]|Vol)")
_NOTE_NUMBER = re.compile(r"(?:(?<!\s)\s*+|(?<=\s))\[(?:\d{1,3}|[JM])\](?:\.\s.*)?$")
_TRAILING_DATA = re.compile(
    r"(?i)(?:(?<!\s)\s*+|(?<=\s))(?:[(（\[]\s*+(?:PMID|IF|DOI|Cell|Nat|Science|Genom|\d{4}|https?)|(?:[,.;，。]\s*+)?\b(?:PMID|PMCID|DOI|IF\s?[=:：])|https?:|\bdoi\.org)"
)
_PROSE = re.compile(
    r"\b(?:[Ww]e|[Oo]ur|Here,|[Hh]ere,? we|[Tt]his (?:study|work|article|paper|observation)|were|was|has been|have been"
    r"|[Yy]ou|[Pp]lease|(?:is|are) (?:deposited|available|represented|provided|listed)|declare|available (?:at|from)"
    r"|can be (?:downloaded|found|accessed)"
    r"|All rights|Commons)\b"
)
# A quoted sentence of a paper is not its title.
_STATEMENT = re.compile(r"\b(?:[Ww]e|[Oo]ur|suggest(?:s|ed)? that)\b")
# "Zhuoqing Fang, Xinyuan Liu, Gary Peltz, GSEApy: …": full names before a title.
_LEADING_AUTHORS = re.compile(
    r"(?:[A-Z][\w'’-]+(?: [A-Z][\w'’.-]*){1,3},\s+){2,}(?:(?:and |& )?[A-Z][\w'’-]+(?: [A-Z][\w'’.-]*){1,2}\.\s+)?"
)
_CODE = re.compile(r"://|www\.|\.(?:com|org|cn)\b|[{}<>=$\\#]|\(\)|\w_\w+_\w|::|->|\.R\b|\.py\b|library\(")
_TITLE_VERB = re.compile(r"(?i)\b(?:\w{4,}(?:tion|ing|sis|ity|ment|ics|ology|ates|izes)|atlas|map|role|roles)\b")
# The number of a registered trial, and a journal's name, whatever letters a machine misread in it.
_NO_TITLE = re.compile(
    r"NCT\d{6,}|(?:The |International |European |American |British )?Jo\w{3,5}l of [\w&]+(?: [\w&]+){0,5} ?$"
)
# What a page or a list puts around a title: "[1] …", "2Poor outcome …", "A: …", "… - PubMed".
_NUMBER_BEFORE = re.compile(
    r"(?:[\[(]\d{1,3}[\])]\s*|\d{1,2}(?=[A-Z][a-z]{2})|\d{1,2}[.)、]\s*(?=[A-Z])|[A-Za-z]\s?:\s?)"
)
# "Li et al. published in Nature Cancer a paper entitled “…”"
_ENTITLED = re.compile(r"\b(?:entitled|titled)[\s:,]*(?=[\"“‘'(]?[A-Z])")
_PAGE_BEHIND = re.compile(
    r"\s[-–|]\s(?:PubMed|PMC|ScienceDirect|Nature|Springer\w*|Wiley\b.*|Frontiers|bioRxiv|medRxiv)$"
)
# "…, Immunity 58, October 14, 2025"
_ISSUE_BEHIND = re.compile(
    r"\s\d{1,4},\s(?:\w+(?:[–-]\w+)?,\s)?(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_LAST_WORD = re.compile(r"[,.]?\s[A-Z]\w+$")
# “肺腺癌上皮细胞状态图谱，An atlas of …”: one pair of quotes around both titles.
_QUOTED_WITH_CHINESE = re.compile(rf"[“\"《「][^“”\"《》「」\n]*[{CJK}][^“”\"《》「」\n]*[,:]\s?$")
# "Nature 628, 162", "Cell 184, e13": a place in a journal, not a title; "53,026 adults" is a number.
_VOLUME = re.compile(r"\b\d{1,4},(?:\se?|e)\d+")
_PLAIN_TITLE_WORDS = 6
# "PEPPI (Pipeline for the Extraction of …)": the long form of a name.
_LONG_FORM = re.compile(r"[\w-]+ ?\([^()]*\)?$")
_CAPTION = re.compile(r"(?:Fig(?:ure)?|Table|Supplement\w*|Box|Extended Data)\.?\s", re.IGNORECASE)
# How a title goes on in the next line, and over how many lines at most.
_NEXT_PIECE = re.compile(rf"\s*(?P<text>(?P<low>[a-z])?[^{CJK}。！？；，（）《》【】“”\"\n|｜]+)")
_MOST_LINES = 3
# How far before and after a title the words are looked for that present it.
_REACH = 200
_LABELLED_WORDS = 2
_SHORTEST, _SHORTEST_LABELLED = 24, 12
_LONGEST_LABEL = 12
_MINIMUM_WORDS = 5
_MAXIMUM_WORDS = 45
_CHINESE_TITLE = NeedfulPattern(
    r"(?:中文题目|中文标题|文章题目|论文题目|文献题目|题目|标题|题名|译名|中文名|文题)\s*[:：]\s*[《“\"]?(?P<zh>[^\n》”\"|｜]{6,90})",
    needs=("题", "译名", "中文名"),
)
_CHINESE_QUOTED = NeedfulPattern(r"《(?P<zh>[^《》\n]{8,80})》", needs=("《",))


@dataclass(frozen=True, slots=True)
class TitleMention:
    """A title in document coordinates; strength 3 labelled or quoted, 2 alone on its line, 1 a bare run."""

    text: str
    start: int
    end: int
    strength: int
    line: Line


def find_english_titles(reading: Reading) -> Iterator[TitleMention]:
    """Title-like Latin runs of the lines that are not references, in order of place."""
    journals_of = _journals_by_line(reading)
    for line in reading.lines:
        if line.number in reading.reference_lines:
            continue
        plain = line.plain.replace("‘", "'").replace("’", "'")
        journals = journals_of.get(line.number, [])
        for run in _RUN.finditer(line.text):
            if run.end() - run.start() < _SHORTEST_LABELLED:  # trimming only makes it shorter
                continue
            start, end = _trimmed(plain, *run.span(), journals)
            if _is_list_of(journals, start, end):
                continue
            before = _label_above(reading, line) if not plain[:start].strip() else plain[max(0, start - _REACH) : start]
            least = _SHORTEST_LABELLED if _FIELD_LABEL.search(before) else _SHORTEST
            if end - start < least or overlaps(line.start + start, line.start + end, reading.addresses):
                continue
            strength = _strength(plain, start, end, before)
            text, last = line.text[start:end], line.start + end
            if run.end() == len(line.text) and (strength >= 2 or plain[:start].rstrip()[-1:] in _QUOTE_PAIRS):
                whole = _continued(reading, line, start, end)
                text, last = whole or (text, last)
                strength = strength or (3 if whole and _is_title_like(fold_width(text)) else 0)
            if strength:
                yield TitleMention(text, line.start + start, last, strength, line)


def _continued(reading: Reading, line: Line, start: int, end: int) -> tuple[str, int] | None:
    """A title that goes on in the next lines, as one line, and where it ends; None for the others.

    Either a quote opens before it and closes lines later, or a lower-case word or a hyphen runs over the line's end.
    """
    if line.text[end:].strip(" -‐–") or line.number + 1 >= len(reading.lines):
        return None
    parts, last = [line.text[start:].strip()], line.start + end
    quoted = line.text[:start].rstrip()[-1:] in _QUOTE_PAIRS
    closing = _QUOTE_PAIRS[line.text[:start].rstrip()[-1]] if quoted else ""
    for following in reading.lines[line.number + 1 : line.number + 1 + _MOST_LINES]:
        piece = _NEXT_PIECE.match(following.text)
        if piece is None or "://" in piece["text"] or not (quoted or piece["low"]):
            break
        if following.number in reading.reference_lines:
            break
        parts.append(piece["text"].strip())
        last = following.start + piece.start("text") + len(piece["text"].rstrip())
        if following.text[piece.end() :].strip():
            return (_joined(parts), last) if not closing or following.text[piece.end()] in closing + '"”' else None
    return (_joined(parts), last) if len(parts) > 1 and not quoted else None


def _joined(parts: list[str]) -> str:
    text = parts[0]
    for part in parts[1:]:
        text += part if text.endswith(("-", "‐")) else f" {part}"
    return text.rstrip(" .")


def _journals_by_line(reading: Reading) -> dict[int, list[tuple[int, int]]]:
    """Where the names that journals have stand, by the number of the line, counted from its start."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for match in reading.matches.get("journal", []):
        line = reading.line_at(match.start)
        spans.setdefault(line.number, []).append((match.start - line.start, match.end - line.start))
    return spans


def _is_list_of(journals: list[tuple[int, int]], start: int, end: int) -> bool:
    """Whether names of journals make up half of a run: a list of them, not a title."""
    inside = [right - left for left, right in journals if start <= left < end]
    return len(inside) > 1 and sum(inside) > 0.5 * (end - start)


def _trimmed(plain: str, start: int, end: int, journals: list[tuple[int, int]]) -> tuple[int, int]:
    """The run without its label, the data after the title, unbalanced brackets and quotes."""
    label = re.match(
        r"(?i)(?:english |original |paper |article )?(?:title|paper|article|source|reference)\s*:\s*",
        plain[start:end],
    )
    if label:
        start += label.end()
    entitled = _ENTITLED.search(plain, start, end)
    if entitled:
        start = entitled.end()
    number = _NUMBER_BEFORE.match(plain, start, end)
    start = number.end() if number else start
    authors = _LEADING_AUTHORS.match(plain, start, end)
    start = authors.end() if authors else start
    data = _TRAILING_DATA.search(plain, start, end)
    if data and data.start() > start + 20:
        end = data.start()
    end = _before_its_journal(plain, start, end, journals)
    for opening, closing in (("(", ")"), ("[", "]"), ("“", "”")):
        if plain.count(opening, start, end) > plain.count(closing, start, end):
            place = plain.rindex(opening, start, end)
            if place > start + 20:
                end = place
    while end > start and plain[end - 1] in " .,:;，：-–(（[\"'”“‘·*":
        end -= 1
    while start < end and plain[start] in " \"'“‘([*":
        start += 1
    return start, end


def _before_its_journal(plain: str, start: int, end: int, journals: list[tuple[int, int]]) -> int:
    """Where the title ends when its journal and year, or the number of a note, follow it."""
    issue = _ISSUE_BEHIND.search(plain, start + 20, end)
    if issue:
        named = max((left for left, right in journals if right == issue.start() and left > start + 20), default=None)
        word = _LAST_WORD.search(plain, start + 20, issue.start())
        return named or (word.start() if word else issue.start())
    for left, right in journals:
        if start + 20 < left < end and plain[:left].rstrip().endswith((",", ".")) and _YEAR_BEHIND.match(plain, right):
            end = left
    patterns = (_PAGE_BEHIND, _NOTE_NUMBER, _TRAILING_JOURNAL)
    behind = next((found for pattern in patterns if (found := pattern.search(plain, start + 20, end))), None)
    return behind.start() if behind else end


def _label_above(reading: Reading, line: Line) -> str:
    """The line above, where it is but a label: 论文标题："""
    above = fold_width(reading.lines[line.number - 1].text).rstrip() if line.number > 1 else ""
    return above if above.endswith(":") and len(above) <= _LONGEST_LABEL else ""


def _strength(plain: str, start: int, end: int, before: str) -> int:
    """3 quoted or labelled, 2 presented or alone on its line, 1 a bare run, 0 not a title."""
    text, after = plain[start:end], plain[end : end + _REACH]
    if _FIELD_LABEL.search(before) and _is_title_like(text, labelled=True):
        return 3
    if not _is_title_like(text) or _is_gloss(before):
        return 0
    quote = before.rstrip()[-1:]
    quoted = quote in _QUOTE_PAIRS and _QUOTE_PAIRS[quote] in after[:2]
    capital = text[0].isupper() or text[0].isdigit()
    quoted = quoted or bool(_QUOTED_WITH_CHINESE.search(before) and after[:1] in '”"》」')
    if (quoted and (capital or quote == "《")) or _LABEL_BEFORE.search(before) or _TRANSLATED.search(before):
        return 0 if _STATEMENT.search(text) else 3
    if not capital or _PROSE.search(text) or re.search(r"[a-z]{2}\.\s+[A-Z]", text):
        return 0
    presented = re.search("发表|题|文章|研究|论文|原文|以$", before[-40:]) and _TITLE_AFTER.match(after)
    presented = presented or (_AUTHORS_BEFORE.search(before) and _CITED_AFTER.match(after))
    alone = len(plain.strip()) - len(text) < 14 or not re.search(f"[{CJK}]", plain)
    return 2 if presented or alone else 1


def _is_title_like(text: str, *, labelled: bool = False) -> bool:
    """Words enough, mostly letters, with the small words that titles have and lists of names or genes have not.

    What stands behind a label needs neither so many words nor the small ones.
    """
    words = _WORD.findall(text)
    least = _LABELLED_WORDS if labelled else _MINIMUM_WORDS
    if not least <= len(words) <= _MAXIMUM_WORDS or _CODE.search(text) or _CAPTION.match(text):
        return False
    if sum(map(len, words)) < 0.6 * len(text) or text.count(",") > 0.35 * len(words):
        return False
    if is_reference(text) or (looks_like_authors(text) and not labelled) or _LONG_FORM.match(text):
        return False
    if _VOLUME.search(text) or _NO_TITLE.match(text):
        return False
    return labelled or bool(
        FUNCTION_WORD.search(text) or (len(words) >= _PLAIN_TITLE_WORDS and _TITLE_VERB.search(text))
    )


def _is_gloss(before: str) -> bool:
    """Whether a bracket opens here that gives the English of a Chinese term."""
    stripped = before.rstrip()
    is_title = _TRANSLATED.search(stripped) or _LABEL_BEFORE.search(stripped[:-1])
    return stripped.endswith("(") and not is_title


def find_chinese_titles(reading: Reading) -> Iterator[TitleMention]:
    """Chinese titles of papers: labelled, or in 《》, in order of place."""
    for line in reading.lines[1:]:
        if line.number in reading.reference_lines:
            continue
        for pattern, strength in ((_CHINESE_TITLE, 3), (_CHINESE_QUOTED, 1)):
            for match in pattern.finditer(line.text):
                text = match["zh"].strip(" .。")
                if len(re.findall(f"[{CJK}]", text)) < 0.4 * len(text):
                    continue
                start = line.start + match.start("zh") + (len(match["zh"]) - len(match["zh"].lstrip(" .。")))
                yield TitleMention(text, start, start + len(text), strength, line)
