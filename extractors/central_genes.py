"""Which genes an article is about: one small linear decision a gene, once findings and kind are known.

The weights are data (``weights/central_genes.json``), made by ``python -m wenzhai.extractors.train_central``.
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from spacy.tokens import Doc

from ..models import ArticleKind, FindingRole, Gene, LexiconError, Part
from .reading import Reading, reading_of

WEIGHTS = Path(__file__).parent / "weights" / "central_genes.json"
FEATURES = (
    "in_title",
    "share_of_most_named",
    "log_genes",
    "log_findings",
    "in_key_finding",
    "digest",
    "multi_paper_digest",
    "share_before_plus",
    "log_concluding_sentences",
    "named_near_the_end",
)
_DIGESTS = (ArticleKind.PAPER_DIGEST, ArticleKind.MULTI_PAPER_DIGEST)
# CD14+ and CD14阳性 name a cell by its marker.
_PLUS = re.compile(r"\s?[+⁺](?![0-9])|\s?阳性")
_CONCLUDING = re.compile(r"揭示|发现|表明|证实|证明|提示|总之|综上|总的来说|鉴定|首次|结论")
_END_OF_ARTICLE = 0.8


@dataclass(frozen=True, slots=True)
class CentralWeights:
    """The decision: a gene is central when bias + weights · features passes `threshold` as a probability."""

    weights: dict[str, float]
    bias: float
    threshold: float

    def accepts(self, features: tuple[float, ...]) -> bool:
        score = self.bias + sum(self.weights[name] * value for name, value in zip(FEATURES, features, strict=True))
        return score > math.log(self.threshold / (1 - self.threshold))


def load_weights(path: Path) -> CentralWeights:
    """Reads the weights.

    Raises:
        LexiconError: the file is missing, malformed, or has other features than `FEATURES`.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        weights = {name: float(data["weights"][name]) for name in FEATURES}
        return CentralWeights(weights, float(data["bias"]), float(data["threshold"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LexiconError(
            "the weights for central genes cannot be read", subject=str(path), hint="install wenzhai again"
        ) from error


@dataclass(frozen=True, slots=True)
class _Outline:
    """What the features of every gene of one article are measured against."""

    stated: tuple[tuple[int, int, bool], ...]
    sentence_starts: tuple[int, ...]
    concluding: frozenset[int]
    most_named: int
    log_genes: float


def gene_features(reading: Reading) -> Iterator[tuple[Gene, tuple[float, ...]]]:
    """Each gene with its `FEATURES`."""
    outline = _Outline(
        stated=tuple((f.start, f.end, f.key) for f in reading.findings if f.role is not FindingRole.LIMITATION),
        sentence_starts=tuple(sentence.start for sentence in reading.sentences),
        concluding=frozenset(
            number for number, sentence in enumerate(reading.sentences) if _CONCLUDING.search(sentence.text)
        ),
        most_named=max((len(gene.mentions) for gene in reading.genes), default=1),
        log_genes=math.log(max(len(reading.genes), 1)),
    )
    for gene in reading.genes:
        yield gene, _features_of(gene, reading, outline)


def _features_of(gene: Gene, reading: Reading, outline: _Outline) -> tuple[float, ...]:
    in_text = [mention.start for mention in gene.mentions if mention.part is Part.TEXT]
    shift = reading.text_offset
    sentences = {bisect_right(outline.sentence_starts, start + shift) - 1 for start in in_text}
    if len(in_text) < len(gene.mentions):
        sentences.add(0)
    naming = [key for start, end, key in outline.stated if any(start <= place < end for place in in_text)]
    text = reading.article.text
    before_plus = sum(bool(_PLUS.match(text, mention.end)) for mention in gene.mentions if mention.part is Part.TEXT)
    end = len(reading.document_text) * _END_OF_ARTICLE
    return (
        float(len(in_text) < len(gene.mentions)),
        len(gene.mentions) / outline.most_named,
        outline.log_genes,
        math.log1p(len(naming)),
        float(any(naming)),
        float(reading.kind in _DIGESTS),
        float(reading.kind is ArticleKind.MULTI_PAPER_DIGEST),
        before_plus / len(gene.mentions),
        math.log1p(len(sentences & outline.concluding)),
        float(any(start + shift > end for start in in_text)),
    )


def mark_central(reading: Reading, weights: CentralWeights) -> Iterator[Gene]:
    """The genes with `central` decided: those of the title, and those the weights accept."""
    for gene, features in gene_features(reading):
        yield gene.model_copy(update={"central": bool(features[0]) or weights.accepts(features)})


class CentralGenesComponent:
    """Decides `Gene.central` once the findings and the kind are known."""

    def __init__(self, weights: CentralWeights) -> None:
        self.weights = weights

    def __call__(self, doc: Doc) -> Doc:
        reading = reading_of(doc)
        reading.genes = tuple(mark_central(reading, self.weights))
        return doc
