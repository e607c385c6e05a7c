"""Reference lists: which lines are references, and what one reference says.

Two styles cover nearly all of them: NLM's (``Hao Y, Hao S, et al. Title. Cell. 2021;184:3573.``) and
APA's (``Hao, Y., & Hao, S. (2021). Title. Cell, 184, 3573.``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from ..models import BlockKind
from .folding import CJK, fold_width
from .needful_pattern import NeedfulPattern
from .reading import Line, Reading

_HEADER = re.compile(
    r"^[\W_]*(?:主要)?(?:参考(?:文献|资料|资源|来源|文章)|引用文献|文献来源|引文|参考"
    r"|References?|Reference list|Bibliography)[\W_]*$",
    re.IGNORECASE,
)
_HEADER_INLINE = re.compile(r"^[\W_]*(?:参考(?:文献|资料)|引用文献|References?)\s*[:：\]】]\s*(?=\S)", re.IGNORECASE)
_NUMBER = re.compile(r"^\s*(?:[\[【［]\d{1,3}[\]】］]|\(\d{1,3}\)|\d{1,3}\s?[.、)]|\d{1,3}\s(?=[A-Z]))\s*")
_FIRST_NUMBER = re.compile(r"^\s*(?:[\[【［]1[\]】］]|\(1\)|1\s?[.、)])\s*[A-Z]")
# A number in square brackets inside a line begins the next of several references run together.
_INNER_NUMBER = NeedfulPattern(r"(?<=[.\d\s;])[\[【［]\d{1,3}[\]】］]\s*(?=[A-Z])", needs=("[", "【", "［"))
# "Hao Y," / "Hao, Y.," / "Hao Y and" / "et al": what author lists are made of.
_AUTHOR = re.compile(
    r"[A-ZÀ-Þ][\w'’‐-]{0,40}[a-zà-ÿ](?:\s[A-ZÀ-Þ][\w'’‐-]{0,40}[a-zà-ÿ])?,?\s?(?:[A-Z]\.?[\s-]?){1,4}(?=[,;.&]|\sand\s|\set\sal|$)"
    r"|\bet\s?al\b|[A-ZÀ-Þ]\.(?:-?[A-Z]\.)?\s[A-ZÀ-Þ][\w'’‐-]{1,40}(?=,|\sand|\s&)"
)
_YEAR = re.compile(r"[(]?\b(?:19|20)\d{2}\b")
# Where one part of a reference (authors, year, title, journal) ends and the next begins.
_PART_END = re.compile(
    r"\.\s+|\.(?=[A-Z\"“])|(?:[,.]?(?<!\s)\s*+|(?<=\s))\((?:19|20)\d{2}[a-z]?(?:,[^)]{0,14})?\)[.,:]?\s*"
    r"|\b(?:19|20)\d{2}[a-z]?\.\s*|(?<=et al)[,.]{0,2}\s+|:\s+(?=[A-Z])"
    r"|\s(?:and|&)\s(?:[A-Z]\.\s?-?){1,3}\s?[A-Z][\w'’-]+,\s+"
)
_TITLE_END = re.compile(r"(?<!\b[A-Z])(?<!\bvs)(?<!\bsp)[.?!](?=\s|$|[A-Z])")
# What may follow a title without a full stop.
_TITLE_CUTS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:(?<!\s)\s*+|(?<=\s))[\"”’》]",
        r"[,]\s*(?:DOI|doi|PMID|https?|Retrieved|Available)\b",
        r",\s(?:[A-Z][\w&]*\s){1,5}(?:19|20)\d\d",
        r",\s*(?:Cell|Nature|Science|Cancer|[A-Z][a-z]{0,4}\.?\s[A-Z][\w. ]{2,40}?)\.?\s*(?:\d+\b|,|$|\.)",
        r"(?:(?<!\s)\s*+|(?<=\s))\[[JM]\]",
        r"(?:(?<!\s)\s*+|(?<=\s))https?://",
        r"\s(?:bioRxiv|medRxiv|arXiv)\b",
        r"(?:(?<!\s)\s*+|(?<=\s))\|\s",
    )
)
# Chinese words run on to the end of an English title, or a Chinese comma and the journal.
_BEHIND_TITLE = re.compile(rf"\s[{CJK}]{{2}}.*|，\s?[A-Z][\w&. ]{{2,40}}$", re.DOTALL)
# A reference that has its DOI, PMID or pages is whole: what follows is the next one.
_COMPLETE = re.compile(r"10\.\d{4,}/\S+|PMID\S{0,20}\s*+\d{5,}|https?://\S|\d\s?[-–]\s?\d++\.?$")
_LEAD = re.compile(
    r"^\s*(?:(?:(?:原文|文献|论文|文章|引用|出处|来源)(?:链接|出处|信息|来源|引用|引文|格式)?|参考(?:文献|资料)|引文|Reference|Citation|Cite)"
    r"\s*(?:[:,;、/]\s*|(?=[A-Z\[\d])))++",
    re.IGNORECASE,
)
# Chinese words of a sentence about a paper: a reference has none, however many foreign names it holds.
_TELLING = re.compile(r"发表|题为|标题|刊登|撰写")
_CHINESE_RUN = re.compile(f"[{CJK}]+")
# Words of running English; a reference with two of them has at least a year or an identifier.
_RUNNING = re.compile(r"\b(?:we|our|were|was|these|which|could|should|can|have|has)\b", re.IGNORECASE)
# Words of titles that author lists do not have.
FUNCTION_WORD = re.compile(
    r"\b(?:of|in|for|the|with|by|from|to|on|as|at|is|are|via|using|through|between|reveals?|identif\w+|promotes?|drives?"
    r"|during|under|into|against|an?|its?|how|why|across|within|without|among|after|beyond|towards?)\b"
)
_PARTICLES = frozenset(
    {"and", "et", "al", "de", "van", "von", "der", "da", "di", "la", "le", "el", "bin", "core", "jr"}
)


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference in document coordinates; the title's span is empty when it could not be told."""

    start: int
    end: int
    first_line: int
    title: str
    title_start: int
    in_list: bool


