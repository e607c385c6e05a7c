"""Cuts lines into sentences and tells which section each stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc

from ..models import BlockKind
from .reading import Line, Reading, Sentence, reading_of

# A sentence ends at Chinese or doubled punctuation (closing quotes and brackets belong to it), and at a
# Latin full stop only before a space and a capital letter or a Chinese character: "Fig. 2", "et al., 2021",
# "p=0.05" and "E. coli" go on.
# The pattern begins with all characters that may end one, so that the others are leapt over.
_END = re.compile(
    r"[。！？!?；;….](?:(?<!\.)[。！？!?；;…]*[”’」』）)\]】》]*"
    r"|(?<=\.)(?<![A-Z]\.)(?<!\bal\.)(?<!\bFig\.)(?<!\bvs\.)(?<!\bNo\.)(?<!\bDr\.)(?=\s+[A-Z\u4e00-\u9fff]))"
)
_HEADING_NUMBER = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,2}[)）]"
    r"|\d{1,2}(?:\.\d{1,2})*[、.．\s]|Part\s*\d|第[一二三四五六七八九十\d]+[部分章节]|[IVX]{1,4}[.、]|结果[一二三四五六七八九十\d]+)"
)
_HEADING_NAMES = re.compile(
    r"^(?:(?:研究)?(?:背景|摘要|简介|引言|前言|概述|方法|思路|设计|结果|结论|讨论|总结|小结|意义|亮点|局限性?|不足|展望|内容)"
    r"|(?:材料与|主要|文章|核心|全文|结果)\S{0,4}(?:方法|结果|结论|发现|内容|信息|概要|摘要|总结|解读)|参考文献|References?|Abstract|Results?|Methods?|Discussion|Conclusions?|Introduction)"
    r"[：:]?$",
    re.IGNORECASE,
)
_MAXIMUM_HEADING = 45


def is_heading(line: Line) -> bool:
    """Whether a line names a section: tagged so, a numbered or known name, or a short bold line."""
    text = line.text.strip()
    if line.kind is BlockKind.HEADING:
        return True
    if not text or len(text) > _MAXIMUM_HEADING or text[-1] in "。；;，,":
        return False
    if _HEADING_NAMES.match(text):
        return True
    if line.block is not None and line.block.bold and line.kind is BlockKind.PARAGRAPH:
        return True
    return bool(_HEADING_NUMBER.match(text)) and line.kind is BlockKind.PARAGRAPH and len(text) <= 30


def split_sentences(text: str) -> Iterator[tuple[int, int]]:
    """The (start, end) of each sentence of one line, spaces around it left out."""
    begin = 0
    for match in (*_END.finditer(text), None):
        end = match.end() if match else len(text)
        sentence = text[begin:end].lstrip()
        if sentence:
            yield end - len(sentence), end - len(sentence) + len(sentence.rstrip())
        begin = end


def read_sentences(reading: Reading) -> Iterator[Sentence]:
    """The sentences of a reading in order, those of the title first."""
    section = ""
    total = max(reading.lines[-1].end, 1)
    for line in reading.lines:
        in_heading = is_heading(line)
        if line.number and in_heading:
            section = line.text.strip()
        for start, end in split_sentences(line.text):
            yield Sentence(
                start=line.start + start,
                end=line.start + end,
                text=line.text[start:end],
                line=line,
                section=section,
                position=(line.start + start) / total,
                in_heading=in_heading,
            )


@Language.component("wenzhai_sentences")
def sentences_component(doc: Doc) -> Doc:
    """Fills `Reading.sentences`."""
    reading = reading_of(doc)
    reading.sentences = tuple(read_sentences(reading))
    return doc
