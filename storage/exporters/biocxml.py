"""BioC as XML (https://bioc.sourceforge.net): one collection.

Offsets are code points from the beginning of the document, as in BioC-JSON. What XML cannot hold becomes U+FFFD.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from ...models import DigestRecord
from ..annotated_text import xml_text
from ..bioc_document import COLLECTION, BiocAnnotation, BiocPassage, passages, record_infons

NAME = "biocxml"
SUFFIX = ".bioc.xml"


def write(records: Iterable[DigestRecord], out: TextIO) -> int:
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE collection SYSTEM "BioC.dtd">\n<collection>')
    out.writelines(_element(name, value) for name, value in COLLECTION.items())
    out.write("\n")
    number = 0
    for number, record in enumerate(records, start=1):  # noqa: B007
        out.writelines(_document(record))
    out.write("</collection>\n")
    return number


def _document(record: DigestRecord) -> Iterator[str]:
    yield f"<document>{_element('id', record.article.id)}{_infons(record_infons(record))}\n"
    for passage in passages(record):
        yield from _passage(passage)
    yield "</document>\n"


def _passage(passage: BiocPassage) -> Iterator[str]:
    yield f"<passage>{_infons({'type': passage.type})}{_element('offset', str(passage.offset))}"
    yield _element("text", passage.text)
    for each in passage.annotations:
        yield _annotation(each)
    yield "</passage>\n"


def _annotation(each: BiocAnnotation) -> str:
    return (
        f"\n<annotation id={_attribute(each.id)}>{_infons(each.infons)}"
        f'<location offset="{each.offset}" length="{len(each.text)}"/>{_element("text", each.text)}</annotation>'
    )


def _infons(infons: Mapping[str, str]) -> str:
    return "".join(f"<infon key={_attribute(key)}>{_escaped(value)}</infon>" for key, value in infons.items())


def _element(name: str, text: str) -> str:
    return f"<{name}>{_escaped(text)}</{name}>"


def _escaped(text: str) -> str:
    return escape(xml_text(text), {"\r": "&#13;"})  # a parser would make it a line feed


def _attribute(text: str) -> str:
    return quoteattr(xml_text(text))
