"""Decides which candidates are methods and tools of the article, once its kind is known.

A logistic regression on some numbers of each candidate (`term_candidates.FEATURES`), trained on labelled articles as
unseen ones would look. The weights are in a file that can be read, with how the lexicon fared in training.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from spacy.tokens import Doc

from ..models import Mention, Method, Tool
from .piece_features import Pieces, read_pieces
from .piece_tagger import PieceTagger, PieceTags
from .reading import Reading, reading_of
from .term_candidates import FEATURES, Candidate, Seen, candidate_features, find_candidates
from .weight_files import unreadable_weights

WEIGHTS = Path(__file__).parent / "weights" / "term_selection.json"


@dataclass(frozen=True)
class SelectionWeights:
    """How the candidates of one category are judged.

    Attributes:
        weights, bias: what each of `FEATURES` counts.
        threshold: the probability from which a candidate is accepted.
        seen: how the entries of the lexicon fared in training.
    """

    weights: tuple[float, ...]
    bias: float
    threshold: float
    seen: Seen

    def probability(self, features: tuple[float, ...]) -> float:
        """That a candidate with these features is one."""
        score = self.bias + sum(weight * value for weight, value in zip(self.weights, features, strict=True))
        return 1 / (1 + math.exp(-score))


def load_selection(path: Path) -> dict[str, SelectionWeights]:
    """The weights of each category.

    Raises:
        LexiconError: the file is missing, or is of another version of the features.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {
            category: SelectionWeights(
                weights=tuple(float(own["weights"][name]) for name in FEATURES),
                bias=float(own["bias"]),
                threshold=float(own["threshold"]),
                seen={name: (int(met), int(right)) for name, (met, right) in own["seen"].items()},
            )
            for category, own in content.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise unreadable_weights(path) from error


class TermSelectionComponent:
    """Replaces `Reading.methods` and `Reading.tools` by the candidates that are accepted."""

    def __init__(self, tagger: PieceTagger, selection: dict[str, SelectionWeights]) -> None:
        self.tagger = tagger
        self.selection = selection

    def __call__(self, doc: Doc) -> Doc:
        reading = reading_of(doc)
        pieces = read_pieces(reading)
        if len(pieces.starts):
            tags = self.tagger.tag(pieces)
            # What is kept stays the object it is: making its mentions anew took a third of the time.
            methods = {method.name: method for method in reading.methods}
            tools = {tool.name: tool for tool in reading.tools}
            reading.methods = tuple(
                methods.get(one.name) or Method(name=one.name, id=one.id, mentions=_mentions(reading, one))
                for one in self._accepted(reading, "method", pieces=pieces, tags=tags["method"])
            )
            reading.tools = tuple(
                tools.get(one.name) or Tool(name=one.name, mentions=_mentions(reading, one))
                for one in self._accepted(reading, "tool", pieces=pieces, tags=tags["tool"])
            )
        return doc

    def _accepted(self, reading: Reading, category: str, *, pieces: Pieces, tags: PieceTags) -> Iterator[Candidate]:
        weights = self.selection[category]
        for candidate in find_candidates(reading, category, pieces=pieces, tags=tags):
            features = candidate_features(candidate, reading, pieces=pieces, tags=tags, seen=weights.seen)
            if weights.probability(features) >= weights.threshold:
                yield candidate


def _mentions(reading: Reading, candidate: Candidate) -> tuple[Mention, ...]:
    return tuple(reading.mention(start, end) for start, end in candidate.spans)
