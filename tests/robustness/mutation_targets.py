"""What mutants are given to, and what may come of it: a value, or an error of ours. Anything else is a crash."""

from __future__ import annotations

import gzip
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import zstandard
from wenzhai.commands.jobs import local_zone, schedules
from wenzhai.config import commented_config, load_settings
from wenzhai.extractors.lexicon import read_families, read_genes, read_terms
from wenzhai.extractors.nlp import Extractor
from wenzhai.harvester.entry_page import ENTRY_TYPE
from wenzhai.harvester.feed_entries import all_known, read_feed
from wenzhai.harvester.schedule import next_run
from wenzhai.harvester.sources import SourceContext
from wenzhai.harvester.sources.archive import ArchiveSource
from wenzhai.models import WenzhaiError
from wenzhai.storage import SearchQuery, Store, open_store
from wenzhai.storage.correction_file import read_corrections

from ..command_line import FIXTURES, ROOT
from .hostile_pages import NOW, WECHAT, feed, raw_page, read
from .mutation import Mutate, mutate_bytes, mutate_json, mutate_text


@dataclass
class Bench:
    """What the targets work with."""

    extractor: Extractor
    folder: Path
    store: Store
    context: SourceContext


@dataclass(frozen=True)
class Target:
    """A kind of input.

    Attributes:
        seeds: inputs of it that are right.
        take: gives one to the program; raises nothing but WenzhaiError.
        mutate: how it is changed.
        count: mutants in the campaign.
    """

    seeds: Callable[[], list[bytes]]
    take: Callable[[Bench, bytes], None]
    mutate: Mutate
    count: int


def _pages() -> list[bytes]:
    return [path.read_bytes() for path in sorted((FIXTURES / "pages").glob("*/page.html"))]


def _take_page(bench: Bench, data: bytes) -> None:
    for url in (WECHAT, "https://blog.test/a"):
        read(raw_page(data, url=url, media_type="text/html"), extract=bench.extractor.extract)


def _archived() -> list[bytes]:
    return [path.read_bytes() for path in sorted((FIXTURES / "archive").glob("*.md"))]


def _take_markdown(bench: Bench, data: bytes) -> None:
    read(raw_page(data, url="digests/a.md", media_type="text/markdown"), extract=bench.extractor.extract)


def _front_matter() -> list[bytes]:
    heads = [data.split(b"\n---\n")[0] + b"\n---\n" for data in _archived()]
    return [head + "标题 by 灶台\n------\n<p>正文在此，测了五千个细胞。</p>".encode() for head in heads]


def _feeds() -> list[bytes]:
    found = [path for path in (FIXTURES / "sources" / "feed").rglob("*") if path.suffix in (".xml", ".rss", ".atom")]
    return [path.read_bytes() for path in sorted(found)]


def _json_feeds() -> list[bytes]:
    long = "单细胞图谱里有许多种细胞，作者逐一读出它们的表达。" * 12
    item = {"id": "1", "url": WECHAT, "title": "题", "content_html": f"<p>{long}</p>", "authors": [{"name": "灶台"}]}
    dated = {**item, "date_published": "2024-05-06T07:08:09+08:00", "tags": ["单细胞"], "content_text": long}
    return [
        json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "灶台", "items": [item, dated]}).encode()
    ]


def _take_feed(bench: Bench, data: bytes) -> None:
    page = feed("")
    page = replace(page, content=data)
    all_known(page, lambda location: True)
    for found in read_feed(page).entries:
        if found.entry is not None:
            held = raw_page(found.entry.pack(), url=found.location, media_type=ENTRY_TYPE)
            read(held, extract=lambda article: None)


def _exports() -> list[bytes]:
    item = {
        "title": "题",
        "link": WECHAT,
        "content": "正文在此。\n测了五千个细胞。",
        "_accountName": "灶台",
        "author_name": "甲",
        "create_time": 1700000000,
        "appmsg_album_infos": [{"title": "图谱"}],
    }
    return [
        json.dumps([item, {**item, "html": "<p>正文在此，测了五千个细胞。</p>", "published": "2024-05-06"}]).encode()
    ]


def _members() -> dict[str, bytes]:
    return {
        "2024/a.md": _archived()[0],
        "b.html": _pages()[0],
        "export.json": _exports()[0],
        "c.md.gz": gzip.compress(_archived()[1], mtime=0),
    }


def _archives() -> list[bytes]:
    plain, zipped = io.BytesIO(), io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as tar, zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in _members().items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
            archive.writestr(zipfile.ZipInfo(name), data)
    tarred = plain.getvalue()
    return [
        zipped.getvalue(),
        tarred,
        gzip.compress(tarred, mtime=0),
        lzma.compress(tarred, preset=0),
        zstandard.ZstdCompressor().compress(tarred),
    ]


