"""Names of tools that no lexicon holds, from the words that introduce them.

New software is what many digests are about: ``R包pcalg``, ``muscat：专注于…``, ``开发了STCAT``. A name is taken
when the words beside it say that it is a tool, and then everywhere in the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .folding import fold_width
from .lexicon import LEXICON_FOLDER, read_table
from .reading import Reading

_NAME = r"[A-Za-z][A-Za-z0-9]{1,20}(?:[-_.+][A-Za-z0-9]{1,15}){0,3}\+?"
_WHOLE = r"(?<![A-Za-z0-9_.\-/@])"
_END = r"(?![A-Za-z0-9_\-/@]|\.[A-Za-z0-9])"
_KIND = (
    r"(?:R\s?(?:语言)?包|Python\s?(?:包|库)|软件包|工具包|程序包|分析包|绘图包|软件|工具|数据库|算法|插件|网页工具|在线工具|网站|平台|框架"
    r"|package|software|database|toolkit|algorithm|web ?server)"
)
_AFTER = re.compile(
    rf"{_WHOLE}(?P<name>{_NAME}){_END}\s?[”\"》」]?\s?(?:这个|这款|的)?\s?(?P<kind>{_KIND}|包(?![括含被])|函数包)",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?P<kind>{_KIND})\s?(?:[:：—-]+|叫做?|名为|是|——|[“\"《「（(])?\s?{_WHOLE}(?P<name>{_NAME}){_END}"
)
_CREATED = re.compile(
    rf"(?:开发|提出|推出|构建|发布|设计|介绍|引入|建立)(?:了|的)?(?:一[种个款套项])?[^。，,；\n]{{0,18}}?(?:[:：—]|——|名为|称为|叫做?|命名为|[“\"（(])\s?{_WHOLE}(?P<name>{_NAME}){_END}"
    rf"|(?:开发|提出|推出|发布)了?\s?{_WHOLE}(?P<name2>{_NAME}){_END}|(?:命名为|被称为|名为)\s?[“\"]?{_WHOLE}(?P<name3>{_NAME}){_END}"
)
_TITLE = re.compile(rf"^(?:.{{0,24}}[|｜]\s?)?(?P<name>{_NAME})\s?[:：，—!！]")
_LIBRARY = re.compile(
    rf"(?:library|require|install\.packages|BiocManager::install|install_github)\(\s?[\"']?(?P<name>{_NAME})"
)
_NOT_NAMES = frozenset(
    row["form"] for row in read_table(LEXICON_FOLDER / "not_tool_names.tsv", columns=("form", "meaning"))
)
_INNER_CAPITAL = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2,}[a-z]|\d")


def find_tool_names(reading: Reading) -> dict[str, list[tuple[int, int]]]:
    """The names the article itself introduces as tools, each with all its places in the document."""
    known = {
        match.text
        for group in ("gene", "journal", "tool", "disease", "method")
        for match in reading.matches.get(group, [])
    }
    short_forms = {definition.short for definition in reading.definitions}
    names = {
        name
        for name in _introduced(reading)
        if name not in known and name not in short_forms and name not in _NOT_NAMES
    }
    text = reading.plain_text
    places: dict[str, list[tuple[int, int]]] = {}
    for name in sorted(names):
        pattern = re.compile(rf"{_WHOLE}{re.escape(name)}{_END}")
        found = [
            match.span() for match in pattern.finditer(text)
            if reading.line_at(match.start()).number not in reading.reference_lines
        ]  # fmt: skip
        if found:
            places[name] = found
    return places


def _introduced(reading: Reading) -> Iterator[str]:
    title = fold_width(reading.article.title)
    opening = _TITLE.match(title)
    if opening and _INNER_CAPITAL.search(opening["name"]) and len(opening["name"]) > 3:
        yield opening["name"]
    for line in reading.lines:
        if line.number in reading.reference_lines:
            continue
        plain = fold_width(line.text)
        for pattern in (_AFTER, _BEFORE):
            for match in pattern.finditer(plain):
                if _fits(match["name"], match["kind"]):
                    yield match["name"]
        for match in _CREATED.finditer(plain):
            name = match["name"] or match["name2"] or match["name3"]
            if _INNER_CAPITAL.search(name) and len(name) > 3:
                yield name


def _fits(name: str, kind: str) -> bool:
    """Lower-case words are names only of packages; elsewhere a name has a capital inside, or is all capitals."""
    if len(name) < 3:
        return False
    if "包" in kind:
        return True
    return bool(_INNER_CAPITAL.search(name)) or name.isupper() or (name[0].isupper() and "数据库" in kind)
