"""How well records agree with a gold file: precision, recall and F1 of each figure, over all articles together.

A gold file has one labelled article a line, in the form of `fixtures/gold.jsonl`. Texts are compared by their letters
and digits alone. What the gold marks optional counts neither for nor against a record.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from wenzhai.models import ArticleKind, DigestRecord, Disease, FindingRole, Journal, Method, PaperRole, Tool

FIGURES = (
    "kind accuracy",
    "digest or not accuracy",
    "doi",
    "pmid",
    "primary title",
    "primary journal",
    "impact factor",
    "genes",
    "central genes",
    "methods",
    "tools",
    "diseases",
    "accessions",
    "findings",
    "key findings",
    "limitations",
    "text kept",
)
DIGESTS = (ArticleKind.PAPER_DIGEST, ArticleKind.MULTI_PAPER_DIGEST)
_NOT_LETTER_OR_DIGIT = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d*\.?\d+")

Gold = dict[str, Any]
# A sentence of the gold: its number, from 1, and its letters and digits.
NumberedSentence = tuple[int, str]
# A method, tool or disease: its name, and the letters and digits of its name and mentions.
Concept = tuple[str, set[str]]


@dataclass
class Tally:
    """What was found rightly, what was found too much, and what was missed.

    `errors` are the article's id, `+` for too much or `-` for missed, and what it was.
    """

    right: int = 0
    extra: int = 0
    missed: int = 0
    errors: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, article: str, *, wanted: Iterable[str], found: Iterable[str], optional: Iterable[str] = ()) -> None:
        """Compares two sets of values; `optional` ones may be found, unless they are wanted as well."""
        wanted, found = set(wanted), set(found)
        self.right += len(wanted & found)
        self.add_errors(article, extra=sorted(found - wanted - set(optional)), missed=sorted(wanted - found))

    def add_errors(self, article: str, *, extra: list[str], missed: list[str]) -> None:
        self.extra += len(extra)
        self.missed += len(missed)
        self.errors += [(article, sign, text) for sign, texts in (("+", extra), ("-", missed)) for text in texts]

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.extra or 1)

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed or 1)

    @property
    def f1(self) -> float:
        return 2 * self.right / (2 * self.right + self.extra + self.missed or 1)


class Scores:
    """The tally of each figure. An article has one kind, so that F1 of the kinds is the share of right ones."""

    def __init__(self) -> None:
        self.articles = 0
        self.tallies = {figure: Tally() for figure in FIGURES}

    def add(self, gold: Gold, record: DigestRecord) -> None:
        """Adds an article: its line of the gold file, and the record made of it."""
        self.articles += 1
        self._add_kind(gold, record)
        self._add_papers(gold, record)
        self._add_genes(gold, record)
        self._add_terms(gold, record)
        self._add_sentences(gold, record)

    def f1(self) -> dict[str, float]:
        """F1 of each figure, in the order of `FIGURES`."""
        return {figure: tally.f1 for figure, tally in self.tallies.items()}

    def _add_kind(self, gold: Gold, record: DigestRecord) -> None:
        kinds = ArticleKind(gold["kind"]), record.article.kind
        wanted, found = kinds
        self.tallies["kind accuracy"].add(gold["id"], wanted={wanted.value}, found={found.value})
        wanted_digest, found_digest = ("digest" if kind in DIGESTS else "no digest" for kind in kinds)
        self.tallies["digest or not accuracy"].add(gold["id"], wanted={wanted_digest}, found={found_digest})

    def _add_papers(self, gold: Gold, record: DigestRecord) -> None:
        article: str = gold["id"]
        for identifier in ("doi", "pmid"):
            self.tallies[identifier].add(
                article,
                wanted=(bare(paper[identifier]) for paper in gold["papers"] if paper[identifier]),
                found=(bare(value) for paper in record.papers if (value := getattr(paper, identifier))),
            )
        wanted = [paper for paper in gold["papers"] if paper["role"] == PaperRole.PRIMARY.value]
        found = [paper for paper in record.papers if paper.role is PaperRole.PRIMARY]
        match_titles(
            self.tallies["primary title"],
            article,
            wanted=[paper["title"] for paper in wanted if paper["title"]],
            found=[paper.title for paper in found if paper.title],
        )
        journals = {bare(paper["journal"]) for paper in wanted if paper["journal"]}
        self.tallies["primary journal"].add(
            article, wanted=journals, found={journal_key(p.journal, journals) for p in found if p.journal} - {""}
        )
        self.tallies["impact factor"].add(
            article,
            wanted={plain_number(paper["impact_factor"]) for paper in wanted} - {""},
            found={plain_number(paper.impact_factor) for paper in found} - {""},
        )

    def _add_genes(self, gold: Gold, record: DigestRecord) -> None:
        wanted = [gene for gene in gold["genes"] if gene["symbol"] and not gene["optional"]]
        optional = [gene for gene in gold["genes"] if gene["optional"]]
        optional_symbols = {bare(gene["symbol"]) for gene in optional if gene["symbol"]}
        optional_mentions = {bare(mention) for gene in optional for mention in gene["mentions"]} - {""}
        found = [gene for gene in record.genes if not gene.family]
        # The same words under another symbol (AKT as AKT1) are as optional as the gold's own symbol.
        named_so = {
            bare(gene.symbol)
            for gene in found
            if (words := {bare(mention.text) for mention in gene.mentions} - {""}) and words <= optional_mentions
        }
        self.tallies["genes"].add(
            gold["id"],
            wanted={bare(gene["symbol"]) for gene in wanted},
            found={bare(gene.symbol) for gene in found} - {""},
            optional=optional_symbols | named_so,
        )
        self.tallies["central genes"].add(
            gold["id"],
            wanted={bare(gene["symbol"]) for gene in wanted if gene["central"]},
            found={bare(gene.symbol) for gene in found if gene.central} - {""},
            optional=optional_symbols,
        )

    def _add_terms(self, gold: Gold, record: DigestRecord) -> None:
        fields: dict[str, tuple[Method | Tool | Disease, ...]] = {
            "methods": record.methods,
            "tools": record.tools,
            "diseases": record.diseases,
        }
        for figure, found in fields.items():
            match_concepts(
                self.tallies[figure],
                gold["id"],
                wanted=[(each["name"], spellings(each["name"], each["mentions"])) for each in gold[figure]],
                found=[(each.name, spellings(each.name, (m.text for m in each.mentions))) for each in found],
            )
        self.tallies["accessions"].add(
            gold["id"], wanted=map(bare, gold["accessions"]), found=(bare(each.value) for each in record.accessions)
        )

    def _add_sentences(self, gold: Gold, record: DigestRecord) -> None:
        sentences = [(number, text) for number, each in enumerate(gold["sentences"], 1) if len(text := bare(each)) >= 4]
        limits = [bare(each.text) for each in record.findings if each.role is FindingRole.LIMITATION]
        stated = [(bare(each.text), each.key) for each in record.findings if each.role is not FindingRole.LIMITATION]
        covered = {text: covered_sentences(text, sentences) for text in {*limits, *(text for text, _ in stated)}}
        for figure, texts in (
            ("findings", [text for text, _ in stated]),
            ("key findings", [text for text, key in stated if key]),
            ("limitations", limits),
        ):
            self.tallies[figure].add(
                gold["id"],
                wanted=(sentence_name(gold, number) for number in gold[figure.replace(" ", "_")]),
                found=(sentence_name(gold, number) for text in texts for number in covered[text]),
            )
        self._add_text(gold, bare(record.article.text), sentences)

    def _add_text(self, gold: Gold, text: str, sentences: list[NumberedSentence]) -> None:
        """Promotion that was kept is too much, any other sentence that was not is missed."""
        promotion = set(gold["boilerplate"])
        kept = [number for number, sentence in sentences if sentence in text]
        wanted = {number for number, _ in sentences} - promotion if text else set()
        self.tallies["text kept"].add(
            gold["id"],
            wanted=(sentence_name(gold, number) for number in wanted),
            found=(sentence_name(gold, number) for number in kept),
        )


def bare(text: str | None) -> str:
    """The letters and digits of a text, in one form (NFKC) and case."""
    return _NOT_LETTER_OR_DIGIT.sub("", unicodedata.normalize("NFKC", text or "").casefold())


def plain_number(value: str | float | None) -> str:
    """The first number of a value without needless zeros, `` if there is none."""
    match = _NUMBER.search(str(value or ""))
    return f"{float(match[0]):g}" if match else ""


def journal_key(journal: Journal, wanted: set[str]) -> str:
    """That one of the journal's names which the gold has, or else the one that the article wrote."""
    written = bare(journal.as_written or journal.name)
    names = (written, bare(journal.name), bare(journal.abbreviation))
    return next((name for name in names if name in wanted), written)