def _take_archive(bench: Bench, data: bytes) -> None:
    is_json = data.lstrip()[:1] in (b"[", b"{")
    path = bench.folder / ("mutant.json" if is_json else "mutant.tar.gz")
    path.write_bytes(data)
    source = ArchiveSource(str(path), bench.context)
    try:
        for ref in source.discover():
            try:
                page = source.fetch(ref)
            except WenzhaiError:
                continue
            read(page, extract=lambda article: None)
    finally:
        source.close()


def _configurations() -> list[bytes]:
    text = commented_config().replace("\n#", "\n")
    lines = [line for line in text.splitlines() if line.startswith("[") or ("=" in line and line[0] != " ")]
    plain = "\n".join(lines)
    return [plain.encode(), b'sources = ["digests/", "https://feeds.example.org/a.xml"]\ndelay_seconds = 3\n']


def _take_configuration(bench: Bench, data: bytes) -> None:
    path = bench.folder / "wenzhai.toml"
    path.write_bytes(data)
    settings = load_settings(config=path, environment={}, flags={})
    for schedule in schedules(settings):
        next_run(schedule, None, NOW, zone=local_zone(NOW))


def _queries() -> list[bytes]:
    return [
        text.encode()
        for text in (
            "单细胞 PD-L1",
            "肝癌 OR 胃癌 | 肠癌",
            "免疫 -小鼠 NOT 大鼠",
            '"CD8+ T cell" immuno*',
            "title:(类器官 OR 芯片) findings:TGF-β",
            "(a (b (c OR d))) AND “单细胞测序”",
            "scRNA-seq text:细胞 「图谱」",
            "NF-κB il-6 IL6 α β",
        )
    ]


def _take_query(bench: Bench, data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")  # as Python reads a command line that is not UTF-8
    for query in (SearchQuery(text=text), SearchQuery(text=text, genes=(text[:40],), journal=text[:40], sort="date")):
        bench.store.search(query)
        bench.store.search_findings(query)
        bench.store.count(query)
        for _ in bench.store.iterate_record_json(query):
            pass


def _corrections() -> list[bytes]:
    rows = (
        "record,field,value,action,new_value,by,at\nabc123,genes,TP53,reject,,甲,2025-06-18\n"
        "abc123,genes,EGFR,change,ERBB2,乙,\n"
    )
    line = {"record": "abc123", "field": "genes", "value": "TP53", "action": "accept", "by": "甲", "at": "2025-06-18"}
    return [rows.encode(), json.dumps(line, ensure_ascii=False).encode()]


def _take_corrections(bench: Bench, data: bytes) -> None:
    for suffix in (".csv", ".jsonl"):
        path = bench.folder / f"corrections{suffix}"
        path.write_bytes(data)
        found = list(read_corrections(path, curator="甲", now=NOW))
        bench.store.import_corrections(each for each in found if hasattr(each, "verdict"))


def _lexicons() -> list[bytes]:
    folder = ROOT / "extractors" / "lexicons"
    names = ("genes.tsv", "gene_families.tsv", "methods.tsv", "journals.tsv")
    return [b"\n".join((folder / name).read_bytes().splitlines()[:40]) for name in names if (folder / name).is_file()]


def _take_lexicon(bench: Bench, data: bytes) -> None:
    path = bench.folder / "lexicon.tsv"
    path.write_bytes(data)
    errors: list[WenzhaiError] = []
    terms = (partial(read_terms, category=category) for category in ("method", "journal"))
    for take in (read_genes, read_families, *terms):
        try:
            take(path)
        except WenzhaiError as error:
            errors.append(error)
    assert errors  # no file is all of them


def _databases() -> list[bytes]:
    return []


def _take_database(bench: Bench, data: bytes) -> None:
    path = bench.folder / "damaged.db"
    for old in bench.folder.glob("damaged.db*"):
        old.unlink()
    path.write_bytes(data)
    with open_store(path) as store:
        store.search(SearchQuery(text="单细胞"))
        store.status()
        store.count()
        for text in store.iterate_record_json(SearchQuery()):
            assert text


TARGETS: dict[str, Target] = {
    "pages": Target(_pages, _take_page, mutate_text, 2_400),
    "archived articles": Target(_archived, _take_markdown, mutate_text, 1_600),
    "front matter": Target(_front_matter, _take_markdown, mutate_text, 1_400),
    "feeds": Target(_feeds, _take_feed, mutate_text, 1_200),
    "JSON feeds": Target(_json_feeds, _take_feed, mutate_json, 600),
    "archives": Target(_archives, _take_archive, mutate_bytes, 800),
    "exports": Target(_exports, _take_archive, mutate_json, 600),
    "settings": Target(_configurations, _take_configuration, mutate_text, 800),
    "queries": Target(_queries, _take_query, mutate_text, 800),
    "corrections": Target(_corrections, _take_corrections, mutate_text, 400),
    "lexicons": Target(_lexicons, _take_lexicon, mutate_text, 400),
    "databases": Target(_databases, _take_database, mutate_bytes, 400),
}
