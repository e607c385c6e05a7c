"""Commands as a user meets them: what they print, and the code they end with."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from wenzhai import __version__
from wenzhai.command_tree import app
from wenzhai.commands.facet_lines import FACETS
from wenzhai.commands.options import parameters_of
from wenzhai.commands.quick_commands import quick_command
from wenzhai.config import load_settings
from wenzhai.extractors.nlp import Extractor
from wenzhai.harvester.sources import SourceContext
from wenzhai.models import DigestRecord
from wenzhai.pipeline import harvest
from wenzhai.storage import open_store
from wenzhai.storage.presence import PRESENCE

from .command_line import ARCHIVE, ROOT, CommandLine, Result

DIGEST = ARCHIVE / "cellchat-labelled-block.md"
DIGEST_ID = "fb7b436be3fd"


def command_names(command: Any = None, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every command as its words, groups and the program itself included."""
    command = command or get_command(app)
    names = [path]
    for name, below in getattr(command, "commands", {}).items():
        names += command_names(below, (*path, name))
    return names


@pytest.fixture(scope="session")
def harvested(tmp_path_factory: pytest.TempPathFactory, extractor: Extractor) -> Path:
    """A database of one digest and one tutorial, made once; tests copy it."""
    path = tmp_path_factory.mktemp("harvested") / "wenzhai.db"
    targets = [str(DIGEST), str(ARCHIVE / "survival-plot-tutorial.md")]
    with open_store(path, create=True) as store, SourceContext() as context:
        assert len(list(harvest(targets, store=store, extractor=extractor, context=context))) == 2
    return path


@pytest.fixture
def stocked(wenzhai: CommandLine, harvested: Path, tmp_path: Path) -> CommandLine:
    """The command line in a folder with a database."""
    shutil.copy(harvested, tmp_path)
    return wenzhai


def assert_error(result: Result, code: int, *words: str) -> None:
    """It ended with this code, said so on stderr in these words, and left no traceback."""
    assert result.code == code, result
    assert "Traceback" not in result.err
    for word in words:
        assert word in result.err


# Help


@pytest.mark.parametrize("words", command_names(), ids=" ".join)
def test_every_command_explains_itself(wenzhai: CommandLine, words: tuple[str, ...]) -> None:
    result = wenzhai(*words, "--help")
    assert result.code == 0
    explanation = result.out.split("\n\n")[1].strip()
    assert len(explanation) > 20
    assert explanation.endswith((".", ":"))


@pytest.mark.parametrize("words", [words for words in command_names() if words], ids=" ".join)
def test_every_command_is_in_the_readme(words: tuple[str, ...]) -> None:
    assert f"wenzhai {' '.join(words)}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_readme_names_no_command_that_is_not_there() -> None:
    known = {words[0] for words in command_names() if words}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"(?:`|\$ )wenzhai ([a-z]+)", readme)) <= known


def test_help_tells_defaults(wenzhai: CommandLine) -> None:
    assert "[default: wenzhai.db]" in wenzhai("search", "--help").out


def test_version(wenzhai: CommandLine) -> None:
    assert wenzhai("--version") == Result(0, f"wenzhai {__version__}\n", "")


# Exit codes


def test_all_well_is_0(wenzhai: CommandLine) -> None:
    assert wenzhai("harvest", DIGEST) == Result(0, "harvested 1 article: 1 new\n", "")
    assert wenzhai("harvest", DIGEST) == Result(0, "harvested 1 article: 1 unchanged\n", "")
    assert wenzhai("extract").out == "extracted 0 articles\nrun 3: 0 in = 0 stored + 0 unchanged + 0 set aside\n"
    assert wenzhai("extract", "--all").out.startswith("extracted 1 article: 1 unchanged\n")


def test_some_failed_is_1(wenzhai: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_bytes(b"")
    result = wenzhai("harvest", "bad.md", DIGEST)
    assert_error(result, 1, "failed: bad.md: ")
    assert result.out == "harvested 2 articles: 1 new, 1 failed\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nonsense"], "nonsense"),
        (["search", "--nonsense"], "--nonsense"),
        (["search", "--since", "yesterday"], "yesterday"),
        (["search", "--limit", "0"], "--limit"),
        (["harvest"], "nothing to harvest"),
        (["export", "--format", "docx"], "jsonl"),
        (["show"], "ID"),
        (["lexicon", "update", "proteins"], "genes, journals"),
        (["status", "--config", "no.toml"], "no.toml"),
    ],
    ids=lambda value: "_".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_2(stocked: CommandLine, arguments: list[str], told: str) -> None:
    assert_error(stocked(*arguments), 2, told)