def sentence_name(gold: Gold, number: int) -> str:
    return f"{number:03} {gold['sentences'][number - 1][:80]}"


def match_titles(tally: Tally, article: str, *, wanted: list[str], found: list[str]) -> None:
    """Pairs titles in order; they are the same where nine tenths of their letters are."""
    left, missed = list(found), []
    for title in wanted:
        same = next((each for each in left if same_title(title, each)), None)
        if same is None:
            missed.append(title)
        else:
            tally.right += 1
            left.remove(same)
    tally.add_errors(article, extra=left, missed=missed)


def same_title(one: str, other: str) -> bool:
    one, other = bare(one), bare(other)
    if not one or not other:
        return False
    return one == other or SequenceMatcher(None, one, other, autojunk=False).ratio() >= 0.9


def spellings(name: str, mentions: Iterable[str]) -> set[str]:
    return {bare(each) for each in (name, *mentions)} - {""}


def match_concepts(tally: Tally, article: str, *, wanted: list[Concept], found: list[Concept]) -> None:
    """Pairs concepts by their spellings: first by an equal one, then by one that is a part of the other's.

    A second concept for what was wanted, finer or broader, is not held against the record.
    """
    left, missed = list(found), []
    tests: tuple[Callable[[set[str], set[str]], bool], ...] = (share_spelling, overlap)
    for name, names in wanted:
        same = next((each for test in tests for each in left if test(names, each[1])), None)
        if same is None:
            missed.append(name)
        else:
            tally.right += 1
            left.remove(same)
    extra = [name for name, names in left if not any(overlap(names, each) for _, each in wanted)]
    tally.add_errors(article, extra=extra, missed=missed)


