"""Whether two titles, journals or years are the same: pure functions, nothing is asked or stored."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from ...models import Journal

# Services put it before the title of a paper that was withdrawn.
_WITHDRAWN = re.compile(r"^\W*(?:retracted|withdrawn|retraction)(?:\s+article|\s+paper)?\s*[:.\]]\s*", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_CJK = re.compile("[\u3400-\u9fff]")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_PLACE = re.compile(r"(?<!\s)\s*+[(\[][^()\[\]]*+[)\]]\s*+$")
_SMALL_WORDS = frozenset(
    {"a", "an", "and", "as", "at", "by", "de", "der", "des", "die", "du", "et", "for", "from"}
    | {"in", "into", "la", "le", "of", "on", "or", "the", "to", "und", "with"}
)
# A title may be cut short or lack its subtitle; shorter ones would fit too many.
_SHORTEST_BEGINNING = 30
_ALIKE = 0.92
# PubMed's [Title] refuses nothing, but long queries find no more than their first words do.
_SEARCH_WORDS = 12


def fold_title(text: str) -> str:
    """The letters and digits of a title, Greek letters by name, everything else gone."""
    plain = unicodedata.normalize("NFKD", _WITHDRAWN.sub("", text)).casefold()
    spelled = "".join(_spelled_out(char) for char in plain if not unicodedata.combining(char))
    return "".join(_WORD.findall(spelled))


def _spelled_out(char: str) -> str:
    """``alpha`` for α; Unicode's LAMDA is everyone else's lambda."""
    if not "α" <= char <= "ω":
        return char
    return unicodedata.name(char).rsplit(maxsplit=1)[-1].lower().replace("lamda", "lambda")


def same_title(claimed: str, found: str) -> bool:
    """Whether two titles are the same but for case, markup, punctuation, a slip or a missing end."""
    first, second = sorted((fold_title(claimed), fold_title(found)), key=len)
    if not first:
        return False
    if first == second or (len(first) >= _SHORTEST_BEGINNING and second.startswith(first)):
        return True
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    if len(first) < _SHORTEST_BEGINNING or matcher.quick_ratio() < _ALIKE or matcher.ratio() < _ALIKE:
        return False
    # "Part 1" and "part 2" are alike, and not the same.
    return re.findall(r"\d+", first) == re.findall(r"\d+", second)


def title_words(title: str) -> list[str]:
    """The words of a title that a search should ask for."""
    words = _WORD.findall(_WITHDRAWN.sub("", title))
    telling = [word for word in words if len(word) > 1 and word.casefold() not in _SMALL_WORDS]
    return list(dict.fromkeys(telling or words))[:_SEARCH_WORDS]


def is_chinese(text: str) -> bool:
    """Whether a text holds Chinese characters: no service could be asked about it."""
    return _CJK.search(text) is not None


def same_journal(claimed: Journal, *, names: Sequence[str], issns: Iterable[str]) -> bool | None:
    """Whether a claimed journal is the one with these names and ISSNs; None when that cannot be told.

    An ISSN of the lexicon that is not among them decides nothing: journals have several.
    """
    if claimed.issn and claimed.issn in issns:
        return True
    written = [name for name in (claimed.name, claimed.abbreviation, claimed.as_written) if name]
    comparable = [name for name in written if not is_chinese(name)]
    if not comparable or not names:
        return None
    return any(_same_journal_name(name, other) for name in comparable for other in names)


def _same_journal_name(first: str, second: str) -> bool:
    one, other = _journal_words(first), _journal_words(second)
    if not one or not other:
        return False
    return one == other or _abbreviates(one, other) or _abbreviates(other, one)


def _journal_words(name: str) -> list[str]:
    """Its words without articles and the place in brackets: ``Science (New York, N.Y.)`` is ``science``."""
    plain = unicodedata.normalize("NFKD", _PLACE.sub("", name)).casefold()
    words = _WORD.findall("".join(char for char in plain if not unicodedata.combining(char)))
    return [word for word in words if word not in _SMALL_WORDS]


def _abbreviates(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether each word begins the word at its place: ``nat commun`` and *nature communications*."""
    if len(short) != len(long) or len(long) < 2:
        # One word alone is no abbreviation: "Cell" is not "Cellulose".
        return False
    return all(whole.startswith(part) or _contracts(part, whole) for part, whole in zip(short, long, strict=True))


def _contracts(part: str, whole: str) -> bool:
    """``natl`` for *national*, ``intl`` for *international*: the beginning and the last letter."""
    return len(part) > 2 and part[-1] == whole[-1] and whole.startswith(part[:-1])


def claimed_year(published: str | None) -> int | None:
    """The year of a date as articles write it (``2021年2月``, ``2024 Feb 20``); None without one."""
    found = _YEAR.search(published or "")
    return int(found.group()) if found else None
