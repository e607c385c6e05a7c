"""Small files that unpack or unfold to enormous ones: refused, soon, and in bounded memory."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zstandard
from wenzhai.harvester.fetch_options import FetchOptions
from wenzhai.harvester.sources import SourceContext
from wenzhai.harvester.sources.archive import ArchiveSource
from wenzhai.models import Article, SourceError, WenzhaiError

from .hostile_pages import markdown, read, wechat
from .limits import needs_timer, no_more_memory_than, within

MEBIBYTE = 1024 * 1024
PAGE = "<html><body><article>单细胞图谱里有许多种细胞。</article></body></html>".encode()
Compress = Callable[[], object]


@pytest.fixture
def context() -> Iterator[SourceContext]:
    with SourceContext(options=FetchOptions(max_page_bytes=4 * MEBIBYTE)) as context:
        yield context


def _tar_of_zeros(size: int, *, name: str) -> Iterator[bytes]:
    """A tar with a good page, the first of so many zeros, and another good page: no one is to get that far."""
    for member, length in (("a.html", len(PAGE)), (name, size), ("z.html", len(PAGE))):
        info = tarfile.TarInfo(member)
        info.size = length
        yield info.tobuf()
        data = PAGE if member != name else b""
        yield data
        left = min(length - len(data), MEBIBYTE)
        while left > 0:
            yield bytes(min(left, MEBIBYTE))
            left -= MEBIBYTE
        yield bytes(-length % tarfile.BLOCKSIZE)
    yield bytes(2 * tarfile.BLOCKSIZE)


COMPRESSORS: dict[str, Callable[[], object]] = {
    "gz": lambda: _Gzip(),  # noqa: PLW0108 - it is defined below
    "bz2": bz2.BZ2Compressor,
    "xz": lambda: lzma.LZMACompressor(preset=0),
    "zst": lambda: zstandard.ZstdCompressor(level=1).compressobj(),
}


class _Gzip:
    def __init__(self) -> None:
        self._buffer = io.BytesIO()
        self._file = gzip.GzipFile(fileobj=self._buffer, mode="wb", compresslevel=9, mtime=0)

    def compress(self, data: bytes) -> bytes:
        self._file.write(data)
        return b""

    def flush(self) -> bytes:
        self._file.close()
        return self._buffer.getvalue()


def _write_bomb(path: Path, kind: str, *, size: int, name: str) -> None:
    compressor = COMPRESSORS[kind]()
    with path.open("wb") as file:
        for piece in _tar_of_zeros(size, name=name):
            file.write(compressor.compress(piece))  # type: ignore[attr-defined]
        file.write(compressor.flush())  # type: ignore[attr-defined]


def _taken(path: Path, context: SourceContext) -> tuple[list[str], list[str]]:
    """What was read and what was refused, the container itself among it."""
    source = ArchiveSource(str(path), context)
    good, bad = [], []
    try:
        for ref in source.discover():
            try:
                good.append(source.fetch(ref).ref.location.rpartition("/")[2])
            except WenzhaiError as error:
                bad.append(str(error))
    except SourceError as error:
        bad.append(str(error))
    finally:
        source.close()
    return good, bad


@needs_timer
@pytest.mark.parametrize("name", ["b.html", "b.bin"])
@pytest.mark.parametrize("kind", COMPRESSORS)
def test_tar_that_unpacks_to_much(tmp_path: Path, context: SourceContext, kind: str, name: str) -> None:
    path = tmp_path / f"bomb.tar.{kind}"
    _write_bomb(path, kind, size=300 * MEBIBYTE, name=name)
    with within(1.0), no_more_memory_than(24):
        good, bad = _taken(path, context)
    assert good == ["a.html"]
    assert "times its size" in bad[-1]


@needs_timer
def test_zip_that_unpacks_to_much(tmp_path: Path, context: SourceContext) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.html", PAGE)
        with archive.open(zipfile.ZipInfo("b.html"), "w", force_zip64=True) as file:
            for _ in range(64):
                file.write(bytes(MEBIBYTE))
        archive.writestr("z.html", PAGE)
    with within(1.0), no_more_memory_than(24):
        good, bad = _taken(path, context)
    assert good == ["a.html", "z.html"]
    assert "the limit is" in bad[0]


def test_tar_of_pages_alike_is_no_bomb(tmp_path: Path, context: SourceContext) -> None:
    path = tmp_path / "alike.tar.xz"
    with tarfile.open(path, "w:xz") as tar:
        for number in range(100):
            info = tarfile.TarInfo(f"{number}.html")
            info.size = len(PAGE) * 500
            tar.addfile(info, io.BytesIO(PAGE * 500))
    good, bad = _taken(path, context)
    assert (len(good), bad) == (100, [])


ALIASES = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(20)
)
BOMBS = {
    "aliases in front matter": lambda: markdown(f"---\ntitle: 题\n{ALIASES}tags: *u\n---\n正文在此。\n"),
    "aliases as the title": lambda: markdown(f"---\n{ALIASES}title: *u\ntags: *u\n---\n正文在此。\n"),
    "251 levels": lambda: wechat(body="<div>" * 251 + "测了五千个细胞" + "</div>" * 251),
    "20,000 levels": lambda: wechat(body="<div>" * 20_000 + "测了五千个细胞"),
    "100,000 brackets in front matter": lambda: markdown(f"---\nx: {'[' * 100_000}\n---\n正文在此。\n"),
    "100,000 lists in lists in front matter": lambda: markdown(f"---\nx:\n{'- ' * 100_000}\n---\n正文在此。\n"),
    "2,000 indentations in front matter": lambda: markdown(
        "---\n" + "".join(f"{' ' * n}a:\n" for n in range(2_000)) + "---\n正文在此。\n"
    ),
    "100,000 quotes": lambda: markdown(">" * 100_000 + "正文在此。"),
    "attributes": lambda: wechat(body=f"<p {' '.join(f'a{n}=1' for n in range(5_000))}>测了五千个细胞</p>"),
    "entities of a DOCTYPE": lambda: wechat(
        body='<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>&b;'
    ),
}


@needs_timer
@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_what_unfolds(bomb: Callable[[], object]) -> None:
    with within(2.0), no_more_memory_than(200):
        read(bomb(), extract=lambda article: None)  # type: ignore[arg-type]


def test_251_levels_are_read() -> None:
    found = read(BOMBS["251 levels"](), extract=lambda article: None)  # type: ignore[no-untyped-call]
    assert isinstance(found, Article)
    assert "测了五千个细胞" in found.text


@pytest.mark.campaign
def test_one_text_of_100_megabytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Refused by default, 32 MB being the limit; whoever raises it is told what came of it, in less than 6 GB."""
    (tmp_path / "large.html").write_bytes(
        b"<html><body><article><p>"
        + "作者测了五千个细胞。".encode() * (100 * MEBIBYTE // 30)
        + b"</p></article></body></html>"
    )
    for limit, code in (("33554432", 1), ("200000000", None)):
        begun = time.monotonic()
        environment = {**os.environ, "WENZHAI_MAX_PAGE_BYTES": limit, "WENZHAI_DATABASE": f"{limit}.db"}
        run = _limited("harvest", "large.html", folder=tmp_path, environment=environment, gigabytes=6)
        told = f"exit {run.returncode} after {time.monotonic() - begun:.0f} s: {run.stderr[:200]!r}"
        with capsys.disabled():
            print(f"\n100 MB, limit {limit}: {told}")  # noqa: T201
        assert run.returncode == code or code is None
        assert "Traceback" not in run.stderr


def _limited(
    *arguments: str, folder: Path, environment: dict[str, str], gigabytes: int
) -> subprocess.CompletedProcess[str]:
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({gigabytes} << 30,) * 2)"
    program = f"{limit}; from wenzhai.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