def share_spelling(some: set[str], others: set[str]) -> bool:
    return bool(some & others)


def overlap(some: set[str], others: set[str]) -> bool:
    """Whether a spelling of one is in a spelling of the other; a single letter is in too many."""
    return share_spelling(some, others) or any(
        len(min(one, other, key=len)) >= 2 and (one in other or other in one) for one in some for other in others
    )


def covered_sentences(text: str, sentences: Iterable[NumberedSentence]) -> set[int]:
    """The numbers of the sentences that a text of letters and digits states, though it may be cut elsewhere."""
    return {
        number
        for number, sentence in sentences
        if (sentence[:4] in text or text in sentence) and covers(text, sentence)  # quick, and true of all it takes
    }


def covers(text: str, sentence: str) -> bool:
    """Whether the sentence is in the text, or half of it is the text, or seven tenths are in a text like it."""
    short, long = sorted((len(text), len(sentence)))
    if short < 4:
        return False
    if sentence in text:
        return True
    if short < 0.5 * long:
        return False
    return text in sentence or (sentence[:4] in text and most_of(sentence, text))


def most_of(sentence: str, text: str) -> bool:
    """Whether seven tenths of the sentence are in the text, in order and in pieces of four characters or more."""
    least = 0.7 * len(sentence)
    if (Counter(sentence) & Counter(text)).total() < least:  # quicker to know than the pieces
        return False
    blocks = SequenceMatcher(None, sentence, text, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size >= 4) >= least