def test_wrong_query_is_2_and_pointed_at(stocked: CommandLine) -> None:
    result = stocked("search", "细胞 (肝癌")
    assert_error(result, 2, "a parenthesis is not closed")
    assert "  细胞 (肝癌\n       ^\n" in result.err  # five cells: two Chinese characters and a space
    assert_error(stocked("export", "细胞 (肝癌"), 2, "       ^\n")


def test_bad_config_key_is_2(wenzhai: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "wenzhai.toml").write_text("databse = 'a.db'")
    assert_error(wenzhai("status"), 2, "wenzhai.toml: databse: is not a setting", "database")


@pytest.mark.parametrize(
    "arguments", [["search", "单细胞"], ["show", DIGEST_ID], ["export"], ["status"], ["extract"]], ids=" ".join
)
def test_missing_database_is_3(wenzhai: CommandLine, tmp_path: Path, arguments: list[str]) -> None:
    assert_error(wenzhai(*arguments, "--db", "no.db"), 3, "no.db: there is no database")
    assert not (tmp_path / "no.db").exists()


def test_file_that_is_no_database_is_3(wenzhai: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("not a database" * 100)
    assert_error(wenzhai("search", "--db", "text.db"), 3, "text.db")
    assert_error(wenzhai("harvest", DIGEST, "--db", "text.db"), 3, "text.db")
    assert (tmp_path / "text.db").read_text() == "not a database" * 100


def test_locked_database_is_3(stocked: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wenzhai.storage.database.BUSY_TIMEOUT_SECONDS", 0.1)
    other = sqlite3.connect(tmp_path / "wenzhai.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert_error(stocked("harvest", ARCHIVE / "ipsc-factors.md"), 3, "wenzhai.db", "writing")
        assert stocked("search", "单细胞").code == 0
    finally:
        other.close()


def test_unknown_article_is_3(stocked: CommandLine) -> None:
    assert_error(stocked("show", "ffffffffffff"), 3, "ffffffffffff")


@pytest.mark.parametrize("arguments", [["export"], ["export", "--gene", "CCL19"], ["search"], ["--help"]], ids=" ".join)
def test_reader_that_goes_away_is_no_error(stocked: CommandLine, tmp_path: Path, arguments: list[str]) -> None:
    command = [sys.executable, "-c", "from wenzhai.cli import main; main()", *arguments]
    child = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.close()
    _, err = child.communicate(timeout=60)
    assert child.returncode in (0, 1, -signal.SIGPIPE)
    assert b"Traceback" not in err
    assert b"Exception ignored" not in err


# What they print


def test_search_and_show(stocked: CommandLine) -> None:
    hits = stocked("search", "单细胞")
    assert hits.code == 0
    assert DIGEST_ID in hits.out
    assert "«单细胞»" in hits.out
    assert hits.out.endswith("1 of 1 article\n")
    shown = stocked("show", DIGEST_ID[:5]).out
    assert "10.1038/s41467-021-21246-9" in shown
    assert stocked("show", "https://mp.weixin.qq.com/s/TxdEwxQXKDZpIVuLRAgw8t").out == shown


def test_lines_are_not_broken_when_output_is_no_terminal(stocked: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = stocked("show", DIGEST_ID).out + stocked("search", "单细胞").out
    monkeypatch.setenv("COLUMNS", "20")
    assert stocked("show", DIGEST_ID).out + stocked("search", "单细胞").out == wide


def test_search_says_how_much_there_is(stocked: CommandLine) -> None:
    assert stocked("search", "没有这个词的文章").out == "nothing found\n"
    assert stocked("search").out.endswith("2 of 2 articles\n")
    assert stocked("search", "--limit", "1").out.endswith("1 of 2 articles\n")
    assert stocked("search", "--offset", "5").out.endswith("0 of 2 articles\n")
    assert stocked("search", "--findings", "--gene", "CCL19").out.endswith(("sentence\n", "sentences\n"))
    assert stocked("search", "--findings", "--gene", "TP53").out == "nothing found\n"


@pytest.mark.parametrize("more", [[], ["--findings"]])
def test_search_as_json(stocked: CommandLine, more: list[str]) -> None:
    lines = stocked("search", "--gene", "CCL19", "--json", *more).out.splitlines()
    (hit,) = {json.dumps({k: json.loads(line)[k] for k in ("article_id", "published_at")}) for line in lines}
    assert json.loads(hit)["article_id"] == DIGEST_ID
    assert re.fullmatch(r"2023-05-12T\d\d:\d\d:\d\d\+\d\d:\d\d", json.loads(hit)["published_at"])


def test_search_tells_only_a_number(stocked: CommandLine) -> None:
    assert stocked("search", "--count") == Result(0, "2\n", "")
    assert stocked("search", "单细胞", "--count", "--limit", "1").out == "1\n"
    assert stocked("search", "没有这个词的文章", "--count", "--json").out == '{"count": 0}\n'


def test_many_articles_are_not_counted(stocked: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wenzhai.commands.searching.COUNTED", 1)
    assert stocked("search", "--limit", "1").out.endswith("1 of more than 1 articles\n")
    assert stocked("search", "单细胞").out.endswith("1 of 1 article\n")
    assert stocked("search", "--count").out == "2\n"


def test_search_for_what_records_have(stocked: CommandLine) -> None:
    assert stocked("search", "--has", "pmid,limitations", "--count").out == "1\n"
    assert stocked("search", "--has", "PMID", "--has", "Limitations").out.endswith("1 of 1 article\n")
    assert stocked("export", "--has", "pmid").out == stocked("export", "--pmid", "33597522").out
    assert_error(stocked("search", "--has", "pmid,pmidd"), 2, "wenzhai: pmidd: ", "impact_factor")


def test_search_in_an_order(stocked: CommandLine) -> None:
    newest = stocked("search", "--sort", "date")
    assert newest == stocked("search", "--newest") == stocked("search", "--newest", "--sort", "date")
    assert stocked("search", "单细胞", "--sort", "exact").out.endswith("1 of 1 article\n")
    assert_error(stocked("search", "--newest", "--sort", "exact"), 2, "--newest")
    assert_error(stocked("search", "--sort", "alphabet"), 2, "relevance")


def test_search_divided(stocked: CommandLine) -> None:
    told = stocked("search", "--facets", "kind,central-gene", "--facets", "month", "--limit", "2").out.splitlines()
    assert "kind\tpaper_digest\t1" in told
    assert "month\t2023-05\t1" in told
    (kinds,) = stocked("search", "单细胞", "--facets", "kind", "--json").out.splitlines()
    assert json.loads(kinds) == {"facet": "kind", "values": [{"value": "paper_digest", "count": 1}]}
    assert_error(stocked("search", "--facets", "colour"), 2, "wenzhai: colour: ", "digested_journal")
    assert_error(stocked("search", "--facets", "kind", "--count"), 2, "--count and --facets")


def test_related(stocked: CommandLine) -> None:
    other = (
        DIGEST.read_text(encoding="utf-8").replace("TxdEwxQXKDZpIVuLRAgw8t", "another").replace("细胞札记", "另一个号")
    )
    Path("other.md").write_text(other, encoding="utf-8")
    assert stocked("harvest", "other.md").out == "harvested 1 article: 1 new\n"
    found = stocked("related", DIGEST_ID)
    assert found.out.splitlines()[1].startswith("   另一个号 · 2023-05-12 · ")
    assert "   same paper: PMID 33597522, DOI 10.1038/s41467-021-21246-9, title" in found.out
    assert found.out.endswith("\n1 on the same paper, 0 with central genes in common\n")
    (line,) = stocked("related", DIGEST_ID, "--json").out.splitlines()
    assert json.loads(line)["same_paper"][0] == "PMID 33597522"
    (tutorial,) = {
        json.loads(each)["article_id"] for each in stocked("search", "--kind", "tutorial", "--json").out.splitlines()
    }
    assert stocked("related", tutorial).out == "nothing found\n"
    assert_error(stocked("related", "ffffffffffff"), 3, "ffffffffffff")


@pytest.mark.parametrize(
    "arguments",
    [
        ["search"],
        ["search", "单细胞", "-n", "1"],
        ["search", "细胞 (肝癌"],
        ["search", "--findings", "--gene=CCL19", "--json"],
        ["search", "单细胞", "--facets", "gene"],
        ["search", "--has", "poem"],
        ["search", "--pmid", "x1"],
        ["search", "--db", "no.db"],
        ["search", "--config", "no.toml"],
        ["related", DIGEST_ID],
        ["show", DIGEST_ID],
        ["show", DIGEST_ID, "--json"],
        ["status"],
    ],
    ids=" ".join,
)
def test_commands_do_the_same_with_and_without_typer(
    stocked: CommandLine, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    with monkeypatch.context() as without_typer:
        without_typer.setitem(sys.modules, "wenzhai.command_tree", None)
        quickly = stocked(*arguments)
    monkeypatch.setattr("wenzhai.cli.run_quickly", lambda _: False)
    assert stocked(*arguments) == quickly


def test_a_search_that_is_interrupted(stocked: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("wenzhai.storage.searcher.search.search", interrupt)
    assert stocked("search", "单细胞") == Result(130, "", "")


def test_exported_records_are_valid(stocked: CommandLine, tmp_path: Path) -> None:
    records = [DigestRecord.model_validate_json(line) for line in stocked("export").out.splitlines()]
    assert len(records) == 2
    told = stocked("export", "--gene", "CCL19", "--output", "out.jsonl")
    assert told == Result(0, "", "wrote 1 record to out.jsonl\n")
    (record,) = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert record == stocked("show", DIGEST_ID, "--json").out.rstrip("\n")


@pytest.mark.parametrize("arguments", [["--format", "docx"], ["(unclosed"], ["--db", "no.db"]], ids=" ".join)
def test_failed_export_leaves_the_file_alone(stocked: CommandLine, tmp_path: Path, arguments: list[str]) -> None:
    output = tmp_path / "out.jsonl"
    output.write_text("precious")
    assert stocked("export", *arguments, "--output", output).code in (2, 3)
    assert output.read_text() == "precious"
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("output", [".", "no/folder/out.jsonl", "wenzhai.db/out.jsonl"])
def test_output_that_cannot_be_written_is_named(stocked: CommandLine, output: str) -> None:
    assert_error(stocked("export", "--output", output), 3, f"wenzhai: {output}: ")


def test_status(stocked: CommandLine) -> None:
    out = stocked("status").out
    assert "articles: 2" in out
    assert "source archive: 2 articles" in out


def test_lexicons(wenzhai: CommandLine, tmp_path: Path) -> None:
    assert "genes.tsv" in wenzhai("lexicon", "status").out
    assert wenzhai("lexicon", "check").out.startswith("all well: ")
    (tmp_path / "wrong.txt").write_text("symbol\tname\nTP53\tp53\n")
    assert_error(wenzhai("lexicon", "update", "--from", "wrong.txt"), 3, "wrong.txt", "HGNC's complete set")


def test_init_writes_settings_that_are_accepted(wenzhai: CommandLine, tmp_path: Path) -> None:
    assert wenzhai("init").out == "wrote wenzhai.toml\n"
    assert wenzhai("lexicon", "status").code == 0
    path = tmp_path / "wenzhai.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"^#(?=\w+ = |\[)", "", text, flags=re.MULTILINE), encoding="utf-8")
    load_settings(config=path, environment={}, flags={})
    assert_error(wenzhai("init"), 2, "is there already")
    assert_error(wenzhai("init", "no/folder/wenzhai.toml"), 2, "no/folder/wenzhai.toml")


# What articles must not do to a terminal


def test_control_characters_are_not_printed(wenzhai: CommandLine, tmp_path: Path) -> None:
    evil = "\x1b[31m红\x07\u202e字\x9b2J"
    text = DIGEST.read_text(encoding="utf-8").replace("细胞札记", f"细胞{evil}札记").replace("皮炎", f"皮炎{evil}")
    Path("evil\x1b[2J.md").write_text(text, encoding="utf-8")
    Path("empty\x1b[2J\nfailed: another.md").write_bytes(b"")
    results = [wenzhai("harvest", "."), wenzhai("search", "皮炎"), wenzhai("search", "--findings")]
    results += [wenzhai("show", DIGEST_ID), wenzhai("status")]
    assert results[1].code == 0
    for result in results:
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", result.out + result.err)
        assert not re.search("^failed: another", result.out + result.err, re.MULTILINE)


def test_terminal_without_chinese_is_no_reason_to_fail(stocked: CommandLine, tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-c", "from wenzhai.cli import main; main()", *arguments]
        environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False)

    assert run("search", "单细胞").returncode == 0
    exported = run("export", "--gene", "CCL19")
    assert "特应性皮炎" in exported.stdout.decode("utf-8")


def test_everything_a_search_can_be_asked_is_documented() -> None:
    text = (ROOT / "docs" / "searching.md").read_text(encoding="utf-8")
    named = {line.split(" ")[0]: set(re.findall(r"`(\w+)`", line)) for line in text.splitlines()}
    assert set(PRESENCE) <= named["`--has`"]
    assert set(FACETS) <= named["Facets"]
    for each in parameters_of(quick_command("search")):
        if each.flags and each.name not in ("db", "config"):
            assert each.flags[0] in text
