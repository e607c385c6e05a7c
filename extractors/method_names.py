"""Names of methods that no lexicon holds, built on a word that says what they are.

``Cochran-Armitage检验``, ``NanoSeq测序``, ``cfMethyl-Seq``: a Latin name with one of a few Chinese heads, or a name
that ends in -seq. Chinese words alone before such a head are too often not a name (进一步分析, 样本检测).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from .folding import fold_width
from .reading import Reading, overlaps

_HEADS = {"检验": "test", "染色": "staining", "测序": "sequencing", "距离": "distance", "散度": "divergence"}
# No word is longer: apostrophes would make one of a whole text, to be tried from each of them.
_WORD = r"[A-Za-z][A-Za-z0-9'’+]{0,40}+(?:-[A-Za-z0-9'’]{1,40}+){0,6}+"
_HEADED = re.compile(
    rf"(?<![A-Za-z0-9_\-])(?P<name>{_WORD}(?: {_WORD}){{0,2}}+)\s?(?P<head>{'|'.join(_HEADS)})"
    rf"(?!中心|公司|仪|体|质)"
)
# A hyphen before it, because DESeq, HTSeq and RefSeq are programs and databases.
_SEQ = re.compile(
    r"(?<![A-Za-z0-9_\-./])(?P<name>[A-Za-z][A-Za-z0-9&]{0,40}+(?:-[A-Za-z0-9&]{1,40}+){0,6}-[Ss]eq[0-9]?\+?)(?![A-Za-z0-9_\-./])"
)
# Words of a sentence in English, and what is sequenced or dyed rather than how.
_NO_NAME = re.compile(
    r"a|an|and|by|for|in|of|on|or|p|q|the|to|using|via|with|x|c?DNA|m?RNAs?|NA|QC|raw|reads?|test|Homo|Mus|Rattus",
    re.IGNORECASE,
)
_KNOWN_GROUPS = ("method", "tool", "gene", "journal", "disease")


def find_method_names(reading: Reading) -> dict[str, list[tuple[int, int]]]:
    """The names, each in its standard form (``X test``), with all their places in the document."""
    known = _joined(
        sorted((match.start, match.end) for group in _KNOWN_GROUPS for match in reading.matches.get(group, []))
    )
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    plain = fold_width(reading.document_text)
    for name, start, end in (*_headed(plain), *_sequencing(plain)):
        in_reference = reading.line_at(start).number in reading.reference_lines
        if not in_reference and not overlaps(start, end, known) and not overlaps(start, end, reading.addresses):
            places[name].append((start, end))
    return dict(places)


def _headed(plain: str) -> Iterator[tuple[str, int, int]]:
    for match in _HEADED.finditer(plain):
        words = match["name"].split()
        if len(match["name"]) > 1 and not any(map(_NO_NAME.fullmatch, words)) and _fits(match["name"], match["head"]):
            yield f"{match['name']} {_HEADS[match['head']]}", match.start(), match.end()


def _fits(name: str, head: str) -> bool:
    """Distances are called after people, not after groups of cells (CAF距离); a way of sequencing has a capital."""
    if head in ("距离", "散度"):
        return name[0].isupper() and any(map(str.islower, name))
    return head != "测序" or any(map(str.isupper, name))


def _sequencing(plain: str) -> Iterator[tuple[str, int, int]]:
    for match in _SEQ.finditer(plain):
        yield match["name"], match.start(), match.end()


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
