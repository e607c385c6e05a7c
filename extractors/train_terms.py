"""Trains the decision which words are methods and tools from gold files.

    python -m wenzhai.extractors.train_terms GOLD.jsonl… [--lexicons FOLDER] [-o FOLDER]

A gold line is as for `train`, with ``methods`` and ``tools``: ``name`` and ``mentions`` of each. First the weights of
`piece_tagger` are trained on where the mentions stand, then the weights of `term_selection` on the candidates that
a tagger of other accounts' articles makes, as an unseen article would have them; last comes the threshold that does
best on these. The same files give the same weights. Needs scikit-learn (``pip install 'wenzhai[train]'``).
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from .folding import fold_width
from .network import Floats32
from .nlp import build_pipeline, read_article
from .piece_features import Pieces, read_pieces
from .piece_tagger import (
    BEGINS,
    CATEGORIES,
    GOES_ON,
    PieceTags,
    make_piece_tagger,
    save_piece_tagger,
    softmax,
)
from .piece_tagger import WEIGHTS as PIECE_WEIGHTS
from .piece_training import States, train_states
from .reading import Reading
from .term_candidates import FEATURES, Candidate, Seen, candidate_features, find_candidates
from .term_selection import WEIGHTS as SELECTION_WEIGHTS
from .train import gold_article

_FOLDS = 3
_THRESHOLDS = np.arange(0.2, 0.7, 0.02)
_PLATEAU = 0.003
_PLURAL = "s"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Example:
    """A labelled article.

    Attributes:
        groups: for each category the names of each labelled group, as `bare` has them.
        states: for each category what each piece is.
        fold: by its account, so that no account is in two folds.
    """

    reading: Reading
    pieces: Pieces
    groups: dict[str, list[set[str]]]
    states: dict[str, States]
    fold: int


def bare(text: str) -> str:
    """Letters and digits only, in lower case: what two ways of writing a name have in common."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def read_example(reading: Reading, row: dict[str, Any]) -> Example:
    """An article as it was read up to its kind, with its gold line."""
    pieces = read_pieces(reading)
    named = {category: row[f"{category}s"] for category in CATEGORIES}
    return Example(
        reading=reading,
        pieces=pieces,
        groups={
            category: [{bare(text) for text in (group["name"], *group["mentions"])} - {""} for group in groups]
            for category, groups in named.items()
        },
        states={
            category: _states(reading, pieces, [text for group in groups for text in group["mentions"]])
            for category, groups in named.items()
        },
        fold=zlib.crc32(row["account"].encode()) % _FOLDS,
    )


def _states(reading: Reading, pieces: Pieces, mentions: Sequence[str]) -> States:
    """What each piece is: the longest mention wins where several stand."""
    states = np.zeros(len(pieces.starts), dtype=np.int8)
    places = {place for text in mentions for place in _places(reading.plain_text, fold_width(text).strip())}
    for start, end in sorted(places, key=lambda place: (place[0] - place[1], place[0])):
        first, after = pieces.span(start, end)
        if after > first and not states[first:after].any():
            states[first:after] = GOES_ON
            states[first] = BEGINS
    return states


def _places(text: str, words: str) -> Iterator[tuple[int, int]]:
    """Where the words stand, not inside a longer Latin word."""
    place = text.find(words) if len(words) > 1 else -1
    while place >= 0:
        end = place + len(words)
        before, after = text[place - 1 : place], text[end : end + 1]
        if not _one_word(before, words[0]) and (after == _PLURAL or not _one_word(words[-1], after)):
            yield place, end
        place = text.find(words, place + 1)


def _one_word(left: str, right: str) -> bool:
    return bool(left and right) and all(side.isascii() and side.isalnum() for side in (left, right))


@dataclass(frozen=True)
class Judged:
    """A candidate in numbers, and the labelled groups that it names."""

    features: tuple[float, ...]
    names: set[str]
    right: bool


def entries_seen(examples: Sequence[Example], category: str) -> dict[str, tuple[int, int]]:
    """In how many articles each entry of the lexicon was found, and in how many of these it was labelled."""
    seen: dict[str, tuple[int, int]] = {}
    for one in examples:
        nothing = PieceTags(np.tile(np.array([1, 0, 0], dtype=np.float32), (len(one.pieces.starts), 1)))
        for candidate in find_candidates(one.reading, category, pieces=one.pieces, tags=nothing):
            if candidate.source == "lexicon":
                right = any(_alike(_names(candidate, one.reading), group) for group in one.groups[category])
                met, labelled = seen.get(candidate.name, (0, 0))
                seen[candidate.name] = (met + 1, labelled + right)
    return dict(sorted(seen.items()))


def judged_candidates(example: Example, category: str, tags: PieceTags, seen: Seen) -> list[Judged]:
    """Every candidate of an article for one category."""
    pieces, reading, groups = example.pieces, example.reading, example.groups[category]
    judged = []
    for candidate in find_candidates(reading, category, pieces=pieces, tags=tags):
        names = _names(candidate, reading)
        features = candidate_features(candidate, reading, pieces=pieces, tags=tags, seen=seen)
        right = any(_names_it(candidate, names, group) for group in groups)
        judged.append(Judged(features, names, right))
    return judged


def _names(candidate: Candidate, reading: Reading) -> set[str]:
    written = {reading.plain_text[start:end] for start, end in candidate.spans}
    return {bare(text) for text in (candidate.name, *written)} - {""}


