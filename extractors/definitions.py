"""Short forms that an article defines itself: 肿瘤微环境（TME）, neutrophil extracellular traps (NETs).

For English the algorithm is Schwartz and Hearst's (Pac Symp Biocomput 2003, 451-462): the letters of the
short form must be found from right to left in the words before the bracket, the first one at the start of
a word. A Chinese long form cannot be checked by letters: the Chinese run before the bracket is taken as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc

from .folding import CJK, fold_width
from .reading import Definition, reading_of

_SHORT = r"[A-Za-z][A-Za-z0-9αβγδκ+\-/]{0,11}"
_BRACKET = re.compile(r"\((?P<inside>[^()\n]{2,90}+)\)")
_SHORT_ONLY = re.compile(rf"^{_SHORT}$")
_CHINESE_TAIL = re.compile(rf"[{CJK}A-Za-z0-9α-ω\-/]{{2,30}}\s*$")
_ENGLISH_TAIL = re.compile(r"[A-Za-z][A-Za-z0-9'’\-/,α-ω ]{3,110}$")
_COLON = re.compile(rf"(?P<short>{_SHORT})\s*[:=]\s*(?P<long>[A-Za-z][A-Za-z \-]{{5,80}})$")
_HAS_CJK = re.compile(rf"[{CJK}]")


def find_definitions(text: str) -> Iterator[Definition]:
    """Every definition in the text.

    Four forms are read: ``long (SHORT)``, ``中文（SHORT）``, ``中文（English long form, SHORT）`` and
    ``（SHORT: long form）``.
    """
    plain = fold_width(text)
    for match in _BRACKET.finditer(plain):
        inside, before = match["inside"].strip(), plain[max(match.start() - 120, 0) : match.start()]
        colon = _COLON.match(inside)
        if colon and _letters_fit(colon["short"], colon["long"]):
            yield Definition(short=colon["short"], long=colon["long"], start=match.start())
            continue
        head, _, tail = re.sub(r"[，;；、]", ",", inside).rpartition(",")
        short = (tail if head else inside).strip(" :=简称")
        if not _SHORT_ONLY.match(short) or not any(char.isupper() for char in short):
            continue
        if head and _letters_fit(short, head.strip()):
            yield Definition(short=short, long=head.strip(), start=match.start())
        elif not head:
            long = _long_form(short, before.rsplit("\n", 1)[-1])
            if long:
                yield Definition(short=short, long=long, start=match.start())


def _long_form(short: str, before: str) -> str:
    english = _ENGLISH_TAIL.search(before.rstrip())
    if english:
        words = english.group().split(" ")
        limit = min(len(short) + 5, len(short) * 2)
        for count in range(1, min(limit, len(words)) + 1):
            long = " ".join(words[-count:])
            if _letters_fit(short, long):
                return long
    chinese = _CHINESE_TAIL.search(before)
    if chinese and _HAS_CJK.search(chinese.group()):
        return chinese.group().strip()
    return ""


def _letters_fit(short: str, long: str) -> bool:
    """Schwartz and Hearst's test: short's letters occur in long in order, the first at a word's start."""
    letters = [char for char in short.lower() if char.isalnum()]
    text = long.lower()
    place = len(text)
    for index in range(len(letters) - 1, -1, -1):
        place = text.rfind(letters[index], 0, place)
        while index == 0 and place > 0 and text[place - 1].isalnum():
            place = text.rfind(letters[index], 0, place)
        if place < 0:
            return False
    return len(long) > len(short)


@Language.component("wenzhai_definitions")
def definitions_component(doc: Doc) -> Doc:
    """Fills `Reading.definitions`."""
    reading = reading_of(doc)
    reading.definitions = tuple(find_definitions(reading.document_text))
    return doc