def is_reference(text: str) -> bool:
    """Whether a line reads like a bibliographic reference: authors, a year or volume, mostly Latin."""
    plain = fold_width(text)
    if sum(map(len, _CHINESE_RUN.findall(plain))) > 0.2 * len(plain) or _TELLING.search(plain):
        return False
    authors = len(_AUTHOR.findall(plain))
    dated = bool(_YEAR.search(plain))
    return authors >= 1 and (dated or (authors >= 2 and len(_RUNNING.findall(plain)) < 2))


def looks_like_authors(text: str) -> bool:
    """Whether a piece of a reference is a list of names: capitalised words and initials, no function words."""
    words = re.findall(r"[^\W\d_][\w'’‐-]*", text)
    if not words:
        return True
    if FUNCTION_WORD.search(text):
        return False
    if re.fullmatch(r".*\bet\.?\s*al\.?,?", text.strip()) or all(len(word) <= 2 for word in words):
        return True
    named = [word for word in words if word.lower() not in _PARTICLES]
    capital = sum(word[0].isupper() for word in named)
    listed = text.count(",") + text.count(";") + len(re.findall(r"\s(?:and|&)\s", text))
    if capital < 0.95 * len(named):
        return False
    if len(named) <= 2:  # a full stop after an initial cuts names apart: "Lanier, L.", "H.", "Phillips"
        return True
    return listed >= 0.2 * len(words) or (len(words) <= 4 and any(len(word) == 1 for word in words))


def find_references(reading: Reading) -> tuple[Reference, ...]:
    """Every reference of the article, in order; those under a reference heading have `in_list` set."""
    found: list[Reference] = []
    in_list = False
    pending: list[Line] = []

    def close() -> None:
        if pending:
            found.append(_reference(pending, in_list=in_list))
            pending.clear()

    for line in _segments(reading):
        text = line.plain.strip()
        if _HEADER.match(text):
            close()
            in_list = True
            continue
        if in_list:
            if _ends_list(line, text):
                close()
                in_list = False
            else:
                if pending and _starts_reference(text, pending):
                    close()
                pending.append(line)
        opens_list = not in_list and _FIRST_NUMBER.match(text) and is_reference(text)
        if opens_list:  # a list without a heading
            in_list = True
            pending.append(line)
        if not in_list and (is_reference(text) or (_HEADER_INLINE.match(text) and _latin_share(text) > 0.5)):
            found.append(_reference([line], in_list=bool(_NUMBER.match(text))))
    close()
    return tuple(reference for reference in found if reference.end > reference.start)