def _names_it(candidate: Candidate, ours: set[str], gold: set[str]) -> bool:
    """Whether it is a name of the group; half of one, or a word around one, is none if no lexicon says so."""
    if candidate.source != "tagger":
        return _alike(ours, gold)
    return any(a in b or b in a for a in ours for b in gold if min(len(a), len(b)) * 2 >= max(len(a), len(b)))


def _alike(ours: set[str], gold: set[str]) -> bool:
    """Whether a name of the one is, or holds, a name of the other."""
    return any(a == b or (min(len(a), len(b)) > 1 and (a in b or b in a)) for a in ours for b in gold)


def best_threshold(probabilities: list[list[float]], judged: list[list[Judged]], gold: list[list[set[str]]]) -> float:
    """The lowest threshold that does about as well as the best (F1), each labelled group being found once.

    Words that training never met look less likely than they are, so the lower end of the plateau carries further.
    """
    scores = []
    for threshold in _THRESHOLDS:
        found = wrong = 0
        for chances, candidates, groups in zip(probabilities, judged, gold, strict=True):
            taken = [one for chance, one in zip(chances, candidates, strict=True) if chance >= threshold]
            wrong += sum(not one.right for one in taken)
            found += _found(taken, groups)
        scores.append(2 * found / (found + wrong + sum(map(len, gold))))
    best = int(np.argmax(np.array(scores) > max(scores) - _PLATEAU))
    _log.info("threshold %.2f: F1 %.3f", _THRESHOLDS[best], scores[best])
    return round(float(_THRESHOLDS[best]), 2)


def _found(taken: list[Judged], groups: list[set[str]]) -> int:
    free = list(taken)
    found = 0
    for group in groups:
        same = next((one for one in free if one.names & group), None)
        hit = same or next((one for one in free if _alike(one.names, group)), None)
        if hit:
            free.remove(hit)
            found += 1
    return found


def train_pieces(examples: Sequence[Example], category: str) -> tuple[Floats32, Floats32]:
    """The weights and the bias of the tagger for one category."""
    return train_states([one.pieces.buckets for one in examples], [one.states[category] for one in examples])


def train_selection(examples: Sequence[Example], category: str) -> dict[str, Any]:
    """The weights of the selection for one category, and its threshold, as they are written."""
    judged: dict[int, list[Judged]] = {}
    for fold in range(_FOLDS):
        others = [one for one in examples if one.fold != fold]
        weights, bias = train_pieces(others, category)
        seen = entries_seen(others, category)
        for number, one in enumerate(examples):
            if one.fold == fold:
                tags = PieceTags(softmax(weights[one.pieces.buckets].sum(axis=0) + bias))
                judged[number] = judged_candidates(one, category, tags, seen)
        _log.info("%s: fold %d of %d", category, fold + 1, _FOLDS)
    everything = [judged[number] for number in range(len(examples))]
    model = LogisticRegression(C=1.0, max_iter=2000)
    flat = [one for candidates in everything for one in candidates]
    model.fit(np.array([one.features for one in flat]), np.array([one.right for one in flat]))
    probabilities = [
        model.predict_proba(np.array([one.features for one in candidates]))[:, 1].tolist() if candidates else []
        for candidates in everything
    ]
    return {
        "weights": {name: round(float(weight), 3) for name, weight in zip(FEATURES, model.coef_[0], strict=True)},
        "bias": round(float(model.intercept_[0]), 3),
        "threshold": best_threshold(probabilities, everything, [one.groups[category] for one in examples]),
        "seen": entries_seen(examples, category),
    }


def read_examples(golds: Sequence[Path], *, lexicons: Path | None) -> Iterator[Example]:
    """The articles of gold files that have any text."""
    nlp = build_pipeline(data_folder=lexicons, without=("wenzhai_term_selection",))
    for gold in golds:
        for line in gold.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            example = read_example(read_article(nlp, gold_article(row)), row)
            if len(example.pieces.starts):
                yield example


def train(golds: Sequence[Path], *, lexicons: Path | None, pieces: Path, selection: Path) -> None:
    """Reads gold files and writes both files of weights."""
    examples = list(read_examples(golds, lexicons=lexicons))
    _log.info("read %d articles", len(examples))
    trained = [train_pieces(examples, category) for category in CATEGORIES]
    weights, bias = (np.concatenate(parts, axis=-1) for parts in zip(*trained, strict=True))
    save_piece_tagger(pieces, make_piece_tagger(weights, bias))
    _log.info("wrote %s", pieces)
    content = {category: train_selection(examples, category) for category in CATEGORIES}
    # Pairs of counts stay on one line.
    text = re.sub(r"\[\s+(\d+),\s+(\d+)\s+\]", r"[\1, \2]", json.dumps(content, indent=2, ensure_ascii=False))
    selection.write_text(text + "\n", encoding="utf-8")
    _log.info("wrote %s", selection)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--lexicons", type=Path, default=None)
    parser.add_argument("--pieces", type=Path, default=PIECE_WEIGHTS)
    parser.add_argument("--selection", type=Path, default=SELECTION_WEIGHTS)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    train(options.gold, lexicons=options.lexicons, pieces=options.pieces, selection=options.selection)


if __name__ == "__main__":
    main()
