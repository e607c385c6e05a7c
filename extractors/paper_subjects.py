"""What a tutorial or a piece of news says that it is about, among the papers it names."""

from __future__ import annotations

import re

from ..models import ArticleKind, Paper, PaperMention, PaperRole, Part
from .reading import Line, Reading

# Words by which a how-to or a piece of news says that it is about a paper.
_TELLS = re.compile(r"发表|刊登|刊发|题为|名为|标题|题目|文章|论文|文献|原文|原图|复现|paper", re.IGNORECASE)
_SHARES = re.compile(r"分享|复现|介绍|解读|推荐|下面")
_THIS_ONE = re.compile(r"(?:这篇|给我一篇)[^。\n]{0,12}$")
_LONGEST_LABEL = 14
# The name of a tool, an atlas or a method at the beginning of its paper's title.
_OWN_NAME = re.compile(r"([A-Za-z][\w.+-]{2,}(?: \d)?)\s?[:：]")
# A reference this near the top is what the article is about, and no list of sources.
_TOP_LINES = 4


def is_named_in(headline: str, title: str) -> bool:
    """Whether the headline has the name that a title begins with: NetAct, of "NetAct: a computational platform …"."""
    name = _OWN_NAME.match(title)
    return bool(name and re.search(rf"(?<![A-Za-z]){re.escape(name[1])}(?![A-Za-z\d])", headline, re.IGNORECASE))


def settled_papers(reading: Reading) -> tuple[Paper, ...]:
    """The papers with their final roles, once the kind of the article is known.

    A tutorial or a piece of news names papers in passing, and lists some at its end: what it does not say it is
    about is cited there, where the same words in a digest are the paper digested.
    """
    if reading.kind not in (ArticleKind.TUTORIAL, ArticleKind.OTHER):
        return reading.papers
    roles = [paper.role if _is_subject(reading, paper) else PaperRole.CITED for paper in reading.papers]
    papers = [
        paper if paper.role is role else paper.model_copy(update={"role": role})
        for paper, role in zip(reading.papers, roles, strict=True)
    ]
    return tuple(sorted(papers, key=lambda paper: paper.role is not PaperRole.PRIMARY))


def _is_subject(reading: Reading, paper: Paper) -> bool:
    """Whether the article says that it is about a paper: with words of telling, or by naming nothing else."""
    told = [mention for mention in paper.mentions if mention.part is Part.TEXT]
    lines = {mention: reading.line_at(mention.start + reading.text_offset) for mention in told}
    if not paper.title:
        return any(_is_shared(reading, mention, line) for mention, line in lines.items())
    if is_named_in(reading.article.title, paper.title):
        return True
    fields = {line.number for mention, line in lines.items() if mention.field in ("journal", "doi", "pmid")}
    return any(
        _is_only_reference(reading, line)
        if line.number in reading.reference_lines
        else _tells(reading, line)
        or bool(fields & {line.number, line.number + 1, line.number + 2} - reading.reference_lines)
        for mention, line in lines.items()
        if mention.field == "title"
    )


def _is_only_reference(reading: Reading, line: Line) -> bool:
    return len(reading.references) == 1 or line.number <= _TOP_LINES


def _tells(reading: Reading, line: Line) -> bool:
    """Words of telling on the line, or above it in what is but a label."""
    above = reading.lines[max(line.number - 1, 1)].text
    return bool(_TELLS.search(line.text) or (len(above) <= _LONGEST_LABEL and _TELLS.search(above)))


def _is_shared(reading: Reading, mention: PaperMention, line: Line) -> bool:
    """Whether a paper without a title is what the article shares or makes again, or has an identifier with a label."""
    if mention.field == "journal":
        before = reading.document_text[line.start : mention.start + reading.text_offset]
        return bool(_SHARES.search(line.text) or _THIS_ONE.search(before))
    above = reading.lines[max(line.number - 1, 1)].text
    return mention.field in ("doi", "pmid") and bool(_TELLS.search(above + line.text))
