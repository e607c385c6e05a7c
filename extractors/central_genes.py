"""Which genes an article is about: one small linear decision a gene, once findings and kind are known.

The weights are data (``weights/central_genes.json``), made by ``python -m wenzhai.extractors.train_central``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from spacy.tokens import Doc

from ..models import Gene, LexiconError
from .central_features import FEATURES, gene_features
from .reading import Reading, reading_of

WEIGHTS = Path(__file__).parent / "weights" / "central_genes.json"


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
