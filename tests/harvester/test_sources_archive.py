"""The archive source on folders, files, zips and tars, good ones and hostile ones."""

from __future__ import annotations

import gc
import gzip
import io
import os
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zstandard
from wenzhai.harvester.containers import Member
from wenzhai.harvester.sources import Clock, FetchOptions, Source, SourceContext, open_source
from wenzhai.models import FetchError, PageRef, RawPage, SourceError

NOW = datetime(2025, 1, 1, tzinfo=UTC)
LIMIT = 100_000
FILES = {
    "2024/a.md": b"# a",
    "2024/b.HTML": b"<p>b</p>",
    "2024/c.html.gz": gzip.compress(b"<p>c</p>", mtime=0),
    "2024/empty.markdown": b"",
    "2024/picture.png": b"\x89PNG",
    "2024/.draft.md": b"# hidden",
    ".git/d.md": b"# hidden",
    "__MACOSX/2024/._a.md": b"fork",
    "z.htm": b"<p>z</p>",
}
ARTICLES = {
    "2024/a.md": ("text/markdown", b"# a"),
    "2024/b.HTML": ("text/html", b"<p>b</p>"),
    "2024/c.html.gz": ("text/html", b"<p>c</p>"),
    "2024/empty.markdown": ("text/markdown", b""),
    "z.htm": ("text/html", b"<p>z</p>"),
}


@pytest.fixture
def opened() -> Iterator[Callable[[Path | str], Source]]:
    context = SourceContext(options=FetchOptions(max_page_bytes=LIMIT), clock=Clock(now=lambda: NOW))
    sources: list[Source] = []

    def open_target(target: Path | str) -> Source:
        sources.append(open_source(str(target), context=context))
        return sources[-1]

    yield open_target
    for source in sources:
        source.close()


Opened = Callable[[Path | str], Source]


