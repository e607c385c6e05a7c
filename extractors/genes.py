"""Genes and gene families: candidates from the lexicon, guards, grounding."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from spacy.tokens import Doc

from ..models import Gene
from .accessions import find_accessions
from .folding import CJK, fold
from .gene_forms import affixed_matches, series_matches
from .gene_guards import (
    Surroundings,
    definition_names_gene,
    definition_vetoes,
    has_cue,
    in_capitals,
    is_hopeless,
    lines_without_genes,
    names_lineage,
    needs_cue,
)
from .knowledge import Knowledge
from .reading import Reading, overlaps, reading_of
from .term_matcher import Candidate, TermMatch

# How sure a spelling is, by where it comes from; the lower ones need more to be believed.
ROLE_SCORES = {
    "symbol": 0.98,
    "alias": 0.95,
    "chinese": 0.9,
    "name": 0.9,
    "previous": 0.75,
    "hgnc_alias": 0.7,
}
_HAS_CJK = re.compile(rf"[{CJK}]")


def find_gene_mentions(reading: Reading, knowledge: Knowledge) -> Iterator[tuple[TermMatch, Candidate, float]]:
    """Every accepted mention with its grounding and score, in order of place."""
    matches = list(_candidates(reading, knowledge))
    around = _surroundings(reading, knowledge, matches)
    for match in matches:
        candidate = max(match.candidates, key=_preference)
        score = _judge(match, candidate, around)
        if score > 0:
            yield match, candidate, score


def _preference(candidate: Candidate) -> tuple[float, bool]:
    return ROLE_SCORES.get(candidate.form.role, 0.5), candidate.entry.category == "family"


def _candidates(reading: Reading, knowledge: Knowledge) -> Iterator[TermMatch]:
    text = reading.document_text
    known = reading.matches.get("gene", [])
    family_spans = sorted(
        (match.start, match.end)
        for match in known
        if "/" in match.text or any(c.entry.category == "family" for c in match.candidates)
    )
    series = [
        match
        for match in series_matches(text, knowledge.matcher.lookup_gene)
        if not any(start == match.start and end >= match.end for start, end in family_spans)
    ]
    series_spans = sorted({(match.start, match.end) for match in series})
    plain = [match for match in known if not overlaps(match.start, match.end, series_spans)]
    taken_spans = sorted({*series_spans, *((match.start, match.end) for match in plain)})
    affixed = affixed_matches(text, knowledge.matcher.lookup_gene, lambda start, end: overlaps(start, end, taken_spans))
    yield from sorted([*series, *plain, *affixed], key=lambda match: match.start)


def _surroundings(reading: Reading, knowledge: Knowledge, matches: Iterable[TermMatch]) -> Surroundings:
    text = reading.document_text
    blocked = [
        *reading.addresses,
        *((identifier.start, identifier.end) for identifier in reading.identifiers),
        *((start, end) for _, _, start, end in find_accessions(text)),
    ]
    vetoed: set[str] = set()
    defined: set[str] = set()
    by_short: dict[str, list[str]] = defaultdict(list)
    for definition in reading.definitions:
        by_short[_key(definition.short)].append(definition.long)
    for match in matches:
        longs = by_short.get(_key(match.text))
        if longs:
            if any(definition_names_gene(long, c) for long in longs for c in match.candidates):
                defined.add(_key(match.text))
            elif any(definition_vetoes(match.text, long) for long in longs):
                vetoed.add(_key(match.text))
        if _inside_tool_name(match, reading):
            vetoed.add(_key(match.text))
    sure = [match for match in matches if not needs_cue(match, max(match.candidates, key=_preference), knowledge)]
    return Surroundings(
        reading=reading,
        knowledge=knowledge,
        blocked=_joined(blocked),
        vetoed=frozenset(vetoed),
        defined=frozenset(defined),
        gene_places=frozenset(match.start for match in sure),
        gene_ends=frozenset(match.end for match in sure),
    )


def _inside_tool_name(match: TermMatch, reading: Reading) -> bool:
    """Whether the word is part of a longer tool name (DSP of GeoMx DSP): then it means the tool elsewhere too."""
    return any(
        tool.start <= match.start and match.end <= tool.end and len(tool.text) > len(match.text) + 1
        for tool in reading.matches.get("tool", [])
    )


def _joined(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _key(text: str) -> str:
    key = fold(text).replace("-", "")
    return key.removesuffix("s") if len(key) > 3 else key


def _judge(match: TermMatch, candidate: Candidate, around: Surroundings) -> float:
    """The score of a mention, 0 when a guard rejects it."""
    line = around.reading.line_at(match.start)
    key = _key(match.text)
    if (
        lines_without_genes(line)
        or line.number in around.reading.reference_lines
        or overlaps(match.start, match.end, around.blocked)
        or key in around.vetoed
        or is_hopeless(match, candidate, around.knowledge)
        or names_lineage(match, around)
        or in_capitals(match, line)
        or _inside_other_term(match, candidate, around)
    ):
        return 0.0
    score = ROLE_SCORES.get(candidate.form.role, 0.5)
    if needs_cue(match, candidate, around.knowledge) and key not in around.defined:
        return 0.6 * score if has_cue(match, around) else 0.0
    return score


def _inside_other_term(match: TermMatch, candidate: Candidate, around: Surroundings) -> bool:
    """Whether the words are part of a longer method, tool or disease that is not about the gene."""
    groups = ("method", "tool", "disease") if _HAS_CJK.search(match.text) else ("method", "tool")
    for group in groups:
        for other in around.reading.matches.get(group, []):
            if other.start <= match.start and match.end <= other.end:
                longer = other.end - other.start > match.end - match.start
                if longer and group == "method" and _HAS_CJK.search(other.text) and not _HAS_CJK.search(match.text):
                    continue  # 抗PD-1治疗, p53敲除: the gene is meant all the same
                same_but_sure = not longer and group != "disease" and candidate.form.role not in ("symbol", "alias")
                if longer or same_but_sure:
                    return True
            if other.start > match.end:
                break
    return False


def read_genes(reading: Reading, knowledge: Knowledge) -> Iterator[Gene]:
    """One gene a symbol, its mentions in order; `central` is decided later, when the findings are known."""
    grouped: dict[tuple[str, str], list[tuple[TermMatch, Candidate, float]]] = defaultdict(list)
    for match, candidate, score in find_gene_mentions(reading, knowledge):
        grouped[candidate.entry.category, candidate.entry.name].append((match, candidate, score))
    for (category, symbol), found in grouped.items():
        entry = found[0][1].entry
        spans = sorted({(match.start, match.end) for match, _, _ in found})
        yield Gene(
            symbol=symbol,
            hgnc_id=entry.id if category == "gene" and entry.id else None,
            name=entry.description or None,
            family=category == "family",
            score=round(max(score for _, _, score in found), 3),
            mentions=tuple(reading.mention(start, end) for start, end in spans),
        )


class GenesComponent:
    """Fills `Reading.genes`."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def __call__(self, doc: Doc) -> Doc:
        reading = reading_of(doc)
        reading.genes = tuple(read_genes(reading, self.knowledge))
        return doc
