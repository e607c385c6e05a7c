"""Reference lists: which lines are references, and what one reference says.

Two styles cover nearly all of them: NLM's (``Hao Y, Hao S, et al. Title. Cell. 2021;184:3573.``) and
APA's (``Hao, Y., & Hao, S. (2021). Title. Cell, 184, 3573.``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..models import BlockKind
from .folding import CJK, fold_width
from .reading import Line, Reading

_HEADER = re.compile(
    r"^[\W_]*(?:主要)?(?:参考(?:文献|资料|来源|文章)|引用文献|文献来源|引文|References?|Reference list|Bibliography|参考)[\W_]*$",
    re.IGNORECASE,
)
_HEADER_INLINE = re.compile(r"^[\W_]*(?:参考(?:文献|资料)|引用文献|References?)\s*[:：\]】]\s*(?=\S)", re.IGNORECASE)
_NUMBER = re.compile(r"^\s*(?:\[\d{1,3}\]|[(（]\d{1,3}[)）]|\d{1,3}\s?[.、．)）]|\d{1,3}\s(?=[A-Z]))\s*")
# "Hao Y," / "Hao, Y.," / "Hao Y and" / "et al": what author lists are made of.
_AUTHOR = re.compile(
    r"[A-ZÀ-Þ][\w'’‐-]+(?:\s[A-ZÀ-Þ][\w'’‐-]+)?,?\s(?:[A-Z]\.?[\s-]?){1,4}(?=[,;.&]|\sand\s|\set\sal|$)"
    r"|\bet\s?al\b|[A-ZÀ-Þ]\.(?:-?[A-Z]\.)?\s[A-ZÀ-Þ][\w'’‐-]+(?=,|\sand|\s&)"
)
_YEAR = re.compile(r"[(（]?\b(?:19|20)\d{2}\b")
_AUTHORS_END = re.compile(
    r"(?:et\s?al\.?,?|[A-Z]\.?|[a-zà-ÿ]{2,})\s*(?:[(（](?:19|20)\d{2}[a-z]?(?:,[^)）]*)?[)）])?[.,:：]+\s+(?=[\"“‘]?[A-Z0-9a-z])"
)
_TITLE_END = re.compile(r"(?<![A-Z])(?<!\bvs)(?<!\bsp)[.?!](?=\s|$|[A-Z])")
_LEAD = re.compile(
    r"^\s*(?:原文(?:链接|出处|信息)?|文献(?:信息|来源)?|参考文献|论文(?:信息|链接)?|引用(?:格式)?|Reference|Citation|Cite|来源)\s*[:：]\s*",
    re.IGNORECASE,
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
    if len(re.findall(f"[{CJK}]", plain)) > 0.2 * len(plain):
        return False
    authors = len(_AUTHOR.findall(plain))
    return authors >= 2 or (authors >= 1 and bool(_YEAR.search(plain)))


def find_references(reading: Reading) -> tuple[Reference, ...]:
    """Every reference of the article, in order; those under a reference heading have `in_list` set."""
    found: list[Reference] = []
    in_list = False
    pending: list[Line] = []

    def close() -> None:
        if pending:
            found.append(_reference(pending, in_list=in_list))
            pending.clear()

    for line in reading.lines[1:]:
        text = line.text.strip()
        if _HEADER.match(text):
            close()
            in_list = True
            continue
        if in_list:
            if _ends_list(line, text):
                close()
                in_list = False
            elif not pending or _starts_reference(text, pending):
                close()
                pending.append(line)
            else:
                pending.append(line)
        if not in_list and (is_reference(text) or (_HEADER_INLINE.match(text) and _latin_share(text) > 0.5)):
            found.append(_reference([line], in_list=bool(_NUMBER.match(text))))
    close()
    return tuple(reference for reference in found if reference.end > reference.start)


def _starts_reference(text: str, pending: list[Line]) -> bool:
    if _NUMBER.match(text):
        return True
    joined = " ".join(line.text for line in pending)
    if _NUMBER.match(joined):
        return False
    return is_reference(text) or bool(_AUTHOR.match(text)) or len(joined) > 400


def _ends_list(line: Line, text: str) -> bool:
    if line.kind is BlockKind.HEADING and not _NUMBER.match(text):
        return True
    chinese = len(re.findall(f"[{CJK}]", text))
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
    begin = 0
    for lead in (_LEAD, _NUMBER, _HEADER_INLINE):
        match = lead.match(plain[begin:])
        if match:
            begin += match.end()
    begin = _skip_authors(plain, begin)
    quoted = re.match(r"\s*[\"“‘'《]", plain[begin:])
    begin += quoted.end() if quoted else len(plain[begin:]) - len(plain[begin:].lstrip())
    end = _TITLE_END.search(plain, begin)
    stop = end.start() + (plain[end.start()] in "?!") if end else len(plain)
    for cut in (
        r"\s*[\"”’》]",
        r",\s(?:[A-Z][\w&]*\s){1,5}(?:19|20)\d\d",
        r"\s*\[J\]",
        r"[,，]\s*[A-Z][A-Za-z. ]+\.\s(?:19|20)\d\d",
    ):
        match = re.search(cut, plain[begin:stop])
        if match and match.start() > 20:
            stop = begin + match.start()
    title = text[begin:stop].strip(" .,，")
    if len(title.split()) < 4 or _AUTHOR.match(title):
        return "", begin
    return title, begin + (len(text[begin:stop]) - len(text[begin:stop].lstrip(" .,，")))


def _skip_authors(plain: str, begin: int) -> int:
    """The offset after the author list: after the last author pattern that is followed by a full stop or a year."""
    last = begin
    position = begin
    for author in _AUTHOR.finditer(plain, begin):
        if author.start() - position > 40:
            break
        position = author.end()
        closing = re.match(r"[.,]*\s*(?:[(（](?:19|20)\d{2}[^)）]{0,12}[)）])?\s*[.,:]?\s*", plain[position:])
        last = position + (closing.end() if closing else 0)
    return last


def reference_lines(reading: Reading, references: tuple[Reference, ...]) -> Iterator[int]:
    """The numbers of the lines that references take up."""
    for reference in references:
        for line in reading.lines[reference.first_line :]:
            if line.start >= reference.end:
                break
            yield line.number
