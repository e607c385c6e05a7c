"""From a page to its record, as a piece of work that can be sent to other processes and machines.

What is sent is the name of the thing, not the thing: a worker builds the pipeline anew, once, and tells by versions
what it built, so that a record is the same wherever it was made.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from . import __version__
from .extractors.nlp import EXTRACTOR_VERSIONS, Extractor
from .harvester.page_reader import read_page
from .models import Article, DigestRecord, ExtractionError, PageProblem, RawPage
from .parallel import Killed, Limits, Ordered, SerialEngine

_ROOT = Path(__file__).parent
# The folders whose code decides what a record says.
_DECISIVE = ("extractors", "harvester", "models")


@dataclass(frozen=True, slots=True)
class Digest:
    """An article and its record. The article's blocks are left behind: its text is in the record."""

    article: Article
    record: DigestRecord

    def known_as(self, article_id: str) -> Digest:
        """The same under another id: those who digest have no database to look the article up in."""
        if article_id == self.article.id:
            return self
        info = self.record.article.model_copy(update={"id": article_id})
        return Digest(
            dataclasses.replace(self.article, id=article_id), self.record.model_copy(update={"article": info})
        )


Digested = Digest | PageProblem | ExtractionError
Digesters = Ordered[RawPage, Digested]


class PageDigester:
    """Reads a page and extracts its record: the `Work` of `harvest`, `extract` and `digest`.

    Args:
        extractor: makes the record; pickled as its version and data folder.
    """

    def __init__(self, extractor: Extractor) -> None:
        self._extractor = extractor

    def __reduce__(self) -> tuple[Callable[[Extractor], PageDigester], tuple[Extractor]]:
        return PageDigester, (self._extractor,)

    def prepare(self) -> Mapping[str, str]:
        """Builds the pipeline; what is told is this process's own code and lexicons, not the sender's."""
        _ = self._extractor.nlp
        extractors = {f"extractor {name}": version for name, version in EXTRACTOR_VERSIONS.items()}
        return {
            "wenzhai": __version__,
            "code": code_version(),
            **extractors,
            **self._extractor.lexicon_versions,
        }

    def __call__(self, page: RawPage, /) -> Digested:
        read = read_page(page)
        if isinstance(read, PageProblem):
            return read
        try:
            record = self._extractor.extract(read)
        except ExtractionError as error:
            return error
        return Digest(dataclasses.replace(read, blocks=()), record)


@cache
def code_version() -> str:
    """Eight digits of the digest of the code that decides what a record says: two checkouts may have one version."""
    digest = hashlib.sha256()
    for folder in _DECISIVE:
        for path in sorted((_ROOT / folder).rglob("*.py")):
            digest.update(path.relative_to(_ROOT).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def serial(extractor: Extractor) -> Digesters:
    """Digests in this process, each page when it is handed in."""
    engine: SerialEngine[RawPage, Digested] = SerialEngine(PageDigester(extractor))
    return Ordered(engine, limits=Limits(items=1))


def weigh(page: RawPage) -> int:
    """Bytes of a page, for the size of chunks."""
    return len(page.content)


def killed(page: RawPage, found: Killed) -> ExtractionError:
    """What is noted of a page whose digesting kills processes."""
    return ExtractionError(
        f"could not be turned into a record: {found.reason}",
        subject=page.ref.location,
        hint="please report this article",
    )
