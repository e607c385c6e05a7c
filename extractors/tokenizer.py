"""The tokenizer of the pipeline: Latin, Greek and digit runs whole, every CJK character by itself.

spaCy's Chinese tokenizer cuts ``IL-6`` into four characters and its English one leaves
``本研究发现p53蛋白和IL-6`` as one token; neither lets a gene be matched at its true borders.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from spacy import util
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from .folding import ALNUM

TOKENIZER_NAME = "wenzhai.DigestTokenizer.v1"
_TOKEN = re.compile(rf"([{ALNUM}]+|\s+|.)( ?)", re.DOTALL)


class DigestTokenizer:
    """Cuts text into tokens; joining them again gives the text back, character for character.

    It keeps no state, so writing it to disk and reading it again are trivially true.
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        words: list[str] = []
        spaces: list[bool] = []
        for word, space in _TOKEN.findall(text):
            words.append(word)
            spaces.append(bool(space))
        return Doc(self.vocab, words=words, spaces=spaces)

    def pipe(self, texts: Iterable[str], batch_size: int = 50) -> Iterable[Doc]:  # noqa: ARG002 (spaCy's signature)
        return map(self, texts)

    def to_bytes(self, **_: object) -> bytes:
        return b""

    def from_bytes(self, _data: bytes, **_: object) -> DigestTokenizer:
        return self

    def to_disk(self, _path: str | Path, **_: object) -> None:
        return None

    def from_disk(self, _path: str | Path, **_: object) -> DigestTokenizer:
        return self

    def __reduce__(self) -> tuple[Callable[[Vocab], DigestTokenizer], tuple[Vocab]]:
        return DigestTokenizer, (self.vocab,)


@util.registry.tokenizers(TOKENIZER_NAME)  # type: ignore[untyped-decorator]  # catalogue has no types
def create_digest_tokenizer() -> Callable[[Language], DigestTokenizer]:
    """The factory by which a saved pipeline finds its tokenizer again."""

    def make(nlp: Language) -> DigestTokenizer:
        return DigestTokenizer(nlp.vocab)

    return make
