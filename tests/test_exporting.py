"""`export` and `curate import` as a user meets them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import feedparser
import polars
import pytest
from wenzhai.extracting import extract_again
from wenzhai.extractors.nlp import Extractor
from wenzhai.harvester.sources import SourceContext
from wenzhai.pipeline import harvest
from wenzhai.storage import open_store
from wenzhai.storage.exporters import exporter_names

from .command_line import ARCHIVE, CommandLine, Result

DIGEST_ID = "fb7b436be3fd"
DIGEST, OTHER = ARCHIVE / "cellchat-labelled-block.md", ARCHIVE / "ipsc-factors.md"


@pytest.fixture(scope="session")
def one_digest(tmp_path_factory: pytest.TempPathFactory, extractor: Extractor) -> Path:
    path = tmp_path_factory.mktemp("one") / "wenzhai.db"
    with open_store(path, create=True) as store, SourceContext() as context:
        assert len(list(harvest([str(DIGEST)], store=store, extractor=extractor, context=context))) == 1
    return path


@pytest.fixture
def stocked(wenzhai: CommandLine, one_digest: Path, tmp_path: Path) -> CommandLine:
    shutil.copy(one_digest, tmp_path)
    return wenzhai


@pytest.mark.parametrize("name", exporter_names())
def test_every_format_is_written(stocked: CommandLine, tmp_path: Path, name: str) -> None:
    assert stocked("export", "--format", name, "--output", "out") == Result(0, "", "wrote 1 record to out\n")
    written = tmp_path / "out"
    files = list(written.iterdir()) if written.is_dir() else [written]
    assert all(file.stat().st_size for file in files)
    assert not list(tmp_path.rglob(".*partial*"))


def test_pubannotation_into_a_folder_is_one_file_a_record(stocked: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert stocked("export", "-f", "pubannotation", "-o", "folder").code == 0
    assert json.loads((tmp_path / "folder" / f"{DIGEST_ID}.json").read_text("utf-8"))["sourceid"] == DIGEST_ID


def test_a_folder_keeps_what_else_is_in_it(stocked: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "mine.txt").write_text("precious")
    assert stocked("export", "-f", "brat", "-o", "folder").code == 0
    names = {path.name for path in (tmp_path / "folder").iterdir()}
    assert names == {"mine.txt", "annotation.conf", f"{DIGEST_ID}.txt", f"{DIGEST_ID}.ann"}


def test_filters_select_for_every_format(stocked: CommandLine) -> None:
    assert stocked("export", "--gene", "CCL19", "-f", "ris").out.count("ER  - ") == 1
    assert stocked("export", "--gene", "TP53", "-f", "ris").out == ""


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["-f", "brat"], 2, "name one with --output"),
        (["-f", "brat", "-o", "wenzhai.db"], 3, "wenzhai.db"),
        (["-f", "csv", "-o", "."], 3, "is a folder"),
    ],
)
def test_destinations_that_cannot_be(stocked: CommandLine, arguments: list[str], code: int, told: str) -> None:
    result = stocked("export", *arguments)
    assert result.code == code
    assert told in result.err


def test_parquet_file(stocked: CommandLine, tmp_path: Path) -> None:
    assert stocked("export", "-f", "parquet", "-o", "out.parquet").code == 0
    assert polars.read_parquet(tmp_path / "out.parquet").height == 1


def test_since_last_gives_what_is_new_or_changed(stocked: CommandLine) -> None:
    def entries(name: str) -> list[str]:
        result = stocked("export", "-f", "atom", "--since-last", name)
        assert result.code == 0
        return [entry.title for entry in feedparser.parse(result.out.encode()).entries]

    assert len(entries("feed")) == 1
    assert entries("feed") == []
    stocked("harvest", OTHER)
    assert len(entries("feed")) == 1
    assert len(entries("another")) == 2
    Path("reject.jsonl").write_text(
        json.dumps({"record": DIGEST_ID, "field": "gene", "value": "CCL19", "action": "reject"}), encoding="utf-8"
    )
    assert stocked("curate", "import", "reject.jsonl", "--by", "李").code == 0
    assert len(entries("feed")) == 1
    assert entries("feed") == []


def test_a_failed_export_does_not_count(stocked: CommandLine) -> None:
    assert stocked("export", "--since-last", "feed", "-o", "no/folder").code == 3
    assert stocked("export", "--since-last", "feed").out != ""


def edited(exported: str, edits: dict[tuple[str, str], dict[str, str]]) -> str:
    """The exported table with a curator's columns."""
    rows = list(csv.DictReader(io.StringIO(exported), delimiter="\t"))
    out = io.StringIO()
    columns = [*rows[0], "action", "new_value", "new_id", "by", "at"]
    writer = csv.DictWriter(out, columns, delimiter="\t")
    writer.writeheader()
    writer.writerows({**row, **edits.get((row["field"], row["value"]), {})} for row in rows)
    return out.getvalue()


