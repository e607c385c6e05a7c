"""Which sentences state a result, a conclusion or a limitation of the digested paper, and which are key."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from spacy.tokens import Doc

from ..models import BlockKind, Finding, FindingRole, Part
from .reading import Reading, Sentence, reading_of
from .sentence_features import CONCLUSION, FALLS_SHORT, LIMITATION, LIMITATION_SECTION
from .tagger import Floats, Tagger, Tags, tagged_sentences, tagger_input

# Probabilities from which a sentence counts, by cross-validation over articles of unseen accounts. Limitations are
# rare, so little is enough, less where a cue speaks for it, and hardly anything under a heading of limitations (of 153
# in 259 articles of unseen accounts F1 .45 with these, .42 with a third less; under such headings from 0.0005 to 0.03
# little changes).
FINDING_THRESHOLD = 0.4
LIMITATION_THRESHOLD = 0.25
LIMITATION_WITH_CUE = 0.15
LIMITATION_IN_SECTION = 0.0015
# A key finding scores at least this share of the best one.
KEY_THRESHOLD = 0.4
_MAXIMUM_KEY = 4


def find_findings(reading: Reading, tags: Tags) -> Iterator[Finding]:
    """The stated results of an article, in order.

    Args:
        tags: of `tagged_sentences(reading)`.
    """
    sentences = tagged_sentences(reading)
    finding, limitation = tags.finding.tolist(), tags.limitation.tolist()
    roles: dict[int, FindingRole] = {}
    for index, sentence in enumerate(sentences):
        if not _admissible(reading, sentence):
            continue
        if _states_limitation(sentence, limitation[index]):
            roles[index] = FindingRole.LIMITATION
        elif finding[index] > FINDING_THRESHOLD:
            conclusive = CONCLUSION.search(sentence.text)
            roles[index] = FindingRole.CONCLUSION if conclusive else FindingRole.FINDING
    keys = _key_sentences(roles, tags.finding * tags.key)
    genes = _GenePlaces(reading)
    for index in sorted(roles):
        sentence = sentences[index]
        yield Finding(
            text=sentence.text,
            start=sentence.start - reading.text_offset,
            end=sentence.end - reading.text_offset,
            role=roles[index],
            key=index in keys,
            section=sentence.section or None,
            genes=genes.within(sentence.start, sentence.end),
        )


def _states_limitation(sentence: Sentence, probability: float) -> bool:
    if sentence.in_heading or probability <= LIMITATION_IN_SECTION:  # the least of the three thresholds
        return False
    if LIMITATION_SECTION.search(sentence.section):
        return probability > LIMITATION_IN_SECTION
    if probability <= LIMITATION_WITH_CUE:
        return False
    cue = LIMITATION.search(sentence.text) or FALLS_SHORT.search(sentence.text)
    return cue is not None or probability > LIMITATION_THRESHOLD


def _admissible(reading: Reading, sentence: Sentence) -> bool:
    return (
        len(sentence.text) >= 8
        and sentence.line.number not in reading.reference_lines
        and sentence.line.kind is not BlockKind.TABLE_ROW
    )


def _key_sentences(roles: dict[int, FindingRole], scores: Floats) -> set[int]:
    """The up to four most telling findings: at least one wherever there are any."""
    stated = [index for index, role in roles.items() if role is not FindingRole.LIMITATION]
    ranked = sorted(stated, key=lambda index: -scores[index])[:_MAXIMUM_KEY]
    return {
        index for place, index in enumerate(ranked) if place == 0 or scores[index] > KEY_THRESHOLD * scores[ranked[0]]
    }


class _GenePlaces:
    """Where in the document which gene is named."""

    def __init__(self, reading: Reading) -> None:
        self._symbols = [gene.symbol for gene in reading.genes]
        self._places = sorted(
            (mention.start + reading.text_offset, number)
            for number, gene in enumerate(reading.genes)
            for mention in gene.mentions
            if mention.part is Part.TEXT
        )

    def within(self, start: int, end: int) -> tuple[str, ...]:
        """The symbols of the genes named from start to before end, in the order of the reading."""
        first, last = bisect_left(self._places, (start, -1)), bisect_left(self._places, (end, -1))
        numbers = sorted({number for _, number in self._places[first:last]})
        return tuple(self._symbols[number] for number in numbers)


class FindingsComponent:
    """Fills `Reading.findings`, and `Reading.kind_odds` for the kind, which the same pass tells."""

    def __init__(self, tagger: Tagger) -> None:
        self.tagger = tagger

    def __call__(self, doc: Doc) -> Doc:
        reading = reading_of(doc)
        tags = self.tagger.tag(tagger_input(reading, tagged_sentences(reading)))
        reading.findings = tuple(find_findings(reading, tags))
        reading.kind_odds = tuple(tags.kinds.tolist())
        return doc
