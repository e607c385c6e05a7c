"""Names of tools that no lexicon holds, from the words that introduce them.

New software is what many digests are about: ``R包pcalg``, ``开发了STCAT``, ``使用SOAP2将…``, ``scGen、chemCPA等``.
A name is taken when the words beside it say that it is a tool, and then everywhere in the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .folding import CJK
from .lexicon import LEXICON_FOLDER, read_table
from .needful_pattern import NeedfulPattern
from .reading import Reading
from .word_places import word_places

_NAME = r"[A-Za-z][A-Za-z0-9]{1,20}(?:[-_.+][A-Za-z0-9]{1,15}){0,3}\+?"
_WHOLE = r"(?<![A-Za-z0-9_.\-/@])"
_END = r"(?![A-Za-z0-9_\-/@]|\.[A-Za-z0-9])"
_NAME_STARTS, _NAME_ENDS = re.compile(_WHOLE), re.compile(_END)
_KIND = (
    r"(?:R\s?(?:语言)?包|Python\s?(?:包|库)|软件包|工具包|程序包|分析包|绘图包|软件|工具|数据库|算法|插件|网页工具|在线工具|网站|平台|框架"
    r"|package|software|database|toolkit|algorithm|web ?server)"
)
# Of which every word for a kind of tool has one.
_KIND_HINTS = (
    *("包", "库", "软件", "工具", "算法", "插件", "网站", "平台", "框架", "数据集", "队列"),
    *("package", "software", "database", "toolkit", "algorithm", "web"),
)
_AFTER = NeedfulPattern(
    rf"{_WHOLE}(?P<name>{_NAME}){_END}\s?[”\"》」}}]?\s?(?:这个|这款|的)?\s?(?P<kind>{_KIND}|包(?![括含被])|函数包|数据集|队列)",
    needs=_KIND_HINTS,
    ignore_case=True,
)
_BEFORE = NeedfulPattern(
    rf"(?P<kind>{_KIND})\s?(?:[:：—-]+|叫做?|名为|是|——|如|包括|[“\"《「（({{‘'])?\s?{_WHOLE}(?P<name>{_NAME}){_END}",
    needs=_KIND_HINTS,
)
_CREATED = NeedfulPattern(
    rf"(?:开发|提出|推出|构建|发布|设计|介绍|引入|建立)(?:了|的)?(?:一[种个款套项])?[^。，,；\n]{{0,18}}?"
    rf"(?:[:：—]|——|名为|称为|叫做?|命名为|[“\"（(])\s?{_WHOLE}(?P<name>{_NAME}){_END}"
    rf"|(?:开发|提出|推出|发布)了?\s?{_WHOLE}(?P<name2>{_NAME}){_END}"
    rf"|(?:命名为|被称为|名为|所开发的|我们开发的)\s?[“\"]?{_WHOLE}(?P<name3>{_NAME}){_END}",
    needs=("开发", "提出", "推出", "构建", "发布", "设计", "介绍", "引入", "建立", "名为", "称为"),
)
# 提出了 DIRECT-NET，一种…: what is new and then said to be a method may be in capitals only.
_PRESENTED = NeedfulPattern(
    rf"(?:开发|提出|推出|发布|介绍)了?\s?{_WHOLE}(?P<name>{_NAME}){_END}\s?(?:[，,（(]\s?(?:这是)?一[种个款套项]|是一[种个款套项])",
    needs=("一种", "一个", "一款", "一套", "一项"),
)
# rds2py、alabaster和dolomite等包: what the list is of stands after it.
_LISTED = NeedfulPattern(
    rf"{_WHOLE}(?P<names>{_NAME}(?:\s?(?:、|,|，|和|与|及|以及|/)\s?{_NAME}){{1,9}})\s?等[^，。；,;\n]{{0,6}}?(?P<kind>{_KIND}|包)",
    needs=("等",),
)
_USED = NeedfulPattern(
    rf"(?:使用|利用|通过|采用|借助|运用|调用|应用)了?\s?{_WHOLE}(?P<name>{_NAME}){_END}(?:\s?[Vv]?\.?\d[\d.]*)?\s?"
    rf"(?:进行|预测|计算|分析|将|对|构建|鉴定|评估|识别|推断|算法|方法|模型|来|，结合|实现|绘制|完成|获得|查询)",
    needs=("使用", "利用", "通过", "采用", "借助", "运用", "调用", "应用"),
)
_VERSIONED = NeedfulPattern(
    rf"{_WHOLE}(?P<name>{_NAME}){_END}\s?(?:[Vv]\.?\s?|version\s|版本\s?)\d+\.\d",
    needs=("V", "v", "版本"),
)
_TITLE = re.compile(rf"^(?:.{{0,24}}[|｜]\s?)?(?P<name>{_NAME})\s?(?:[:：，—!！]|来了|教程)")
_IN_TITLE = re.compile(rf"{_WHOLE}(?P<name>{_NAME}){_END}")
_NEIGHBOUR = re.compile(rf"\s?(?:、|,|，|和|与|及|以及|或|/)\s?(?P<name>{_NAME}){_END}")
_NEIGHBOUR_BEFORE = re.compile(rf"{_WHOLE}(?P<name>{_NAME})\s?(?:、|,|，|和|与|及|以及|或|/)\s?$")
_NOT_NAMES = frozenset(
    row["form"] for row in read_table(LEXICON_FOLDER / "not_tool_names.tsv", columns=("form", "meaning"))
)
_INNER_CAPITAL = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2}[a-z]|[A-Z]{2}-[A-Z][a-z]|\d")
# Molecules, assays, accessions, versions and order numbers are written like coined names.
_OTHER_THING = re.compile(
    r"(?:RNA|DNA|seq|Seq)\+?$|^v\d|^[A-Z]{1,4}\d{5,}$|_v\d|^(?:GSE|GSM|GPL|IF|SRR|SRP|PRJ\w*|NCT|rs|chr|CD|IL)\d|^m?RNA|[Tt]racker"
)
# What follows a word that is a cell, an animal, a drug or a measure rather than a tool.
_THING_AFTER = re.compile(
    rf"^\s?(?:[+⁺\-⁻]\s?[{CJK}]|细胞|小鼠|大鼠|处理|刺激|治疗|抗体|染色|蛋白|基因|受体|患者|组\b|试剂|培养|阳性|阴性|通路)"
)
# A name of the headline that comes so often in the text is what the article is about.
_OFTEN = 4


def find_tool_names(reading: Reading) -> dict[str, list[tuple[int, int]]]:
    """The names the article itself introduces as tools, each with all its places in the document."""
    taken = {
        match.text
        for group in ("gene", "journal", "tool", "disease", "method")
        for match in reading.matches.get(group, [])
    }
    short_forms = {d.short for d in reading.definitions if re.search(f"[{CJK}]", d.long)}
    barred = taken | short_forms | _NOT_NAMES
    genes = {match.text for match in reading.matches.get("gene", [])}
    names = {
        name
        for name in (*_introduced(reading), *_listed_with_tools(reading))
        if name not in barred and not _OTHER_THING.search(name) and genes.isdisjoint(name.split("-"))
    }
    places: dict[str, list[tuple[int, int]]] = {}
    for name in sorted(names):
        found = list(_places(reading, name))
        if found:
            places[name] = found
    return places


def _places(reading: Reading, name: str) -> Iterator[tuple[int, int]]:
    text = reading.plain_text
    for start, end in word_places(text, name, before=_NAME_STARTS, after=_NAME_ENDS):
        in_reference = reading.line_at(start).number in reading.reference_lines
        if not in_reference and not _THING_AFTER.match(text[end : end + 6]):
            yield start, end


def _introduced(reading: Reading) -> Iterator[str]:
    yield from _headline_names(reading)
    for line in reading.lines:
        if line.number not in reading.reference_lines:
            yield from _introduced_in(line.plain)


def _introduced_in(plain: str) -> Iterator[str]:
    for pattern in (_AFTER, _BEFORE):
        for match in pattern.finditer(plain):
            if _fits(match["name"], match["kind"]):
                yield match["name"]
    for match in _LISTED.finditer(plain):
        yield from (name for name in re.findall(_NAME, match["names"]) if _fits(name, match["kind"]))
    yield from _made_or_used(plain)


def _made_or_used(plain: str) -> Iterator[str]:
    for match in _PRESENTED.finditer(plain):
        if len(match["name"]) > 3 and match["name"][0].isupper():
            yield match["name"]
    for match in _CREATED.finditer(plain):
        name = match["name"] or match["name2"] or match["name3"]
        if _is_coined(name):
            yield name
    for pattern in (_USED, _VERSIONED):
        for match in pattern.finditer(plain):
            if _is_coined(match["name"]) or (match["name"][0].isupper() and len(match["name"]) >= 6):
                yield match["name"]


def _headline_names(reading: Reading) -> Iterator[str]:
    title = reading.lines[0].plain
    body = reading.plain_text[reading.text_offset :]
    opening = _TITLE.match(title)
    if opening and len(opening["name"]) > 3 and (_is_coined(opening["name"]) or body.count(opening["name"]) >= _OFTEN):
        yield opening["name"]
    elif opening and re.match(rf"{re.escape(opening['name'])}\s?[:：]", title) and opening["name"].islower():
        yield opening["name"]  # muscat：…; no Chinese headline begins with an English word in small letters
    for match in _IN_TITLE.finditer(title):
        name = match["name"]
        if _is_coined(name) and not name.isupper() and body.count(name) >= _OFTEN:
            yield name


def _listed_with_tools(reading: Reading) -> Iterator[str]:
    """Coined names in a list with a known tool, followed along the list in both directions."""
    text = reading.plain_text
    for tool in reading.matches.get("tool", []):
        if tool.candidates[0].form.ambiguous or reading.line_at(tool.start).number in reading.reference_lines:
            continue
        place = tool.end
        while match := _NEIGHBOUR.match(text, place):
            if not _is_coined(match["name"]):
                break
            yield match["name"]
            place = match.end()
        place = tool.start
        while match := _NEIGHBOUR_BEFORE.search(text, max(place - 45, 0), place):
            if not _is_coined(match["name"]):
                break
            yield match["name"]
            place = match.start()


def _is_coined(name: str) -> bool:
    """Whether a word looks made up for a program: a capital or a digit inside, a dash with capitals."""
    return len(name) > 3 and bool(_INNER_CAPITAL.search(name)) and not name.endswith("s") and not name[0].isdigit()


def _fits(name: str, kind: str) -> bool:
    """Lower-case words are names only of packages; elsewhere a name has a capital inside, or is all capitals."""
    if len(name) < 3:
        return False
    if "包" in kind:
        return True
    if kind in ("数据集", "队列"):
        return _is_coined(name) and not re.match(r"G(?:SE|SM|PL)\d|[A-Z]{3,4}-?\d{5,}", name)
    return bool(_INNER_CAPITAL.search(name)) or name.isupper() or (name[0].isupper() and "数据库" in kind)
