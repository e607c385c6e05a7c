"""Files no one should feed it: each is told by name, kept in mind, and costs the others nothing."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from .command_line import ARCHIVE, FIXTURES, CommandLine

GOOD = "ikkb-colitis-cancer.md"
ARTICLE = (ARCHIVE / "ipsc-factors.md").read_text(encoding="utf-8")
PAGE = (FIXTURES / "pages" / "article" / "page.html").read_bytes()


def zip_with_paths_that_lead_out() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("../../outside.md", ARTICLE)
        archive.writestr("inside.md", ARTICLE)
    return data.getvalue()


# What the file is called, what is in it, and words of the message.
BAD = {
    "empty": ("empty.md", lambda: b"", "nothing came"),
    "blank": ("blank.html", lambda: b" \n\n\t", "nothing came"),
    "truncated HTML": ("truncated.html", lambda: PAGE[: PAGE.index(b"<body")], "holds no article"),
    "wrong encoding": ("utf16.md", lambda: ARTICLE.encode("utf-16"), "UTF-8"),
    "noise": ("noise.html", lambda: bytes(range(256)) * 100, "character set"),
    "binary": ("picture.md", lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not a text"),
    "50 MB": ("large.html", lambda: b"<p>text</p>\n" * (50 * 1024 * 1024 // 12), "max_page_bytes"),
    "malformed front matter": ("front.md", lambda: b"---\ntitle: [a\n b: {\n---\n\nbody\n", "front matter"),
    "no body": ("bodyless.md", lambda: b'---\ntitle: "T"\n---\n', "no article"),
    "damaged zip": ("damaged.zip", lambda: zip_with_paths_that_lead_out()[:200], "damaged"),
}


@pytest.mark.parametrize(("name", "content", "told"), BAD.values(), ids=BAD)
def test_bad_file_is_told_and_kept_and_costs_nothing(
    wenzhai: CommandLine, tmp_path: Path, name: str, content: Callable[[], bytes], told: str
) -> None:
    bad = tmp_path / name
    bad.write_bytes(content())
    (tmp_path / "digests").mkdir()
    shutil.copy(ARCHIVE / GOOD, tmp_path / "digests")
    result = wenzhai("harvest", name, "digests")
    assert result.code == 1
    (line,) = result.err.splitlines()
    assert line.startswith(f"failed: {name}: ")
    assert told in line
    assert result.out == "harvested 2 articles: 1 new, 1 failed\n"
    status = wenzhai("status").out
    assert "articles: 1 " in status
    assert f" {name}: " in status


def test_zip_with_paths_that_lead_out(wenzhai: CommandLine, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "down"
    folder.mkdir(parents=True)
    (folder / "digests.zip").write_bytes(zip_with_paths_that_lead_out())
    result = wenzhai("harvest", "deep/down/digests.zip")
    assert result.code == 1
    assert result.err.startswith("failed: deep/down/digests.zip!/../../outside.md: ")
    assert result.out == "harvested 2 articles: 1 new, 1 failed\n"
    assert not list(tmp_path.rglob("outside.md"))
    assert "outside.md" in wenzhai("status").out


def test_all_of_them_together(wenzhai: CommandLine, tmp_path: Path) -> None:
    folder = shutil.copytree(ARCHIVE, tmp_path / "digests")
    good = len(list(folder.iterdir()))
    bad = [(name, content) for name, content, _ in BAD.values() if not name.endswith(".zip")]
    for name, content in bad:
        (folder / name).write_bytes(content())
    for _ in range(2):
        result = wenzhai("harvest", "digests")
        assert result.code == 1
        assert len(result.err.splitlines()) == len(bad)
    assert result.out == f"harvested {good + len(bad)} articles: {good} unchanged, {len(bad)} failed\n"


def test_file_saved_in_gb18030_is_read(wenzhai: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "old.md").write_bytes(ARTICLE.encode("gb18030"))
    assert wenzhai("harvest", "old.md").code == 0
    assert "«因子»" in wenzhai("search", "因子").out


def test_name_that_is_no_text(wenzhai: CommandLine, tmp_path: Path) -> None:
    folder = tmp_path / "digests"
    folder.mkdir()
    try:
        with open(bytes(folder) + b"/\xff\xfe.md", "w", encoding="utf-8") as file:  # noqa: PTH123 (pathlib has no bytes)
            file.write(ARTICLE)
    except OSError:
        pytest.skip("this file system takes only names that are text")
    assert wenzhai("harvest", "digests").out == "harvested 1 article: 1 new\n"
