"""A record's text in pieces."""

from __future__ import annotations

from wenzhai.browse.marking import Entity, Passage, Piece, marked_text, marked_title
from wenzhai.models import DigestRecord, Finding, FindingRole, Gene, Mention, Method, Part

from ..browser.examples import hostile_article


def record(text: str, **claims: object) -> DigestRecord:
    _, _, example = hostile_article()
    empty = {"papers": (), "genes": (), "methods": (), "findings": ()}
    article = example.article.model_copy(update={"text": text, "title": "TP53是主角"})
    return example.model_copy(update={**empty, "article": article, **claims})


def mention(text: str, words: str, *, part: Part = Part.TEXT) -> Mention:
    start = text.index(words)
    return Mention(text=words, start=start, end=start + len(words), part=part)


def test_lines_passages_and_pieces() -> None:
    text = "背景。\nTP53升高了。结束"
    gene = Gene(symbol="TP53", mentions=(mention(text, "TP53"),))
    finding = Finding(text="TP53升高了。", start=4, end=12, role=FindingRole.FINDING)
    assert marked_text(record(text, genes=(gene,), findings=(finding,))) == (
        (Passage((Piece("背景。"),)),),
        (
            Passage((Piece("TP53", Entity("gene", "TP53")), Piece("升高了。")), finding),
            Passage((Piece("结束"),)),
        ),
    )


def test_the_shorter_of_two_mentions_lies_on_top() -> None:
    text = "单细胞TP53测序"
    method = Method(name="sequencing", mentions=(mention(text, text),))
    gene = Gene(symbol="TP53", mentions=(mention(text, "TP53"),))
    ((passage,),) = marked_text(record(text, genes=(gene,), methods=(method,)))
    assert [(piece.text, piece.entity and piece.entity.kind) for piece in passage.pieces] == [
        ("单细胞", "method"),
        ("TP53", "gene"),
        ("测序", "method"),
    ]


def test_nothing_is_lost() -> None:
    _, _, example = hostile_article()
    lines = ("".join(piece.text for passage in line for piece in passage.pieces) for line in marked_text(example))
    assert "\n".join(lines) == example.article.text


def test_title_and_text_are_told_apart() -> None:
    text = "TP53"
    gene = Gene(symbol="TP53", mentions=(mention("TP53是主角", "TP53", part=Part.TITLE),))
    marked = record(text, genes=(gene,))
    assert marked_title(marked).pieces == (Piece("TP53", Entity("gene", "TP53")), Piece("是主角"))
    assert marked_text(marked) == ((Passage((Piece("TP53"),)),),)


def test_empty_text() -> None:
    assert marked_text(record("")) == ((),)