def _segments(reading: Reading) -> Iterator[Line]:
    """The lines, those that hold several numbered references cut before each number."""
    for line in reading.lines[1:]:
        cuts = [0, *(match.start() for match in _INNER_NUMBER.finditer(line.text)), len(line.text)]
        if len(cuts) == 2 or not _NUMBER.match(line.plain):
            yield line
            continue
        for begin, end in pairwise(cuts):
            yield line._replace(
                start=line.start + begin,
                end=line.start + end,
                text=line.text[begin:end],
                plain=line.plain[begin:end],
            )


def _starts_reference(text: str, pending: list[Line]) -> bool:
    if _NUMBER.match(text):
        return True
    joined = " ".join(line.text for line in pending)
    if _NUMBER.match(joined):
        return False
    if is_reference(text) or _AUTHOR.match(text) or len(joined) > 400:
        return True
    return bool(_COMPLETE.search(joined)) and len(text) > 30 and text[0].isupper()


def _ends_list(line: Line, text: str) -> bool:
    if line.kind is BlockKind.HEADING and not _NUMBER.match(text) and not is_reference(text):
        return True
    chinese = sum(map(len, _CHINESE_RUN.findall(text)))
    if chinese > 6 and _TELLING.search(text) and not _NUMBER.match(text):
        return True
    return chinese > 12 and chinese > 0.35 * len(text) and not _NUMBER.match(text)


def _latin_share(text: str) -> float:
    return len(re.findall(r"[A-Za-z]", text)) / max(len(text), 1)


def _reference(lines: list[Line], *, in_list: bool) -> Reference:
    start, end = lines[0].start, lines[-1].end
    text = "\n".join(line.text for line in lines)
    title, offset = reference_title(text)
    return Reference(start, end, lines[0].number, title, start + offset, in_list)


def reference_title(text: str) -> tuple[str, int]:
    """The title within a reference and its offset there; empty when it cannot be told."""
    plain = fold_width(text).replace("\n", " ")
    quoted = re.search(r"[\"“](?=[A-Z\d])([^\"“”]{20,300}?)[.,]?[\"”]", plain)
    if quoted and len(quoted[1].split()) >= 4:
        return text[slice(*quoted.span(1))], quoted.start(1)
    begin = 0
    for lead in (_LEAD, _NUMBER, _HEADER_INLINE):
        match = lead.match(plain[begin:])
        begin += match.end() if match else 0
    begin = _skip_authors(plain, begin)
    end = _TITLE_END.search(plain, begin)
    stop = end.start() + (plain[end.start()] in "?!") if end else len(plain)
    for cut in _TITLE_CUTS:
        match = cut.search(plain, begin, stop)
        if match and match.start() - begin > 20:
            stop = match.start()
    while begin < stop and plain[begin] in " .,:;\"“'‘《":
        begin += 1
    behind = _BEHIND_TITLE.search(text, begin + 20, stop)
    title = text[begin : behind.start() if behind else stop].rstrip(" .,，;")
    short = 3 if _YEAR.search(plain) and not re.search(f"[{CJK}]", title) else 4
    if len(title.split()) < short or looks_like_authors(fold_width(title)):
        return "", begin
    return title, begin


def _skip_authors(plain: str, begin: int) -> int:
    """The offset after the leading parts that are names or years."""
    place = begin
    for match in _PART_END.finditer(plain, begin):
        part = plain[place : match.start()]
        if match.start() > place and not looks_like_authors(part):
            break
        if match.group().startswith(":") and not _AUTHOR.search(part + ","):
            break  # "PyTorch: An imperative style": a name before a colon begins the title
        place = match.end()
    return place if place < len(plain) else begin


def reference_lines(reading: Reading, references: tuple[Reference, ...]) -> Iterator[int]:
    """The numbers of the lines that references take up."""
    for reference in references:
        for line in reading.lines[reference.first_line :]:
            if line.start >= reference.end:
                break
            yield line.number
