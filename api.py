"""wenzhai in a notebook: read a page, extract its record, open the store.

    from wenzhai import extract, read_page

    record = extract(read_page("article.html"))
    print([paper.doi for paper in record.papers], [gene.symbol for gene in record.genes])

`import wenzhai` loads none of this: names come from here when they are first used.
"""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from . import __version__
from .models import Article, DigestRecord, PageProblem, PageRef, RawPage, SourceError
from .storage import SearchQuery, Store, open_store

if TYPE_CHECKING:
    from .extractors.nlp import Extractor

__all__ = ["Article", "DigestRecord", "SearchQuery", "Store", "extract", "open_store", "read_page"]


def read_page(target: str | Path, *, content: str | bytes | None = None) -> Article:
    """The article of a file or web address, without promotion and with its text in blocks.

    Args:
        target: a saved page, a markdown file, or an address, which is fetched once and politely.
        content: the page's HTML, for whoever has it already: then `target` is only its address, and nobody is asked.

    Raises:
        SourceError: there is no such file, it holds several articles, or the page holds none (deleted,
            captcha, …): the message says which.
        FetchError: the address did not answer with a page.
    """
    from .harvester.page_reader import read_page as read

    page = _fetched(str(target)) if content is None else _given(str(target), content)
    article = read(page)
    if isinstance(article, PageProblem):
        raise SourceError(f"no article: {article.state}: {article.detail or article.evidence}", subject=str(target))
    return article


def _given(address: str, content: str | bytes) -> RawPage:
    body = content.encode("utf-8", "replace") if isinstance(content, str) else content
    charset = "utf-8" if isinstance(content, str) else ""
    return RawPage(PageRef(address, "given"), body, address, "text/html", datetime.now(UTC), charset)


def _fetched(target: str) -> RawPage:
    from .harvester.sources import SourceContext, open_source

    with SourceContext() as context, closing(open_source(target, context=context)) as source:
        refs = source.discover()
        ref = next(refs, None)
        if ref is None:
            raise SourceError("holds no article", subject=target)
        page = source.fetch(ref)  # before the next is looked for: of an archive only the current one can be had
        if list(islice(refs, 1)):
            raise SourceError("holds several articles", subject=target, hint="name one, or `wenzhai harvest` all")
    return page


def extract(article: Article, *, data_folder: str | Path | None = None) -> DigestRecord:
    """The record of an article, the same that `wenzhai harvest` stores.

    The first call loads the spaCy pipeline, which takes a second or two; later ones take milliseconds.

    Args:
        data_folder: where updated and personal lexicons are; None for the one `wenzhai lexicon update` fills
            unless told otherwise.

    Raises:
        ExtractionError: the article could not be turned into a record.
        LexiconError: a lexicon cannot be read.
    """
    from .config import Settings

    return _extractor(Path(data_folder) if data_folder else Settings().data_folder).extract(article)


@cache
def _extractor(data_folder: Path) -> Extractor:
    from .extractors.nlp import Extractor

    return Extractor(version=__version__, data_folder=data_folder)
