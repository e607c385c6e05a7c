"""The papers of an article: those it names, those in its reference lists, each once, primary or cited.

What the reference list says of a digested paper (same DOI, same title, or the only entry) joins that one;
the other entries are cited.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc

from ..models import Paper, PaperRole
from .folding import CJK
from .journals import JournalMention, find_journals
from .named_papers import named_drafts, primary_drafts
from .paper_draft import Draft, same_paper
from .reading import Reading, reading_of
from .references import Reference, find_references, reference_lines

_MAXIMUM_CITED = 30
# A digest that names its paper only in its references has few of them.
_FEW_REFERENCES = 3
_LONGEST_PART_HEADING = 30
_PROSE = re.compile(rf"[{CJK}][^\n]{{18,}}[。；！]?$")
_ADVERTISED = re.compile(r"引用|致谢|使用了|图片来自|图源")


def read_papers(reading: Reading, references: tuple[Reference, ...]) -> list[Paper]:
    """The papers of an article, primary ones first.

    Needs `Reading.identifiers`, `Reading.matches` and `Reading.reference_lines`.
    """
    journals = list(find_journals(reading))
    cited = [_cited_draft(reading, reference, journals) for reference in references]
    named = named_drafts(reading, journals)
    primary = primary_drafts(reading, named)
    chapters = [cited[index] for index in _chapter_references(reading, references)]
    if chapters:
        primary += [draft for draft in chapters if not any(same_paper(known, draft) for known in primary)]
        cited = [draft for draft in cited if draft not in primary]
    drafts = _join_references(reading, primary, [d for d in named if d not in primary], cited)
    drafts += _left_over(reading, drafts)
    return [draft.finish() for draft in drafts]


def _chapter_references(reading: Reading, references: tuple[Reference, ...]) -> list[int]:
    """The references that head the parts of an article: each is followed by lines about it, not by the next one.

    An article that goes through several papers so digests them all: 第一篇 … Ishida Y, et al. … 第二篇 … Leach DR, …
    """
    alone = [index for index, reference in enumerate(references) if not reference.in_list and reference.title]
    heads = [index for index in alone if _heads_a_part(reading, references[index])]
    return heads if len(heads) >= 2 and len(heads) >= 0.5 * len(alone) else []


def _heads_a_part(reading: Reading, reference: Reference) -> bool:
    """Whether a short line stands before it, a heading tagged or not, and a sentence after it."""
    before = reading.lines[reference.first_line - 1]
    after = [line for line in reading.lines[reference.first_line + 1 :][:2] if line.start >= reference.end]
    is_headed = before.number > 0 and len(before.text) <= _LONGEST_PART_HEADING and not before.text.endswith("。")
    return is_headed and any(line.number not in reading.reference_lines and _PROSE.search(line.text) for line in after)


def _left_over(reading: Reading, drafts: list[Draft]) -> Iterator[Draft]:
    """A cited paper for each DOI and PMID that found no place in another: none is lost."""
    known = {draft.values.get(name) for draft in drafts for name in ("doi", "pmid")}
    for identifier in reading.identifiers:
        if identifier.field in ("doi", "pmid") and identifier.value not in known:
            known.add(identifier.value)
            draft = Draft(role=PaperRole.CITED, line=reading.line_at(identifier.start).number)
            draft.put(reading, identifier.field, identifier.value, identifier.start, identifier.end)
            yield draft


def _cited_draft(reading: Reading, reference: Reference, journals: list[JournalMention]) -> Draft:
    draft = Draft(role=PaperRole.CITED, line=reference.first_line)
    if reference.title:
        draft.put(
            reading,
            "title",
            _one_line(reference.title),
            reference.title_start,
            reference.title_start + len(reference.title),
        )
    for identifier in reading.identifiers:
        if reference.start <= identifier.start < reference.end:
            draft.put(reading, identifier.field, identifier.value, identifier.start, identifier.end)
    title_end = reference.title_start + len(reference.title)
    inside = [
        j
        for j in journals
        if reference.start <= j.start < reference.end and not reference.title_start <= j.start < title_end
    ]
    if inside:
        draft.put_journal(reading, max(inside, key=lambda mention: (mention.strength, -mention.start)))
    return draft


def _join_references(reading: Reading, primary: list[Draft], other: list[Draft], cited: list[Draft]) -> list[Draft]:
    rest: list[Draft] = []
    for draft in [*other, *cited]:
        same = next((known for known in primary if same_paper(known, draft)), None)
        if same is not None and len(cited) > 1 and not same.journal and "title" not in same.values:
            primary.remove(same)  # an identifier in passing that the reference list explains
            draft.absorb(same)
            rest.append(draft)
        elif same is not None:
            same.absorb(draft)
        else:
            rest.append(draft)
    listed = [draft for draft in rest if draft in cited]
    if not primary:
        chosen = _primary_reference(reading, listed)
        primary = [chosen] if chosen else []
    elif len(primary) == 1 and "title" not in primary[0].values and listed:
        chosen = listed[0] if len(listed) == 1 else _by_journal(primary[0], listed)
        if chosen is not None:
            primary[0].absorb(chosen)
    else:
        chosen = None
    rest = [draft for draft in rest if draft is not chosen]
    for draft in primary:
        draft.role = PaperRole.PRIMARY
    return primary + _cited_once(rest)[:_MAXIMUM_CITED]


def _cited_once(drafts: list[Draft]) -> list[Draft]:
    """The cited papers, what is told of one in several places joined."""
    unique: list[Draft] = []
    for draft in drafts:
        known = next((other for other in unique if same_paper(other, draft)), None)
        if known is not None:
            known.absorb(draft)
        elif draft.values:
            draft.role = PaperRole.CITED
            unique.append(draft)
    return unique


def _primary_reference(reading: Reading, listed: list[Draft]) -> Draft | None:
    """The reference that an article without a named paper digests: the first of a few."""
    candidates = [draft for draft in listed if draft.values and not _is_advertised(reading, draft)]
    if not candidates or len(candidates) > _FEW_REFERENCES:
        return None
    return candidates[0]


def _is_advertised(reading: Reading, draft: Draft) -> bool:
    before = reading.lines[max(draft.line - 1, 0)].text
    return bool(_ADVERTISED.search(before)) and "参考文献" not in before[:6]


def _by_journal(primary: Draft, listed: list[Draft]) -> Draft | None:
    if primary.journal is None:
        return None
    fitting = [d for d in listed if d.journal and d.journal.name == primary.journal.name]
    return fitting[0] if len(fitting) == 1 else None


def _one_line(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", text)


@Language.component("wenzhai_references")
def references_component(doc: Doc) -> Doc:
    """Fills `Reading.references` and `Reading.reference_lines`."""
    reading = reading_of(doc)
    reading.references = find_references(reading)
    reading.reference_lines = frozenset(reference_lines(reading, reading.references))
    return doc


@Language.component("wenzhai_papers")
def papers_component(doc: Doc) -> Doc:
    """Fills `Reading.papers`."""
    reading = reading_of(doc)
    reading.papers = tuple(read_papers(reading, reading.references))
    return doc