def test_an_exported_table_comes_back(stocked: CommandLine, tmp_path: Path, extractor: Extractor) -> None:
    edits = {
        ("gene", "CCL19"): {"action": "reject", "by": "李", "at": "2025-06-18"},
        ("disease", "wound"): {"action": "change", "new_value": "skin wound", "by": "李", "at": "2025-06-18"},
        ("paper.pmid", "33597522"): {"action": "Accept", "by": "李", "at": "2025-06-18T10:00+08:00"},
    }
    table = edited(stocked("export", "-f", "tsv").out, edits)
    (tmp_path / "mine.tsv").write_text(table, encoding="utf-8-sig")
    assert stocked("curate", "import", "mine.tsv") == Result(0, "imported 3 corrections: 3 new\n", "")
    assert stocked("curate", "import", "mine.tsv").out == "imported 3 corrections: 3 already known\n"
    shown = stocked("show", DIGEST_ID).out
    assert "skin wound" in shown
    assert "  reject gene CCL19 (李, 2025-06-18)\n" in shown
    assert stocked("search", "--gene", "CCL19").out == "nothing found\n"
    with open_store(tmp_path / "wenzhai.db") as store:
        outcomes = list(extract_again(store=store, extractor=extractor, everything=True))
    assert len(outcomes) == 1
    assert stocked("show", DIGEST_ID).out == shown
    assert "CCL19" not in {gene["symbol"] for gene in json.loads(stocked("export").out)["genes"]}


def test_what_cannot_be_imported_is_listed_and_the_rest_applied(stocked: CommandLine, tmp_path: Path) -> None:
    good = {"record": DIGEST_ID[:6], "field": "gene", "value": "CCR7", "action": "reject", "by": "李"}
    rows = [
        json.dumps(good),
        json.dumps({**good, "record": "ffffffff"}),
        json.dumps({**good, "value": "TP53\x1b[2J"}),
        json.dumps({**good, "action": "delete"}),
        json.dumps({**good, "by": None}),
        json.dumps({**good, "at": "yesterday"}),
        json.dumps({**good, "action": "accept", "by": "王"}),
        json.dumps({**good, "action": ""}),
        json.dumps({"action": "reject"}),
        "{",
        "[]",
        "",
    ]
    (tmp_path / "mine.jsonl").write_text("\n".join(rows), encoding="utf-8")
    result = stocked("curate", "import", "mine.jsonl")
    assert result.code == 1
    assert result.out == "imported 10 corrections: 1 new, 9 failed\n"
    assert "line 4: 'delete' is no action" in result.err
    assert "conflict: 李 said: reject gene CCR7" in result.err
    assert "\x1b" not in result.err
    assert result.err.count("failed: ") == 9
    assert stocked("search", "--gene", "CCR7").out == "nothing found\n"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.xlsx", b"", ".tsv"),
        ("a.tsv", b"gene\tvalue\n", "has no column action, field, record"),
        ("a.jsonl", b"\xff\xfe", "cannot be read"),
        ("missing.tsv", None, "cannot be read"),
    ],
)
def test_files_that_are_no_corrections(
    stocked: CommandLine, tmp_path: Path, name: str, content: bytes | None, told: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    result = stocked("curate", "import", name)
    assert result.code == 3
    assert told in result.err