def make_zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def make_tar(path: Path, files: dict[str, bytes]) -> Path:
    kind = path.suffix[1:]
    if kind == "zst":
        plain = make_tar(path.with_suffix(""), files)
        path.write_bytes(zstandard.compress(plain.read_bytes()))
        return path
    with tarfile.open(path, f"w:{'' if kind == 'tar' else kind}") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def make_folder(path: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


MAKERS: dict[str, Callable[[Path, dict[str, bytes]], Path]] = {
    "folder": make_folder,
    "all.zip": make_zip,
    "all.tar": make_tar,
    "all.tar.gz": make_tar,
    "all.tar.xz": make_tar,
    "all.tar.bz2": make_tar,
    "all.tar.zst": make_tar,
}


@pytest.fixture(params=MAKERS)
def container(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return MAKERS[request.param](tmp_path / request.param, FILES)


def prefix(container: Path) -> str:
    return f"{container.as_posix()}/" if container.is_dir() else f"{container.as_posix()}!/"


def test_articles_of_every_container(opened: Opened, container: Path) -> None:
    source = opened(container)
    found = {ref.location.removeprefix(prefix(container)): source.fetch(ref) for ref in source.discover()}
    assert {name: (page.media_type, page.content) for name, page in found.items()} == ARTICLES
    assert list(found) == list(ARTICLES)
    for page in found.values():
        assert page == RawPage(
            ref=page.ref,
            content=page.content,
            final_url=page.ref.location,
            media_type=page.media_type,
            fetched_at=NOW,
        )
        assert page.ref.source == "archive"


def test_reading_after_listing_backwards_and_again(opened: Opened, container: Path) -> None:
    source = opened(container)
    refs = list(source.discover())
    for ref in [*reversed(refs), *refs]:
        assert source.fetch(ref).content == ARTICLES[ref.location.removeprefix(prefix(container))][1]
    assert list(source.discover()) == refs


def test_reading_without_listing(opened: Opened, container: Path) -> None:
    ref = PageRef(location=f"{prefix(container)}2024/a.md", source="archive")
    assert opened(container).fetch(ref).content == b"# a"


def test_location_is_a_target(opened: Opened, container: Path) -> None:
    location = f"{prefix(container)}z.htm"
    source = opened(location)
    (ref,) = source.discover()
    assert ref.location == location
    assert source.fetch(ref).content == b"<p>z</p>"


def test_closed_source_opens_again(opened: Opened, container: Path) -> None:
    source = opened(container)
    refs = list(source.discover())
    source.close()
    source.close()
    assert source.fetch(refs[0]).content == b"# a"


def test_unknown_member_is_told(opened: Opened, container: Path) -> None:
    location = f"{prefix(container)}2024/no.md"
    with pytest.raises(SourceError, match="no such"):
        opened(container).fetch(PageRef(location=location, source="archive"))
    with pytest.raises(SourceError, match="no such"):
        list(opened(location).discover())


def test_relative_path_is_kept(opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_folder(tmp_path / "digests", {"a.md": b"#"})
    monkeypatch.chdir(tmp_path)
    assert [ref.location for ref in opened("./digests/").discover()] == ["digests/a.md"]
    assert [ref.location for ref in opened(".").discover()] == ["digests/a.md"]
    assert [ref.location for ref in opened("digests/a.md").discover()] == ["digests/a.md"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("no.zip", None, "no such file"),
        ("no.md", None, "no such file"),
        ("picture.png", b"\x89PNG", "neither an article nor an archive"),
        ("empty.zip", b"", "damaged"),
        ("empty.tar", b"", "damaged"),
        ("text.tar.gz", b"hello", "damaged"),
        ("text.zip", b"hello", "damaged"),
        ("cut.zip", b"PK\x03\x04" + bytes(50), "damaged"),
        ("cut.tar.zst", b"\x28\xb5\x2f\xfd" + b"junk", "damaged"),
    ],
)
def test_target_that_cannot_be_opened(
    opened: Opened, tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=words) as caught:
        list(opened(tmp_path / name).discover())
    assert caught.value.subject == str(tmp_path / name)
    assert caught.value.hint


UNSAFE = ("../evil.md", "/etc/evil.md", "C:/evil.md", "2024/../../evil.md", "..\\evil.md")


@pytest.mark.parametrize("name", ["all.zip", "all.tar.xz"])
def test_unsafe_paths_are_listed_and_refused(opened: Opened, tmp_path: Path, name: str) -> None:
    container = MAKERS[name](tmp_path / name, dict.fromkeys((*UNSAFE, "../evil.sh", "good.md"), b"#"))
    source = opened(container)
    *unsafe, good = source.discover()
    assert [ref.location for ref in unsafe] == [f"{container}!/{path}" for path in UNSAFE]
    for ref in unsafe:
        with pytest.raises(SourceError, match=r"unsafe path .* refused") as caught:
            source.fetch(ref)
        assert caught.value.subject == ref.location
    assert source.fetch(good).content == b"#"


def test_links_and_devices_in_a_tar_are_refused(opened: Opened, tmp_path: Path) -> None:
    path = tmp_path / "links.tar"
    with tarfile.open(path, "w") as archive:
        for number, kind in enumerate((tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE)):
            info = tarfile.TarInfo(f"{number}.md")
            info.type = kind
            info.linkname = "/etc/passwd"
            archive.addfile(info)
    source = opened(path)
    refs = list(source.discover())
    assert len(refs) == 4
    for ref in refs:
        with pytest.raises(SourceError, match="refused"):
            source.fetch(ref)


def test_link_in_a_zip_is_refused(opened: Opened, tmp_path: Path) -> None:
    info = zipfile.ZipInfo("a.md")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    source = opened(tmp_path / "a.zip")
    with pytest.raises(SourceError, match="link"):
        source.fetch(next(source.discover()))


def test_links_in_a_folder_are_not_followed(opened: Opened, tmp_path: Path) -> None:
    outside = make_folder(tmp_path / "outside", {"secret.md": b"secret"})
    inside = make_folder(tmp_path / "inside", {"a.md": b"#"})
    (inside / "file.md").symlink_to(outside / "secret.md")
    (inside / "folder").symlink_to(outside)
    (inside / "loop").symlink_to(inside)
    (inside / "gone.md").symlink_to("nowhere")
    (inside / "picture.png").symlink_to("nowhere")
    os.mkfifo(inside / "pipe.md")
    source = opened(inside)
    good, *refused = source.discover()
    assert source.fetch(good).content == b"#"
    assert [Path(ref.location).name for ref in refused] == ["file.md", "folder", "gone.md", "loop", "pipe.md"]
    for ref in refused:
        with pytest.raises(SourceError, match="refused"):
            source.fetch(ref)


def test_link_given_by_name_is_followed(opened: Opened, tmp_path: Path) -> None:
    make_folder(tmp_path / "real", {"a.md": b"#"})
    (tmp_path / "link").symlink_to("real")
    assert [ref.location for ref in opened(tmp_path / "link").discover()] == [f"{tmp_path}/link/a.md"]


@pytest.mark.parametrize("maker", MAKERS)
def test_large_file_is_refused_and_the_rest_is_read(opened: Opened, tmp_path: Path, maker: str) -> None:
    container = MAKERS[maker](tmp_path / maker, {"a.md": bytes(LIMIT + 1), "b.md": bytes(LIMIT)})
    source = opened(container)
    found = source.discover()
    with pytest.raises(FetchError, match="100,001 bytes, and the limit is 100,000") as caught:
        source.fetch(next(found))
    assert not caught.value.retryable
    assert "max_page_bytes" in caught.value.hint
    assert len(source.fetch(next(found)).content) == LIMIT


def test_sparse_file_of_50_mb_is_refused(opened: Opened, tmp_path: Path) -> None:
    with (tmp_path / "sparse.md").open("wb") as file:
        file.truncate(50_000_000)
    source = opened(tmp_path)
    with pytest.raises(FetchError, match="50,000,000"):
        source.fetch(next(source.discover()))


def test_gzip_bomb_is_refused(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "bomb.html.gz").write_bytes(gzip.compress(bytes(50_000_000)))
    source = opened(tmp_path)
    with pytest.raises(FetchError, match="more than 100,000"):
        source.fetch(next(source.discover()))


def test_damaged_gzip_is_told(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "cut.html.gz").write_bytes(gzip.compress(b"<p>" * 100)[:-9])
    source = opened(tmp_path)
    with pytest.raises(SourceError, match="gzip"):
        source.fetch(next(source.discover()))


def test_zip_that_lies_about_its_sizes(opened: Opened, tmp_path: Path) -> None:
    path = make_zip(tmp_path / "liar.zip", {"a.md": bytes(3_000_000)})
    path.write_bytes(path.read_bytes().replace((3_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    source = opened(path)
    with pytest.raises(SourceError, match="damaged"):
        source.fetch(next(source.discover()))


def test_encrypted_member_is_told(opened: Opened, tmp_path: Path) -> None:
    path = make_zip(tmp_path / "locked.zip", {"a.md": b"#"})
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    source = opened(path)
    with pytest.raises(SourceError, match="encrypted"):
        source.fetch(next(source.discover()))


def test_damaged_member_of_a_zip_leaves_the_others(opened: Opened, tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.md", b"aaaa")
        archive.writestr("b.md", b"bbbb")
    path.write_bytes(path.read_bytes().replace(b"aaaa", b"axxa"))
    source = opened(path)
    first, second = source.discover()
    with pytest.raises(SourceError, match="damaged"):
        source.fetch(first)
    assert source.fetch(second).content == b"bbbb"


@pytest.mark.parametrize("kind", ["tar", "tar.gz", "tar.xz", "tar.bz2", "tar.zst"])
@pytest.mark.parametrize("part", [0.3, 0.5, 0.9])
def test_tar_cut_short_gives_what_it_has(opened: Opened, tmp_path: Path, kind: str, part: float) -> None:
    contents = {f"{number:02}.md": os.urandom(20_000) for number in range(30)}
    path = make_tar(tmp_path / f"all.{kind}", contents)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    source = opened(path)
    got, failed = [], []

    def read_all() -> None:
        for ref in source.discover():
            try:
                page = source.fetch(ref)
            except SourceError:
                failed.append(ref)
            else:
                assert page.content == contents[ref.location[-5:]]
                got.append(ref)

    with pytest.raises(SourceError, match="damaged or cut short") as caught:
        read_all()
    assert caught.value.subject == str(path)
    assert 30 * part - 3 <= len(got) + len(failed) <= 30 * part + 1 or kind == "tar.bz2"
    assert len(failed) <= 1 or kind == "tar.bz2"


def test_tar_cut_between_members_is_told(opened: Opened, tmp_path: Path) -> None:
    path = make_tar(tmp_path / "all.tar", {"a.md": bytes(512), "b.md": bytes(512)})
    path.write_bytes(path.read_bytes()[:1024])
    found = opened(path).discover()
    next(found)
    with pytest.raises(SourceError, match="end mark"):
        next(found)


def test_tar_damaged_in_the_middle_is_told(opened: Opened, tmp_path: Path) -> None:
    path = make_tar(tmp_path / "all.tar", {"a.md": bytes(512), "b.md": bytes(512)})
    content = bytearray(path.read_bytes())
    content[1024 + 10] ^= 0xFF
    path.write_bytes(content)
    found = opened(path).discover()
    next(found)
    with pytest.raises(SourceError, match="damaged"):
        next(found)


def test_tar_with_a_huge_header_is_refused(opened: Opened, tmp_path: Path) -> None:
    path = tmp_path / "huge.tar"
    info = tarfile.TarInfo("././@LongLink")
    info.type = tarfile.GNUTYPE_LONGNAME
    info.size = 10**12
    path.write_bytes(info.tobuf(tarfile.GNU_FORMAT) + bytes(2048))
    with pytest.raises(SourceError, match="header of"):
        list(opened(path).discover())


def test_archive_without_articles_is_empty(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert list(opened(tmp_path / "folder").discover()) == []
    assert list(opened(make_zip(tmp_path / "none.zip", {})).discover()) == []
    assert list(opened(make_tar(tmp_path / "none.tar.xz", {"a.png": b""})).discover()) == []


def test_names_of_windows_zips_are_readable(opened: Opened, tmp_path: Path) -> None:
    path = make_zip(tmp_path / "windows.zip", {"AABB.md": b"#"})
    path.write_bytes(path.read_bytes().replace(b"AABB", "文摘".encode("gb18030")))
    source = opened(path)
    (ref,) = source.discover()
    assert ref.location == f"{path}!/文摘.md"
    assert source.fetch(ref).content == b"#"


def test_names_in_no_utf8_are_readable(opened: Opened, tmp_path: Path) -> None:
    Path(os.fsdecode(bytes(tmp_path) + b"/" + "文摘.md".encode("gb18030"))).write_bytes(b"#")
    Path(os.fsdecode(bytes(tmp_path) + b"/z\xff.md")).write_bytes(b"#")
    source = opened(tmp_path)
    refs = list(source.discover())
    assert {Path(ref.location).name for ref in refs} == {"文摘.md", "z\\xff.md"}
    assert [source.fetch(ref).content for ref in refs] == [b"#", b"#"]


@pytest.mark.parametrize("name", ["all.zip", "all.tar"])
def test_later_member_of_one_name_wins(opened: Opened, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    make = make_zip if name.endswith("zip") else make_tar
    make(path, {"a.md": b"old", "./a.md": b"new"})
    source = opened(path)
    assert [source.fetch(ref).content for ref in source.discover()] == [b"old", b"new"]
    assert opened(path).fetch(PageRef(location=f"{path}!/a.md", source="archive")).content == b"new"


class CountingFile(io.FileIO):
    count = 0

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        got = super().readinto(buffer) or 0
        CountingFile.count += got
        return got


@pytest.mark.parametrize("kind", ["gz", "xz", "bz2", "zst"])
def test_compressed_tar_is_read_in_one_pass(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    contents = {f"{number}.md": os.urandom(number % 10 * 512) for number in range(600)}
    path = make_tar(tmp_path / f"many.tar.{kind}", contents)
    monkeypatch.setattr(Path, "open", lambda self, mode: io.BufferedReader(CountingFile(self)))
    CountingFile.count = 0
    source = opened(path)
    assert sum(1 for ref in source.discover() if source.fetch(ref)) == 600
    assert path.stat().st_size <= CountingFile.count < path.stat().st_size + 200_000


def test_members_are_let_go_once_they_are_read(opened: Opened, tmp_path: Path) -> None:
    """An archive of 200,000 articles took 5 kB of memory more for each of them."""
    source = opened(make_zip(tmp_path / "many.zip", {f"{number}.md": b"# a" for number in range(300)}))
    for number, ref in enumerate(source.discover(), 1):
        assert source.fetch(ref).content == b"# a"
        if number == 200:
            assert sum(isinstance(each, Member) for each in gc.get_objects()) < 10
