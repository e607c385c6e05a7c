"""The spaCy pipeline, and `Extractor`, which runs it over an article.

    text → tokens → lexicon matches → definitions, identifiers → sentences → references
         → papers, genes, terms, accessions → findings → kind → term selection, central genes → record

Every component is registered by name, so the pipeline can be written to disk, inspected with
``nlp.analyze_pipes()`` and extended with ``nlp.add_pipe``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, cached_property, lru_cache
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

from ..models import Article, DigestRecord, ExtractionError, Provenance
from . import accessions, definitions, identifiers, kind, papers, sentences, terms
from .assemble import assemble
from .central_genes import WEIGHTS as CENTRAL_WEIGHTS
from .central_genes import CentralGenesComponent, load_weights
from .findings import FindingsComponent
from .genes import GenesComponent
from .knowledge import Knowledge, lexicon_versions, load_knowledge
from .lexicon import file_version
from .piece_tagger import WEIGHTS as PIECE_WEIGHTS
from .piece_tagger import load_piece_tagger
from .reading import Reading
from .tagger import Tagger, load_tagger
from .term_selection import WEIGHTS as SELECTION_WEIGHTS
from .term_selection import TermSelectionComponent, load_selection
from .terms import LexiconComponent
from .tokenizer import TOKENIZER_NAME

WEIGHTS = Path(__file__).parent / "weights" / "classifiers.npz"

# What each extractor's version says: raise it when its output changes, and its records count as stale.
EXTRACTOR_VERSIONS = {
    "papers": "3",
    "genes": "2",
    "terms": "3",
    "accessions": "1",
    "findings": "2",
    "kind": "2",
}

# In order; a component may read what the ones before it have filled.
PIPELINE = (
    "wenzhai_lexicon",
    "wenzhai_definitions",
    "wenzhai_identifiers",
    "wenzhai_sentences",
    "wenzhai_references",
    "wenzhai_papers",
    "wenzhai_genes",
    "wenzhai_terms",
    "wenzhai_accessions",
    "wenzhai_findings",
    "wenzhai_kind",
    "wenzhai_term_selection",
    "wenzhai_paper_roles",
    "wenzhai_central_genes",
    "wenzhai_span_groups",
)
_MODULES = (accessions, definitions, identifiers, kind, papers, sentences, terms)  # they register components


@Language.factory("wenzhai_lexicon", default_config={"data_folder": None})
def _make_lexicon(nlp: Language, name: str, data_folder: str | None) -> LexiconComponent:  # noqa: ARG001 (spaCy's signature)
    return LexiconComponent(_knowledge(data_folder))


@Language.factory("wenzhai_genes", default_config={"data_folder": None})
def _make_genes(nlp: Language, name: str, data_folder: str | None) -> GenesComponent:  # noqa: ARG001
    return GenesComponent(_knowledge(data_folder))


@Language.factory("wenzhai_findings")
def _make_findings(nlp: Language, name: str) -> FindingsComponent:  # noqa: ARG001
    return FindingsComponent(_tagger())


@Language.factory("wenzhai_central_genes")
def _make_central_genes(nlp: Language, name: str) -> CentralGenesComponent:  # noqa: ARG001
    return CentralGenesComponent(load_weights(CENTRAL_WEIGHTS))


@Language.factory("wenzhai_term_selection")
def _make_term_selection(nlp: Language, name: str) -> TermSelectionComponent:  # noqa: ARG001
    return TermSelectionComponent(load_piece_tagger(PIECE_WEIGHTS), load_selection(SELECTION_WEIGHTS))


@Language.component("wenzhai_span_groups")
def span_groups_component(doc: Doc) -> Doc:
    """Puts the mentions into ``doc.spans`` by field, labelled with the concept, for other spaCy programs."""
    if not len(doc):  # read_article made no tokens, since nobody will look at them
        return doc
    reading: Reading = doc._.reading
    for field in ("genes", "methods", "tools", "diseases", "accessions"):
        spans: list[Span] = []
        for entry in getattr(reading, field):
            name = getattr(entry, "symbol", None) or getattr(entry, "name", None) or entry.value
            for mention in entry.mentions:
                shift = 0 if mention.part == "title" else reading.text_offset
                span = doc.char_span(mention.start + shift, mention.end + shift, label=name, alignment_mode="expand")
                if span is not None:
                    spans.append(span)
        doc.spans[field] = spans
    return doc


def _knowledge(data_folder: str | None) -> Knowledge:
    """The knowledge of a data folder, read again only when a lexicon changed: two components share it."""
    folder = Path(data_folder) if data_folder else None
    return _read_knowledge(folder, tuple(lexicon_versions(folder).items()))


@lru_cache(maxsize=4)
def _read_knowledge(data_folder: Path | None, _versions: tuple[tuple[str, str], ...]) -> Knowledge:
    """The versions are part of the key: a program that runs for weeks sees its lexicons updated."""
    return load_knowledge(data_folder)


@cache
def _tagger() -> Tagger:
    """The trained weights, read once a process."""
    return load_tagger(WEIGHTS)


def build_pipeline(*, data_folder: Path | None = None, without: tuple[str, ...] = ()) -> Language:
    """The pipeline with its own tokenizer.

    Args:
        data_folder: where updated and personal lexicons are, None for the built-in ones.
        without: names of components to leave out.

    Raises:
        LexiconError: a lexicon or the weights cannot be read.
    """
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"@tokenizers": TOKENIZER_NAME}}})
    folder = str(data_folder) if data_folder else None
    for name in PIPELINE:
        if name not in without:
            config = {"data_folder": folder} if name in ("wenzhai_lexicon", "wenzhai_genes") else {}
            nlp.add_pipe(name, config=config)
    return nlp


def read_article(nlp: Language, article: Article) -> Reading:
    """Runs the pipeline over an article and returns what it read.

    Our components read the text itself. Tokens and spans are for those that others add: making them for nobody
    took 2 of 23 ms an article, and left every new word in the vocabulary for good.
    """
    reading = Reading(article=article)
    has_others = not set(PIPELINE).issuperset(nlp.pipe_names)
    doc = nlp.make_doc(reading.document_text) if has_others else Doc(nlp.vocab)
    doc._.reading = reading
    nlp(doc)
    return reading


class Extractor:
    """Makes records of articles. Picklable: a worker process builds the pipeline anew on first use.

    Args:
        version: the version of wenzhai, for the record's provenance.
        data_folder: where updated and personal lexicons are, None for the built-in ones.
    """

    def __init__(self, *, version: str, data_folder: Path | None = None) -> None:
        self.version = version
        self.data_folder = data_folder

    def __reduce__(self) -> tuple[Callable[..., Extractor], tuple[type[Extractor], str, Path | None]]:
        return _make_extractor, (type(self), self.version, self.data_folder)

    @cached_property
    def nlp(self) -> Language:
        return build_pipeline(data_folder=self.data_folder)

    @cached_property
    def lexicon_versions(self) -> dict[str, str]:
        """What the record will name as its lexicons and weights; needs no pipeline."""
        files = (WEIGHTS, CENTRAL_WEIGHTS, PIECE_WEIGHTS, SELECTION_WEIGHTS)
        weights = {path.name: file_version(path) for path in files}
        return {**lexicon_versions(self.data_folder), **weights}

    def provenance(self, snapshot_sha256: str) -> Provenance:
        return Provenance(
            wenzhai=self.version,
            extractors=EXTRACTOR_VERSIONS,
            lexicons=self.lexicon_versions,
            snapshot_sha256=snapshot_sha256,
        )

    def extract(self, article: Article) -> DigestRecord:
        """The record of one article.

        Raises:
            ExtractionError: a component failed; the cause is chained and the article is named.
            LexiconError: a lexicon cannot be read, which no other article would change.
        """
        nlp = self.nlp
        try:
            reading = read_article(nlp, article)
            return assemble(reading, provenance=self.provenance(article.snapshot_sha256))
        except Exception as error:
            raise ExtractionError(
                f"could not be turned into a record: {type(error).__name__}: {error}",
                subject=article.url or article.id,
                hint="please report this article",
            ) from error


def _make_extractor(kind: type[Extractor], version: str, data_folder: Path | None) -> Extractor:
    return kind(version=version, data_folder=data_folder)
