"""One pipeline with the built-in lexicons for all tests of this folder, and what it makes of articles."""

from __future__ import annotations

import pytest
from spacy.language import Language
from wenzhai.extractors.knowledge import Knowledge, load_knowledge
from wenzhai.extractors.nlp import Extractor, build_pipeline, read_article
from wenzhai.extractors.reading import Reading
from wenzhai.models import Block, DigestRecord

from .examples import ARCHIVE, Read, archived_article, make_article


@pytest.fixture(scope="session")
def nlp(extractor: Extractor) -> Language:
    return extractor.nlp


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="session")
def read(nlp: Language) -> Read:
    """What the pipeline reads in an article of these lines."""

    def run(*lines: str | Block, title: str = "读书笔记一则") -> Reading:
        return read_article(nlp, make_article(*lines, title=title))

    return run


@pytest.fixture(scope="session")
def read_terms() -> Read:
    """The same without the selection of terms, which judges a few lines otherwise than a whole article."""
    nlp = build_pipeline(without=("wenzhai_term_selection",))

    def run(*lines: str | Block, title: str = "读书笔记一则") -> Reading:
        return read_article(nlp, make_article(*lines, title=title))

    return run


@pytest.fixture(scope="session")
def records(extractor: Extractor) -> dict[str, DigestRecord]:
    """The records of the archived articles of fixtures/, by the stem of their file."""
    return {path.stem: extractor.extract(archived_article(path)) for path in sorted(ARCHIVE.glob("*.md"))}
