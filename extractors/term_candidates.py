"""What may be a method or a tool of an article, and how each candidate looks in numbers.

Candidates are what the lexicons and the rules found, and what the trained tagger of pieces takes for a name:
``类器官药敏检测``, ``伪时序推断``. Whether a candidate is one is decided in `term_selection`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..models import ArticleKind, BlockKind, Method, Tool
from .piece_features import Pieces, document_span
from .piece_tagger import PieceTags
from .reading import Reading, overlaps

FEATURES = (
    "log odds of the best mention",
    "log odds of the average mention",
    "log odds of the best piece",
    "log mentions",
    "log expected mentions",
    "in the lexicon",
    "log odds of the entry in training",
    "log articles of the entry in training",
    "an entry that training never met",
    "by a rule",
    "in the title",
    "in a heading",
    "place of the first mention",
    "length of the longest mention",
    "in a tutorial",
    "in an article of no paper",
    "in a digest of several papers",
    "a plot in a digest",
)
# By the name of a lexicon entry: in how many labelled articles it was found, and in how many of these it was labelled.
Seen = Mapping[str, tuple[int, int]]

_LEAST_PROBABILITY = 0.002
# About three of four names of the lexicon are right; so much is believed before an entry is met.
_BELIEF, _DOUBT = 1.5, 0.5
_LONGEST = 20
_NOTHING_NAMED = re.compile(r"[\W\d_]+")
# Words of the sentence that the tagger now and then takes into a name.
_LEADING = re.compile(r"(?:以及|进行|通过|利用|采用|使用|基于|并且|[的和与及了对用、/()（）\s])++")
_TRAILING = "的和与及等、,，。;；:：/()（ \t\u3000"
# English names of plots, as the lexicon of methods has them.
_PLOT = re.compile(r"(?:plot|chart|heat ?map|diagram)$|图$")


@dataclass(frozen=True)
class Candidate:
    """Words that may name a method or a tool.

    Attributes:
        name: the standard name, or the words as they first stand in the article.
        id: the lexicon's, or None.
        spans: the places in the document, in order.
        source: ``lexicon``, ``rule`` or ``tagger``.
    """

    name: str
    id: str | None
    spans: tuple[tuple[int, int], ...]
    source: str


def find_candidates(reading: Reading, category: str, *, pieces: Pieces, tags: PieceTags) -> Iterator[Candidate]:
    """What was found so far in order, then what the tagger adds.

    Args:
        category: ``method`` or ``tool``.
    """
    found: Sequence[Method | Tool] = reading.methods if category == "method" else reading.tools
    matches = reading.matches.get(category, [])
    known = {match.candidates[0].entry.name for match in matches}
    taken: list[tuple[int, int]] = []
    names: set[str] = set()
    for group in found:
        spans = tuple(document_span(reading, mention) for mention in group.mentions)
        taken += spans
        names.add(group.name.casefold())
        source = "lexicon" if group.name in known else "rule"
        yield Candidate(group.name, group.id if isinstance(group, Method) else None, spans, source)
    for candidate in _tagged(reading, category, pieces=pieces, tags=tags, taken=_joined(taken)):
        if candidate.name.casefold() not in names:
            yield candidate


def _tagged(
    reading: Reading, category: str, *, pieces: Pieces, tags: PieceTags, taken: list[tuple[int, int]]
) -> Iterator[Candidate]:
    """The tagger's names that touch nothing found so far, under the lexicon's name if it has one."""
    entries = {(match.start, match.end): match.candidates[0].entry for match in reading.matches.get(category, [])}
    groups: dict[str, tuple[str, str | None, list[tuple[int, int]]]] = {}
    for first, after in tags.spans(pieces):
        start, end = _trimmed(reading.plain_text, int(pieces.starts[first]), int(pieces.ends[after - 1]))
        text = reading.plain_text[start:end]
        if end - start < 2 or _NOTHING_NAMED.fullmatch(text) or overlaps(start, end, taken):
            continue
        in_reference = reading.line_at(start).number in reading.reference_lines
        if in_reference or overlaps(start, end, reading.addresses):
            continue
        entry = entries.get((start, end))
        name, identifier = (entry.name, entry.id or None) if entry else (text, None)
        groups.setdefault(name.casefold(), (name, identifier, []))[2].append((start, end))
    for name, identifier, spans in groups.values():
        yield Candidate(name, identifier, tuple(spans), "tagger")


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    leading = _LEADING.match(text, start, end)
    start = leading.end() if leading else start
    return start, start + len(text[start:end].rstrip(_TRAILING))


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def candidate_features(
    candidate: Candidate, reading: Reading, *, pieces: Pieces, tags: PieceTags, seen: Seen
) -> tuple[float, ...]:
    """The `FEATURES` of a candidate."""
    in_lexicon = candidate.source == "lexicon"
    met, right = seen.get(candidate.name, (0, 0)) if in_lexicon else (0, 0)
    means, peak = [], 0.0
    for start, end in candidate.spans:
        first, after = pieces.span(start, end)
        inside = tags.inside[first : max(after, first + 1)]
        means.append(float(inside.mean()))
        peak = max(peak, float(inside.max()))
    lines = [reading.line_at(start) for start, _ in candidate.spans]
    kind = reading.kind
    return (
        _log_odds(max(means)),
        _log_odds(sum(means) / len(means)),
        _log_odds(peak),
        math.log(len(means)),
        math.log(sum(means) + 0.01),
        float(in_lexicon),
        math.log((right + _BELIEF) / (met - right + _DOUBT)) if in_lexicon else 0.0,
        math.log1p(met),
        float(in_lexicon and not met),
        float(candidate.source == "rule"),
        float(any(not line.number for line in lines)),
        float(any(line.kind is BlockKind.HEADING for line in lines)),
        candidate.spans[0][0] / max(len(reading.plain_text), 1),
        min(max(end - start for start, end in candidate.spans), _LONGEST) / _LONGEST,
        float(kind is ArticleKind.TUTORIAL),
        float(kind is ArticleKind.OTHER),
        float(kind is ArticleKind.MULTI_PAPER_DIGEST),
        float(kind is not ArticleKind.TUTORIAL and bool(_PLOT.search(candidate.name))),
    )


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, _LEAST_PROBABILITY), 1 - _LEAST_PROBABILITY)
    return math.log(bounded / (1 - bounded))
