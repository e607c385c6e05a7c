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
from .journals import JournalMention, find_journals
from .named_papers import complete, complete_by_journal, named_drafts
from .paper_data import find_impact_factors, find_paper_data
from .paper_draft import Draft, same_paper
from .paper_subjects import is_named_in, settled_papers
from .primary_papers import (
    digested_references,
    primary_drafts,
    primary_reference,
    reference_of_journal,
    told_references,
)
from .reading import Reading, reading_of
from .references import Reference, find_references, reference_lines

_MAXIMUM_CITED = 30
# A journal glued to the end of a title: the title keeps so many letters, the year is so many long at most.
_SHORTEST_TITLE = 25
_DATE_REACH = 24


def read_papers(reading: Reading, references: tuple[Reference, ...]) -> list[Paper]:
    """The papers of an article, primary ones first.

    Needs `Reading.identifiers`, `Reading.matches` and `Reading.reference_lines`.
    """
    return [draft.finish() for draft in draft_papers(reading, references)]


def draft_papers(reading: Reading, references: tuple[Reference, ...]) -> list[Draft]:
    """The papers before they are made final, primary ones first."""
    journals = list(find_journals(reading))
    data = list(find_paper_data(reading))
    cited = [_cited_draft(reading, reference, journals) for reference in references]
    named = named_drafts(reading, journals, data)
    primary = primary_drafts(reading, named, cited, journals)
    chapters = [cited[index] for index in digested_references(reading, references)]
    if not chapters and not any("title" in draft.values for draft in primary):
        chapters = told_references(reading, cited, journals)
    if chapters:
        primary = [draft for draft in primary if "title" in draft.values]
        primary += [draft for draft in chapters if not any(same_paper(known, draft) for known in primary)]
        cited = [draft for draft in cited if draft not in primary]
    drafts = _join_references(reading, primary, [d for d in named if d not in primary], cited, journals)
    drafts = _with_headline(reading, drafts)
    digested = [draft for draft in drafts if draft.role is PaperRole.PRIMARY]
    if len(digested) == 1:
        complete(reading, digested[0], journals, data)
    else:
        for draft in digested:
            complete_by_journal(reading, draft, journals, data)
    drafts += _left_over(reading, drafts)
    return drafts


def _with_headline(reading: Reading, drafts: list[Draft]) -> list[Draft]:
    """The papers, with the only one whose own name the headline has digested, in place of one that it outdoes.

    Of 30 such papers in 596 labelled articles 26 were digested; the others were several of one headline.
    """
    named = [draft for draft in drafts if is_named_in(reading.article.title, draft.values.get("title", ""))]
    if len(named) != 1 or named[0].role is PaperRole.PRIMARY:
        return drafts
    primary = [draft for draft in drafts if draft.role is PaperRole.PRIMARY]
    if len(primary) > 1 or any(draft.strength >= 3 for draft in primary):
        return drafts
    named[0].role = PaperRole.PRIMARY
    rest = [draft for draft in drafts if draft is not named[0]]
    for draft in primary:
        draft.role = PaperRole.CITED
        if "title" not in draft.values:  # what is told of a paper without a title is told of this one
            named[0].absorb(draft)
            rest.remove(draft)
    return [*named, *rest]


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
    draft = Draft(role=PaperRole.CITED, line=reference.first_line, in_list=reference.in_list)
    title_end = _title_end(reference, journals)
    title = reference.title[: title_end - reference.title_start].rstrip(" .,")
    if title:
        draft.put(reading, "title", _one_line(title), reference.title_start, reference.title_start + len(title))
    for identifier in reading.identifiers:
        if reference.start <= identifier.start < reference.end:
            draft.put(reading, identifier.field, identifier.value, identifier.start, identifier.end)
    inside = [
        j
        for j in journals
        if reference.start <= j.start < reference.end and not reference.title_start <= j.start < title_end
    ]
    if inside:
        draft.put_journal(reading, max(inside, key=lambda mention: (mention.strength, -mention.start)))
    behind = reading.plain_text[title_end : reference.end]
    if "IF" in behind:
        for factor in find_impact_factors(behind, title_end):
            draft.put(reading, factor.field, factor.value, factor.start, factor.end)
    return draft


def _title_end(reference: Reference, journals: list[JournalMention]) -> int:
    """Where the title ends; a journal with its year or volume that no full stop parts from it is not its end."""
    end = reference.title_start + len(reference.title)
    for mention in journals:
        is_dated = mention.strength >= 2  # for in a reference only its year or volume gives a name that strength
        if is_dated and reference.title_start + _SHORTEST_TITLE < mention.start < end <= mention.end + _DATE_REACH:
            return mention.start
    return end


def _join_references(
    reading: Reading, primary: list[Draft], other: list[Draft], cited: list[Draft], journals: list[JournalMention]
) -> list[Draft]:
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
    chosen = None
    if not primary:
        chosen = primary_reference(reading, listed)
        primary = [chosen] if chosen else []
    elif len(primary) == 1 and listed:
        chosen = _explaining(reading, primary[0], listed, journals)
        if chosen is not None:
            primary[0].absorb(chosen)
    rest = [draft for draft in rest if draft is not chosen]
    for draft in primary:
        draft.role = PaperRole.PRIMARY
    return primary + _cited_once(rest)[:_MAXIMUM_CITED]


def _explaining(reading: Reading, primary: Draft, listed: list[Draft], journals: list[JournalMention]) -> Draft | None:
    """The reference that is the digested paper, though nothing in it says so."""
    only = listed[0] if len(listed) == 1 else None
    if "title" not in primary.values:
        return only or reference_of_journal(reading, primary, listed, journals)
    # A list that is nothing but the DOI of a paper whose title stands above.
    is_bare = only is not None and "title" not in only.values and only.values.keys() & {"doi", "pmid"}
    return only if is_bare and not primary.values.keys() & {"doi", "pmid"} else None


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


def _one_line(text: str) -> str:
    return re.sub(r"(?<!\s)\s*\n\s*+", " ", text)


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


@Language.component("wenzhai_paper_roles")
def paper_roles_component(doc: Doc) -> Doc:
    """Settles the roles in `Reading.papers` by `Reading.kind`."""
    reading = reading_of(doc)
    reading.papers = settled_papers(reading)
    return doc
